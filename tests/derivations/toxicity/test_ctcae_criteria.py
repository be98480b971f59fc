"""Laboratory criteria against the published tables row by row, and every mutant of them against the same grids."""

from dataclasses import replace

import polars as pl
import pytest

from cohortium.derivations.toxicity.ctcae_criteria import CRITERIA
from cohortium.derivations.toxicity.ctcae_grading import graded
from cohortium.study.derive.ctcae_laboratory import CTCAE_TERMS
from cohortium.study.quantities import QUANTITIES
from derivations.toxicity.criteria_file import expression, numbers, rows
from derivations.toxicity.grid import grid

VERSIONS = ("5.0", "6.0")
CASES = [(version, code) for version in VERSIONS for code in CRITERIA[version]]
OTHER = {"<": "<=", "<=": "<", ">": ">=", ">=": ">"}
MOVED = 0.01
"""How far a mutant moves a limit, relative to it: twice the step of the grid."""


@pytest.fixture(scope="module")
def published(reference_data):
    return {version: {row["TERM"]: row for row in rows(reference_data, version)} for version in VERSIONS}


def ours(frame, criterion, system="si", *, normal=True):
    """Limits of the grade of each row, values written in SI units and converted as intake does."""
    factor = (
        QUANTITIES[criterion.quantity].factor(criterion.si_unit) if system == "si" and criterion.si_unit else None
    ) or 1
    given = {"value": "AVAL", "lower_limit": "ANRLO", "upper_limit": "ANRHI", "baseline": "BASE"}
    columns = [(pl.col(theirs) * factor).round_sig_figs(12).alias(name) for name, theirs in given.items()]
    inputs = frame.select(*columns).with_columns(baseline_lower="lower_limit", baseline_upper="upper_limit")
    return graded(inputs, criterion, system, normal_without_baseline=normal).select("least", "most")


def theirs(frame, row):
    return frame.select(expression(row["GRADE_CRITERIA_CODE"]).cast(pl.Int64).alias("grade"))["grade"]


@pytest.mark.parametrize("version", VERSIONS)
def test_every_published_row_has_a_criterion_and_every_criterion_a_row(published, version):
    assert {criterion.term for criterion in CRITERIA[version].values()} == set(published[version])
    assert {code: criterion.term for code, criterion in CRITERIA[version].items()} == CTCAE_TERMS[version]


@pytest.mark.parametrize(("version", "code"), CASES)
def test_every_grade_agrees_with_the_published_expression(published, version, code):
    criterion = CRITERIA[version][code]
    row = published[version][criterion.term]
    frame = grid(row["GRADE_CRITERIA_CODE"], missing=False)
    found, expected = ours(frame, criterion), theirs(frame, row)
    known = expected.is_not_null()
    assert found.filter(known)["least"].to_list() == expected.filter(known).to_list()
    assert found.filter(known)["most"].to_list() == expected.filter(known).to_list()
    assert (found.filter(~known)["least"] < found.filter(~known)["most"]).all()
    assert set(expected.drop_nulls()) == {0, *(step.grade for step in criterion.steps if step.grade)}


@pytest.mark.parametrize("normal", [True, False], ids=["without-baseline-normal", "without-baseline-unknown"])
@pytest.mark.parametrize(("version", "code"), CASES)
def test_what_is_missing_leaves_grades_open_and_never_makes_another(published, version, code, normal):
    """The published expression takes some unknown limits as not met; ours says that the grade could be higher."""
    criterion = CRITERIA[version][code]
    row = published[version][criterion.term]
    frame = grid(row["GRADE_CRITERIA_CODE"])
    found, expected = ours(frame, criterion, normal=normal), theirs(frame, row)
    inside = (found["least"] <= expected) & (expected <= found["most"])
    assert inside.drop_nulls().all()
    # Where a missing baseline is normal, these two are gradable without one.
    if not (normal and code in {"inr-increased", "alp-increased"}):
        not_gradable = expected.is_null()
        assert (found.filter(not_gradable)["least"] < found.filter(not_gradable)["most"]).all()


@pytest.mark.parametrize(("version", "code"), CASES)
def test_limits_are_those_of_the_published_words(published, version, code):
    """Both unit systems: each number of a step stands in the text of its grade, or of the next better one."""
    criterion = CRITERIA[version][code]
    row = published[version][criterion.term]
    words = " ".join(row[f"GRADE_{grade}"] for grade in range(1, 5))
    printed = set(numbers(words)) | {value / 1000 for value in numbers(words)}
    for step in criterion.steps:
        # The words of low sodium give bands: 125 to below 130.
        if step.reference == "number" and (version, code) != ("5.0", "hyponatremia"):
            assert {step.limit, step.si_limit} <= printed, step


def mutants(criterion):
    """Each step with a limit moved either way, its comparison opened or closed, its grade another, or left out."""
    for i, step in enumerate(criterion.steps):
        changed = [replace(step, comparison=OTHER[step.comparison])]
        for sign in (-1, 1):
            moved = sign * (MOVED * abs(step.si_limit) or 1.0)
            changed.append(replace(step, si_limit=step.si_limit + moved, limit=step.limit + moved))
        if step.grade is not None:
            changed += [replace(step, grade=step.grade + sign) for sign in (-1, 1) if 0 < step.grade + sign < 5]
        left_out = [()] if len(criterion.steps) > 1 else []
        for mutant in (*((one,) for one in changed), *left_out):
            yield replace(criterion, steps=(*criterion.steps[:i], *mutant, *criterion.steps[i + 1 :]))


@pytest.mark.parametrize(("version", "code"), CASES)
def test_every_mutant_of_a_criterion_changes_a_grade(published, version, code):
    criterion = CRITERIA[version][code]
    row = published[version][criterion.term]
    frame = grid(row["GRADE_CRITERIA_CODE"], missing=False)
    right = ours(frame, criterion)
    survivors = [mutant.steps for mutant in mutants(criterion) if ours(frame, mutant).equals(right)]
    assert survivors == []
