"""A site's rows to its analysis rows: derived variables, then endpoints, then cohort steps, then populations."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import polars as pl

from cohortium.derivations.apply_rule import NOTHING_MADE, Made, apply_rule, rule_queries
from cohortium.derivations.cohort import FLOW_STEP, FLOW_UNKNOWN, flow_columns
from cohortium.derivations.date_order import date_order_findings
from cohortium.derivations.endpoints import (
    applies,
    derived_endpoint_columns,
    endpoint_columns,
    time_column,
    where_it_applies,
)
from cohortium.derivations.findings import Finding
from cohortium.derivations.follow_up import endpoint_findings, endpoint_notes, unknown_applies
from cohortium.derivations.later import with_later
from cohortium.derivations.patient_key import patient_key
from cohortium.derivations.populations import COHORT, RECEIVED, populations
from cohortium.derivations.variables import derived_column, known_in_range, known_unless, out_of_range
from cohortium.study.derive import RuleSection
from cohortium.study.queries import LINE, Query, row_queries
from cohortium.study.study import Study
from cohortium.study.table_rows import CUTOFF, NO_TABLES, TableRows
from cohortium.study.tables import PATIENT, PATIENTS


@dataclass(frozen=True, slots=True)
class SiteFrames:
    """A site's rows with every variable that analyses use.

    received    all rows: what was read, derived variables, `<endpoint>__time`, `<endpoint>__event` and, with left
                truncation, `<endpoint>__entry`, where it applies to some patients `<endpoint>__applies`, and the flow columns
                `flow_step` (steps passed) and `flow_unknown` (1 when the row stopped at an unknown)
    cohort      the rows that passed every step, without the flow columns
    others      rows by population: at risk at a landmark, or to whom an endpoint applies, by the endpoint's name;
                episodes, by the analysis
    made        records and listings of the clinical rules, for the site's own eyes
    """

    received: pl.DataFrame = field(repr=False)
    cohort: pl.DataFrame = field(repr=False)
    others: Mapping[str, pl.DataFrame] = field(default_factory=dict, repr=False)
    made: Made = field(default=NOTHING_MADE, repr=False)

    @property
    def populations(self) -> Mapping[str, pl.DataFrame]:
        """Every population by name."""
        return {RECEIVED: self.received, COHORT: self.cohort, **self.others}


def derive(
    study: Study, frame: pl.DataFrame, site_id: str, tables: TableRows = NO_TABLES
) -> tuple[SiteFrames, tuple[Query, ...]]:
    """Add derived variables, endpoints and the flow of patients to a site's rows, and make its populations.

    A derived number outside its declared range, and a follow-up that is negative or beyond the horizon, are queries
    and become unknown; dates that cannot follow each other are notes and stay. Endpoints and the order of dates are
    checked in the cohort only: a patient whom a step leaves out needs none.

    frame     typed rows as intake gives them, with the column `LINE`, which is taken off
    site_id   the site, for queries
    tables    its further tables, which clinical rules read

    Leaves the site: nothing; the queries name rows by line and key and never repeat a value.
    """
    section = study.file.data
    file = tables.files.get(PATIENTS, f"sites/{site_id}/{section.file}")
    places = _Places(site_id, file, frame[LINE], frame[section.key])
    frame = frame.drop(LINE)
    if study.file.imputation:
        frame = frame.with_columns(patient_key(frame[section.key], study.file.study.name))
    frame, made, queries = _with_derived(study, frame, places, tables)
    received, found = _with_endpoints(study, frame, places)
    queries += found
    cohort = received.filter(_is_included(study)).drop(FLOW_STEP, FLOW_UNKNOWN)
    # A date that two endpoints use is asked about once.
    asked = sorted(dict.fromkeys(queries), key=lambda query: query.in_file)
    return SiteFrames(received, with_later(study, cohort, COHORT), populations(study, cohort), made), tuple(asked)


def _with_derived(
    study: Study, frame: pl.DataFrame, places: _Places, tables: TableRows
) -> tuple[pl.DataFrame, Made, list[Query]]:
    """The rows with the variables of every [[derive]], in their order, and what is asked about them."""
    queries: list[Query] = []
    made = NOTHING_MADE
    known = tables.of_patients(places.keys)
    patients = pl.DataFrame({PATIENT: places.keys, LINE: places.lines})
    for section in study.file.derive:
        if isinstance(section, RuleSection):
            frame, derived = apply_rule(study, section, frame, known, made)
            made = made.with_rule(section.name, derived)
            files = {PATIENTS: places.file, **tables.files}
            queries += rule_queries(derived, places.site, TableRows(tables.frames, files), patients)
            continue
        frame = frame.with_columns(derived_column(study, section))
        if finding := out_of_range(study, section):
            queries += places.queries(frame, [finding])
        frame = frame.with_columns(known_in_range(study, section))
    return frame.drop(CUTOFF, strict=False), made, queries


def _with_endpoints(study: Study, frame: pl.DataFrame, places: _Places) -> tuple[pl.DataFrame, list[Query]]:
    """The rows with the flow and all endpoints, and what is asked about the follow-up of those included."""
    queries: list[Query] = []
    declared = [endpoint for endpoint in study.file.endpoint if endpoint.of is None]
    for endpoint in declared:
        frame = frame.with_columns(*endpoint_columns(study, endpoint))
    received = frame.with_columns(*flow_columns(study))
    is_included = _is_included(study)
    for endpoint in declared:
        findings = endpoint_findings(study, endpoint)
        among = is_included & applies(study, study.made(endpoint.name))
        queries += places.queries(received, [*findings, *endpoint_notes(study, endpoint)], among)
        queries += places.queries(received, list(unknown_applies(study, endpoint)), is_included)
        unusable = pl.any_horizontal([finding.fails.fill_null(value=False) for finding in findings])
        received = received.with_columns(known_unless(unusable, time_column(endpoint)))
        received = received.with_columns(*where_it_applies(study, endpoint))
    for endpoint in study.file.endpoint:
        if endpoint.of is not None:
            queries += places.queries(received, list(unknown_applies(study, endpoint)), is_included)
            received = received.with_columns(*derived_endpoint_columns(study, endpoint))
            received = received.with_columns(*where_it_applies(study, endpoint))
    queries += places.queries(received, date_order_findings(study), is_included)
    return received, queries


def _is_included(study: Study) -> pl.Expr:
    return pl.col(FLOW_STEP) == len(study.file.cohort.step)


@dataclass(frozen=True, slots=True)
class _Places:
    """Where the rows of a frame are in the site's file, whatever columns the frame has by now.

    lines   (n,) line of the file of each row
    keys    (n,) key of each row, null where there is none
    """

    site: str
    file: str
    lines: pl.Series = field(repr=False)
    keys: pl.Series = field(repr=False)

    def queries(
        self, frame: pl.DataFrame, findings: Sequence[Finding], among: pl.Expr | None = None
    ) -> Iterator[Query]:
        """A query for each row that breaks a rule, among all rows or those of a condition."""
        asked = pl.lit(True) if among is None else among
        masks = frame.select(
            (asked & finding.fails.fill_null(value=False)).alias(str(number)) for number, finding in enumerate(findings)
        )
        for finding, mask in zip(findings, masks, strict=True):
            if not mask.any():
                continue
            rows = mask.arg_true()
            about = Query(
                self.site, self.file, None, "", finding.variable, finding.rule, finding.expected, finding.severity
            )
            yield from row_queries(about, self.lines.gather(rows).to_list(), self.keys.gather(rows).to_list())
