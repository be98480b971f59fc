"""The baseline: the last value before or on the day of the first dose, and by what the disease can be measured."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from cohortium.derivations.response.amounts import (
    PER_UNIT,
    UNKNOWN,
    Flags,
    Whole,
    difference,
    is_amount,
    is_ratio,
    known,
)
from cohortium.derivations.response.criteria import (
    BM_ONLY,
    FLC_ONLY,
    NOT_MEASURABLE,
    PLASMACYTOMA_ONLY,
    SERUM,
    SERUM_URINE,
    URINE,
    Criteria,
)
from cohortium.derivations.response.options import Options
from cohortium.derivations.response.visits import NEGATIVE, NOTHING, POSITIVE, Visits

TRACK_NAMES = (SERUM, URINE, SERUM_URINE, FLC_ONLY, BM_ONLY, PLASMACYTOMA_ONLY, NOT_MEASURABLE)
S, U, SU, FLC, BM, PLASMACYTOMA, NONE = range(7)
NO_TRACK = -1
"""The track is not known: too little was measured at baseline."""

NOBODY, KAPPA, LAMBDA = 0, 1, -1


@dataclass(frozen=True, slots=True)
class Measures:
    """What response is counted by, of visits or of baselines; each (n,), unknown as `UNKNOWN`.

    serum, urine     M-protein, serum as immunoglobulin where that stands for it
    numerator, denominator   of the free light chain ratio
    dflc             involved minus uninvolved free light chains
    marrow, plasmacytoma, diameter, short_axis, circulating   as measured; no plasmacytoma is 0
    """

    serum: Whole
    urine: Whole
    numerator: Whole
    denominator: Whole
    dflc: Whole
    marrow: Whole
    plasmacytoma: Whole
    diameter: Whole
    short_axis: Whole
    circulating: Whole


@dataclass(frozen=True, slots=True)
class Baseline:
    """The baseline of each patient.

    measures        (n,) each
    track           (n,) number of the track; -1 where not known
    involved        (n,) 1 kappa, -1 lambda, 0 not known
    immunoglobulin  (n,) 0: serum M-protein; 1: IgA, 2: IgD stands for it
    had_plasmacytoma  (n,) whether there was one
    method          number of the method of each quantity, -1 where not known
    """

    measures: Measures
    track: Whole
    involved: Whole
    immunoglobulin: Whole
    had_plasmacytoma: Flags
    method: dict[str, Whole]


def baseline_of(visits: Visits, options: Options) -> Baseline:
    """The baseline of each patient from visits on or before day 0."""
    is_before = visits.day <= 0
    if options.baseline_window_days is not None:
        is_before &= visits.day >= -options.baseline_window_days
    before = visits.of(is_before)
    criteria = options.criteria
    n, patient = visits.n_patients, before.patient
    immunoglobulin = _immunoglobulin(before, use=options.use_immunoglobulin)
    involved = _involved(before, criteria)
    at_visits = measures_of(before, immunoglobulin, involved)
    both = known(at_visits.numerator, at_visits.denominator)
    last = {name: _last(n, patient, getattr(at_visits, name)) for name in Measures.__slots__}
    for name in ("numerator", "denominator"):  # of one sample
        last[name] = _last(n, patient, np.where(both, getattr(at_visits, name), UNKNOWN))
    measures = Measures(**last)
    kappa = _last(n, patient, before.amounts["flc-kappa"])
    light = np.where(involved == KAPPA, kappa, _last(n, patient, before.amounts["flc-lambda"]))
    finding = _last_number(n, patient, before.findings["plasmacytoma"], NOTHING)
    had = (known(measures.plasmacytoma) & (measures.plasmacytoma > 0)) | (finding >= POSITIVE)
    track = _track(measures, np.where(involved != NOBODY, light, UNKNOWN), involved, criteria)
    method = {name: _last_number(n, patient, column, -1) for name, column in before.method.items()}
    return Baseline(measures, track, involved, immunoglobulin, had, method)


def measures_of(visits: Visits, immunoglobulin: Whole, involved: Whole) -> Measures:
    """The measures of each visit, with the choices made at each patient's baseline."""
    amounts, patient = visits.amounts, visits.patient
    serum = amounts["serum-m-protein"]
    if immunoglobulin.any():
        # mg/dL to g/dL
        ig = [np.where(known(amounts[name]), amounts[name] // 1000, UNKNOWN) for name in ("iga", "igd")]
        serum = np.choose(immunoglobulin[patient], [serum, *ig])
    kappa, light, ratio = amounts["flc-kappa"], amounts["flc-lambda"], amounts["flc-ratio"]
    both = known(kappa, light)
    side = involved[patient]
    # Below 0 the uninvolved light chain is the higher: of the involved one nothing is in excess.
    excess = np.maximum(np.where(both, difference(kappa, light), 0) * side, 0)
    dflc = np.where(both & (side != NOBODY), excess, UNKNOWN)
    absent = (visits.findings["plasmacytoma"] == NEGATIVE) & ~known(amounts["plasmacytoma-spd"])
    return Measures(
        serum=serum,
        urine=amounts["urine-m-protein"],
        numerator=np.where(both, kappa, ratio),
        denominator=np.where(both, light, np.where(known(ratio), PER_UNIT, UNKNOWN)),
        dflc=dflc,
        marrow=amounts["marrow-plasma-cells"],
        plasmacytoma=np.where(absent, 0, amounts["plasmacytoma-spd"]),
        diameter=amounts["plasmacytoma-longest-diameter"],
        short_axis=amounts["plasmacytoma-short-axis"],
        circulating=amounts["circulating-plasma-cells"],
    )


def _immunoglobulin(before: Visits, *, use: bool) -> Whole:
    """Which immunoglobulin stands for serum M-protein: one that was measured at baseline when M-protein was not."""
    n, patient = before.n_patients, before.patient
    if not use:
        return np.zeros(n, np.int64)
    serum, iga, igd = (_last(n, patient, before.amounts[name]) for name in ("serum-m-protein", "iga", "igd"))
    return np.where(known(serum), 0, np.where(known(iga), 1, np.where(known(igd), 2, 0)))


def _involved(before: Visits, criteria: Criteria) -> Whole:
    """The involved light chain by the last ratio at baseline."""
    kappa, light, ratio = (before.amounts[name] for name in ("flc-kappa", "flc-lambda", "flc-ratio"))
    both = known(kappa, light)
    numerator = np.where(both, kappa, ratio)
    denominator = np.where(both, light, np.where(known(ratio), PER_UNIT, UNKNOWN))
    usable = known(numerator, denominator) & ((numerator > 0) | (denominator > 0))
    is_high = usable & ~is_ratio(criteria.ratio_high, numerator, denominator)
    is_low = usable & ~is_ratio(criteria.ratio_low, numerator, denominator)
    side = np.where(is_high, KAPPA, np.where(is_low, LAMBDA, NOBODY))
    found = np.zeros(before.n_patients, np.int64)
    found[before.patient[usable]] = side[usable]
    return found


def _track(measures: Measures, light: Whole, involved: Whole, criteria: Criteria) -> Whole:
    """The track of each patient; a test that was not made measures nothing, and too few tests leave it unknown."""
    has_serum = is_amount(criteria.serum_measurable, measures.serum)
    has_urine = is_amount(criteria.urine_measurable, measures.urine)
    has_flc = is_amount(criteria.flc_measurable, light) & (involved != NOBODY)
    has_marrow = is_amount(criteria.marrow_measurable, measures.marrow)
    has_plasmacytoma = known(measures.plasmacytoma) & (measures.plasmacytoma > 0)
    is_tested = known(measures.serum, measures.urine, measures.numerator)
    return np.select(
        [has_serum & has_urine, has_serum, has_urine, has_flc, has_marrow, has_plasmacytoma, is_tested],
        [SU, S, U, FLC, BM, PLASMACYTOMA, NONE],
        NO_TRACK,
    ).astype(np.int64)


def _last(n_patients: int, patient: Whole, amounts: Whole) -> Whole:
    return _last_number(n_patients, patient, amounts, UNKNOWN)


def _last_number(n_patients: int, patient: Whole, values: Whole, unknown: int) -> Whole:
    """The last known value of each patient, visits being in order of days."""
    found = np.full(n_patients, unknown, np.int64)
    given = np.flatnonzero(values != unknown)
    where = patient[given]
    is_last = np.ones(where.size, bool)
    is_last[:-1] = where[1:] != where[:-1]
    found[where[is_last]] = values[given[is_last]]
    return found
