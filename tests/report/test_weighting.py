"""Exhibits of a study whose analyses are weighted by a propensity score."""

from __future__ import annotations

import datetime as dt
import re
import shutil
from pathlib import Path

import pytest

from cohortium.cli.opening import open_sites
from cohortium.cli.run import tabulate
from cohortium.estimators.registry import plan_study
from cohortium.federation.estimate import estimate
from cohortium.report.build import FIGURES, TABLES
from cohortium.report.cautions import cautions
from cohortium.report.figures.save import save
from cohortium.report.methods import methods
from cohortium.report.render.text import render
from cohortium.study.load import load_study
from report.read_off import read_off

EXAMPLE = Path(__file__).resolve().parents[2] / "examples" / "ncctg-lung"
DAY = dt.date(2026, 1, 1)
ADDED = """
[[propensity]]
name = "ps"
treatment = "sex"
treated = "Female"
covariates = [{ variable = "age", per = 10 }, { variable = "ph_ecog", as_number = true }, "wt_loss"]
stabilized = true
trim = 0.2
truncate = 0.98

[[analysis]]
name = "balance-sex"
method = "balance"
weighting = "ps"
also = ["meal_cal"]

[[analysis]]
name = "km-weighted"
method = "kaplan-meier"
endpoint = "os"
by = "sex"
weighting = "ps"

[[analysis]]
name = "cox-weighted"
method = "cox"
endpoint = "os"
covariates = ["sex"]
weighting = "ps"
e_value = { effect = "sex" }

[[table]]
name = "balance"
kind = "balance"
analyses = ["balance-sex"]
title = "Women and men before and after weighting"

[[table]]
name = "weighted"
kind = "regression"
analyses = ["cox-weighted"]
title = "Weighted"

[[figure]]
name = "love"
kind = "love"
analysis = "balance-sex"
title = "Balance"

[[figure]]
name = "narrow"
kind = "love"
analysis = "balance-sex"
width = "single"
title = "Balance"

[[figure]]
name = "overlap"
kind = "overlap"
analysis = "balance-sex"
title = "Scores"

[[figure]]
name = "curves"
kind = "kaplan-meier"
analysis = "km-weighted"
model = "cox-weighted"
title = "Weighted survival"
"""


def _run(tmp_path_factory, added: str):
    directory = shutil.copytree(EXAMPLE, tmp_path_factory.mktemp("weights") / "study")
    path = directory / "study.toml"
    path.write_text(path.read_text(encoding="utf-8") + added, encoding="utf-8")
    study = load_study(directory)
    wanted = {"flow", "ps", "balance-sex", "km-weighted", "cox-weighted"}
    tasks = tuple(task for task in plan_study(study) if task.analysis in wanted)
    with open_sites(study, tasks, 1, DAY) as sites:
        return study, tabulate(tasks, estimate(tasks, study.hash, sites.transport))


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    return _run(tmp_path_factory, ADDED)


def _table(run, name: str) -> str:
    study, results = run
    spec = next(table for table in study.file.table if table.name == name)
    return render(TABLES[spec.kind](study, results, spec))


def _figure(run, name: str):
    study, results = run
    spec = next(figure for figure in study.file.figure if figure.name == name)
    return FIGURES[spec.kind](study, results, spec)


def test_differences_and_scores_are_read_off(run) -> None:
    love, overlap = (read_off(_figure(run, name)) for name in ("love", "overlap"))
    assert "Age: 0.259 before, 0.000 after" in love
    found = [re.search(r": score (\d\.\d\d) to \1?.*, (\d+) patients?$", text) for text in overlap]
    assert sum(int(match[2]) for match in found if match) == 127 + 86


def test_the_table_shows_both_sides_and_the_weights(run) -> None:
    text = _table(run, "balance")
    assert "Before weighting [a]" in text
    assert re.search(r"Age, years, mean +63\.5 +61\.1 +−0\.26 +0\.95 +62\.2 +62\.2 +0\.00", text)
    assert re.search(r"Effective sample size +127 +86 +122\.9 +82\.3", text)
    assert re.search(r"Patients +127 +86 +126 +86", text)
    assert "Weighted by the propensity score (ATE, stabilized)." in text
    assert "Weights above 1.57 are set to it." in text
    assert "a 15 patients left out: treatment or a covariate of the propensity score not known." in text


def test_a_weighted_model_says_so_with_its_e_value(run) -> None:
    text = _table(run, "weighted")
    said = "Weighted by the propensity score (ATE, stabilized, scores from 0.2 to 0.8, truncated at quantile 0.98)."
    assert said in text
    assert "Robust standard errors." in text
    assert "E-value of Sex, Female: 2.23, and 1.54 of the confidence limit that is nearer to 1." in text


def test_weighted_rows_differ_from_unweighted_ones_and_name_the_weights(run) -> None:
    _, results = run
    ratio = results.one(analysis="cox-weighted", statistic="hazard-ratio", level="Female")
    assert ratio.note.endswith("truncated at quantile 0.98); robust standard errors")
    survival = results.where(analysis="km-weighted", statistic="survival")
    assert all("weighted by the propensity score" in row.note for row in survival)
    # Weighted survival is no product of whole numbers of patients.
    assert survival[1].value not in {1 - k / 126 for k in range(127)}
    scores = results.where(analysis="balance-sex", statistic="score-count", group="Female")
    assert (len(scores), sum(row.value for row in scores)) == (50, 86)
    (limit,) = results.where(analysis="balance-sex", statistic="weight-limit")
    assert limit.note == "quantile 0.98 of the weights"


def test_the_score_has_rows_of_its_own(run) -> None:
    _, results = run
    own = results.where(analysis="ps", model="propensity score")
    assert own.one(statistic="coefficient", variable="age").note == "per 10 years"
    assert own.one(statistic="model-n").value == 213


@pytest.mark.parametrize("name", ["love", "narrow", "overlap", "curves"])
def test_figures(run, name: str, tmp_path: Path) -> None:
    drawn = _figure(run, name)
    assert drawn.data
    assert save(drawn, tmp_path / name, "Drawn")


def test_captions(run) -> None:
    assert _figure(run, "love").alt.startswith("Largest absolute standardized difference 0.36 before weighting, 0.48")
    assert (
        "Dashed lines: without weight are scores below 0.2 and above 0.8 (1 patient)."
        in _figure(run, "overlap").caption
    )
    caption = " ".join(_figure(run, "curves").caption)
    assert "numbers at risk are patients with a weight" in caption
    assert "Weighted HR, hazard ratio of a weighted Cox regression without other covariates" in caption


def test_methods(run) -> None:
    headed = {title: " ".join(map(str, (text for part in parts for text in part))) for title, parts in methods(*run)}
    assert headed["Propensity score of sex"].startswith("The propensity score is the probability of sex Female")
    assert "Weights above their quantile 0.98 are set to it." in headed["Propensity score of sex"]
    assert "take the weights as known" in headed["Overall survival by sex, weighted"]
    assert "The E-value of sex" in headed["Overall survival, Cox regression, unstratified, weighted"]
    assert "pooled standard deviation before weighting" in headed["Balance by sex before and after weighting"]


def test_cautions_name_the_score(run) -> None:
    assert "Propensity score of sex" in {
        name for group in cautions(*run) for each in group.cautions for name in each.subjects
    }


def test_without_a_score_everything_says_why(tmp_path_factory) -> None:
    """Nobody of one level is treated: no number is invented, and the report is still made."""
    text = ADDED.replace('{ variable = "ph_ecog", as_number = true }', '"ph_ecog"')
    study, results = _run(tmp_path_factory, text)
    for analysis in ("balance-sex", "km-weighted", "cox-weighted"):
        rows = results.where(analysis=analysis)
        unknown = [row for row in rows if row.value is None]
        assert unknown
        assert all(row.warning.startswith("no propensity score") for row in unknown)
    for spec in study.file.figure:
        if spec.analysis == "balance-sex":
            assert any("No propensity score" in line for line in FIGURES[spec.kind](study, results, spec).caption)
    for spec in study.file.table:
        if spec.name in ("balance", "weighted"):
            assert "No propensity score" in render(TABLES[spec.kind](study, results, spec))
