"""The figure of outcome rates with their intervals, by group."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from cohortium.report import formats
from cohortium.report.abbreviations import abbreviations
from cohortium.report.exhibits.chosen import chosen_analysis
from cohortium.report.figures import response as drawing
from cohortium.report.figures.readout import RowReadout
from cohortium.report.figures.response import RateLine
from cohortium.report.figures.save import Drawing
from cohortium.report.findings.response import OutcomeLine, Rate, Response, response
from cohortium.report.labels import color_index, inside_sentence
from cohortium.report.methods.proportions import intervals_of
from cohortium.report.tables.response import POPULATIONS, counted, percentage
from cohortium.results import Results
from cohortium.study.analyses import ResponseRates

if TYPE_CHECKING:
    from cohortium.study.model import Figure as FigureSpec
    from cohortium.study.study import Study

DATA_HEADER = ("population", "outcome", "group", "count", "denominator", "percent", "lower", "upper")


def make(study: Study, results: Results, spec: FigureSpec) -> Drawing:
    """The drawing of a response-rates analysis: the first of its denominators, each group or all patients."""
    analysis = chosen_analysis(study, spec, ResponseRates)
    found = response(results, analysis.name)
    drawn = found.populations[0]
    interval = formats.confidence(analysis.confidence)
    lines = tuple(_lines(study, analysis, found, drawn))
    figure = drawing.draw(
        lines,
        x_label=f"{POPULATIONS[drawn]}, %",
        interval=interval,
        width=spec.width,
    )
    caption = tuple(_caption(analysis, found, drawn))
    return Drawing(figure, _alt(found, drawn), caption, tuple(_data(found)), RowReadout(tuple(_texts(lines, interval))))


def _texts(lines: tuple[RateLine, ...], interval: str) -> Iterator[str]:
    """`Response, Female: 12/30, 40.0% (95% CI, 22.7 to 59.4)`; empty for a heading."""
    heading = ""
    for line in lines:
        heading = heading if line.indent else line.label
        if line.is_heading:
            yield ""
            continue
        name = f"{heading}, {line.label}" if line.indent else line.label
        exact = formats.of_hundred_interval(line.percent, line.lower, line.upper, 2)
        yield f"{name}: {line.counted}, % ({interval}) {exact}"


def _shown(line: OutcomeLine) -> tuple[Rate, ...]:
    """The groups; all patients where there are none."""
    return tuple(rate for rate in line.rates if rate.group) or line.rates


def _lines(study: Study, analysis: ResponseRates, found: Response, drawn: str) -> Iterator[RateLine]:
    decimals = formats.percent_decimals(found.sizes.values())
    for line in found.lines:
        if line.population != drawn:
            continue
        shown = _shown(line)
        if shown[0].group:
            yield RateLine(line.label)
        for position, rate in enumerate(shown):
            yield RateLine(
                rate.group or line.label,
                counted(rate),
                percentage(rate, decimals),
                rate.percent,
                rate.lower,
                rate.upper,
                color_index(study, analysis.by, rate.group, position),
                indent=bool(rate.group),
            )


def _caption(analysis: ResponseRates, found: Response, drawn: str) -> Iterator[str]:
    interval = formats.confidence(analysis.confidence)
    yield f"{POPULATIONS[drawn]}; {intervals_of(analysis)[0]} intervals."
    if len(found.populations) > 1:
        others = " and ".join(inside_sentence(POPULATIONS[name]) for name in found.populations[1:])
        yield f"The data file also has the {others}."
    yield abbreviations(heads=[f"% ({interval})"], values=[percentage(rate, 1) for rate in _rates(found, drawn)])
    yield from found.warnings


def _rates(found: Response, drawn: str) -> list[Rate]:
    return [rate for line in found.lines if line.population == drawn for rate in _shown(line)]


def _alt(found: Response, drawn: str) -> str:
    decimals = formats.percent_decimals(found.sizes.values())
    parts = [f"Rates with confidence intervals, {inside_sentence(POPULATIONS[drawn])}."]
    for line in found.lines:
        if line.population == drawn:
            rates = (
                f"{f'{rate.group} ' if rate.group else ''}{counted(rate)}, {percentage(rate, decimals)}%"
                for rate in _shown(line)
            )
            parts.append(f"{line.label}: {'; '.join(rates)}.")
    return " ".join(parts)


def _data(found: Response) -> Iterator[tuple[object, ...]]:
    yield DATA_HEADER
    for line in found.lines:
        for rate in line.rates:
            yield line.population, line.label, rate.group, rate.x, rate.n, rate.percent, rate.lower, rate.upper
