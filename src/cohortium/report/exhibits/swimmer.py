"""The swimmer plot: the course of every patient, with first response and end."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import ceil
from typing import TYPE_CHECKING

from cohortium.report import formats
from cohortium.report.exhibits.chosen import chosen_analysis, without_numbers
from cohortium.report.exhibits.individuals import (
    ONE_PATIENT,
    chosen_bars,
    color_of,
    evenly_spaced,
    fitting,
    heading,
    key_of,
    shared_caption,
)
from cohortium.report.figures import swimmer as drawing
from cohortium.report.figures.level_key import Marker
from cohortium.report.figures.readout import what_is_said
from cohortium.report.figures.save import Drawing
from cohortium.report.figures.swimmer import ARROW, ENDS, FIRST, CourseBar, CoursePanel
from cohortium.report.findings.individual import CUT, Bar, individuals
from cohortium.report.labels import inside_sentence, since, variable_label
from cohortium.report.tables.response import NOT_KNOWN
from cohortium.results import Results
from cohortium.study.analyses import IndividualCourses

if TYPE_CHECKING:
    from cohortium.study.model import Figure as FigureSpec
    from cohortium.study.study import Study

MOST_BARS = 60
DATA_HEADER = ("group", "bar", "days", "response", "first_response_days", "end")


def make(study: Study, results: Results, spec: FigureSpec) -> Drawing:
    """The drawing of an individual-courses analysis of an endpoint, the longest course first."""
    analysis = chosen_analysis(study, spec, IndividualCourses)
    found = individuals(results, analysis.name, "course")
    chosen = chosen_bars(study, analysis, spec, found)
    if not chosen:
        return without_numbers(results, spec, "course of any patient", ("n",))
    bars = {group: sorted(each, key=lambda bar: -bar.value) for group, each in chosen.items()}
    most = fitting([len(each) for each in bars.values()], spec.most_bars or MOST_BARS, drawing.room(len(bars)))
    key, styles = key_of(study, analysis, bars)
    ends = _ends(study, analysis)
    panels = []
    for position, group in enumerate(found.bars):
        if group in bars:
            drawn = evenly_spaced(bars[group], most)
            shown = tuple(
                CourseBar(b.value, styles[b.response], b.first, _end(b, ends), _said(study, group, b)) for b in drawn
            )
            title = heading(group, len(bars[group]), len(drawn))
            panels.append(CoursePanel(title, color_of(study, analysis, group, position), shown))
    figure = drawing.draw(
        panels,
        key,
        _signs(bars, ends),
        last_day=_whole_months(max(bar.value for each in bars.values() for bar in each), study.file.time.month_days),
        month_days=study.file.time.month_days,
        x_label=f"Months since {since(study, analysis.endpoint or '')}",
        width=spec.width,
    )
    caption = (
        *_caption(study, analysis, bars),
        *shared_caption(study, analysis, spec, found, some_drawn=any(len(each) > most for each in bars.values())),
    )
    return Drawing(figure, _alt(study, analysis, bars, ends), caption, tuple(_data(bars)), what_is_said(figure))


def _whole_months(days: float, month_days: float) -> float:
    """The end of the month in which a day lies."""
    return ceil(days / month_days) * month_days


def _ends(study: Study, analysis: IndividualCourses) -> tuple[str, ...]:
    """How a course can end, as printed, in declared order."""
    made = study.made(analysis.endpoint or "")
    return made.causes if made.has_causes else (study.endpoint(analysis.endpoint or "").label,)


def _end(bar: Bar, ends: Sequence[str]) -> int | None:
    return None if bar.goes_on else ends.index(bar.end)


def _said(study: Study, group: str, bar: Bar) -> str:
    """`New: 11.0 months, progression; PR, first response at 2.1 months`."""
    month_days = study.file.time.month_days
    course = f"{formats.months(bar.value, month_days)} months, {inside_sentence(bar.end)}"
    first = f", first response at {formats.months(bar.first, month_days)} months" if bar.first is not None else ""
    head = f"{group}: " if group else ""
    return f"{head}{course}; {bar.response or inside_sentence(NOT_KNOWN)}{first}"


def _signs(bars: dict[str, list[Bar]], ends: Sequence[str]) -> list[tuple[str, Marker]]:
    shown = [bar for each in bars.values() for bar in each]
    signs = [("First response", FIRST)] if any(bar.first is not None for bar in shown) else []
    signs += [(end, ENDS[i % len(ENDS)]) for i, end in enumerate(ends) if any(bar.end == end for bar in shown)]
    return [*signs, ("Ongoing", ARROW)] if any(bar.goes_on for bar in shown) else signs


def _caption(study: Study, analysis: IndividualCourses, bars: dict[str, list[Bar]]) -> Iterator[str]:
    response = inside_sentence(variable_label(study, analysis.response))
    endpoint = inside_sentence(study.endpoint(analysis.endpoint or "").label)
    yield (
        f"{ONE_PATIENT}, the longest at the top: time to {endpoint} or last follow-up, counted in {analysis.unit}; "
        f"colors are {response}. An arrow is a patient still followed without an event."
    )
    n_cut = sum(bar.end == CUT for each in bars.values() for bar in each)
    if n_cut:
        last = max(bar.value for each in bars.values() for bar in each)
        months = formats.months(last, study.file.time.month_days)
        yield f"Courses of {formats.plural(n_cut, 'patient')} go on beyond {months} months and are cut off there."


def _alt(study: Study, analysis: IndividualCourses, bars: dict[str, list[Bar]], ends: Sequence[str]) -> str:
    month_days = study.file.time.month_days
    parts = [f"Swimmer plot, a bar per patient, {inside_sentence(variable_label(study, analysis.response))} as color."]
    for group, each in bars.items():
        longest = formats.months(max(bar.value for bar in each), month_days)
        counted = [(inside_sentence(end), sum(bar.end == end for bar in each)) for end in ends]
        counted.append(("ongoing", sum(bar.goes_on for bar in each)))
        said = ", ".join(f"{formats.count(n)} {what}" for what, n in counted if n)
        n = formats.plural(len(each), "patient")
        parts.append(f"{group or 'All patients'}: {n}, the longest course {longest} months; {said}.")
    return " ".join(parts)


def _data(bars: dict[str, list[Bar]]) -> Iterator[tuple[object, ...]]:
    yield DATA_HEADER
    for group, each in bars.items():
        for number, bar in enumerate(each, 1):
            yield group, number, bar.value, bar.response or NOT_KNOWN, bar.first, bar.end
