"""Refractory disease and toxicity grades, derived from the chart's rows, are the simulator's."""

import datetime as dt

import polars as pl
import pytest

from cohortium.derivations.registry import REGISTRY
from cohortium.derivations.rule import Tables
from cohortium.study.derive.prior_therapy import PriorTherapy
from cohortium.study.derive.toxicity import Crs, Icans
from cohortium.study.table_rows import table_schema


def frame(charts, table, schema):
    """Rows of a table as a rule reads them: days from the first dose, nothing known as null."""

    def cell(chart, name, value):
        if isinstance(value, dt.date):
            return (value - chart.patient["first_dose"]).days
        return value == "yes" if schema[name] == pl.Boolean and value else value or (value if value == 0 else None)

    rows = [
        {"patient": chart.key, **{name: cell(chart, name, value) for name, value in row.items()}}
        for chart in charts
        for row in getattr(chart, table)
    ]
    return pl.DataFrame(rows, schema=schema, infer_schema_length=None)


@pytest.fixture(scope="module")
def tables(reference):
    schema = table_schema
    charts = reference[0].charts
    patients = pl.DataFrame({"patient": [chart.key for chart in charts]})
    return Tables(
        patients=patients.with_columns(data_cutoff=pl.lit(None, dtype=pl.Int64)),
        therapies=frame(charts, "therapies", schema("therapies")),
        assessments=pl.DataFrame(schema=schema("assessments")),
        events=frame(charts, "events", schema("events")),
        responses=pl.DataFrame(schema=schema("responses")),
    )


@pytest.fixture(scope="module")
def truth(reference):
    rows = [{"patient": chart.key, "bcma": chart.patient["prior_bcma"], **chart.truth} for chart in reference[0].charts]
    return pl.DataFrame(rows, infer_schema_length=None)


def n_different(truth, derived, pairs):
    joined = truth.join(derived.columns, on="patient", suffix="_derived")
    assert joined.height == truth.height
    differs = [
        pl.col(expected).cast(pl.String).ne_missing(pl.col(found).cast(pl.String)) for expected, found in pairs.items()
    ]
    return joined.filter(pl.any_horizontal(differs)).height


def test_prior_lines_and_refractory_disease(tables, truth):
    section = PriorTherapy(name="history", label="History", rule="prior-therapy")
    derived = REGISTRY["prior-therapy"](tables, section)
    pairs = {"prior_lines": "history", "penta_refractory": "history_penta_refractory", "bcma": "history_bcma"}
    assert n_different(truth, derived, pairs) == 0
    assert derived.findings == ()


@pytest.mark.parametrize(("rule", "model"), [("crs", Crs), ("icans", Icans)])
def test_grades_from_components(tables, truth, rule, model):
    derived = REGISTRY[rule](tables, model(name=rule, label=rule, rule=rule))
    assert n_different(truth, derived, {f"{rule}_grade": rule}) == 0
    assert derived.findings == ()
