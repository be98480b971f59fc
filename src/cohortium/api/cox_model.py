"""From the arguments of the Cox functions to sites with their arrays and to the specification of a model."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from cohortium.api.arguments import require_choice, require_distinct, require_known, require_level, require_room
from cohortium.api.causes import number_of, take_causes
from cohortium.api.frames import Sites
from cohortium.api.terms import factor_term, main_term, product_term
from cohortium.errors import UsageError
from cohortium.estimators.cox.firth.stage import firth_refusal
from cohortium.estimators.cox.spec import CoxSpec, Penalty
from cohortium.estimators.cox.ties import Ties

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from cohortium.api.causes import Code
    from cohortium.api.frames import Frames
    from cohortium.estimators.regression.terms import MainTerm


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
    mains |= {name: factor_term(sites, name, levels) for name in others if name not in mains}
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
