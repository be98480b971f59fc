"""`cox`: proportional-hazards regression from a frame or a list of frames, one a site."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cohortium.api.cox_after import FittedRows
from cohortium.api.cox_model import Roles, cox_model
from cohortium.api.cox_result import CoxResult, LogLikelihood, Test
from cohortium.errors import EstimationError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from cohortium.api.causes import Code
    from cohortium.api.frames import Frames
    from cohortium.estimators.cox.estimate import CoxEstimate
    from cohortium.estimators.cox.spec import Penalty
    from cohortium.estimators.cox.ties import Ties

__all__ = ["CoxResult", "LogLikelihood", "Test", "cox"]


def cox(
    frame: Frames,
    *,
    time: str,
    event: str,
    covariates: Sequence[str],
    interactions: Sequence[Sequence[str]] = (),
    splines: Mapping[str, Sequence[float] | int] | None = None,
    references: Mapping[str, str] | None = None,
    strata: str | Sequence[str] | None = None,
    entry: str | None = None,
    weight: str | None = None,
    offset: str | None = None,
    cluster: str | None = None,
    robust: bool = False,
    ties: Ties = "efron",
    penalty: Penalty = "if-needed",
    confidence: float = 0.95,
    cause: Code | None = None,
    censored: Code | None = None,
) -> CoxResult:
    r"""Fit a proportional-hazards model by partial likelihood.

    .. math:: \lambda(t \mid x) = \lambda_0(t) \exp(x^\top \beta)

    frame         polars or pandas frame, or a list of them, one a site
    time          column of follow-up times, 0 or more, any unit
    event         column with 1 or true for an event, 0 or false for censoring
    covariates    columns: numbers enter as one term, texts and truth values as categories
    interactions  lists of covariates whose products enter too, e.g. [["age", "sex"]]
    splines       by column, the knots of a restricted cubic spline, or how many (3 to 7) at Harrell's quantiles
    references    reference level of a category by column, the first level where absent
    strata        column or columns whose combinations have their own baseline hazard
    entry         column of times at which rows come under observation: at risk from (entry, time]
    weight        column of case weights, such as those of `propensity`; rows of weight 0 are left out. Errors are then robust
    offset        column added to the linear predictor
    cluster       column of whole numbers that rows of one cluster share, each in one frame. Errors are then robust
    robust        True: standard errors are those of the sandwich estimator
    ties          `efron` or `breslow`
    penalty       `if-needed`: Firth's penalized likelihood when a coefficient has no finite estimate, and `warnings`
                  says so; `firth`: always; `none`: never, such a coefficient is then NaN with its reason
    confidence    confidence level, between 0 and 1
    cause         code of the cause whose hazard is modeled, where `event` holds a code for each of several causes;
                  follow-up that ends with another one is censored
    censored      code or text of a censored follow-up, with `cause`; 0 when left out

    Returns a `CoxResult`; rows with an unknown value are left out and counted.

    Leaves the site: sums of covariates; then, each round, a score vector and an information matrix where strata
    lie inside sites, otherwise sums of relative hazards and of weighted covariates by time.

    Raises
        UsageError: a column is missing or does not hold what is expected.
        EstimationError: no rows, no events, or no convergence.

    References: Cox 1972; Efron 1977; Breslow 1974; Lin and Wei 1989; Heinze and Schemper 2001.

    >>> import polars as pl
    >>> from cohortium import cox
    >>> frame = pl.DataFrame({"day": [1, 1, 6, 6, 8, 9], "died": [1, 0, 1, 1, 0, 1], "x": [1, 1, 1, 0, 0, 0]})
    >>> round(cox(frame, time="day", event="died", covariates=["x"]).coefficients["x"], 6)
    1.676857
    """
    model = cox_model(
        frame,
        Roles(time, event, entry, weight, offset, cluster),
        covariates,
        interactions=interactions,
        splines=splines,
        references=references,
        strata=strata,
        ties=ties,
        penalty=penalty,
        robust=robust,
        confidence=confidence,
        cause=cause,
        censored=censored,
    )
    found: CoxEstimate = model.sites.run("cox", model.spec)
    if found.problem:
        raise EstimationError(f"Cox model: {found.problem}")
    return CoxResult(FittedRows(found, model.sites.rows()))
