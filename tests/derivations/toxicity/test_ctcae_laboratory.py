"""Laboratory values to a patient's grades: windows, limits of normal, baselines, what is not known."""

import polars as pl
import pytest
from pydantic import ValidationError

from cohortium.derivations.toxicity import ctcae_laboratory
from cohortium.study.derive.ctcae_laboratory import CtcaeLaboratory
from derivations.toxicity.made import row, site


def section(**keys):
    return CtcaeLaboratory(name="lab", label="Laboratory", rule="ctcae-laboratory", **keys)


def neutrophils(*pairs, **more):
    return [{"day": day, "quantity": "neutrophils", "value": value, **more} for day, value in pairs]


def made(rows, patients=("A",), **keys):
    patients = patients if isinstance(patients, pl.DataFrame) else list(patients)
    return ctcae_laboratory(site(patients, assessments=rows), section(**{"terms": ["neutrophils-decreased"], **keys}))


def grade(rows, **keys):
    found = row(made(rows, **keys))
    return found["lab_neutrophils_decreased"], found["lab_neutrophils_decreased_at_least"]


def test_the_worst_grade_after_day_0():
    assert grade(
        neutrophils((0, 0.3), (1, 1.2), (8, 0.9), (15, 2.5)),
    ) == ("3", 3)


def test_a_patient_without_a_value_is_not_known():
    found = row(made(neutrophils((0, 0.3), (5, None))))
    assert found["lab_neutrophils_decreased"] is None
    assert found["lab_neutrophils_decreased_any"] is None
    assert found["lab"] is None


def test_without_a_lower_limit_of_normal_grade_1_is_not_gradable():
    assert grade(neutrophils((1, 1.6))) == (None, 0)
    assert grade(neutrophils((1, 1.6), lower_limit=1.8)) == ("1", 1)
    assert grade(neutrophils((1, 1.9), lower_limit=1.8)) == ("0", 0)
    assert row(made(neutrophils((1, 1.6))))["lab_neutrophils_decreased_severe"] == "no"


def test_a_worse_known_grade_settles_what_another_value_leaves_open():
    assert grade(neutrophils((1, 1.6), (2, 1.4))) == ("2", 2)


def test_declared_limits_by_sex():
    limits = [
        {"quantity": "hemoglobin", "lower": 12.0, "sex": "female"},
        {"quantity": "hemoglobin", "lower": 13.5, "sex": "male"},
    ]
    patients = pl.DataFrame({"patient": ["A", "B", "C"], "sex": ["female", "male", None]})
    rows = [{"patient": p, "day": 1, "quantity": "hemoglobin", "value": 12.5} for p in "ABC"]
    found = made(rows, patients, terms=["anemia"], limits=limits, sex="sex").columns["lab_anemia"]
    assert found.to_list() == ["0", "1", None]


def test_a_row_keeps_its_own_limit():
    limits = [{"quantity": "neutrophils", "lower": 1.8}]
    assert grade(neutrophils((1, 1.7), lower_limit=1.5), limits=limits) == ("0", 0)


def test_spurious_values_are_not_used():
    assert grade([*neutrophils((1, 0.1), spurious=True), *neutrophils((2, 1.2))]) == ("2", 2)


@pytest.mark.parametrize(("version", "expected"), [("5.0", ["4", "4", "3", "2"]), ("6.0", ["4", "3", "2", "1"])])
def test_versions_grade_neutrophils_differently(version, expected):
    rows = [
        {"patient": p, "day": 1, "quantity": "neutrophils", "value": value, "lower_limit": 2.0}
        for p, value in zip("ABCD", [0.09, 0.1, 0.5, 1.0], strict=True)
    ]
    found = made(rows, "ABCD", version=version)
    assert found.columns["lab_neutrophils_decreased"].to_list() == expected
    assert set(found.records["version"]) == {f"CTCAE {version}"}


def test_the_version_is_printed_in_every_label():
    assert all("CTCAE 6.0" in variable.label for variable in section(version="6.0", terms=["anemia"]).variables())


def test_severe_by_and_at_days():
    days = {"severe_by_days": [30, 90], "ongoing_at_days": [30, 90], "ongoing_within_days": 14}
    found = row(made(neutrophils((10, 0.8), (20, 2.0), (30, 1.0), (31, 0.4), (80, 0.9)), **days))
    names = ["by_30", "by_90", "at_30", "at_90"]
    assert [found[f"lab_neutrophils_decreased_{name}"] for name in names] == ["yes", "yes", "no", "yes"]


def test_no_value_near_a_day_tells_nothing_of_it():
    found = row(made(neutrophils((10, 0.8)), ongoing_at_days=[30], ongoing_within_days=14, severe_by_days=[5]))
    assert found["lab_neutrophils_decreased_at_30"] is None
    assert found["lab_neutrophils_decreased_by_5"] is None


def liver(baseline, value, version="5.0", **keys):
    rows = [
        {"day": day, "quantity": "alt", "value": number, "upper_limit": 40.0}
        for day, number in ((-1, baseline), (7, value)) if number is not None
    ]  # fmt: skip
    found = row(made(rows, terms=["alt-increased"], version=version, **keys))
    return found["lab_alt_increased"]


@pytest.mark.parametrize(
    ("baseline", "value", "v5", "v6"),
    [
        (40.0, 120.0, "1", "1"), (40.0, 121.0, "2", "2"), (40.0, 201.0, "3", "3"), (40.0, 801.0, "4", "4"),
        (100.0, 149.0, "0", "1"), (100.0, 150.0, "1", "1"), (100.0, 151.0, "1", "2"), (100.0, 301.0, "2", "3"),
        (100.0, 401.0, "2", "4"), (100.0, 501.0, "3", "4"), (100.0, 2001.0, "4", "4"), (None, 40.0, "0", "0"),
        (None, 41.0, None, None),
    ],
)  # fmt: skip
def test_an_abnormal_baseline_is_what_later_values_are_compared_with(baseline, value, v5, v6):
    assert (liver(baseline, value), liver(baseline, value, "6.0")) == (v5, v6)


def test_a_missing_baseline_may_be_taken_as_normal():
    assert liver(None, 121.0, without_baseline="normal") == "2"


def test_the_last_baseline_value_counts_and_of_a_day_the_lowest():
    rows = [
        {"day": day, "quantity": "creatinine", "value": value, "upper_limit": 1.2}
        for day, value in ((-20, 0.5), (-1, 0.9), (-1, 0.6), (7, 1.0))
    ]
    assert row(made(rows, terms=["creatinine-increased"]))["lab_creatinine_increased"] == "2"
    again = made(rows[::-1], terms=["creatinine-increased"])
    assert row(again)["lab_creatinine_increased"] == "2"


def test_the_worst_of_all_terms_is_open_while_one_was_not_measured():
    rows = neutrophils((1, 0.8))
    found = row(made(rows, terms=["neutrophils-decreased", "anemia"]))
    assert (found["lab"], found["lab_at_least"], found["lab_severe"]) == (None, 3, "yes")
    low = row(made(neutrophils((1, 0.4)), terms=["neutrophils-decreased", "anemia"]))
    assert low["lab"] == "4"


@pytest.mark.parametrize(
    "keys",
    [
        {"terms": ["neutropenia"]}, {"terms": ["lymphocytes-decreased"], "version": "6.0"}, {"terms": ["anemia", "anemia"]},
        {"limits": [{"quantity": "iron", "lower": 1.0}]}, {"limits": [{"quantity": "alt", "upper": 40.0, "sex": "male"}]},
    ],
)  # fmt: skip
def test_what_the_version_does_not_have_is_refused(keys):
    with pytest.raises(ValidationError):
        section(**keys)


def test_creatinine_clearance_below_the_terms_range_is_not_gradable():
    rows = [{"day": 1, "quantity": "creatinine-clearance", "value": 9.0}]
    found = row(made(rows, version="6.0", terms=["creatinine-clearance-decreased"]))
    assert found["lab_creatinine_clearance_decreased"] is None
