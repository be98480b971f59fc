r"""Weights of the times of a test of equal survival.

Each follows from the pooled rows of one stratum: n at risk and d events at each time, and the survival of all groups
together. Tests with a weight of 1 look for proportional hazards, those that weight early times for early differences.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import numpy as np

if TYPE_CHECKING:
    from cohortium.estimators.contract import Reals
    from cohortium.estimators.logrank.spec import LogRankSpec

TestName = Literal["logrank", "peto-peto", "peto-prentice", "fleming-harrington", "tarone-ware", "gehan-breslow"]

TITLES: dict[str, str] = {
    "logrank": "Log-rank test",
    "peto-peto": "Peto-Peto test",
    "peto-prentice": "Peto-Peto-Prentice test",
    "fleming-harrington": "Fleming-Harrington test",
    "tarone-ware": "Tarone-Ware test",
    "gehan-breslow": "Gehan-Breslow test",
}


def title(spec: LogRankSpec) -> str:
    """The test by name, `Fleming-Harrington test (rho = 1, gamma = 0)`."""
    name = TITLES[spec.test]
    return f"{name} (rho = {spec.rho:g}, gamma = {spec.gamma:g})" if spec.test == "fleming-harrington" else name


def time_weights(spec: LogRankSpec, n: np.ndarray, d: np.ndarray) -> Reals | None:
    """The weight of every time, shape (strata, times); None where all are 1.

    n, d   shape (strata, times): at risk and events of all groups together

    `peto-peto` is the survival just before the time (Fleming-Harrington with rho 1, R's survdiff); `peto-prentice` is
    the survival at the time with n + 1 for n, which is predictable too.
    """
    if spec.test == "logrank":
        return None
    if spec.test == "gehan-breslow":
        return n.astype(np.float64)
    if spec.test == "tarone-ware":
        return np.asarray(np.sqrt(n))
    if spec.test == "peto-prentice":
        return np.asarray(np.cumprod(1.0 - d / (n + 1.0), axis=-1))
    after = np.cumprod(1.0 - np.divide(d, n, out=np.zeros(n.shape), where=n > 0), axis=-1)
    before = np.concatenate([np.ones((*after.shape[:-1], 1)), after[..., :-1]], axis=-1)
    if spec.test == "peto-peto":
        return before
    return np.asarray(before**spec.rho * (1.0 - before) ** spec.gamma)
