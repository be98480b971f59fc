"""Individual patients as the results table holds them: a bar each."""

from __future__ import annotations

from dataclasses import dataclass, replace

from cohortium.report.findings.warned import warnings_of
from cohortium.results import Results

ONGOING, CUT = "ongoing", "cut off"


@dataclass(frozen=True, slots=True)
class Bar:
    """One patient.

    value     percent change, or length of the course in days
    response  level of the response as printed; empty when not known
    first     day of the first response; None without one
    end       how the course ended; `ongoing` or `cut off` where it goes on
    """

    value: float
    response: str
    first: float | None = None
    end: str = ""

    @property
    def goes_on(self) -> bool:
        """Whether the course had not ended."""
        return self.end in (ONGOING, CUT)


@dataclass(frozen=True, slots=True)
class Individuals:
    """Bars by group (empty label for all patients) in the order of the results table, and what is to be said of them."""

    bars: dict[str, tuple[Bar, ...]]
    warnings: tuple[str, ...]


def individuals(results: Results, analysis: str, statistic: str) -> Individuals:
    """The bars of an analysis: its `change` or `course` rows."""
    rows = results.where(analysis=analysis, method="individual-courses")
    counted = rows.where(statistic="n")
    bars: dict[str, list[Bar]] = {s.group: [] for s in counted}
    for s in rows.where(statistic=statistic):
        bars[s.group].append(Bar(s.value or 0.0, s.level, s.time, s.note))
    without = [replace(s, warning=f"{s.warning} ({s.group})") if s.group and s.warning else s for s in counted]
    warnings = warnings_of([*without, *rows.where(statistic="group-unknown")])
    return Individuals({group: tuple(each) for group, each in bars.items()}, warnings)
