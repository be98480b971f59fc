"""The figure of the survival that a Cox model predicts for declared profiles."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from cohortium.report import formats
from cohortium.report.exhibits.chosen import chosen_analysis, without_numbers
from cohortium.report.exhibits.step_data import data_rows, in_words, points_in_words, warned
from cohortium.report.figures import step_panels, style
from cohortium.report.figures.readout import StepReadout, curves_in
from cohortium.report.figures.save import Drawing
from cohortium.report.figures.step_panels import Scale, StepPanel
from cohortium.report.findings.step_lines import StepLine, predictions
from cohortium.report.labels import (
    covariate_labels,
    covariate_names,
    inside_sentence,
    months_phrase,
    since,
    strata_phrase,
)
from cohortium.results import Results
from cohortium.study.analyses import Cox

if TYPE_CHECKING:
    from cohortium.study.model import Figure as FigureSpec
    from cohortium.study.study import Study


def make(study: Study, results: Results, spec: FigureSpec) -> Drawing:
    """The drawing of a Cox analysis that predicts for profiles."""
    analysis = chosen_analysis(study, spec, Cox)
    lines = predictions(results, analysis.name)
    if not lines:
        return without_numbers(
            results, spec, "predicted survival", ("predicted-survival", "baseline-hazard", "coefficient")
        )
    month_days = study.file.time.month_days
    endpoint = inside_sentence(study.endpoint(analysis.endpoint).label)
    figure = step_panels.draw(
        list(_panels(lines, points=bool(analysis.at_months))),
        Scale(f"Predicted {endpoint}", top=100.0),
        x_label=f"Months since {since(study, analysis.endpoint)}",
        month_days=month_days,
        palette=style.CAUSES,
        width=spec.width,
    )
    level = formats.number_shortest(100 * analysis.confidence)
    covariates = "covariate" if len(covariate_names(analysis)) == 1 else "covariates"
    model = (
        f"Survival predicted by a Cox regression, {analysis.ties.capitalize()} ties, "
        f"{strata_phrase(study, analysis.strata)}, with {covariates} {covariate_labels(study, analysis)}; "
        f"shaded, {level}% confidence bands."
    )
    alt = [f"Predicted {endpoint}, in percent over months since {since(study, analysis.endpoint)}."]
    alt += [
        points_in_words(line, _name(line), month_days)
        if analysis.at_months
        else in_words(line, _name(line), month_days, percent=True)
        for line in lines
    ]
    at = "Points are the months for which survival is predicted; lines join them." if analysis.at_months else ""
    caption = (model, at, months_phrase(study), *warned(lines))
    data = tuple(data_rows(lines, month_days))
    curves = curves_in(_looks(lines), joined=bool(analysis.at_months))
    return Drawing(figure, " ".join(alt), caption, data, StepReadout(curves, time="time_days", value="value"))


def _looks(lines: Sequence[StepLine]) -> list[tuple[int, str, str, int]]:
    """Panel, name, color and rows of each curve: a panel a stratum."""
    strata = {stratum: position for position, stratum in enumerate(dict.fromkeys(line.level for line in lines))}
    palette = style.CAUSES
    return [
        (strata[line.level], line.label, palette[line.color % len(palette)].text, 1 + len(line.time_days))
        for line in lines
    ]


def _panels(lines: Sequence[StepLine], *, points: bool) -> Iterator[StepPanel]:
    """A panel for each stratum, with a curve for each profile."""
    for stratum in dict.fromkeys(line.level for line in lines):
        mine = tuple(line for line in lines if line.level == stratum)
        yield StepPanel(stratum, mine, tuple(line.label for line in mine), points=points)


def _name(line: StepLine) -> str:
    return ", ".join(filter(None, (line.level, line.label)))
