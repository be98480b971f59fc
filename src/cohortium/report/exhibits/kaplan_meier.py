"""The survival figure: curves, medians, hazard ratios of a named model, p-values of named tests."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from cohortium.report import formats
from cohortium.report.abbreviations import abbreviations
from cohortium.report.among import n_of_n
from cohortium.report.exhibits.chosen import chosen_analysis
from cohortium.report.exhibits.named_tests import named_tests, panel_line
from cohortium.report.figures import kaplan_meier
from cohortium.report.figures.readout import StepReadout, curves_in
from cohortium.report.figures.save import Drawing
from cohortium.report.figures.steps import FEW_AT_RISK
from cohortium.report.figures.style import group_style
from cohortium.report.findings.comparisons import Comparison
from cohortium.report.findings.curves import Curve, curves, own_warnings, refuse_unless_accounted, shared_warnings
from cohortium.report.findings.regression import UNIVARIABLE, Fit, fits
from cohortium.report.findings.warned import as_sentence
from cohortium.report.labels import (
    abridged,
    color_index,
    covariate_names,
    inside_sentence,
    joined,
    months_phrase,
    since,
    strata_phrase,
    variable_label,
)
from cohortium.report.methods.weighting import weighting_phrase
from cohortium.results import Results, Statistic
from cohortium.study.analyses import Cox, KaplanMeier

if TYPE_CHECKING:
    from cohortium.study.model import Figure as FigureSpec
    from cohortium.study.study import Study

DATA_HEADER = (
    "group", "time_days", "months", "survival", "lower", "upper", "n_at_risk", "n_event", "n_censored",
)  # fmt: skip


def make(study: Study, results: Results, spec: FigureSpec) -> Drawing:
    """The drawing of a Kaplan-Meier analysis."""
    analysis = chosen_analysis(study, spec, KaplanMeier)
    found = tuple(
        replace(curve, color=color_index(study, analysis.by, curve.label, position))
        for position, curve in enumerate(curves(results, analysis.name))
    )
    if spec.risk_table == "kmunicate":
        refuse_unless_accounted(found, analysis.name)
    tests = named_tests(study, results, spec.tests)
    model_lines, model_notes = _model(study, results, spec, analysis)
    lines = (*model_lines, *map(panel_line, tests))
    time = study.file.time
    shaded = _restriction(results, analysis) if spec.restricted_mean else None
    figure = kaplan_meier.draw(
        found,
        y_label=_y_label(study, analysis),
        x_label=f"Months since {since(study, analysis.endpoint)}",
        by_label=variable_label(study, analysis.by) if analysis.by else "",
        month_days=time.month_days,
        lines=lines,
        shade_until=shaded.time if shaded else None,
        of_all=n_of_n(study, results, analysis.endpoint),
        accounts=spec.risk_table == "kmunicate",
        stop_below=spec.stop_below,
        direct_labels=spec.direct_labels,
        width=spec.width,
    )
    caption = (*_caption(study, analysis, found, model_lines, shaded, spec), *model_notes, *_warnings(found, tests))
    data = tuple(_data(found, time.month_days))
    looks = [(0, c.label or "All patients", group_style(c.color).text, 1 + len(c.time_days)) for c in found]
    readout = StepReadout(curves_in(looks), time="time_days", value="survival")
    return Drawing(figure, _alt(study, analysis, found, lines), caption, data, readout)


def _y_label(study: Study, analysis: KaplanMeier) -> str:
    return "Still in follow-up" if analysis.reverse else study.endpoint(analysis.endpoint).label


def _model(study: Study, results: Results, spec: FigureSpec, analysis: KaplanMeier) -> tuple[list[str], list[str]]:
    cox = study.analysis(spec.model) if spec.model else None
    if not isinstance(cox, Cox) or analysis.by is None:
        return [], []
    by_model = {fit.model: fit for fit in fits(results, cox.name)}
    # The curves are unadjusted, so the unadjusted ratio stands beside them where there is one.
    fit = by_model.get(UNIVARIABLE) or next(iter(by_model.values()), None)
    if fit is None:
        return [], []
    others = [name for name in covariate_names(cox) if name != analysis.by]
    adjusted = fit.model != UNIVARIABLE and bool(others)
    labels = joined([inside_sentence(variable_label(study, name)) for name in others])
    if cox.weighting is not None:
        others_said = f"adjusted for {labels}" if others else "without other covariates"
        ties = f"{cox.ties.capitalize()} ties, {strata_phrase(study, cox.strata)}"
        said = f"Weighted HR, hazard ratio of a weighted Cox regression {others_said}, {ties}, robust standard errors."
        return _ratio_lines(study, fit, analysis.by, "Weighted HR"), [said]
    name, how = (
        ("Adjusted HR", f"adjusted for {labels}") if adjusted else ("Univariable HR", "without other covariates")
    )
    ties = f"{cox.ties.capitalize()} ties, {strata_phrase(study, cox.strata)}"
    return _ratio_lines(study, fit, analysis.by, name), [f"{name}, hazard ratio of a Cox regression {how}, {ties}."]


def _ratio_lines(study: Study, fit: Fit, variable: str, name: str) -> list[str]:
    terms = fit.of(variable)
    reference = next((term.level for term in terms if term.reference), "")
    lines = []
    for term in terms:
        if term.reference:
            continue
        levels = f"{abridged(term.level)} vs {abridged(reference)}"
        compared = levels if term.level else f"{abridged(variable_label(study, variable))} {term.form}"
        ratio = formats.ratio_interval(term.hazard_ratio, term.lower, term.upper)
        lines.append(f"{name}, {compared.strip()}: {formats.with_level(ratio, term.confidence)}")
    return lines


def _restriction(results: Results, analysis: KaplanMeier) -> Statistic | None:
    """The first restricted mean of the curves, which says up to when it is taken."""
    found = results.where(analysis=analysis.name, statistic="restricted-mean")
    return found[0] if found else None


def _caption(
    study: Study,
    analysis: KaplanMeier,
    found: tuple[Curve, ...],
    model_lines: list[str],
    shaded: Statistic | None,
    spec: FigureSpec,
) -> Iterator[str]:
    kind = "Reverse Kaplan-Meier" if analysis.reverse else "Kaplan-Meier"
    percent = formats.number_shortest(100 * analysis.confidence)
    if shaded is not None and shaded.time is not None:
        months = analysis.restricted_mean_months or 0.0
        until = f"{formats.number_shortest(months)} {'month' if months == 1 else 'months'}"
        area = f"the area that is the mean survival up to {until}"
        yield f"{kind} estimates; shaded, {area}; vertical marks, censoring."
    else:
        yield f"{kind} estimates; shaded, {percent}% confidence bands ({analysis.interval}); vertical marks, censoring."
    if analysis.weighting is not None:
        phrase = weighting_phrase(study.propensity(analysis.weighting))
        yield f"Curves are {phrase}, with robust limits; numbers at risk are patients with a weight."
    if spec.risk_table == "kmunicate":
        yield "Patients at risk, censored and with an event add up to all patients of a group at every time."
    if spec.stop_below and any(n < spec.stop_below for curve in found for n in curve.n_at_risk):
        yield f"Curves end where fewer than {spec.stop_below} patients are at risk; the data go on."
    drawn = [curve.until_fewer_than(spec.stop_below or 0) for curve in found]
    if any(n < FEW_AT_RISK for curve in drawn for n in curve.n_at_risk):
        yield f"Lines are paler where fewer than {FEW_AT_RISK} patients are at risk."
    if spec.risk_table != "kmunicate":
        yield "The numbers below the panel are patients at risk."
    medians = [_median(curve, study.file.time.month_days) for curve in found]
    if explained := abbreviations(
        heads=["(95% CI)"], values=[*medians, *(line.rpartition(": ")[2] for line in model_lines)]
    ):
        yield explained
    yield months_phrase(study)


def _median(curve: Curve, month_days: float) -> str:
    return formats.months_interval(
        curve.median_days, curve.median_lower, curve.median_upper, month_days, reached=curve.median_reached
    )


def _warnings(found: tuple[Curve, ...], tests: list[Comparison]) -> Iterator[str]:
    shared = shared_warnings(found)
    yield from shared
    for curve in found:
        yield from (f"{curve.label}: {inside_sentence(text)}" for text in own_warnings(curve, found))
    by_text: dict[str, list[str]] = defaultdict(list)
    for test in tests:
        for text in test.warnings:
            by_text[text].append(test.name)
    yield from (
        as_sentence(f"{joined(names)}: {inside_sentence(text)}")
        for text, names in by_text.items()
        if text not in shared
    )


def _alt(study: Study, analysis: KaplanMeier, found: tuple[Curve, ...], lines: Sequence[str]) -> str:
    by = f" by {inside_sentence(variable_label(study, analysis.by))}" if analysis.by else ""
    month_days = study.file.time.month_days
    axis = f"months since {since(study, analysis.endpoint)}"
    parts = [f"Kaplan-Meier curves of {inside_sentence(_y_label(study, analysis))}{by}, in percent over {axis}."]
    for curve in found:
        median = _median(curve, month_days)
        counted = f"{formats.plural(curve.n_events, 'event')} in {formats.plural(curve.n, 'patient')}"
        parts.append(f"{curve.label or 'All patients'}: {counted}, median {median} months.")
    return " ".join([*parts, *(f"{line}." for line in lines)])


def _data(found: tuple[Curve, ...], month_days: float) -> Iterator[tuple[object, ...]]:
    yield DATA_HEADER
    for curve in found:
        yield (curve.label, 0.0, 0.0, 1.0, None, None, curve.n, 0, 0)
        columns = (
            curve.time_days, curve.survival, curve.lower, curve.upper, curve.n_at_risk, curve.n_event, curve.n_censored,
        )  # fmt: skip
        for day, survival, lower, upper, n, events, censored in zip(*columns, strict=True):
            yield curve.label, day, day / month_days, survival, lower, upper, n, events, censored
