"""Criteria whose two unit systems are rounded differently: every limit in conventional units, below, at and above."""

from dataclasses import replace

import polars as pl
import pytest

from cohortium.derivations.toxicity.ctcae_criteria import CRITERIA
from cohortium.derivations.toxicity.ctcae_grading import NUMBERS, graded
from cohortium.study.quantities import QUANTITIES

OTHER = {"<": "<=", "<=": "<", ">": ">=", ">=": ">"}
NORMAL = {"anemia": (12.0, 16.0), "hemoglobin-increased": (12.0, 16.0), "hypoalbuminemia": (3.5, 5.0)}
"""Limits of normal in conventional units, where they are not beyond every limit of the criterion."""

CONVENTIONAL = {
    ("5.0", "anemia"): "12.0:0 11.9:1 10.0:1 9.9:2 8.0:2 7.9:3 7.0:3",
    ("5.0", "hemoglobin-increased"): "16.0:0 16.1:1 18.0:1 18.1:2 20.0:2 20.1:3",
    ("5.0", "cholesterol-high"): "300:1 301:2 400:2 401:3 500:3 501:4",
    ("5.0", "fibrinogen-decreased"): "49:4 50:3 51:3",
    ("5.0", "hypercalcemia"): "11.5:1 11.6:2 12.5:2 12.6:3 13.5:3 13.6:4",
    ("5.0", "hypermagnesemia"): "3.0:1 3.1:3 8.0:3 8.1:4",
    ("5.0", "hypertriglyceridemia"): "150:0 151:1 300:1 301:2 500:2 501:3 1000:3 1001:4",
    ("5.0", "hypoalbuminemia"): "3.5:0 3.4:1 3.0:1 2.9:2 2.0:2 1.9:3",
    ("5.0", "hypocalcemia"): "8.0:1 7.9:2 7.0:2 6.9:3 6.0:3 5.9:4",
    ("5.0", "hypoglycemia"): "55:1 54:2 40:2 39:3 30:3 29:4",
    ("5.0", "hypomagnesemia"): "1.2:1 1.1:2 0.9:2 0.8:3 0.7:3 0.6:4",
    ("6.0", "hyperglycemia"): "250:0 251:3 500:3 501:4",
    ("6.0", "hyperglycemia-fasting"): "160:1 161:2 250:2 251:3 500:3 501:4",
}
BASIS = {"fibrinogen-decreased": (180.0, 400.0)}
"""Limits of normal beyond all limits of the criterion are the default: everything in the table is at least grade 1."""


def values(version, code):
    criterion = CRITERIA[version][code]
    low_is_bad = criterion.steps[0].comparison.startswith("<")
    lower, upper = NORMAL.get(code) or BASIS.get(code) or ((1e4, 2e4) if low_is_bad else (0.001, 0.01))
    pairs = [pair.split(":") for pair in CONVENTIONAL[version, code].split()]
    frame = pl.DataFrame({"value": [float(value) for value, _ in pairs]}).with_columns(
        lower_limit=pl.lit(lower), upper_limit=pl.lit(upper), baseline=pl.lit(None, pl.Float64),
        baseline_lower=pl.lit(lower), baseline_upper=pl.lit(upper),
    )  # fmt: skip
    return frame, [int(grade) for _, grade in pairs]


def grades(frame, criterion, system="us"):
    return graded(frame, criterion, system, normal_without_baseline=True)["least"].to_list()


def test_every_criterion_with_two_unit_systems_has_a_table():
    with_two = {(version, code) for version, found in CRITERIA.items() for code, one in found.items() if one.si_unit}
    shared = {("6.0", code) for version, code in CONVENTIONAL if version == "5.0"}
    assert with_two == set(CONVENTIONAL) | shared
    assert all(CRITERIA["5.0"][code] == CRITERIA["6.0"][code] for _, code in shared)


@pytest.mark.parametrize(("version", "code"), CONVENTIONAL)
def test_limits_in_conventional_units(version, code):
    frame, expected = values(version, code)
    criterion = CRITERIA[version][code]
    assert grades(frame, criterion) == expected
    # As a site writes the same values in each other unit, with decimals enough, and intake converts them back.
    for unit in QUANTITIES[criterion.quantity].factors:
        factor = QUANTITIES[criterion.quantity].factor(unit)
        written = frame.select((pl.col(NUMBERS) / factor).round_sig_figs(13) * factor)
        assert grades(written, criterion) == expected, unit


@pytest.mark.parametrize(("version", "code"), CONVENTIONAL)
def test_every_mutant_of_a_conventional_limit_changes_a_grade(version, code):
    frame, expected = values(version, code)
    criterion = CRITERIA[version][code]
    for i, step in enumerate(criterion.steps):
        if step.reference not in {"number", "above-upper-limit"}:
            continue
        unit = 1.0 if "." not in CONVENTIONAL[version, code] else 0.1
        changed = [replace(step, comparison=OTHER[step.comparison])]
        changed += [replace(step, limit=step.limit + sign * unit) for sign in (-1, 1)]
        for mutant in changed:
            steps = (*criterion.steps[:i], mutant, *criterion.steps[i + 1 :])
            assert grades(frame, replace(criterion, steps=steps)) != expected, mutant


def test_the_two_systems_differ_where_the_criteria_print_rounded_limits():
    """Calcium of 2.9 mmol/L is 11.6 mg/dL: grade 1 by the SI limit, grade 2 by the conventional one."""
    criterion = CRITERIA["5.0"]["hypercalcemia"]
    frame = values("5.0", "hypercalcemia")[0].head(1).with_columns(value=pl.lit(2.9 * 4.008))
    assert (grades(frame, criterion, "si"), grades(frame, criterion, "us")) == ([1], [2])


@pytest.mark.parametrize("written", [0.1 + 0.4, 0.3 + 0.2, 500 * 0.001])
def test_noise_of_arithmetic_does_not_change_a_grade(written):
    frame = pl.DataFrame({name: [None] for name in NUMBERS}, schema=dict.fromkeys(NUMBERS, pl.Float64))
    frame = frame.with_columns(value=pl.lit(written + 1e-16), lower_limit=pl.lit(2.0))
    assert grades(frame, CRITERIA["5.0"]["neutrophils-decreased"]) == [3]
