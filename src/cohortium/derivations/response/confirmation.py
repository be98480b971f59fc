"""Confirmation: a response or a biochemical progression holds when the next assessment, of another sample, bears it out.

The pairwise rule and the order of categories are those of the IMWG vignette of admiralonco.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from cohortium.derivations.response.amounts import Flags, Whole
from cohortium.derivations.response.components import MR, NE, PD, SCR, SD
from cohortium.derivations.response.options import Confirmation

NEVER = 2**40
"""A day that does not come."""

_APART = 16


@dataclass(frozen=True, slots=True)
class Confirmed:
    """What is confirmed at each visit; (m,) each.

    level        best level confirmed up to and on the visit, progression being the highest
    is_kept      the visit counts: before new therapy, up to the first confirmed progression
    gap_days     days to the assessment that was to confirm; -1 where there is none
    n_not_evaluable   assessments in a row up to and with this one that were not evaluable
    """

    level: Whole
    is_kept: Flags
    gap_days: Whole
    n_not_evaluable: Whole


def confirm(
    level: Whole,
    patient: Whole,
    day: Whole,
    *,
    is_seen: Flags,
    sample: Whole,
    new_therapy: Whole,
    died_of_progression: Flags,
    options: Confirmation,
) -> Confirmed:
    """Confirm levels, sorted by patient and day.

    level        (m,) as derived or called
    is_seen      (m,) a progression that marrow or imaging shows; it needs no confirmation
    sample       (m,) number of the sample, -1 where not known
    new_therapy  (n,) by patient, the first day of new therapy, `NEVER` where there is none
    died_of_progression   (n,) by patient
    """
    stops = options.new_therapy == "stop"
    therapy = new_therapy[patient] if stops else np.full(patient.size, NEVER)
    following = _following(level, patient, sample)
    has_next = following >= 0
    next_level = np.where(has_next, level[following], NE)
    gap = np.where(has_next, day[following] - day, -1)
    in_time = has_next & ((gap <= options.longest_gap_days) if options.longest_gap_days is not None else True)
    counts = in_time & (np.where(has_next, day[following], NEVER) <= therapy)
    response = (level >= MR) & (level <= SCR)
    borne_out = counts & (next_level >= SD) & (next_level <= SCR)
    of_pair = np.where(borne_out, np.minimum(level, next_level), SD)
    # Death from progression confirms a progression that nothing better has followed.
    by_death = died_of_progression[patient] & (~has_next | (next_level == PD))
    is_progression = is_seen | by_death | (in_time & (next_level == PD))
    of_progression = np.where(is_progression, PD, NE)
    confirmed = np.select([response, level == SD, level == PD], [of_pair, SD, of_progression], NE)
    best = np.maximum.accumulate(confirmed + patient * _APART) - patient * _APART
    after_progression = np.zeros(patient.size, bool)
    after_progression[1:] = (best[:-1] == PD) & (patient[1:] == patient[:-1])
    return Confirmed(best, ~after_progression & (day < therapy), gap, _run_of(level == NE, patient))


def _following(level: Whole, patient: Whole, sample: Whole) -> Whole:
    """Place of the patient's next evaluable assessment of another sample; -1 where there is none."""
    found = np.full(level.size, -1, np.int64)
    given = np.flatnonzero(level != NE)
    number, who = sample[given], patient[given]
    place = np.arange(1, given.size + 1)
    while True:
        inside = np.minimum(place, given.size - 1)
        same_sample = (place < given.size) & (who[inside] == who) & (number >= 0) & (number[inside] == number)
        if not same_sample.any():
            break
        place = place + same_sample
    is_next = (place < given.size) & (who[inside] == who) if given.size else np.zeros(0, bool)
    found[given[is_next]] = given[inside[is_next]]
    return found


def _run_of(flags: Flags, patient: Whole) -> Whole:
    """How many visits in a row, up to and with this one, have the flag up."""
    place = np.arange(flags.size)
    is_first = np.ones(flags.size, bool)
    is_first[1:] = patient[1:] != patient[:-1]
    last_down = np.maximum.accumulate(np.where(~flags, place, np.where(is_first, place - 1, -1)))
    return np.where(flags, place - last_down, 0)
