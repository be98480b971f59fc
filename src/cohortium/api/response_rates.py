"""`response_rates`: rates of binary outcomes by group from a frame or a list of frames, one a site."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import polars as pl

from cohortium.api.arguments import require_choice, require_distinct, require_known, require_level
from cohortium.api.frames import Sites
from cohortium.api.levels import label_of
from cohortium.api.outcomes import columns_of, levels_of, outcome
from cohortium.errors import UsageError
from cohortium.estimators.proportions.contrasts import DifferenceInterval
from cohortium.estimators.proportions.intervals import ProportionInterval
from cohortium.estimators.proportions.rates import Contrast, Denominator, RatesEstimate, RatesSpec

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from cohortium.api.frames import Frames

OVERALL = "Overall"
DENOMINATORS: tuple[Denominator, ...] = ("all-treated", "response-evaluable")


@dataclass(frozen=True)
class ResponseRatesResult:
    """Rates of outcomes by group, with comparisons of the groups."""

    estimate: RatesEstimate

    def to_frame(self) -> pl.DataFrame:
        """A row per denominator, outcome and group: population, outcome, group, n, count, rate, lower, upper."""
        rows = [
            {
                "population": found.denominator,
                "outcome": found.outcome.label,
                "group": rate.group or OVERALL,
                "n": rate.n,
                "count": rate.x,
                "rate": rate.x / rate.n if rate.n else None,
                "lower": rate.limits.lower,
                "upper": rate.limits.upper,
            }
            for found in self.estimate.found
            for rate in found.rates
        ]
        return _framed(rows, ("population", "outcome", "group"), ("rate", "lower", "upper"), ("n", "count"))

    @property
    def comparisons(self) -> pl.DataFrame:
        """A row per denominator, outcome and pair: group, reference, estimate, lower, upper, p_value, test, problem."""
        rows = [
            {
                "population": found.denominator,
                "outcome": found.outcome.label,
                "group": each.group,
                "reference": each.reference,
                "estimate": each.estimate,
                "lower": each.limits.lower,
                "upper": each.limits.upper,
                "p_value": each.test.p_value,
                "test": each.test.name,
                "problem": each.problem or each.test.problem,
            }
            for found in self.estimate.found
            for each in found.compared
        ]
        texts = ("population", "outcome", "group", "reference", "test", "problem")
        return _framed(rows, texts, ("estimate", "lower", "upper", "p_value"), ())

    def __repr__(self) -> str:
        lines = []
        for row in self.to_frame().iter_rows(named=True):
            rate = "" if row["rate"] is None else f" ({row['rate']:.1%}; {row['lower']:.1%} to {row['upper']:.1%})"
            head = f"{row['outcome']}, {row['population']}, {row['group']}"
            lines.append(f"{head}: {row['count']}/{row['n']}{rate}")
        for row in self.comparisons.iter_rows(named=True):
            head = f"{row['outcome']}, {row['population']}, {row['group']} v {row['reference']}"
            estimate = "" if row["estimate"] is None else f" {row['estimate']:.4g}"
            p_value = "" if row["p_value"] is None else f", p {row['p_value']:.4g} ({row['test']})"
            lines.append(f"{head}: {self.estimate.spec.compare}{estimate}{p_value}")
        return "\n".join(lines)


def response_rates(
    frame: Frames,
    *,
    outcomes: Mapping[str, Any],
    variable: str | None = None,
    not_evaluable: Sequence[Any] = (),
    by: str | None = None,
    reference: Any = None,
    overall: bool = True,
    populations: Sequence[Denominator] = DENOMINATORS,
    interval: ProportionInterval = "exact",
    compare: Contrast = "difference",
    difference_interval: DifferenceInterval = "newcombe",
    confidence: float = 0.95,
) -> ResponseRatesResult:
    """Estimate rates of binary outcomes with intervals, by group.

    frame          polars or pandas frame, or a list of them, one a site
    outcomes       label to levels of `variable`, or label to `{column: levels}`
    variable       column whose levels are the outcomes
    not_evaluable  levels of `variable` that say that it could not be assessed
    by             column whose values are the groups
    reference      group that the others are compared with; the first when absent
    overall        whether all rows together are described too
    populations    `all-treated`: of all rows; `response-evaluable`: of those whose outcome is known
    interval       of a rate: `exact` (Clopper and Pearson), `wilson` or `jeffreys`
    compare        `difference` or `ratio` of rates, or `none`
    difference_interval  `newcombe` or `miettinen-nurminen`; a ratio has Miettinen and Nurminen's
    confidence     confidence level

    Returns a `ResponseRatesResult`.

    Leaves the site: counts of rows by group, with each outcome and evaluable for it.

    Raises
        UsageError: a column or level is missing or does not hold what is expected.

    References: Clopper and Pearson 1934; Newcombe 1998; Miettinen and Nurminen 1985.

    >>> import polars as pl
    >>> from cohortium import response_rates
    >>> frame = pl.DataFrame({"best": ["CR", "PR", "SD", None], "arm": ["A", "A", "B", "B"]})
    >>> found = response_rates(frame, variable="best", outcomes={"ORR": ["CR", "PR"]}).to_frame()
    >>> found["count"].to_list(), found["n"].to_list()
    ([2, 2], [4, 3])
    """
    require_choice("interval", interval, ProportionInterval)
    require_choice("compare", compare, Contrast)
    require_choice("difference_interval", difference_interval, DifferenceInterval)
    require_known("populations", populations, DENOMINATORS)
    require_level(confidence)
    asked = columns_of(outcomes, variable)
    if not_evaluable and variable is None:
        raise UsageError("not_evaluable: names levels of variable, which is not given")
    used = list(dict.fromkeys(column for column, _ in asked.values()))
    require_distinct([*used, *([by] if by else [])])
    sites = Sites(frame, [*used, *([by] if by else [])])
    factors = {column: sites.factor(column, narrow=True) for column in used}
    groups = sites.factor(by, narrow=True) if by else None
    if groups is None and reference is not None:
        raise UsageError("reference: compares groups, which by names")
    spec = RatesSpec(
        outcomes=tuple(
            outcome(label, factors[column], levels, not_evaluable if column == variable else ())
            for label, (column, levels) in asked.items()
        ),
        by=groups,
        denominators=tuple(dict.fromkeys(populations)),
        overall=overall,
        interval=interval,
        compare=compare if groups and len(groups) > 1 else "none",
        difference_interval=difference_interval,
        reference=levels_of("reference", label_of(reference), groups)[0] if groups and reference is not None else "",
        confidence=confidence,
    )
    return ResponseRatesResult(sites.run("response-rates", spec))


def _framed(
    rows: list[dict[str, Any]], texts: Sequence[str], reals: Sequence[str], wholes: Sequence[str]
) -> pl.DataFrame:
    kinds = {**dict.fromkeys(texts, pl.String), **dict.fromkeys(reals, pl.Float64), **dict.fromkeys(wholes, pl.Int64)}
    order = list(rows[0]) if rows else list(kinds)
    frame = pl.DataFrame(rows, schema={name: kinds[name] for name in order})
    return frame.with_columns(pl.col(list(reals)).fill_nan(None))
