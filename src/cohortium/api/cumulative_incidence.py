"""`cumulative_incidence`: Aalen-Johansen curves from a frame or a list of frames, one a site."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from cohortium.api.arguments import require_choice, require_distinct, require_level
from cohortium.api.causes import take_causes
from cohortium.api.frames import Sites
from cohortium.estimators.competing.incidence import (
    CauseCurve,
    GroupCurves,
    IncidenceEstimate,
    IncidenceSpec,
    Variance,
    incidence_at,
    tabulate,
)
from cohortium.estimators.contract import Task
from cohortium.estimators.kaplan_meier import Interval

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from matplotlib.figure import Figure

    from cohortium.api.causes import Causes, Code
    from cohortium.api.frames import Frames
    from cohortium.api.gray import GrayResult

ALL = "all"
"""Name of the only group when no `by` is given."""
_NAME = "plot"


@dataclass(frozen=True)
class CumulativeIncidenceResult:
    """Cumulative incidences by group and cause.

    table      group, cause, time, n_risk, n_event, incidence, standard_error, lower, upper; a row per group, cause and
               distinct follow-up time; n_risk is just before the time
    n_missing  rows left out because time, event, entry or group was not known, or entry was not before the end
    """

    estimate: IncidenceEstimate

    @property
    def groups(self) -> Mapping[str, GroupCurves]:
        """Group to its curves as arrays."""
        return {curves.group or ALL: curves for curves in self.estimate.groups}

    @property
    def causes(self) -> tuple[str, ...]:
        """Causes in order."""
        return self.estimate.spec.causes

    @property
    def table(self) -> pl.DataFrame:
        """The curves as one frame."""
        names = ("n_event", "incidence", "standard_error", "lower", "upper")
        parts = [
            pl.DataFrame({"time": curves.time, "n_risk": curves.n_risk}).select(
                pl.lit(group).alias("group"),
                pl.lit(cause.cause).alias("cause"),
                "time",
                "n_risk",
                **{name: pl.Series(getattr(cause, name)) for name in names},
            )
            for group, curves, cause in self._curves()
        ]
        return pl.concat(parts)

    @property
    def n(self) -> int:
        """Rows used."""
        return sum(curves.n for curves in self.estimate.groups)

    @property
    def n_missing(self) -> int:
        """Rows left out."""
        return self.estimate.missing + self.estimate.late

    @property
    def warnings(self) -> tuple[str, ...]:
        """What a reader must know about the curves."""
        found = ((group, curves.warning) for group, curves in self.groups.items())
        return tuple(f"{group}: {warning}" for group, warning in found if warning)

    def at(self, times: Sequence[float]) -> pl.DataFrame:
        """Incidence at given times: group, cause, time, n_risk, incidence, standard_error, lower, upper."""
        rows = []
        for group, curves, cause in self._curves():
            for time in times:
                found = incidence_at(curves, cause, time)
                values = (found.value, found.standard_error, found.lower, found.upper)
                rows.append((group, cause.cause, float(time), found.n_risk, *values))
        schema = {"group": pl.String, "cause": pl.String, "time": pl.Float64, "n_risk": pl.Int64}
        values_schema = dict.fromkeys(("incidence", "standard_error", "lower", "upper"), pl.Float64)
        return pl.DataFrame(rows, schema={**schema, **values_schema}, orient="row")

    def to_frame(self) -> pl.DataFrame:
        """A row per group and cause: n, events, incidence at the end of follow-up with limits."""
        rows = []
        for group, curves, cause in self._curves():
            last = incidence_at(curves, cause, curves.time[-1] if curves.n else 0.0)
            rows.append((group, cause.cause, curves.n, cause.n_events, last.value, last.lower, last.upper))
        schema = ["group", "cause", "n", "events", "incidence", "lower", "upper"]
        return pl.DataFrame(rows, schema=schema, orient="row")

    def plot(self, *, tests: GrayResult | None = None, time_label: str = "Time") -> Figure:
        """The curves with numbers at risk, as a matplotlib figure; `tests` are printed in the panel of their cause."""
        from cohortium.api.plots import cumulative_incidence_figure

        task = Task(_NAME, "cumulative-incidence", self.estimate.spec, _NAME)
        compared = tests.statistics() if tests is not None else ()
        return cumulative_incidence_figure(tabulate(task, self.estimate), compared, time_label=time_label)

    def _curves(self) -> Iterator[tuple[str, GroupCurves, CauseCurve]]:
        for group, curves in self.groups.items():
            for cause in curves.causes:
                yield group, curves, cause

    def __repr__(self) -> str:
        spec = self.estimate.spec
        lines = [
            f"Cumulative incidence (Aalen-Johansen), {self.n} rows, {spec.confidence:.0%} {spec.interval} intervals"
        ]
        width = max(len(f"{group}, {cause.cause}") for group, _, cause in self._curves())
        for row in self.to_frame().iter_rows(named=True):
            name = f"{row['group']}, {row['cause']}"
            counted = f"n {row['n']}, events {row['events']}"
            lines.append(f"  {name:<{width}}  {counted}, at the end {row['incidence']:.3f}")
        if self.n_missing:
            lines.append(f"  {self.n_missing} rows left out")
        return "\n".join(lines)


def cumulative_incidence(
    frame: Frames,
    *,
    time: str,
    event: str,
    by: str | None = None,
    causes: Causes | None = None,
    censored: Code | None = None,
    entry: str | None = None,
    interval: Interval = "log-log",
    variance: Variance = "greenwood",
    confidence: float = 0.95,
) -> CumulativeIncidenceResult:
    r"""Estimate the cumulative incidence of competing causes by the method of Aalen and Johansen.

    .. math:: \hat F_k(t) = \sum_{t_i \le t} \hat S(t_i-)\, d_{ki} / n_i

    frame       polars or pandas frame, or a list of them, one a site
    time        column of follow-up times, 0 or more, any unit
    event       column with 0 for censoring and another whole number for each cause; or texts, with `censored`
    by          column whose values are the groups
    causes      `{1: "Relapse", 2: "Death"}`, or the codes in order; every code but that of censoring when left out
    censored    code or text of a censored follow-up; 0 when left out
    entry       column of times after which a row is under observation (left truncation)
    interval    `log-log` (of the incidence), `log`, `plain` or `arcsine`
    variance    `greenwood`, the infinitesimal jackknife of R's `survfit`; or `aalen`, that of R's `cmprsk::cuminc`
    confidence  confidence level, between 0 and 1

    Returns a `CumulativeIncidenceResult`.

    Leaves the site: rows by group, time and how the follow-up ended, whole numbers; with `entry`, entries by group and
    time.

    Raises
        UsageError: a column is missing or does not hold what is expected.

    References: Aalen and Johansen 1978; Gray 1988; Choudhury 2002.

    >>> import polars as pl
    >>> from cohortium import cumulative_incidence
    >>> frame = pl.DataFrame({"day": [1, 2, 3, 4], "end": ["relapse", "alive", "death", "relapse"]})
    >>> found = cumulative_incidence(frame, time="day", event="end", censored="alive")
    >>> found.at([3])["incidence"].to_list()
    [0.375, 0.25]
    """
    require_choice("interval", interval, Interval)
    require_choice("variance", variance, Variance)
    require_level(confidence)
    columns = [name for name in (time, event, by, entry) if name]
    require_distinct(columns)
    sites = Sites(frame, columns)
    named = take_causes(sites, event, causes, censored)
    spec = IncidenceSpec(
        time=time,
        event=event,
        grid=sites.counted_times(time, entry),
        causes=tuple(named.values()),
        by=sites.factor(by, narrow=True) if by else None,
        interval=interval,
        variance=variance,
        confidence=confidence,
        entry=entry or "",
    )
    return CumulativeIncidenceResult(sites.run("cumulative-incidence", spec))
