"""Text made to fit: broken into lines, the rest left out behind an ellipsis; what is left out stands in the data file."""

from __future__ import annotations

from cohortium.report.figures.style import TEXT_PT, text_mm

ELLIPSIS = "\N{HORIZONTAL ELLIPSIS}"
MOST_LINES = 3
NAME_STRETCH = 1.35
"""How much wider the names of groups may be set than usual so that no word is broken."""


def wrapped(
    text: str,
    width_mm: float,
    size: float = TEXT_PT,
    weight: str = "normal",
    *,
    most: int = MOST_LINES,
    stretch: float = 1.0,
) -> list[str]:
    """Lines no wider than given, broken at spaces and, where a word is wider, inside it; at most some lines.

    stretch   how far the width may grow, as a factor, so that no word is broken
    """
    lines: list[str] = []
    rest = text.split()
    if stretch > 1.0:
        widest = max((text_mm(word, size, weight) for word in rest), default=0.0)
        width_mm = max(width_mm, min(widest, stretch * width_mm))
    while rest and len(lines) <= most:
        word = rest.pop(0)
        if lines and text_mm(f"{lines[-1]} {word}", size, weight) <= width_mm:
            lines[-1] += f" {word}"
            continue
        n_fitting = _n_fitting(word, width_mm, size, weight)
        lines.append(word[:n_fitting])
        if word[n_fitting:]:
            rest.insert(0, word[n_fitting:])
    if len(lines) > most or rest:
        lines = [*lines[: most - 1], _cut(lines[most - 1], width_mm, size, weight)]
    return lines or [""]


def shortened(text: str, width_mm: float, size: float = TEXT_PT, weight: str = "normal") -> str:
    """One line no wider than given, its end an ellipsis where something is left out."""
    line = " ".join(text.split())
    return line if text_mm(line, size, weight) <= width_mm else _cut(line, width_mm, size, weight)


def _cut(line: str, width_mm: float, size: float, weight: str) -> str:
    room = width_mm - text_mm(ELLIPSIS, size, weight)
    return line[: _n_fitting(line, room, size, weight)].rstrip() + ELLIPSIS


def _n_fitting(word: str, width_mm: float, size: float, weight: str) -> int:
    """How many letters from the left fit, one at least."""
    if text_mm(word, size, weight) <= width_mm:
        return len(word)
    fits, too_many = 1, len(word)
    while too_many - fits > 1:
        middle = (fits + too_many) // 2
        if text_mm(word[:middle], size, weight) <= width_mm:
            fits = middle
        else:
            too_many = middle
    return fits
