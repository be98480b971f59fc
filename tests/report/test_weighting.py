"""Exhibits of a study whose analyses are weighted by a propensity score."""

from __future__ import annotations

import datetime as dt
import shutil
from pathlib import Path

import pytest

from cohortium.cli.opening import open_sites
from cohortium.cli.run import tabulate
from cohortium.estimators.registry import plan_study
from cohortium.federation.estimate import estimate
from cohortium.report.build import FIGURES, TABLES
from cohortium.report.cautions import cautions
from cohortium.report.methods import methods
from cohortium.report.render.text import render
from cohortium.study.load import load_study

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


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    directory = shutil.copytree(EXAMPLE, tmp_path_factory.mktemp("weights") / "study")
    path = directory / "study.toml"
    path.write_text(path.read_text(encoding="utf-8") + ADDED, encoding="utf-8")
    study = load_study(directory)
    wanted = {"flow", "ps", "balance-sex", "km-weighted", "cox-weighted"}
    tasks = tuple(task for task in plan_study(study) if task.analysis in wanted)
    with open_sites(study, tasks, 1, DAY) as sites:
        return study, tabulate(tasks, estimate(tasks, study.hash, sites.transport))


def _table(run, name: str) -> str:
    study, results = run
    spec = next(table for table in study.file.table if table.name == name)
    return render(TABLES[spec.kind](study, results, spec))


def _figure(run, name: str):
    study, results = run
    spec = next(figure for figure in study.file.figure if figure.name == name)
    return FIGURES[spec.kind](study, results, spec)


def test_print(run):
    print(_table(run, "balance")); print(_table(run, "weighted"))
    for n in ("love","narrow","overlap","curves"):
        d=_figure(run,n); d.figure.savefig(f"/tmp/w_{n}.png",dpi=130); print(d.caption, d.alt[:300])
    for title, paragraphs in methods(*run):
        if any(w in title for w in ("ropens","Balance","Cox","by sex")): print(title, paragraphs)
    for c in cautions(*run): print(c)
    for r in run[1].where(analysis="ps"): print(r.statistic, r.model, r.variable, r.level, r.value, r.note, r.warning)
    for r in run[1].where(analysis="cox-weighted"): print(r.statistic, r.model, r.variable, r.level, r.value, r.note, r.warning)
