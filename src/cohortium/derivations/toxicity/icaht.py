"""Hematotoxicity of immune effector cells: early by days of low counts, late by the lowest count.

References: Rejeski K et al., Blood 2023;142:865-877; daily values and runs as in the published program of Liang EC [V2].
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
import polars as pl

from cohortium.derivations.rule import Derived, Tables
from cohortium.derivations.toxicity.daily_values import daily_lowest, filled, is_open_from, longest_run, rounded
from cohortium.derivations.toxicity.icaht_grading import ICAHT, Days, IcahtGrading
from cohortium.derivations.toxicity.laboratory_rows import usable
from cohortium.study.tables import PATIENT

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from cohortium.derivations.toxicity.daily_values import Flags, Grid
    from cohortium.study.derive.icaht import Icaht

    Grades = NDArray[np.float64]
    """Grades of shape (patients,), NaN where not known."""

_PER_MICROLITER = 1000.0


@dataclass(frozen=True, slots=True)
class Early:
    """What the early grade of neutrophils rests on, arrays of shape (patients,), NaN where not known.

    runs   days of the longest run at most each limit, in the order of the grading
    """

    grade: Grades
    runs: Sequence[Grades]
    unmeasured: NDArray[np.int64]


def icaht(tables: Tables, section: Icaht) -> Derived:
    """The rule `icaht`: early and late grades of neutrophils and of platelets."""
    grading = ICAHT[section.version]
    patients = tables.patients
    rows = usable(tables.assessments, ("neutrophils", "platelets"))
    per_microliter = (pl.col("value") * _PER_MICROLITER).round_sig_figs(10)
    neutrophils = rows.filter(pl.col("quantity") == "neutrophils").with_columns(per_microliter.alias("value"))
    platelets = rows.filter(pl.col("quantity") == "platelets").with_columns(pl.col("value").round_sig_figs(10))
    ends = _ends(patients, ("last_follow_up",), grading.last_day)
    late_ends = _ends(patients, ("last_follow_up", "progression", "next_therapy"), section.late_to_day)
    keys, start = patients[PATIENT], grading.last_day + 1
    early = early_neutrophils(daily_lowest(keys, neutrophils, 0, grading.last_day), ends, grading, section)
    late = late_neutrophils(_until(daily_lowest(keys, neutrophils, start, section.late_to_day), late_ends - start),
                            grading, section.late_single_value)  # fmt: skip
    early_grid = daily_lowest(keys, platelets, 0, grading.last_day)
    late_grid = daily_lowest(keys, platelets, start, section.late_to_day)
    name = section.name
    made = pl.DataFrame({
        PATIENT: keys,
        name: _codes(early.grade),
        f"{name}_late": _codes(late),
        f"{name}_platelets": _codes(platelet_grades(early_grid, ends, grading.platelets_below, section)),
        f"{name}_platelets_late": _codes(
            platelet_grades(late_grid, late_ends - start, grading.late_platelets_below, section)
        ),
        f"{name}_days_500": _whole(early.runs[0]),
        f"{name}_days_100": _whole(early.runs[1]),
        f"{name}_days_unmeasured": pl.Series(early.unmeasured, dtype=pl.Int64),
    })  # fmt: skip
    return Derived(made, made.with_columns(pl.lit(section.version).alias("version")))


def early_neutrophils(grid: Grid, ends: NDArray[np.int64], grading: IcahtGrading, section: Icaht) -> Early:
    """Early grades by the longest runs of low neutrophils, per microliter."""
    inside = _inside(grid, ends)
    measured = np.isfinite(grid).any(axis=1)
    daily = rounded(filled(grid, section.interpolated_days, inside), section.round_neutrophils_to)
    unmeasured = inside & np.isnan(daily)
    least, runs = _early(daily, np.zeros_like(inside), grading, section)
    grade = least.astype(float)
    if section.unmeasured_days == "unknown":
        most, longest = _early(daily, unmeasured, grading, section)
        grade = np.where(least == most, grade, np.nan)
        runs = [np.where(run == high, run, np.nan) for run, high in zip(runs, longest, strict=True)]
    return Early(
        np.where(measured, grade, np.nan),
        [np.where(measured, run, np.nan) for run in runs],
        unmeasured.sum(axis=1),
    )


def _early(
    daily: Grid, taken_as_low: Flags, grading: IcahtGrading, section: Icaht
) -> tuple[NDArray[np.int64], list[Grades]]:
    """Grades and longest runs when days without a value are low or not."""
    n_days = daily.shape[1]
    runs: list[Grades] = []
    grade = np.zeros(len(daily), np.int64)
    for limit, days in grading.neutrophils_at_most.items():
        low = (daily <= limit) | taken_as_low
        length = longest_run(low, section.joined_days)
        runs.append(length.astype(float))
        grade = np.maximum(grade, _by_days(length, days))
    highest = max(grading.neutrophils_at_most)
    low = (daily <= highest) | taken_as_low
    longest = longest_run(low, section.joined_days)
    has_value = np.isfinite(daily) | taken_as_low
    last = np.where(has_value.any(axis=1), n_days - 1 - np.argmax(has_value[:, ::-1], axis=1), -1)
    is_open = is_open_from(low, section.joined_days, section.open_run_from_day, last)
    never = is_open | (longest >= n_days)
    return np.where(never, np.maximum(grade, grading.never), grade), runs


def late_neutrophils(grid: Grid, grading: IcahtGrading, single: Literal["graded", "unknown"] = "graded") -> Grades:
    """Late grades by the lowest daily value, where the second lowest is low too; NaN without a value."""
    pair = np.partition(np.where(np.isnan(grid), np.inf, grid), 1, axis=1)[:, :2]
    lowest, second = pair[:, 0], pair[:, 1]
    grade = np.zeros(len(grid))
    for limit, given in grading.late_neutrophils:
        grade = np.where(lowest <= limit, np.maximum(grade, given), grade)
    transient = np.isfinite(second) & (second > grading.late_second_at_most)
    grade = np.where(transient, 0, grade)
    unknown = np.isinf(lowest) | (np.isinf(second) & (single == "unknown") & (grade > 0))
    return np.where(unknown, np.nan, grade)


def platelet_grades(grid: Grid, ends: NDArray[np.int64], limits: Mapping[int, Days], section: Icaht) -> Grades:
    """Grades by all days of low platelets, consecutive or not; NaN without a value."""
    inside = _inside(grid, ends)
    daily = filled(_until(grid, ends), section.interpolated_days, inside)
    measured = np.isfinite(daily).any(axis=1)
    unmeasured = inside & np.isnan(daily)

    def graded(taken_as_low: Flags) -> NDArray[np.int64]:
        parts = [_by_days(((daily < limit) | taken_as_low).sum(axis=1), days) for limit, days in limits.items()]
        return np.asarray(np.max(parts, axis=0))

    least = graded(np.zeros_like(inside))
    known = measured if section.unmeasured_days == "not-low" else measured & (least == graded(unmeasured))
    return np.where(known, least, np.nan)


def _by_days(days: NDArray[np.int64], grades: Days) -> NDArray[np.int64]:
    """The highest grade whose fewest days are reached; 0 for none."""
    reached = [np.where(days >= fewest, grade, 0) for grade, fewest in grades.items()]
    return np.asarray(np.max(reached, axis=0))


def _ends(patients: pl.DataFrame, keys: tuple[str, ...], last: int) -> NDArray[np.int64]:
    """The last day of each patient's window: the earliest of what ends it, and of its declared end."""
    given = [pl.col(key) for key in keys if key in patients.columns]
    return (
        patients.select(pl.min_horizontal(*given, pl.lit(last, dtype=pl.Int64)).cast(pl.Int64)).to_series().to_numpy()
    )


def _inside(grid: Grid, ends: NDArray[np.int64]) -> Flags:
    """Days of the window, or with a value after its end, up to the last of either."""
    days = np.arange(grid.shape[1])
    has_value = np.isfinite(grid)
    last_value = np.where(has_value.any(axis=1), grid.shape[1] - 1 - np.argmax(has_value[:, ::-1], axis=1), -1)
    return np.asarray(days <= np.maximum(ends, last_value)[:, None])


def _until(grid: Grid, ends: NDArray[np.int64]) -> Grid:
    """The grid without values after the end of each patient's window."""
    return np.where(np.arange(grid.shape[1]) <= ends[:, None], grid, np.nan)


def _whole(numbers: Grades) -> pl.Series:
    return pl.Series(numbers).fill_nan(None).cast(pl.Int64)


def _codes(grades: Grades) -> pl.Series:
    return _whole(grades).cast(pl.String)
