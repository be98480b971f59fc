"""A model as a whole: its tests as rows of the results table, and what a penalty took the place of."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from cohortium.estimators.distributions import chi_square_tail
from cohortium.estimators.regression.effects import FIRTH_PENALIZED

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cohortium.results import Statistic

NO_SCORE_TEST = "a penalized likelihood has no score test"


def instead_of_sentence(instead_of: Mapping[str, str]) -> str:
    """That a fit is penalized, and instead of which estimates by maximum likelihood, by name with the reason."""
    if not instead_of:
        return FIRTH_PENALIZED
    names = " and ".join(instead_of)
    estimates = "estimate" if len(instead_of) == 1 else "estimates"
    why = "; ".join(dict.fromkeys(instead_of.values()))
    verb = "does" if len(instead_of) == 1 else "do"
    return f"{FIRTH_PENALIZED}; the maximum-likelihood {estimates} of {names} {verb} not exist: {why}"


def test_pair(row: partial[Statistic], name: str, value: float, df: int, why: str) -> list[Statistic]:
    """A chi-square statistic with its p-value, or why there is none."""
    if not (np.isfinite(value) and df > 0):
        return [row(statistic=test, value=None, warning=why) for test in (name, f"{name}-p")]
    tail = chi_square_tail(value, df)
    return [row(statistic=name, value=value), row(statistic=f"{name}-p", value=tail, format="p")]
