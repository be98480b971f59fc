"""The figure of competing risks: cumulative incidence, a panel for each cause where groups are compared."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from cohortium.report import formats
from cohortium.report.among import n_of_n
from cohortium.report.exhibits.chosen import chosen_analysis, without_numbers
from cohortium.report.exhibits.named_tests import named_tests, panel_line
from cohortium.report.exhibits.step_data import data_rows, few_note, in_words, warned
from cohortium.report.figures import step_panels, style
from cohortium.report.figures.readout import StepReadout, curves_in
from cohortium.report.figures.save import Drawing
from cohortium.report.figures.step_panels import Scale, StepPanel
from cohortium.report.findings.comparisons import Comparison
from cohortium.report.findings.step_lines import StepLine, incidences
from cohortium.report.findings.warned import as_sentence
from cohortium.report.labels import color_index, grouped, inside_sentence, months_phrase, since
from cohortium.results import Results
from cohortium.study.analyses import CumulativeIncidence

if TYPE_CHECKING:
    from cohortium.study.model import Figure as FigureSpec
    from cohortium.study.study import Study

_Y_LABEL = "Cumulative incidence"


def make(study: Study, results: Results, spec: FigureSpec) -> Drawing:
    """The drawing of a cumulative-incidence analysis, with the p-values of Gray's tests named for it."""
    analysis = chosen_analysis(study, spec, CumulativeIncidence)
    found = incidences(results, analysis.name)
    if not found:
        return without_numbers(results, spec, "cumulative incidence", ("cumulative-incidence-at",))
    found = tuple(replace(line, color=color_index(study, analysis.by, line.label, line.color)) for line in found)
    tests = named_tests(study, results, spec.tests)
    panels = by_cause(found, tests) if analysis.by else together(found)
    month_days = study.file.time.month_days
    figure = step_panels.draw(
        panels,
        Scale(_Y_LABEL),
        x_label=f"Months since {since(study, analysis.endpoint)}",
        month_days=month_days,
        risk=at_risk_of(found),
        palette=style.PALETTE if analysis.by else style.CAUSES,
        of_all=n_of_n(study, results, analysis.endpoint),
        width=spec.width,
    )
    level = formats.number_shortest(100 * (found[0].confidence or 0.95))
    caption = (
        f"Aalen-Johansen estimates; shaded, {level}% confidence bands. {_competing(found)}",
        few_note(found),
        months_phrase(study),
        *warned(found),
        *(as_sentence(f"{test.name}: {inside_sentence(text)}") for test in tests for text in test.warnings),
    )
    endpoint = inside_sentence(study.endpoint(analysis.endpoint).label)
    by = grouped(study, analysis.by)
    alt = [f"Cumulative incidence, {endpoint}{by}, in percent over months since {since(study, analysis.endpoint)}."]
    alt += [in_words(line, _name(line), month_days, percent=True) for line in found]
    alt += [f"{_caused(test)}." for test in tests]
    data = tuple(data_rows(found, month_days))
    readout = StepReadout(curves_in(_looks(found, grouped=bool(analysis.by))), time="time_days", value="value")
    return Drawing(figure, " ".join(alt), tuple(dict.fromkeys(caption)), data, readout)


def _looks(found: Sequence[StepLine], *, grouped: bool) -> Iterator[tuple[int, str, str, int]]:
    """Panel, name, color and rows of each curve: a panel a cause where groups are compared, a color a cause where not."""
    panels = {cause: position for position, cause in enumerate(_causes(found))}
    for place, line in enumerate(found):
        n_rows = 1 + len(line.time_days)
        if grouped:
            yield panels[line.level], line.label, style.group_style(line.color).text, n_rows
        else:
            yield 0, line.level, style.CAUSES[place % len(style.CAUSES)].text, n_rows


def by_cause(found: Sequence[StepLine], tests: Sequence[Comparison] = ()) -> list[StepPanel]:
    """A panel for each cause with a curve for each group and the tests of that cause."""
    panels = []
    for cause in _causes(found):
        lines = tuple(line for line in found if line.level == cause)
        notes = tuple(panel_line(test) for test in tests if test.cause == cause)
        panels.append(StepPanel(cause, lines, tuple(line.label for line in lines), notes))
    return panels


def together(found: Sequence[StepLine]) -> list[StepPanel]:
    """One panel with a curve for each cause."""
    lines = tuple(replace(line, color=position) for position, line in enumerate(found))
    return [StepPanel("", lines, tuple(line.level for line in lines))]


def at_risk_of(found: Sequence[StepLine]) -> tuple[StepLine, ...]:
    """A curve for each group: all its causes have the same patients at risk, so the longest has the most places."""
    groups = dict.fromkeys(line.label for line in found)
    return tuple(
        max((line for line in found if line.label == group), key=lambda line: len(line.time_days)) for group in groups
    )


def _causes(found: Sequence[StepLine]) -> Iterator[str]:
    yield from dict.fromkeys(line.level for line in found)


def _competing(found: Sequence[StepLine]) -> str:
    causes = "; ".join(inside_sentence(cause) for cause in _causes(found))
    return f"Competing events: {causes}."


def _name(line: StepLine) -> str:
    return ", ".join(filter(None, (line.level, line.label)))


def _caused(test: Comparison) -> str:
    return f"{test.cause}, {panel_line(test)}" if test.cause else panel_line(test)
