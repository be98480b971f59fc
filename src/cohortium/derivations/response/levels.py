"""The response at each visit, progression apart: the lowest level of all measures, one lower where a test is missing."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from cohortium.derivations.response.amounts import UNKNOWN, Flags, Whole, is_amount, is_ratio, known
from cohortium.derivations.response.baseline import (
    BM,
    FLC,
    KAPPA,
    LAMBDA,
    NO_TRACK,
    NONE,
    PLASMACYTOMA,
    SU,
    Baseline,
    Measures,
    S,
    U,
)
from cohortium.derivations.response.components import (
    CR,
    LEVEL_NAMES,
    MR,
    NE,
    NOT_GIVEN,
    PR,
    SCR,
    SD,
    VGPR,
    Components,
    components_of,
)
from cohortium.derivations.response.criteria import Criteria
from cohortium.derivations.response.lowest import last_known
from cohortium.derivations.response.options import Options
from cohortium.derivations.response.visits import NEGATIVE, NOTHING, Visits


@dataclass(frozen=True, slots=True)
class Judged:
    """The response of each visit, progression apart, and what kept it from being better; (m,) each.

    level                 NE to sCR
    no_other_m_protein    the M-protein that is not tracked was not measured, so not VGPR
    no_immunofixation     VGPR by measure; not immunofixed, so not CR
    no_marrow             CR but for the marrow, which was not examined
    has_cells             CR but for the plasma cells in marrow
    has_plasmacytoma      CR but for a plasmacytoma
    held_by_plasmacytoma  better but for plasmacytomas that did not shrink by enough
    no_tracked            one of serum and urine, both tracked, was not measured: one level lower
    no_plasmacytoma       the plasmacytomas of baseline were not measured again: one level lower
    not_stringent         CR; the light chain ratio or clonality was not tested or is not normal
    """

    level: Whole
    no_other_m_protein: Flags
    no_immunofixation: Flags
    no_marrow: Flags
    has_cells: Flags
    has_plasmacytoma: Flags
    held_by_plasmacytoma: Flags
    no_tracked: Flags
    no_plasmacytoma: Flags
    not_stringent: Flags


def judge(visits: Visits, measures: Measures, baseline: Baseline, options: Options) -> Judged:
    """The response of each visit, progression apart."""
    criteria, patient = options.criteria, visits.patient
    track = baseline.track[patient]
    parts = components_of(visits, measures, baseline, criteria)
    is_normal = _is_normal_ratio(measures, criteria)
    own = np.minimum(_own(track, parts), VGPR)
    is_complete = _passes_laboratory(track, parts, is_normal)
    level = np.where(is_complete, CR, np.where(own == NOT_GIVEN, NE, own))
    level = np.where(np.isin(track, (NONE, NO_TRACK)), NE, level)
    marrow = last_known(measures.marrow, patient, UNKNOWN)
    has_cells = known(marrow) & ~is_amount(criteria.cr_marrow, marrow)
    level = np.minimum(level, np.where(has_cells, VGPR, SCR))
    limit = np.where(track == PLASMACYTOMA, SCR, parts.plasmacytoma_limit)
    is_held = (level > limit) & ~is_complete
    level = np.minimum(level, limit)
    is_judged = level > NE
    no_marrow = (level == CR) & ~known(marrow) & (options.marrow_for_cr == "required")
    no_tracked = (track == SU) & is_judged & ((parts.serum == NOT_GIVEN) | (parts.urine == NOT_GIVEN))
    no_plasmacytoma = parts.no_plasmacytoma & (track != PLASMACYTOMA) & is_judged
    level = np.where((no_marrow | no_tracked | no_plasmacytoma) & (level > SD), level - 1, level)
    no_other = _lacks_other(track, parts) & (level >= PR) & is_judged
    level = _in_track(np.where(no_other | (no_tracked & (level > PR)), PR, level), track)
    is_stringent = (level == CR) & is_normal & _is_polyclonal(visits, baseline, criteria)
    return Judged(
        level=_in_categories(np.where(is_stringent, SCR, level), criteria),
        no_other_m_protein=no_other,
        no_immunofixation=(level == VGPR) & ~is_complete & _may_be_complete(visits, measures, track, is_normal),
        no_marrow=no_marrow,
        has_cells=is_complete & has_cells & is_judged,
        has_plasmacytoma=is_complete & (limit < CR) & is_judged,
        held_by_plasmacytoma=is_held,
        no_tracked=no_tracked,
        no_plasmacytoma=no_plasmacytoma,
        not_stringent=(level == CR) & ~is_stringent,
    )


def _own(track: Whole, parts: Components) -> Whole:
    """The level by the measure that is tracked; where two count, the lower, or the one that was measured."""
    serum, urine = parts.serum, parts.urine
    both = np.where(serum == NOT_GIVEN, urine, np.where(urine == NOT_GIVEN, serum, np.minimum(serum, urine)))
    of_serum = np.where(serum == NOT_GIVEN, NOT_GIVEN, both)
    tracks = [track == S, track == U, track == SU, track == FLC, track == BM, track == PLASMACYTOMA]
    return np.select(tracks, [of_serum, urine, both, parts.flc, parts.marrow, parts.plasmacytoma], NOT_GIVEN)


def _passes_laboratory(track: Whole, parts: Components, is_normal: Flags) -> Flags:
    """Whether a complete response is reached as far as serum, urine and the track's own measure go."""
    immunofixed = (parts.serum == CR) & (parts.urine == CR)
    passes: Flags = immunofixed & np.select(
        [track == FLC, track == BM, track == PLASMACYTOMA],
        [is_normal, parts.marrow != NOT_GIVEN, parts.plasmacytoma == CR],
        True,
    )
    return passes


def _lacks_other(track: Whole, parts: Components) -> Flags:
    """Whether the M-protein that is not tracked, serum or urine, was not measured."""
    lacks: Flags = ((track == S) & (parts.urine == NOT_GIVEN)) | ((track == U) & (parts.serum == NOT_GIVEN))
    return lacks


def _in_track(level: Whole, track: Whole) -> Whole:
    """The next lower level where the track does not have the level."""
    has_no_vgpr = np.isin(track, (BM, PLASMACYTOMA))
    has_no_mr = np.isin(track, (FLC, BM))
    level = np.where(has_no_vgpr & (level == VGPR), PR, level)
    return np.where(has_no_mr & (level == MR), SD, level)


def _in_categories(level: Whole, criteria: Criteria) -> Whole:
    """The next lower level where the version of the criteria does not have the level."""
    has = [name in criteria.categories for name in LEVEL_NAMES]
    down = [max((lower for lower in range(number + 1) if has[lower]), default=NE) for number in range(SCR + 1)]
    return np.asarray(down, np.int64)[level]


def _is_normal_ratio(measures: Measures, criteria: Criteria) -> Flags:
    ratio = measures.numerator, measures.denominator
    found: Flags = is_ratio(criteria.ratio_low, *ratio) & is_ratio(criteria.ratio_high, *ratio)
    return found


def _may_be_complete(visits: Visits, measures: Measures, track: Whole, is_normal: Flags) -> Flags:
    """Whether only an immunofixation that was not done stands between the visit and CR."""
    serum, urine = visits.findings["serum-immunofixation"], visits.findings["urine-immunofixation"]
    has_nothing = np.where(track == FLC, is_normal, (measures.serum == 0) | (track == U))
    found: Flags = ((serum == NOTHING) | (urine == NOTHING)) & has_nothing & (serum <= NEGATIVE) & (urine <= NEGATIVE)
    return found


def _is_polyclonal(visits: Visits, baseline: Baseline, criteria: Criteria) -> Flags:
    """Whether the marrow holds no clonal plasma cells, by flow or by the ratio of light chains."""
    ratio = last_known(visits.amounts["marrow-clonality-ratio"], visits.patient, UNKNOWN)
    side = baseline.involved[visits.patient]
    kappa, light = is_amount(criteria.scr_kappa_ratio, ratio), is_amount(criteria.scr_lambda_ratio, ratio)
    by_ratio = np.select([side == KAPPA, side == LAMBDA], [kappa, light], kappa & light)
    cells = last_known(visits.findings["marrow-clonal-cells"], visits.patient, NOTHING)
    found: Flags = (cells == NEGATIVE) | ((cells == NOTHING) & by_ratio)
    return found
