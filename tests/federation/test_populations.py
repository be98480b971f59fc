"""A study with causes, a landmark, late entry, a later group and a time-dependent covariate, over both transports."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from cohortium.cli.listing import Checked, checked_json, checked_text
from cohortium.cli.opening import open_sites, refuse_errors
from cohortium.cli.run import tabulate
from cohortium.cli.test_patients import Tested as Outcome
from cohortium.estimators.registry import plan_study
from cohortium.federation.estimate import estimate
from cohortium.results import Results
from cohortium.study.load import load_study

DAY = dt.date(2026, 11, 22)
SITES = ("a", "b", "c")
DICTIONARY = """\
field_name,field_type,field_label,select_choices_or_calculations,text_validation_type_or_show_slider_number
id,text,Patient,,
age,text,Age,,integer
start,text,First dose,,date_ymd
referred,text,Referred,,date_ymd
response,text,Response,,date_ymd
relapse,text,Relapse,,date_ymd
death,text,Death,,date_ymd
last,text,Last contact,,date_ymd
"""
STUDY = """\
[study]
name = "small"
title = "Small"
[time]
origin = "start"
origin_label = "first dose"
horizon_days = 800
{time}
[data]
key = "id"
[[derive]]
name = "responder"
label = "Responder"
cases = [{{ level = "Yes", where = "is_known(response)" }}, {{ level = "No", otherwise = true }}]
[[derive]]
name = "early"
label = "Early responder"
cases = [{{ level = "Yes", where = "is_known(response) and response <= 91" }}, {{ level = "No", otherwise = true }}]
[[endpoint]]
name = "first"
label = "First event"
censor = "last"
{entry}
[[endpoint.causes]]
label = "Relapse"
event = ["relapse"]
[[endpoint.causes]]
label = "Death"
event = ["death"]
[[endpoint]]
name = "efs"
label = "Event-free survival"
of = "first"
[[endpoint]]
name = "landmark_efs"
label = "Event-free survival from 3 months"
of = "efs"
landmark_months = 3
[[analysis]]
name = "sites"
method = "sites"
endpoint = "efs"
[[analysis]]
name = "by-response"
method = "kaplan-meier"
endpoint = "efs"
by = "responder"
[[analysis]]
name = "by-early"
method = "kaplan-meier"
endpoint = "landmark_efs"
by = "early"
[[analysis]]
name = "test-early"
method = "logrank"
endpoint = "landmark_efs"
by = "early"
[[analysis]]
name = "stratified"
method = "logrank"
endpoint = "landmark_efs"
by = "early"
strata = ["site"]
[[analysis]]
name = "plain"
method = "cox"
endpoint = "efs"
covariates = ["age"]
{more}
"""
CUT = """\
[[analysis]]
name = "cut"
method = "cox"
endpoint = "efs"
covariates = ["age"]
time_dependent = [{ variable = "response", label = "Response" }]
"""
ETHICS = (
    '[[site]]\nid = "{id}"\nname = "Site {id}"\nethics = {{ board = "Board {id}", decision = "approved", number = "1", '
    'approved = 2020-01-01, consent = "waived", consent_basis = "45 CFR 46.116(f)", covers = ["de-identified"] }}\n'
)


def patients(seed: int, n: int) -> pl.DataFrame:
    """Patients of a site, as its file has them."""
    rng = np.random.default_rng(seed)
    first = dt.date(2022, 1, 1)
    start = rng.integers(0, 200, n)
    last = rng.integers(1, 700, n)
    relapse, death = rng.exponential(500, n).astype(int), rng.exponential(700, n).astype(int)
    response = rng.integers(5, 300, n)

    def dates(days: np.ndarray, there: np.ndarray) -> list[str]:
        return [str(first + dt.timedelta(days=int(start[i] + days[i]))) if there[i] else "" for i in range(n)]

    ended = np.minimum(death, last)
    return pl.DataFrame(
        {
            "id": [f"P{seed}{i:03d}" for i in range(n)],
            "age": rng.integers(30, 80, n),
            "start": dates(np.zeros(n), np.ones(n, bool)),
            "referred": dates(rng.integers(-20, 30, n), np.ones(n, bool)),
            "response": dates(response, (rng.random(n) < 0.6) & (response < ended)),
            "relapse": dates(relapse, relapse <= ended),
            "death": dates(death, death <= last),
            "last": dates(ended, np.ones(n, bool)),
        }
    )


def run(directory: Path, n_processes: int = 1, *, time: str = "", entry: str = "", more: str = CUT) -> Results:
    """Write the study and run it."""
    ethics = "".join(ETHICS.format(id=site) for site in SITES)
    text = STUDY.format(time=time, entry=entry, more=more)
    (directory / "study.toml").write_text(text.replace("[[derive]]", ethics + "[[derive]]", 1), encoding="utf-8")
    (directory / "dictionary.csv").write_text(DICTIONARY, encoding="utf-8")
    for number, site in enumerate(SITES):
        folder = directory / "sites" / site
        folder.mkdir(parents=True, exist_ok=True)
        patients(number + 1, (80, 60, 1)[number]).write_csv(folder / "patients.csv")
    study = load_study(directory)
    tasks = plan_study(study)
    with open_sites(study, tasks, n_processes, DAY) as sites:
        refuse_errors(sites)
        return tabulate(tasks, estimate(tasks, study.hash, sites.transport))


def count(results: Results, statistic: str, **criteria: object) -> int:
    return int(results.one(statistic=statistic, **criteria).value or 0)


def test_both_transports_give_the_same_rows(tmp_path: Path) -> None:
    assert list(run(tmp_path, 2)) == list(run(tmp_path, 1))


def test_the_flow_to_the_landmark_adds_up_and_is_what_the_analyses_count(tmp_path: Path) -> None:
    results = run(tmp_path)
    flow = results.where(method="landmark", variable="landmark_efs")
    parts = [count(flow, name) for name in ("event-before", "censored-before", "at-risk")]
    assert sum(parts) == count(flow, "at-origin") == 141
    assert min(parts) > 0
    curves = results.where(analysis="by-early", statistic="n")
    assert sum(int(row.value or 0) for row in curves) == count(flow, "at-risk")


def test_a_group_that_is_known_later_is_said_and_a_landmark_group_is_not(tmp_path: Path) -> None:
    results = run(tmp_path)
    (row,) = results.where(method="timing")
    assert (row.analysis, row.variable, row.statistic) == ("by-response", "responder", "known-after-origin")
    everybody = pl.concat([patients(number + 1, (80, 60, 1)[number]) for number in range(3)])
    assert row.value == (everybody["response"] != "").sum()
    assert row.warning == (
        f"{row.value} of 141 patients: response lies after first dose; responder used as known at the start gives "
        "immortal time; use a landmark or a time-dependent covariate"
    )


def test_episodes_count_the_same_events_and_another_effect(tmp_path: Path) -> None:
    results = run(tmp_path)
    plain, cut = (results.where(analysis=name, model="multivariable") for name in ("plain", "cut"))
    assert count(cut, "model-events") == count(plain, "model-events")
    assert count(cut, "model-n") > count(plain, "model-n")
    assert results.one(analysis="cut", variable="response", statistic="coefficient").value is not None


def test_late_entry_reaches_every_method(tmp_path: Path) -> None:
    results = run(tmp_path, entry='entry = "referred"')
    assert "left truncation" in results.where(analysis="by-response", statistic="median")[0].note
    assert results.where(method="landmark", statistic="entered-after")[0].value == 0
    before = run(tmp_path)
    same = {"analysis": "plain", "statistic": "coefficient"}
    assert results.one(**same).value != before.one(**same).value


@pytest.mark.parametrize("unit", ["weeks", "months"])
def test_a_coarse_grid_prints_its_bounds_and_strata_in_sites_keep_days(tmp_path: Path, unit: str) -> None:
    exact = run(tmp_path, more="")
    coarse = run(tmp_path, time=f'grid = "{unit}"', more="")
    bounds = coarse.where(statistic="grid-bound")
    assert {row.analysis for row in bounds} == {"by-response", "by-early", "test-early", "stratified", "plain"}
    assert all(row.value == 0 for row in bounds.where(analysis="stratified"))
    p = {"analysis": "stratified", "statistic": "p-value"}
    assert coarse.one(**p).value == exact.one(**p).value
    assert coarse.one(**p).note.endswith("follow-up counted in whole days inside sites")
    assert coarse.where(analysis="by-early", statistic="survival")[0].note.endswith(f"follow-up counted in {unit}")
    same = {"analysis": "plain", "variable": "age", "statistic": "coefficient"}
    apart = abs((coarse.one(**same).value or 0) - (exact.one(**same).value or 0))
    assert apart <= (bounds.one(analysis="plain").value or 0)
    assert exact.where(statistic="grid-bound").distinct("analysis") == ()


def test_a_check_names_what_may_be_known_later_before_any_number_is_made(tmp_path: Path) -> None:
    run(tmp_path)
    study = load_study(tmp_path)
    checked = Checked(3, 141, (), (), Outcome(0, 0))
    text = checked_text(study, checked).splitlines()
    assert text[0] == (
        "note: analysis by-response: responder may become known only after first dose, since response may; "
        "the run counts the patients in whom it did"
    )
    assert text[-1] == "small: 141 rows from 3 site files, 0 queries; ready to run"
    assert len(json.loads(checked_json(study, checked))["notes"]) == len(text) - 1 == 4
