"""Rules of response rates and of stratified comparisons: one change to a good analysis, and the message that follows."""

import pytest

GOOD = """
[[analysis]]
name = "rates"
method = "response-rates"
variable = "ecog"
outcomes = [{ label = "Well", levels = ["Zero", "1"] }, { label = "Alive", variable = "status", levels = ["Alive"] }]
by = "sex"
reference = "Female"

[[analysis]]
name = "stratified"
method = "cmh"
outcome = { label = "Well", variable = "ecog", levels = ["Zero"] }
not_evaluable = ["Two"]
by = "sex"
strata = ["site", "arm"]

[[table]]
name = "table2"
kind = "response"
analyses = ["rates", "stratified"]
title = "Response"

[[figure]]
name = "figure3"
kind = "response"
analysis = "rates"
title = "Rates"
"""

CHANGES = [
    (('levels = ["Zero", "1"]', 'levels = ["Zerro", "1"]'), ["analysis[6].outcomes[1].levels[1]: ecog has no level 'Zerro'; expected one of Zero, One, Two (did you mean 'Zero'?)"]),
    (('levels = ["Zero", "1"]', 'levels = ["0", "1", "2"]'), ["analysis[6].outcomes[1].levels: names every level of ecog, so that everybody has the outcome"]),
    (('levels = ["Zero", "1"]', 'levels = ["1", "1"]'), ["analysis[6].outcomes[1].levels[2]: 1 is listed twice"]),
    (('variable = "ecog"\noutcomes', "outcomes"), ["analysis[6].outcomes[1]: the key 'variable' is missing; expected the name of a category (give variable here, or once for all outcomes of the analysis)"]),
    (('variable = "ecog"\noutcomes', 'variable = "age"\noutcomes'), ["analysis[6].variable: age is a whole number; expected a category with declared levels"]),
    (('variable = "ecog"\noutcomes', 'variable = "ecog"\nnot_evaluable = ["One"]\noutcomes'), ["analysis[6].outcomes[1].levels: names One, which is in not_evaluable (remove it here or there)"]),
    (('variable = "ecog"\noutcomes', 'variable = "ecog"\nnot_evaluable = ["None"]\noutcomes'), ["analysis[6].not_evaluable[1]: ecog has no level 'None'; expected one of Zero, One, Two (did you mean 'One'?)"]),
    (('label = "Alive", variable', 'label = "Well", variable'), ["analysis[6].outcomes[2].label: 'Well' is already the label of an outcome of this analysis"]),
    (('by = "sex"\nreference', 'by = "only"\nreference'), ['analysis[6].by: only has one level; expected at least two groups to compare (set compare = "none")', "analysis[6].reference: only has no level 'Female'; expected One"]),
    (('by = "sex"\nreference', 'by = "ecog"\nreference'), ["analysis[6].variable: ecog makes the groups, so it cannot be the outcome too", "analysis[6].reference: ecog has no level 'Female'; expected one of Zero, One, Two"]),
    (('by = "sex"\nreference', "reference"), ["analysis[6].reference: compares groups, but the analysis has none (name them with by)"]),
    (('reference = "Female"', 'compare = "ratio"\ndifference_interval = "newcombe"'), ['analysis[6].difference_interval: is for compare = "difference"; this analysis has compare = "ratio" (remove difference_interval)']),
    (('reference = "Female"', 'populations = ["all-treated", "all-treated"]'), ["analysis[6].populations[2]: all-treated is listed twice"]),
    (('by = "sex"\nstrata', 'by = "ecog"\nstrata'), ["analysis[7].outcome.variable: ecog makes the groups, so it cannot be the outcome too", "analysis[7].by: ecog has 3 levels; expected two groups to compare (derive a category with two levels)"]),
    (('["site", "arm"]', '["site", "ecog", "age", "site"]'), ["analysis[7].strata[2]: ecog is compared in this analysis, so it cannot be a stratum too", "analysis[7].strata[3]: age is a whole number; expected a category with declared levels", "analysis[7].strata[4]: site is listed twice"]),
    (('["rates", "stratified"]', '["stratified"]'), ["table[2].analyses: only tests are named; a response table needs a response-rates analysis (add one)"]),
    (('["rates", "stratified"]', '["rates", "os-test"]'), ["table[2].analyses[2]: os-test is a logrank analysis; a response table shows response-rates or cmh (such as 'rates')"]),
    (('analysis = "rates"', 'analysis = "stratified"'), ["figure[3].analysis: stratified is a cmh analysis; a response figure shows response-rates (such as 'rates')"]),
]  # fmt: skip


def test_the_good_analyses_have_no_problem(problems):
    assert problems(add=GOOD) == []


@pytest.mark.parametrize(("change", "expected"), CHANGES, ids=[expected[0][:60] for _, expected in CHANGES])
def test_each_rule(problems, change, expected):
    old, new = change
    assert old in GOOD
    assert sorted(problems(add=GOOD.replace(old, new, 1))) == sorted(expected)


def test_a_second_analysis_of_rates_does_not_fit_in_a_table(problems):
    second = GOOD.replace('name = "table2"', 'name = "table3"').replace("figure3", "figure4")
    second = second.replace('"rates"', '"others"').replace('"stratified"', '"stratified-too"')
    found = problems(add=GOOD.replace('["rates", "stratified"]', '["rates", "others"]') + second)
    assert found == ["table[2].analyses: a response table shows one analysis (make a table for each)"]
