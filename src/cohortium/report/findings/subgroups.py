"""The effect of one variable in subgroups with the tests of interaction, as the results table holds them."""

from __future__ import annotations

from dataclasses import dataclass, field

from cohortium.report.findings.regression import Term, term_of
from cohortium.report.findings.warned import warnings_of
from cohortium.results import Results, Statistic

SUBGROUP = "subgroup"
_P_VALUES = ("interaction-p", "interaction-wald-p")
_TEST = "interaction-"
_EFFECTS = frozenset({"n", "events", "coefficient", "standard-error", "hazard-ratio", "p-value"})


@dataclass(frozen=True, slots=True)
class Subgroup:
    """A variable that divides the patients, the effect at each of its levels, the p-value of the interaction."""

    variable: str
    terms: tuple[Term, ...]
    p: float | None
    test: str = ""
    warnings: tuple[str, ...] = ()
    behind: tuple[Statistic, ...] = field(default=(), compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Subgroups:
    """The effect in all patients (None when the results table has none), then by subgroup."""

    overall: Term | None
    by: tuple[Subgroup, ...]


def subgroups(results: Results, analysis: str) -> Subgroups:
    """The subgroups of a regression in the order of the results table."""
    rows = results.where(analysis=analysis, model=SUBGROUP)
    overall = rows.where(variable="")
    variables = [variable for variable in rows.distinct("variable") if variable]
    return Subgroups(
        overall=term_of("", "", list(overall)) if any(s.statistic == "hazard-ratio" for s in overall) else None,
        by=tuple(_subgroup(rows.where(variable=variable), variable) for variable in variables),
    )


def _subgroup(rows: Results, variable: str) -> Subgroup:
    tests = {row.statistic: row for row in rows if row.statistic.startswith(_TEST)}
    # The likelihood-ratio test where there is one: rows that are weighted or not independent have a Wald test only.
    found = [tests[name] for name in _P_VALUES if name in tests]
    p = next((row for row in found if row.value is not None), found[0] if found else None)
    effects = Results(row for row in rows if row.statistic in _EFFECTS)
    levels = [level for level in effects.distinct("level") if level]
    return Subgroup(
        variable=variable,
        terms=tuple(term_of(variable, level, list(effects.where(level=level))) for level in levels),
        p=p.value if p else None,
        test=p.note if p else "",
        warnings=warnings_of([p]) if p else (),
        behind=(p,) if p else (),
    )
