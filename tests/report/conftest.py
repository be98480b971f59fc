"""A small made-up study and the results table it would give; the values are invented but consistent."""

from __future__ import annotations

import math
import random
from dataclasses import replace
from pathlib import Path

import pytest

from cohortium.results import Results, Statistic
from cohortium.study.model import StudyFile
from cohortium.study.study import Study
from cohortium.study.variables import Level, Variable
from report.wide import SECTIONS, wide_results

SEX = ("Male", "Female")
ECOG = ("0", "1", "2", "3")
MONTH_DAYS = 30.4375
SITES = [
    {"id": f"site-{i:02d}", "name": name}
    for i, name in enumerate(
        [
            "Harbor Clinic", "Lakeside Hospital", "Northfield University", "Prairie Oncology", "Riverbend",
            "St. Odile Hospital", "Westmark Institute", "Regional Cancer Center of the Upper Meridian Valley",
        ],
        1,
    )
] + [{"id": "unknown", "name": "Institution unknown", "unassigned": True}]  # fmt: skip


def study_file(**changes):
    sections = {
        "study": {
            "name": "lung-example",
            "title": "Survival in advanced lung cancer by sex and performance status",
            "summary": "Invented patients of eight institutions; every number is made up to test the report.",
            "data_cutoff": "2024-04-30",
        },
        "time": {"origin_label": "study entry", "horizon_days": 1100},
        "data": {"key": "patient"},
        "site": SITES,
        "cohort": {
            "label": "Analyzed",
            "step": [
                {"label": "Adult at study entry", "where": "age >= 18", "excluded": "younger than 18 years"},
                {"label": "Follow-up recorded", "where": "is_known(time)", "excluded": "no follow-up recorded"},
            ],
        },
        "endpoint": [{"name": "os", "label": "Overall survival", "time": "time", "event_where": "status == 2"}],
        "analysis": [
            {"name": "baseline", "method": "baseline", "by": "sex", "variables": ["age", "ecog", "weight_loss"]},
            {"name": "os-all", "method": "kaplan-meier", "endpoint": "os", "at_months": [6, 12, 24]},
            {"name": "os-sex", "method": "kaplan-meier", "endpoint": "os", "by": "sex", "at_months": [6, 12, 24]},
            {"name": "os-ecog", "method": "kaplan-meier", "endpoint": "os", "by": "ecog", "at_months": [12]},
            {"name": "follow-up", "method": "kaplan-meier", "endpoint": "os", "reverse": True},
            {"name": "test-sex", "method": "logrank", "endpoint": "os", "by": "sex"},
            {"name": "test-sex-site", "method": "logrank", "endpoint": "os", "by": "sex", "strata": ["site"]},
            {
                "name": "cox", "method": "cox", "endpoint": "os", "univariable": True, "strata": ["site"],
                "covariates": [{"variable": "age", "per": 10}, "sex", "ecog"],
            },
            {"name": "institutions", "method": "sites", "endpoint": "os"},
        ],
        "table": [
            {"name": "table1", "kind": "baseline", "analyses": ["baseline"], "title": "Baseline characteristics by sex"},
            {
                "name": "table2", "kind": "survival", "title": "Overall survival",
                "analyses": ["os-all", "os-sex", "os-ecog", "follow-up", "test-sex", "test-sex-site"],
            },
            {"name": "table3", "kind": "regression", "analyses": ["cox"], "title": "Cox regression of overall survival"},
            {"name": "table4", "kind": "sites", "analyses": ["institutions"], "title": "Institutions"},
        ],
        "figure": [
            {"name": "figure1", "kind": "flow", "title": "Flow of patients"},
            {
                "name": "figure2", "kind": "kaplan-meier", "analysis": "os-sex", "title": "Overall survival by sex",
                "tests": ["test-sex", "test-sex-site"], "model": "cox",
            },
            {"name": "figure3", "kind": "kaplan-meier", "analysis": "os-ecog", "title": "Overall survival by ECOG"},
            {
                "name": "figure4", "kind": "kaplan-meier", "analysis": "os-sex", "title": "Overall survival, one column",
                "tests": ["test-sex"], "width": "single",
            },
            {"name": "figure5", "kind": "forest", "analysis": "cox", "title": "Hazard ratios for death"},
            {"name": "figure6", "kind": "forest", "analysis": "cox", "title": "Hazard ratios", "width": "single"},
            {"name": "figure7", "kind": "sites", "analysis": "institutions", "title": "Patients by institution"},
        ],
    }  # fmt: skip
    return StudyFile.model_validate({**sections, **changes})


def _variables(*, ecog_label="ECOG performance status"):
    listed = (
        Variable("age", "Age", "integer", unit="years", minimum=0, maximum=120),
        Variable("sex", "Sex", "category", tuple(Level(str(i), name) for i, name in enumerate(SEX, 1))),
        Variable("ecog", ecog_label, "category", tuple(Level(code, code) for code in ECOG)),
        Variable("weight_loss", "Weight loss", "number", unit="pounds", decimals=1),
        Variable("time", "Follow-up", "integer", unit="days"),
        Variable("status", "Status", "category", (Level("1", "Alive"), Level("2", "Dead"))),
    )
    return listed, {v.name: v for v in listed}


@pytest.fixture(scope="session")
def study():
    dictionary, variables = _variables()
    return Study(study_file(), Path("study"), "0f" * 32, dictionary, variables)


@pytest.fixture(scope="session")
def hostile_study(study):
    """The study, its labels written by someone who wants them executed."""
    file = study.file.model_dump()
    file["study"]["title"] = '"><script>alert(1)</script>'
    file["study"]["summary"] = "{{ 7*7 }} {% raw %}"
    file["table"][0]["title"] = "{{ 7*7 }}<b>bold</b>"
    file["table"][0]["footnotes"] = ("<img src=x onerror=alert(2)>",)
    file["figure"][1]["title"] = "=cmd|' /C calc'!A0"
    dictionary, variables = _variables(ecog_label="=cmd|' /C calc'!A0 $x^2$ <script>")
    return replace(study, file=StudyFile.model_validate(file), dictionary=dictionary, variables=variables)


@pytest.fixture(scope="session")
def results():
    patients = _patients()
    rows = [*_flow(), *_sites(patients), *_baseline(patients)]
    rows += [*_kaplan_meier("os-all", patients, None), *_kaplan_meier("os-sex", patients, "sex")]
    rows += [*_kaplan_meier("os-ecog", patients, "ecog"), *_kaplan_meier("follow-up", patients, None, reverse=True)]
    return Results([*rows, *_tests(), *_cox()])


def _patients():
    chance = random.Random(7)  # noqa: S311 - invented patients, not secrets
    patients = []
    for i in range(120):
        sex = SEX[i % 5 in (0, 3)]
        ecog = "3" if i == 0 else ECOG[i % 3]
        hazard = 0.0022 * (0.6 if sex == "Female" else 1.0) * 1.5 ** int(ecog)
        death, end = chance.expovariate(hazard), chance.uniform(200, 1000)
        patients.append(
            {
                "sex": sex, "ecog": None if i == 50 else ecog, "age": chance.randint(39, 82), "site": min(i // 15, 7),
                "time": max(1, round(min(death, end))), "event": death <= end,
            }
        )  # fmt: skip
    patients[-1]["site"] = 8
    return patients


def _row(analysis, method, statistic, value, **more):
    return Statistic(analysis, method, statistic, value, **more)


def _flow():
    def flow(statistic, value, level="", note=""):
        return _row("flow", "flow", statistic, float(value), level=level, note=note, format="count")

    yield flow("received", 124, "Records received")
    yield flow("entered", 124, "Adult at study entry")
    yield flow("excluded", 1, "Adult at study entry", "younger than 18 years")
    yield flow("excluded-unknown", 0, "Adult at study entry")
    yield flow("remaining", 123, "Adult at study entry")
    yield flow("entered", 123, "Follow-up recorded")
    yield flow("excluded", 3, "Follow-up recorded", "no follow-up recorded")
    yield flow("excluded-unknown", 2, "Follow-up recorded")
    yield flow("remaining", 120, "Follow-up recorded")
    yield flow("analyzed", 120, "Analyzed")
    yield flow("site-unknown", 1)


def _sites(patients):
    def rows(level, mine):
        extra = 4 if level == "" else 0
        received = len(mine) + (4 if level == SITES[0]["name"] else extra)
        shared = {"variable": "os", "level": level}
        yield _row("institutions", "sites", "received", float(received), format="count", **shared)
        n = len(mine)
        yield _row("institutions", "sites", "patients", float(n), format="count", denominator=120, **shared)
        events = sum(p["event"] for p in mine)
        yield _row("institutions", "sites", "events", float(events), format="count", denominator=n, **shared)
        days = float(sum(p["time"] for p in mine))
        yield _row("institutions", "sites", "follow-up", days, unit="days", format="number:0", **shared)

    for index, site in enumerate(SITES):
        yield from rows(site["name"], [p for p in patients if p["site"] == index])
    yield from rows("", patients)


def _baseline(patients):
    for group in ("", *SEX):
        mine = [p for p in patients if group in ("", p["sex"])]
        shared = {"group": group}
        yield _row("baseline", "baseline", "n", float(len(mine)), format="count", **shared)
        known = [p["ecog"] for p in mine if p["ecog"] is not None]
        for level in ECOG:
            n = known.count(level)
            place = {"variable": "ecog", "level": level, "n": len(known), "denominator": len(known), **shared}
            yield _row("baseline", "baseline", "count", float(n), format="count", **place)
            yield _row("baseline", "baseline", "percent", 100 * n / len(known), format="percent", **place)
        missing = float(len(mine) - len(known))
        yield _row("baseline", "baseline", "missing", missing, variable="ecog", denominator=len(mine), **shared)
        ages = sorted(p["age"] for p in mine)
        yield from _numbers("age", ages, "years", "number:0", group)
        yield _row("baseline", "baseline", "missing", 0.0, variable="age", denominator=len(mine), **shared)
        losses = sorted(p["age"] / 4 - 12.5 for p in mine[3:])
        yield from _numbers("weight_loss", losses, "pounds", "number:1", group)
        yield _row("baseline", "baseline", "missing", 3.0, variable="weight_loss", denominator=len(mine), **shared)


def _numbers(variable, values, unit, form, group):
    mean = sum(values) / len(values)
    sd = math.sqrt(sum((v - mean) ** 2 for v in values) / (len(values) - 1))
    quarter = len(values) // 4
    found = {
        "mean": mean, "sd": sd, "median": values[2 * quarter], "q1": values[quarter], "q3": values[3 * quarter],
        "min": values[0], "max": values[-1],
    }  # fmt: skip
    for statistic, value in found.items():
        place = {"variable": variable, "group": group, "unit": unit, "n": len(values), "format": form}
        yield _row("baseline", "baseline", statistic, float(value), **place)


def _kaplan_meier(analysis, patients, by, *, reverse=False):
    groups = {"sex": SEX, "ecog": ECOG, None: ("",)}[by]
    for group in groups:
        mine = [(p["time"], p["event"] != reverse) for p in patients if by is None or p[by] == group]
        yield from _curve(analysis, group, mine, "reverse Kaplan-Meier" if reverse else "")


def _curve(analysis, group, mine, note):
    shared = {"variable": "os", "group": group, "note": note}

    def row(statistic, value, **more):
        return _row(analysis, "kaplan-meier", statistic, value, **{**shared, **more})

    yield row("n", float(len(mine)), format="count")
    yield row("events", float(sum(event for _, event in mine)), format="count")
    yield row("censored", float(sum(not event for _, event in mine)), format="count")
    survival, variance, steps = 1.0, 0.0, []
    for time in sorted({time for time, _ in mine}):
        n = sum(t >= time for t, _ in mine)
        d = sum(t == time and event for t, event in mine)
        c = sum(t == time and not event for t, event in mine)
        survival *= 1 - d / n
        variance += d / (n * (n - d)) if n > d else 0.0
        lower, upper = _log_log(survival, variance)
        steps.append((time, survival, lower, upper, n))
        limits = {"lower": lower, "upper": upper, "confidence": 0.95, "n": n, "time": float(time)}
        yield row("survival", survival, **limits)
        yield row("events-at", float(d), time=float(time), format="count")
        yield row("censored-at", float(c), time=float(time), format="count")
    yield from _quantiles(row, steps)
    for month in (6, 12, 24):
        past = [s for s in steps if s[0] <= month * MONTH_DAYS] or [(0, 1.0, None, None, len(mine))]
        at_risk = next((s[4] for s in steps if s[0] >= month * MONTH_DAYS), 0)
        place = {"time": month * MONTH_DAYS, "level": f"{month} months", "n": at_risk, "confidence": 0.95}
        yield row("survival-at", past[-1][1], lower=past[-1][2], upper=past[-1][3], **place)


def _log_log(survival, variance):
    if not 0 < survival < 1:
        return None, None
    half = 1.959964 * math.sqrt(variance) / abs(math.log(survival))
    return survival ** math.exp(half), survival ** math.exp(-half)


def _quantiles(row, steps):
    def first(position, level):
        return next((float(s[0]) for s in steps if s[position] is not None and s[position] <= 1 - level), None)

    for level in (0.25, 0.5, 0.75):
        value = first(1, level)
        warning = "" if value is not None else "not reached"
        limits = {"lower": first(2, level), "upper": first(3, level), "confidence": 0.95, "unit": "days"}
        statistic = "median" if level == 0.5 else "quantile"
        yield row(statistic, value, level=str(level), warning=warning, **limits)


def _tests():
    for analysis, chi_square, p, n, warning in (
        ("test-sex", 10.3267419548856, 0.001311164520355, 120, ""),
        ("test-sex-site", 8.52446736332317, 0.0035, 119, "1 patient without a stratum left out"),
    ):
        note = "Log-rank test stratified by institution" if warning else "Log-rank test"
        for group in SEX:
            yield _row(analysis, "logrank", "n", 60.0, variable="os", group=group, format="count")
        for statistic, value, form in (
            ("chi-square", chi_square, "statistic"),
            ("df", 1.0, "count"),
            ("p-value", p, "p"),
        ):
            place = {"variable": "os", "n": n, "note": note, "format": form, "warning": warning}
            yield _row(analysis, "logrank", statistic, value, **place)


def _cox():
    terms = [
        ("age", "", 0.11, 0.09, 119, 84, "per 10 years"),
        ("sex", "Male", None, None, 72, 55, "reference"),
        ("sex", "Female", -0.55, 0.17, 47, 29, ""),
        ("ecog", "0", None, None, 39, 24, "reference"),
        ("ecog", "1", 0.41, 0.2, 40, 28, ""),
        ("ecog", "2", 0.92, 0.23, 39, 31, ""),
        ("ecog", "3", 2.2, 1.03, 1, 1, ""),
    ]
    for model in ("univariable", "multivariable"):
        shift = 0.0 if model == "multivariable" else 0.03
        for variable, level, beta, error, n, events, note in terms:
            shared = {"model": model, "variable": variable, "level": level}
            yield from _term(shared, beta and beta + shift, error, note)
            yield _row("cox", "cox", "n", float(n), format="count", **shared)
            yield _row("cox", "cox", "events", float(events), format="count", **shared)
    note = "Efron ties; stratified by institution"
    for statistic, value in (("model-n", 118.0), ("model-events", 83.0), ("model-missing", 1.0)):
        warning = "1 patient without a stratum left out" if statistic == "model-n" else ""
        shared = {"model": "multivariable", "note": note, "format": "count", "warning": warning}
        yield _row("cox", "cox", statistic, value, **shared)


def _term(shared, beta, error, note):
    if beta is None:
        yield _row("cox", "cox", "hazard-ratio", 1.0, note="reference", format="ratio", **shared)
        return
    z = 1.959964 * error
    p = math.erfc(abs(beta / error) / math.sqrt(2))
    yield _row("cox", "cox", "coefficient", beta, lower=beta - z, upper=beta + z, confidence=0.95, **shared)
    yield _row("cox", "cox", "standard-error", error, **shared)
    limits = {"lower": math.exp(beta - z), "upper": math.exp(beta + z), "confidence": 0.95, "format": "ratio"}
    yield _row("cox", "cox", "hazard-ratio", math.exp(beta), note=note, **limits, **shared)
    yield _row("cox", "cox", "p-value", p, format="p", **shared)


@pytest.fixture(scope="session")
def wide_study(study):
    return replace(study, file=study_file(**SECTIONS))


@pytest.fixture(scope="session")
def wide(results):
    return wide_results(results.where(analysis="os-sex"))
