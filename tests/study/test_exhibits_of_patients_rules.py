"""Rules of levels, adverse events, individual courses and eligibility: one change to good sections, and its message."""

import pytest

GOOD = """
[[analysis]]
name = "rates"
method = "response-rates"
variable = "ecog"
categories = true
outcomes = [{ label = "Well", levels = ["Zero"] }]
by = "sex"

[[analysis]]
name = "events"
method = "adverse-events"
events = [{ variable = "ecog", onset = "waited", duration = "days" }, "diabetes"]
grading = "CTCAE version 5.0"
by = "sex"

[[analysis]]
name = "more-events"
method = "adverse-events"
events = ["ecog"]
grading = "CTCAE version 5.0"
by = "sex"

[[analysis]]
name = "changes"
method = "individual-courses"
individual = true
response = "ecog"
not_evaluable = ["Two"]
by = "sex"
change = "age"

[[analysis]]
name = "courses"
method = "individual-courses"
individual = true
response = "ecog"
endpoint = "os"
first_response = "waited"
until_months = 24

[[analysis]]
name = "criteria"
method = "baseline"
variables = ["diabetes", "status"]

[[table]]
name = "table2"
kind = "adverse-events"
analyses = ["events", "more-events"]
title = "Adverse events"

[[table]]
name = "table3"
kind = "eligibility"
analyses = ["criteria"]
title = "Eligibility"

[[figure]]
name = "figure3"
kind = "stacked-bars"
analysis = "rates"
title = "Response"

[[figure]]
name = "figure4"
kind = "waterfall"
analysis = "changes"
most_bars = 100
responses = ["Zero", "1"]
title = "Waterfall"

[[figure]]
name = "figure5"
kind = "swimmer"
analysis = "courses"
title = "Swimmer"

[[figure]]
name = "figure6"
kind = "adverse-events"
analysis = "events"
title = "Events"
"""

CHANGES = [
    (('variable = "ecog"\ncategories', "categories"), ["analysis[6].categories: counts levels, but the analysis has no variable (name the category with variable)", "analysis[6].outcomes[1]: the key 'variable' is missing; expected the name of a category (give variable here, or once for all outcomes of the analysis)"]),
    (("categories = true\n", ""), ["figure[3].analysis: rates does not count single levels, which a stacked-bars figure shows (add categories = true to the analysis)"]),
    (('variable = "ecog", onset', 'variable = "arm", onset'), ["analysis[7].events[1].variable: arm is not the worst grade of an event (give it codes among 0 (none) to 5, such as 0, None | 1, Grade 1 | 2, Grade 2 | 3, Grade 3 | 4, Grade 4 | 5, Grade 5)"]),
    (('"diabetes"]\ngrading', '"status"]\ngrading'), ["analysis[7].events[2]: status is not the worst grade of an event (give it codes among 0 (none) to 5, such as 0, None | 1, Grade 1 | 2, Grade 2 | 3, Grade 3 | 4, Grade 4 | 5, Grade 5)"]),
    (('"diabetes"]\ngrading', '"ecog"]\ngrading'), ["analysis[7].events[2]: ecog is listed twice"]),
    (('"diabetes"]\ngrading', '"age"]\ngrading'), ["analysis[7].events[2]: age is a whole number; expected a category with declared levels"]),
    (('onset = "waited"', 'onset = "weight"'), ["analysis[7].events[1].onset: weight has no declared range, which its quartiles need (give Text Validation Min and Text Validation Max in dictionary.csv:11)"]),
    (('duration = "days"', 'duration = "therapy_date"'), ["analysis[7].events[1].duration: therapy_date is a date; expected a number of days"]),
    (('grading = "CTCAE version 5.0"\nby = "sex"', 'grading = "CTCAE version 5.0"\nby = "diabetes"'), ["analysis[7].events[2]: diabetes makes the groups, so it cannot be an event too", "table[2].analyses[2]: more-events differs in by from events, so that columns do not match (give both the same, or make two tables)"]),
    (('grading = "CTCAE version 5.0"\nby = "sex"', 'grading = "CTCAE version 5.0"\nsplit = true\nby = "sex"'), ["table[2].analyses[2]: more-events differs in split from events, so that columns do not match (give both the same, or make two tables)"]),
    (('individual = true\nresponse = "ecog"\nnot', 'response = "ecog"\nnot'), ["analysis[9]: every bar of this analysis is one patient, whose numbers leave the site and are shown (set individual = true if ethics decisions and data-use agreements of all sites allow it)"]),
    (('change = "age"\n', ""), ["analysis[9]: has neither change nor endpoint; expected one of them (make an analysis for each)", 'figure[4].analysis: changes has no change, which a waterfall figure shows (add change = "..." to the analysis)']),
    (('change = "age"', 'change = "age"\nendpoint = "os"'), ["analysis[9]: has change and endpoint; expected one of them (make an analysis for each)"]),
    (('change = "age"', 'change = "age"\nunit = "months"'), ["analysis[9].unit: goes with endpoint (remove unit)"]),
    (('endpoint = "os"\nfirst', 'endpoint = "os"\nlargest_change = 50\nfirst'), ["analysis[10].largest_change: goes with change (remove largest_change)"]),
    (('change = "age"', 'change = "weight"'), ["analysis[9].change: weight may be below -100 percent; nothing falls further (declare its lowest value, -100 or more)"]),
    (('change = "age"', 'change = "therapy_date"'), ["analysis[9].change: therapy_date is a date; expected a number, the change in percent"]),
    (('not_evaluable = ["Two"]', 'not_evaluable = ["Three"]'), ["analysis[9].not_evaluable[1]: ecog has no level 'Three'; expected one of Zero, One, Two"]),
    (('not_evaluable = ["Two"]\nby = "sex"', 'by = "ecog"'), ["analysis[9].response: ecog makes the groups, so it cannot be the response too"]),
    (('endpoint = "os"\nfirst', 'endpoint = "oss"\nfirst'), ["analysis[10].endpoint: unknown endpoint 'oss'; expected one of os, ttp (did you mean 'os'?)"]),
    (('first_response = "waited"', 'first_response = "sex"'), ["analysis[10].first_response: sex is a category; expected a date, or a number of days from the origin"]),
    (("until_months = 24", "until_months = 34"), ["analysis[10].until_months: 34 months is beyond the horizon of 1000 days (raise horizon_days in [time])"]),
    (('"diabetes", "status"]', '"diabetes", "ecog"]'), ["table[3].analyses[1]: ecog has no two levels, such as met and not met (leave it out of criteria)"]),
    (('responses = ["Zero", "1"]', 'responses = ["Zerro"]'), ["figure[4].responses[1]: ecog has no level 'Zerro'; expected one of Zero, One, Two (did you mean 'Zero'?)"]),
    (('analysis = "rates"', 'analysis = "rates"\nmost_bars = 20'), ["figure[3].most_bars: is for a waterfall or swimmer figure; this is a stacked-bars figure (remove most_bars)"]),
    (('analysis = "courses"', 'analysis = "changes"'), ['figure[5].analysis: changes has no endpoint, which a swimmer figure shows (add endpoint = "..." to the analysis)']),
]  # fmt: skip


def test_the_good_sections_have_no_problem(problems):
    assert problems(add=GOOD) == []


@pytest.mark.parametrize(("change", "expected"), CHANGES, ids=[expected[0][:60] for _, expected in CHANGES])
def test_each_rule(problems, change, expected):
    old, new = change
    assert old in GOOD
    assert sorted(problems(add=GOOD.replace(old, new, 1))) == sorted(expected)


def test_courses_begin_at_the_origin(problems):
    late = '[[endpoint]]\nname = "os6"\nlabel = "OS6"\nof = "os"\nlandmark_months = 6\n'
    found = problems(add=late + GOOD.replace('endpoint = "os"\nfirst', 'endpoint = "os6"\nfirst'))
    expected = "analysis[10].endpoint: os6 does not begin at the origin for everybody (use an endpoint without entry and landmark)"
    assert found == [expected]
