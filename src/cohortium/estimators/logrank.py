"""Log-rank test of equal survival between groups (Mantel 1966, Peto and Peto 1972), optionally stratified.

Totals: without strata, or with strata that several sites share, events and censorings by stratum, group and
time; with strata inside sites, observed and expected events and their covariance, which add up over strata.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from cohortium.estimators.contract import Done, Estimator, Factor, Integers, Next, Reals, Rows, Step, Task, no_params
from cohortium.estimators.counts import TimedRows, at_risk, count_events, timed_rows
from cohortium.estimators.distributions import chi_square_tail
from cohortium.estimators.planning import factor_of, followup_grid, is_nested, strata_label, strata_of
from cohortium.estimators.strata import stratum_codes
from cohortium.estimators.wording import left_out
from cohortium.results import Statistic
from cohortium.totals import Params, Shape, Shapes, Totals

if TYPE_CHECKING:
    from cohortium.estimators.grid import Grid
    from cohortium.study.analyses import LogRank
    from cohortium.study.study import Study

_CELLS_AT_ONCE = 4_000_000


@dataclass(frozen=True)
class LogRankSpec:
    """What to test.

    time, event  names of numeric columns: follow-up on the grid, 1 for an event
    by           the groups compared
    strata       factors whose combinations are the strata
    nested       True when no stratum has rows at two sites
    strata_text  how the strata are named in print, e.g. `stratified by institution`
    """

    time: str
    event: str
    grid: Grid
    by: Factor
    strata: tuple[Factor, ...] = ()
    nested: bool = False
    strata_text: str = ""
    population: str = "cohort"

    @property
    def factors(self) -> tuple[Factor, ...]:
        """Categorical columns needed."""
        return (self.by, *self.strata)

    @property
    def numbers(self) -> tuple[str, ...]:
        """Numeric columns needed."""
        return (self.time, self.event)

    @property
    def n_strata(self) -> int:
        """Number of declared strata."""
        count = 1
        for factor in self.strata:
            count *= len(factor)
        return count


@dataclass(frozen=True)
class LogRankEstimate:
    """The test.

    n, observed  shape (groups,): patients and events
    expected     shape (groups,): events expected if all groups were alike
    covariance   shape (groups, groups): hypergeometric covariance of observed minus expected
    statistic    chi-square with df degrees of freedom; NaN when refused
    problem      why the test was refused; empty when it was not
    """

    spec: LogRankSpec
    n: Integers
    observed: Integers
    expected: Reals
    covariance: Reals
    statistic: float
    df: int
    p_value: float
    missing: int
    missing_stratum: int
    problem: str = ""


@dataclass(frozen=True)
class _Prepared:
    spec: LogRankSpec
    rows: TimedRows
    stratum: Integers
    missing_stratum: int


def size(spec: LogRankSpec) -> int:
    """Numbers in the totals."""
    return len(spec.by) ** 2 if spec.nested else 2 * spec.n_strata * len(spec.by) * spec.grid.size


def start(_spec: LogRankSpec) -> Next:
    """The only round, without parameters."""
    return Next(Params({}))


def shapes(spec: LogRankSpec, _params: Params) -> Shapes:
    """Declared shape of the totals."""
    g = len(spec.by)
    left_out = {"missing": Shape("int", ()), "missing_stratum": Shape("int", ())}
    if spec.nested:
        return {
            **left_out,
            "n": Shape("int", (g,)),
            "observed": Shape("int", (g,)),
            "expected": Shape("float", (g,)),
            "covariance": Shape("float", (g, g)),
        }
    return {**left_out, "counts": Shape("int", (spec.n_strata, g, spec.grid.size, 2))}


def prepare(rows: Rows, spec: LogRankSpec) -> _Prepared:
    """The usable rows of a site with their strata."""
    usable = timed_rows(rows, spec.time, spec.event, spec.grid, spec.by)
    stratum = stratum_codes(rows, spec.strata)[usable.where] if spec.strata else np.zeros(usable.where.size, np.int64)
    known = stratum >= 0
    missing_stratum = int((~known).sum())
    if missing_stratum:
        usable = TimedRows(
            usable.group[known], usable.at[known], usable.event[known], usable.where[known], usable.missing
        )
        stratum = stratum[known]
    return _Prepared(spec, usable, stratum, missing_stratum)


def summarize(prepared: _Prepared, _params: Params) -> Totals:
    """Counts, or observed, expected and covariance where strata lie inside sites."""
    spec, rows, g = prepared.spec, prepared.rows, len(prepared.spec.by)
    left_out = {"missing": rows.missing, "missing_stratum": prepared.missing_stratum}
    if not spec.nested:
        cells = prepared.stratum * g + rows.group
        counts = count_events(cells, rows.at, rows.event, spec.n_strata * g, spec.grid.size)
        return Totals({**left_out, "counts": counts.reshape(spec.n_strata, g, spec.grid.size, 2)})
    strata, code = np.unique(prepared.stratum, return_inverse=True)
    tallies = [_Tally.zero(g)]
    at_once = max(1, _CELLS_AT_ONCE // (g * spec.grid.size * 2))
    for begin in range(0, strata.size, at_once):
        size = min(at_once, strata.size - begin)
        here = (code >= begin) & (code < begin + size)
        cells = (code[here] - begin) * g + rows.group[here]
        counts = count_events(cells, rows.at[here], rows.event[here], size * g, spec.grid.size)
        tallies.append(tally(counts.reshape(size, g, spec.grid.size, 2)))
    whole = sum(tallies[1:], tallies[0])
    return Totals(
        {
            **left_out,
            "n": whole.n,
            "observed": whole.observed,
            "expected": whole.expected,
            "covariance": whole.covariance,
        }
    )


@dataclass(frozen=True)
class _Tally:
    """Patients, observed and expected events, and covariance, over some strata."""

    n: Integers
    observed: Integers
    expected: Reals
    covariance: Reals

    @classmethod
    def zero(cls, g: int) -> _Tally:
        return cls(np.zeros(g, np.int64), np.zeros(g, np.int64), np.zeros(g), np.zeros((g, g)))

    def __add__(self, other: _Tally) -> _Tally:
        return _Tally(
            self.n + other.n,
            self.observed + other.observed,
            self.expected + other.expected,
            self.covariance + other.covariance,
        )


def tally(counts: Integers) -> _Tally:
    """Observed and expected events and their covariance, summed over strata and times.

    counts  shape (strata, groups, times, 2)
    """
    risk = at_risk(counts)
    n, d = risk.sum(axis=1), counts[..., 0].sum(axis=1)
    when = d > 0
    n_all, d_all = n[when].astype(float), d[when].astype(float)
    share = np.moveaxis(risk, 1, -1)[when] / n_all[:, None]
    factor = d_all * (n_all - d_all) / np.maximum(n_all - 1.0, 1.0)
    weighted = share * factor[:, None]
    return _Tally(
        n=counts.sum(axis=(0, 2, 3)),
        observed=counts[..., 0].sum(axis=(0, 2)),
        expected=d_all @ share,
        covariance=np.diag(weighted.sum(axis=0)) - weighted.T @ share,
    )


def solve(spec: LogRankSpec, totals: Totals, _step: Next) -> Step:
    """The test."""
    if spec.nested:
        whole = _Tally(totals["n"], totals["observed"], totals["expected"], totals["covariance"])
    else:
        whole = tally(totals["counts"])
    statistic, df, problem = _chi_square(whole)
    return Done(
        LogRankEstimate(
            spec=spec,
            n=whole.n,
            observed=whole.observed,
            expected=whole.expected,
            covariance=whole.covariance,
            statistic=statistic,
            df=df,
            p_value=chi_square_tail(statistic, df) if not problem else float("nan"),
            missing=int(totals["missing"]),
            missing_stratum=int(totals["missing_stratum"]),
            problem=problem,
        )
    )


def _chi_square(whole: _Tally) -> tuple[float, int, str]:
    if whole.observed.sum() == 0:
        return float("nan"), 0, "no events"
    present = np.flatnonzero(whole.expected > 0)
    if present.size < 2:
        return float("nan"), 0, "fewer than two groups with patients at risk"
    free = present[:-1]
    difference = (whole.observed - whole.expected)[free]
    covariance = whole.covariance[np.ix_(free, free)]
    rank = int(np.linalg.matrix_rank(covariance, hermitian=True))
    if rank == 0:
        return float("nan"), 0, "no time at which two groups were at risk together"
    if rank == free.size:
        return float(difference @ np.linalg.solve(covariance, difference)), rank, ""
    return float(difference @ np.linalg.pinv(covariance, hermitian=True) @ difference), rank, ""


def plan(study: Study, analysis: LogRank) -> list[Task]:
    """The one task of a `logrank` analysis."""
    spec = LogRankSpec(
        time=f"{analysis.endpoint}__time",
        event=f"{analysis.endpoint}__event",
        grid=followup_grid(study),
        by=factor_of(study, analysis.by),
        strata=strata_of(study, analysis.strata),
        nested=is_nested(analysis.strata),
        strata_text=strata_label(study, analysis.strata),
    )
    return [Task(analysis.name, "logrank", spec, analysis.name, variable=analysis.endpoint)]


def tabulate(task: Task, estimate: LogRankEstimate) -> list[Statistic]:
    """Rows of the results table: observed and expected by group, and the test."""
    row = partial(Statistic, analysis=task.analysis, method="logrank", variable=task.variable)
    rows: list[Statistic] = []
    for g, label in enumerate(estimate.spec.by.labels):
        n = int(estimate.n[g])
        rows += [
            row(statistic="n", value=n, group=label, n=n, format="count"),
            row(statistic="observed", value=int(estimate.observed[g]), group=label, n=n, format="count"),
            row(statistic="expected", value=float(estimate.expected[g]), group=label, n=n, format="number:1"),
        ]
    total, warning = (
        int(estimate.n.sum()),
        estimate.problem
        or left_out(
            (estimate.missing, "time, event or group not known"), (estimate.missing_stratum, "stratum not known")
        ),
    )
    refused = bool(estimate.problem)
    test = partial(row, note=" ".join(filter(None, ["Log-rank test", estimate.spec.strata_text])), warning=warning)
    return [
        *rows,
        test(statistic="chi-square", value=None if refused else estimate.statistic, n=total),
        test(statistic="df", value=None if refused else estimate.df, n=total, format="count"),
        test(statistic="p-value", value=None if refused else estimate.p_value, n=total, format="p"),
    ]


ESTIMATOR = Estimator("logrank", plan, size, no_params, start, shapes, prepare, summarize, solve, tabulate)
