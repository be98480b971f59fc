"""Expressions, each with the patients that it is true, false and unknown for; `?` is an unknown value."""

import polars as pl
import pytest

from cohortium.study.expressions import MAX_DEPTH, MAX_LENGTH, ExpressionError, compile_expression
from cohortium.study.variables import Level, Variable

YES_NO = (Level("0", "No"), Level("1", "Yes"))
VARIABLES = {
    variable.name: variable
    for variable in [
        Variable("age", "Age", "integer"),
        Variable("weight", "Weight", "number"),
        Variable("entry", "Entry", "date"),
        Variable("death", "Death", "date"),
        Variable("sex", "Sex", "category", (Level("1", "Male"), Level("2", "Female"))),
        Variable("ecog", "ECOG", "category", (Level("0", "Zero"), Level("1", "One"), Level("2", "Two"))),
        Variable("grade", "Grade", "category", (Level("0", "Zero"), Level("1", "One"), Level("2", "Two"))),
        Variable("arm", "Arm", "category", (Level("A", "Control"), Level("B", "New"))),
        Variable("odd", "Odd", "category", (Level("A", "B"), Level("B", "C"))),
        Variable("mi", "Infarction", "category", YES_NO),
        Variable("chf", "Heart failure", "category", YES_NO),
        Variable("notes", "Notes", "text"),
    ]
}
TYPES = {"category": pl.String, "number": pl.Float64, "integer": pl.Int64, "date": pl.Int64}
RESULTS = {"T": True, "F": False, "?": None}


def evaluated(table, expression):
    """The result of an expression for each patient of an ASCII table."""
    header, *rows = [[cell.strip() for cell in line.split("|")] for line in table.strip().splitlines()]
    columns = {
        name: pl.Series([None if row[i] == "?" else row[i] for row in rows], dtype=pl.String).cast(
            TYPES[VARIABLES[name].kind]
        )
        for i, name in enumerate(header)
    }
    compiled = compile_expression(expression, VARIABLES)
    assert compiled.names == set(header)
    return pl.DataFrame(columns).select(result=compiled.expr())["result"].to_list()


def conditions(text):
    return [RESULTS[letter] for letter in text.split()]


AGES = """
  age
  17
  18
  75
   ?
"""
SEXES = """
  sex
    1
    2
    ?
"""
ECOGS = """
 ecog
    0
    1
    2
    ?
"""
BOTH = """
 mi | chf
  1 |  1
  1 |  0
  1 |  ?
  0 |  1
  0 |  0
  0 |  ?
  ? |  1
  ? |  0
  ? |  ?
"""
DATES = """
 entry | death
     0 |   100
     5 |     5
     9 |     ?
"""

PAIRS = """
 ecog | grade
    1 |     1
    2 |     0
    0 |     ?
"""
ARMS = """
 arm
   A
   B
   ?
"""

CONDITIONS = [
    (PAIRS, "ecog == grade", "T F ?"),
    (PAIRS, "ecog > grade", "F T ?"),
    (PAIRS, "coalesce(grade, ecog) == 'Zero'", "F T T"),
    (PAIRS, "coalesce(grade, 2) == 2 and is_known(ecog)", "F F T"),
    (ARMS, "arm == 'Control' or arm == 'B'", "T T ?"),
    (AGES, "age >= 18", "F T T ?"),
    (AGES, "18 <= age", "F T T ?"),
    (AGES, "18 <= age < 75", "F T F ?"),
    (AGES, "age != 18", "T F T ?"),
    (AGES, "age in [17, 75]", "T F T ?"),
    (AGES, "age not in (17, 75)", "F T F ?"),
    (AGES, "not age >= 18", "T F F ?"),
    (AGES, "is_missing(age)", "F F F T"),
    (AGES, "is_known(age)", "T T T F"),
    (AGES, "age >= 18 or is_missing(age)", "F T T T"),
    (AGES, "coalesce(age, 0) >= 18", "F T T F"),
    (AGES, "coalesce(age >= 18, False)", "F T T F"),
    (AGES, "age == -age + 34", "T F F ?"),
    (AGES, "abs(age - 20) <= 2", "F T F ?"),
    (SEXES, "sex == 'Female'", "F T ?"),
    (SEXES, 'sex == "2"', "F T ?"),
    (SEXES, "sex == 2", "F T ?"),
    (SEXES, "'Female' == sex", "F T ?"),
    (SEXES, "sex != 'Female'", "T F ?"),
    (SEXES, "sex in ['Female', 'Male']", "T T ?"),
    (ECOGS, "ecog >= 1", "F T T ?"),
    (ECOGS, "1 > ecog", "T F F ?"),
    (ECOGS, "ecog in {0, 'Two'}", "T F T ?"),
    (BOTH, "mi and chf", "T F ? F F F ? F ?"),
    (BOTH, "mi or chf", "T T T T F ? T ? ?"),
    (BOTH, "not mi or not chf", "F T ? T T T ? T ?"),
    (BOTH, "mi == chf", "T F ? F T ? ? ? ?"),
    (BOTH, "mi + chf >= 1", "T T ? T F ? ? ? ?"),
    (DATES, "death > entry", "T F ?"),
    (DATES, "death - entry >= 30", "T F ?"),
    (DATES, "death <= entry + 100", "T T ?"),
    (DATES, "max(entry, death) > 50", "T F ?"),
    (DATES, "min(entry, death) < 3", "T F ?"),
    (DATES, "coalesce(death, entry) == 9", "F F T"),
]


@pytest.mark.parametrize(("table", "expression", "expected"), CONDITIONS, ids=[case[1] for case in CONDITIONS])
def test_condition_for_each_patient(table, expression, expected):
    assert evaluated(table, expression) == conditions(expected)


WEIGHTS = """
 weight | age
   70.5 |  50
      ? |  50
     80 |   0
"""

NUMBERS = [
    (WEIGHTS, "weight / age", [1.41, None, None]),
    (WEIGHTS, "round(weight) + age", [121.0, None, 80.0]),
    (WEIGHTS, "round(weight / 100, 1) - age * 0", [0.7, None, 0.8]),
    (WEIGHTS, "weight ** 2 * age", [248512.5, None, 0.0]),
    (WEIGHTS, "max(weight, age)", [70.5, None, 80.0]),
    (DATES, "months(death - entry)", [100 / 30.4375, 0.0, None]),
    (DATES, "death - entry", [100.0, 0.0, None]),
    (ECOGS, "2 * ecog", [0.0, 2.0, 4.0, None]),
]


@pytest.mark.parametrize(("table", "expression", "expected"), NUMBERS, ids=[case[1] for case in NUMBERS])
def test_number_for_each_patient(table, expression, expected):
    found = evaluated(table, expression)
    assert [value is None for value in found] == [value is None for value in expected]
    assert [value for value in found if value is not None] == pytest.approx(
        [value for value in expected if value is not None], rel=1e-12
    )


def test_a_half_is_rounded_away_from_zero():
    assert evaluated("weight\n 0.5\n 1.5\n 2.5\n -2.5", "round(weight)") == [1, 2, 3, -3]


def test_the_length_of_a_month_is_the_studys():
    compiled = compile_expression("months(age)", VARIABLES, month_days=30)
    assert pl.DataFrame({"age": [60]}).select(compiled.expr()).item() == 2


@pytest.mark.parametrize(
    ("expression", "kind"),
    [("age > 3", "boolean"), ("mi", "boolean"), ("age", "number"), ("death", "number"), ("3", "number")],
)
def test_kind_is_a_condition_or_a_number(expression, kind):
    assert compile_expression(expression, VARIABLES).kind == kind


def test_a_yes_or_no_variable_is_a_number_where_one_is_expected():
    assert compile_expression("mi", VARIABLES, expected="number").kind == "number"


def problems_of(expression, **options):
    with pytest.raises(ExpressionError) as caught:
        compile_expression(expression, VARIABLES, **options)
    return [str(problem).removeprefix("expression: ") for problem in caught.value.problems]


NODES = "write comparisons, and, or, not, in, + - * /, numbers, quoted texts and names of variables"
FUNCTION_LIST = (
    "allowed are is_missing(x), is_known(x), min(x, y, ...), max(x, y, ...), abs(x), "
    "round(x) or round(x, decimals), coalesce(x, y, ...), months(days)"
)

REFUSED = [
    ("agee > 1", ["unknown variable 'agee' (did you mean 'age'?)"]),
    ("agee > 1 and sx == 1", ["unknown variable 'agee' (did you mean 'age'?)", "unknown variable 'sx' (did you mean 'sex'?)"]),
    ("sex == 'Femal'", ["sex has no level 'Femal'; expected one of 1 (Male), 2 (Female) (did you mean 'Female'?)"]),
    ("sex == 3", ["sex has no level 3; expected one of 1 (Male), 2 (Female)"]),
    ("odd == 'B'", ["'B' is the code of one level of odd and the label of another (use a level whose code and label are clear)"]),
    ("arm > 1", ["orders the category arm, whose codes are not numbers (use ==, != or in)"]),
    ("ecog > grade > arm", ["compares the categories grade and arm, which have different levels"]),
    ("ecog > 'One'", ["orders the category ecog by a text (compare its codes with a number)"]),
    ("arm < arm", ["orders the category arm, whose codes are not numbers (use ==, != or in)"]),
    ("mi < (age > 3)", ["compares mi, a category, with age > 3, a condition (compare things of the same kind)"]),
    ("arm == sex", ["compares the categories arm and sex, which have different levels"]),
    ("mi == True", ["compares the category mi with True (write the name alone, or compare with a level)"]),
    ("age == 'old'", ["compares age, a number, with 'old', a text (compare a number with a number)"]),
    ("death > '2020-01-01'", ["compares death, a date (whole days from the origin), with '2020-01-01', a text (compare a date with another date or with a number of days from the origin)"]),
    ("ecog > death", ["compares ecog, a category, with death, a date (whole days from the origin) (compare a date with another date or with a number of days from the origin)"]),
    ("1 == 1", ["compares two constants, 1 and 1 (expected at least one variable)"]),
    ("notes == 'x'", ["notes is free text, which no analysis reads (use a category, a number or a date)"]),
    ("age and mi", ["age is a number, not a condition (compare it, e.g. age == ...)"]),
    ("sex == 'Male' or 'Female'", ["'Female' is a text, not a condition"]),
    ("not age", ["age is a number, not a condition (compare it, e.g. age == ...)"]),
    ("sex", ["is a category; expected a condition or a number"]),
    ("True", ["is always True and uses no variable; expected a condition or a number (leave it out if it is meant for every patient)"]),
    ("arm + 1", ["arm + 1 calculates with arm, which is a category (expected a number)"]),
    ("death * 2", ["death * 2 cannot be calculated with dates (subtract two dates, or add a number of days to one)"]),
    ("death + entry", ["death + entry cannot be calculated with dates (subtract two dates, or add a number of days to one)"]),
    ("age ** age", ["the power in age ** age is not a number from 0 to 4"]),
    ("age // 2", ["age // 2 is not allowed in an expression (the allowed operations are + - * / **)"]),
    ("~age", ["~age is not allowed in an expression (the only signs are `-` and `not`)"]),
    ("-arm", ["-arm changes the sign of a category (expected a number)"]),
    ("age is None", ["None is not allowed in an expression (write is_missing(x) or is_known(x))"]),
    ("age is 3", ["uses `is`, which is not allowed (write `==`; for unknown values write is_missing(x) or is_known(x))"]),
    ("age == null", ["'null' is not a variable (write is_missing(x) or is_known(x))"]),
    ("mi == true", ["'true' is not a variable (write True)"]),
    ("age in sex", ["`in` needs a list of constants, not sex (write x in ['a', 'b'])"]),
    ("age in [weight]", ["`in` needs a variable before it and a list of constants after it (write x in ['a', 'b'])"]),
    ("age > 1e16", ["the number 1e16 is too large"]),
    ("age > 1j", ["1j is not allowed in an expression (expected a number or a quoted text)"]),
    ("sum(age, 1) > 2", [f"'sum' is not an allowed function ({FUNCTION_LIST})"]),
    ("is_mising(age)", ["'is_mising' is not an allowed function (did you mean 'is_missing'?)"]),
    ("min(age)", ["min is not called as it must be (write min(x, y, ...))"]),
    ("round(age, digits=1)", ["round is not called as it must be (write round(x) or round(x, decimals))"]),
    ("round(age, weight)", ["the decimals of round(age, weight) are not a whole number from 0 to 6"]),
    ("max(arm, 1)", ["max(arm, 1) takes numbers; arm is a category"]),
    ("months(arm)", ["months(arm) takes a number; arm is a category"]),
    ("coalesce(age > 3, weight)", ["coalesce(age > 3, weight) mixes a condition with something else"]),
    ("abs(3)", ["abs(3) uses no variable (write abs(x))"]),
    ("months", ["months is a function (write months(days))"]),
    ("age.real", [f"age.real is not allowed in an expression ({NODES})"]),
    ("age[0]", [f"age[0] is not allowed in an expression ({NODES})"]),
    ("age if mi else 3", [f"age if mi else 3 is not allowed in an expression ({NODES})"]),
    ("[x for x in age]", [f"[x for x in age] is not allowed in an expression ({NODES})"]),
    ("lambda: age", [f"lambda: age is not allowed in an expression ({NODES})"]),
    ("(x := age)", [f"x := age is not allowed in an expression ({NODES})"]),
    ("f'{age}'", [f"f'{{age}}' is not allowed in an expression ({NODES})"]),
    ("__import__('os').system('true')", [f"\"__import__('os').system\" is not an allowed function ({FUNCTION_LIST})".replace('"', "'")]),
    ("age = 3", ["is not an expression (write `==` to compare)"]),
    ("age > 3 && mi", ["is not an expression (write `and` instead of `&&`)"]),
    ("age <> 3", ["is not an expression (write `!=` instead of `<>`)"]),
    ("sex == 'Male", ["is not an expression (a quotation mark is not closed)"]),
    ("age => 3", ["is not an expression (write `>=` instead of `=>`)"]),
    ("age =< 3", ["is not an expression (write `<=` instead of `=<`)"]),
    ("age \u2265 3", ["is not an expression (write `>=` instead of `\u2265`)"]),
    ("age \u2264 3", ["is not an expression (write `<=` instead of `\u2264`)"]),
    ("age > 3 AND mi", ["is not an expression (write `and` instead of `AND`)"]),
    ("mi Or chf", ["is not an expression (write `or` instead of `Or`)"]),
    ("age > 3 & mi", ["3 & mi is not allowed in an expression (write `and` instead of `&`)"]),
    ("sex == \u201cMale\u201d", ["is not an expression (write straight quotation marks (') instead of \u201c)"]),
    ("age > 3)", ["is not an expression (a closing bracket has no opening one; remove it)"]),
    ("(age > 3]", ["is not an expression (a bracket is closed by one of another form)"]),
    ("death >= 2020-01-01", ["holds the date 2020-01-01; dates are whole days from the origin (compare with another date, or with a number of days)"]),
    ("death >= 2020-10-12", ["holds the date 2020-10-12; dates are whole days from the origin (compare with another date, or with a number of days)"]),
    ("death >= 12/10/2020", ["holds the date 12/10/2020; dates are whole days from the origin (compare with another date, or with a number of days)"]),
    ("mi == (age > 3) == (age > 5)", ["mi == (age > 3) == (age > 5) chains conditions (compare two at a time, joined by `and`)"]),
    ("(age > 3", ["is not an expression (a bracket is not closed)"]),
    ("age >", ["is not an expression (expected for example: age >= 18 and sex == 'Female')"]),
    (" ", ["is empty; expected a condition such as age >= 18"]),
    ("age > " + "1" * MAX_LENGTH, ["has 2006 characters; at most 2000 are allowed; split it into derived variables"]),
    ("(" * (MAX_DEPTH + 1) + "age" + ")" * (MAX_DEPTH + 1), ["is nested more than 40 levels deep; split it into derived variables"]),
    ("abs(" * MAX_DEPTH + "age + 1" + ")" * MAX_DEPTH, ["is nested more than 40 levels deep; split it into derived variables"]),
    ("not " * 400 + "mi", ["is nested more than 40 levels deep; split it into derived variables"]),
]  # fmt: skip


@pytest.mark.parametrize(("expression", "expected"), REFUSED, ids=[case[0][:40] for case in REFUSED])
def test_refusal_says_what_and_what_to_do(expression, expected):
    assert problems_of(expression) == expected


@pytest.mark.parametrize(
    ("expression", "expected", "message"),
    [
        ("age + 1", "boolean", "is a number; expected a condition such as age >= 18"),
        ("age > 1", "number", "is a condition; expected a number such as round(weight / 2)"),
    ],
)
def test_what_is_expected_can_be_said(expression, expected, message):
    assert problems_of(expression, expected=expected) == [message]


def test_problems_carry_the_place_they_are_given():
    with pytest.raises(ExpressionError) as caught:
        compile_expression("agee", VARIABLES, where="study.toml:7")
    assert caught.value.problems[0].where == "study.toml:7"


def n_nodes(expression):
    """Size of the compiled expression, as polars writes it down."""
    return len(compile_expression(expression, VARIABLES).expr().meta.serialize(format="json"))


def nested(form, depth):
    expression = "age"
    for _ in range(depth):
        expression = form.format(expression)
    return expression


def test_a_long_sum_is_right():
    compiled = compile_expression(" + ".join(["age"] * 200), VARIABLES)
    assert pl.DataFrame({"age": [1, 2, None]}).select(x=compiled.expr())["x"].to_list() == [200, 400, None]


def test_deep_extremes_are_right():
    compiled = compile_expression(nested("min({}, weight)", MAX_DEPTH), VARIABLES)
    frame = pl.DataFrame({"age": [1, 5, None, 1], "weight": [2.0, 3.0, 2.0, None]})
    assert frame.select(x=compiled.expr())["x"].to_list() == [1, 3, None, None]


@pytest.mark.parametrize(
    ("form", "depth"),
    [
        ("{} + 1", 100),
        ("1 - ({})", 20),
        ("min({}, 3)", 20),
        ("max({}, weight)", 20),
        ("abs({})", 20),
        ("round({})", 20),
        ("coalesce({}, 3)", 20),
        ("({}) ** 2", 20),
        ("1 / ({})", 20),
        ("(({}) in [True, False])", 19),
        ("not ({})", 19),
    ],
)
def test_an_expression_grows_with_its_text_and_no_faster(form, depth):
    start = form.replace("{}", "age > 1") if "True" in form or "not" in form else form
    half, whole = (nested(form, n).replace("age", start if start != form else "age") for n in (depth // 2, depth))
    assert n_nodes(whole) < 2.5 * n_nodes(half)


@pytest.mark.parametrize(
    ("expression", "ages"),
    [
        ("1 / (1 / (age - 1))", [0.0, 1.0, None]),
        ("(1 / (age - 1)) ** 0", [0.0, 1.0, None]),
        ("coalesce(1 / (age - 1), 7)", [0.0, 1.0, 2.0]),
    ],
)
def test_what_is_not_finite_is_unknown_at_once(expression, ages):
    expected = {"1 / (1 / (age - 1))": [-1, None, None], "(1 / (age - 1)) ** 0": [1, None, None]}
    frame = pl.DataFrame({"age": ages}, schema={"age": pl.Float64})
    result = frame.select(x=compile_expression(expression, VARIABLES).expr())["x"].to_list()
    assert result == expected.get(expression, [-1, 7, 1])


def test_membership_of_every_kind():
    frame = pl.DataFrame({"sex": ["1", "2", None], "mi": ["1", "0", None], "death": [3, 4, None]})
    for expression in (
        "sex in ['Male']",
        "not (sex not in ['Male'])",
        "(mi == 1) in [True]",
        "death in [3, 5]",
        "death - 1 in [2]",
    ):
        result = frame.select(x=compile_expression(expression, VARIABLES).expr())["x"].to_list()
        assert result == [True, False, None], expression
