"""A study with missing values: what is missing, models of imputed values, over both transports, into the report."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from cohortium.cli.opening import open_sites, refuse_errors
from cohortium.cli.run import tabulate
from cohortium.estimators.registry import plan_study
from cohortium.federation.estimate import estimate
from cohortium.report.build import build_report
from cohortium.results import Results
from cohortium.study.load import load_study

DAY = dt.date(2026, 11, 22)
# Sums over rows in another order, and what two iterations and a fit make of it.
SPLIT = 1e-9
DICTIONARY = """\
field_name,field_type,field_label,select_choices_or_calculations,text_validation_type_or_show_slider_number,text_validation_min,text_validation_max
id,text,Patient,,,,
age,text,Age,,integer,18,100
ldh,text,LDH,,integer,50,900
stage,radio,Stage,"1, I | 2, II | 3, III",,,
response,radio,Response,"1, Yes | 0, No",,,
days,text,Days,,integer,0,800
dead,radio,Dead,"1, Yes | 0, No",,,
"""
STUDY = """\
[study]
name = "small"
title = "Small"
[time]
horizon_days = 800
[data]
key = "id"
{sites}
[[endpoint]]
name = "os"
label = "Overall survival"
time = "days"
event_where = "dead == 'Yes'"
[[imputation]]
name = "main"
variables = ["ldh", "stage"]
auxiliary = ["age", "response"]
endpoints = ["os"]
m = 4
iterations = 2
[[analysis]]
name = "missing"
method = "missingness"
variables = ["age", "ldh", "stage"]
by = "response"
[[analysis]]
name = "model"
method = "cox"
endpoint = "os"
covariates = ["age", {{ variable = "ldh", per = 100 }}, "stage"]
univariable = true
imputation = "main"
[[analysis]]
name = "odds"
method = "logistic"
outcome = {{ label = "Response", variable = "response", levels = ["Yes"] }}
covariates = ["age", "ldh"]
imputation = "main"
[[analysis]]
name = "curves"
method = "kaplan-meier"
endpoint = "os"
by = "stage"
at_months = [12]
imputation = "main"
[[analysis]]
name = "curves-test"
method = "logrank"
endpoint = "os"
by = "stage"
imputation = "main"
[[analysis]]
name = "rates"
method = "response-rates"
outcomes = [{{ label = "Response", variable = "response", levels = ["Yes"] }}]
by = "stage"
imputation = "main"
[[table]]
name = "survival"
kind = "survival"
analyses = ["curves", "curves-test"]
title = "Survival"
[[table]]
name = "rates"
kind = "response"
analyses = ["rates"]
title = "Rates"
[[table]]
name = "missing-values"
kind = "missingness"
analyses = ["missing"]
title = "Values not known"
[[table]]
name = "models"
kind = "regression"
analyses = ["model"]
title = "Models"
[[figure]]
name = "patterns"
kind = "missingness"
analysis = "missing"
title = "Patterns"
[[figure]]
name = "forest"
kind = "forest"
analysis = "model"
title = "Models"
"""
SITE = (
    '[[site]]\nid = "{id}"\nname = "Site {id}"\nethics = {{ board = "Board", decision = "approved", number = "1", '
    'approved = 2020-01-01, consent = "waived", consent_basis = "45 CFR 46.116(f)", covers = ["de-identified"] }}\n'
)


def patients() -> pl.DataFrame:
    rng = np.random.default_rng(8)
    n = 150
    age = rng.integers(30, 90, n)
    ldh = np.round(120 + 1.5 * age + rng.normal(0, 40, n)).astype(int)
    stage = 1 + np.clip((ldh - 160) // 50, 0, 2)
    days = np.ceil(rng.exponential(40_000 / ldh)).astype(int)
    unknown = rng.random((n, 2)) < 0.25
    return pl.DataFrame(
        {
            "id": [f"P{i:03}" for i in range(n)],
            "age": age,
            "ldh": pl.Series([None if skip else x for x, skip in zip(ldh.tolist(), unknown[:, 0], strict=True)]),
            "stage": pl.Series([None if skip else x for x, skip in zip(stage.tolist(), unknown[:, 1], strict=True)]),
            "response": (rng.random(n) < 0.5).astype(int),
            "days": np.minimum(days, 800),
            "dead": (days <= 600).astype(int),
        }
    )


def run(directory: Path, n_sites: int, n_processes: int = 1) -> Results:
    """Write the study with its patients in some sites, one of them with a single patient, and run it."""
    ids = [f"s{k}" for k in range(n_sites)]
    directory.mkdir(exist_ok=True)
    text = STUDY.format(sites="".join(SITE.format(id=site) for site in ids))
    (directory / "study.toml").write_text(text, encoding="utf-8")
    (directory / "dictionary.csv").write_text(DICTIONARY, encoding="utf-8")
    site = np.random.default_rng(n_sites).integers(0, max(n_sites - 1, 1), 150)
    site[17] = n_sites - 1
    for number, name in enumerate(ids):
        folder = directory / "sites" / name
        folder.mkdir(parents=True, exist_ok=True)
        patients().filter(pl.Series(site == number)).write_csv(folder / "patients.csv")
    study = load_study(directory)
    tasks = plan_study(study)
    with open_sites(study, tasks, n_processes, DAY) as sites:
        refuse_errors(sites)
        return tabulate(tasks, estimate(tasks, study.hash, sites.transport))


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> Results:
    return run(tmp_path_factory.mktemp("study"), 3)


def test_both_transports_give_the_same_rows(results: Results, tmp_path: Path) -> None:
    assert list(run(tmp_path, 3, 2)) == list(results)


@pytest.mark.parametrize("n_sites", [1, 7])
def test_another_split_gives_the_same_numbers(results: Results, tmp_path: Path, n_sites: int) -> None:
    again = run(tmp_path, n_sites)
    for analysis in ("missing", "model", "odds", "curves", "rates"):
        pairs = list(zip(again.where(analysis=analysis), results.where(analysis=analysis), strict=True))
        assert len(pairs) > 10
        for found, expected in pairs:
            assert found.statistic == expected.statistic
            assert found.value == pytest.approx(expected.value, rel=SPLIT, abs=1e-12)


def test_rows_of_pooled_models(results: Results) -> None:
    pooled, whole = (results.where(analysis="model", model=model) for model in ("multivariable", "complete cases"))
    assert pooled.one(statistic="model-n").value == 150
    n_complete = results.one(analysis="missing", statistic="complete", group="").value
    assert whole.one(statistic="model-n").value == n_complete
    effect = pooled.one(variable="ldh", statistic="hazard-ratio")
    assert effect.note == "per 100; 4 imputations, Rubin's rules"
    assert 0 < (pooled.one(variable="ldh", statistic="fraction-missing-information").value or 0) < 1
    assert pooled.one(variable="ldh", statistic="p-value").note == "t test"
    assert "D1" in pooled.one(variable="stage", statistic="term-wald-p").note
    imputed = results.where(analysis="model", method="imputation", statistic="imputed")
    assert [row.value for row in imputed] == [patients()[name].null_count() for name in ("ldh", "stage")]
    assert results.one(analysis="odds", model="multivariable", variable="ldh", statistic="odds-ratio").value is not None


def test_report_shows_them(results: Results, tmp_path: Path) -> None:
    run(tmp_path, 3)
    study = load_study(tmp_path)
    out = tmp_path / "out"
    out.mkdir()
    build_report(study, results, [], out, lambda _: None)
    page = (out / "report.html").read_text(encoding="utf-8")
    assert "imputed 4 times by chained equations (2 iterations)" in page
    assert page.count("Pooled over 4 imputations of missing values; counts are means over imputations.") == 2
    assert "Rates with Wilson 95% intervals, differences in percentage points with Newcombe intervals;" in page
    assert "Median over imputations, without limits." in page
    assert "pooled chi-square (D2) test, chi-square" in page
    table = (out / "tables" / "missing-values.csv").read_text(encoding="utf-8")
    assert table.splitlines()[0].endswith('"Complete cases, all patients: Lost","Complete cases, all patients: Left"')
    assert "patients have every value known" in (out / "figures" / "patterns.txt").read_text(encoding="utf-8")
