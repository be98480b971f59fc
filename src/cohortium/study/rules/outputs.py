"""Tables and figures refer to analyses that they can show."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from cohortium.errors import Problem
from cohortium.study.analyses import Analysis, Cox, KaplanMeier, LogRank
from cohortium.study.draft import Draft, Rule
from cohortium.study.locate import Path
from cohortium.study.model import Figure
from cohortium.study.suggest import shown

TABLE_METHODS: Mapping[str, tuple[str, ...]] = {
    "baseline": ("baseline",),
    "response": ("response-rates", "cmh"),
    "survival": ("kaplan-meier", "logrank"),
    "regression": ("cox",),
    "sites": ("sites",),
}
"""Methods that each kind of table can show."""

FIGURE_METHOD: Mapping[str, str] = {
    "kaplan-meier": "kaplan-meier",
    "response": "response-rates",
    "forest": "cox",
    "sites": "sites",
}
"""Method that each kind of figure draws; `flow` draws none."""


def _by_name(draft: Draft) -> dict[str, Analysis]:
    # Of two with one name the first counts; the second is a problem of its own.
    return {analysis.name: analysis for analysis in reversed(draft.file.analysis)}


def _fits(draft: Draft, path: Path, name: str, methods: tuple[str, ...], purpose: str) -> Iterator[Problem]:
    """The analysis of that name exists and is of one of the methods."""
    analyses = _by_name(draft)
    fitting = [other.name for other in analyses.values() if other.method in methods]
    yield from draft.check_reference(path, "analysis", name, [analysis.name for analysis in draft.file.analysis])
    analysis = analyses.get(name)
    if analysis is not None and analysis.method not in methods:
        hint = f"such as {shown(fitting[0])}" if fitting else ""
        expected = " or ".join(methods)
        yield draft.problem(path, f"{name} is a {analysis.method} analysis; {purpose} shows {expected}", hint)


def tables_show_fitting_analyses(draft: Draft) -> Iterator[Problem]:
    """A table shows at least one analysis, each of a method that its kind can show."""
    for index, table in enumerate(draft.file.table):
        path: Path = ("table", index, "analyses")
        methods = TABLE_METHODS[table.kind]
        if not table.analyses:
            yield draft.problem(path, f"is empty; expected the name of a {' or '.join(methods)} analysis")
        for position, name in enumerate(table.analyses):
            yield from _fits(draft, (*path, position), name, methods, f"a {table.kind} table")
            if name in table.analyses[:position]:
                yield draft.problem((*path, position), f"{name} is listed twice")


def figures_draw_fitting_analyses(draft: Draft) -> Iterator[Problem]:
    """A figure draws one analysis of the method of its kind; the flow diagram draws none."""
    for index, figure in enumerate(draft.file.figure):
        path: Path = ("figure", index)
        method = FIGURE_METHOD.get(figure.kind)
        if method is None:
            if figure.analysis is not None:
                yield draft.problem((*path, "analysis"), "a flow diagram draws no analysis", "remove it")
        elif figure.analysis is None:
            yield draft.problem(path, f"the key 'analysis' is missing; expected the name of a {method} analysis")
        else:
            yield from _fits(draft, (*path, "analysis"), figure.analysis, (method,), f"a {figure.kind} figure")


def panels_stand_in_survival_figures(draft: Draft) -> Iterator[Problem]:
    """Tests and a hazard ratio stand in the panel of a Kaplan-Meier figure only."""
    for index, figure in enumerate(draft.file.figure):
        for key in ("tests", "model"):
            if figure.kind != "kaplan-meier" and getattr(figure, key):
                what = f"is for a kaplan-meier figure; this is a {figure.kind} figure"
                yield draft.problem(("figure", index, key), what, f"remove {key}")


def panels_fit_their_curves(draft: Draft) -> Iterator[Problem]:
    """Tests and the model of a panel have the endpoint of the curves, tests their groups too."""
    for index, figure in enumerate(draft.file.figure):
        if figure.kind == "kaplan-meier":
            yield from _panel(draft, ("figure", index), figure)


def _panel(draft: Draft, path: Path, figure: Figure) -> Iterator[Problem]:
    analyses = _by_name(draft)
    curves = analyses.get(figure.analysis or "")
    for position, name in enumerate(figure.tests):
        place = (*path, "tests", position)
        yield from _fits(draft, place, name, ("logrank",), "a panel of tests")
        test = analyses.get(name)
        if not isinstance(curves, KaplanMeier) or not isinstance(test, LogRank):
            continue
        if (test.endpoint, test.by) != (curves.endpoint, curves.by):
            what = f"{name} compares {test.endpoint} by {test.by}, the curves are {_curves(curves)}"
            yield draft.problem(place, what, "choose the test of the same comparison")
    if figure.model is not None:
        place = (*path, "model")
        yield from _fits(draft, place, figure.model, ("cox",), "a panel's hazard ratio")
        model = analyses.get(figure.model)
        if isinstance(curves, KaplanMeier) and isinstance(model, Cox) and model.endpoint != curves.endpoint:
            what = f"{figure.model} models {model.endpoint}, the curves are {_curves(curves)}"
            yield draft.problem(place, what, "choose a model of the same endpoint")


def _curves(curves: KaplanMeier) -> str:
    return f"{curves.endpoint} by {curves.by}" if curves.by else f"{curves.endpoint} of all patients"


RULES: tuple[Rule, ...] = (
    tables_show_fitting_analyses,
    figures_draw_fitting_analyses,
    panels_stand_in_survival_figures,
    panels_fit_their_curves,
)
