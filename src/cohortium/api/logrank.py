"""`logrank`: tests of equal survival from a frame or a list of frames, one a site."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from cohortium.api.arguments import require_choice, require_distinct, require_room
from cohortium.api.frames import Sites
from cohortium.errors import EstimationError, UsageError
from cohortium.estimators.logrank import LogRankEstimate, LogRankSpec, TestName, Trend
from cohortium.estimators.logrank.weights import title

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cohortium.api.frames import Frames


@dataclass(frozen=True)
class LogRankResult:
    """A test of equal survival: `statistic` is chi-square with `df` degrees of freedom."""

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
        return int(self.estimate.n_events.sum())

    @property
    def n_missing(self) -> int:
        """Rows left out because time, event, group or stratum was not known, or entry was not before the end."""
        return self.estimate.missing + self.estimate.missing_stratum + self.estimate.late

    @property
    def trend(self) -> Trend | None:
        """Test of a trend over the groups; None when not asked for."""
        return self.estimate.trend

    @property
    def pairwise(self) -> pl.DataFrame:
        """A row per pair of groups: first, second, statistic, p_value, p_holm; none when not asked for."""
        rows = [(p.first, p.second, p.statistic, p.p_value, p.p_holm, p.problem) for p in self.estimate.pairs]
        reals = dict.fromkeys(("statistic", "p_value", "p_holm"), pl.Float64)
        schema = {"first": pl.String, "second": pl.String, **reals, "problem": pl.String}
        return pl.DataFrame(rows, schema=schema, orient="row")

    def to_frame(self) -> pl.DataFrame:
        """A row per group: n, events, and observed and expected events as the test weights them."""
        found = self.estimate
        columns = {"n": found.n, "events": found.n_events, "observed": found.observed, "expected": found.expected}
        return pl.DataFrame({"group": list(found.spec.by.labels)}).with_columns(
            **{name: pl.Series(values) for name, values in columns.items()}
        )

    def __repr__(self) -> str:
        strata = ", ".join(factor.name for factor in self.estimate.spec.strata)
        test = title(self.estimate.spec)
        name = f"{test} stratified by {strata}" if strata else test
        text = f"{name}: chi-square {self.statistic:.4f}, df {self.df}, p {self.p_value:.4g}"
        return f"{text} ({self.n} rows, {self.n_events} events, {self.n_missing} rows left out)"


def logrank(
    frame: Frames,
    *,
    time: str,
    event: str,
    by: str,
    strata: str | Sequence[str] | None = None,
    entry: str | None = None,
    test: TestName = "logrank",
    rho: float | None = None,
    gamma: float | None = None,
    trend: bool | Sequence[float] = False,
    pairwise: bool = False,
) -> LogRankResult:
    r"""Test whether groups have the same survival.

    .. math:: \chi^2 = (O - E)^\top V^{-} (O - E)

    frame     polars or pandas frame, or a list of them, one a site
    time      column of follow-up times, 0 or more, any unit
    event     column with 1 or true for an event, 0 or false for censoring
    by        column whose values are the groups
    strata    column or columns whose combinations are the strata
    entry     column of times after which a row is under observation (left truncation), before `time`
    test      how times are weighted: `logrank`, `peto-peto`, `peto-prentice`, `fleming-harrington`, `tarone-ware` or
              `gehan-breslow`
    rho       power of survival in the weights of `fleming-harrington`, 0 or more
    gamma     power of one minus survival in the weights of `fleming-harrington`, 0 or more
    trend     True: a trend over the groups with scores 1, 2, 3 ... is tested too; or one score a group
    pairwise  True: every pair of groups is compared too, with p-values adjusted by Holm's method

    Returns a `LogRankResult`.

    Leaves the site: events and censorings by stratum, group and time, with `entry` also entries; observed and expected
    events with their covariance where strata lie inside sites.

    Raises
        UsageError: a column is missing or does not hold what is expected.
        EstimationError: no events, or fewer than two groups at risk together.

    References: Mantel 1966; Peto and Peto 1972; Fleming and Harrington 1991; Tarone 1975; Holm 1979.

    >>> import polars as pl
    >>> from cohortium import logrank
    >>> frame = pl.DataFrame({"day": [1, 2, 3, 4], "died": [1, 1, 1, 0], "arm": ["A", "A", "B", "B"]})
    >>> logrank(frame, time="day", event="died", by="arm").df
    1
    """
    names = [strata] if isinstance(strata, str) else list(strata or ())
    require_choice("test", test, TestName)
    _require_powers(test, rho, gamma)
    columns = [time, event, by, *names, *([entry] if entry else [])]
    require_distinct(columns)
    sites = Sites(frame, columns)
    grid = sites.counted(time, event, entry)
    factors = tuple(sites.factor(name, narrow=True) for name in names)
    groups = sites.factor(by, narrow=True)
    spec = LogRankSpec(
        time=time,
        event=event,
        grid=grid,
        by=groups,
        strata=factors,
        nested=sites.lies_within_sites(factors),
        entry=entry or "",
        test=test,
        rho=rho or 0.0,
        gamma=gamma or 0.0,
        trend=trend is not False,
        scores=() if isinstance(trend, bool) else _scores(trend, groups.labels),
        pairwise=pairwise,
    )
    if not spec.nested:
        require_room(spec.n_strata, spec.grid.size, 2 * len(spec.by))
    found: LogRankEstimate = sites.run("logrank", spec)
    if found.problem:
        raise EstimationError(f"{_lower_first(title(spec))}: {found.problem}")
    return LogRankResult(found)


def _require_powers(test: TestName, rho: float | None, gamma: float | None) -> None:
    given = {"rho": rho, "gamma": gamma}
    for name, value in given.items():
        if value is None:
            continue
        if test != "fleming-harrington":
            raise UsageError(f"{name}: belongs to test='fleming-harrington', not to test={test!r}")
        if not 0 <= value < float("inf"):
            raise UsageError(f"{name}: expected a number of 0 or more, got {value!r}")


def _scores(scores: Sequence[float], labels: Sequence[str]) -> tuple[float, ...]:
    if len(scores) != len(labels):
        raise UsageError(
            f"trend: expected {len(labels)} scores, one for each of {', '.join(labels)}; got {len(scores)}"
        )
    return tuple(float(score) for score in scores)


def _lower_first(text: str) -> str:
    return text[:1].lower() + text[1:] if text.startswith("Log-rank") else text
