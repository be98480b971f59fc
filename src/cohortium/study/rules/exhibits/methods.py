"""Each kind of table and figure shows analyses of certain methods."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from cohortium.errors import Problem
from cohortium.study.draft import Draft, Rule
from cohortium.study.locate import Path
from cohortium.study.rules.exhibits.reference import by_name, check_method

TABLE_METHODS: Mapping[str, tuple[str, ...]] = {
    "baseline": ("baseline",),
    "balance": ("balance",),
    "missingness": ("missingness",),
    "response": ("response-rates", "cmh"),
    "adverse-events": ("adverse-events",),
    "eligibility": ("baseline",),
    "survival": ("kaplan-meier", "logrank"),
    "tests": ("logrank", "gray"),
    "regression": ("cox", "fine-gray", "logistic"),
    "proportional-hazards": ("cox",),
    "subgroups": ("cox",),
    "competing-risks": ("cumulative-incidence", "gray"),
    "meta-analysis": ("meta-analysis",),
    "sites": ("sites",),
}
"""Methods that each kind of table can show; the first is the one that its rows are made of. `published` names none."""

ONLY_ONE = ("baseline", "balance", "eligibility", "missingness", "response", "subgroups", "meta-analysis", "sites")
"""Kinds of table whose rows are made of a single analysis."""

FIGURE_METHODS: Mapping[str, tuple[str, ...]] = {
    "landmark-flow": ("kaplan-meier", "logrank", "cox", "cumulative-incidence", "gray", "fine-gray", "sites"),
    "kaplan-meier": ("kaplan-meier",),
    "cumulative-hazard": ("kaplan-meier",),
    "cumulative-incidence": ("cumulative-incidence",),
    "love": ("balance",),
    "overlap": ("balance",),
    "missingness": ("missingness",),
    "response": ("response-rates",),
    "stacked-bars": ("response-rates",),
    "waterfall": ("individual-courses",),
    "swimmer": ("individual-courses",),
    "sankey": ("sequences",),
    "adverse-events": ("adverse-events",),
    "forest": ("cox", "fine-gray", "logistic"),
    "calibration": ("logistic",),
    "subgroups": ("cox",),
    "schoenfeld": ("cox",),
    "predicted-survival": ("cox",),
    "site-forest": ("meta-analysis",),
    "caterpillar": ("site-outcomes",),
    "sites": ("sites",),
}
"""Methods that each kind of figure can draw; `flow` draws none."""

_WITH_TESTS = ("response", "survival", "competing-risks")


def tables_show_fitting_analyses(draft: Draft) -> Iterator[Problem]:
    """A table shows at least one analysis, each of a method that its kind can show."""
    for index, table in enumerate(draft.file.table):
        path: Path = ("table", index, "analyses")
        methods = TABLE_METHODS.get(table.kind)
        if methods is None:
            if table.analyses:
                yield draft.problem(path, "a published table names no analysis", "remove it; [[published]] names them")
            continue
        if not table.analyses:
            yield draft.problem(path, f"is empty; expected the name of a {' or '.join(methods)} analysis")
        for position, name in enumerate(table.analyses):
            yield from check_method(draft, (*path, position), name, methods, f"a {table.kind} table")
            if name in table.analyses[:position]:
                yield draft.problem((*path, position), f"{name} is listed twice")
        named = [by_name(draft)[name] for name in by_name(draft).keys() & set(table.analyses)]
        if table.kind in ONLY_ONE and sum(analysis.method == methods[0] for analysis in named) > 1:
            yield draft.problem(path, f"a {table.kind} table shows one analysis", "make a table for each")


def tables_of_tests_have_estimates(draft: Draft) -> Iterator[Problem]:
    """A table whose rows are estimates names an analysis that gives them, besides tests."""
    for index, table in enumerate(draft.file.table):
        if table.kind not in _WITH_TESTS or not table.analyses:
            continue
        named = [by_name(draft).get(name) for name in table.analyses]
        wanted = TABLE_METHODS[table.kind][0]
        if all(analysis is not None and analysis.method != wanted for analysis in named):
            what = f"only tests are named; a {table.kind} table needs a {wanted} analysis"
            hint = "add one" if table.kind == "response" else 'add one, or make it a table of kind "tests"'
            yield draft.problem(("table", index, "analyses"), what, hint)


def figures_draw_fitting_analyses(draft: Draft) -> Iterator[Problem]:
    """A figure draws one analysis of a method of its kind; the flow diagram draws none."""
    for index, figure in enumerate(draft.file.figure):
        path: Path = ("figure", index)
        methods = FIGURE_METHODS.get(figure.kind)
        if methods is None:
            if figure.analysis is not None:
                yield draft.problem((*path, "analysis"), "a flow diagram draws no analysis", "remove it")
        elif figure.analysis is None:
            expected = f"expected the name of a {' or '.join(methods)} analysis"
            yield draft.problem(path, f"the key 'analysis' is missing; {expected}")
        else:
            yield from check_method(draft, (*path, "analysis"), figure.analysis, methods, f"a {figure.kind} figure")


RULES: tuple[Rule, ...] = (
    tables_show_fitting_analyses,
    tables_of_tests_have_estimates,
    figures_draw_fitting_analyses,
)
