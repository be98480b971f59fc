"""Variables that become known after the start of an analysis."""

from __future__ import annotations

import pytest

from cohortium.errors import StudyFileError
from cohortium.study.later import later_notes, later_uses
from cohortium.study.load import load_study

OS = """\
[[endpoint]]
name = "os"
label = "OS"
event = ["death"]
censor = "last"
[[endpoint]]
name = "late"
label = "Late"
of = "os"
landmark_months = 3
"""


def group(where, name="scanned"):
    cases = f'cases = [{{ level = "Yes", where = "{where}" }}, {{ level = "No", otherwise = true }}]'
    return f'[[derive]]\nname = "{name}"\nlabel = "{name}"\n{cases}\n'


def curves(by, endpoint="os"):
    return f'[[analysis]]\nname = "km-{endpoint}"\nmethod = "kaplan-meier"\nendpoint = "{endpoint}"\nby = "{by}"\n'


def later(frames, variable, population="cohort"):
    return frames.populations[population][f"{variable}__later"].to_list()


def test_a_group_made_of_a_later_date(derived):
    frames, _ = derived(
        group("is_known(scan)") + OS + curves("scanned"),
        #     P1  P2    P3  P4
        scan=[10, None, 0, -5],
        last=[99, 99, 99, 99],
    )
    assert later(frames, "scanned") == [True, False, False, False]


def test_at_a_landmark_what_was_known_by_then_is_known(derived):
    frames, _ = derived(
        group("is_known(scan) and scan <= 91") + OS + curves("scanned") + curves("scanned", "late"),
        #     P1  P2   P3
        scan=[10, 200, None],
        last=[300, 300, 300],
    )
    assert later(frames, "scanned") == [True, False, False]
    assert later(frames, "scanned", "late") == [False, False, False]


def test_at_a_landmark_a_group_by_any_later_date_is_not_known(derived):
    frames, _ = derived(
        group("is_known(scan)") + OS + curves("scanned", "late"), scan=[10, 200, None], last=[300, 300, 300]
    )
    assert later(frames, "scanned", "late") == [False, True, False]
    assert "scanned__later" not in frames.cohort.columns


def test_through_variables_that_are_made_of_one_another(derived):
    sections = (
        '[[derive]]\nname = "wait"\nlabel = "Wait"\nvalue = "scan - start"\nminimum = 0\nmaximum = 500\n'
        + group("wait > 30", "slow")
        + OS
        + curves("slow")
    )
    frames, _ = derived(sections, start=[0, 0], scan=[40, None], last=[99, 99])
    assert later(frames, "slow") == [True, False]


def test_a_follow_up_in_days_is_known_only_when_it_has_ended(derived):
    days = '[[endpoint]]\nname = "os"\nlabel = "OS"\ntime = "days"\nevent_where = "status == \'Dead\'"\n'
    frames, _ = derived(group("days > 180", "long") + days + curves("long"), days=[200, 90, 0], status=["1", "0", "1"])
    assert later(frames, "long") == [True, True, False]


def test_what_is_declared_as_known_later(derived):
    frames, _ = derived(
        OS + curves("sex"),
        after_origin=["sex"],
        sex=["1", None],
        last=[99, 99],
    )
    assert later(frames, "sex") == [True, False]


def test_a_clean_study_has_none(derived):
    frames, _ = derived(group("age > 60", "old") + OS + curves("old"), age=[50, 70], last=[9, 9])
    assert not [column for column in frames.cohort.columns if column.endswith("__later")]


def test_strata_and_covariates_count_and_notes_are_in_words(derived, tmp_path):
    model = (
        '[[analysis]]\nname = "model"\nmethod = "cox"\nendpoint = "late"\n'
        'covariates = ["age", { variable = "scanned" }]\nstrata = ["scanned_too"]\n'
    )
    sections = group("is_known(scan)") + group("scanned == 'Yes'", "scanned_too") + OS + model
    derived(sections, scan=[1], last=[99])
    study = load_study(tmp_path)
    assert [(use.variable, use.population, use.sources) for use in later_uses(study)] == [
        ("scanned_too", "late", ("scan",)),
        ("scanned", "late", ("scan",)),
    ]
    assert later_notes(study)[0] == (
        "analysis model: scanned_too may become known only after the landmark at 3 months, since scan may; "
        "the run counts the patients in whom it did"
    )


def test_weights_offsets_and_groups_of_censoring_count(derived, tmp_path):
    use = '[[analysis]]\nname = "km"\nmethod = "kaplan-meier"\nendpoint = "os"\nweight = "age"\n'
    derived(OS + use, after_origin=["age"], age=[50], last=[9])
    (found,) = later_uses(load_study(tmp_path))
    assert (found.variable, found.declared) == ("age", ("age",))
    assert later_notes(load_study(tmp_path)) == (
        f"analysis km: age may become known only after {found.since}; the run counts the patients in whom it did",
    )


def test_an_unknown_name_is_named_with_a_suggestion(derived):
    with pytest.raises(StudyFileError, match=r"unknown variable 'sxe' \(did you mean 'sex'\?\)"):
        derived(OS, after_origin=["sxe"], age=[1])
