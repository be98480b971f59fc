"""Every fault of shape is one sentence that says where, what was expected and what to do."""

import contextlib

import pytest

from cohortium.errors import StudyFileError
from cohortium.study.load import load_study

CASES = [
    pytest.param(
        ('title = "A small study"', 'titel = "A small study"'),
        [
            "study.titel: unknown key; expected one of name, title, summary, data_cutoff, data_kind, seed (did you mean 'title'?)"
        ],
        id="misspelled key",
    ),
    pytest.param(
        ('title = "A small study"', ""),
        ["study: the key 'title' is missing: Title as printed on the report."],
        id="missing key",
    ),
    pytest.param(
        ('name = "small"', 'name = "a small study"'),
        ["study.name: 'a small study' does not fit; expected a letter followed by letters, digits, `-` and `_`"],
        id="name of the wrong form",
    ),
    pytest.param(
        ('title = "A small study"', 'title = ""'),
        ["study.title: is empty; expected at least one character"],
        id="empty text",
    ),
    pytest.param(
        ('title = "A small study"', 'title = "x"\ndata_cutoff = "2024-01-01"'),
        ["study.data_cutoff: expected a date without quotation marks, such as 2024-04-30"],
        id="date as text",
    ),
    pytest.param(
        ("horizon_days = 1000", 'horizon_days = "1000"'),
        ["time.horizon_days: expected a whole number"],
        id="number as text",
    ),
    pytest.param(
        ("horizon_days = 1000", "horizon_days = 0"),
        ["time.horizon_days: expected a number greater than 0"],
        id="number out of range",
    ),
    pytest.param(
        ("unassigned = true", 'unassigned = "yes"'),
        ["site[3].unassigned: expected true or false, without quotation marks"],
        id="truth value as text",
    ),
    pytest.param(
        ("[[cohort.step]]", "[cohort.step]"),
        [
            "cohort.step: expected a list in square brackets (write [[cohort.step]] with two brackets, as all sections that repeat)"
        ],
        id="one bracket for two",
    ),
    pytest.param(
        ("[time]", "[[time]]"),
        ["time: expected a table (write [time] with one bracket)"],
        id="two brackets for one",
    ),
    pytest.param(
        ("[time]", "[tyme]"),
        [
            (
                "tyme: unknown section; expected one of study, time, data, site, cohort, derive, endpoint, "
                "imputation, propensity, analysis, family, report and 3 more (did you mean 'time'?)"
            )
        ],
        id="misspelled section",
    ),
    pytest.param(
        ('key = "patient_id"', 'key = "patient_id"\ndelimiter = "|"'),
        ["data.delimiter: '|' is not allowed; expected one of ',', ';', '\\t'"],
        id="wrong choice",
    ),
    pytest.param(
        ('by = "sex"\nat_months', 'by = "sex"\ninterval = "loglog"\nat_months'),
        [
            "analysis[2].interval: 'loglog' is not allowed; expected one of log-log, log, plain, arcsine (did you mean 'log-log'?)"
        ],
        id="misspelled choice",
    ),
    pytest.param(
        ('method = "logrank"', 'method = "log-rank"'),
        [
            (
                "analysis[3].method: 'log-rank' is not a method; expected one of baseline, balance, "
                "missingness, response-rates, cmh, kaplan-meier, logrank, cox, logistic, cumulative-incidence, gray, "
                "fine-gray and 6 more (did you mean 'logrank'?)"
            )
        ],
        id="misspelled method",
    ),
    pytest.param(
        ('method = "logrank"', ""),
        [
            (
                "analysis[3]: the key 'method' is missing; expected one of baseline, balance, "
                "missingness, response-rates, cmh, kaplan-meier, logrank, cox, logistic, cumulative-incidence, gray, "
                "fine-gray and 6 more"
            )
        ],
        id="no method",
    ),
    pytest.param(
        ('"sex",\n', '"Sex",\n'),
        [
            (
                "analysis[4].covariates[1]: 'Sex' does not fit; expected a lower-case letter followed by lower-case letters, "
                "digits and `_`"
            )
        ],
        id="covariate name",
    ),
    pytest.param(
        ('"sex",\n', "7,\n"),
        [
            (
                "analysis[4].covariates[1]: is neither a name nor a table; expected a covariate "
                "(write for example 'age' or { variable = 'age', per = 10 })"
            )
        ],
        id="covariate of no form",
    ),
    pytest.param(
        ("per = 10", "pre = 10"),
        [
            (
                "analysis[4].covariates[2].pre: unknown key; expected one of variable, as_number, per, reference, spline "
                "(did you mean 'per'?)"
            )
        ],
        id="misspelled key of a covariate",
    ),
    pytest.param(
        ("at_months = [12, 24]", "at_months = 12"),
        ["analysis[2].at_months: expected a list in square brackets"],
        id="value for a list",
    ),
    pytest.param(
        ('["age", "ecog", "waited"]', "[]"),
        ["analysis[1].variables: is empty; expected at least one element"],
        id="empty list",
    ),
]


@pytest.mark.parametrize(("change", "expected"), CASES)
def test_fault_is_one_sentence(problems, change, expected):
    assert problems(change) == expected


def test_a_reference_to_a_faulty_element_is_not_a_second_problem(problems):
    found = problems(('label = "Overall survival"', 'lable = "Overall survival"'))
    assert found == [
        (
            "endpoint[1].lable: unknown key; expected one of name, label, time, start_label, event_where, event, censor, "
            "entry, causes, among, of, of_causes and 1 more (did you mean 'label'?)"
        )
    ]


def test_the_rest_is_judged_although_a_part_is_faulty(problems):
    found = problems(("horizon_days = 1000", "horizon_days = 0"), ("age >= 18", "agee >= 18"))
    assert found == [
        "time.horizon_days: expected a number greater than 0",
        "cohort.step[1].where: unknown variable 'agee' (did you mean 'age'?)",
    ]


def test_a_section_under_a_misspelled_name_is_one_problem(problems):
    found = problems(('[[endpoint]]\nname = "os"', '[[endpiont]]\nname = "os"'))
    assert [problem.partition(":")[0] for problem in found] == ["endpiont"]


def test_a_study_without_a_sound_site_is_still_judged(problems):
    found = problems(('id = "north"', "id = 1"), ('id = "south"', "id = 2"), ('id = "unknown"', "id = 3"))
    assert [problem.partition(":")[0] for problem in found] == ["site[1].id", "site[2].id", "site[3].id"]


@pytest.mark.parametrize(
    "value", ["3", "'x'", "[]", "{}", "[1]", "[{}]", "true", "2024-04-30", "nan", "[[]]", "{ name = [] }"]
)
def test_no_value_breaks_the_checks(study_dir, value):
    lines = (study_dir / "study.toml").read_text().splitlines()
    for index, line in enumerate(lines):
        key, equals, _ = line.partition(" = ")
        changed = f"{key} = {value}" if equals and not line.startswith(" ") else ""
        (study_dir / "study.toml").write_text("\n".join([*lines[:index], changed, *lines[index + 1 :]]))
        # Anything but the one error that lists problems ends the test.
        with contextlib.suppress(StudyFileError):
            load_study(study_dir)
