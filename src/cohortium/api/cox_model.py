"""From the arguments of the Cox functions to sites with their arrays and to the specification of a model."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations, pairwise
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from cohortium.api.arguments import require_choice, require_distinct, require_known, require_level, require_room
from cohortium.api.causes import number_of, take_causes
from cohortium.api.frames import Sites
from cohortium.errors import UsageError
from cohortium.estimators.cox.firth.stage import firth_refusal
from cohortium.estimators.cox.spec import CoxSpec, FactorTerm, NumberTerm, Penalty, ProductTerm, SplineTerm, Term
from cohortium.estimators.cox.ties import Ties

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from cohortium.api.causes import Code
    from cohortium.api.frames import Frames
    from cohortium.estimators.regression.terms import MainTerm

_KNOT_QUANTILES: Mapping[int, tuple[float, ...]] = {
    3: (0.1, 0.5, 0.9),
    4: (0.05, 0.35, 0.65, 0.95),
    5: (0.05, 0.275, 0.5, 0.725, 0.95),
    6: (0.05, 0.23, 0.41, 0.59, 0.77, 0.95),
    7: (0.025, 0.1833, 0.3417, 0.5, 0.6583, 0.8167, 0.975),
}
"""Harrell FE. Regression Modeling Strategies. 2nd ed. Springer; 2015, table 2.3."""


class Roles(NamedTuple):
    """Columns that are no covariates."""

    time: str
    event: str
    entry: str | None = None
    weight: str | None = None
    offset: str | None = None
    cluster: str | None = None


@dataclass(frozen=True)
class Model:
    """The terms of a model with what all its fits share; `spec` is that of all terms together."""

    sites: Sites
    spec: CoxSpec
    mains: Mapping[str, MainTerm]


def cox_model(
    frame: Frames,
    roles: Roles,
    covariates: Sequence[str],
    *,
    interactions: Sequence[Sequence[str]] = (),
    splines: Mapping[str, Sequence[float] | int] | None = None,
    references: Mapping[str, str] | None = None,
    strata: str | Sequence[str] | None = None,
    others: Sequence[str] = (),
    ties: Ties = "efron",
    penalty: Penalty = "if-needed",
    robust: bool = False,
    confidence: float = 0.95,
    cause: Code | None = None,
    censored: Code | None = None,
) -> Model:
    """The model that the arguments of `cox` describe.

    others   more columns to take as categories
    cause    code of the cause that is the event, where the event column tells causes apart; None for 0 and 1
    censored code of a censored follow-up, where there is a cause; 0 when None
    """
    if not covariates or isinstance(covariates, str):
        raise UsageError('covariates: expected a list of column names, such as ["age", "sex"]')
    strata_names = [strata] if isinstance(strata, str) else list(strata or ())
    require_choice("ties", ties, Ties)
    require_choice("penalty", penalty, Penalty)
    require_level(confidence)
    columns = [*(name for name in roles if name), *covariates, *strata_names]
    require_distinct(columns)
    require_known("references", references or {}, [*covariates, *others])
    require_known("splines", splines or {}, covariates)
    sites = Sites(frame, list(dict.fromkeys([*columns, *others])))
    number = _event_number(sites, roles.event, cause, censored)
    _take_roles(sites, roles)
    knots, levels = dict(splines or {}), dict(references or {})
    mains = {name: main_term(sites, name, knots, levels) for name in covariates}
    mains |= {name: _factor(sites, name, levels) for name in others if name not in mains}
    products = [product_term(mains, parts, interactions) for parts in interactions]
    factors = tuple(sites.factor(name) for name in strata_names)
    spec = CoxSpec(
        time=roles.time,
        event=roles.event,
        grid=sites.time(roles.time, roles.entry),
        terms=(*(mains[name] for name in covariates), *products),
        strata=factors,
        nested=sites.lies_within_sites(factors),
        ties=ties,
        confidence=confidence,
        entry=roles.entry or "",
        weight=roles.weight or "",
        offset=roles.offset or "",
        cluster=roles.cluster or "",
        robust=robust,
        penalty=penalty,
        cause=number,
    )
    _require_sense(spec)
    return Model(sites, spec, mains)


def _event_number(sites: Sites, event: str, cause: Code | None, censored: Code | None) -> int:
    """Take the event column, and say which of its numbers is the event."""
    if cause is not None:
        return number_of(take_causes(sites, event, None, censored), cause)
    if censored is not None:
        raise UsageError("censored: belongs to a cause; name the cause that is the event in cause")
    sites.event(event)
    return 1


def _take_roles(sites: Sites, roles: Roles) -> None:
    for name in (roles.weight, roles.offset):
        if name is not None:
            sites.number(name)
    if roles.weight is not None and any(bool((column < 0).any()) for column in sites.number(roles.weight)):
        raise UsageError(f"column {roles.weight}: expected weights of 0 or more; there are negative ones")
    if roles.cluster is not None:
        sites.cluster(roles.cluster)


def _require_sense(spec: CoxSpec) -> None:
    if not spec.columns:
        raise UsageError("covariates: every category has a single level, so there is nothing to estimate")
    if spec.penalty == "firth" and (reason := firth_refusal(spec)):
        raise UsageError(f"penalty: {reason}")
    if not spec.nested:
        require_room(spec.n_strata, spec.grid.size, 2 * len(spec.columns) + 2)


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
    return _factor(sites, name, references)


def _factor(sites: Sites, name: str, references: Mapping[str, str]) -> FactorTerm:
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
