"""A site's rows to its analysis rows: derived variables, then endpoints, then cohort steps."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

import polars as pl

from cohortium.derivations.cohort import FLOW_STEP, FLOW_UNKNOWN, flow_columns
from cohortium.derivations.endpoints import endpoint_columns, endpoint_findings, time_column
from cohortium.derivations.findings import Finding
from cohortium.derivations.variables import derived_column, out_of_range
from cohortium.study.queries import Query, row_queries
from cohortium.study.study import Study


@dataclass(frozen=True, slots=True)
class SiteFrames:
    """A site's rows with every variable that analyses use.

    received    all rows: what was read, derived variables, `<endpoint>__time` and `<endpoint>__event`, and the flow
                columns `flow_step` (steps passed) and `flow_unknown` (1 when the row stopped at an unknown)
    cohort      the rows that passed every step, without the flow columns
    """

    received: pl.DataFrame = field(repr=False)
    cohort: pl.DataFrame = field(repr=False)


def derive(study: Study, frame: pl.DataFrame, site_id: str) -> tuple[SiteFrames, tuple[Query, ...]]:
    """Add derived variables, endpoints and the flow of patients to a site's rows.

    A derived number outside its declared range, and a follow-up that is negative or beyond the horizon, are queries
    and become unknown. Endpoints are checked in the cohort only: a patient whom a step leaves out needs none.

    frame     typed rows as intake gives them
    site_id   the site, for queries

    Leaves the site: nothing; the queries name rows by key and never repeat a value.
    """
    queries: list[Query] = []
    for variable in study.file.derive:
        frame = frame.with_columns(derived_column(study, variable))
        if finding := out_of_range(variable):
            queries += _queries(study, frame, site_id, [finding])
            frame = frame.with_columns(_known_unless(finding.fails.fill_null(value=False), variable.name))
    for endpoint in study.file.endpoint:
        frame = frame.with_columns(*endpoint_columns(study, endpoint))
    received = frame.with_columns(*flow_columns(study))
    is_included = pl.col(FLOW_STEP) == len(study.file.cohort.step)
    for endpoint in study.file.endpoint:
        findings = endpoint_findings(study, endpoint)
        queries += _queries(study, received.filter(is_included), site_id, findings)
        unusable = pl.any_horizontal([finding.fails.fill_null(value=False) for finding in findings])
        received = received.with_columns(_known_unless(unusable, time_column(endpoint)))
    return SiteFrames(received, received.filter(is_included).drop(FLOW_STEP, FLOW_UNKNOWN)), tuple(queries)


def _known_unless(fails: pl.Expr, column: str) -> pl.Expr:
    return pl.when(~fails).then(pl.col(column)).alias(column)


def _queries(study: Study, frame: pl.DataFrame, site_id: str, findings: Iterable[Finding]) -> Iterator[Query]:
    file = f"sites/{site_id}/{study.file.data.file}"
    for finding in findings:
        keys = frame.filter(finding.fails)[study.file.data.key].to_list()
        about = Query(site_id, file, None, "", finding.variable, finding.rule, finding.expected)
        yield from row_queries(about, [None] * len(keys), keys)
