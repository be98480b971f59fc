"""The figure of adverse events by group: any grade against the severe."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from cohortium.report import formats
from cohortium.report.exhibits.chosen import chosen_analysis, without_numbers
from cohortium.report.figures import adverse_events as drawing
from cohortium.report.figures.adverse_events import EventRow, GroupPanel
from cohortium.report.figures.readout import what_is_said
from cohortium.report.figures.save import Drawing
from cohortium.report.findings.adverse_events import ANY, SEVERE, adverse_events
from cohortium.report.findings.adverse_events import AdverseEvents as Found
from cohortium.report.labels import color_index, variable_label
from cohortium.report.tables.adverse_events import HEADS, shown_events, threshold_sentence
from cohortium.results import Results
from cohortium.study.analyses import AdverseEvents

if TYPE_CHECKING:
    from cohortium.study.model import Figure as FigureSpec
    from cohortium.study.study import Study

DATA_HEADER = ("event", "grades", "group", "count", "denominator", "percent")


def make(study: Study, results: Results, spec: FigureSpec) -> Drawing:
    """The drawing of an adverse-events analysis, the events of its table in the same order."""
    analysis = chosen_analysis(study, spec, AdverseEvents)
    found = adverse_events(results, analysis.name)
    events = shown_events(analysis, found)
    if not any(found.sizes.values()) or not events:
        return without_numbers(results, spec, "adverse event that is frequent enough", ("percent",))
    groups = tuple(
        GroupPanel(
            group or "All patients",
            f"n = {formats.count(n)}",
            color_index(study, analysis.by, group, position) if group else None,
        )
        for position, (group, n) in enumerate(found.sizes.items())
    )
    rows = tuple(
        EventRow(variable_label(study, event), _shares(found, event), tuple(_said(study, found, event)))
        for event in events
    )
    figure = drawing.draw(rows, groups, severe=HEADS[SEVERE], width=spec.width)
    caption, data = tuple(_caption(analysis, found)), tuple(_data(study, found))
    return Drawing(figure, _alt(study, found, events), caption, data, what_is_said(figure))


def _shares(found: Found, event: str) -> tuple[tuple[float, float, str], ...]:
    decimals = formats.percent_decimals(found.sizes.values())
    shares = []
    for group in found.sizes:
        some, severe = found.having[event, ANY, group].percent, found.having[event, SEVERE, group].percent
        text = f"{formats.percent(some, decimals)} / {formats.percent(severe, decimals)}"
        shares.append((some or 0.0, severe or 0.0, text))
    return tuple(shares)


def _said(study: Study, found: Found, event: str) -> Iterator[str]:
    """`Anemia, New: any grade 12/30 (40.0%), grade 3 or higher 4/30 (13.3%)`."""
    decimals = formats.percent_decimals(found.sizes.values())
    for group in found.sizes:
        parts = (
            f"{grades} {formats.count(h.x)}/{formats.count(h.n)} ({formats.percent(h.percent, decimals)}%)"
            for grades in (ANY, SEVERE)
            for h in (found.having[event, grades, group],)
        )
        yield f"{variable_label(study, event)}, {group or 'all patients'}: {', '.join(parts)}"


def _caption(analysis: AdverseEvents, found: Found) -> Iterator[str]:
    yield (
        f"Graded by {analysis.grading}; each patient counts once per event, at the worst grade. Percentages are of "
        "the patients whose grade is known: any grade / grade 3 or higher."
    )
    yield threshold_sentence(analysis)
    yield from found.warnings


def _alt(study: Study, found: Found, events: list[str]) -> str:
    parts = ["Bars of adverse events by group, any grade and grade 3 or higher, in percent of patients."]
    for event in events:
        said = (
            f"{f'{group} ' if group else ''}{text}"
            for group, (_, _, text) in zip(found.sizes, _shares(found, event), strict=True)
        )
        parts.append(f"{variable_label(study, event)}: {'; '.join(said)}.")
    return " ".join(parts)


def _data(study: Study, found: Found) -> Iterator[tuple[object, ...]]:
    yield DATA_HEADER
    for (event, grades, group), having in found.having.items():
        yield variable_label(study, event), grades, group, having.x, having.n, having.percent
