"""Rates of outcomes: a column a group; below each outcome its count, its interval and its comparisons."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from cohortium.report import formats
from cohortium.report.findings.response import Contrast, OutcomeLine, Rate, Response, response, stratified_test
from cohortium.report.findings.warned import as_sentence
from cohortium.report.labels import strata_phrase, variable_label
from cohortium.report.methods.proportions import intervals_of
from cohortium.report.rounding import rounding_notes
from cohortium.report.table import Cell, Row, Table
from cohortium.report.tables.size_head import size_head
from cohortium.results import Results
from cohortium.study.analyses import ResponseRates, StratifiedRates

if TYPE_CHECKING:
    from cohortium.study.model import Table as TableSpec
    from cohortium.study.study import Study

POPULATIONS = {"all-treated": "All treated patients", "response-evaluable": "Response-evaluable patients"}
NOT_KNOWN = "Not known"
COUNTS = "n/N (%)"
_COUNTED = {
    "all-treated": "Of all treated patients, those without a known value count as without the outcome.",
    "response-evaluable": "Response-evaluable patients are those with a known value.",
}


def build(study: Study, results: Results, spec: TableSpec) -> Table:
    """The table of the one response-rates analysis named for it; stratified comparisons become footnotes."""
    chosen = [study.analysis(name) for name in spec.analyses]
    analysis = next(a for a in chosen if isinstance(a, ResponseRates))
    found = response(results, analysis.name)
    rows = results.where(analysis=analysis.name, method="response-rates")
    decimals = formats.percent_decimals(found.sizes.values())
    body: list[Row] = []
    for population in found.populations:
        if len(found.populations) > 1:
            body.append(Row(Cell(POPULATIONS[population]), section=True))
        body += _level_rows(study, analysis, found, population, decimals)
        for line in found.lines:
            if line.population == population:
                body += _outcome_rows(analysis, found, line, decimals)
    stratified = [a for a in chosen if isinstance(a, StratifiedRates)]
    notes = (
        *footnotes(analysis, found),
        *(_stratified_note(study, results, each) for each in stratified),
        *spec.footnotes,
    )
    return Table(spec.name, spec.title, _header(rows, found), tuple(body), notes)


def _level_rows(
    study: Study, analysis: ResponseRates, found: Response, population: str, decimals: int
) -> Iterator[Row]:
    """A heading, then patients at each level in declared order."""
    levels = [level for level in found.levels if level.population == population]
    if not levels or analysis.variable is None:
        return
    yield Row(Cell(f"{variable_label(study, analysis.variable)}, {COUNTS}"))
    for level in levels:
        yield _row(found, level.label or NOT_KNOWN, [_counts(rate, decimals) for rate in level.rates], is_level=True)


def _outcome_rows(analysis: ResponseRates, found: Response, line: OutcomeLine, decimals: int) -> Iterator[Row]:
    """The outcome with the test of all groups, then a row each for counts, intervals, comparisons and their tests."""
    interval = formats.confidence(analysis.confidence)
    notes = (as_sentence(line.test), *line.test_warnings)
    whole = [Cell(formats.p_value(line.p), notes, behind=line.behind)] if line.test else []
    yield Row(Cell(line.label), (*[Cell("")] * len(found.sizes), *whole) if whole else ())
    yield _row(found, COUNTS, [_counts(rate, decimals) for rate in line.rates])
    yield _row(found, interval, [_interval(rate, decimals) for rate in line.rates])
    for reference in dict.fromkeys(contrast.reference for contrast in line.contrasts):
        against = {each.group: each for each in line.contrasts if each.reference == reference}
        stub = f"{analysis.compare.capitalize()} vs {reference} ({interval})"
        yield _row(found, stub, [_compared_cell(against, rate.group, reference, analysis) for rate in line.rates])
        yield _row(found, formats.p_letter(), [_p_cell(against, rate.group, reference) for rate in line.rates])


def _row(found: Response, stub: str, cells: Sequence[Cell], *, is_level: bool = False) -> Row:
    """An indented row with an empty place where all groups are compared."""
    empty = [Cell("")] * _has_whole_test(found)
    return Row(Cell(stub), (*cells, *empty), indent=1, fixed=not is_level)


def _header(rows: Results, found: Response) -> tuple[tuple[Cell, ...], ...]:
    heads = [size_head(rows, group, found.warnings if group else ()) for group in found.sizes]
    return ((Cell("Outcome"), *heads, *[Cell(f"{formats.p_letter()}, all groups")] * _has_whole_test(found)),)


def _has_whole_test(found: Response) -> bool:
    return any(line.test for line in found.lines)


def _counts(rate: Rate, decimals: int) -> Cell:
    return Cell(formats.count_percent(rate.x, rate.percent, decimals, rate.n), behind=rate.behind)


def _interval(rate: Rate, decimals: int) -> Cell:
    limits = [formats.percent(limit, decimals) for limit in (rate.lower, rate.upper)]
    return Cell(formats.between(*limits) if rate.percent is not None else formats.NOT_ESTIMABLE, behind=rate.behind[1:])


def _compared_cell(against: dict[str, Contrast], group: str, reference: str, analysis: ResponseRates) -> Cell:
    contrast = against.get(group)
    if contrast is None:
        return _beside(group, reference)
    return Cell(compared(contrast, analysis.compare), contrast.warnings, behind=contrast.behind[:1])


def _p_cell(against: dict[str, Contrast], group: str, reference: str) -> Cell:
    contrast = against.get(group)
    if contrast is None:
        return _beside(group, reference)
    notes = (as_sentence(contrast.test), *contrast.test_warnings)
    return Cell(formats.p_value(contrast.p), notes, behind=contrast.behind[1:])


def _beside(group: str, reference: str) -> Cell:
    return Cell(formats.REFERENCE if group == reference else "")


def counted(rate: Rate) -> str:
    """`94/193`."""
    return f"{formats.count(rate.x)}/{formats.count(rate.n)}"


def percentage(rate: Rate, decimals: int) -> str:
    """`48.7 (41.5 to 56.0)`."""
    return formats.of_hundred_interval(rate.percent, rate.lower, rate.upper, decimals)


def compared(contrast: Contrast, kind: str) -> str:
    """A difference in percentage points, always with a decimal so that its sign shows, or a ratio, with limits."""
    limits = (contrast.estimate, contrast.lower, contrast.upper)
    return formats.ratio_interval(*limits) if kind == "ratio" else formats.points_interval(*limits, 1)


def footnotes(analysis: ResponseRates, found: Response) -> Iterator[str]:
    """Denominators, intervals, and what a comparison is."""
    wholes: dict[tuple[str, str], list[float | None]] = {}
    for of_level in found.levels:
        for rate in of_level.rates:
            wholes.setdefault((of_level.population, rate.group), []).append(rate.percent)
    yield from rounding_notes(wholes.values(), formats.percent_decimals(found.sizes.values()))
    yield " ".join(_COUNTED[population] for population in found.populations)
    if analysis.not_evaluable and "response-evaluable" in found.populations:
        yield f"Not response-evaluable: {', '.join(analysis.not_evaluable)}."
    level = formats.number_shortest(100 * analysis.confidence)
    interval, of_contrast = intervals_of(analysis)
    intervals = f"Rates with {interval} {level}% intervals"
    if not found.compared:
        yield f"{intervals}."
    else:
        compared = "ratios" if analysis.compare == "ratio" else "differences in percentage points"
        yield f"{intervals}, {compared} with {of_contrast} intervals; {formats.REFERENCE}, reference group."


def _stratified_note(study: Study, results: Results, analysis: StratifiedRates) -> str:
    test = stratified_test(results, analysis.name)
    head = f"{test.outcome}, {test.groups}, {strata_phrase(study, analysis.strata)}"
    if test.p is None:
        return " ".join([f"{head}: no test.", *test.warnings])
    exact = f" (exact {formats.p_equation(test.exact_p)})" if test.exact_p is not None else ""
    interval = formats.confidence(test.confidence)
    ratio = formats.ratio_interval(test.odds_ratio, test.lower, test.upper)
    unlike = (
        f"; Breslow-Day test of a common odds ratio, {formats.p_equation(test.homogeneity_p)}"
        if test.homogeneity_p is not None
        else ""
    )
    sentence = (
        f"{head}: Cochran-Mantel-Haenszel chi-square {formats.number(test.chi_square, 1)}, "
        f"{formats.p_equation(test.p)}{exact}; odds ratio ({interval}) {ratio}{unlike}; "
        f"{formats.plural(test.n, 'patient')}, {test.n_informative} of {formats.plural(test.n_strata, 'stratum', 'strata')} "
        "informative."
    )
    return " ".join([sentence, *test.warnings])
