"""`bootstrap_cox`: percentile intervals of a Cox model from refits on resampled rows."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from cohortium.api.cox import cox
from cohortium.api.frames import run_on
from cohortium.errors import UsageError
from cohortium.estimators.contract import Rows
from cohortium.estimators.cox.bootstrap import Start, drawn_rows, fit_replicates, risk_order
from cohortium.estimators.cox.usable import choose_rows, usable_rows

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from cohortium.api.cox_result import CoxResult
    from cohortium.api.frames import Frame
    from cohortium.estimators.contract import Integers, Reals
    from cohortium.estimators.cox.spec import CoxSpec
    from cohortium.estimators.cox.ties import Ties

MOST_REPLICATES = 1_000_000


@dataclass(frozen=True)
class CoxBootstrap:
    """A Cox model with its replicates.

    fit        the model of all rows
    replicates shape (replicates, p): coefficients of each replicate, NaN where it has no finite estimate
    seed       with which the same replicates are drawn again
    """

    fit: CoxResult
    replicates: Reals
    seed: int

    @property
    def n_finite(self) -> Mapping[str, int]:
        """Name to the number of replicates with a finite estimate of the coefficient."""
        return dict(zip(self.fit.names, np.isfinite(self.replicates).sum(axis=0).tolist(), strict=True))

    @property
    def warnings(self) -> tuple[str, ...]:
        """Coefficients without a finite estimate in all rows or in some replicates."""
        total = len(self.replicates)
        lacking = [
            f"{name}: {total - n:,} of {total:,} replicates have no finite estimate; limits are from the other {n:,}"
            for name, n in self.n_finite.items()
            if n < total
        ]
        return (*self.fit.warnings, *lacking)

    def to_frame(self) -> pl.DataFrame:
        """A row per coefficient: coefficient, bootstrap standard error, hazard ratio, percentile limits, replicates.

        The limits are quantiles of the finite replicates, interpolated between order statistics.
        """
        tail = (1 - self.fit.estimate.spec.confidence) / 2
        rows = []
        for name, found in zip(self.fit.names, self.replicates.T, strict=True):
            finite, estimate = found[np.isfinite(found)], self.fit.coefficients[name]
            error = float(finite.std(ddof=1)) if finite.size > 1 else None
            limits = np.exp(np.quantile(finite, [tail, 1 - tail])).tolist() if finite.size > 1 else [None, None]
            known = bool(np.isfinite(estimate))
            value = (estimate, error, float(np.exp(estimate)), *limits) if known else (None,) * 5
            rows.append((name, *value, finite.size))
        names = ("coefficient", "standard_error", "hazard_ratio", "lower", "upper")
        schema = {"name": pl.String, **dict.fromkeys(names, pl.Float64), "n_replicates": pl.Int64}
        return pl.DataFrame(rows, schema=schema, orient="row")


def bootstrap_cox(
    frame: Frame,
    *,
    time: str,
    event: str,
    covariates: Sequence[str],
    strata: str | Sequence[str] | None = None,
    references: Mapping[str, str] | None = None,
    ties: Ties = "efron",
    confidence: float = 0.95,
    replicates: int = 1000,
    seed: int | None = None,
) -> CoxBootstrap:
    """Refit a Cox model on rows drawn with replacement.

    frame       polars or pandas frame of one site: rows are drawn, which is not a sum, so they must be at hand
    replicates  number of refits, at least 2
    seed        whole number of 0 or more; drawn at random, and returned, when not given

    The other arguments are those of `cox`. Returns a `CoxBootstrap`.

    Leaves the site: nothing; all rows are local.

    Raises
        UsageError: more than one frame is given, or a column is missing or does not hold what is expected.
        EstimationError: no rows, no events, or no convergence with all rows.

    References: Efron 1981; Efron and Tibshirani 1986.

    >>> import polars as pl
    >>> from cohortium import bootstrap_cox
    >>> frame = pl.DataFrame({"day": range(1, 41), "died": [1, 0] * 20, "x": [0, 1, 1, 0, 2, 0, 1, 2] * 5})
    >>> found = bootstrap_cox(frame, time="day", event="died", covariates=["x"], replicates=200, seed=1)
    >>> found.replicates.shape, found.n_finite["x"]
    ((200, 1), 200)
    """
    if isinstance(frame, list | tuple) and len(frame) != 1:
        raise UsageError(
            "the bootstrap draws rows, so it needs them in one frame; for sites that keep their rows use `cox`"
        )
    if not 2 <= replicates <= MOST_REPLICATES:
        raise UsageError(f"replicates: expected 2 to {MOST_REPLICATES:,}, got {replicates}")
    if seed is not None and seed < 0:
        raise UsageError(f"seed: expected a whole number of 0 or more, got {seed}")
    chosen = secrets.randbits(32) if seed is None else seed
    model: dict[str, Any] = {"time": time, "event": event, "covariates": covariates, "strata": strata, "ties": ties}
    fitted = cox(frame, references=references, confidence=confidence, penalty="none", **model)
    spec = fitted.estimate.spec
    rows = fitted.fitted.rows[0]
    choice = choose_rows(rows, spec)
    usable = usable_rows(rows, spec, choice)
    at = np.arange(rows.n)[choice.keep]
    if np.isfinite(fitted.estimate.coefficients).all():
        order = risk_order(usable, spec.grid.size)
        start = Start(fitted.estimate.coefficients, fitted.estimate.covariance)
        coefficients, unsure = fit_replicates(order, at.size, replicates, chosen, ties, start)
    else:
        coefficients, unsure = np.empty((replicates, len(spec.columns))), np.arange(replicates)
    for replicate in unsure.tolist():
        coefficients[replicate] = _alone(rows, spec, at[drawn_rows(at.size, chosen, replicate)])
    coefficients.flags.writeable = False
    return CoxBootstrap(fitted, coefficients, chosen)


def _alone(rows: Rows, spec: CoxSpec, at: Integers) -> Reals:
    """Coefficients of one replicate by the ordinary fit, NaN where there is no finite estimate."""
    drawn = Rows(
        at.size,
        {name: rows.numbers[name][at] for name in spec.numbers},
        {factor.name: rows.codes[factor.name][at] for factor in spec.factors},
    )
    return np.asarray(run_on([drawn], "cox", spec).coefficients)
