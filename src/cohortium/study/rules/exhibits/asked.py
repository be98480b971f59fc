"""An analysis was asked for what a table or figure shows of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from cohortium.errors import Problem
from cohortium.study.analyses import Analysis, Cox, IndividualCourses, KaplanMeier, Logistic, ResponseRates
from cohortium.study.draft import Draft, Rule
from cohortium.study.locate import Path
from cohortium.study.rules.exhibits.reference import by_name
from cohortium.study.suggest import shown

Need = tuple[Callable[[Analysis], bool], str, str]
"""Whether an analysis gives what is shown, what it lacks otherwise, and what to add to it."""

_NEEDS: Mapping[str, Need] = {
    "proportional-hazards": (
        lambda analysis: not isinstance(analysis, Cox) or analysis.ph_test,
        "does not test proportional hazards",
        "ph_test = true",
    ),
    "schoenfeld": (
        lambda analysis: not isinstance(analysis, Cox) or analysis.ph_test,
        "does not test proportional hazards",
        "ph_test = true",
    ),
    "subgroups": (
        lambda analysis: not isinstance(analysis, Cox) or analysis.subgroups is not None,
        "estimates no effect in subgroups",
        'subgroups = { effect = "...", by = ["..."] }',
    ),
    "predicted-survival": (
        lambda analysis: not isinstance(analysis, Cox) or bool(analysis.predict),
        "predicts for nobody",
        'predict = [{ label = "...", values = { ... } }]',
    ),
    "calibration": (
        lambda analysis: not isinstance(analysis, Logistic) or analysis.risk_groups > 0,
        "has no groups by predicted risk",
        "risk_groups = 10",
    ),
    "cumulative-hazard": (
        lambda analysis: not isinstance(analysis, KaplanMeier) or analysis.nelson_aalen,
        "does not give the cumulative hazard",
        "nelson_aalen = true",
    ),
    "stacked-bars": (
        lambda analysis: not isinstance(analysis, ResponseRates) or analysis.categories,
        "does not count single levels",
        "categories = true",
    ),
    "waterfall": (
        lambda analysis: not isinstance(analysis, IndividualCourses) or analysis.change is not None,
        "has no change",
        'change = "..."',
    ),
    "swimmer": (
        lambda analysis: not isinstance(analysis, IndividualCourses) or analysis.endpoint is not None,
        "has no endpoint",
        'endpoint = "..."',
    ),
}
"""What kinds of tables and figures need beyond the method."""


def analyses_give_what_is_shown(draft: Draft) -> Iterator[Problem]:
    """The analysis that a table or figure shows has the keys that make it compute what is shown."""
    for index, table in enumerate(draft.file.table):
        for position, name in enumerate(table.analyses):
            yield from _need(draft, ("table", index, "analyses", position), table.kind, f"{table.kind} table", name)
    for index, figure in enumerate(draft.file.figure):
        path: Path = ("figure", index, "analysis")
        yield from _need(draft, path, figure.kind, f"{figure.kind} figure", figure.analysis)


def _need(draft: Draft, path: Path, kind: str, shows: str, name: str | None) -> Iterator[Problem]:
    analysis = by_name(draft).get(name or "")
    if analysis is None or kind not in _NEEDS:
        return
    is_given, lack, remedy = _NEEDS[kind]
    if not is_given(analysis):
        yield draft.problem(path, f"{name} {lack}, which a {shows} shows", f"add {remedy} to the analysis")


def restricted_means_are_estimated(draft: Draft) -> Iterator[Problem]:
    """A figure that shades the restricted mean draws an analysis that estimates it."""
    for index, figure in enumerate(draft.file.figure):
        curves = by_name(draft).get(figure.analysis or "")
        if figure.restricted_mean and isinstance(curves, KaplanMeier) and curves.restricted_mean_months is None:
            what = f"{figure.analysis} does not estimate the restricted mean"
            yield draft.problem(
                ("figure", index, "restricted_mean"), what, "add restricted_mean_months to the analysis"
            )


def quantiles_are_estimated(draft: Draft) -> Iterator[Problem]:
    """The quantiles of a survival table are among those of its Kaplan-Meier analyses."""
    for index, table in enumerate(draft.file.table):
        path: Path = ("table", index, "quantiles")
        if table.quantiles and table.kind != "survival":
            yield draft.problem(path, f"is for a survival table; this is a {table.kind} table", "remove quantiles")
            continue
        estimates = [a for a in map(by_name(draft).get, table.analyses) if isinstance(a, KaplanMeier)]
        for position, quantile in enumerate(table.quantiles):
            without = [analysis.name for analysis in estimates if quantile not in analysis.quantiles]
            if without:
                what = f"{quantile:g} is not among the quantiles of {', '.join(without)}"
                yield draft.problem((*path, position), what, "add it to the analysis")


def landmark_flows_have_a_landmark(draft: Draft) -> Iterator[Problem]:
    """A landmark flow is of an analysis whose endpoint is counted from a landmark."""
    endpoints = {endpoint.name: endpoint for endpoint in draft.file.endpoint}
    landmarks = [analysis.name for analysis in draft.file.analysis if _is_landmark(analysis, endpoints)]
    for index, figure in enumerate(draft.file.figure):
        analysis = by_name(draft).get(figure.analysis or "")
        endpoint = getattr(analysis, "endpoint", None)
        if figure.kind != "landmark-flow" or endpoint not in endpoints or draft.is_excused(str(endpoint)):
            continue
        if figure.analysis not in landmarks:
            what = f"the endpoint of {figure.analysis} is not counted from a landmark"
            hint = f"such as {shown(landmarks[0])}" if landmarks else "give an endpoint landmark_months"
            yield draft.problem(("figure", index, "analysis"), what, hint)


def _is_landmark(analysis: Analysis, endpoints: Mapping[str, object]) -> bool:
    endpoint = endpoints.get(getattr(analysis, "endpoint", ""))
    return getattr(endpoint, "landmark_months", None) is not None


RULES: tuple[Rule, ...] = (
    analyses_give_what_is_shown,
    restricted_means_are_estimated,
    quantiles_are_estimated,
    landmark_flows_have_a_landmark,
)
