"""A made-up study that draws every kind of figure, with any number of groups whose names are as long as names get."""

from __future__ import annotations

import csv
import datetime as dt
import random
from collections.abc import Collection
from pathlib import Path

from cohortium.cli.opening import open_sites
from cohortium.cli.run import tabulate
from cohortium.estimators.registry import plan_study
from cohortium.federation.estimate import estimate
from cohortium.report.build import FIGURES
from cohortium.results import Results
from cohortium.study.load import load_study
from cohortium.study.study import Study

NAMES = (
    "True extramedullary disease not contiguous with bone", "Paraskeletal disease",
    "No soft-tissue plasmacytoma at any time", "Solitary plasmacytoma of bone", "Plasma cell leukemia at first diagnosis",
)  # fmt: skip
SITES = ("north", "south", "east", "west", "center")
DAY = dt.date(2026, 1, 1)
N = 150
_LEVELS = ("sCR", "CR", "VGPR", "PR", "MR", "SD", "PD", "NE")
_DEATH = 'outcome = { label = "Death", variable = "status", levels = ["Dead"] }'
_RESPONSE = 'outcome = { label = "Overall response", variable = "best", levels = ["sCR", "CR", "VGPR", "PR"] }'
_GRADES = " | ".join(f"{i}, Grade {i}" for i in range(6))
_HEAD = """\
[study]
name = "every-figure"
title = "Every figure"

[time]
horizon_days = 1200
origin_label = "the first dose of study treatment"

[data]
key = "patient"

[[cohort.step]]
label = "Adults who received at least one dose of the treatment under study"
where = "age >= 40"
excluded = "Younger than 40 years, or of unknown age, at the first dose of the treatment under study"
"""
_ENDPOINTS = """
[[endpoint]]
name = "os"
label = "Overall survival from the first dose"
time = "days"
event_where = "status == 'Dead'"

[[endpoint]]
name = "pfs"
label = "Progression or death"
time = "days"
causes = [{ label = "Progression of the disease", where = "ended == '1'" }, { label = "Death without progression", where = "ended == '2'" }]

[[endpoint]]
name = "os3"
label = "Survival after three months"
of = "os"
landmark_months = 3
"""
_COVARIATES = '[{ variable = "age", per = 10 }, "sex", "frailty"]'
_ANALYSES = f"""
[[analysis]]
name = "km"
method = "kaplan-meier"
endpoint = "os"
nelson_aalen = true
@by

[[analysis]]
name = "km3"
method = "kaplan-meier"
endpoint = "os3"
@by

[[analysis]]
name = "incidence"
method = "cumulative-incidence"
endpoint = "pfs"
@by

[[analysis]]
name = "cox"
method = "cox"
endpoint = "os"
univariable = true
at_months = [6, 12, 18]
covariates = {_COVARIATES}
subgroups = {{ effect = "sex", by = ["frailty"] }}
predict = [{{ label = "Man of 60 who is frail", values = {{ age = 60, sex = "Male", frailty = "Frail" }} }}, {{ label = "Fit woman of 60", values = {{ age = 60, sex = "Female", frailty = "Fit" }} }}]

[[analysis]]
name = "logistic"
method = "logistic"
{_RESPONSE}
covariates = {_COVARIATES}
risk_groups = 5

[[analysis]]
name = "rates"
method = "response-rates"
variable = "best"
categories = true
outcomes = [{{ label = "Overall response", levels = ["sCR", "CR", "VGPR", "PR"] }}, {{ label = "Very good partial response or better", levels = ["sCR", "CR", "VGPR"] }}]
not_evaluable = ["NE"]
@by
@none

[[analysis]]
name = "events"
method = "adverse-events"
events = ["pneumonia", "covid"]
grading = "CTCAE version 5.0"
@by

[[analysis]]
name = "changes"
method = "individual-courses"
individual = true
response = "best"
not_evaluable = ["NE"]
change = "change"
@by

[[analysis]]
name = "courses"
method = "individual-courses"
individual = true
response = "best"
not_evaluable = ["NE"]
endpoint = "pfs"
first_response = "first"
until_months = 24
@by

[[analysis]]
name = "steps"
method = "sequences"
steps = ["frailty", "best", "status"]
ended = ["Dead"]
@by

[[analysis]]
name = "unknown"
method = "missingness"
variables = ["age", "frailty", "change", "best"]
@by

[[propensity]]
name = "ps"
treatment = "sex"
treated = "Female"
covariates = [{{ variable = "age", per = 10 }}, "frailty"]

[[analysis]]
name = "balance"
method = "balance"
weighting = "ps"

[[analysis]]
name = "meta"
method = "meta-analysis"
model = "cox"
endpoint = "os"
effect = "sex"
covariates = ["sex"]

[[analysis]]
name = "institutions"
method = "sites"
endpoint = "os"

[[analysis]]
name = "deaths"
method = "site-outcomes"
{_DEATH}
"""
DRAWN = {
    "flow": "", "landmark-flow": "km3", "kaplan-meier": "km", "cumulative-hazard": "km", "cumulative-incidence": "incidence",
    "love": "balance", "overlap": "balance", "missingness": "unknown", "response": "rates", "stacked-bars": "rates",
    "waterfall": "changes", "swimmer": "courses", "adverse-events": "events", "forest": "cox", "calibration": "logistic",
    "subgroups": "cox", "schoenfeld": "cox", "predicted-survival": "cox", "site-forest": "meta", "caterpillar": "deaths",
    "sites": "institutions", "sankey": "steps",
}  # fmt: skip
"""The analysis that each kind of figure shows."""
OF_GROUPS = frozenset(
    {
        "kaplan-meier", "cumulative-hazard", "cumulative-incidence", "landmark-flow", "missingness", "response",
        "stacked-bars", "waterfall", "swimmer", "adverse-events", "sankey",
    }
)  # fmt: skip
"""Kinds that look different with other groups."""
assert set(DRAWN) == set(FIGURES)


def run(folder: Path, n_groups: int, kinds: Collection[str] = DRAWN) -> tuple[Study, Results]:
    """The study and the results that some kinds of figure show, of all patients together when there is one group."""
    by, none = ('by = "arm"', 'compare = "none"') if n_groups > 1 else ("", "")
    sites = "".join(
        f'\n[[site]]\nid = "{name}"\nname = "Regional Cancer Center {name.title()} of the State University"\n' + _ETHICS
        for name in SITES
    )
    figures = "".join(
        f'\n[[figure]]\nname = "{kind}-{width}"\nkind = "{kind}"\nwidth = "{width}"\ntitle = "{kind}"\n'
        + (f'analysis = "{analysis}"\n' if analysis else "")
        + ("most_bars = 12\n" if kind in ("waterfall", "swimmer") else "")
        for kind, analysis in DRAWN.items()
        for width in ("double", "single")
    )
    (folder / "study.toml").write_text(
        _HEAD + sites + _ENDPOINTS + _ANALYSES.replace("@by", by).replace("@none", none) + figures, "utf-8"
    )
    (folder / "dictionary.csv").write_text(_dictionary(n_groups), "utf-8")
    for position, name in enumerate(SITES):
        _write_rows(folder / "sites" / name, position, n_groups)
    study = load_study(folder)
    wanted = {"flow", "landmark", "ps", *(DRAWN[kind] for kind in kinds)}
    tasks = tuple(task for task in plan_study(study) if task.analysis in wanted)
    with open_sites(study, tasks, 1, DAY) as opened:
        return study, tabulate(tasks, estimate(tasks, study.hash, opened.transport))


_ETHICS = (
    'ethics = { board = "Board", decision = "approved", number = "1", approved = 2023-10-02, expires = 2030-10-01, '
    'consent = "waived", consent_basis = "45 CFR 46.116(f)" }\n'
)


def _dictionary(n_groups: int) -> str:
    arms = " | ".join(f"{i}, {name}" for i, name in enumerate(NAMES[: max(n_groups, 2)]))
    levels = " | ".join(f"{level}, {level}" for level in _LEVELS)
    return f"""\
field_name,field_type,field_label,select_choices_or_calculations,field_note,text_validation_type_or_show_slider_number,text_validation_min,text_validation_max
patient,text,Patient,,,,,
arm,radio,Soft-tissue plasmacytoma before treatment,"{arms}",,,,
sex,radio,Sex,"Male, Male | Female, Female",,,,
frailty,radio,Frailty by the simplified index of the International Myeloma Working Group,"Fit, Fit | Mid, Intermediate fitness | Frail, Frail",,,,
age,text,Age at the first dose of study treatment,,years,integer,18,100
best,radio,Best confirmed response,"{levels}",,,,
pneumonia,radio,Pneumonia and other infections of the lower airways,"{_GRADES}",,,,
covid,radio,COVID-19,"{_GRADES}",,,,
change,text,Best change of M-protein or involved free light chains,,percent,integer,-100,1000
days,text,Follow-up,,days,integer,0,1200
status,radio,Status,"Alive, Alive | Dead, Dead",,,,
ended,radio,How it ended,"0, ongoing | 1, progression | 2, death",,,,
first,text,First response,,days,integer,0,1200
"""


def _write_rows(folder: Path, position: int, n_groups: int) -> None:
    folder.mkdir(parents=True)
    draw = random.Random(position)  # noqa: S311 - a made-up study
    with (folder / "patients.csv").open("w", newline="", encoding="utf-8") as file:
        rows = csv.writer(file)
        rows.writerow(
            [
                "patient",
                "arm",
                "sex",
                "frailty",
                "age",
                "best",
                "pneumonia",
                "covid",
                "change",
                "days",
                "status",
                "ended",
                "first",
            ]
        )
        for number in range(N // len(SITES)):
            arm = draw.randrange(max(n_groups, 2))
            best = draw.choice(_LEVELS)
            days = min(1150, int(draw.expovariate(1 / (200 + 120 * arm))) + 1)
            ended = draw.choice("0112")
            rows.writerow(
                [
                    f"{position}-{number}", arm, draw.choice(["Male", "Female"]), draw.choice(["Fit", "Mid", "Frail", ""]),
                    draw.randint(38, 85), best, draw.choice("0001234"), draw.choice("00012"),
                    draw.choice([-100, -90, -50, -20, 0, 30, 150, ""]), days, "Alive" if ended == "0" else "Dead", ended,
                    min(days, 30) if best in _LEVELS[:4] else "",
                ]
            )  # fmt: skip
