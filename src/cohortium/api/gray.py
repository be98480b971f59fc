"""`gray_test`: Gray's test of equal cumulative incidence from a frame or a list of frames, one a site."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from cohortium.api.arguments import require_distinct, require_room
from cohortium.api.causes import take_causes
from cohortium.api.frames import Sites
from cohortium.errors import EstimationError, UsageError
from cohortium.estimators.competing.gray import CauseTest, GrayEstimate, GraySpec, tabulate
from cohortium.estimators.competing.gray.tabulate import title
from cohortium.estimators.contract import Task

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from cohortium.api.causes import Causes, Code
    from cohortium.api.frames import Frames
    from cohortium.results import Statistic

_NAME = "gray"


@dataclass(frozen=True)
class GrayResult:
    """Gray's test of every cause; a test that cannot be made is NaN and `warnings` says why."""

    estimate: GrayEstimate

    @property
    def tests(self) -> Mapping[str, CauseTest]:
        """Cause to its test: `statistic` is chi-square with `df` degrees of freedom, with `p_value`."""
        return {test.cause: test for test in self.estimate.tests}

    @property
    def n(self) -> int:
        """Rows used."""
        return int(self.estimate.n.sum())

    @property
    def n_missing(self) -> int:
        """Rows left out because time, event, group or stratum was not known."""
        return self.estimate.missing + self.estimate.missing_stratum

    @property
    def warnings(self) -> tuple[str, ...]:
        """Why a test could not be made."""
        return tuple(f"{test.cause}: {test.problem}" for test in self.estimate.tests if test.problem)

    def to_frame(self) -> pl.DataFrame:
        """A row per cause: events, chi-square, degrees of freedom, p-value."""
        rows = [(t.cause, int(t.n_events.sum()), t.statistic, t.df, t.p_value) for t in self.estimate.tests]
        schema = {
            "cause": pl.String,
            "events": pl.Int64,
            "statistic": pl.Float64,
            "df": pl.Int64,
            "p_value": pl.Float64,
        }
        return pl.DataFrame(rows, schema=schema, orient="row").fill_nan(None)

    def statistics(self) -> list[Statistic]:
        """The rows of the results table."""
        return tabulate(Task(_NAME, "gray", self.estimate.spec, _NAME), self.estimate)

    def __repr__(self) -> str:
        spec = self.estimate.spec
        strata = ", ".join(factor.name for factor in spec.strata)
        head = f"{title(spec)}{f' stratified by {strata}' if strata else ''}"
        lines = [f"{head}: {self.n} rows, {self.n_missing} rows left out"]
        for test in self.estimate.tests:
            found = test.problem or f"chi-square {test.statistic:.4f}, df {test.df}, p {test.p_value:.4g}"
            lines.append(f"  {test.cause}: {found}")
        return "\n".join(lines)


def gray_test(
    frame: Frames,
    *,
    time: str,
    event: str,
    by: str,
    strata: str | Sequence[str] | None = None,
    causes: Causes | None = None,
    censored: Code | None = None,
    rho: float = 0.0,
) -> GrayResult:
    r"""Test whether groups have the same cumulative incidence, for every cause.

    .. math:: \chi^2 = z^\top V^{-} z, \qquad z_g = \sum_t (1 - \hat F(t-))^\rho \{d_g - d\, R_g / R\}

    frame     polars or pandas frame, or a list of them, one a site
    time      column of follow-up times, 0 or more, any unit
    event     column with 0 for censoring and another whole number for each cause; or texts, with `censored`
    by        column whose values are the groups
    strata    column or columns whose combinations are the strata
    causes    `{1: "Relapse", 2: "Death"}`, or the codes in order; every code but that of censoring when left out
    censored  code or text of a censored follow-up; 0 when left out
    rho       power of one minus the pooled incidence by which times are weighted, 0 or more

    Returns a `GrayResult`.

    Leaves the site: rows by stratum, group, time and how the follow-up ended; scores with their covariance where strata
    lie inside sites.

    Raises
        UsageError: a column is missing or does not hold what is expected.
        EstimationError: no cause can be tested.

    References: Gray 1988.

    >>> import polars as pl
    >>> from cohortium import gray_test
    >>> frame = pl.DataFrame({"day": [1, 2, 3, 4, 5, 6], "end": [1, 2, 1, 0, 1, 2], "arm": ["A", "B"] * 3})
    >>> gray_test(frame, time="day", event="end", by="arm").tests["1"].df
    1
    """
    names = [strata] if isinstance(strata, str) else list(strata or ())
    if not (np.isfinite(rho) and rho >= 0):
        raise UsageError(f"rho: expected a number of 0 or more, got {rho!r}")
    require_distinct([time, event, by, *names])
    sites = Sites(frame, [time, event, by, *names])
    named = take_causes(sites, event, causes, censored)
    factors = tuple(sites.factor(name) for name in names)
    spec = GraySpec(
        time=time,
        event=event,
        grid=sites.counted_times(time),
        causes=tuple(named.values()),
        by=sites.factor(by, narrow=True),
        strata=factors,
        nested=bool(factors) and sites.lies_within_sites(factors),
        rho=float(rho),
    )
    if not spec.nested:
        require_room(spec.n_strata, spec.grid.size, (len(named) + 1) * len(spec.by))
    found = GrayResult(sites.run("gray", spec))
    if len(found.warnings) == len(named):
        raise EstimationError(f"Gray's test: {'; '.join(found.warnings)}")
    return found
