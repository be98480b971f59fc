"""What stands in the panel of a figure of curves belongs to its curves."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from cohortium.errors import Problem
from cohortium.study.analyses import Cox, KaplanMeier
from cohortium.study.draft import Draft, Rule
from cohortium.study.locate import Path
from cohortium.study.model import Figure
from cohortium.study.rules.exhibits.reference import by_name, check_method

PANEL_TESTS: Mapping[str, str] = {"kaplan-meier": "logrank", "cumulative-incidence": "gray"}
"""Method of the tests whose p-values stand in the panel of each kind of figure."""

_KEYS: Mapping[str, tuple[str, ...]] = {
    "tests": tuple(PANEL_TESTS),
    "model": ("kaplan-meier",),
    "restricted_mean": ("kaplan-meier",),
    "stop_below": ("kaplan-meier",),
    "direct_labels": ("kaplan-meier",),
    "risk_table": ("kaplan-meier",),
}


def panel_keys_stand_in_fitting_figures(draft: Draft) -> Iterator[Problem]:
    """Tests, a hazard ratio and a shaded mean stand in the panels of figures that have them."""
    for index, figure in enumerate(draft.file.figure):
        for key, kinds in _KEYS.items():
            if figure.kind not in kinds and key in figure.model_fields_set and getattr(figure, key):
                what = f"is for a {' or '.join(kinds)} figure; this is a {figure.kind} figure"
                yield draft.problem(("figure", index, key), what, f"remove {key}")


def panels_fit_their_curves(draft: Draft) -> Iterator[Problem]:
    """Tests and the model of a panel have the endpoint of the curves, tests their groups too."""
    for index, figure in enumerate(draft.file.figure):
        if figure.kind in PANEL_TESTS:
            yield from _tests(draft, ("figure", index), figure)
        if figure.kind == "kaplan-meier" and figure.model is not None:
            yield from _model(draft, ("figure", index, "model"), figure, figure.model)


def _tests(draft: Draft, path: Path, figure: Figure) -> Iterator[Problem]:
    analyses = by_name(draft)
    curves: Any = analyses.get(figure.analysis or "")
    method = PANEL_TESTS[figure.kind]
    for position, name in enumerate(figure.tests):
        place = (*path, "tests", position)
        yield from check_method(draft, place, name, (method,), "a panel of tests")
        test: Any = analyses.get(name)
        if test is None or test.method != method or curves is None or curves.method != figure.kind:
            continue
        if getattr(curves, "weighting", None) is not None:
            what = f"{name} is not weighted, the curves are"
            yield draft.problem(place, what, "name a weighted cox analysis as model of the figure instead")
        if (test.endpoint, test.by) != (curves.endpoint, curves.by):
            what = f"{name} compares {test.endpoint} by {test.by}, the curves are {_curves(curves)}"
            yield draft.problem(place, what, "choose the test of the same comparison")


def _model(draft: Draft, place: Path, figure: Figure, name: str) -> Iterator[Problem]:
    analyses = by_name(draft)
    yield from check_method(draft, place, name, ("cox",), "a panel's hazard ratio")
    curves, model = analyses.get(figure.analysis or ""), analyses.get(name)
    if isinstance(curves, KaplanMeier) and isinstance(model, Cox) and model.endpoint != curves.endpoint:
        what = f"{name} models {model.endpoint}, the curves are {_curves(curves)}"
        yield draft.problem(place, what, "choose a model of the same endpoint")
    if isinstance(curves, KaplanMeier) and isinstance(model, Cox) and model.weighting != curves.weighting:
        what = f"{name} is {_weighted(model.weighting)}, the curves are {_weighted(curves.weighting)}"
        yield draft.problem(place, what, "choose a model with the same weighting")


def _weighted(weighting: str | None) -> str:
    return f"weighted by {weighting}" if weighting else "not weighted"


def _curves(curves: Any) -> str:
    return f"{curves.endpoint} by {curves.by}" if curves.by else f"{curves.endpoint} of all patients"


def accounts_add_up(draft: Draft) -> Iterator[Problem]:
    """Patients at risk, censored and with an event add up where all are followed from the start and count alike."""
    endpoints = {endpoint.name: endpoint for endpoint in draft.file.endpoint}
    for index, figure in enumerate(draft.file.figure):
        curves = by_name(draft).get(figure.analysis or "")
        if figure.risk_table != "kmunicate" or not isinstance(curves, KaplanMeier):
            continue
        endpoint = endpoints.get(curves.endpoint)
        why = "is weighted" if curves.weighting else "has late entries" if getattr(endpoint, "entry", None) else ""
        if why:
            what = f"{figure.analysis} {why}, so that at risk, censored and events do not add up to its patients"
            yield draft.problem(("figure", index, "risk_table"), what, 'use risk_table = "at-risk"')


RULES: tuple[Rule, ...] = (panel_keys_stand_in_fitting_figures, panels_fit_their_curves, accounts_add_up)
