"""The warnings a statistic carries, and which of them are news to a reader."""

from __future__ import annotations

from collections.abc import Iterable

from cohortium.results import Results, Statistic

NOT_REACHED = "not reached"


def is_reached(statistic: Statistic) -> bool:
    """Whether a missing time means a problem; False when the time simply was not reached."""
    return not statistic.warning.startswith(NOT_REACHED)


def as_sentence(text: str) -> str:
    """A warning with a capital and a full stop."""
    text = text.strip()
    return text[:1].upper() + text[1:] + ("" if text.endswith((".", "!", "?")) else ".") if text else ""


def warnings_of(statistics: Iterable[Statistic]) -> tuple[str, ...]:
    """Distinct warnings as sentences, in order; `not reached` is printed as `NR` and is none."""
    return tuple(dict.fromkeys(as_sentence(s.warning) for s in statistics if s.warning and is_reached(s)))


def timing_warnings(results: Results, analysis: str) -> tuple[str, ...]:
    """What an analysis takes as known at its start but became known only later (immortal time)."""
    return warnings_of(results.where(analysis=analysis, method="timing"))
