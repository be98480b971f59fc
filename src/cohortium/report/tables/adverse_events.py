"""Adverse events: a row an event at its worst grade, columns of grades under each group."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from cohortium.report import formats
from cohortium.report.findings.adverse_events import ANY, FATAL, SEVERE, SEVERE_ALIVE, adverse_events
from cohortium.report.findings.adverse_events import AdverseEvents as Found
from cohortium.report.journal_style import in_force
from cohortium.report.labels import analysis_title, inside_sentence, joined, variable_label
from cohortium.report.table import Cell, Row, Table
from cohortium.report.tables.size_head import size_head
from cohortium.results import Results
from cohortium.study.analyses import AdverseEvents

if TYPE_CHECKING:
    from cohortium.study.model import Table as TableSpec
    from cohortium.study.study import Study

HEADS = {
    ANY: "Any grade",
    SEVERE: "Grade \N{GREATER-THAN OR EQUAL TO}3",
    SEVERE_ALIVE: "Grade 3 or 4",
    FATAL: "Grade 5",
}
_ONCE = "Each patient counts once per event, at the worst grade; percentages are of the patients whose grade is known."


def build(study: Study, results: Results, spec: TableSpec) -> Table:
    """The table of one or more adverse-events analyses with the same groups, a heading each where there are several."""
    analyses = [each for name in spec.analyses if isinstance(each := study.analysis(name), AdverseEvents)]
    found = [adverse_events(results, analysis.name) for analysis in analyses]
    headed = len(analyses) > 1
    body: list[Row] = []
    for analysis, counts in zip(analyses, found, strict=True):
        if headed:
            body.append(Row(Cell(analysis_title(study, analysis.name)), section=_has_days(analyses)))
        for event in shown_events(analysis, counts):
            body += _event_rows(study, analysis, counts, event, indent=int(headed and not _has_days(analyses)))
    title = f"{spec.title}, graded by {analyses[0].grading}" if len(_gradings(analyses)) == 1 else spec.title
    notes = (*_footnotes(study, analyses, found), *spec.footnotes)
    return Table(spec.name, title, _header(analyses[0], found[0], results), tuple(body), notes)


def grades_shown(analysis: AdverseEvents) -> tuple[str, ...]:
    """The columns of grades under each group."""
    return (ANY, SEVERE_ALIVE, FATAL) if analysis.split else (ANY, SEVERE)


def shown_events(analysis: AdverseEvents, found: Found) -> list[str]:
    """The events that are frequent enough, in the order asked for; what is as frequent stays as listed."""
    frequent = [event for event in found.events if found.highest(event) >= analysis.at_least_percent]
    return sorted(frequent, key=lambda event: -found.frequency(event)) if analysis.order == "frequency" else frequent


def threshold_sentence(analysis: AdverseEvents) -> str:
    """What is not shown; empty when everything is."""
    if not analysis.at_least_percent:
        return ""
    return (
        "Events of any grade in at least "
        f"{formats.number_shortest(analysis.at_least_percent)}% of the patients of a group are shown."
    )


def _has_days(analyses: list[AdverseEvents]) -> bool:
    return any(not isinstance(each, str) and (each.onset or each.duration) for a in analyses for each in a.events)


def _gradings(analyses: list[AdverseEvents]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(analysis.grading for analysis in analyses))


def _header(analysis: AdverseEvents, found: Found, results: Results) -> tuple[tuple[Cell, ...], ...]:
    grades = grades_shown(analysis)
    rows = results.where(analysis=analysis.name)
    above = [size_head(rows, group, found.warnings if group else (), len(grades)) for group in found.sizes]
    below = [Cell(f"{HEADS[grade]}, n (%)") for _ in found.sizes for grade in grades]
    return (Cell(""), *above), (Cell("Event"), *below)


def _event_rows(study: Study, analysis: AdverseEvents, found: Found, event: str, *, indent: int) -> Iterator[Row]:
    decimals = formats.percent_decimals(found.sizes.values())
    grades = grades_shown(analysis)
    cells = [_counted(found, event, grade, group, decimals) for group in found.sizes for grade in grades]
    yield Row(Cell(variable_label(study, event)), tuple(cells), indent)
    for name in _days_of(analysis, event):
        label = study.variable(name).title
        cells = [
            cell
            for group in found.sizes
            for cell in (_quartiles(study, found, name, group), *[Cell("")] * (len(grades) - 1))
        ]
        yield Row(Cell(f"{label}, {inside_sentence(in_force().quartiles)}"), tuple(cells), indent=1, fixed=True)


def _days_of(analysis: AdverseEvents, event: str) -> list[str]:
    for each in analysis.events:
        if not isinstance(each, str) and each.variable == event:
            return [name for name in (each.onset, each.duration) if name]
    return []


def _counted(found: Found, event: str, grade: str, group: str, decimals: int) -> Cell:
    having = found.having[event, grade, group]
    of = having.n if having.n != found.sizes[group] else None
    return Cell(formats.count_percent(having.x, having.percent, decimals, of), behind=having.behind)


def _quartiles(study: Study, found: Found, name: str, group: str) -> Cell:
    days, decimals = found.days[name, group], study.variable(name).decimals
    if days.median is None:
        return Cell(formats.REFERENCE, behind=days.behind[:1])
    # A median of an even number of whole days may lie between two of them.
    texts = [_number(value, decimals) for value in (days.median, days.q1, days.q3)]
    notes = (f"Known of {days.n} of {days.of} patients.",) if days.n != days.of else ()
    return Cell(f"{texts[0]} ({formats.between(*texts[1:])})", notes, behind=days.behind)


def _number(value: float | None, decimals: int) -> str:
    is_finer = value is not None and formats.rounded(value, decimals) != formats.rounded(value, decimals + 1)
    return formats.number(value, decimals + is_finer)


def _footnotes(study: Study, analyses: list[AdverseEvents], found: list[Found]) -> Iterator[str]:
    yield _ONCE
    if len(_gradings(analyses)) > 1:
        by_grading = {
            grading: joined([inside_sentence(analysis_title(study, a.name)) for a in analyses if a.grading == grading])
            for grading in _gradings(analyses)
        }
        yield f"Graded by {'; '.join(f'{grading}: {what}' for grading, what in by_grading.items())}."
    said = [threshold_sentence(analysis) for analysis in analyses]
    if len(set(said)) == 1:
        yield from filter(None, said[:1])
    else:
        yield from (
            f"{analysis_title(study, a.name)}: {inside_sentence(text)}"
            for a, text in zip(analyses, said, strict=True)
            if text
        )
    unlike = any(having.n != counts.sizes[group] for counts in found for (_, _, group), having in counts.having.items())
    if unlike:
        yield "Where the grade of a patient is not known, counts are of the patients whose grade is (n/N)."
