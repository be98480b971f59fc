"""The figure of scaled Schoenfeld residuals: how each log hazard ratio runs over time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from cohortium.report import formats
from cohortium.report.exhibits.chosen import chosen_analysis, without_numbers
from cohortium.report.figures import schoenfeld, style
from cohortium.report.figures.readout import StepReadout, curves_in
from cohortium.report.figures.save import Drawing
from cohortium.report.figures.schoenfeld import EffectPanel
from cohortium.report.findings.proportional import EffectCurve, effect_curves
from cohortium.report.findings.regression import MULTIVARIABLE, Fit, fits
from cohortium.report.labels import inside_sentence, level_label, months_phrase, since, strata_phrase, term_label
from cohortium.results import Results
from cohortium.study.analyses import Cox

if TYPE_CHECKING:
    from cohortium.study.model import Figure as FigureSpec
    from cohortium.study.study import Study

DATA_HEADER = ("variable", "level", "time_days", "months", "value", "lower", "upper", "estimate", "p_value")

_BAND = "bands of 2 standard errors"


def make(study: Study, results: Results, spec: FigureSpec) -> Drawing:
    """The drawing of a Cox analysis that tests proportional hazards."""
    analysis = chosen_analysis(study, spec, Cox)
    everything = effect_curves(results, analysis.name)
    curves = [curve for curve in everything if curve.time_days]
    if not curves:
        return without_numbers(results, spec, "test of proportional hazards", ("ph-p", "ph-curve"))
    fit = next((fit for fit in fits(results, analysis.name) if fit.model == MULTIVARIABLE), None)
    panels = [EffectPanel(_name(study, analysis, curve, fit), curve) for curve in curves]
    month_days = study.file.time.month_days
    axis = f"onths since {since(study, analysis.endpoint)}"
    figure = schoenfeld.draw(panels, x_label=f"M{axis}", month_days=month_days, width=spec.width)
    band = f"{formats.number_shortest(100 * curves[0].confidence)}% confidence bands" if curves[0].confidence else _BAND
    caption = (
        (
            f"Smoothed scaled Schoenfeld residuals of a Cox regression, {analysis.ties.capitalize()} ties, "
            f"{strata_phrase(study, analysis.strata)}; shaded, {band}; dashed, the estimate that holds "
            "hazards proportional; p, test that the log hazard ratio of the term does not change with time."
        ),
        months_phrase(study),
        *dict.fromkeys(text for curve in everything for text in curve.warnings),
    )
    endpoint = inside_sentence(study.endpoint(analysis.endpoint).label)
    alt = f"Log hazard ratios for {endpoint} over m{axis}. {' '.join(_words(panels))}"
    looks = [(place, "Log hazard ratio", style.PALETTE[0].text, len(c.time_days)) for place, c in enumerate(curves)]
    steps = curves_in(looks, joined=True)
    readout = StepReadout(steps, time="time_days", value="value", factor=1.0, decimals=2)
    return Drawing(figure, alt, caption, tuple(_data(curves, month_days)), readout)


def _name(study: Study, analysis: Cox, curve: EffectCurve, fit: Fit | None) -> str:
    terms = fit.of(curve.variable) if fit else ()
    reference = next((term.level for term in terms if term.reference), "")
    form = next((term.form for term in terms if term.form), "")
    label = term_label(study, curve.variable, analysis)
    if curve.level:
        against = f" vs {level_label(curve.variable, reference)}" if reference else ""
        return f"{label}, {level_label(curve.variable, curve.level)}{against}"
    if curve.bend:
        return f"{label}, function {curve.bend + 1} of the spline"
    return f"{label}, {form}" if form else label


def _words(panels: Sequence[EffectPanel]) -> Iterator[str]:
    for panel in panels:
        curve = panel.curve
        if curve.time_days:
            first, last = formats.number(curve.value[0], 2), formats.number(curve.value[-1], 2)
            estimate = formats.number(curve.estimate, 2)
            yield f"{panel.name}: from {first} to {last}, estimate {estimate}, {formats.p_equation(curve.p)}."


def _data(curves: Sequence[EffectCurve], month_days: float) -> Iterator[tuple[object, ...]]:
    yield DATA_HEADER
    for c in curves:
        for day, value, lower, upper in zip(c.time_days, c.value, c.lower, c.upper, strict=True):
            yield c.variable, c.level, day, day / month_days, value, lower, upper, c.estimate, c.p
