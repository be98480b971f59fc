"""A made-up study that uses every kind of table and figure, and results that are invented but consistent."""

from __future__ import annotations

import math

from cohortium.results import Results, Statistic

CAUSES = ("Relapse", "Death without relapse")
SECTIONS = {
    "endpoint": [
        {"name": "os", "label": "Overall survival", "time": "time", "event_where": "status == 2"},
        {
            "name": "first", "label": "Relapse or death", "time": "time",
            "causes": [{"label": CAUSES[0], "where": "status == 1"}, {"label": CAUSES[1], "where": "status == 2"}],
        },
        {"name": "os6", "label": "Survival after six months", "of": "os", "landmark_months": 6},
    ],
    "analysis": [
        {
            "name": "os-sex", "method": "kaplan-meier", "endpoint": "os", "by": "sex", "restricted_mean_months": 24,
            "nelson_aalen": True, "interval": "arcsine",
        },
        {"name": "os6-sex", "method": "kaplan-meier", "endpoint": "os6", "by": "sex"},
        {"name": "test-ecog", "method": "logrank", "endpoint": "os", "by": "ecog", "trend": True, "pairwise": True},
        {
            "name": "cox", "method": "cox", "endpoint": "os", "concordance": ["harrell"], "at_months": [6, 12],
            "covariates": [{"variable": "age", "per": 10}, "sex", "ecog"], "penalty": "firth",
            "subgroups": {"effect": "sex", "by": ["ecog"]},
            "predict": [{"label": "Man of 60", "values": {"age": 60, "sex": "Male", "ecog": "0"}}],
        },
        {"name": "incidence", "method": "cumulative-incidence", "endpoint": "first", "by": "sex", "at_months": [12]},
        {"name": "incidence-all", "method": "cumulative-incidence", "endpoint": "first", "at_months": [12]},
        {"name": "gray", "method": "gray", "endpoint": "first", "by": "sex"},
        {"name": "fine-gray", "method": "fine-gray", "endpoint": "first", "cause": CAUSES[0], "covariates": ["sex"]},
    ],
    "table": [
        {"name": "survival", "kind": "survival", "title": "Survival", "analyses": ["os-sex"], "quantiles": [0.25]},
        {"name": "tests", "kind": "tests", "title": "Tests", "analyses": ["test-ecog", "gray"]},
        {"name": "regression", "kind": "regression", "title": "Regression", "analyses": ["cox", "fine-gray"]},
        {"name": "ph", "kind": "proportional-hazards", "title": "Proportional hazards", "analyses": ["cox"]},
        {"name": "subgroups", "kind": "subgroups", "title": "Subgroups", "analyses": ["cox"]},
        {"name": "competing", "kind": "competing-risks", "title": "Causes", "analyses": ["incidence", "gray"]},
    ],
    "figure": [
        {"name": f"{kind}-{width}", "kind": kind, "title": kind, "width": width, **more}
        for width in ("double", "single")
        for kind, more in (
            ("cumulative-incidence", {"analysis": "incidence", "tests": ["gray"]}),
            ("cumulative-incidence", {"analysis": "incidence-all"}),
            ("cumulative-hazard", {"analysis": "os-sex"}),
            ("predicted-survival", {"analysis": "cox"}),
            ("schoenfeld", {"analysis": "cox"}),
            ("subgroups", {"analysis": "cox"}),
            ("landmark-flow", {"analysis": "os6-sex"}),
            ("kaplan-meier", {"analysis": "os-sex", "restricted_mean": True}),
            ("forest", {"analysis": "fine-gray"}),
        )
    ],
}  # fmt: skip


def wide_results(curves):
    """The results of the study; `curves` are Kaplan-Meier rows of an analysis `os-sex`."""
    rows = [*curves, *_restricted(), *_hazards(), *_tests(), *_cox(), *_incidence(), *_gray(), *_fine_gray()]
    return Results([*rows, *_landmark(), *_timing(), *_bounds()])


def _restricted():
    tau = 24 * 30.4375
    shared = {"time": tau, "unit": "days", "confidence": 0.95, "note": "up to 24 months"}
    for group, value in (("Male", 304.375), ("Female", 426.125)):
        yield _row("os-sex", "kaplan-meier", "restricted-mean", value, group=group, **_around(value, 30.4375), **shared)
    difference = {"group": "Female v Male", **_around(121.75, 60.875), **shared}
    yield _row("os-sex", "kaplan-meier", "restricted-mean-difference", 121.75, **difference)
    yield _row("os-sex", "kaplan-meier", "restricted-mean-difference-p", 0.0004, group="Female v Male")


def _hazards():
    for group, rate in (("Male", 0.002), ("Female", 0.001)):
        for i in range(1, 30):
            value = rate * 30 * i
            place = {"group": group, "time": 30.0 * i, "n": 60 - 2 * i, "confidence": 0.95}
            yield _row("os-sex", "kaplan-meier", "cumulative-hazard", value, **_around(value, value / 3), **place)


def _tests():
    for statistic, value in (("chi-square", 21.96), ("df", 2.0), ("p-value", 0.00002)):
        yield _row("test-ecog", "logrank", statistic, value, n=119, note="Log-rank test")
    trend = "Log-rank test, trend with scores 1, 2, 3"
    yield _row("test-ecog", "logrank", "trend-chi-square", 17.9, n=119, note=trend)
    yield _row("test-ecog", "logrank", "trend-p", 0.00003, n=119, note=trend)
    for pair, chi_square, p, holm in (("0 v 1", 3.46, 0.063, 0.13), ("0 v 2", 16.7, 0.0001, 0.0003)):
        shared = {"group": pair, "n": 80, "note": "Log-rank test"}
        yield _row("test-ecog", "logrank", "pairwise-chi-square", chi_square, **shared)
        yield _row("test-ecog", "logrank", "pairwise-p", p, **shared)
        yield _row("test-ecog", "logrank", "pairwise-p-holm", holm, **shared)


def _cox():
    how = "Firth penalized; profile likelihood limits"
    yield from _effect("cox", "age", "", 0.11, f"per 10 years; {how}")
    yield from _effect("cox", "sex", "Male", None, "reference")
    yield from _effect("cox", "sex", "Female", -0.55, how)
    yield from _effect("cox", "ecog", "0", None, "reference")
    yield from _effect("cox", "ecog", "1", 0.41, how)
    yield from _effect("cox", "ecog", "2", 0.92, how)
    model = {"model": "multivariable"}
    for variable, df, p in (("age", 1, 0.2), ("sex", 1, 0.001), ("ecog", 2, 0.0008)):
        yield _row("cox", "cox", "term-df", float(df), variable=variable, **model)
        yield _row("cox", "cox", "term-wald-p", p / 2, variable=variable, note="Wald test", **model)
        test = {"variable": variable, "note": "penalized likelihood-ratio test", **model}
        yield _row("cox", "cox", "term-likelihood-ratio-p", p, **test)
        yield _row("cox", "cox", "ph-chi-square", 10 * p, variable=variable, **model)
        yield _row("cox", "cox", "ph-df", float(df), variable=variable, **model)
        yield _row("cox", "cox", "ph-p", 0.5 + p, variable=variable, **model)
    for statistic, value in (("ph-chi-square", 4.46), ("ph-df", 4.0), ("ph-p", 0.216)):
        yield _row("cox", "cox", statistic, value, variable="GLOBAL", **model)
    for column, level in (("age", 0.11), ("sex[Female]", -0.55), ("ecog[2]", 0.92)):
        for day in range(30, 900, 30):
            value = level + 0.4 * math.sin(day / 300)
            yield _row(
                "cox", "cox", "ph-curve", value, variable=column, time=float(day), **_around(value, 0.5), **model
            )
    yield _row("cox", "cox", "ph-curve", None, variable="ecog[1]", warning="too few events", **model)
    limits = {**_around(0.65, 0.05), "confidence": 0.95, "note": "Harrell, within institution"}
    yield _row("cox", "cox", "concordance", 0.65, **limits, **model)
    for month, value in ((6, 0.8), (12, 0.6)):
        place = {"group": "Man of 60", "time": month * 30.4375, "confidence": 0.95, **_around(value, 0.1)}
        yield _row("cox", "cox", "predicted-survival", value, **place, **model)
    for statistic, value in (("model-n", 118.0), ("model-events", 83.0), ("model-missing", 0.0)):
        yield _row("cox", "cox", statistic, value, note="Efron ties; unstratified; Firth penalized", **model)
    yield from _effect("cox", "", "", -0.54, "", model="subgroup")
    for level, beta in (("0", -0.3), ("1", -0.8), ("2", -0.5)):
        yield from _effect("cox", "ecog", level, beta, "", model="subgroup")
    interaction = {"model": "subgroup", "variable": "ecog"}
    yield _row("cox", "cox", "interaction-p", None, warning="rows are not independent", **interaction)
    yield _row("cox", "cox", "interaction-wald-p", 0.43, note="Wald test", **interaction)


def _effect(analysis, variable, level, beta, note, *, model="multivariable", ratio="hazard-ratio"):
    method = {"cox": "cox", "fine-gray": "fine-gray"}[analysis]
    shared = {"model": model, "variable": variable, "level": level}
    yield _row(analysis, method, "n", 40.0, **shared)
    yield _row(analysis, method, "events", 28.0, **shared)
    if beta is None:
        yield _row(analysis, method, ratio, 1.0, note=note, **shared)
        return
    limits = {"lower": math.exp(beta - 0.4), "upper": math.exp(beta + 0.4), "confidence": 0.95}
    yield _row(analysis, method, "coefficient", beta, lower=beta - 0.4, upper=beta + 0.4, note=note, **shared)
    yield _row(analysis, method, "standard-error", 0.2, note=note, **shared)
    yield _row(analysis, method, ratio, math.exp(beta), note=note, **limits, **shared)
    test = "penalized likelihood-ratio test" if "Firth" in note else "Wald test"
    yield _row(analysis, method, "p-value", 0.02, note=test, **shared)


def _incidence():
    for analysis, groups in (("incidence", ("Male", "Female")), ("incidence-all", ("",))):
        for group in groups:
            shared = {"group": group, "confidence": 0.95}
            yield _row(analysis, "cumulative-incidence", "n", 60.0, group=group)
            for cause, height in zip(CAUSES, (0.2, 0.5), strict=True):
                yield _row(analysis, "cumulative-incidence", "events", 60 * height, group=group, level=cause)
                for i in range(1, 30):
                    value = height * i / 30
                    place = {"level": cause, "time": 30.0 * i, "n": 60 - 2 * i, **_around(value, 0.05), **shared}
                    yield _row(analysis, "cumulative-incidence", "cumulative-incidence", value, **place)
                at = {"level": cause, "time": 365.25, **_around(height / 2, 0.05), **shared}
                yield _row(analysis, "cumulative-incidence", "cumulative-incidence-at", height / 2, **at)


def _gray():
    for cause, chi_square, p in ((CAUSES[0], 4.2, 0.04), (CAUSES[1], 11.7, 0.0006)):
        for statistic, value in (("chi-square", chi_square), ("df", 1.0), ("p-value", p)):
            yield _row("gray", "gray", statistic, value, level=cause, n=120, note="Gray's test")


def _fine_gray():
    ratio = "subdistribution-hazard-ratio"
    yield from _effect("fine-gray", "sex", "Male", None, "reference", ratio=ratio)
    yield from _effect("fine-gray", "sex", "Female", -0.3, "robust standard errors", ratio=ratio)


def _landmark():
    counts = (("at-origin", 120.0), ("event-before", 40.0), ("censored-before", 10.0), ("at-risk", 70.0))
    for statistic, value in counts:
        yield _row("landmark", "landmark", statistic, value, variable="os6", note="landmark at 6 months")


def _timing():
    warning = "12 of 120 patients: response lies after study entry; ecog used as known at the start gives immortal time"
    yield _row("os-sex", "timing", "known-after-origin", 12.0, variable="sex", n=120, warning=warning)


def _bounds():
    for level, value, unit in (("survival", 0.0123, ""), ("median", 30.4, "days")):
        yield _row("os-sex", "kaplan-meier", "grid-bound", value, group="Male", level=level, unit=unit)


def _around(value, half):
    return {"lower": value - half, "upper": value + half}


def _row(analysis, method, statistic, value, **more):
    return Statistic(analysis, method, statistic, value, **more)
