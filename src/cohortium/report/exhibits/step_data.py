"""What travels with a figure of step curves: its data, and each curve in words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from cohortium.report import formats
from cohortium.report.figures.steps import FEW_AT_RISK
from cohortium.report.findings.step_lines import StepLine
from cohortium.report.labels import inside_sentence

DATA_HEADER = ("group", "cause", "time_days", "months", "value", "lower", "upper", "n_at_risk")


def data_rows(lines: Iterable[StepLine], month_days: float) -> Iterator[tuple[object, ...]]:
    """The header, then every curve from day 0 on."""
    yield DATA_HEADER
    for line in lines:
        yield line.label, line.level, 0.0, 0.0, line.start, None, None, line.n
        counts = line.n_at_risk or (None,) * len(line.time_days)
        for day, value, lower, upper, n in zip(line.time_days, line.value, line.lower, line.upper, counts, strict=True):
            yield line.label, line.level, day, day / month_days, value, lower, upper, n


def in_words(line: StepLine, name: str, month_days: float, *, percent: bool) -> str:
    """`Male: 12.3 at 24 months, 15.0 at the end of 48.1 months.`"""
    if not line.time_days:
        return f"{name}: no value."
    last = line.time_days[-1]
    scale = 100.0 if percent else 1.0
    decimals = 1 if percent else 2
    middle = f"{formats.number(scale * line.on(last / 2), decimals)} at {formats.months(last / 2, month_days)} months"
    end = f"{formats.number(scale * line.value[-1], decimals)} at the end of {formats.months(last, month_days)} months"
    return f"{name}: {middle}, {end}."


def points_in_words(line: StepLine, name: str, month_days: float) -> str:
    """`60 years: 81.2 at 12 months, 63.0 at 24 months.`: every point, in percent."""
    at = [
        f"{formats.number(100.0 * value, 1)} at {formats.number_shortest(round(day / month_days, 6))} months"
        for day, value in zip(line.time_days, line.value, strict=True)
    ]
    return f"{name}: {', '.join(at) or 'no value'}."


def few_note(lines: Iterable[StepLine]) -> str:
    """What the pale parts of curves mean; empty where there are none."""
    pale = any(n < FEW_AT_RISK for line in lines for n in line.n_at_risk)
    return f"Lines are paler where fewer than {FEW_AT_RISK} patients are at risk." if pale else ""


def warned(lines: Sequence[StepLine]) -> Iterator[str]:
    """Warnings that all curves carry, then those of single curves under their name."""
    shared = [text for text in (lines[0].warnings if lines else ()) if all(text in line.warnings for line in lines)]
    yield from shared
    for line in lines:
        name = ", ".join(filter(None, (line.label, line.level)))
        yield from (
            f"{name}: {inside_sentence(text)}" if name else text for text in line.warnings if text not in shared
        )
