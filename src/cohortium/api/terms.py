"""From the names of columns to the terms of a regression."""

from __future__ import annotations

from itertools import combinations, pairwise
from typing import TYPE_CHECKING

import numpy as np

from cohortium.api.arguments import require_known
from cohortium.errors import UsageError
from cohortium.estimators.regression.terms import FactorTerm, NumberTerm, ProductTerm, SplineTerm, Term

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from cohortium.api.frames import Sites
    from cohortium.estimators.regression.terms import MainTerm


_KNOT_QUANTILES: Mapping[int, tuple[float, ...]] = {
    3: (0.1, 0.5, 0.9),
    4: (0.05, 0.35, 0.65, 0.95),
    5: (0.05, 0.275, 0.5, 0.725, 0.95),
    6: (0.05, 0.23, 0.41, 0.59, 0.77, 0.95),
    7: (0.025, 0.1833, 0.3417, 0.5, 0.6583, 0.8167, 0.975),
}
"""Harrell FE. Regression Modeling Strategies. 2nd ed. Springer; 2015, table 2.3."""


def main_term(
    sites: Sites, name: str, knots: Mapping[str, Sequence[float] | int], references: Mapping[str, str]
) -> MainTerm:
    """The term of a covariate: a spline where knots are given, a number, or a category."""
    if name in knots:
        if name in references:
            raise UsageError(f"references: {name} is a spline, which has no reference level")
        return SplineTerm(name, _knots(sites, name, knots[name]))
    if sites.is_number(name) and name not in references:
        sites.number(name)
        return NumberTerm(name)
    return factor_term(sites, name, references)


def factor_term(sites: Sites, name: str, references: Mapping[str, str]) -> FactorTerm:
    """The term of a category."""
    factor = sites.factor(name)
    reference = references.get(name, factor.labels[0] if factor.labels else "")
    if factor.labels and str(reference) not in factor.labels:
        raise UsageError(f"references: {name} has no level {reference!r}; it has {', '.join(factor.labels)}")
    return FactorTerm(factor, factor.labels.index(str(reference)) if factor.labels else 0)


def _knots(sites: Sites, name: str, given: Sequence[float] | int) -> tuple[float, ...]:
    """The knots, or that many at the usual quantiles of the values at hand."""
    columns = sites.number(name)
    if not isinstance(given, int):
        knots = tuple(float(knot) for knot in given)
    elif given in _KNOT_QUANTILES:
        values = np.concatenate([np.asarray(column, np.float64) for column in columns])
        known = values[~np.isnan(values)]
        knots = tuple(float(knot) for knot in np.quantile(known, _KNOT_QUANTILES[given])) if known.size else ()
    else:
        raise UsageError(f"splines: expected from 3 to 7 knots for {name}, or a list of them, got {given!r}")
    if len(knots) < 3 or any(after <= before for before, after in pairwise(knots)):
        raise UsageError(f"splines: expected at least 3 knots in ascending order for {name}, got {list(knots)}")
    return knots


def product_term(mains: Mapping[str, MainTerm], parts: Sequence[str], given: Sequence[Sequence[str]]) -> Term:
    """The interaction of some covariates; those of fewer of them must be given too."""
    if isinstance(parts, str) or len(set(parts)) < 2 or len(set(parts)) < len(parts):
        raise UsageError(
            f'interactions: expected lists of two or more covariates, such as [["age", "sex"]], got {parts!r}'
        )
    require_known("interactions", dict.fromkeys(parts, ""), list(mains))
    declared = {frozenset(one) for one in given}
    if sum(frozenset(one) == frozenset(parts) for one in given) > 1:
        raise UsageError(f"interactions: that of {' and '.join(parts)} is given twice")
    for size in range(2, len(parts)):
        for lower in combinations(parts, size):
            if frozenset(lower) not in declared:
                raise UsageError(
                    f"interactions: that of {', '.join(parts)} needs that of {' and '.join(lower)}; add {list(lower)!r}"
                )
    return ProductTerm(tuple(mains[name] for name in parts))
