"""Eligibility for MajesTEC-1: every criterion at, below and above its limit, both unit systems, unknowns apart."""

from __future__ import annotations

import polars as pl
import pytest

from cohortium.derivations.eligibility import RULES, trial_eligibility
from cohortium.derivations.eligibility.criteria import MAJESTEC_1, TRIALS
from cohortium.study.derive.eligibility import CRITERIA, TrialEligibility
from derivations.rule_tables import check, in_other_units, section_of, survivors, tables

FIT = {
    "age": 68, "myeloma": "positive", "prior_lines": 5, "triple_class_exposed": "positive",
    "progressive_measurable": "positive", "prior_bcma": "negative", "ecog": 1, "hemoglobin": 9.5, "platelets": 120,
    "marrow_plasma_cells": 30, "neutrophils": 2.0, "ast": 20, "ast_upper_limit": 40, "alt": 20, "alt_upper_limit": 40,
    "bilirubin": 0.8, "bilirubin_upper_limit": 1.2, "creatinine_clearance": 70, "calcium": 9.5, "cns": "negative",
    "other_plasma_cell_disease": "negative", "allogeneic_transplant": "negative", "autologous_transplant": "negative",
    "viral_infection": "negative", "stroke_or_seizure": "negative",
}  # fmt: skip
"""A patient who meets every criterion."""

# One change of that patient, or several; then eligibility and the only reason.
BOUNDARIES = """
    change                                  || answer     only_reason
    ------------------------------------------------------------------
    -                                       || eligible   none
    age=17                                  || ineligible age
    age=18                                  || eligible   none
    age=19                                  || eligible   none
    age=?                                   || ?          ?
    myeloma=negative                        || ineligible myeloma
    prior_lines=2                           || ineligible prior_lines
    prior_lines=3                           || eligible   none
    prior_lines=4                           || eligible   none
    triple_class_exposed=negative           || ineligible triple_class_exposed
    progressive_measurable=negative         || ineligible progressive_measurable
    prior_bcma=positive                     || ineligible prior_bcma
    prior_bcma=not-tested                   || ?          ?
    ecog=0                                  || eligible   none
    ecog=1                                  || eligible   none
    ecog=2                                  || ineligible ecog
    hemoglobin=7.9                          || ineligible hemoglobin
    hemoglobin=8.0                          || eligible   none
    hemoglobin=8.1                          || eligible   none
    platelets=74                            || ineligible platelets
    platelets=75                            || eligible   none
    platelets=76                            || eligible   none
    platelets=74,marrow_plasma_cells=49     || ineligible platelets
    platelets=74,marrow_plasma_cells=50     || eligible   none
    platelets=74,marrow_plasma_cells=51     || eligible   none
    platelets=49,marrow_plasma_cells=50     || ineligible platelets
    platelets=50,marrow_plasma_cells=50     || eligible   none
    platelets=51,marrow_plasma_cells=50     || eligible   none
    platelets=74,marrow_plasma_cells=?      || ?          ?
    platelets=75,marrow_plasma_cells=?      || eligible   none
    platelets=49,marrow_plasma_cells=?      || ineligible platelets
    neutrophils=0.9                         || ineligible neutrophils
    neutrophils=1.0                         || eligible   none
    neutrophils=1.1                         || eligible   none
    ast=119                                 || eligible   none
    ast=120                                 || eligible   none
    ast=121                                 || ineligible ast
    ast=121,ast_upper_limit=?               || ?          ?
    alt=119                                 || eligible   none
    alt=120                                 || eligible   none
    alt=121                                 || ineligible alt
    bilirubin=2.3                           || eligible   none
    bilirubin=2.4                           || eligible   none
    bilirubin=2.5                           || ineligible bilirubin
    creatinine_clearance=39                 || ineligible creatinine_clearance
    creatinine_clearance=40                 || eligible   none
    creatinine_clearance=41                 || eligible   none
    calcium=13.9                            || eligible   none
    calcium=14.0                            || eligible   none
    calcium=14.1                            || ineligible calcium
    cns=positive                            || ineligible cns
    other_plasma_cell_disease=positive      || ineligible other_plasma_cell_disease
    allogeneic_transplant=positive          || ineligible allogeneic_transplant
    autologous_transplant=positive          || ineligible autologous_transplant
    viral_infection=positive                || ineligible viral_infection
    stroke_or_seizure=positive              || ineligible stroke_or_seizure
    # Several, and what is not known.
    ecog=2,prior_bcma=positive              || ineligible several
    ecog=2,prior_bcma=positive,age=?        || ineligible several
    ecog=2,age=?                            || ineligible ?
"""


def full(text=BOUNDARIES, expected=("answer", "only_reason")):
    """The table with every column of a patient written out."""
    lines = [line.split() for line in text.strip().splitlines() if "||" in line][1:]
    body = []
    for change, _, *answers in lines:
        changed = {} if change == "-" else dict(part.split("=") for part in change.split(","))
        body.append(" ".join(map(str, [*{**FIT, **changed}.values(), "||", *answers])))
    return "\n".join([" ".join([*FIT, "||", *expected]), *body])


def test_boundaries():
    check(full(), TrialEligibility, trial_eligibility, criteria="majestec-1")


def test_every_measured_criterion_is_read_in_other_units():
    section = section_of(TrialEligibility, list(FIT), criteria="majestec-1")
    frame = pl.DataFrame({key: [value] for key, value in FIT.items()})
    assert {key for key, _ in in_other_units(section, frame)} == {
        "hemoglobin", "platelets", "neutrophils", "ast", "ast_upper_limit", "alt", "alt_upper_limit", "bilirubin",
        "bilirubin_upper_limit", "calcium",
    }  # fmt: skip


def within(changed):
    return {"majestec-1": changed}


def test_every_mutant_of_the_criteria_changes_an_answer():
    # Limits of normal of the table: 40 U/L and 1.2 mg/dL; a step is 1 U/L and 0.1 mg/dL.
    step = {8.0: 0.1, 1.0: 0.1, 14.0: 0.1, 3: 1 / 40, 2: 0.1 / 1.2}
    found = survivors(
        full(), TrialEligibility, trial_eligibility, MAJESTEC_1, lambda limit: step.get(limit, 1), within,
        criteria="majestec-1",
    )  # fmt: skip
    # A step of 1/40 is below one line of therapy and one ECOG grade: those two move by one.
    assert [name for name in found if "prior_lines" not in name and "ecog" not in name] == []
    counts = survivors(
        full(), TrialEligibility, trial_eligibility, MAJESTEC_1, 1.0, within, criteria="majestec-1"
    )  # fmt: skip
    assert [name for name in counts if "prior_lines" in name or "ecog" in name] == []


KEYS = [
    ("hemoglobin_at_least", 10.0, "hemoglobin"),
    ("platelets_at_least", 121.0, "platelets"),
    ("neutrophils_at_least", 2.1, "neutrophils"),
    ("ast_at_most_times_uln", 0.4, "ast"),
    ("alt_at_most_times_uln", 0.4, "alt"),
    ("bilirubin_at_most_times_uln", 0.5, "bilirubin"),
    ("creatinine_clearance_at_least", 71.0, "creatinine_clearance"),
    ("calcium_at_most", 9.4, "calcium"),
]


@pytest.mark.parametrize(("key", "value", "criterion"), KEYS, ids=[key for key, _, _ in KEYS])
def test_limits_are_keys(key, value, criterion):
    frame = pl.DataFrame({name: [one] for name, one in FIT.items()})
    section = section_of(TrialEligibility, frame.columns, criteria="majestec-1", **{key: value})
    assert trial_eligibility(tables(frame), section).columns["it_only_reason"].to_list() == [criterion]


def test_limits_in_full_marrow_are_keys():
    text = full("change || x\nplatelets=60,marrow_plasma_cells=55 || ineligible", ("answer",))
    for key, value in (("platelets_at_least_in_full_marrow", 61.0), ("full_marrow_from_percent", 56.0)):
        check(text, TrialEligibility, trial_eligibility, criteria="majestec-1", **{key: value})
    check(text.replace("ineligible", "eligible"), TrialEligibility, trial_eligibility, criteria="majestec-1")


COUNTS = """
    change                                  || answer     n_not_met n_unknown first_reason only_reason
    ---------------------------------------------------------------------------------------------
    -                                       || eligible   0         0         none         none
    ecog=2                                  || ineligible 1         0         ecog         ecog
    ecog=2,prior_bcma=positive              || ineligible 2         0         prior_bcma   several
    ecog=2,age=?,calcium=?                  || ineligible 1         2         ecog         ?
    age=?                                   || ?          0         1         ?            ?
"""


def test_counts_and_reasons():
    text = full(COUNTS, ("answer", "n_not_met", "n_unknown", "first_reason", "only_reason"))
    check(text, TrialEligibility, trial_eligibility, criteria="majestec-1")


def test_each_criterion_has_a_variable_and_the_site_a_list():
    frame = pl.DataFrame({name: [one] for name, one in FIT.items()}).with_columns(
        patient=pl.lit("A"), ecog=pl.lit(2), calcium=pl.lit(None, dtype=pl.Float64)
    )
    section = section_of(TrialEligibility, list(FIT), criteria="majestec-1")
    derived = trial_eligibility(tables(frame), section)
    assert derived.columns.columns == ["patient", *(variable.name for variable in section.variables())]
    row = derived.columns.row(0, named=True)
    assert (row["it_ecog"], row["it_calcium"], row["it_age"]) == ("not-met", None, "met")
    assert derived.listings["reasons"].rows() == [("A", "ecog", "not met"), ("A", "calcium", "not known")]
    declared = {level.code for level in section.variables()[3].levels}
    assert declared == {"none", *CRITERIA}


def test_a_criterion_without_a_variable_is_not_known_and_may_be_left_out_openly():
    frame = pl.DataFrame({name: [one] for name, one in FIT.items() if name != "cns"})
    section = section_of(TrialEligibility, frame.columns, criteria="majestec-1")
    assert trial_eligibility(tables(frame), section).columns["it"].to_list() == [None]
    section = section_of(TrialEligibility, frame.columns, criteria="majestec-1", leave_out=("cns",))
    assert trial_eligibility(tables(frame), section).columns["it"].to_list() == ["eligible"]
    assert section.variables()[0].label == "It (20 of 21 criteria)"
    assert "it_cns" not in {variable.name for variable in section.variables()}


def test_every_criterion_has_a_reason_that_is_printed():
    used = {*MAJESTEC_1.numbers, *MAJESTEC_1.times_uln, *MAJESTEC_1.present, *MAJESTEC_1.absent}
    assert used == set(CRITERIA)
    assert set(TRIALS) == {"majestec-1"}
    assert set(RULES) == {"trial-eligibility"}
