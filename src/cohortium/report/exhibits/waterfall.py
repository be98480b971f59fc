"""The waterfall plot: the best change of every patient."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from cohortium.report import formats
from cohortium.report.exhibits.chosen import chosen_analysis, without_numbers
from cohortium.report.exhibits.individuals import (
    ONE_PATIENT,
    chosen_bars,
    color_of,
    evenly_spaced,
    heading,
    key_of,
    shared_caption,
)
from cohortium.report.figures import waterfall as drawing
from cohortium.report.figures.readout import what_is_said
from cohortium.report.figures.save import Drawing
from cohortium.report.figures.waterfall import ChangeBar, ChangePanel
from cohortium.report.findings.individual import CUT, Bar, individuals
from cohortium.report.labels import inside_sentence, variable_label
from cohortium.report.tables.response import NOT_KNOWN
from cohortium.results import Results
from cohortium.study.analyses import IndividualCourses

if TYPE_CHECKING:
    from cohortium.study.model import Figure as FigureSpec
    from cohortium.study.study import Study

MOST_BARS = 400
DATA_HEADER = ("group", "bar", "change_percent", "response", "cut_off")


def make(study: Study, results: Results, spec: FigureSpec) -> Drawing:
    """The drawing of an individual-courses analysis of a change, the largest increase first."""
    analysis = chosen_analysis(study, spec, IndividualCourses)
    found = individuals(results, analysis.name, "change")
    chosen = chosen_bars(study, analysis, spec, found)
    if not chosen:
        return without_numbers(results, spec, "change of any patient", ("n",))
    # Of bars of one height the worse response comes first, as the better ones are at the right.
    worst_first = {group: each[::-1] for group, each in chosen.items()}
    bars = {group: sorted(each, key=lambda bar: -bar.value) for group, each in worst_first.items()}
    most = spec.most_bars or MOST_BARS
    key, styles = key_of(study, analysis, bars)
    panels = []
    for position, group in enumerate(found.bars):
        if group in bars:
            drawn = evenly_spaced(bars[group], most)
            shown = tuple(ChangeBar(b.value, styles[b.response], b.end == CUT, _said(group, b)) for b in drawn)
            title = heading(group, len(bars[group]), len(drawn))
            panels.append(ChangePanel(title, color_of(study, analysis, group, position), shown))
    label = variable_label(study, analysis.change or "")
    figure = drawing.draw(panels, key, y_label=f"{label}, %", width=spec.width)
    caption = (
        *_caption(study, analysis, bars),
        *shared_caption(study, analysis, spec, found, some_drawn=any(len(each) > most for each in bars.values())),
    )
    return Drawing(figure, _alt(study, analysis, bars), caption, tuple(_data(bars)), what_is_said(figure))


def _said(group: str, bar: Bar) -> str:
    """`New: -45%, PR`."""
    more = "more than " if bar.end == CUT else ""
    change = f"{more}{formats.number(bar.value)}%, {bar.response or inside_sentence(NOT_KNOWN)}"
    return f"{group}: {change}" if group else change


def _caption(study: Study, analysis: IndividualCourses, bars: dict[str, list[Bar]]) -> Iterator[str]:
    response = inside_sentence(variable_label(study, analysis.response))
    change = inside_sentence(variable_label(study, analysis.change or ""))
    yield f"{ONE_PATIENT}, the largest increase at the left: {change} in percent; colors are {response}."
    n_cut = sum(bar.end == CUT for each in bars.values() for bar in each)
    if n_cut:
        limit = formats.number_shortest(analysis.largest_change)
        yield f"A triangle marks increases of more than {limit}%, which are cut off ({formats.plural(n_cut, 'patient')})."


def _alt(study: Study, analysis: IndividualCourses, bars: dict[str, list[Bar]]) -> str:
    parts = [f"Waterfall plot, {inside_sentence(variable_label(study, analysis.change or ''))}, a bar per patient."]
    for group, each in bars.items():
        values = [bar.value for bar in each]
        half, fell = sum(v <= -50 for v in values), sum(v < 0 for v in values)
        parts.append(
            f"{group or 'All patients'}: {formats.plural(len(each), 'patient')}, from "
            f"{formats.number(max(values))}% to {formats.number(min(values))}%; {formats.count(fell)} with a decrease, "
            f"{formats.count(half)} with one of 50% or more."
        )
    return " ".join(parts)


def _data(bars: dict[str, list[Bar]]) -> Iterator[tuple[object, ...]]:
    yield DATA_HEADER
    for group, each in bars.items():
        for number, bar in enumerate(each, 1):
            yield group, number, bar.value, bar.response or NOT_KNOWN, "yes" if bar.end == CUT else "no"
