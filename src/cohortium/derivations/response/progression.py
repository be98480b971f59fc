"""Progression at each visit, criterion by criterion; one is enough."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from cohortium.derivations.response.amounts import (
    UNKNOWN,
    Flags,
    Whole,
    difference,
    has_risen,
    is_amount,
    known,
)
from cohortium.derivations.response.baseline import BM, FLC, NONE, PLASMACYTOMA, Baseline, Measures
from cohortium.derivations.response.criteria import Criteria
from cohortium.derivations.response.lowest import last_known_before, lowest_before
from cohortium.derivations.response.options import Options
from cohortium.derivations.response.visits import INCREASED, NEW, Visits


@dataclass(frozen=True, slots=True)
class Lowest:
    """What stood before each visit: lowest confirmed amounts from blood and urine, lowest of marrow and lesions."""

    serum: Whole
    urine: Whole
    dflc: Whole
    marrow: Whole
    plasmacytoma: Whole
    diameter: Whole
    circulating: Whole


@dataclass(frozen=True, slots=True)
class Progression:
    """Which criteria of progression each visit fulfills, (m,) each."""

    lowest: Lowest
    serum: Flags
    urine: Flags
    dflc: Flags
    marrow: Flags
    new_lesion: Flags
    plasmacytoma: Flags
    diameter: Flags
    radiologist: Flags
    circulating: Flags

    @property
    def is_seen(self) -> Flags:
        """Whether marrow or imaging shows it, which needs no confirmation."""
        lesions = self.new_lesion | self.plasmacytoma | self.diameter | self.radiologist
        seen: Flags = lesions | self.marrow
        return seen

    @property
    def is_biochemical(self) -> Flags:
        """Whether blood or urine show it."""
        found: Flags = self.serum | self.urine | self.dflc | self.circulating
        return found


def progression_of(visits: Visits, measures: Measures, baseline: Baseline, options: Options) -> Progression:
    """Progression at visits after the first dose."""
    criteria, track = options.criteria, baseline.track[visits.patient]
    lowest = _lowest(visits, measures, baseline, options)
    findings = [visits.findings[name] for name in ("plasmacytoma", "bone-lesions", "imaging")]
    worst = np.maximum.reduce(findings)
    radiologist = (worst == INCREASED) if options.radiologist_progresses else np.zeros(worst.size, bool)
    no_m_protein = np.isin(track, (FLC, BM, PLASMACYTOMA, NONE))
    only_marrow = np.isin(track, (BM, PLASMACYTOMA, NONE))
    circulating = _rises(measures.circulating, lowest.circulating, criteria, "circulating")
    regrown = known(measures.plasmacytoma, lowest.plasmacytoma) & (measures.plasmacytoma > 0)
    return Progression(
        lowest=lowest,
        serum=_serum(measures.serum, lowest.serum, criteria),
        urine=_rises(measures.urine, lowest.urine, criteria, "urine"),
        dflc=_rises(measures.dflc, lowest.dflc, criteria, "flc") & no_m_protein,
        marrow=_marrow(measures.marrow, lowest.marrow, criteria) & only_marrow,
        new_lesion=worst == NEW,
        plasmacytoma=has_risen(criteria.pd_plasmacytoma_rise, measures.plasmacytoma, lowest.plasmacytoma) & regrown,
        diameter=_diameter(visits, measures, baseline, lowest.diameter, criteria),
        radiologist=radiologist,
        circulating=circulating & (track == NONE),
    )


def _lowest(visits: Visits, measures: Measures, baseline: Baseline, options: Options) -> Lowest:
    start = baseline.measures

    def before(name: str, *, confirmed: bool) -> Whole:
        which = options.lowest if confirmed else "any"
        return lowest_before(getattr(measures, name), visits.patient, getattr(start, name), which)

    return Lowest(
        serum=before("serum", confirmed=True),
        urine=before("urine", confirmed=True),
        dflc=before("dflc", confirmed=True),
        # Marrow and imaging need no confirmation.
        marrow=before("marrow", confirmed=False),
        plasmacytoma=before("plasmacytoma", confirmed=False),
        diameter=before("diameter", confirmed=False),
        circulating=before("circulating", confirmed=True),
    )


def _serum(amounts: Whole, lowest: Whole, criteria: Criteria) -> Flags:
    rise = difference(amounts, lowest)
    usual = has_risen(criteria.pd_serum_rise, amounts, lowest) & is_amount(criteria.pd_serum_least, rise)
    high = is_amount(criteria.pd_serum_high_lowest, lowest) & is_amount(criteria.pd_serum_high_least, rise)
    found: Flags = usual | high
    return found


def _rises(amounts: Whole, lowest: Whole, criteria: Criteria, what: str) -> Flags:
    """Both the rise in percent and the least rise."""
    relative, least = getattr(criteria, f"pd_{what}_rise"), getattr(criteria, f"pd_{what}_least")
    found: Flags = has_risen(relative, amounts, lowest) & is_amount(least, difference(amounts, lowest))
    return found


def _marrow(amounts: Whole, lowest: Whole, criteria: Criteria) -> Flags:
    counted = difference(amounts, lowest) if criteria.pd_marrow_counts == "rise" else amounts
    rises = known(amounts, lowest) & (amounts > lowest)
    found: Flags = has_risen(criteria.pd_marrow_rise, amounts, lowest) & is_amount(criteria.pd_marrow_least, counted)
    return found & rises


def _diameter(visits: Visits, measures: Measures, baseline: Baseline, lowest: Whole, criteria: Criteria) -> Flags:
    """Growth of a lesion that was large enough when it was last measured."""
    axis = last_known_before(measures.short_axis, visits.patient, baseline.measures.short_axis, UNKNOWN)
    grown = has_risen(criteria.pd_diameter_rise, measures.diameter, lowest) & (measures.diameter > lowest)
    found: Flags = grown & is_amount(criteria.pd_short_axis, axis)
    return found
