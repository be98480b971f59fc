"""From assessments to a record per visit: what was derived, what is confirmed, by which measures, and why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from cohortium.derivations.response.amounts import Flags, Reals, Whole, percent_change, reals
from cohortium.derivations.response.baseline import (
    BM,
    FLC,
    PLASMACYTOMA,
    SU,
    TRACK_NAMES,
    Baseline,
    Measures,
    S,
    U,
    baseline_of,
    measures_of,
)
from cohortium.derivations.response.components import LEVEL_NAMES, NE, PD
from cohortium.derivations.response.confirmation import NEVER, Confirmed, confirm
from cohortium.derivations.response.levels import Judged, judge
from cohortium.derivations.response.options import Options
from cohortium.derivations.response.progression import Progression, progression_of
from cohortium.derivations.response.visits import Visits, visits_of

CHANGES = ("serum", "urine", "dflc", "marrow", "plasmacytoma")
"""Measures whose amount and change stand in the records."""


@dataclass(frozen=True, slots=True)
class Course:
    """Everything that is known about each visit after the first dose; level holds progression too."""

    patients: pl.Series
    visits: Visits
    measures: Measures
    baseline: Baseline
    progression: Progression
    judged: Judged
    level: Whole
    confirmed: Confirmed
    options: Options

    @property
    def track(self) -> Whole:
        """(m,) number of the track."""
        return self.baseline.track[self.visits.patient]

    @property
    def method_differs(self) -> Flags:
        """(m,) whether a measure was taken by another method than at baseline."""
        differs = np.zeros(self.visits.day.size, bool)
        for name, column in self.visits.method.items():
            start = self.baseline.method[name][self.visits.patient]
            differs |= (column >= 0) & (start >= 0) & (column != start)
        return differs

    def change(self, name: str) -> Reals:
        """(m,) change of a measure in percent of baseline; NaN where not known."""
        start = getattr(self.baseline.measures, name)[self.visits.patient]
        return percent_change(getattr(self.measures, name), start)

    @property
    def tracked_change(self) -> Reals:
        """(m,) change in percent of the measure that is tracked, serum before urine; NaN where not known."""
        track = self.track
        names = ("serum", "urine", "dflc", "marrow", "plasmacytoma")
        tracks = [np.isin(track, (S, SU)), track == U, track == FLC, track == BM, track == PLASMACYTOMA]
        return np.select(tracks, [self.change(name) for name in names], np.nan)


def course_of(assessments: pl.DataFrame, patients: pl.DataFrame, options: Options) -> Course:
    """The course of every patient.

    assessments  tidy rows of one site or of several
    patients     a row a patient: `patient` and, where there are, `new_therapy` (day), `progression_death` (true, false
                 or unknown) and `data_cutoff` (day)
    """
    patients = patients.sort("patient")
    return course_from(visits_of(assessments, patients, options.visit_window_days), patients, options)


def course_from(every: Visits, patients: pl.DataFrame, options: Options) -> Course:
    """The course of every patient from visits before and after the first dose, patients in the order of their keys."""
    baseline = baseline_of(every, options)
    visits = every.of(every.day > 0)
    measures = measures_of(visits, baseline.immunoglobulin, baseline.involved)
    progression = progression_of(visits, measures, baseline, options)
    judged = judge(visits, measures, baseline, options)
    level = np.where(progression.is_seen | progression.is_biochemical, PD, judged.level)
    confirmed = confirm(
        level,
        visits.patient,
        visits.day,
        is_seen=progression.is_seen,
        sample=visits.sample,
        new_therapy=days_of(patients, "new_therapy"),
        died_of_progression=flags_of(patients, "progression_death"),
        options=options.confirmation,
    )
    return Course(patients["patient"], visits, measures, baseline, progression, judged, level, confirmed, options)


def days_of(patients: pl.DataFrame, name: str) -> Whole:
    """A column of days by patient; `NEVER` where there is none."""
    if name not in patients.columns:
        return np.full(patients.height, NEVER, np.int64)
    return patients[name].cast(pl.Int64).fill_null(NEVER).to_numpy()


def flags_of(patients: pl.DataFrame, name: str) -> Flags:
    """A column of true and false, or yes and no, by patient; false where not known: an unknown cause confirms nothing."""
    if name not in patients.columns:
        return np.zeros(patients.height, bool)
    column = patients[name]
    flags = column == "yes" if column.dtype == pl.String else column.cast(pl.Boolean)
    found: Flags = flags.fill_null(value=False).to_numpy()
    return found


def records_of(course: Course, explanation: pl.Series | None) -> pl.DataFrame:
    """A record per visit after the first dose, sorted by patient and day."""
    visits, progression = course.visits, course.progression
    is_progression = course.level == PD
    basis = np.where(is_progression, np.where(progression.is_seen, 1, 0), -1)
    numbers = {}
    for name in CHANGES:
        numbers[name] = reals(getattr(course.measures, name))
        numbers[f"{name}_change"] = course.change(name)
    for name in CHANGES:
        numbers[f"{name}_lowest"] = reals(getattr(course.progression.lowest, name))
    texts = (
        explanation
        if explanation is not None
        else pl.Series([None], dtype=pl.String).new_from_index(0, visits.day.size)
    )
    frame = pl.DataFrame(
        {
            "patient": course.patients.gather(visits.patient),
            "day": visits.day,
            "response": named(LEVEL_NAMES, course.level),
            "confirmed": named(LEVEL_NAMES, course.confirmed.level),
            "progression_basis": named(("biochemical", "imaging"), basis),
            "is_adequate": course.level != NE,
            "explanation": texts,
            "version": pl.Series([course.options.criteria.version], dtype=pl.String).new_from_index(0, visits.day.size),
            "track": named(TRACK_NAMES, course.track),
            "is_kept": course.confirmed.is_kept,
            "days_to_next": course.confirmed.gap_days,
            "n_not_evaluable": course.confirmed.n_not_evaluable,
            "method_differs": course.method_differs,
            **numbers,
        }
    )
    return frame.with_columns(pl.col("days_to_next").replace(-1, None), pl.col(list(numbers)).fill_nan(None))


def named(names: Sequence[str], numbers: Whole) -> pl.Series:
    """Names by number; null for -1."""
    known = np.where(numbers < 0, len(names), numbers)
    return pl.Series([*names, None], dtype=pl.String).gather(known)
