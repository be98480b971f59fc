"""Rates of outcomes: two columns a group, a row an outcome, then the comparisons."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from cohortium.report import formats
from cohortium.report.findings.comparisons import versus
from cohortium.report.findings.response import Contrast, OutcomeLine, Rate, Response, response, stratified_test
from cohortium.report.findings.warned import as_sentence
from cohortium.report.labels import strata_phrase, variable_label
from cohortium.report.methods.proportions import intervals_of
from cohortium.report.table import Cell, Row, Table
from cohortium.report.tables.size_head import size_head
from cohortium.results import Results
from cohortium.study.analyses import ResponseRates, StratifiedRates

if TYPE_CHECKING:
    from cohortium.study.model import Table as TableSpec
    from cohortium.study.study import Study

POPULATIONS = {"all-treated": "All treated patients", "response-evaluable": "Response-evaluable patients"}
NOT_KNOWN = "Not known"
_COUNTED = {
    "all-treated": "Of all treated patients, those without a known value count as without the outcome.",
    "response-evaluable": "Response-evaluable patients are those with a known value.",
}


def build(study: Study, results: Results, spec: TableSpec) -> Table:
    """The table of the one response-rates analysis named for it; stratified comparisons become footnotes."""
    chosen = [study.analysis(name) for name in spec.analyses]
    analysis = next(a for a in chosen if isinstance(a, ResponseRates))
    found = response(results, analysis.name)
    decimals = formats.percent_decimals(found.sizes.values())
    body: list[Row] = []
    for population in found.populations:
        headed = len(found.populations) > 1
        if headed:
            body.append(Row(Cell(POPULATIONS[population]), section=bool(found.levels)))
        body += _level_rows(study, analysis, found, population, decimals)
        if found.levels:
            body.append(Row(Cell("Rates")))
        lines = (line for line in found.lines if line.population == population)
        indent = int(headed or bool(found.levels))
        body += (Row(Cell(line.label), _cells(analysis, line, decimals), indent=indent) for line in lines)
    stratified = [a for a in chosen if isinstance(a, StratifiedRates)]
    notes = (
        *footnotes(analysis, found),
        *(_stratified_note(study, results, each) for each in stratified),
        *spec.footnotes,
    )
    return Table(spec.name, spec.title, _header(results, analysis, found), tuple(body), notes)


def _level_rows(
    study: Study, analysis: ResponseRates, found: Response, population: str, decimals: int
) -> Iterator[Row]:
    """A heading, then patients at each level in declared order; the columns that compare groups are empty."""
    levels = [level for level in found.levels if level.population == population]
    if not levels or analysis.variable is None:
        return
    n_empty = 2 * len(found.compared) + _has_whole_test(found)
    yield Row(Cell(variable_label(study, analysis.variable)))
    for level in levels:
        cells = [
            cell
            for rate in level.rates
            for cell in (
                Cell(counted(rate), behind=rate.behind[:1]),
                Cell(formats.percent(rate.percent, decimals), behind=rate.behind[1:] or rate.behind),
            )
        ]
        yield Row(Cell(level.label or NOT_KNOWN), (*cells, *(Cell(""),) * n_empty), indent=1)


def _header(results: Results, analysis: ResponseRates, found: Response) -> tuple[tuple[Cell, ...], ...]:
    interval = formats.confidence(analysis.confidence)
    above, bottom = [Cell("")], [Cell("Outcome")]
    rows = results.where(analysis=analysis.name, method="response-rates")
    for group in found.sizes:
        above.append(size_head(rows, group, found.warnings if group else (), 2))
        bottom += (Cell("n/N"), Cell(f"% ({interval})"))
    for groups in found.compared:
        above.append(Cell(versus(groups), span=2))
        bottom += (Cell(f"{analysis.compare.capitalize()} ({interval})"), Cell(formats.p_letter()))
    if _has_whole_test(found):
        above.append(Cell(""))
        bottom.append(Cell("p, all groups"))
    return tuple(above), tuple(bottom)


def _has_whole_test(found: Response) -> bool:
    return any(line.test for line in found.lines)


def _cells(analysis: ResponseRates, line: OutcomeLine, decimals: int) -> tuple[Cell, ...]:
    cells: list[Cell] = []
    for rate in line.rates:
        cells += (
            Cell(counted(rate), behind=rate.behind[:1]),
            Cell(percentage(rate, decimals), behind=rate.behind[1:]),
        )
    for contrast in line.contrasts:
        shown = compared(contrast, analysis.compare)
        cells += (Cell(shown, contrast.warnings, behind=contrast.behind[:1]), _p(contrast))
    if line.test:
        notes = (as_sentence(line.test), *line.test_warnings)
        cells.append(Cell(formats.p_value(line.p), notes, behind=line.behind))
    return tuple(cells)


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


def _p(contrast: Contrast) -> Cell:
    notes = (as_sentence(contrast.test), *contrast.test_warnings)
    return Cell(formats.p_value(contrast.p), notes, behind=contrast.behind[1:])


def footnotes(analysis: ResponseRates, found: Response) -> Iterator[str]:
    """Denominators, intervals, and what a comparison is."""
    if found.levels:
        yield "Percentages may not total 100 because of rounding."
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
        yield f"{intervals}, {compared} with {of_contrast} intervals."


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
