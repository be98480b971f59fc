"""Rules of published numbers: one change to a good section, and its message."""

import pytest

GOOD = """
[[analysis]]
name = "groups"
method = "baseline"
by = "sex"
variables = ["ecog"]

[[analysis]]
name = "everybody"
method = "baseline"
variables = ["ecog"]

[[published]]
label = "Women"
analysis = "groups"
statistic = "n"
group = "Female"
value = 90
within = 1
source = "Loprinzi 1994"

[[published]]
label = "p"
analysis = "groups"
statistic = "p-value"
below = 0.05
source = "Loprinzi 1994"

[[table]]
name = "table-published"
kind = "published"
title = "Published and reproduced"
"""

CHANGES = [
    ('analysis = "groups"\nstatistic = "n"', 'analysis = "grups"\nstatistic = "n"', "unknown analysis 'grups'"),
    ('group = "Female"', 'group = "Femal"', "unknown group 'Femal' of sex"),
    ('analysis = "groups"\nstatistic = "n"', 'analysis = "everybody"\nstatistic = "n"', "everybody has no groups"),
    ("value = 90\nwithin = 1\n", "", "has neither value nor below"),
    ("below = 0.05", "below = 0.05\nvalue = 0.01", "has value and below"),
    ("value = 90", 'value = "not reached"', "goes with a value that is a number"),
    ("below = 0.05", "below = 0.05\nwithin = 0.01", "goes with a value that is a number"),
    ('kind = "published"', 'kind = "published"\nanalyses = ["groups"]', "a published table names no analysis"),
]


def test_the_good_sections_have_no_problem(problems):
    assert problems(add=GOOD) == []


@pytest.mark.parametrize(("old", "new", "message"), CHANGES, ids=[message for *_, message in CHANGES])
def test_each_rule(problems, old, new, message):
    assert old in GOOD
    (found,) = problems(add=GOOD.replace(old, new, 1))
    assert message in found


def test_a_table_without_published_numbers(problems):
    (found,) = problems(add=GOOD[: GOOD.index("[[published]]")] + GOOD[GOOD.index("[[table]]") :])
    assert "there is no [[published]] number" in found
