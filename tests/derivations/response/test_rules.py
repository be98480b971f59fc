"""The rules as the study file names them: variables, records, listings; the site's calls; residual disease."""

import polars as pl
import pytest

from cohortium.derivations.response import RULES
from cohortium.derivations.response.criteria import IMWG2011, TRACKS, VERSIONS
from cohortium.derivations.response.disagreement import AGREEMENTS
from cohortium.derivations.response.residual_disease import RESULTS, SENSITIVITIES
from cohortium.derivations.response.rules import options_of
from cohortium.derivations.rule import Tables
from cohortium.study.derive.response import ImwgConfirmation, ImwgResponse
from cohortium.study.tables import TIDY_TABLES

KINDS = {"text": pl.String, "code": pl.String, "integer": pl.Int64, "number": pl.Float64, "date": pl.Int64, "flag": pl.Boolean}  # fmt: skip
RECORD = {
    "patient": pl.String,
    "day": pl.Int64,
    "response": pl.String,
    "confirmed": pl.String,
    "progression_basis": pl.String,
    "is_adequate": pl.Boolean,
    "explanation": pl.String,
}
KEYS = {"name": "best", "label": "Best response"}


def tidy(name, rows=()):
    """Rows, each a dict, as the tidy table of that name with all its columns."""
    columns = {column.name: KINDS[column.kind] for column in TIDY_TABLES[name].columns}
    return pl.DataFrame(
        [dict.fromkeys(["patient", *columns]) | row for row in rows], schema={"patient": pl.String} | columns
    )


def tables(patients, **rows):
    return Tables(patients, **{name: tidy(name, rows.get(name, ())) for name in TIDY_TABLES})


def patients_of(*keys, **columns):
    cutoff = {"data_cutoff": pl.Series([None] * len(keys), dtype=pl.Int64)}
    return pl.DataFrame({"patient": list(keys), **cutoff, **columns})


def serum(patient, *values):
    return [
        {"patient": patient, "day": 28 * i, "quantity": "serum-m-protein", "value": value}
        for i, value in enumerate(values)
    ]


def derived(section, patients, **rows):
    return RULES[section.rule](tables(patients, **rows), section)


def test_the_response_rule_makes_its_variables_and_records():
    section = ImwgResponse(rule="imwg-response", **KEYS)
    rows = [*serum("A", 3.0, 1.2, 1.1, 1.7, 1.8), *serum("B", 3.0, 1.4)]
    therapies = [{"patient": "B", "drug": "x", "drug_class": "other", "role": "subsequent", "start": 20}]
    found = derived(section, patients_of("B", "A", "C"), assessments=rows, therapies=therapies)
    variables = {variable.name: variable for variable in section.variables()}
    assert found.columns.columns == ["patient", *variables]
    kinds = {"category": pl.String, "number": pl.Float64, "date": pl.Int64}
    assert {name: found.columns.schema[name] for name in variables} == {n: kinds[v.kind] for n, v in variables.items()}
    for name, variable in variables.items():
        if variable.kind == "category":
            assert set(found.columns[name].drop_nulls()) <= {level.code for level in variable.levels}
    assert found.columns["patient"].to_list() == ["B", "A", "C"]
    row = found.columns.row(1, named=True)
    assert row | {"best_best_change": None} == {
        "patient": "A", "best": "PR", "best_reported": "PR", "best_responder": "yes", "best_first_response": 28,
        "best_best_day": 28, "best_progression": 84, "best_track": "SERUM", "best_evaluable": "yes",
        "best_best_change": None, "best_agreement": "not-compared", "best_mrd": "not-assessed",
        "best_mrd_sensitivity": None, "best_mrd_sustained": None,
    }  # fmt: skip
    assert row["best_best_change"] == pytest.approx(-100 * 1.9 / 3)
    # The only visit of B came after new therapy, and C has no assessment.
    assert found.columns["best"].to_list() == [None, "PR", None]
    assert found.columns["best_evaluable"].to_list() == ["no", "yes", "no"]
    records = found.records
    assert dict(list(records.schema.items())[: len(RECORD)]) == RECORD
    assert records.select("patient", "day").rows() == [("A", 28), ("A", 56), ("A", 84), ("A", 112), ("B", 28)]
    assert set(records["version"]) == {"IMWG2016"}
    assert records["is_kept"].to_list() == [True, True, True, False, False]


def test_keys_of_the_section_reach_the_rule():
    section = ImwgResponse(rule="imwg-response", version="IMWG2011", serum_measurable=0.5, longest_gap_days=60, after_new_therapy="ignore", **KEYS)  # fmt: skip
    options = options_of(section)
    assert (options.criteria.version, options.criteria.serum_measurable.value) == ("IMWG2011", 0.5)
    assert options.criteria.pd_marrow_counts == IMWG2011.pd_marrow_counts
    assert (options.confirmation.longest_gap_days, options.confirmation.new_therapy) == (60, "ignore")
    found = derived(section, patients_of("A"), assessments=serum("A", 0.5, 0.2))
    assert found.columns["best_track"].to_list() == ["SERUM"]


def test_new_therapy_and_cause_of_death_may_be_variables():
    section = ImwgResponse(rule="imwg-response", new_therapy="next_start", progression_death="pd_death", **KEYS)
    assert [(each.key, each.variable) for each in section.inputs()] == [
        ("new_therapy", "next_start"),
        ("progression_death", "pd_death"),
    ]
    assert section.tables() == ("assessments",)
    patients = patients_of("A", "B", new_therapy=[None, 28], progression_death=["yes", None])
    found = derived(section, patients, assessments=[*serum("A", 3, 5), *serum("B", 3, 5)])
    assert found.columns["best"].to_list() == ["PD", None]


def test_levels_are_those_of_the_rule():
    levels = {variable.name: {level.code for level in variable.levels} for variable in ImwgResponse(rule="imwg-response", **KEYS).variables()}  # fmt: skip
    assert levels["best_track"] == set(TRACKS)
    assert levels["best_agreement"] == set(AGREEMENTS)
    assert levels["best_mrd"] == set(RESULTS)
    assert levels["best_mrd_sensitivity"] == set(SENSITIVITIES)
    versions = ImwgResponse.model_json_schema()["properties"]["version"]["enum"]
    assert set(versions) == set(VERSIONS)


def test_the_confirmation_rule_makes_its_variables_and_records():
    section = ImwgConfirmation(rule="imwg-confirmation", **KEYS)
    calls = [("A", 28, "VGPR", None), ("A", 56, "PR", None), ("A", 200, "PD", "imaging"), ("B", 28, "NE", None)]
    rows = [dict(zip(("patient", "day", "response", "basis"), call, strict=True)) for call in calls]
    found = derived(section, patients_of("A", "B", "C"), responses=rows)
    assert found.columns.columns == ["patient", *(variable.name for variable in section.variables())]
    assert found.columns.rows()[0] == ("A", "PR", "VGPR", "yes", 28, 28, 200)
    assert found.columns["best"].to_list() == ["PR", "NE", None]
    assert found.columns["best_responder"].to_list() == ["yes", None, None]
    assert dict(list(found.records.schema.items())[: len(RECORD)]) == RECORD
    assert found.records["progression_basis"].to_list() == [None, None, "imaging", None]
    assert found.records["is_adequate"].to_list() == [True, True, True, False]
    assert found.listings["confirmations"].rows() == [("A", 56, "PR", 144, 0)]


def test_disagreements_with_the_site():
    section = ImwgResponse(rule="imwg-response", compare_with_site=True, compare_window_days=3, **KEYS)
    assert section.tables() == ("assessments", "therapies", "responses")
    rows = [*serum("A", 3.0, 1.2, 1.1), *serum("B", 3.0, 2.9), *serum("C", 3.0, 1.4), *serum("D", 3.0, 1.4)]
    calls = [("A", 31, "VGPR"), ("A", 56, "PR"), ("A", 70, "CR"), ("B", 28, "PD"), ("C", 28, "PR"), ("D", 28, "NE")]
    responses = [dict(zip(("patient", "day", "response"), call, strict=True)) for call in calls]
    found = derived(section, patients_of("A", "B", "C", "D", "E"), assessments=rows, responses=responses)
    # A call without a visit near it, and one that was not evaluable, are not compared.
    listing = found.listings["disagreements"]
    assert listing.select("patient", "day", "site", "derived_day", "derived", "difference").rows() == [
        ("A", 31, "VGPR", 28, "PR", "derived-worse"),
        ("B", 28, "PD", 28, "SD", "derived-better"),
    ]
    assert listing["explanation"].to_list()[1] == "SD: serum M-protein fell 3% from 3 to 2.9 g/dL"
    agreement = dict(found.columns.select("patient", "best_agreement").iter_rows())
    assert agreement == {
        "A": "derived-worse",
        "B": "derived-better",
        "C": "agrees",
        "D": "not-compared",
        "E": "not-compared",
    }


def complete(patient, *days):
    """Serum that is gone on those days, with all that a complete response needs."""
    yield {"patient": patient, "day": 0, "quantity": "serum-m-protein", "value": 3.0}
    for day in days:
        for name, value in (("serum-m-protein", 0.0), ("urine-m-protein", 0.0), ("marrow-plasma-cells", 1.0)):
            yield {"patient": patient, "day": day, "quantity": name, "value": value}
        for name in ("serum-immunofixation", "urine-immunofixation"):
            yield {"patient": patient, "day": day, "quantity": name, "result": "negative"}


def residual(patient, day, result, sensitivity=None):
    yield {"patient": patient, "day": day, "quantity": "mrd", "result": result, "method": "ngs"}
    if sensitivity is not None:
        yield {"patient": patient, "day": day, "quantity": "mrd-sensitivity", "value": sensitivity}


MRD = """
case                        | tests                                     | result       | sensitivity | sustained
none                        |                                           | not-assessed |             |
negative                    | 60 negative 1e-5                          | negative     | 1e-5        | no
more sensitive              | 60 negative 1e-5, 90 negative 1e-6        | negative     | 1e-6        | no
just not sensitive enough   | 60 negative 1.1e-5                        | not-assessed |             |
sensitivity not known       | 60 negative                               | not-assessed |             |
positive                    | 60 positive 1e-5                          | positive     |             | no
before complete response    | 20 negative 1e-5                          | not-assessed |             |
sustained                   | 60 negative 1e-5, 425 negative 1e-5       | negative     | 1e-5        | yes
a day short of a year       | 60 negative 1e-5, 424 negative 1e-5       | negative     | 1e-5        | no
positive between            | 60 negative 1e-5, 200 positive 1e-5, 425 negative 1e-5 | negative | 1e-5 | no
"""


@pytest.mark.parametrize("line", MRD.strip().splitlines()[1:])
def test_residual_disease(line):
    _, tests, result, sensitivity, sustained = (cell.strip() for cell in line.split("|"))
    rows = list(complete("A", 28, 56, 500))
    for test in filter(None, tests.split(", ")):
        day, outcome, *reached = test.split()
        rows += residual("A", int(day), outcome, *map(float, reached))
    found = derived(ImwgResponse(rule="imwg-response", **KEYS), patients_of("A"), assessments=rows)
    row = found.columns.row(0, named=True)
    assert (row["best"], row["best_mrd"]) == ("CR", result)
    assert (row["best_mrd_sensitivity"] or "", row["best_mrd_sustained"] or "") == (sensitivity, sustained)


def test_tests_for_residual_disease_are_listed_with_why_they_do_not_count():
    rows = [*complete("A", 28, 56), *residual("A", 20, "negative", 1e-5), *residual("A", 60, "negative"),
            *residual("A", 70, "negative", 1e-4), *residual("A", 80, "negative", 1e-6)]  # fmt: skip
    found = derived(ImwgResponse(rule="imwg-response", **KEYS), patients_of("A"), assessments=rows)
    listing = found.listings["residual-disease"]
    assert listing["reason"].to_list() == ["not in CR", "sensitivity not known", "not sensitive enough", ""]
    assert listing["method"].to_list() == ["ngs"] * 4
    assert listing["response"].to_list() == [None, "CR", "CR", "CR"]
    loose = ImwgResponse(rule="imwg-response", **KEYS).model_copy(update={"mrd_sensitivity": None})
    assert derived(loose, patients_of("A"), assessments=rows).columns["best_mrd"].to_list() == ["negative"]


def test_a_visit_is_listed_when_its_confirmation_is_late_or_many_are_not_evaluable():
    section = ImwgConfirmation(rule="imwg-confirmation", **KEYS)
    days = [("PR", 28), ("PR", 112), ("PR", 197), ("NE", 210), ("NE", 220), ("NE", 230)]
    rows = [{"patient": "A", "day": day, "response": call} for call, day in days]
    listing = derived(section, patients_of("A"), responses=rows).listings["confirmations"]
    assert listing.rows() == [("A", 112, "PR", 85, 0), ("A", 230, "NE", None, 3)]
