"""`kaplan_meier`: survival curves from a frame or a list of frames, one a site."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from cohortium.api.arguments import require_choice, require_distinct, require_level
from cohortium.api.frames import Sites
from cohortium.estimators.kaplan_meier import (
    Curve,
    Interval,
    KaplanMeierEstimate,
    KaplanMeierSpec,
    Quantile,
    survival_at,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from matplotlib.figure import Figure

    from cohortium.api.frames import Frames

ALL = "all"
"""Name of the only group when no `by` is given."""


@dataclass(frozen=True)
class KaplanMeierResult:
    """Kaplan-Meier curves.

    table      group, time, n_risk, n_event, n_censor, survival, standard_error, lower, upper; a row per group
               and distinct follow-up time; n_risk is just before the time
    median     group to its median with limits, NaN where not reached
    n_missing  rows left out because time, event or group was not known
    """

    estimate: KaplanMeierEstimate

    @property
    def curves(self) -> Mapping[str, Curve]:
        """Group to its curve as arrays."""
        return {curve.group or ALL: curve for curve in self.estimate.curves}

    @property
    def table(self) -> pl.DataFrame:
        """The curves as one frame."""
        names = ("time", "n_risk", "n_event", "n_censor", "survival", "standard_error", "lower", "upper")
        parts = [
            pl.DataFrame({"group": pl.Series([group] * curve.time.size, dtype=pl.String)}).with_columns(
                **{name: pl.Series(getattr(curve, name)) for name in names}
            )
            for group, curve in self.curves.items()
        ]
        return pl.concat(parts)

    @property
    def median(self) -> Mapping[str, Quantile]:
        """Group to its median with limits."""
        return {group: _median(curve) for group, curve in self.curves.items()}

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
        """Rows left out because time, event or group was not known."""
        return self.estimate.missing

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

    def plot(self, *, time_label: str = "Time", y_label: str = "Survival") -> Figure:
        """The curves with numbers at risk, as a matplotlib figure."""
        from cohortium.api.plots import kaplan_meier_figure

        return kaplan_meier_figure(self.estimate, time_label=time_label, y_label=y_label)

    def __repr__(self) -> str:
        spec = self.estimate.spec
        head = "Reverse Kaplan-Meier" if spec.reverse else "Kaplan-Meier"
        lines = [f"{head}, {self.n} rows, {self.n_events} events, {spec.confidence:.0%} {spec.interval} intervals"]
        width = max(len(group) for group in self.curves)
        for group, curve in self.curves.items():
            median = _median(curve)
            limits = f"({_text(median.lower)} to {_text(median.upper)})"
            lines.append(
                f"  {group:<{width}}  n {curve.n}, events {curve.n_events}, median {_text(median.value)} {limits}"
            )
        return "\n".join(lines + _left_out(self.n_missing))


def kaplan_meier(
    frame: Frames,
    *,
    time: str,
    event: str,
    by: str | None = None,
    reverse: bool = False,
    interval: Interval = "log-log",
    confidence: float = 0.95,
) -> KaplanMeierResult:
    r"""Estimate survival by the method of Kaplan and Meier.

    .. math:: \hat S(t) = \prod_{t_i \le t} (1 - d_i / n_i)

    frame       polars or pandas frame, or a list of them, one a site
    time        column of follow-up times, 0 or more, any unit
    event       column with 1 or true for an event, 0 or false for censoring
    by          column whose values are the groups
    reverse     True: follow-up, with censoring as the event
    interval    `log-log`, `log` or `plain`
    confidence  confidence level, between 0 and 1

    Returns a `KaplanMeierResult`.

    Leaves the site: events and censorings by group and time.

    Raises
        UsageError: a column is missing or does not hold what is expected.

    References: Kaplan and Meier 1958; Greenwood 1926; Kalbfleisch and Prentice 2002.

    >>> import polars as pl
    >>> from cohortium import kaplan_meier
    >>> frame = pl.DataFrame({"day": [1, 1, 6, 6, 8, 9], "died": [1, 0, 1, 1, 0, 1]})
    >>> kaplan_meier(frame, time="day", event="died").median["all"].value
    6.0
    """
    require_choice("interval", interval, Interval)
    require_level(confidence)
    require_distinct([time, event, *([by] if by else [])])
    sites = Sites(frame, [time, event, *([by] if by else [])])
    sites.event(event)
    spec = KaplanMeierSpec(
        time=time,
        event=event,
        grid=sites.time(time),
        by=sites.factor(by) if by else None,
        reverse=reverse,
        interval=interval,
        confidence=confidence,
    )
    return KaplanMeierResult(sites.run("kaplan-meier", spec))


def _median(curve: Curve) -> Quantile:
    return next(quantile for quantile in curve.quantiles if quantile.probability == 0.5)


def _text(value: float) -> str:
    return "not reached" if np.isnan(value) else f"{value:g}"


def _left_out(missing: int) -> list[str]:
    return [f"  {missing} rows left out: time, event or group not known"] if missing else []
