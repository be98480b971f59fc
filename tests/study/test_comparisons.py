"""Keys of tests of equal survival, restricted means and weights: one change to a good study, and what is said."""

import pytest

LOGRANK = 'strata = ["site"]\n'
CURVES = "at_months = [12, 24]\n"
CHANGES = [
    (LOGRANK + "rho = 1\n", ["analysis[3].rho: rho belongs to another test than 'logrank' (set test = 'fleming-harrington', or leave rho out)"]),
    (LOGRANK + 'test = "fleming-harrington"\nrho = 0.5\ngamma = 1\n', []),
    (LOGRANK + 'test = "peto-peto"\n', []),
    (LOGRANK + "scores = [1, 2]\n", ["analysis[3].scores: scores are for a trend (set trend = true, or leave scores out)"]),
    (LOGRANK + "trend = true\nscores = [1, 2, 3]\n", ["analysis[3].scores: 3 scores for the 2 levels of sex (give one score a level, in the order of the levels)"]),
    (LOGRANK + "trend = true\nscores = [1, 1]\n", ["analysis[3].scores: all scores are the same; a trend needs different ones"]),
    (LOGRANK + "trend = true\nscores = [0, 1]\n", []),
    (LOGRANK + "pairwise = true\n", ["analysis[3].pairwise: sex has two levels, which the test itself compares (leave pairwise out)"]),
    (CURVES + "restricted_mean_months = 24\nnelson_aalen = true\n", []),
    (CURVES + "restricted_mean_months = 33\n", ["analysis[2].restricted_mean_months: 33 months is beyond the horizon of 1000 days (raise horizon_days in [time])"]),
    (CURVES + 'weight = "weight"\ninterval = "arcsine"\nquantile_rule = "first"\n', []),
    (CURVES + 'weight = "sex"\n', ["analysis[2].weight: sex is a category; expected a number"]),
]  # fmt: skip


@pytest.mark.parametrize(("keys", "expected"), CHANGES)
def test_what_is_said(problems, keys, expected):
    old = LOGRANK if keys.startswith(LOGRANK) else CURVES
    assert problems((old, keys)) == expected
