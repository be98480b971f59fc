"""Exhibits of what differs between sites, of a study that is run."""

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
from cohortium.results import Results, Statistic
from cohortium.study.load import load_study
from report.read_off import read_off

EXAMPLE = Path(__file__).resolve().parents[2] / "examples" / "ncctg-lung"
DAY = dt.date(2026, 1, 1)
DEATH = 'outcome = { label = "Death", variable = "status", levels = ["Dead"] }'
HEAD = "[cohort]\nlabel"
ADDED = f"""
[[analysis]]
name = "meta-sex"
method = "meta-analysis"
model = "cox"
endpoint = "os"
effect = "sex"
covariates = [{{ variable = "age", per = 10 }}, "sex"]
least_patients = 5

[[analysis]]
name = "meta-death"
method = "meta-analysis"
model = "proportions"
by = "sex"
{DEATH}
measure = "risk-difference"
pooling = "common"
leave_one_out = false

[[analysis]]
name = "deaths"
method = "site-outcomes"
{DEATH}

[[analysis]]
name = "rates"
method = "site-outcomes"
endpoint = "os"

[[family]]
name = "main"
label = "Sex and institutions"
p_values = ["logrank-sex", "meta-sex", {{ analysis = "meta-sex", statistic = "q-p" }}]

[[table]]
name = "meta"
kind = "meta-analysis"
analyses = ["meta-sex"]
title = "Sex by institution"

[[table]]
name = "difference"
kind = "meta-analysis"
analyses = ["meta-death"]
title = "Sex by institution"

[[table]]
name = "tests"
kind = "tests"
analyses = ["logrank-sex"]
title = "Tests"
"""
DRAWN = [
    (kind, analysis, width)
    for kind, analysis in (("site-forest", "meta-sex"), ("site-forest", "meta-death"), ("caterpillar", "deaths"), ("caterpillar", "rates"))
    for width in ("double", "single")
]  # fmt: skip


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    directory = shutil.copytree(EXAMPLE, tmp_path_factory.mktemp("sites") / "study")
    text = (directory / "study.toml").read_text(encoding="utf-8")
    figures = "".join(
        f'\n[[figure]]\nname = "f{i}"\nkind = "{kind}"\nanalysis = "{analysis}"\nwidth = "{width}"\ntitle = "Drawn"\n'
        for i, (kind, analysis, width) in enumerate(DRAWN)
    )
    (directory / "study.toml").write_text(text + ADDED + figures, encoding="utf-8")
    study = load_study(directory)
    wanted = {"flow", "logrank-sex", "meta-sex", "meta-death", "deaths", "rates"}
    tasks = tuple(task for task in plan_study(study) if task.analysis in wanted)
    with open_sites(study, tasks, 1, DAY) as sites:
        return study, tabulate(tasks, estimate(tasks, study.hash, sites.transport), (), study.file.family)


def _table(run, name: str) -> str:
    study, results = run
    spec = next(table for table in study.file.table if table.name == name)
    return render(TABLES[spec.kind](study, results, spec))


def test_the_table_names_who_could_not_contribute(run) -> None:
    text = _table(run, "meta")
    assert "Institution 2" in text
    assert "Separation: the estimate is not finite." in text
    assert "Too few patients." in text
    assert "13 of 18 institutions contributed." in text
    assert "Hartung and Knapp's limits are narrower than those of a common effect" in text
    assert "All others pooled" in text
    assert "Prediction interval" in text


def test_a_common_effect_has_one_line(run) -> None:
    text = _table(run, "difference")
    assert text.count("Common effect") == 1
    assert "Random effects" not in text
    assert "All others pooled" not in text
    assert "Prediction interval" not in text


def test_adjusted_p_values_stand_beside_their_own(run) -> None:
    _, results = run
    text = _table(run, "tests")
    assert "p adjusted" in text
    assert "Holm's method, 3 p-values: Sex and institutions." in text
    adjusted = [row for row in results if row.statistic.endswith("-adjusted")]
    assert [row.analysis for row in adjusted] == ["logrank-sex", "meta-sex", "meta-sex"]
    assert list(results)[-3:] == adjusted


@pytest.mark.parametrize("i", range(len(DRAWN)), ids=[" ".join(drawn) for drawn in DRAWN])
def test_every_figure_is_drawn_with_its_numbers(run, i: int) -> None:
    study, results = run
    spec = next(figure for figure in study.file.figure if figure.name == f"f{i}")
    drawn = FIGURES[spec.kind](study, results, spec)
    sites = [row for row in drawn.data if str(row[0]).startswith("Institution") or row[0] == "site"]
    assert len(sites) == 18
    assert all(len(row) == len(drawn.data[0]) for row in drawn.data)
    assert "Institution 33" in drawn.alt
    assert len([text for text in read_off(drawn) if text.startswith("Institution")]) == 18
    assert drawn.caption


def test_a_refused_site_is_named_and_is_no_data_point(run) -> None:
    study, results = run
    why = "no ethics decision is recorded"
    refusal = Statistic("flow", "flow", "site-refused", 1.0, level="Institution 33", warning=why)
    refused = Results([*results, refusal])
    for spec in study.file.figure:
        if spec.kind in {"caterpillar", "site-forest"}:
            drawn = FIGURES[spec.kind](study, refused, spec)
            assert f"Not used: Institution 33 ({why})." in drawn.caption
            assert not [row for row in drawn.data if "Institution 33" in row]
            assert "Institution 33" not in " ".join((drawn.alt, *read_off(drawn)))
    for spec in study.file.table:
        if spec.kind == "meta-analysis":
            table = TABLES[spec.kind](study, refused, spec)
            assert f"Not used: Institution 33 ({why})." in table.footnotes
            assert "Institution 33" not in [row.stub.text for row in table.rows]
            assert "Institution 32" in [row.stub.text for row in table.rows]


def test_institutions_beyond_the_limits_are_named(run) -> None:
    study, results = run
    spec = next(figure for figure in study.file.figure if figure.kind == "caterpillar" and figure.analysis == "deaths")
    caption = " ".join(FIGURES["caterpillar"](study, results, spec).caption)
    # 2 of 7 where 72 of 100 die: a chance of 0.02.
    assert "Beyond the limits: Institution 32 (95%)." in caption


def test_methods_and_cautions_have_sentences(run) -> None:
    study, results = run
    said = {title: str(paragraphs) for title, paragraphs in methods(study, results)} if results else {}
    text = " ".join(said.values())
    assert "Each institution fitted a Cox model by itself" in text
    assert "Hartung and Knapp" in text
    assert "control limits of 95% and 99.8%" in text.replace("control', 'limits", "control limits")
    assert "p-values adjusted together as sex and institutions: Holm's method." in text
    texts = [text for group in cautions(study, results) for each in group.cautions for text, _ in each.said]
    assert any("too few patients" in text.lower() for text in texts)
