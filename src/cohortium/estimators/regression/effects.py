"""Coefficients, and contrasts of coefficients, as rows of the results table."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from cohortium.estimators.distributions import normal_quantile, normal_two_sided
from cohortium.estimators.regression.fitted import Effect

if TYPE_CHECKING:
    from cohortium.estimators.contract import Reals
    from cohortium.estimators.regression.fitted import Fitted
    from cohortium.results import Statistic

ROBUST_ERRORS = "robust standard errors"
FIRTH_PENALIZED = "Firth penalized"
PROFILE_LIMITS = "profile likelihood limits"
NO_TEST = "the penalized likelihood without the coefficient was not maximized"
_FORMATS = ("statistic", "statistic", "ratio", "p")


def contrast_effect(estimate: Fitted, contrast: Reals) -> Effect:
    """A weighted sum of coefficients with its Wald limits.

    contrast  shape (p,)
    """
    used = np.flatnonzero(contrast)
    names = [estimate.spec.columns[j].name for j in used]
    refusals = list(dict.fromkeys(estimate.refusals[name] for name in names if name in estimate.refusals))
    if refusals:
        nan = float("nan")
        return Effect(nan, nan, nan, nan, nan, "", "; ".join(refusals))
    weights = contrast[used]
    value = float(weights @ estimate.coefficients[used])
    error = float(np.sqrt(weights @ estimate.covariance[np.ix_(used, used)] @ weights))
    half = normal_quantile(0.5 + estimate.spec.confidence / 2) * error
    return Effect(
        value, error, value - half, value + half, normal_two_sided(value / error), "Wald test", note=estimate.error_note
    )


def effect_rows(
    row: partial[Statistic], estimate: Fitted, effect: Effect, note: str = "", prefix: str = ""
) -> list[Statistic]:
    """Coefficient and standard error, and without a prefix ratio and p-value too.

    prefix   put before the names of coefficient and standard error, for columns without a meaning of their own
    """
    names = (f"{prefix}coefficient", f"{prefix}standard-error", estimate.ratio, "p-value")
    if effect.refusal:
        refused = partial(row, value=None, note=note, warning=effect.refusal)
        rows = [refused(statistic=name, format=form) for name, form in zip(names, _FORMATS, strict=True)]
    else:
        notes = "; ".join(filter(None, [note, effect.note]))
        limited = partial(row, confidence=estimate.spec.confidence, note=notes, warning=effect.caution)
        with np.errstate(over="ignore"):
            ratio, low, high = (_known(float(np.exp(x))) for x in (effect.value, effect.lower, effect.upper))
        p, why = _known(effect.p), "" if np.isfinite(effect.p) else effect.caution or NO_TEST
        rows = [
            limited(statistic=names[0], value=effect.value, lower=_known(effect.lower), upper=_known(effect.upper)),
            row(statistic=names[1], value=effect.standard_error, note=notes),
            limited(statistic=names[2], value=ratio, lower=low, upper=high, format="ratio"),
            row(statistic=names[3], value=p, format="p", note=effect.test, warning=why),
        ]
    return rows[:2] if prefix else rows


def _known(value: float) -> float | None:
    return value if np.isfinite(value) else None
