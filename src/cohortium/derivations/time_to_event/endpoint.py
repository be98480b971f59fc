"""The rule `time-to-event`: from the course of each patient to days, event and reason."""

from __future__ import annotations

import polars as pl

from cohortium.derivations.rule import Derived, RecordFinding, Tables
from cohortium.derivations.time_to_event.course import course
from cohortium.derivations.time_to_event.ends import ending_columns
from cohortium.derivations.time_to_event.followed import followed
from cohortium.derivations.time_to_event.progression_ended import progression_ended
from cohortium.derivations.time_to_event.unknown import unknown_at_end, unknown_before_end
from cohortium.derivations.time_to_event.visits import last_adequate
from cohortium.study.derive import endings
from cohortium.study.derive.censoring import OF_RESPONDERS, PROGRESSION_ENDED
from cohortium.study.derive.endpoints import TimeToEvent
from cohortium.study.queries import LINE


def time_to_event(tables: Tables, section: TimeToEvent) -> Derived:
    """Days, event and reason of an endpoint for each patient, by the section's rule.

    tables    one site's tables; days are counted from the patient's origin
    section   the endpoint and its rule set

    Returns `<name>_days`, `<name>_event`, `<name>_reason` and, for endpoints of responders, `<name>_applies`. Days and
    event are null where they are not known, with the reason why, and where the endpoint does not apply.

    Leaves the site: nothing.
    """
    frame, visits = course(tables, section)
    frame = frame.with_columns(*_ending(section))
    if section.endpoint in PROGRESSION_ENDED:
        frame = frame.join(last_adequate(visits, _limits(frame)), on="row", how="left", maintain_order="left")
        day, event, reason = progression_ended(section)
    elif section.endpoint in OF_RESPONDERS:
        day, event, reason = _of_response(section)
    else:
        day, event, reason = followed(section)
    frame = frame.with_columns(day.alias("day"), event.alias("event"), reason.alias("reason"))
    columns = _known(frame, section)
    return Derived(columns, findings=_findings(tables, section, columns))


def _ending(section: TimeToEvent) -> tuple[pl.Expr, pl.Expr]:
    if section.endpoint in ("ttr", "time-to-best"):
        return pl.lit(None, dtype=pl.String).alias("end"), pl.lit(None, dtype=pl.Int64).alias("end_day")
    return ending_columns(section)


def _limits(frame: pl.DataFrame) -> pl.DataFrame:
    """The last day on which an assessment counts: before the progression itself, up to any other end, or the cut-off."""
    is_progression = pl.col("end").eq_missing("progression")
    until = pl.when(is_progression).then(pl.col("end_day") - 1).otherwise(pl.coalesce("end_day", "cutoff"))
    return frame.select("row", until.alias("until"))


def _of_response(section: TimeToEvent) -> tuple[pl.Expr, pl.Expr, pl.Expr]:
    if section.endpoint == "ttr":
        return pl.col("responded"), pl.lit(endings.RESPONSE), pl.lit(endings.FIRST_RESPONSE)
    return pl.col("best"), pl.lit(endings.BEST_RESPONSE), pl.lit(endings.BEST_RESPONSE)


def _known(frame: pl.DataFrame, section: TimeToEvent) -> pl.DataFrame:
    """The columns as they are declared: unknown where they are not known, and nothing where the endpoint does not apply."""
    name = section.name
    before = unknown_before_end(section)
    if section.endpoint not in OF_RESPONDERS:
        why = pl.coalesce(before, unknown_at_end(section))
        start = pl.col("start")
    else:
        frame = frame.with_columns(_applies(before).alias("applies"))
        at_end = unknown_at_end(section) if section.endpoint == "dor" else pl.lit(None, dtype=pl.String)
        none = pl.when(pl.col("applies") == "no").then(pl.lit(endings.NO_RESPONSE))
        why = pl.coalesce(none, before, at_end)
        start = pl.col("responded") if section.endpoint == "dor" else pl.col("start")
    frame = frame.with_columns(why.alias("why"))
    is_known = pl.col("why").is_null()
    applies = [pl.col("applies").alias(f"{name}_applies")] if section.endpoint in OF_RESPONDERS else []
    return frame.select(
        "patient",
        pl.when(is_known).then(pl.col("day") - start).cast(pl.Int64).alias(f"{name}_days"),
        pl.when(is_known).then("event").alias(f"{name}_event"),
        pl.when(is_known).then("reason").otherwise("why").alias(f"{name}_reason"),
        *applies,
    )


def _applies(unknown: pl.Expr) -> pl.Expr:
    """Whether a patient responded: no where no call is a response, unknown where a missing day may decide."""
    can_be_judged = pl.col("start").is_not_null() & ~(pl.col("asks_baseline_assessed") & pl.col("baseline").is_null())
    return (
        pl.when(can_be_judged & ~pl.col("has_response"))
        .then(pl.lit("no"))
        .when(unknown.is_not_null())
        .then(None)
        .when(pl.col("responded").is_not_null())
        .then(pl.lit("yes"))
        .otherwise(pl.lit("no"))
    )


def _findings(tables: Tables, section: TimeToEvent, columns: pl.DataFrame) -> tuple[RecordFinding, ...]:
    """What a site should know: an event on the first day, a new therapy before the study drug."""
    found = []
    if LINE in tables.patients.columns:
        days, event = pl.col(f"{section.name}_days"), pl.col(f"{section.name}_event")
        first = columns.filter((days == 0) & (event != endings.CENSORED)).select("patient")
        lines = tables.patients.join(first, on="patient", how="semi").get_column(LINE)
        expected = f"{section.label} that ends after its first day; an event on it is kept, with 0 days"
        found.append(RecordFinding("patients", f"{section.name}_days", "event-on-day-0", expected, lines, "note"))
    if section.reads_therapies and LINE in tables.therapies.columns:
        start = pl.col("first_day")
        first_days = tables.patients.select("patient", _start(tables.patients).alias("first_day"))
        rows = tables.therapies.filter(pl.col("role") == "subsequent").join(first_days, on="patient")
        lines = rows.filter(pl.col("start") < start).get_column(LINE)
        expected = "a therapy after the study drug that does not start before it"
        found.append(RecordFinding("therapies", "start", "therapy-before-start", expected, lines))
    return tuple(finding for finding in found if finding.lines.len())


def _start(patients: pl.DataFrame) -> pl.Expr:
    return pl.col("start") if "start" in patients.columns else pl.lit(0, dtype=pl.Int64)
