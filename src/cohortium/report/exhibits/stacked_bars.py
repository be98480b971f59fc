"""The figure of every level of a response by group, with the rates of the outcomes below."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from cohortium.report import formats
from cohortium.report.exhibits.chosen import chosen_analysis
from cohortium.report.figures import stacked_bars as drawing
from cohortium.report.figures.ordered_colors import UNKNOWN, LevelStyle, level_styles
from cohortium.report.figures.readout import what_is_said
from cohortium.report.figures.save import Drawing
from cohortium.report.figures.stacked_bars import StackedBar
from cohortium.report.figures.style import SMALL_PT, text_mm
from cohortium.report.findings.response import LevelLine, OutcomeLine, Rate, Response, response
from cohortium.report.labels import color_index, inside_sentence, variable_label
from cohortium.report.methods.proportions import INTERVALS
from cohortium.report.rounding import rounding_notes
from cohortium.report.tables.response import NOT_KNOWN, POPULATIONS, counted, percentage
from cohortium.results import Results
from cohortium.study.analyses import ResponseRates

if TYPE_CHECKING:
    from cohortium.study.model import Figure as FigureSpec
    from cohortium.study.study import Study

DATA_HEADER = ("population", "group", "level", "count", "denominator", "percent")


def make(study: Study, results: Results, spec: FigureSpec) -> Drawing:
    """The drawing of a response-rates analysis with categories: the first of its denominators, a bar a group."""
    analysis = chosen_analysis(study, spec, ResponseRates)
    found = response(results, analysis.name)
    drawn = found.populations[0]
    levels = [line for line in found.levels if line.population == drawn]
    rates = [line for line in found.lines if line.population == drawn]
    styles = styles_of(study, analysis.variable or "", analysis.not_evaluable)
    looks = [(line.label or NOT_KNOWN, styles.get(line.label, UNKNOWN)) for line in levels]
    interval = formats.confidence(analysis.confidence)
    texts, with_limits = _below(found, rates, [name for name, _ in looks], spec, interval)
    names = _names(rates, with_limits, interval)
    bars = [
        _bar(study, analysis, found, levels, position, group, texts[position])
        for position, group in enumerate(found.sizes)
    ]
    figure = drawing.draw(
        bars,
        looks,
        y_label=f"{POPULATIONS[drawn]}, %",
        names=names,
        width=spec.width,
    )
    numbers = drawing.has_numbers(len(bars), spec.width, [name for name, _ in looks], names)
    caption = tuple(_caption(study, analysis, found, drawn, numbers=numbers, with_limits=with_limits))
    return Drawing(figure, _alt(found, levels, rates, drawn), caption, tuple(_data(found)), what_is_said(figure))


def styles_of(study: Study, variable: str, unassessed: Sequence[str]) -> dict[str, LevelStyle]:
    """The style of each level of a category by label; the same in every figure of the study."""
    levels = study.variable(variable).levels
    labels = [level.label for level in levels if {level.code, level.label} & set(unassessed)]
    return level_styles([level.label for level in levels], labels)


def _names(rates: Sequence[OutcomeLine], with_limits: bool, interval: str) -> list[str]:
    return [f"{line.label}, % ({interval})" if with_limits else f"{line.label}, %" for line in rates]


def _below(
    found: Response, rates: Sequence[OutcomeLine], levels: Sequence[str], spec: FigureSpec, interval: str
) -> tuple[list[tuple[str, ...]], bool]:
    """The rates under each bar, with limits where there is room for all of them."""
    decimals = formats.percent_decimals(found.sizes.values())
    groups = range(len(found.sizes))
    long = [tuple(percentage(line.rates[g], decimals) for line in rates) for g in groups]
    room = drawing.widest_rate(len(found.sizes), spec.width, levels, _names(rates, True, interval))
    if max((text_mm(text, SMALL_PT) for texts in long for text in texts), default=0.0) <= room:
        return long, True
    return [tuple(formats.percent(line.rates[g].percent, decimals) for line in rates) for g in groups], False


def _bar(
    study: Study,
    analysis: ResponseRates,
    found: Response,
    levels: Sequence[LevelLine],
    position: int,
    group: str,
    below: tuple[str, ...],
) -> StackedBar:
    decimals = formats.percent_decimals(found.sizes.values())
    shares = [line.rates[position].percent or 0.0 for line in levels]
    n = max((line.rates[position].n for line in levels), default=0)
    color = color_index(study, analysis.by, group, position) if group else None
    printed = tuple(formats.percent(share, decimals) for share in shares)
    said = tuple(
        f"{group or 'All patients'}, {line.label or NOT_KNOWN}: {counted(line.rates[position])}, {text}%"
        for line, text in zip(levels, printed, strict=True)
    )
    # Between the names of groups the one word is enough.
    name = group or ("All" if analysis.by else "All patients")
    return StackedBar(name, formats.count(n), tuple(shares), printed, below, color, said)


def _caption(
    study: Study, analysis: ResponseRates, found: Response, drawn: str, *, numbers: bool, with_limits: bool
) -> Iterator[str]:
    label = variable_label(study, analysis.variable or "")
    least = formats.number_shortest(drawing.LEAST_PRINTED)
    head = f"{label}, {inside_sentence(POPULATIONS[drawn])}"
    yield f"{head}; percentages of {least} or more are printed in the bars." if numbers else f"{head}."
    below = f" with {INTERVALS[analysis.interval]} intervals (CI, confidence interval)" if with_limits else ""
    if numbers:
        yield f"Below the bars, rates of the same patients{below}."
        levels = [line for line in found.levels if line.population == drawn]
        wholes = [[line.rates[position].percent for line in levels] for position in range(len(found.sizes))]
        yield from rounding_notes(wholes, formats.percent_decimals(found.sizes.values()))
    if len(found.populations) > 1:
        yield "The data file also has the other denominator."
    yield from found.warnings


def _alt(found: Response, levels: Sequence[LevelLine], rates: Sequence[OutcomeLine], drawn: str) -> str:
    decimals = formats.percent_decimals(found.sizes.values())

    def said(label: str, rate: Rate) -> str:
        return f"{label} {counted(rate)} ({formats.percent(rate.percent, decimals)}%)"

    parts = [f"Bars of 100 percent, {inside_sentence(POPULATIONS[drawn])}."]
    for position, group in enumerate(found.sizes):
        each = "; ".join(said(line.label or "not known", line.rates[position]) for line in levels)
        outcomes = "; ".join(said(inside_sentence(line.label), line.rates[position]) for line in rates)
        parts.append(f"{group or 'All patients'}: {each}; together, {outcomes}.")
    return " ".join(parts)


def _data(found: Response) -> Iterator[tuple[object, ...]]:
    yield DATA_HEADER
    for line in found.levels:
        for rate in line.rates:
            yield line.population, rate.group, line.label or NOT_KNOWN, rate.x, rate.n, rate.percent
