"""The figure of Nelson-Aalen cumulative hazards."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from cohortium.report import formats
from cohortium.report.among import n_of_n
from cohortium.report.exhibits.chosen import chosen_analysis, without_numbers
from cohortium.report.exhibits.step_data import data_rows, few_note, in_words, warned
from cohortium.report.figures import step_panels
from cohortium.report.figures.readout import StepReadout, curves_in
from cohortium.report.figures.save import Drawing
from cohortium.report.figures.step_panels import Scale, StepPanel
from cohortium.report.figures.style import group_style
from cohortium.report.findings.step_lines import cumulative_hazards
from cohortium.report.labels import color_index, grouped, inside_sentence, months_phrase, since
from cohortium.results import Results
from cohortium.study.analyses import KaplanMeier

if TYPE_CHECKING:
    from cohortium.study.model import Figure as FigureSpec
    from cohortium.study.study import Study


def make(study: Study, results: Results, spec: FigureSpec) -> Drawing:
    """The drawing of a Kaplan-Meier analysis that gives its cumulative hazard."""
    analysis = chosen_analysis(study, spec, KaplanMeier)
    lines = cumulative_hazards(results, analysis.name)
    if not lines:
        return without_numbers(results, spec, "cumulative hazard", ("median",))
    lines = tuple(replace(line, color=color_index(study, analysis.by, line.label, line.color)) for line in lines)
    month_days = study.file.time.month_days
    endpoint = study.endpoint(analysis.endpoint).label
    figure = step_panels.draw(
        [StepPanel("", lines, tuple(line.label or "All patients" for line in lines))],
        Scale(f"Cumulative hazard, {inside_sentence(endpoint)}", factor=1.0),
        x_label=f"Months since {since(study, analysis.endpoint)}",
        month_days=month_days,
        risk=lines,
        of_all=n_of_n(study, results, analysis.endpoint),
        width=spec.width,
    )
    banded = any(limit is not None for line in lines for limit in line.upper)
    bands = f"; shaded, {formats.number_shortest(100 * analysis.confidence)}% confidence bands" if banded else ""
    caption = (f"Nelson-Aalen estimates{bands}.", few_note(lines), months_phrase(study), *warned(lines))
    by = grouped(study, analysis.by)
    axis = f"months since {since(study, analysis.endpoint)}"
    alt = [f"Nelson-Aalen cumulative hazard of {inside_sentence(endpoint)}{by} over {axis}."]
    alt += [in_words(line, line.label or "All patients", month_days, percent=False) for line in lines]
    data = tuple(data_rows(lines, month_days))
    looks = [(0, c.label or "All patients", group_style(c.color).text, 1 + len(c.time_days)) for c in lines]
    readout = StepReadout(curves_in(looks), time="time_days", value="value", factor=1.0, decimals=3)
    return Drawing(figure, " ".join(alt), caption, data, readout)
