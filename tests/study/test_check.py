"""Each cross-section rule: one change to a good study, and the message that follows."""

import pytest

from cohortium.study.check import RULES

CHANGES = [
    # names
    (('id = "south"', 'id = "North"'), ["site[2].id: 'North' is already the id of the site in line 13 (names must differ in more than their capital letters)"]),
    (('"Southern Hospital"', '"Northern Hospital"'), ["site[2].name: 'Northern Hospital' is already the name of the site in line 14 (names must differ in more than their capital letters)"]),
    (('name = "institutions"', 'name = "os-test"'), ["analysis[5].name: 'os-test' is already the name of the analysis in line 68 (names must differ in more than their capital letters)"]),
    (('name = "institutions"', 'name = "Flow"'), ["analysis[5].name: 'flow' is reserved for the flow of patients"]),
    (('name = "waited"', 'name = "site"'), ["derive[2].name: 'site' is reserved for the institution", "analysis[1].variables[3]: unknown variable 'waited'"]),
    (('name = "waited"', 'name = "age"'), ["derive[2].name: 'age' is already declared in dictionary.csv:10", "analysis[1].variables[3]: unknown variable 'waited'"]),
    # data
    (('key = "patient_id"', 'key = "patient"'), ["data.key: unknown variable 'patient' (did you mean 'patient_id'?)"]),
    (('key = "patient_id"', 'key = "birth_date"'), ["data.key: birth_date is marked as an identifier in dictionary.csv, so it never leaves intake and cannot be used (use another variable, or clear the column Identifier? if it identifies nobody)"]),
    (('key = "patient_id"', 'key = "last_date"'), ["data.key: last_date is a date; expected the study's code of a patient"]),
    (('key = "patient_id"', 'key = "patient_id"\nmissing_codes = ["-9", "2"]'), ["data.missing_codes[2]: '2' is also a level of status (dictionary.csv:9) (remove it here or there)"]),
    (('origin = "entry_date"', 'origin = "age"'), ["time.origin: age is a whole number; expected a date variable"]),
    # expressions
    (("age >= 18", "age >= 18 and status == 'Ded'"), ["cohort.step[1].where: status has no level 'Ded'; expected one of 1 (Alive), 2 (Dead) (did you mean 'Dead'?)"]),
    (("age >= 18", "age + 18"), ["cohort.step[1].where: is a number; expected a condition such as age >= 18"]),
    (("age >= 18", "months(birth_date) < 3"), ["cohort.step[1].where: birth_date is marked as an identifier in dictionary.csv, so it never leaves intake and cannot be used (use another variable, or clear the column Identifier? if it identifies nobody)"]),
    (("ecog <= 1", "waited < 3"), ["derive[1].cases[1].where: waited is derived in line 34, after its use (move its [[derive]] up)"]),
    (("ecog <= 1", "remarks == 'well'"), ["derive[1].cases[1].where: remarks is free text, which no analysis reads (use a category, a number or a date)"]),
    (("therapy_date - entry_date", "is_known(age)"), ["derive[2].value: is a condition; expected a number such as round(weight / 2)"]),
    (("status == 'Dead'", "age"), ["endpoint[1].event_where: is a number; expected a condition such as age >= 18"]),
    (('value = "therapy_date - entry_date"\n', ""), ["derive[2]: has neither cases nor value; expected cases for a category or value for a number"]),
    (('label = "Fitness"', 'label = "Fitness"\nunit = "points"'), ["derive[1].unit: is for a derived number; this variable is a category"]),
    (("maximum = 1000", "maximum = -1"), ["derive[2].minimum: is above maximum (-1)"]),
    (("otherwise = true", 'where = "age > 70", otherwise = true'), ["derive[1].cases[2]: has both where and otherwise; expected one of them"]),
    ((', where = "ecog <= 1"', ""), ["derive[1].cases[1]: has neither where nor otherwise = true; expected one of them"]),
    (('where = "ecog <= 1"', "otherwise = true"), ["derive[1].cases[1]: otherwise = true is not in the last case, so the cases after it never apply"]),
    # endpoints
    (('event_where = "status == \'Dead\'"\n', ""), ["endpoint[1]: has time; expected time and event_where, or event and censor"]),
    (('censor = "last_date"\n', ""), ["endpoint[2]: has event; expected time and event_where, or event and censor"]),
    (('time = "days"', 'time = "sex"'), ["endpoint[1].time: sex is a category; expected follow-up in whole days"]),
    (('time = "days"', 'time = "weight"'), ["endpoint[1].time: weight has decimals; expected follow-up in whole days (validate it as integer in dictionary.csv, or derive whole days with round())"]),
    (('["progression_date"]', '["progression_date", "age", "progression_date"]'), ["endpoint[2].event[2]: age is a whole number; expected a date variable", "endpoint[2].event[3]: progression_date is listed twice"]),
    (('censor = "last_date"', 'censor = "last_visit"'), ["endpoint[2].censor: unknown variable 'last_visit' (did you mean 'last_date'?)"]),
    (('origin = "entry_date"\n', ""), ["derive[2].value: uses the date entry_date, but the study has no day 0 (set origin in [time])", "endpoint[2]: is made of dates, but the study has no day 0 (set origin in [time])"]),
    (('name = "waited"', 'name = "os__time"'), ["endpoint[1].name: makes the column os__time, which is also a variable", "analysis[1].variables[3]: unknown variable 'waited'"]),
    # analyses
    (('by = "sex"\nvariables', 'by = "age"\nvariables'), ["analysis[1].by: age is a whole number; expected a category with declared levels", "analysis[1].variables[1]: age makes the columns, so it cannot be a row too"]),
    (('["age", "ecog", "waited"]', '["age", "age", "last_date"]'), ["analysis[1].variables[2]: age is listed twice", "analysis[1].variables[3]: last_date is a date; expected a category or a number"]),
    (('["age", "ecog", "waited"]', '["weight"]'), ["analysis[1].variables[1]: weight has no declared range, which its quartiles need (give Text Validation Min and Text Validation Max in dictionary.csv:11)"]),
    (('["age", "ecog", "waited"]', '["height"]'), ["analysis[1].variables[1]: height can take 900,001 values (0 to 9000 with 2 decimals); at most 200,001 are allowed (narrow Text Validation Min and Text Validation Max, or declare fewer decimals, in dictionary.csv:12)"]),
    (("minimum = 0\n", ""), ["analysis[1].variables[3]: waited has no declared range, which its quartiles need (give minimum and maximum in study.toml:34)"]),
    (("[12, 24]", "[12, 33]"), ["analysis[2].at_months[2]: 33 months is beyond the horizon of 1000 days (32.9 months) (raise horizon_days in [time])"]),
    (("[12, 24]", "[12, 12]"), ["analysis[2].at_months[2]: 12 is listed twice"]),
    (('by = "sex"\nstrata', 'by = "only"\nstrata'), ["analysis[3].by: only has one level; expected at least two groups to compare", "figure[1].tests[1]: os-test compares os by only, the curves are os by sex (choose the test of the same comparison)"]),
    (('strata = ["site"]', 'strata = ["sex", "age"]'), ["analysis[3].strata[1]: sex is compared in this analysis, so it cannot be a stratum too", "analysis[3].strata[2]: age is a whole number; expected a category with declared levels"]),
    (('"sex",\n', '"birth_date",\n'), ["analysis[4].covariates[1]: birth_date is marked as an identifier in dictionary.csv, so it never leaves intake and cannot be used (use another variable, or clear the column Identifier? if it identifies nobody)"]),
    (('"sex",\n', '"age",\n'), ["analysis[4].covariates[2]: age is listed twice"]),
    (('"sex",\n', '"only",\n'), ["analysis[4].covariates[1]: only has one level; expected at least two"]),
    (('"ecog", as_number', '"arm", as_number'), ["analysis[4].covariates[3].as_number: the codes of arm are not numbers (remove as_number)"]),
    (("per = 10", "as_number = true"), ["analysis[4].covariates[2].as_number: age is a number already (remove as_number)"]),
    (("per = 10", 'reference = "60"'), ["analysis[4].covariates[2].reference: is for a category; age enters as a number (remove reference)"]),
    (("as_number = true", "per = 2"), ["analysis[4].covariates[3].per: is for a number; ecog is a category (remove per)"]),
    (('reference = "frail"', 'reference = "frial"'), ["analysis[4].covariates[4].reference: fit has no level 'frial'; expected one of fit, frail (did you mean 'frail'?)"]),
    (('method = "sites"\nendpoint = "os"', 'method = "sites"\nendpoint = "oss"'), ["analysis[5].endpoint: unknown endpoint 'oss'; expected one of os, ttp (did you mean 'os'?)"]),
    # tables and figures
    (('analyses = ["table-one"]', 'analyses = ["os-test"]'), ["table[1].analyses[1]: os-test is a logrank analysis; a baseline table shows baseline (such as 'table-one')"]),
    (('analyses = ["table-one"]', 'analyses = ["table-one", "table-one", "tbl"]'), ["table[1].analyses[2]: table-one is listed twice", "table[1].analyses[3]: unknown analysis 'tbl'; expected one of table-one, os-by-sex, os-test, os-model, institutions"]),
    (('analyses = ["table-one"]\n', ""), ["table[1].analyses: is empty; expected the name of a baseline analysis"]),
    (('kind = "flow"', 'kind = "flow"\nanalysis = "os-test"'), ["figure[2].analysis: a flow diagram draws no analysis (remove it)"]),
    (('kind = "flow"', 'kind = "forest"'), ["figure[2]: the key 'analysis' is missing; expected the name of a cox or fine-gray or logistic analysis"]),
    (('kind = "flow"', 'kind = "sites"\nanalysis = "institutions"\ntests = ["os-test"]'), ["figure[2].tests: is for a kaplan-meier or cumulative-incidence figure; this is a sites figure (remove tests)"]),
    (('analysis = "os-by-sex"', 'analysis = "os-model"'), ["figure[1].analysis: os-model is a cox analysis; a kaplan-meier figure shows kaplan-meier (such as 'os-by-sex')"]),
    (('tests = ["os-test"]', 'tests = ["os-by-sex"]'), ["figure[1].tests[1]: os-by-sex is a kaplan-meier analysis; a panel of tests shows logrank (such as 'os-test')"]),
    (('method = "cox"\nendpoint = "os"', 'method = "cox"\nendpoint = "ttp"'), ["figure[1].model: os-model models ttp, the curves are os by sex (choose a model of the same endpoint)"]),
]  # fmt: skip


def test_the_good_study_has_no_problem(problems):
    assert problems() == []


@pytest.mark.parametrize(("change", "expected"), CHANGES, ids=[expected[0][:50] for _, expected in CHANGES])
def test_rule_has_its_message(problems, change, expected):
    assert problems(change) == expected


def test_two_steps_of_the_flow_are_printed_differently(problems):
    found = problems(add='\n[[cohort.step]]\nlabel = "Adults"\nwhere = "age < 90"\n')
    assert found == [
        (
            "cohort.step[2].label: 'Adults' is already the label of the step in line 26 "
            "(names must differ in more than their capital letters)"
        )
    ]


def test_one_site_at_least_is_an_institution(problems):
    found = problems(
        ('"Northern Hospital"', '"N"\nunassigned = true'), ('"Southern Hospital"', '"S"\nunassigned = true')
    )
    assert found == ["site: every site is unassigned; expected at least one institution"]


def test_a_variable_with_a_fault_in_the_dictionary_is_not_a_second_problem(problems):
    found = problems(dictionary=(('sex,radio,Sex,"1, Male | 2, Female"', "sex,radio,Sex,"),))
    assert found == ["dictionary.csv:13: sex: has no choices (write for example: 1, Male | 2, Female)"]


def test_every_rule_says_what_it_demands():
    assert all(rule.__doc__ for rule in RULES)
    assert len(set(RULES)) == len(RULES)
