"""Rules of sequences, their figures and the regimen of a line: one change to good sections, and its message."""

import pytest

GOOD = """
[[analysis]]
name = "moves"
method = "sequences"
steps = ["ecog", "arm", "diabetes"]
ended = ["Two"]
by = "sex"

[[figure]]
name = "figure3"
kind = "sankey"
analysis = "moves"
width = "single"
title = "Moves"
"""
STEPS = 'steps = ["ecog", "arm", "diabetes"]'
CHANGES = [
    ((STEPS, 'steps = ["ecog"]'), ["analysis[6].steps: expected at least 2 elements"]),
    ((STEPS, "steps = []"), ["analysis[6].steps: is empty; expected at least 2 elements"]),
    ((f"{STEPS}\n", ""), ["analysis[6]: the key 'steps' is missing: Categories in the order of the steps, e.g. the regimen of line 1, of line 2, the best response."]),
    ((STEPS, 'steps = "ecog"'), ["analysis[6].steps: expected a list in square brackets"]),
    ((STEPS, 'steps = ["ecog", "arm", "ecog"]'), ["analysis[6].steps[3]: ecog is listed twice"]),
    ((STEPS, 'steps = ["ecog", "age"]'), ["analysis[6].steps[2]: age is a whole number; expected a category with declared levels"]),
    ((STEPS, 'steps = ["ecog", "therapy_date"]'), ["analysis[6].steps[2]: therapy_date is a date; expected a category with declared levels"]),
    ((STEPS, 'steps = ["ecog", "armm"]'), ["analysis[6].steps[2]: unknown variable 'armm' (did you mean 'arm'?)"]),
    ((STEPS, 'steps = ["ecog", "sex"]'), ["analysis[6].steps[2]: sex makes the groups, so it cannot be a step too"]),
    (('by = "sex"', 'by = "age"'), ["analysis[6].by: age is a whole number; expected a category with declared levels"]),
    (('ended = ["Two"]', 'ended = ["Twoo"]'), ["analysis[6].ended[1]: no step has a level 'Twoo'; expected one of Zero, One, Two, Control, New, No, Yes (did you mean 'Two'?)"]),
    (('ended = ["Two"]', 'ended = ["Two", "Two"]'), ["analysis[6].ended[2]: Two is listed twice"]),
    (('ended = ["Two"]', 'ended = ["Zero", "One", "Two"]'), ["analysis[6].ended: names every level of ecog, so that nobody could reach it (name only the levels of patients who never reached the step)"]),
    (('kind = "sankey"', 'kind = "sankie"'), ["figure[3].kind: 'sankie' is not allowed; expected one of flow, landmark-flow, kaplan-meier, cumulative-hazard, cumulative-incidence, love, overlap, missingness, response, stacked-bars, waterfall, swimmer and 10 more (did you mean 'sankey'?)"]),
    (('analysis = "moves"', 'analysis = "os-by-sex"'), ["figure[3].analysis: os-by-sex is a kaplan-meier analysis; a sankey figure shows sequences (such as 'moves')"]),
    (('analysis = "moves"\n', ""), ["figure[3]: the key 'analysis' is missing; expected the name of a sequences analysis"]),
    (('kind = "sankey"', 'kind = "forest"'), ["figure[3].analysis: moves is a sequences analysis; a forest figure shows cox or fine-gray or logistic (such as 'os-model')"]),
    (('analysis = "moves"', 'analysis = "moves"\nmost_bars = 20'), ["figure[3].most_bars: is for a waterfall or swimmer figure; this is a sankey figure (remove most_bars)"]),
    (('analysis = "moves"', 'analysis = "moves"\ntests = ["test"]'), ["figure[3].tests: is for a kaplan-meier or cumulative-incidence figure; this is a sankey figure (remove tests)"]),
    ((STEPS, 'steps = ["ecog", "arm", "diabetes", "status", "site"]'), ['figure[3].width: moves has 5 steps; in a single column there is room for 4 (set width = "double")']),
]  # fmt: skip


def test_the_good_sections_have_no_problem(problems):
    assert problems(add=GOOD) == []


@pytest.mark.parametrize(("change", "expected"), CHANGES, ids=[expected[0][:60] for _, expected in CHANGES])
def test_each_rule(problems, change, expected):
    old, new = change
    assert old in GOOD
    assert sorted(problems(add=GOOD.replace(old, new, 1))) == sorted(expected)


def test_a_level_that_looks_like_a_flow_is_refused(problems):
    made = """
[[derive]]
name = "moved"
label = "Moved"
cases = [{ level = "A -> B", where = "age > 60" }, { level = "Stayed", otherwise = true }]
"""
    found = problems(add=made + GOOD.replace(STEPS, 'steps = ["ecog", "moved"]'))
    expected = (
        "the level 'A -> B' of moved has '->' in its label, which names flows (print it in another way, e.g. with 'to')"
    )
    assert found == [f"analysis[6].steps[2]: {expected}"]


LINE = """
[[data.table]]
name = "therapies"

[[derive]]
name = "line_2"
label = "Second line"
rule = "regimen-of-line"
line = 2
"""
LINE_CHANGES = [
    (("line = 2\n", ""), "line"),
    (("line = 2", "line = 0"), "expected a number of at least 1"),
    (("line = 2", "line = 2\ncounted = 'last'"), "'last' is not allowed; expected one of from-first, before-study-drug, after-study-drug"),
    (("line = 2", 'line = 2\nregimens = [{ label = "PI", any_of = ["proteasome"] }]'), "'proteasome' is not allowed; expected one of"),
    (("line = 2", 'line = 2\nregimens = [{ label = "PI" }]'), "a regimen needs any_of or all_of"),
    (("line = 2", 'line = 2\nother = "Transplant"'), "the label 'Transplant' is given twice"),
    (('[[data.table]]\nname = "therapies"\n', ""), "reads the table therapies, which is not declared"),
]  # fmt: skip


@pytest.mark.parametrize(("change", "expected"), LINE_CHANGES, ids=[expected[:40] for _, expected in LINE_CHANGES])
def test_each_fault_of_a_regimen(problems, change, expected):
    old, new = change
    assert old in LINE
    (found,) = problems(add=LINE.replace(old, new, 1))
    assert expected in found
