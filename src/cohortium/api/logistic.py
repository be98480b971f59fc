"""`logistic`: regression of a binary outcome from a frame or a list of frames, one a site."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cohortium.api.arguments import require_choice, require_distinct, require_known, require_level
from cohortium.api.frames import Sites
from cohortium.api.logistic_result import LogisticResult
from cohortium.api.terms import main_term, product_term
from cohortium.errors import EstimationError, UsageError
from cohortium.estimators.cox.spec import Penalty
from cohortium.estimators.logistic.spec import Errors, Interval, LogisticSpec

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from cohortium.api.frames import Frames
    from cohortium.estimators.logistic.estimate import LogisticEstimate

__all__ = ["LogisticResult", "logistic"]

MOST_CONSTANTS = 500
"""Strata with a constant each; the information matrix holds their square."""


def logistic(
    frame: Frames,
    *,
    outcome: str,
    covariates: Sequence[str],
    interactions: Sequence[Sequence[str]] = (),
    splines: Mapping[str, Sequence[float] | int] | None = None,
    references: Mapping[str, str] | None = None,
    strata: str | Sequence[str] | None = None,
    conditional: bool = False,
    weight: str | None = None,
    offset: str | None = None,
    penalty: Penalty = "if-needed",
    interval: Interval | None = None,
    firth_errors: Errors = "information",
    confidence: float = 0.95,
) -> LogisticResult:
    r"""Fit a logistic model by maximum likelihood, or by Firth's penalized likelihood.

    .. math:: \log \frac{P(y = 1 \mid x)}{P(y = 0 \mid x)} = \alpha + x^\top \beta

    frame         polars or pandas frame, or a list of them, one a site
    outcome       column with 1 or true for an event, 0 or false for none
    covariates    columns: numbers enter as one term, texts and truth values as categories
    interactions  lists of covariates whose products enter too, e.g. [["age", "sex"]]
    splines       by column, the knots of a restricted cubic spline, or how many (3 to 7) at Harrell's quantiles
    references    reference level of a category by column, the first level where absent
    strata        column or columns whose combinations have each a constant of their own
    conditional   True: the exact likelihood given the number of events of each stratum, as R's clogit; no stratum may
                  have rows in two frames
    weight        column of weights, each as if a row occurred that often; rows of weight 0 are left out
    offset        column added to the linear predictor
    penalty       `if-needed`: Firth's penalized likelihood when a coefficient has no finite estimate, and `warnings`
                  says so; `firth`: always; `none`: never, such a coefficient is then NaN with its reason
    interval      `wald` or `profile` (profile likelihood, with likelihood-ratio p-values); when None, profile likelihood
                  for a penalized fit and Wald for others
    firth_errors  standard errors of a penalized fit: from the inverse `information`, or of the `augmented` data as in
                  R's logistf
    confidence    confidence level, between 0 and 1

    Returns a `LogisticResult`; rows with an unknown value are left out and counted.

    Leaves the site: sums of covariates; then, each round, log likelihood, score vector and information matrix at some
    coefficients.

    Raises
        UsageError: a column is missing or does not hold what is expected.
        EstimationError: no rows, one outcome only, or no convergence.

    References: Firth 1993; Heinze and Schemper 2002; Venzon and Moolgavkar 1988; Gail, Lubin and Rubinstein 1981.

    >>> import polars as pl
    >>> from cohortium import logistic
    >>> frame = pl.DataFrame({"y": [1, 0, 1, 1, 0, 0, 1, 0], "x": [1, 1, 1, 0, 0, 0, 1, 0]})
    >>> round(logistic(frame, outcome="y", covariates=["x"]).coefficients["x"], 6)
    2.197225
    """
    if not covariates or isinstance(covariates, str):
        raise UsageError('covariates: expected a list of column names, such as ["age", "sex"]')
    strata_names = [strata] if isinstance(strata, str) else list(strata or ())
    _require_choices(penalty, interval, firth_errors, confidence)
    columns = [*filter(None, (outcome, weight, offset)), *covariates, *strata_names]
    require_distinct(columns)
    require_known("references", references or {}, covariates)
    require_known("splines", splines or {}, covariates)
    sites = Sites(frame, columns)
    sites.event(outcome)
    _take(sites, weight, offset)
    knots, levels = dict(splines or {}), dict(references or {})
    mains = {name: main_term(sites, name, knots, levels) for name in covariates}
    products = [product_term(mains, parts, interactions) for parts in interactions]
    spec = LogisticSpec(
        outcome=outcome,
        terms=(*mains.values(), *products),
        strata=tuple(sites.factor(name) for name in strata_names),
        conditional=conditional,
        weight=weight or "",
        offset=offset or "",
        penalty=penalty,
        interval=interval,
        errors=firth_errors,
        confidence=confidence,
    )
    _require_sense(sites, spec)
    found: LogisticEstimate = sites.run("logistic", spec)
    if found.problem:
        raise EstimationError(f"Logistic model: {found.problem}")
    return LogisticResult(found, sites.rows())


def _require_choices(penalty: object, interval: object, firth_errors: object, confidence: float) -> None:
    require_choice("penalty", penalty, Penalty)
    if interval is not None:
        require_choice("interval", interval, Interval)
    require_choice("firth_errors", firth_errors, Errors)
    require_level(confidence)


def _take(sites: Sites, weight: str | None, offset: str | None) -> None:
    for name in (weight, offset):
        if name is not None:
            sites.number(name)
    if weight is not None and any(bool((column < 0).any()) for column in sites.number(weight)):
        raise UsageError(f"column {weight}: expected weights of 0 or more; there are negative ones")


def _require_sense(sites: Sites, spec: LogisticSpec) -> None:
    if not spec.columns:
        raise UsageError("covariates: every category has a single level, so there is nothing to estimate")
    if not spec.conditional:
        if spec.n_strata > MOST_CONSTANTS:
            raise UsageError(
                f"strata: {spec.n_strata} strata would need that many constants; set conditional=True instead"
            )
        return
    if not sites.lies_within_sites(spec.strata):
        raise UsageError("conditional: a stratum has rows in two frames; put each stratum into one frame")
    if spec.weight or spec.penalty == "firth":
        raise UsageError("conditional: neither weights nor Firth's penalty are defined for the conditional likelihood")
