"""`kaplan_meier`: survival curves from a frame or a list of frames, one a site."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from cohortium.api.arguments import require_choice, require_distinct, require_level
from cohortium.api.frames import Sites
from cohortium.errors import UsageError
from cohortium.estimators.kaplan_meier import (
    Curve,
    Interval,
    KaplanMeierEstimate,
    KaplanMeierSpec,
    Quantile,
    QuantileRule,
    survival_at,
)
from cohortium.estimators.kaplan_meier.quantiles import MEDIAN

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from matplotlib.figure import Figure

    from cohortium.api.frames import Frames

ALL = "all"
"""Name of the only group when no `by` is given."""

_CURVE = ("time", "n_risk", "n_event", "n_censor", "survival", "standard_error", "lower", "upper")
_WEIGHTS = ("weight_risk", "weight_event")
_MEAN = ("tau", "value", "standard_error", "lower", "upper")
_CONTRAST = (
    "difference", "lower", "upper", "p_value", "ratio", "ratio_lower", "ratio_upper", "ratio_p_value",
)  # fmt: skip


@dataclass(frozen=True)
class KaplanMeierResult:
    """Kaplan-Meier curves.

    table      group, time, n_risk, n_event, n_censor, survival, standard_error, lower, upper; a row per group
               and distinct follow-up time; n_risk is just before the time; with weights also weight_risk and
               weight_event, the sums of weights behind survival
    median     group to its median with limits, NaN where not reached
    n_missing  rows left out because something was not known or not usable
    """

    estimate: KaplanMeierEstimate

    @property
    def curves(self) -> Mapping[str, Curve]:
        """Group to its curve as arrays."""
        return {curve.group or ALL: curve for curve in self.estimate.curves}

    @property
    def table(self) -> pl.DataFrame:
        """The curves as one frame."""
        return self._steps({name: name for name in (*_CURVE, *(_WEIGHTS if self.estimate.spec.weight else ()))})

    @property
    def cumulative_hazard(self) -> pl.DataFrame:
        """Nelson-Aalen estimate: group, time, hazard, standard_error, lower, upper (limits on the log scale)."""
        names = {"standard_error": "hazard_error", "lower": "hazard_lower", "upper": "hazard_upper"}
        return self._steps({"time": "time", "hazard": "hazard", **names})

    @property
    def median(self) -> Mapping[str, Quantile]:
        """Group to its median with limits."""
        return {group: _median(curve) for group, curve in self.curves.items()}

    @property
    def quantiles(self) -> pl.DataFrame:
        """A row per group and probability: group, probability, value, lower, upper; NaN where not reached."""
        rows = [
            (group, q.probability, q.value, q.lower, q.upper)
            for group, curve in self.curves.items()
            for q in curve.quantiles
        ]
        return pl.DataFrame(rows, schema=["group", "probability", "value", "lower", "upper"], orient="row")

    @property
    def restricted_mean(self) -> pl.DataFrame:
        """A row per group: tau, value, standard_error, lower, upper, and problem where there is no value.

        Raises
            UsageError: no `tau` was given to `kaplan_meier`.
        """
        self._require_tau()
        means = [(group, curve.restricted_mean) for group, curve in self.curves.items()]
        rows = [
            (group, *(getattr(mean, name) for name in _MEAN), getattr(mean, "problem", "")) for group, mean in means
        ]
        return pl.DataFrame(rows, schema=["group", *_MEAN, "problem"], orient="row")

    @property
    def restricted_mean_contrasts(self) -> pl.DataFrame:
        """Every group against the first: difference and ratio of restricted means with limits and p-values.

        Raises
            UsageError: no `tau` was given to `kaplan_meier`.
        """
        self._require_tau()
        rows = [
            (c.group, c.reference, *(getattr(c, name) for name in _CONTRAST), c.problem)
            for c in self.estimate.contrasts
        ]
        reals = dict.fromkeys(_CONTRAST, pl.Float64)
        schema = {"group": pl.String, "reference": pl.String, **reals, "problem": pl.String}
        return pl.DataFrame(rows, schema=schema, orient="row")

    @property
    def n(self) -> int:
        """Rows used."""
        return sum(curve.n for curve in self.estimate.curves)

    @property
    def n_events(self) -> int:
        """Events."""
        return sum(curve.n_events for curve in self.estimate.curves)

    @property
    def n_missing(self) -> int:
        """Rows left out because something was not known or not usable."""
        return self.estimate.missing + self.estimate.late + self.estimate.unweighted

    @property
    def warnings(self) -> tuple[str, ...]:
        """What a reader must know about single curves."""
        return tuple(f"{group}: {curve.warning}" for group, curve in self.curves.items() if curve.warning)

    def at(self, times: Sequence[float]) -> pl.DataFrame:
        """Survival with limits and number at risk at given times: group, time, n_risk, survival, lower, upper."""
        rows = []
        for group, curve in self.curves.items():
            for time in times:
                survival, lower, upper, n_risk = survival_at(curve, time)
                rows.append((group, float(time), n_risk, survival, lower, upper))
        schema = {"group": pl.String, "time": pl.Float64, "n_risk": pl.Int64}
        limits = dict.fromkeys(("survival", "lower", "upper"), pl.Float64)
        return pl.DataFrame(rows, schema={**schema, **limits}, orient="row")

    def to_frame(self) -> pl.DataFrame:
        """A row per group: n, events, median with limits."""
        rows = []
        for group, curve in self.curves.items():
            median = _median(curve)
            rows.append((group, curve.n, curve.n_events, median.value, median.lower, median.upper))
        return pl.DataFrame(rows, schema=["group", "n", "events", "median", "lower", "upper"], orient="row")

    def _steps(self, columns: Mapping[str, str]) -> pl.DataFrame:
        parts = [
            pl.DataFrame({"group": pl.Series([group] * curve.time.size, dtype=pl.String)}).with_columns(
                **{name: pl.Series(getattr(curve, attribute)) for name, attribute in columns.items()}
            )
            for group, curve in self.curves.items()
        ]
        return pl.concat(parts)

    def _require_tau(self) -> None:
        if self.estimate.spec.tau is None:
            raise UsageError("restricted mean: give the time up to which it is taken, kaplan_meier(..., tau=365)")

    def plot(self, *, time_label: str = "Time", y_label: str = "Survival") -> Figure:
        """The curves with numbers at risk, as a matplotlib figure."""
        from cohortium.api.plots import kaplan_meier_figure

        return kaplan_meier_figure(self.estimate, time_label=time_label, y_label=y_label)

    def __repr__(self) -> str:
        spec = self.estimate.spec
        head = "Reverse Kaplan-Meier" if spec.reverse else "Kaplan-Meier"
        robust = ", robust variance" if spec.robust else ""
        lines = [
            f"{head}, {self.n} rows, {self.n_events} events, {spec.confidence:.0%} {spec.interval} intervals{robust}"
        ]
        width = max(len(group) for group in self.curves)
        for group, curve in self.curves.items():
            median = _median(curve)
            limits = f"({_text(median.lower)} to {_text(median.upper)})"
            lines.append(
                f"  {group:<{width}}  n {curve.n}, events {curve.n_events}, median {_text(median.value)} {limits}"
            )
        return "\n".join([*lines, *(f"  {text}" for text in self.warnings), *_left_out(self.estimate)])


def kaplan_meier(
    frame: Frames,
    *,
    time: str,
    event: str,
    by: str | None = None,
    entry: str | None = None,
    weight: str | None = None,
    cluster: str | None = None,
    reverse: bool = False,
    interval: Interval = "log-log",
    confidence: float = 0.95,
    quantiles: Sequence[float] = (0.25, 0.5, 0.75),
    quantile_rule: QuantileRule = "middle",
    tau: float | None = None,
) -> KaplanMeierResult:
    r"""Estimate survival by the method of Kaplan and Meier.

    .. math:: \hat S(t) = \prod_{t_i \le t} (1 - d_i / n_i)

    frame          polars or pandas frame, or a list of them, one a site
    time           column of follow-up times, 0 or more, any unit
    event          column with 1 or true for an event, 0 or false for censoring
    by             column whose values are the groups
    entry          column of times after which a row is under observation (left truncation), before `time`
    weight         column of case weights above 0; variances are then robust
    cluster        column of whole numbers that name the rows that belong together, each within one frame; variances
                   are then robust
    reverse        True: follow-up, with censoring as the event
    interval       `log-log`, `log`, `plain` or `arcsine`
    confidence     confidence level, between 0 and 1
    quantiles      probabilities of having had the event, between 0 and 1; the median is always among them
    quantile_rule  `middle` or `first` of a step that lies on a quantile's level
    tau            time up to which restricted means are taken

    Returns a `KaplanMeierResult`.

    Leaves the site: events and censorings by group and time; with `entry` also entries, with `weight` sums of weights;
    for robust variances one more sum by group and time.

    Raises
        UsageError: a column is missing or does not hold what is expected.

    References: Kaplan and Meier 1958; Greenwood 1926; Kalbfleisch and Prentice 2002; Royston and Parmar 2013.

    >>> import polars as pl
    >>> from cohortium import kaplan_meier
    >>> frame = pl.DataFrame({"day": [1, 1, 6, 6, 8, 9], "died": [1, 0, 1, 1, 0, 1]})
    >>> kaplan_meier(frame, time="day", event="died").median["all"].value
    6.0
    """
    require_choice("interval", interval, Interval)
    require_choice("quantile_rule", quantile_rule, QuantileRule)
    require_level(confidence)
    _require_points(quantiles, tau)
    columns = [name for name in (time, event, by, entry, weight, cluster) if name is not None]
    require_distinct(columns)
    sites = Sites(frame, columns)
    grid = sites.counted(time, event, entry)
    if weight:
        sites.number(weight)
    if cluster:
        sites.cluster(cluster)
    spec = KaplanMeierSpec(
        time=time,
        event=event,
        grid=grid,
        by=sites.factor(by, narrow=True) if by else None,
        reverse=reverse,
        interval=interval,
        confidence=confidence,
        quantiles=tuple(quantiles) if MEDIAN in quantiles else (*quantiles, MEDIAN),
        entry=entry or "",
        weight=weight or "",
        cluster=cluster or "",
        tau=tau,
        tau_label="" if tau is None else f"{tau:g}",
        quantile_rule=quantile_rule,
    )
    return KaplanMeierResult(sites.run("kaplan-meier", spec))


def _require_points(quantiles: Sequence[float], tau: float | None) -> None:
    if not all(0 < probability < 1 for probability in quantiles):
        raise UsageError(f"quantiles: expected probabilities between 0 and 1, got {list(quantiles)}")
    if tau is not None and not (tau > 0 and np.isfinite(tau)):
        raise UsageError(f"tau: expected a time above 0, got {tau!r}")


def _median(curve: Curve) -> Quantile:
    return next(quantile for quantile in curve.quantiles if quantile.probability == MEDIAN)


def _text(value: float) -> str:
    return "not reached" if np.isnan(value) else f"{value:g}"


def _left_out(estimate: KaplanMeierEstimate) -> list[str]:
    parts = [
        (estimate.missing, "time, event or group not known"),
        (estimate.late, "entry not before the end of follow-up"),
        (estimate.unweighted, "weight not known or not above 0"),
    ]
    return [f"  {count} rows left out: {reason}" for count, reason in parts if count]
