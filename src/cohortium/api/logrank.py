"""`logrank`: the log-rank test from a frame or a list of frames, one a site."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from cohortium.api.arguments import require_distinct, require_room
from cohortium.api.frames import Sites
from cohortium.errors import EstimationError
from cohortium.estimators.logrank import LogRankEstimate, LogRankSpec

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cohortium.api.frames import Frames


@dataclass(frozen=True)
class LogRankResult:
    """A log-rank test: `statistic` is chi-square with `df` degrees of freedom."""

    estimate: LogRankEstimate

    @property
    def statistic(self) -> float:
        """Chi-square."""
        return self.estimate.statistic

    @property
    def df(self) -> int:
        """Degrees of freedom."""
        return self.estimate.df

    @property
    def p_value(self) -> float:
        """P-value."""
        return self.estimate.p_value

    @property
    def n(self) -> int:
        """Rows used."""
        return int(self.estimate.n.sum())

    @property
    def n_events(self) -> int:
        """Events."""
        return int(self.estimate.observed.sum())

    @property
    def n_missing(self) -> int:
        """Rows left out because time, event, group or stratum was not known."""
        return self.estimate.missing + self.estimate.missing_stratum

    def to_frame(self) -> pl.DataFrame:
        """A row per group: n, observed and expected events."""
        found = self.estimate
        columns = {"n": found.n, "observed": found.observed, "expected": found.expected}
        return pl.DataFrame({"group": list(found.spec.by.labels)}).with_columns(
            **{name: pl.Series(values) for name, values in columns.items()}
        )

    def __repr__(self) -> str:
        strata = ", ".join(factor.name for factor in self.estimate.spec.strata)
        name = f"Log-rank test stratified by {strata}" if strata else "Log-rank test"
        text = f"{name}: chi-square {self.statistic:.4f}, df {self.df}, p {self.p_value:.4g}"
        return f"{text} ({self.n} rows, {self.n_events} events, {self.n_missing} rows left out)"


def logrank(
    frame: Frames, *, time: str, event: str, by: str, strata: str | Sequence[str] | None = None
) -> LogRankResult:
    r"""Test whether groups have the same survival.

    .. math:: \chi^2 = (O - E)^\top V^{-} (O - E)

    frame   polars or pandas frame, or a list of them, one a site
    time    column of follow-up times, 0 or more, any unit
    event   column with 1 or true for an event, 0 or false for censoring
    by      column whose values are the groups
    strata  column or columns whose combinations are the strata

    Returns a `LogRankResult`.

    Leaves the site: events and censorings by stratum, group and time; observed and expected events with their
    covariance where strata lie inside sites.

    Raises
        UsageError: a column is missing or does not hold what is expected.
        EstimationError: no events, or fewer than two groups at risk together.

    References: Mantel 1966; Peto and Peto 1972.

    >>> import polars as pl
    >>> from cohortium import logrank
    >>> frame = pl.DataFrame({"day": [1, 2, 3, 4], "died": [1, 1, 1, 0], "arm": ["A", "A", "B", "B"]})
    >>> logrank(frame, time="day", event="died", by="arm").df
    1
    """
    names = [strata] if isinstance(strata, str) else list(strata or ())
    require_distinct([time, event, by, *names])
    sites = Sites(frame, [time, event, by, *names])
    sites.event(event)
    factors = tuple(sites.factor(name) for name in names)
    spec = LogRankSpec(
        time=time,
        event=event,
        grid=sites.time(time),
        by=sites.factor(by),
        strata=factors,
        nested=sites.lies_within_sites(factors),
    )
    if not spec.nested:
        require_room(spec.n_strata, spec.grid.size, 2 * len(spec.by))
    found: LogRankEstimate = sites.run("logrank", spec)
    if found.problem:
        raise EstimationError(f"log-rank test: {found.problem}")
    return LogRankResult(found)
