"""Seats of a consortium: groups, prior therapy and response in exact counts, dealt over the sites."""

from __future__ import annotations

from cohortium.simulation.design.model import Design, Group, Plasmacytoma
from cohortium.simulation.draws import Draws
from cohortium.simulation.plan.model import Seat

_Part = tuple[Plasmacytoma, str, bool]


def seats_of(design: Design, seed: int) -> tuple[Seat, ...]:
    """Every patient of the design, then those of the extra sites; sites in the design's order."""
    draws = Draws(seed, "seats")
    parts = iter(draws.shuffled(_parts(design, draws)))
    extra = Draws(seed, "extra seats")
    weights = dict.fromkeys(_parts(design, Draws(seed, "seats")), 1.0)
    seats: list[Seat] = []
    for site in design.site:
        for _ in range(site.n_patients):
            group, kind, responds = extra.pick(weights) if site.is_extra else next(parts)
            seats.append(Seat(len(seats) + 1, site.id, group, kind, responds, site.is_extra))
    return tuple(seats)


def _parts(design: Design, draws: Draws) -> list[_Part]:
    kinds = iter(draws.shuffled([kind for kind, n in design.prior_bcma.counts().items() for _ in range(n)]))
    parts: list[_Part] = []
    for group in design.group:
        for has_prior, n, n_responders in _halves(group):
            for position in range(n):
                kind = next(kinds) if has_prior else ""
                parts.append((group.plasmacytoma, kind, position < n_responders))
    return parts


def _halves(group: Group) -> list[tuple[bool, int, int]]:
    return [
        (True, group.n_prior_bcma, group.responders_prior_bcma),
        (False, group.n_no_prior_bcma, group.responders_no_prior_bcma),
    ]
