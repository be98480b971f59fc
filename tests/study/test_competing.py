"""Analyses of competing risks in the study file: their rules, and the tasks that they become."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from cohortium.errors import StudyFileError
from cohortium.estimators.registry import plan_study
from cohortium.study.load import load_study
from study.test_endpoint_rules import DICTIONARY as DATES
from study.test_endpoint_rules import HEAD

DICTIONARY = DATES + 'sex,radio,Sex,"1, Male | 2, Female",\n'
FINE_GRAY = 'method = "fine-gray"\nendpoint = "first"\ncause = "Relapse"\ncovariates = ["sex", "age"]\n'
GRAY = 'method = "gray"\nendpoint = "first"\nby = "sex"\n'


def _load(folder: Path, analysis: str, endpoint: str = "") -> Any:
    (folder / "dictionary.csv").write_text(DICTIONARY, encoding="utf-8")
    text = HEAD.format(time="", endpoint=endpoint, analysis=analysis)
    (folder / "study.toml").write_text(text, encoding="utf-8")
    return load_study(folder)


def _spec(folder: Path, analysis: str) -> Any:
    return next(task.spec for task in plan_study(_load(folder, analysis)) if task.analysis == "a")


@pytest.mark.parametrize(
    ("analysis", "endpoint", "expected"),
    [
        (FINE_GRAY.replace("Relapse", "Relaps"), "", "has no cause 'Relaps'; expected one of Relapse, Death"),
        (FINE_GRAY.replace('"first"', '"efs"'), "", "efs has a single event; no cause competes"),
        (FINE_GRAY + 'censoring_by = "age"\n', "", "age is a whole number; expected a category with declared levels"),
        (FINE_GRAY + 'strata = ["sex"]\n', "", "sex is compared in this analysis, so it cannot be a stratum too"),
        (FINE_GRAY.replace('"age"', '"last"'), "", "last is a date; expected a category or a number"),
        (FINE_GRAY, 'entry = "enter"', "first has left truncation, for which fine-gray is not defined here"),
        (FINE_GRAY.replace('"age"', '{ variable = "age", spline = { knots = [1, 2, 3] } }'), "", "has no splines"),
        (GRAY, 'entry = "enter"', "first has left truncation, for which gray is not defined here"),
        (GRAY.replace('"sex"', '"age"'), "", "age is a whole number; expected a category with declared levels"),
        (GRAY + 'strata = ["sex"]\n', "", "sex is compared in this analysis"),
        (
            'method = "cumulative-incidence"\nendpoint = "first"\nat_months = [900]\n',
            "",
            "900 months is beyond the horizon",
        ),
        ('method = "cox"\nendpoint = "efs"\ncause = "Death"\ncovariates = ["age"]\n', "", "remove cause"),
        ('method = "cox"\nendpoint = "first"\ncovariates = ["age"]\n', "", "first has 2 competing causes"),
    ],
)
def test_refusals(tmp_path: Path, analysis: str, endpoint: str, expected: str) -> None:
    with pytest.raises(StudyFileError) as refused:
        _load(tmp_path, analysis, endpoint)
    assert [problem for problem in map(str, refused.value.problems) if expected in problem]


def test_fine_gray_tasks(tmp_path: Path) -> None:
    """The multivariable model, then each covariate alone; the cause by its place among the causes."""
    tasks = [task for task in plan_study(_load(tmp_path, FINE_GRAY + "univariable = true\n")) if task.analysis == "a"]
    assert [task.key for task in tasks] == ["a/multivariable", "a/univariable/sex", "a/univariable/age"]
    death = _spec(tmp_path, FINE_GRAY.replace("Relapse", "Death"))
    assert (death.cause, death.n_causes, death.event) == (2, 2, "first__event")
    assert [column.name for column in death.columns] == ["sex[Female]", "age"]


def test_what_stays_inside_sites(tmp_path: Path) -> None:
    """Nothing by time leaves a site when both the strata and the groups of censoring are institutions."""
    shared = _spec(tmp_path, FINE_GRAY)
    nested = _spec(tmp_path, FINE_GRAY + 'strata = ["site"]\n')
    local = _spec(tmp_path, FINE_GRAY + 'strata = ["site"]\ncensoring_by = "site"\n')
    assert [(s.nested, s.is_local) for s in (shared, nested, local)] == [(False, False), (True, False), (True, True)]
    assert local.note == "stratified by institution; distribution of censoring by institution"


def test_gray_and_incidence(tmp_path: Path) -> None:
    gray = _spec(tmp_path, GRAY + 'strata = ["site"]\nrho = 1\n')
    assert (gray.causes, gray.nested, gray.rho) == (("Relapse", "Death"), True, 1.0)
    incidence = _spec(tmp_path, 'method = "cumulative-incidence"\nendpoint = "first"\nat_months = [12]\n')
    assert (incidence.causes, incidence.labels, incidence.at) == (("Relapse", "Death"), ("",), ((365.25, "12 months"),))
    single = _spec(tmp_path, 'method = "cumulative-incidence"\nendpoint = "efs"\n')
    assert single.causes == ("EFS",)


def test_cause_specific_cox(tmp_path: Path) -> None:
    spec = _spec(tmp_path, 'method = "cox"\nendpoint = "first"\ncause = "Death"\ncovariates = ["age"]\n')
    assert (spec.event, spec.cause) == ("first__event", 2)
    assert "cause-specific hazard of Death" in spec.note
