"""All that is made of assessments: records of visits, one row a patient, disagreements, tests for residual disease."""

from __future__ import annotations

from dataclasses import dataclass, field

import polars as pl

from cohortium.derivations.response.baseline import TRACK_NAMES
from cohortium.derivations.response.best import best_of
from cohortium.derivations.response.disagreement import NOT_COMPARED, agreement_of, disagreements_of
from cohortium.derivations.response.explanation import explain
from cohortium.derivations.response.options import Options
from cohortium.derivations.response.records import Course, course_of, named, records_of
from cohortium.derivations.response.relapse import clinical_relapses, relapses_from_complete
from cohortium.derivations.response.residual_disease import (
    NOT_ASSESSED,
    ResidualOptions,
    residual_of,
    residual_records,
)
from cohortium.derivations.response.summary import evaluable, responder

_NO_CALLS = pl.DataFrame(schema={"patient": pl.String, "day": pl.Int64, "response": pl.String})


@dataclass(frozen=True, slots=True)
class Comparison:
    """What the derived responses are compared with: the site's calls, where there are any."""

    responses: pl.DataFrame | None = field(default=None, repr=False)
    window_days: int = 7


@dataclass(frozen=True, slots=True)
class Outcome:
    """What is made of assessments.

    records        a row per visit after the first dose
    patients       a row per patient, in the order given
    disagreements  the site's calls that differ
    tests          tests for residual disease
    relapses       signs of clinical relapse
    from_complete  relapses from complete response
    """

    records: pl.DataFrame = field(repr=False)
    patients: pl.DataFrame = field(repr=False)
    disagreements: pl.DataFrame = field(repr=False)
    tests: pl.DataFrame = field(repr=False)
    relapses: pl.DataFrame = field(repr=False)
    from_complete: pl.DataFrame = field(repr=False)


def outcome_of(
    assessments: pl.DataFrame,
    patients: pl.DataFrame,
    options: Options,
    comparison: Comparison,
    residual: ResidualOptions,
    *,
    explains: bool,
) -> Outcome:
    """Everything from assessments, with the patients' `new_therapy`, `progression_death` and `data_cutoff` where given."""
    course = course_of(assessments, patients, options)
    records = records_of(course, explain(course) if explains else None)
    tests = residual_records(assessments, records, residual)
    calls = _NO_CALLS if comparison.responses is None else comparison.responses
    found = _by_patient(course, patients).join(
        residual_of(tests, residual), on="patient", how="left", maintain_order="left"
    )
    agreement = agreement_of(found, calls).select("patient", "agreement")
    found = found.join(agreement, on="patient", how="left", maintain_order="left").with_columns(
        pl.col("mrd").fill_null(NOT_ASSESSED),
        pl.col("agreement").fill_null(NOT_COMPARED),
    )
    return Outcome(
        records=records,
        patients=found.drop("until", "n_adequate"),
        disagreements=disagreements_of(records, calls, comparison.window_days),
        tests=tests,
        relapses=clinical_relapses(assessments, course),
        from_complete=relapses_from_complete(course),
    )


def _by_patient(course: Course, patients: pl.DataFrame) -> pl.DataFrame:
    """A row per patient, in the order of the patients given, with the last day that counts as `until`."""
    visits = course.visits
    best = best_of(course.patients, visits.patient, visits.day, course.level, course.confirmed, course.tracked_change)
    tracks = pl.DataFrame({"patient": course.patients, "track": named(TRACK_NAMES, course.baseline.track)})
    stops = course.options.confirmation.new_therapy == "stop" and "new_therapy" in patients.columns
    therapy = pl.col("new_therapy").cast(pl.Int64) - 1 if stops else pl.lit(None, dtype=pl.Int64)
    return (
        patients.select("patient", therapy.alias("therapy"))
        .join(tracks, on="patient", how="left", maintain_order="left")
        .join(best, on="patient", how="left", maintain_order="left")
        .with_columns(responder(), evaluable(), pl.min_horizontal("progression", "therapy").alias("until"))
        .drop("therapy")
    )
