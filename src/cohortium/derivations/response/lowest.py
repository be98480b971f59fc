"""Running figures within a patient: the lowest confirmed amount, the last known one."""

from __future__ import annotations

from typing import Literal

import numpy as np

from cohortium.derivations.response.amounts import UNKNOWN, Whole

_APART = 2**42
"""More than the range of amounts: added per patient, it keeps one patient's minimum out of the next."""


def lowest_before(amounts: Whole, patient: Whole, start: Whole, which: Literal["confirmed", "any"]) -> Whole:
    """The lowest amount since baseline, baseline included, that stood before each visit.

    confirmed   an amount counts when the next one bears it out: of two in a row, the higher
    any         every amount counts

    amounts  (m,) sorted by patient and day; start (n,) by patient. Unknown where the visit's own amount is.
    """
    found = np.full(amounts.size, UNKNOWN, np.int64)
    given = np.flatnonzero(amounts != UNKNOWN)
    if not given.size:
        return found
    value, who = amounts[given], patient[given]
    is_first = np.ones(given.size, bool)
    is_first[1:] = who[1:] != who[:-1]
    previous = np.where(is_first, start[who], np.r_[0, value[:-1]])
    counted = np.maximum(previous, value) if which == "confirmed" else value
    running = np.minimum.accumulate(counted - who * _APART) + who * _APART
    before = np.where(is_first, UNKNOWN, np.r_[UNKNOWN, running[:-1]])
    found[given] = np.minimum(before, start[who])
    return found


def last_known(values: Whole, patient: Whole, unknown: int) -> Whole:
    """The last known value of the patient up to and on each visit."""
    return _of_place(values, _last_place(values != unknown, patient), unknown)


def last_known_before(values: Whole, patient: Whole, start: Whole, unknown: int) -> Whole:
    """The last known value of the patient before each visit, that of baseline where there is none."""
    place = np.r_[-1, _last_place(values != unknown, patient)][: patient.size]
    place[1:][patient[1:] != patient[:-1]] = -1
    found = _of_place(values, place, unknown)
    return np.where(found == unknown, start[patient], found)


def _last_place(is_known: Whole, patient: Whole) -> Whole:
    place = np.maximum.accumulate(np.where(is_known, np.arange(patient.size), -1))
    return np.where((place >= 0) & (patient[place] == patient), place, -1)


def _of_place(values: Whole, place: Whole, unknown: int) -> Whole:
    return np.where(place >= 0, np.r_[values, unknown][place], unknown)
