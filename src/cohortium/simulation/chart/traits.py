"""Traits that are shared out over the whole consortium in exact numbers: age, sex, race, refractory disease."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from cohortium.simulation.design.model import Design
from cohortium.simulation.draws import Draws, normal_quantile
from cohortium.simulation.plan.model import Plan

_SPREAD_OF_AGE = 9.0
_YOUNGEST, _OLDEST = 34, 89


@dataclass(frozen=True, slots=True)
class Traits:
    """Who a patient is.

    is_penta_refractory   refractory to lenalidomide, pomalidomide, bortezomib, carfilzomib and an anti-CD38 antibody
    """

    age: int
    is_woman: bool
    is_non_white: bool
    is_penta_refractory: bool
    crs: bool
    icans: bool


def traits_of(design: Design, plans: Sequence[Plan], seed: int) -> list[Traits]:
    """Traits of all patients; shares are exact among those of the groups, and hold for extra sites in expectation."""
    columns: dict[str, list[float]] = {
        name: [0.0] * len(plans) for name in ("age", "woman", "race", "penta", "crs", "icans")
    }
    for is_extra in (False, True):
        members = [position for position, plan in enumerate(plans) if plan.seat.is_extra == is_extra]
        for name, column in columns.items():
            spread = Draws(seed, "traits", name, int(is_extra)).spread(len(members))
            ranked = _by_risk(plans, members, seed) if name == "penta" else members
            values = sorted(spread) if name == "penta" else spread
            for member, value in zip(ranked, values, strict=True):
                column[member] = value
    overall, toxicity = design.overall, design.toxicity
    return [
        Traits(
            age=min(
                max(round(overall.median_age + _SPREAD_OF_AGE * normal_quantile(columns["age"][position])), _YOUNGEST),
                _OLDEST,
            ),
            is_woman=columns["woman"][position] < overall.share_women,
            is_non_white=columns["race"][position] < overall.share_non_white,
            is_penta_refractory=columns["penta"][position] < overall.share_penta_refractory,
            crs=columns["crs"][position] < toxicity.crs,
            icans=columns["icans"][position] < toxicity.icans,
        )
        for position in range(len(plans))
    ]


def _by_risk(plans: Sequence[Plan], members: Sequence[int], seed: int) -> list[int]:
    """Patients with the worse course first, with much chance."""
    draws = Draws(seed, "refractory")
    score = {member: draws.normal(0, 1.5) - plans[member].risk for member in members}
    return sorted(members, key=lambda member: (score[member], member))
