"""Signs of clinical relapse just below, at and above their thresholds, and relapse from complete response."""

from dataclasses import fields, replace

import polars as pl
import pytest

from cohortium.derivations.response.criteria import Bound
from cohortium.derivations.response.options import Options
from cohortium.derivations.response.records import course_of
from cohortium.derivations.response.relapse import RELAPSE2016, clinical_relapses, relapses_from_complete

SIGNS = """
quantity          | baseline | later | finding
calcium           | 9        | 11    |
calcium           | 9        | 11.01 | calcium high
corrected-calcium |          | 11.01 | calcium high
hemoglobin        | 12.3     | 10.31 |
hemoglobin        | 12.3     | 10.3  | hemoglobin fell
hemoglobin        |          | 5     |
creatinine        | 0.9      | 2.89  |
creatinine        | 0.9      | 2.9   | creatinine rose
plasmacytoma-spd  | 2        | 2.99  |
plasmacytoma-spd  | 2        | 3     | growth of plasmacytomas
plasmacytoma-spd  | 1        | 1.99  |
plasmacytoma-spd  | 4        | 5.98  |
"""
SCHEMA = {"patient": pl.String, "day": pl.Int64, "quantity": pl.String, "value": pl.Float64, "result": pl.String}


def table(rows):
    made = [(*row[:3], None, row[3]) if isinstance(row[3], str) else (*row, None) for row in rows]
    return pl.DataFrame(made, schema=SCHEMA, orient="row")


def signs(criteria=RELAPSE2016):
    rows, wanted = [], {}
    for number, line in enumerate(SIGNS.strip().splitlines()[1:]):
        quantity, before, after, finding = (cell.strip() for cell in line.split("|"))
        patient = f"P{number:02d}"
        rows += [(patient, day, quantity, float(value)) for day, value in ((0, before), (28, after)) if value]
        wanted[patient] = finding or None
    frame = table(rows)
    course = course_of(frame, pl.DataFrame({"patient": list(wanted)}), Options())
    found = dict(clinical_relapses(frame, course, criteria).select("patient", "finding").iter_rows())
    return {patient: found.get(patient) for patient in wanted}, wanted


def test_signs_of_clinical_relapse():
    found, wanted = signs()
    assert found == wanted


@pytest.mark.parametrize("name", [field.name for field in fields(RELAPSE2016) if field.name != "version"])
def test_every_changed_threshold_is_noticed(name):
    bound, wanted = getattr(RELAPSE2016, name), signs()[1]
    step = 1 if bound.value >= 5 else 0.1
    flipped = bound.sign.rstrip("=") if "=" in bound.sign else f"{bound.sign}="
    for changed in (
        Bound(bound.sign, bound.value + step),
        Bound(bound.sign, bound.value - step),
        Bound(flipped, bound.value),
        Bound(">=", -1_000_000),
        Bound(">=", 1_000_000),
    ):
        assert signs(replace(RELAPSE2016, **{name: changed}))[0] != wanted, changed


def test_a_new_lesion_is_a_sign_and_a_spurious_value_is_none():
    frame = table([("A", 0, "calcium", 9.0), ("A", 28, "calcium", 12.0), ("A", 28, "imaging", "new")])
    frame = frame.with_columns(spurious=pl.Series([None, True, None]))
    course = course_of(frame, pl.DataFrame({"patient": ["A"]}), Options())
    assert clinical_relapses(frame, course).rows() == [("A", 28, "new lesion")]


@pytest.mark.parametrize(
    ("last", "finding"),
    [
        (("serum-immunofixation", "positive"), "immunofixation"),
        (("serum-m-protein", 0.1), "M-protein"),
        (("marrow-plasma-cells", 5.0), "plasma cells in marrow"),
        (("imaging", "new"), "progression"),
        (("marrow-plasma-cells", 4.9), None),
    ],
)
def test_relapse_from_complete_response(last, finding):
    rows = [("A", 0, "serum-m-protein", 3.0)]
    for day in (28, 56):
        rows += [("A", day, name, value) for name, value in (("serum-m-protein", 0.0), ("urine-m-protein", 0.0), ("marrow-plasma-cells", 1.0),
                 ("serum-immunofixation", "negative"), ("urine-immunofixation", "negative"))]  # fmt: skip
    rows.append(("A", 84, *last))
    course = course_of(table(rows), pl.DataFrame({"patient": ["A"]}), Options())
    assert relapses_from_complete(course).rows() == ([("A", 84, finding)] if finding else [])
