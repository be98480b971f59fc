"""Figures of the results that have a natural one, drawn by the report's own functions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cohortium.estimators.contract import Task
from cohortium.estimators.cox.tabulate import tabulate as tabulate_cox
from cohortium.estimators.kaplan_meier import KaplanMeierEstimate
from cohortium.estimators.kaplan_meier import tabulate as tabulate_kaplan_meier
from cohortium.report.figures import forest, kaplan_meier
from cohortium.report.findings.curves import curves
from cohortium.report.findings.regression import MULTIVARIABLE, Term, fits
from cohortium.results import Results

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from cohortium.estimators.cox.solve import CoxEstimate

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
    (fit,) = fits(Results(tabulate_cox(task, estimate)), _NAME)
    lines: list[forest.ForestLine] = []
    for variable in dict.fromkeys(term.variable for term in fit.terms):
        terms = fit.of(variable)
        if len(terms) == 1 and not terms[0].level:
            lines.append(forest.ForestLine(variable, terms))
            continue
        lines.append(forest.ForestLine(variable))
        lines += [_level_line(term) for term in terms]
    return forest.draw(lines, [MULTIVARIABLE.title()], interval=f"{estimate.spec.confidence:.0%} CI")


def _level_line(term: Term) -> forest.ForestLine:
    return forest.ForestLine(term.level, (term,), indent=True)
