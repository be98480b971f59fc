"""Kaplan-Meier survival (Kaplan and Meier 1958), with Greenwood variance, intervals and quantiles.

Totals: events and censorings by group and time, whole numbers of shape (groups, times, 2).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Literal

import numpy as np

from cohortium.estimators.contract import Done, Estimator, Factor, Integers, Next, Reals, Rows, Step, Task, no_params
from cohortium.estimators.counts import TimedRows, at_risk, count_events, timed_rows
from cohortium.estimators.distributions import normal_quantile
from cohortium.estimators.planning import factor_of, followup_grid
from cohortium.estimators.wording import left_out
from cohortium.results import Statistic
from cohortium.totals import Params, Shape, Shapes, Totals

if TYPE_CHECKING:
    from cohortium.estimators.grid import Grid
    from cohortium.study.analyses import KaplanMeier
    from cohortium.study.study import Study

Interval = Literal["log-log", "log", "plain"]

MEDIAN = 0.5
FLAT = float(np.sqrt(np.finfo(float).eps))
"""Survival within this distance of a quantile's level is on it, as in R's quantile.survfit."""


@dataclass(frozen=True)
class KaplanMeierSpec:
    """What to estimate.

    time, event  names of numeric columns: follow-up on the grid, 1 for an event
    by           groups; None for one curve
    reverse      True: censoring is the event, so that the quantiles describe the follow-up
    quantiles    probabilities of having had the event; 0.5 is the median
    at           times at which survival is tabulated, with their labels
    """

    time: str
    event: str
    grid: Grid
    by: Factor | None = None
    reverse: bool = False
    interval: Interval = "log-log"
    confidence: float = 0.95
    quantiles: tuple[float, ...] = (0.25, 0.5, 0.75)
    at: tuple[tuple[float, str], ...] = ()
    population: str = "cohort"

    @property
    def factors(self) -> tuple[Factor, ...]:
        """Categorical columns needed."""
        return (self.by,) if self.by else ()

    @property
    def numbers(self) -> tuple[str, ...]:
        """Numeric columns needed."""
        return (self.time, self.event)

    @property
    def labels(self) -> tuple[str, ...]:
        """Groups as printed; one empty label when there are no groups."""
        return self.by.labels if self.by else ("",)


@dataclass(frozen=True)
class Quantile:
    """A quantile of the time to event with its limits; NaN where not reached."""

    probability: float
    value: float
    lower: float
    upper: float


@dataclass(frozen=True)
class Curve:
    """One group's curve at its distinct follow-up times; arrays of shape (m,).

    n_risk is the number at risk just before the time; survival, standard_error (Greenwood) and the limits are
    at the time. NaN limits are not defined (log-log at survival 1 and every form at survival 0).
    """

    group: str
    n: int
    n_events: int
    time: Reals
    n_risk: Integers
    n_event: Integers
    n_censor: Integers
    survival: Reals
    standard_error: Reals
    lower: Reals
    upper: Reals
    quantiles: tuple[Quantile, ...]


@dataclass(frozen=True)
class KaplanMeierEstimate:
    """The curves of all groups, and how many rows were left out."""

    spec: KaplanMeierSpec
    curves: tuple[Curve, ...]
    missing: int


@dataclass(frozen=True)
class _Prepared:
    spec: KaplanMeierSpec
    rows: TimedRows


def size(spec: KaplanMeierSpec) -> int:
    """Numbers in the totals."""
    return 2 * len(spec.labels) * spec.grid.size


def start(_spec: KaplanMeierSpec) -> Next:
    """The only round, without parameters."""
    return Next(Params({}))


def shapes(spec: KaplanMeierSpec, _params: Params) -> Shapes:
    """Declared shape of the totals."""
    return {"counts": Shape("int", (len(spec.labels), spec.grid.size, 2)), "missing": Shape("int", ())}


def prepare(rows: Rows, spec: KaplanMeierSpec) -> _Prepared:
    """The usable rows of a site."""
    return _Prepared(spec, timed_rows(rows, spec.time, spec.event, spec.grid, spec.by))


def summarize(prepared: _Prepared, _params: Params) -> Totals:
    """Events and censorings by group and time."""
    spec, rows = prepared.spec, prepared.rows
    counts = count_events(rows.group, rows.at, rows.event, len(spec.labels), spec.grid.size)
    return Totals({"counts": counts, "missing": rows.missing})


def solve(spec: KaplanMeierSpec, totals: Totals, _step: Next) -> Step:
    """The curves."""
    counts = totals["counts"]
    if spec.reverse:
        counts = counts[..., ::-1]
    curves = tuple(_curve(spec, label, counts[g]) for g, label in enumerate(spec.labels))
    return Done(KaplanMeierEstimate(spec, curves, int(totals["missing"])))


def _curve(spec: KaplanMeierSpec, label: str, counts: Integers) -> Curve:
    risk = at_risk(counts)
    seen = np.flatnonzero(counts.any(axis=-1))
    n_risk, n_event, n_censor = risk[seen], counts[seen, 0], counts[seen, 1]
    time = spec.grid.values[seen]
    survival = np.cumprod(1.0 - n_event / n_risk)
    with np.errstate(divide="ignore", invalid="ignore"):
        greenwood = np.sqrt(np.cumsum(n_event / (n_risk * (n_risk - n_event))))
        standard_error = np.where(survival > 0, survival * greenwood, np.nan)
    lower, upper = limits(survival, greenwood, spec.interval, spec.confidence)
    quantiles = tuple(_quantile(q, time, survival, lower, upper) for q in spec.quantiles)
    n = int(counts.sum())
    return Curve(
        label, n, int(n_event.sum()), time, n_risk, n_event, n_censor, survival, standard_error, lower, upper, quantiles
    )


def limits(survival: Reals, greenwood: Reals, interval: Interval, confidence: float) -> tuple[Reals, Reals]:
    """Pointwise limits of survival.

    survival    shape (m,)
    greenwood   shape (m,), standard error of log survival
    interval    `log-log` (Kalbfleisch and Prentice), `log` or `plain`; limits are kept within 0 and 1

    Returns lower and upper, shape (m,) each; NaN where the form is not defined.
    """
    z = normal_quantile(0.5 + confidence / 2)
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        s = np.where(survival > 0, survival, np.nan)
        if interval == "plain":
            half = z * s * greenwood
            lower, upper = s - half, s + half
        elif interval == "log":
            lower, upper = np.exp(np.log(s) - z * greenwood), np.exp(np.log(s) + z * greenwood)
        else:
            inner = np.where(s < 1, s, np.nan)
            spread = z * greenwood / np.log(inner)
            center = np.log(-np.log(inner))
            lower, upper = np.exp(-np.exp(center - spread)), np.exp(-np.exp(center + spread))
        return np.maximum(lower, 0.0), np.minimum(upper, 1.0)


def _quantile(probability: float, time: Reals, survival: Reals, lower: Reals, upper: Reals) -> Quantile:
    level = 1.0 - probability
    values = [crossing(time, curve, level) for curve in (survival, lower, upper)]
    return Quantile(probability, *values)


def crossing(time: Reals, curve: Reals, level: float) -> float:
    """Time at which a falling step curve crosses a level; NaN when it does not.

    Where the curve lies on the level, the middle of that flat step: up to the next drop, or up to the last
    follow-up when there is none (the convention of R's quantile.survfit).
    """
    known = ~np.isnan(curve)
    reached = np.flatnonzero(known & (curve <= level + FLAT))
    if not reached.size:
        return float("nan")
    below = np.flatnonzero(known & (curve < level - FLAT))
    if below.size:
        return float((time[reached[0]] + time[below[0]]) / 2)
    return float((time[reached[0]] + time[-1]) / 2) if known[-1] else float("nan")


def survival_at(curve: Curve, time: float) -> tuple[float, float, float, int]:
    """Survival, limits and number at risk at a time: the last step at or before it.

    Before the first follow-up time survival is 1 with limits 1; after the last follow-up time it is not known.
    """
    n_risk = int(curve.n_risk[np.searchsorted(curve.time, time)]) if curve.n and time <= curve.time[-1] else 0
    step = int(np.searchsorted(curve.time, time, side="right")) - 1
    if not curve.n or (n_risk == 0 and curve.survival[-1] > 0):
        return float("nan"), float("nan"), float("nan"), 0
    if step < 0:
        return 1.0, 1.0, 1.0, n_risk
    return float(curve.survival[step]), float(curve.lower[step]), float(curve.upper[step]), n_risk


def plan(study: Study, analysis: KaplanMeier) -> list[Task]:
    """The one task of a `kaplan-meier` analysis."""
    month = study.file.time.month_days
    spec = KaplanMeierSpec(
        time=f"{analysis.endpoint}__time",
        event=f"{analysis.endpoint}__event",
        grid=followup_grid(study),
        by=factor_of(study, analysis.by) if analysis.by else None,
        reverse=analysis.reverse,
        interval=analysis.interval,
        confidence=analysis.confidence,
        quantiles=analysis.quantiles,
        at=tuple((months * month, f"{months:g} months") for months in analysis.at_months),
    )
    return [Task(analysis.name, "kaplan-meier", spec, analysis.name, variable=analysis.endpoint)]


def tabulate(task: Task, estimate: KaplanMeierEstimate) -> list[Statistic]:
    """Rows of the results table: counts, the curve, quantiles, survival at the declared times."""
    return [row for curve in estimate.curves for row in _rows(task, estimate.spec, curve, estimate.missing)]


def _rows(task: Task, spec: KaplanMeierSpec, curve: Curve, missing: int) -> list[Statistic]:
    interval = f"{spec.interval} interval"
    method_note = f"reverse Kaplan-Meier; {interval}" if spec.reverse else interval
    warning = left_out((missing, "time, event or group not known"))

    row = partial(Statistic, analysis=task.analysis, method="kaplan-meier", variable=task.variable, group=curve.group)
    rows = [
        row(
            statistic="n",
            value=curve.n,
            n=curve.n,
            format="count",
            warning=warning if curve.n else "no patients in this group",
        ),
        row(statistic="events", value=curve.n_events, n=curve.n, denominator=curve.n, format="count"),
        row(statistic="censored", value=curve.n - curve.n_events, n=curve.n, denominator=curve.n, format="count"),
    ]
    for i in range(curve.time.size):
        time = float(curve.time[i])
        rows += [
            row(
                statistic="survival",
                value=float(curve.survival[i]),
                time=time,
                lower=_known(curve.lower[i]),
                upper=_known(curve.upper[i]),
                confidence=spec.confidence,
                n=int(curve.n_risk[i]),
                note=method_note,
            ),
            row(statistic="events-at", value=int(curve.n_event[i]), time=time, n=int(curve.n_risk[i]), format="count"),
            row(
                statistic="censored-at", value=int(curve.n_censor[i]), time=time, n=int(curve.n_risk[i]), format="count"
            ),
        ]
    for q in curve.quantiles:
        rows.append(
            row(
                statistic="median" if q.probability == MEDIAN else "quantile",
                value=_known(q.value),
                level=f"{q.probability:g}",
                lower=_known(q.lower),
                upper=_known(q.upper),
                confidence=spec.confidence,
                unit="days",
                n=curve.n,
                format="days",
                note=method_note,
                warning="not reached" if np.isnan(q.value) else "",
            )
        )
    for time, label in spec.at:
        value, lower, upper, n_risk = survival_at(curve, time)
        rows.append(
            row(
                statistic="survival-at",
                value=_known(value),
                level=label,
                time=time,
                lower=_known(lower),
                upper=_known(upper),
                confidence=spec.confidence,
                n=n_risk,
                note=method_note,
                warning="nobody at risk" if np.isnan(value) else "",
            )
        )
    return rows


def _known(value: float) -> float | None:
    return None if np.isnan(value) else float(value)


ESTIMATOR = Estimator("kaplan-meier", plan, size, no_params, start, shapes, prepare, summarize, solve, tabulate)
