"""Assessments to visits: for each patient and visit the amount of each quantity.

Of several values of a quantity in a visit the worst counts: the highest amount, a finding before none. So the order of
rows means nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import polars as pl

from cohortium.derivations.response.amounts import UNKNOWN, Flags, Whole, whole

AMOUNTS = (
    "serum-m-protein", "urine-m-protein", "flc-kappa", "flc-lambda", "flc-ratio", "iga", "igd", "marrow-plasma-cells",
    "marrow-clonality-ratio", "plasmacytoma-spd", "plasmacytoma-longest-diameter", "plasmacytoma-short-axis",
    "circulating-plasma-cells",
)  # fmt: skip
FINDINGS = (
    "serum-immunofixation", "urine-immunofixation", "marrow-clonal-cells", "plasmacytoma", "bone-lesions", "imaging",
)  # fmt: skip
NOTHING, NEGATIVE, POSITIVE, INCREASED, NEW = range(5)
"""A finding: not known, absent, present, grown, new; the higher the worse."""

_ZERO_IF_NEGATIVE = ("serum-m-protein", "urine-m-protein", "plasmacytoma-spd", "circulating-plasma-cells")
_RESULTS = pl.Enum(["negative", "positive", "increased", "new", "not-done", "not-evaluable"])
_NAMES = (*AMOUNTS, *FINDINGS)
_WITH_METHOD = ("serum-m-protein", "urine-m-protein", "flc-kappa", "flc-lambda", "iga", "igd")
_OFFSET = 2**31
_CELLS_PER_ROW = 16


@dataclass(frozen=True, slots=True)
class Visits:
    """Visits sorted by patient and day; an amount that is not known is `UNKNOWN`.

    n_patients   number of patients
    patient      (m,) position of the patient
    day          (m,) first day of the visit
    amounts      (m,) each, in millionths of the quantity's unit
    findings     (m,) each, `NOTHING` to `NEW`
    sample       (m,) number of the one sample of the visit; -1 where there is none or there are several
    method       (m,) each, number of the method; -1 where not known
    """

    n_patients: int
    patient: Whole
    day: Whole
    amounts: Mapping[str, Whole]
    findings: Mapping[str, Whole]
    sample: Whole
    method: Mapping[str, Whole]

    def of(self, chosen: Flags) -> Visits:
        """Some of the visits."""
        return Visits(
            self.n_patients,
            self.patient[chosen],
            self.day[chosen],
            {name: column[chosen] for name, column in self.amounts.items()},
            {name: column[chosen] for name, column in self.findings.items()},
            self.sample[chosen],
            {name: column[chosen] for name, column in self.method.items()},
        )


def visits_of(assessments: pl.DataFrame, patients: pl.DataFrame, window_days: int = 0) -> Visits:
    """The visits of the patients of a table.

    assessments  tidy rows; those flagged spurious, of other patients or after the data cut-off are passed over
    patients     `patient` and, where declared, `data_cutoff`
    window_days  days after the first of a visit that belong to it, after the first dose; before it every day is a visit
    """
    rows = _rows(assessments, patients)
    key = rows["position"].to_numpy().astype(np.int64) * 2 * _OFFSET + (rows["day"].to_numpy() + _OFFSET)
    days, place = _days_of(key)
    starts = _starts(days, window_days)
    if window_days:
        place = (np.searchsorted(starts, days, side="right") - 1)[place]
    quantity = rows["quantity"].to_numpy()
    value = rows["value"].to_numpy()
    result = rows["result"].to_numpy()
    amounts, findings = {}, {}
    for number, name in enumerate(_NAMES):
        chosen = np.flatnonzero(quantity == number)
        if name in AMOUNTS:
            found = value[chosen]
            if name in _ZERO_IF_NEGATIVE:
                found = np.where(np.isnan(found) & (result[chosen] == NEGATIVE), 0.0, found)
            scattered = _worst(starts.size, place[chosen], _unknown_lowest(whole(found)))
            amounts[name] = np.where(scattered < 0, UNKNOWN, scattered)
        else:
            findings[name] = np.maximum(_worst(starts.size, place[chosen], result[chosen]), NOTHING)
    return Visits(
        patients.height,
        starts // (2 * _OFFSET),
        starts % (2 * _OFFSET) - _OFFSET,
        amounts,
        findings,
        _samples(rows, place, starts.size),
        _methods(rows, place, starts.size),
    )


def _rows(assessments: pl.DataFrame, patients: pl.DataFrame) -> pl.DataFrame:
    """Rows that count: position of the patient, day, number of the quantity, value, finding, sample, method."""
    keys = pl.Enum(patients["patient"])
    is_spurious = (
        pl.col("spurious").fill_null(value=False) if "spurious" in assessments.columns else pl.lit(value=False)
    )
    texts = [
        pl.col(name) if name in assessments.columns else pl.lit(None, dtype=pl.String).alias(name)
        for name in ("result", "sample", "method")
    ]
    finding = pl.col("result").cast(_RESULTS, strict=False).to_physical().cast(pl.Int64) + 1
    rows = assessments.select(
        pl.col("patient").cast(keys, strict=False).to_physical().cast(pl.Int64).alias("position"),
        pl.col("day").cast(pl.Int64),
        pl.col("quantity").cast(pl.Enum(_NAMES), strict=False).to_physical().cast(pl.Int8),
        pl.col("value").cast(pl.Float64).fill_null(float("nan")),
        *texts,
        is_spurious.alias("spurious"),
    ).with_columns(pl.when(finding <= NEW).then(finding).otherwise(NOTHING).fill_null(NOTHING).alias("result"))
    counts = pl.col("position").is_not_null() & pl.col("day").is_not_null() & pl.col("quantity").is_not_null()
    rows = rows.filter(counts & ~pl.col("spurious"))
    if "data_cutoff" in patients.columns and patients["data_cutoff"].null_count() < patients.height:
        last = patients["data_cutoff"].gather(rows["position"])
        rows = rows.filter((rows["day"] <= last).fill_null(value=True))
    return rows


def _days_of(key: Whole) -> tuple[Whole, Whole]:
    """The different keys in order, and the place of each row among them."""
    if bool(np.all(key[1:] >= key[:-1])):
        is_new = np.r_[True, key[1:] > key[:-1]][: key.size]
        return key[is_new], np.cumsum(is_new) - 1
    patient, day = key // (2 * _OFFSET), key % (2 * _OFFSET)
    first, width = int(day.min()), int(day.max() - day.min()) + 1
    n_cells = (int(patient.max()) + 1) * width
    if n_cells > _CELLS_PER_ROW * key.size:
        days, place = np.unique(key, return_inverse=True)
        return days, place
    # A cell for each patient and day, which needs no sorting.
    cell = patient * width + (day - first)
    is_there = np.zeros(n_cells, bool)
    is_there[cell] = True
    number = np.cumsum(is_there, dtype=np.int32) - 1
    there = np.flatnonzero(is_there)
    return there // width * 2 * _OFFSET + there % width + first, number[cell].astype(np.int64)


def _starts(keys: Whole, window_days: int) -> Whole:
    """Of the keys of days, sorted, those with which a visit begins."""
    if window_days == 0 or keys.size == 0:
        return keys
    patient, after = keys // (2 * _OFFSET), keys % (2 * _OFFSET) > _OFFSET
    is_start = ~after
    is_first = after & np.r_[True, (patient[1:] != patient[:-1]) | ~after[:-1]]
    current = np.flatnonzero(is_first)
    while current.size:
        is_start[current] = True
        following = np.searchsorted(keys, keys[current] + window_days, side="right")
        inside = following < keys.size
        current, following = current[inside], following[inside]
        current = following[patient[following] == patient[current]]
    return keys[is_start]


def _unknown_lowest(amounts: Whole) -> Whole:
    return np.where(amounts == UNKNOWN, -1, amounts)


def _worst(n_visits: int, place: Whole, values: Whole) -> Whole:
    """The highest value of each visit; -1 where there is none."""
    found = np.full(n_visits, -1, np.int64)
    if place.size < 2 or bool(np.all(place[1:] > place[:-1])):
        found[place] = values
    else:
        np.maximum.at(found, place, values)
    return found


def _samples(rows: pl.DataFrame, place: Whole, n_visits: int) -> Whole:
    """Number of the one sample of each visit."""
    if rows["sample"].null_count() == rows.height:
        return np.full(n_visits, -1, np.int64)
    number = rows["sample"].rank("dense").fill_null(0).to_numpy().astype(np.int64)
    chosen = number > 0
    highest = _worst(n_visits, place[chosen], number[chosen])
    lowest = -_worst(n_visits, place[chosen], number.max() + 1 - number[chosen]) + number.max() + 1
    return np.where(highest == lowest, highest, -1)


def _methods(rows: pl.DataFrame, place: Whole, n_visits: int) -> dict[str, Whole]:
    """Number of the method of each visit, of the quantities by which response is counted."""
    if rows["method"].null_count() == rows.height:
        return {}
    number = rows["method"].str.to_lowercase().rank("dense").fill_null(0).to_numpy().astype(np.int64)
    quantity = rows["quantity"].to_numpy()
    found = {}
    for name in _WITH_METHOD:
        chosen = (quantity == _NAMES.index(name)) & (number > 0)
        if chosen.any():
            found[name] = _worst(n_visits, place[chosen], number[chosen])
    return found
