"""Values that are not known, as the results table holds them."""

from __future__ import annotations

from dataclasses import dataclass, field

from cohortium.report.findings.warned import warnings_of
from cohortium.results import Results, Statistic

JOIN = " + "


@dataclass(frozen=True, slots=True)
class Unknown:
    """Values of a variable that are not known in one group: count and percentage of its patients."""

    n: int
    percent: float | None
    behind: tuple[Statistic, ...] = field(default=(), compare=False, repr=False)


@dataclass(frozen=True)
class Missing:
    """What a missingness analysis found.

    sizes      group (empty for all patients) to its number of patients
    variables  names in the order in which a complete-case analysis asks for them
    unknown    (variable, group) to what is not known
    removed    variable to patients that a complete-case analysis loses there
    complete   group to patients with every value known
    patterns   unknown variables to patients, most frequent first; empty when not counted
    warnings   about groups
    unsaid     why there are no patterns; empty when there are
    behind     rows of the results table about complete cases
    """

    sizes: dict[str, int]
    variables: tuple[str, ...]
    unknown: dict[tuple[str, str], Unknown]
    removed: dict[str, int]
    complete: dict[str, int]
    patterns: dict[tuple[str, ...], int]
    warnings: tuple[str, ...]
    unsaid: str
    behind: tuple[Statistic, ...] = field(default=(), compare=False, repr=False)


def missing(results: Results, analysis: str) -> Missing:
    """The counts of an analysis."""
    rows = results.where(analysis=analysis, method="missingness")
    overall = rows.where(group="")
    percents = {(s.variable, s.group): s for s in rows.where(statistic="missing-percent")}
    counted = {(s.variable, s.group): s for s in rows.where(statistic="missing")}
    patterns = {
        tuple(s.variable.split(JOIN)) if s.variable else (): int(s.value)
        for s in overall.where(statistic="pattern")
        if s.value is not None
    }
    return Missing(
        sizes={s.group: int(s.value or 0) for s in rows.where(statistic="n")},
        variables=overall.where(statistic="missing").distinct("variable"),
        unknown={
            key: Unknown(int(s.value or 0), percents[key].value, behind=(s, percents[key]))
            for key, s in counted.items()
        },
        removed={s.variable: int(s.value or 0) for s in overall.where(statistic="removed")},
        complete={s.group: int(s.value or 0) for s in rows.where(statistic="complete")},
        patterns=patterns,
        warnings=warnings_of(rows.where(statistic="n")),
        unsaid=" ".join(warnings_of(overall.where(statistic="pattern"))),
        behind=tuple(s for s in rows if s.statistic in ("complete", "removed")),
    )
