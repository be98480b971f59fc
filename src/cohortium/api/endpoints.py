"""`time_to_event`: an endpoint of each patient by a named censoring rule."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import polars as pl
from pydantic import ValidationError

from cohortium.api.arguments import require_choice
from cohortium.api.frames import plain_frame
from cohortium.derivations.rule import Tables
from cohortium.derivations.time_to_event import RULES
from cohortium.errors import UsageError
from cohortium.study.derive.censoring import EndpointKind, RuleSetName
from cohortium.study.derive.endpoints import ANSWERS, DATES, TimeToEvent
from cohortium.study.tables import TIDY_TABLES, ColumnKind

if TYPE_CHECKING:
    from cohortium.api.frames import Frame

_NAME = "endpoint"
_TYPES: Mapping[ColumnKind, Any] = {
    "text": pl.String,
    "code": pl.String,
    "integer": pl.Int64,
    "number": pl.Float64,
    "date": pl.Int64,
    "flag": pl.Boolean,
}
_RECORDS: Mapping[str, Any] = {
    "patient": pl.String,
    "day": pl.Int64,
    "response": pl.String,
    "confirmed": pl.String,
    "progression_basis": pl.String,
    "is_adequate": pl.Boolean,
}


def time_to_event(
    patients: Frame,
    endpoint: EndpointKind,
    *,
    censoring: RuleSetName = "fda-primary",
    responses: Frame | None = None,
    therapies: Frame | None = None,
    origin: str | None = None,
    **elements: Any,
) -> pl.DataFrame:
    """Derive an endpoint of each patient by a named censoring rule, with the reason in words.

    patients    a row a patient: `patient`; of `death_date`, `died`, `death_from_progression`, `last_contact_date`,
                `start`, `new_therapy_date`, `planned_bridge_date`, `clinical_progression_date`, `baseline_assessed`
                and `data_cutoff` what is known, under these names
    endpoint    `pfs`, `os`, `dor`, `ttr`, `time-to-best`, `ttp`, `ttnt` or `nrm`
    censoring   `fda-primary`, `fda-strict`, `fda-sensitivity` or `imwg-2011`
    responses   a row a visit: `patient`, `day`, `response`; with `confirmed` and `is_adequate`, as a response rule gives
                them, or with `basis` (`biochemical`, `imaging`, `clinical`), as a site called them
    therapies   a row a drug, as the table `therapies` has them
    origin      column of `patients` with the date from which days are counted; None when every date is a whole day already
    elements    what differs from the rule set: `new_therapy`, `missed_assessments_days`, `clinical_progression`,
                `planned_bridge`, `death`; `confirmed = False` counts responses as first seen

    Returns `patient`, `days`, `event`, `reason` and, for `dor`, `ttr` and `time-to-best`, `applies`, in the order of the
    patients; null where a missing day keeps it from being known.

    Leaves the site: nothing.

    Raises
        UsageError: a column is missing, a date is not one, or an element does not belong to the endpoint.

    References: FDA, Clinical Trial Endpoints for the Approval of Cancer Drugs; Rajkumar et al. 2011; Kumar et al. 2016.

    >>> import polars as pl
    >>> from cohortium import time_to_event
    >>> patients = pl.DataFrame({"patient": ["a", "b"], "death_date": [None, 90], "new_therapy_date": [70, None]})
    >>> visits = {"patient": ["a", "a", "b"], "day": [28, 56, 28], "response": ["PR", "VGPR", "SD"]}
    >>> found = time_to_event(patients, "pfs", responses=pl.DataFrame(visits))
    >>> found["days"].to_list()
    [56, 90]
    >>> found["reason"].to_list()
    ['censored at last adequate assessment before new therapy', 'death']
    """
    require_choice("endpoint", endpoint, EndpointKind)
    require_choice("censoring", censoring, RuleSetName)
    given = _given(patients, "patients", {"patient": pl.String})
    keys = [key for key in (*DATES, *ANSWERS) if key in given.columns]
    days = _origin(given, origin)
    records = _table(responses, "responses", days)
    has_records = records is not None and "confirmed" in records.columns
    if records is not None and has_records and "is_adequate" not in records.columns:
        raise UsageError(
            "responses: has confirmed, and no is_adequate, which says whether a visit could judge the response"
        )
    section = _section(endpoint, censoring, keys, elements, has_records=has_records)
    tables = {name: _tidy(None, name) for name in TIDY_TABLES}
    if responses is not None and not has_records:
        tables["responses"] = _tidy(records, "responses")
    if therapies is not None:
        tables["therapies"] = _tidy(_table(therapies, "therapies", days), "therapies")
    made = RULES["time-to-event"](
        Tables(
            _inputs(given, days),
            **tables,
            records={"response": _filled(records, _RECORDS)} if records is not None and has_records else {},
        ),
        section,
    )
    return made.columns.rename(lambda name: name.removeprefix(f"{_NAME}_"))


def _section(
    endpoint: EndpointKind, censoring: RuleSetName, keys: list[str], elements: Mapping[str, Any], *, has_records: bool
) -> TimeToEvent:
    try:
        return TimeToEvent(
            name=_NAME,
            label="Endpoint",
            rule="time-to-event",
            endpoint=endpoint,
            censoring=censoring,
            response="response" if has_records else None,
            **dict.fromkeys(keys, "given"),
            **elements,
        )
    except ValidationError as error:
        said = [
            f"{': '.join(str(part) for part in detail['loc'])}: {detail['msg']}" if detail["loc"] else detail["msg"]
            for detail in error.errors()
        ]
        raise UsageError("; ".join(said)) from None


def _given(frame: Frame, what: str, needed: Mapping[str, Any]) -> pl.DataFrame:
    """The columns of a frame of either kind."""
    found = plain_frame(frame)
    found = found.with_columns(pl.col(pl.Datetime).cast(pl.Date))
    missing = [name for name in needed if name not in found.columns]
    if missing:
        raise UsageError(f"{what} has no column {', '.join(missing)}; it has {', '.join(found.columns)}")
    return found.with_columns(pl.col("patient").cast(pl.String))


def _origin(patients: pl.DataFrame, origin: str | None) -> pl.DataFrame | None:
    """The patients' origins by `patient`; None when dates are days already."""
    if patients["patient"].is_duplicated().any() or patients["patient"].has_nulls():
        raise UsageError("patients: expected a row a patient, each with its key")
    if origin is None:
        return None
    if origin not in patients.columns or patients[origin].dtype != pl.Date:
        raise UsageError(f"origin: expected a column of dates of patients, got {origin!r}")
    return patients.select("patient", pl.col(origin).alias("#origin"))


def _table(frame: Frame | None, name: str, origins: pl.DataFrame | None) -> pl.DataFrame | None:
    if frame is None:
        return None
    found = _given(frame, name, {"patient": pl.String, **({"day": 0, "response": 0} if name == "responses" else {})})
    dates = [
        column.name for column in TIDY_TABLES[name].columns if column.kind == "date" and column.name in found.columns
    ]
    return _as_days(found, dates, origins, name)


def _inputs(patients: pl.DataFrame, origins: pl.DataFrame | None) -> pl.DataFrame:
    named = [name for name in (*DATES, *ANSWERS, "data_cutoff") if name in patients.columns]
    dates = [name for name in named if name not in ANSWERS]
    found = _as_days(patients.select("patient", *named), dates, origins, "patients")
    return found.with_columns(pl.col(name).cast(pl.String).str.to_lowercase() for name in named if name in ANSWERS)


def _as_days(frame: pl.DataFrame, dates: list[str], origins: pl.DataFrame | None, what: str) -> pl.DataFrame:
    """The frame with dates as whole days from the origin."""
    for name in dates:
        kind = frame.schema[name]
        if kind == pl.Null:
            continue
        if kind == pl.Date and origins is None:
            raise UsageError(f"{what}, column {name}: dates are counted from an origin; name its column as origin")
        if kind != pl.Date and not kind.is_integer():
            raise UsageError(f"{what}, column {name}: expected dates or whole days, got {kind}")
    if origins is not None:
        frame = frame.join(origins, on="patient", how="left")
        is_date = [name for name in dates if frame.schema[name] == pl.Date]
        frame = frame.with_columns((pl.col(name) - pl.col("#origin")).dt.total_days().alias(name) for name in is_date)
        frame = frame.drop("#origin")
    return frame.with_columns(pl.col(name).cast(pl.Int64) for name in dates)


def _tidy(frame: pl.DataFrame | None, name: str) -> pl.DataFrame:
    kinds = {"patient": pl.String, **{column.name: _TYPES[column.kind] for column in TIDY_TABLES[name].columns}}
    return pl.DataFrame(schema=kinds) if frame is None else _filled(frame, kinds)


def _filled(frame: pl.DataFrame, kinds: Mapping[str, Any]) -> pl.DataFrame:
    """The frame with exactly these columns, null where it has none."""
    return frame.select(
        (pl.col(name) if name in frame.columns else pl.lit(None)).cast(kind).alias(name) for name, kind in kinds.items()
    )
