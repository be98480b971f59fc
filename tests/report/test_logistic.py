"""Logistic regressions from a small study to what a reader sees: table, forest, calibration, sentences."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest

from cohortium.errors import OutputError
from cohortium.estimators.contract import Done, Rows
from cohortium.estimators.registry import REGISTRY
from cohortium.report.exhibits import calibration, forest
from cohortium.report.labels import full_title
from cohortium.report.methods.logistic import logistic
from cohortium.report.render import text
from cohortium.report.tables import regression
from cohortium.results import Results
from cohortium.study.load import load_study
from cohortium.study.study import Study
from report.read_off import read_off

STUDY = """\
[study]
name = "response"
title = "Response"

[time]
horizon_days = 100

[data]
key = "patient"

[[site]]
id = "north"
name = "Northern Hospital"

[[site]]
id = "south"
name = "Southern Hospital"

[[analysis]]
name = "response"
method = "logistic"
outcome = { label = "Overall response", variable = "best", levels = ["CR", "PR"] }
not_evaluable = ["NE"]
covariates = ["arm", { variable = "age", per = 10 }, "grade"]
interactions = [["arm", "age"]]
univariable = true
risk_groups = 5

[[analysis]]
name = "rare"
method = "logistic"
outcome = { label = "Complete response", variable = "best", levels = ["CR"] }
covariates = ["arm", "mutation"]
firth_errors = "augmented"
risk_groups = 2

[[analysis]]
name = "in-sites"
method = "logistic"
label = "Response within institutions"
outcome = { label = "Overall response", variable = "best", levels = ["CR", "PR"] }
covariates = [{ variable = "age", spline = { knots = [40, 60, 75] } }]
strata = ["site"]
conditional = true
interval = "profile"

[[table]]
name = "table1"
kind = "regression"
analyses = ["response"]
title = "Response"

[[table]]
name = "table2"
kind = "regression"
analyses = ["rare", "in-sites"]
title = "Others"

[[figure]]
name = "figure1"
kind = "forest"
analysis = "response"
title = "Odds ratios"

[[figure]]
name = "figure2"
kind = "calibration"
analysis = "response"
title = "Calibration"

[[figure]]
name = "figure3"
kind = "calibration"
analysis = "rare"
width = "single"
title = "Calibration"
"""
DICTIONARY = """\
field_name,field_type,field_label,select_choices_or_calculations,text_validation_type_or_show_slider_number,text_validation_min,text_validation_max
patient,text,Patient,,,,
best,radio,Best response,"CR, CR | PR, PR | SD, SD | NE, NE",,,
arm,radio,Therapy,"S, Standard | N, New",,,
grade,radio,Grade,"1, Low | 2, Middle | 3, High",,,
mutation,radio,Mutation,"0, Wild type | 1, Mutated",,,
age,text,Age,,integer,18,100
"""
N = 260


def study_of(folder: Path, definition: str = STUDY) -> Study:
    (folder / "study.toml").write_text(definition, encoding="utf-8")
    (folder / "dictionary.csv").write_text(DICTIONARY, encoding="utf-8")
    return load_study(folder)


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Study:
    return study_of(tmp_path_factory.mktemp("study"))


def rows_of(n: int = N) -> Rows:
    """Nobody with the mutation has a complete response, and 12 patients could not be assessed."""
    rng = np.random.default_rng(4)
    age, arm, grade = rng.integers(35, 85, n), rng.integers(0, 2, n), rng.integers(0, 3, n)
    mutation = (rng.random(n) < 0.12).astype(int)
    responds = rng.random(n) < 1 / (1 + np.exp(0.3 + 0.03 * (age - 60) - 0.9 * arm + 0.4 * grade))
    complete = responds & (rng.random(n) < 0.4) & (mutation == 0)
    best = np.where(complete, 0, np.where(responds, 1, 2))
    best[:12] = 3
    codes = {"best": best, "arm": arm, "grade": grade, "mutation": mutation, "site": np.arange(n) % 2}
    return Rows(n, {"age": age.astype(float)}, codes)


@pytest.fixture(scope="module")
def results(study: Study) -> Results:
    found, rows = [], rows_of()
    for analysis in study.file.analysis:
        estimator = REGISTRY["logistic"]
        for task in estimator.plan(study, analysis):
            prepared, step = estimator.prepare(rows, task.spec), estimator.start(task.spec)
            while not isinstance(step, Done):
                step = estimator.solve(task.spec, estimator.summarize(prepared, step.params), step)
            found += estimator.tabulate(task, step.estimate)
    return Results(found)


def _printed(study: Study, results: Results, position: int) -> str:
    return text.render(regression.build(study, results, study.file.table[position]))


def test_the_table_of_one_model(study: Study, results: Results) -> None:
    printed = _printed(study, results, 0)
    assert "OR (95% CI)" in printed
    assert "OR, odds ratio" in printed
    assert "Logistic regression; covariates: Therapy, Age, Grade" in printed
    assert "Multivariable model: 248 patients" in printed
    assert "12 patients left out: a value not known." in printed
    assert "Area under the receiver operating characteristic curve (apparent) 0." in printed
    assert "p beside a variable's name from the likelihood-ratio test of all its levels" in printed


def test_the_table_names_penalty_and_strata(study: Study, results: Results) -> None:
    printed = _printed(study, results, 1)
    assert "the maximum-likelihood estimate of mutation[Mutated] does not exist: no events in this level" in printed
    assert "standard errors of the augmented data, as R's logistf" in printed.replace("Standard", "standard")
    assert "Response within institutions: Logistic regression, conditional on the events of each institution" in printed


def test_the_forest(study: Study, results: Results) -> None:
    drawn = forest.make(study, results, study.file.figure[0])
    assert drawn.alt.startswith("Forest plot of odds ratios for overall response.")
    assert any("OR, odds ratio" in line for line in drawn.caption)


def test_the_calibration(study: Study, results: Results) -> None:
    drawn = calibration.make(study, results, study.file.figure[1])
    assert "Calibration slope 1.00 (95% CI, " in drawn.alt
    assert len(drawn.data) == 6
    assert sum(int(row[1]) for row in drawn.data[1:]) == 248  # type: ignore[call-overload]
    assert any("perfect agreement" in line for line in drawn.caption)
    said = read_off(drawn)
    assert len(said) == 5
    assert all(
        re.fullmatch(r"Predicted [\d.]+%, observed \d+/\d+, [\d.]+% \([\d.]+ to [\d.]+\)", text) for text in said
    )
    single = calibration.make(study, results, study.file.figure[2])
    assert "Observed against predicted complete response" in single.alt
    with pytest.raises(OutputError, match="gives no groups by predicted risk"):
        calibration.make(study, Results([]), study.file.figure[1])


def test_the_sentences(study: Study, results: Results) -> None:
    first, rare, within = (
        " ".join(logistic(study, results, study.analysis(n))) for n in ("response", "rare", "in-sites")
    )
    assert first.startswith(
        "Logistic regression, of overall response (Best response: CR and PR); covariates therapy, age,"
    )
    assert "Patients who could not be assessed (NE) are left out." in first
    assert "Wald 95% confidence intervals" in first
    assert "5 groups of about equal size" in first
    assert "Firth's penalized likelihood was used (multivariable)" in rare
    assert "information of the augmented data" in rare
    assert "restricted cubic spline with knots at 40, 60 and 75" in within
    assert "Profile-likelihood 95% confidence intervals and likelihood-ratio p-values" in within
    assert full_title(study, study.analysis("response")) == "Overall response, logistic regression"
    title = full_title(study, study.analysis("in-sites"))
    assert title == "Overall response, logistic regression, conditional on the events of each institution"
