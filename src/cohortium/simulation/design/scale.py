"""The built-in design for another number of patients or sites: counts in proportion, adding up exactly."""

from __future__ import annotations

from collections.abc import Sequence

from cohortium.errors import UsageError
from cohortium.simulation.design.model import Design, Group, PriorBcma, SimulatedSite

_FEWEST = 30


def scaled(design: Design, n_patients: int | None, n_sites: int | None) -> Design:
    """The design with other numbers.

    n_patients   patients of the groups, at least 30
    n_sites      sites that contribute them; those that the gate excludes stay as they are

    Raises
        UsageError: fewer patients than 30, or fewer than sites.
    """
    if n_patients is None and n_sites is None:
        return design
    n = design.n_patients if n_patients is None else n_patients
    wanted = sum(not site.is_extra for site in design.site) if n_sites is None else n_sites
    if n < _FEWEST or not 1 <= wanted <= min(n, 200):
        raise UsageError(f"expected at least {_FEWEST} patients, and from 1 to {min(n, 200)} sites")
    groups = _groups(design.group, n)
    n_prior = sum(group.n_prior_bcma for group in groups)
    kinds = design.prior_bcma.counts()
    prior = dict(zip(kinds, shared_out(list(kinds.values()), n_prior), strict=True))
    raw = design.model_dump()
    return Design.model_validate(
        {**raw, "group": groups, "prior_bcma": PriorBcma(**prior), "site": _sites(design, wanted, n)}
    )


def shared_out(weights: Sequence[float], total: int) -> list[int]:
    """Whole numbers in proportion to the weights that add up to the total (largest remainders)."""
    sum_of_weights = sum(weights) or 1
    exact = [total * weight / sum_of_weights for weight in weights]
    counts = [int(share) for share in exact]
    by_remainder = sorted(range(len(exact)), key=lambda place: (counts[place] - exact[place], place))
    for place in by_remainder[: total - sum(counts)]:
        counts[place] += 1
    return counts


def _groups(groups: Sequence[Group], n: int) -> tuple[Group, ...]:
    cells = [count for group in groups for count in (group.n_prior_bcma, group.n_no_prior_bcma)]
    counts = shared_out(cells, n)
    scaled_groups = []
    for place, group in enumerate(groups):
        with_prior, without = counts[2 * place], counts[2 * place + 1]
        scaled_groups.append(
            group.model_copy(
                update={
                    "n_prior_bcma": with_prior,
                    "n_no_prior_bcma": without,
                    "responders_prior_bcma": round(
                        with_prior * group.responders_prior_bcma / max(group.n_prior_bcma, 1)
                    ),
                    "responders_no_prior_bcma": round(
                        without * group.responders_no_prior_bcma / max(group.n_no_prior_bcma, 1)
                    ),
                }
            )
        )
    return tuple(scaled_groups)


def _sites(design: Design, wanted: int, n: int) -> tuple[SimulatedSite, ...]:
    inside = [site for site in design.site if not site.is_extra]
    extra = tuple(site for site in design.site if site.is_extra)
    pattern = [inside[place % len(inside)] for place in range(wanted)]
    # Everybody gets one patient first, so that no site is empty.
    sizes = [1 + more for more in shared_out([site.n_patients for site in pattern], n - wanted)]
    sites = [
        site.model_copy(
            update={"id": f"site-{place:02d}", "n_patients": size, "name": _name(site.name, place, len(inside))}
        )
        for place, (site, size) in enumerate(zip(pattern, sizes, strict=True), start=1)
    ]
    later = [site.model_copy(update={"id": f"site-{wanted + place:02d}"}) for place, site in enumerate(extra, start=1)]
    return (*sites, *later)


def _name(name: str, place: int, n_names: int) -> str:
    return name if place <= n_names else f"{name} {(place - 1) // n_names + 1}"
