"""Figures of the results that have a natural one, drawn by the report's own functions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cohortium.estimators.contract import Task
from cohortium.estimators.cox.tabulate import tabulate as tabulate_cox
from cohortium.estimators.fine_gray.tabulate import tabulate as tabulate_fine_gray
from cohortium.estimators.kaplan_meier import KaplanMeierEstimate
from cohortium.estimators.kaplan_meier import tabulate as tabulate_kaplan_meier
from cohortium.estimators.logistic.tabulate import tabulate as tabulate_logistic
from cohortium.report import formats
from cohortium.report.exhibits import cumulative_incidence as panels
from cohortium.report.exhibits.calibration import calibration_lines
from cohortium.report.exhibits.subgroups import forest_lines
from cohortium.report.figures import calibration as calibration_drawing
from cohortium.report.figures import forest, kaplan_meier, schoenfeld, step_panels, style
from cohortium.report.figures.step_panels import Scale, StepPanel
from cohortium.report.findings.calibration import calibration
from cohortium.report.findings.comparisons import comparisons
from cohortium.report.findings.curves import curves
from cohortium.report.findings.proportional import effect_curves
from cohortium.report.findings.regression import MULTIVARIABLE, Term, fits
from cohortium.report.findings.step_lines import cumulative_hazards, incidences, predictions
from cohortium.report.findings.subgroups import subgroups
from cohortium.results import Results, Statistic

if TYPE_CHECKING:
    from collections.abc import Iterable

    from matplotlib.figure import Figure

    from cohortium.estimators.cox.solve import CoxEstimate
    from cohortium.estimators.fine_gray.estimate import FineGrayEstimate
    from cohortium.estimators.logistic.estimate import LogisticEstimate

_NAME = "plot"


def kaplan_meier_figure(estimate: KaplanMeierEstimate, *, time_label: str, y_label: str) -> Figure:
    """Curves with numbers at risk, time in the unit of the data."""
    task = Task(_NAME, "kaplan-meier", estimate.spec, _NAME)
    found = curves(Results(tabulate_kaplan_meier(task, estimate)), _NAME)
    by = estimate.spec.by.name if estimate.spec.by else ""
    return kaplan_meier.draw(found, y_label=y_label, x_label=time_label, by_label=by, month_days=1.0, unit="")


def forest_figure(estimate: CoxEstimate) -> Figure:
    """Hazard ratios with limits, reference levels included."""
    task = Task(_NAME, "cox", estimate.spec, _NAME, MULTIVARIABLE)
    return _forest(tabulate_cox(task, estimate), f"HR ({estimate.spec.confidence:.0%} CI)")


def subdistribution_forest_figure(estimate: FineGrayEstimate) -> Figure:
    """Subdistribution hazard ratios with limits, reference levels included."""
    task = Task(_NAME, "fine-gray", estimate.spec, _NAME, MULTIVARIABLE)
    return _forest(tabulate_fine_gray(task, estimate), f"SHR ({estimate.spec.confidence:.0%} CI)")


def odds_forest_figure(estimate: LogisticEstimate) -> Figure:
    """Odds ratios with limits, reference levels included."""
    task = Task(_NAME, "logistic", estimate.spec, _NAME, MULTIVARIABLE)
    return _forest(tabulate_logistic(task, estimate), f"OR ({estimate.spec.confidence:.0%} CI)")


def calibration_figure(estimate: LogisticEstimate, outcome: str) -> Figure:
    """The observed against the predicted risk of groups, from an estimate that has them."""
    task = Task(_NAME, "logistic", estimate.spec, _NAME, MULTIVARIABLE)
    found = calibration(Results(tabulate_logistic(task, estimate)), _NAME)
    return calibration_drawing.draw(found.groups, calibration_lines(found), outcome=outcome)


def _forest(statistics: Iterable[Statistic], head: str) -> Figure:
    (fit,) = fits(Results(statistics), _NAME)
    lines: list[forest.ForestLine] = []
    for variable in dict.fromkeys(term.variable for term in fit.terms):
        terms = fit.of(variable)
        if len(terms) == 1 and not terms[0].level:
            lines.append(forest.ForestLine(variable, terms))
            continue
        lines.append(forest.ForestLine(variable))
        lines += [_level_line(term) for term in terms]
    return forest.draw(lines, [MULTIVARIABLE.title()], heads=forest.Heads(head))


def cumulative_incidence_figure(
    statistics: Iterable[Statistic], tests: Iterable[Statistic] = (), *, time_label: str = "Time"
) -> Figure:
    """Cumulative incidences with numbers at risk, a panel for each cause where there are groups.

    statistics  rows of one cumulative-incidence analysis, with the time in the unit of the data
    tests       rows of Gray's test, whose p-values stand in the panel of their cause
    """
    rows, gray = Results(statistics), Results(tests)
    found = incidences(rows, _analysis(rows))
    has_groups = any(line.label for line in found)
    lines = [line for line in comparisons(gray, _analysis(gray)) if not line.pair] if gray else []
    return step_panels.draw(
        panels.by_cause(found, lines) if has_groups else panels.together(found),
        Scale("Cumulative incidence"),
        x_label=time_label,
        month_days=1.0,
        unit="",
        risk=panels.at_risk_of(found),
        palette=style.PALETTE if has_groups else style.CAUSES,
    )


def cumulative_hazard_figure(statistics: Iterable[Statistic], *, time_label: str = "Time") -> Figure:
    """Nelson-Aalen cumulative hazards with numbers at risk, from the rows of one Kaplan-Meier analysis."""
    rows = Results(statistics)
    lines = cumulative_hazards(rows, _analysis(rows))
    panel = StepPanel("", lines, tuple(line.label for line in lines))
    scale = Scale("Cumulative hazard", factor=1.0)
    return step_panels.draw([panel], scale, x_label=time_label, month_days=1.0, unit="", risk=lines)


def predicted_survival_figure(statistics: Iterable[Statistic], *, time_label: str = "Time") -> Figure:
    """Predicted survival, a curve for each profile, from the rows of one Cox analysis."""
    rows = Results(statistics)
    lines = predictions(rows, _analysis(rows))
    panel = StepPanel("", lines, tuple(line.label for line in lines))
    scale = Scale("Predicted survival", top=100.0)
    return step_panels.draw([panel], scale, x_label=time_label, month_days=1.0, unit="", palette=style.CAUSES)


def schoenfeld_figure(statistics: Iterable[Statistic], *, time_label: str = "Time") -> Figure:
    """Smoothed scaled Schoenfeld residuals, a panel for each column, from the rows of one Cox analysis."""
    rows = Results(statistics)
    shown = [schoenfeld.EffectPanel(curve.column, curve) for curve in effect_curves(rows, _analysis(rows))]
    return schoenfeld.draw(shown, x_label=time_label, month_days=1.0, unit="")


def subgroup_forest_figure(statistics: Iterable[Statistic], *, effect: str = "") -> Figure:
    """Hazard ratios in subgroups with the tests of interaction, from the rows of one Cox analysis.

    effect  what the ratio compares, e.g. `female vs male`
    """
    rows = Results(statistics)
    found = subgroups(rows, _analysis(rows))
    first = next((term for subgroup in found.by for term in subgroup.terms), None)
    interval = formats.confidence(first.confidence if first else None)
    lines = tuple(forest_lines(found, {subgroup.variable: subgroup.variable for subgroup in found.by}))
    heads = forest.Heads(f"HR ({interval})", "Subgroup", "p, interaction")
    label = ", ".join(filter(None, [f"Hazard ratio ({interval})", effect]))
    return forest.draw(lines, [effect], x_label=label, heads=heads)


def _analysis(rows: Results) -> str:
    """The analysis that all rows belong to."""
    return rows[0].analysis


def _level_line(term: Term) -> forest.ForestLine:
    return forest.ForestLine(term.level, (term,), indent=True)
