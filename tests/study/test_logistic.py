"""Keys of a logistic analysis: each misuse is named with its place and a way out; what is right becomes a specification."""

import re

import pytest

from cohortium.errors import StudyFileError
from cohortium.estimators.registry import REGISTRY
from report.test_logistic import STUDY, study_of

FIRST = "analysis[1]"
THIRD = "analysis[3]"

CHANGES = [
    ('levels = ["CR", "PR"] }\nnot', 'levels = ["CR", "PX"] }\nnot', f"{FIRST}.outcome.levels[2]: best has no level 'PX'"),
    ('levels = ["CR", "PR"] }\nnot', 'levels = ["CR", "NE"] }\nnot', f"{FIRST}.outcome.levels: names NE, which is in not_evaluable"),
    ('covariates = ["arm", {', 'covariates = ["best", "arm", {', f"{FIRST}.outcome.variable: best is among the covariates"),
    ('[["arm", "age"]]', '[["arm", "mutation"]]', f"{FIRST}.interactions[1][2]: 'mutation' is not a covariate of this model"),
    ("risk_groups = 5", 'weight = "arm"', f"{FIRST}.weight: arm is a category; expected a number above 0"),
    ("risk_groups = 5", 'strata = ["grade"]', f"{FIRST}.strata[1]: grade is compared in this analysis"),
    ('strata = ["site"]', 'strata = ["arm"]', f"{THIRD}.conditional: needs strata inside institutions"),
    ("conditional = true", 'conditional = true\npenalty = "firth"', f"{THIRD}.penalty: is not defined for the conditional likelihood"),
    ("conditional = true", "conditional = true\nrisk_groups = 3", f"{THIRD}.risk_groups: is not defined for the conditional"),
    ("risk_groups = 5", "", "figure[2].analysis: response has no groups by predicted risk"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "expected"), CHANGES)
def test_each_misuse_is_named(tmp_path, old, new, expected):
    assert old in STUDY
    with pytest.raises(StudyFileError, match=re.escape(expected)):
        study_of(tmp_path, STUDY.replace(old, new, 1))


def test_the_keys_become_specifications(tmp_path):
    study = study_of(tmp_path)
    tasks = {
        task.key: task.spec
        for name in ("response", "rare", "in-sites")
        for task in REGISTRY["logistic"].plan(study, study.analysis(name))
    }
    assert list(tasks) == [
        "response/multivariable",
        *(f"response/univariable/{name}" for name in ("arm", "age", "grade")),
        "rare/multivariable",
        "in-sites/multivariable",
    ]
    full = tasks["response/multivariable"]
    assert [column.name for column in full.columns] == [
        "arm[New]", "age", "grade[Middle]", "grade[High]", "arm[New] x age",
    ]  # fmt: skip
    assert full.outcome.levels == ("CR", "PR")
    assert full.outcome.not_evaluable == ("NE",)
    assert (full.risk_groups, tasks["response/univariable/age"].risk_groups) == (5, 0)
    assert tasks["rare/multivariable"].errors == "augmented"
    within = tasks["in-sites/multivariable"]
    assert (within.conditional, within.interval, within.n_constants) == (True, "profile", 0)
