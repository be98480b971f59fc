"""How wide a line of text is in Arial, whose metrics Helvetica and Liberation Sans share."""

from __future__ import annotations

_PER_EM = {
    0.191: "'", 0.222: "ijl", 0.26: "|", 0.278: " !,./:;I[\\]ft\N{NO-BREAK SPACE}", 0.333: "()-`r", 0.334: "{}", 0.355: '"',
    0.389: "*", 0.469: "^", 0.5: "Jcksvxyz", 0.584: "+<=>~\N{MINUS SIGN}", 0.611: "FTZ", 0.667: "ABEKPSVXY&",
    0.722: "CDHNRUw", 0.778: "GOQ", 0.833: "Mm", 0.889: "%", 0.944: "W", 1.0: "\N{EM DASH}", 1.015: "@",
}  # fmt: skip
_USUAL, _FOREIGN = 0.556, 1.0
_BOLD = 1.08
_WIDTHS = {letter: width for width, letters in _PER_EM.items() for letter in letters}
_LATIN_END = "\u0590"
_PUNCTUATION = ("\u2000", "\u20cf")


def width_points(text: str, points: float, *, bold: bool = False) -> float:
    """Width of a line in points at a size of letters; a letter of a script unknown here is taken to be as wide as high."""
    return sum(map(_letter, text)) * points * (_BOLD if bold else 1.0)


def _letter(letter: str) -> float:
    is_known = letter < _LATIN_END or _PUNCTUATION[0] <= letter <= _PUNCTUATION[1]
    return _WIDTHS.get(letter, _USUAL if is_known else _FOREIGN)
