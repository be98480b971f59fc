"""The level that each measure of the disease gives by itself."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from cohortium.derivations.response.amounts import UNKNOWN, Flags, Whole, has_fallen, is_amount, known
from cohortium.derivations.response.baseline import Baseline, Measures
from cohortium.derivations.response.criteria import Criteria
from cohortium.derivations.response.lowest import last_known
from cohortium.derivations.response.visits import NEGATIVE, NOTHING, POSITIVE, Visits

NE, SD, MR, PR, VGPR, CR, SCR, PD = range(8)
LEVEL_NAMES = ("NE", "SD", "MR", "PR", "VGPR", "CR", "sCR", "PD")
"""Categories in the order in which confirmation compares them."""

NOT_GIVEN = -1
"""The measure was not taken, or has no baseline to be compared with."""

_ABSENT, _PRESENT = 1, 2


@dataclass(frozen=True, slots=True)
class Components:
    """Levels by single measures, SD to CR or `NOT_GIVEN`; (m,) each.

    plasmacytoma        of those measured at the visit
    plasmacytoma_limit  the best level that the plasmacytomas, as last measured, allow
    no_plasmacytoma     those of baseline were not measured again
    """

    serum: Whole
    urine: Whole
    flc: Whole
    marrow: Whole
    plasmacytoma: Whole
    plasmacytoma_limit: Whole
    no_plasmacytoma: Flags


def components_of(visits: Visits, measures: Measures, baseline: Baseline, criteria: Criteria) -> Components:
    """The level of each measure at each visit."""
    patient = visits.patient
    start = {name: getattr(baseline.measures, name)[patient] for name in Measures.__slots__}
    limit, missing = _limit(visits, measures, baseline, start["plasmacytoma"], criteria)
    spd = measures.plasmacytoma
    by_size = _by_size(spd, start["plasmacytoma"], criteria)
    return Components(
        serum=_serum(measures.serum, start["serum"], visits.findings["serum-immunofixation"], criteria),
        urine=_urine(measures.urine, start["urine"], visits.findings["urine-immunofixation"], criteria),
        flc=_light_chains(measures.dflc, start["dflc"], criteria),
        marrow=_marrow(measures.marrow, start["marrow"], criteria),
        plasmacytoma=np.where(known(spd, start["plasmacytoma"]), np.where(spd == 0, CR, by_size), NOT_GIVEN),
        plasmacytoma_limit=limit,
        no_plasmacytoma=missing,
    )


def _serum(amount: Whole, start: Whole, immunofixation: Whole, criteria: Criteria) -> Whole:
    """By serum M-protein: not seen on electrophoresis is VGPR, and not by immunofixation either is CR."""
    level = np.select(
        [
            (amount == 0) | has_fallen(criteria.vgpr_serum_fall, amount, start),
            has_fallen(criteria.pr_serum_fall, amount, start),
            has_fallen(criteria.mr_serum_fall, amount, start),
            known(amount),
        ],
        [VGPR, PR, MR, SD],
        NOT_GIVEN,
    )
    return _immunofixed(level, immunofixation)


def _urine(amount: Whole, start: Whole, immunofixation: Whole, criteria: Criteria) -> Whole:
    """By urine M-protein: two of its thresholds are amounts, whatever the baseline was."""
    level = np.select(
        [
            is_amount(criteria.vgpr_urine, amount),
            is_amount(criteria.pr_urine, amount) | has_fallen(criteria.pr_urine_fall, amount, start),
            has_fallen(criteria.mr_urine_fall, amount, start),
            known(amount),
        ],
        [VGPR, PR, MR, SD],
        NOT_GIVEN,
    )
    return _immunofixed(level, immunofixation)


def _immunofixed(level: Whole, immunofixation: Whole) -> Whole:
    """A negative immunofixation makes CR of VGPR, or stands for an amount not measured; it does not outweigh an amount."""
    is_negative = (immunofixation == NEGATIVE) & ((level == VGPR) | (level == NOT_GIVEN))
    return np.where(is_negative, CR, level)


def _light_chains(amount: Whole, start: Whole, criteria: Criteria) -> Whole:
    """By involved minus uninvolved light chains; there is no MR."""
    very_good = has_fallen(criteria.vgpr_flc_fall, amount, start)
    partial = has_fallen(criteria.pr_flc_fall, amount, start)
    return np.select([very_good, partial, known(amount)], [VGPR, PR, SD], NOT_GIVEN)


def _marrow(amount: Whole, start: Whole, criteria: Criteria) -> Whole:
    """By marrow plasma cells; there is neither MR nor VGPR."""
    return np.select([has_fallen(criteria.pr_marrow_fall, amount, start), known(amount)], [PR, SD], NOT_GIVEN)


def _by_size(amount: Whole, start: Whole, criteria: Criteria) -> Whole:
    """By the size of plasmacytomas that are not gone; IMWG has no VGPR of its own for them."""
    partial = has_fallen(criteria.pr_plasmacytoma_fall, amount, start)
    wanted = criteria.vgpr_plasmacytoma_fall
    very_good = partial if wanted is None else partial & has_fallen(wanted, amount, start)
    minimal = has_fallen(criteria.mr_plasmacytoma_fall, amount, start)
    return np.select([very_good, partial, minimal], [VGPR, PR, MR], SD)


def _limit(
    visits: Visits, measures: Measures, baseline: Baseline, start: Whole, criteria: Criteria
) -> tuple[Whole, Flags]:
    """The best level that plasmacytomas allow as last measured, and whether those of baseline were not measured again."""
    patient, spd = visits.patient, measures.plasmacytoma
    is_seen = visits.findings["plasmacytoma"] >= POSITIVE
    seen = np.where(known(spd), np.where(spd > 0, _PRESENT, _ABSENT), np.where(is_seen, _PRESENT, NOTHING))
    status = last_known(seen, patient, NOTHING)
    last = last_known(spd, patient, UNKNOWN)
    had = baseline.had_plasmacytoma[patient]
    is_measured = known(last, start) & (last > 0) & (start > 0)
    by_size = np.where(had & is_measured, _by_size(last, start, criteria), VGPR)
    limit = np.select([status == _ABSENT, status == _PRESENT], [SCR, by_size], SCR)
    missing: Flags = had & (status != _ABSENT) & ~is_measured
    return limit, missing
