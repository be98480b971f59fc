"""Cumulative incidence at declared months by cause and group, with Gray's tests."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from cohortium.report import formats
from cohortium.report.findings.behind import named
from cohortium.report.findings.comparisons import comparisons
from cohortium.report.findings.step_lines import StepLine, incidences
from cohortium.report.findings.warned import as_sentence, timing_warnings
from cohortium.report.labels import analysis_title, grouped, inside_sentence, months_phrase, test_name
from cohortium.report.table import Cell, Row, Table
from cohortium.results import Results
from cohortium.study.analyses import CumulativeIncidence, Gray

if TYPE_CHECKING:
    from cohortium.study.model import Table as TableSpec
    from cohortium.study.study import Study


def build(study: Study, results: Results, spec: TableSpec) -> Table:
    """The table of cumulative-incidence analyses; Gray analyses named with them give a p-value to each cause."""
    chosen = [study.analysis(name) for name in spec.analyses]
    estimates = [analysis for analysis in chosen if isinstance(analysis, CumulativeIncidence)]
    tests = [analysis for analysis in chosen if isinstance(analysis, Gray)]
    at_months = sorted({month for analysis in estimates for month in analysis.at_months})
    body: list[Row] = []
    for analysis in estimates:
        body += _analysis_rows(study, results, analysis, _p_values(results, analysis, tests), at_months)
    with_p = bool(tests)
    body = body if with_p else [Row(row.stub, row.cells[:-1], row.indent, row.section) for row in body]
    kinds = {(analysis.interval, analysis.confidence) for analysis in estimates}
    levels = {confidence for _, confidence in kinds}
    interval = formats.confidence(levels.pop() if len(levels) == 1 else None)
    heads = ["Cause and group", "Patients", "Events"]
    heads += [f"At {formats.number_shortest(m)} {'month' if m == 1 else 'months'}, % ({interval})" for m in at_months]
    header = tuple(Cell(head) for head in (*heads, *([formats.p_letter()] if with_p else [])))
    notes = (
        f"Aalen-Johansen estimates of cumulative incidence. {months_phrase(study)}",
        *(
            f"{analysis_title(study, a.name)}: {formats.confidence(a.confidence)}, {a.interval}."
            for a in estimates
            if len(kinds) > 1
        ),
        *_test_notes(study, results, tests),
        *spec.footnotes,
    )
    return Table(spec.name, spec.title, (header,), tuple(body), notes)


def _analysis_rows(
    study: Study,
    results: Results,
    analysis: CumulativeIncidence,
    p_values: dict[str, Cell],
    at_months: list[float],
) -> Iterator[Row]:
    found = incidences(results, analysis.name)
    rows = results.where(analysis=analysis.name, statistic="cumulative-incidence-at")
    shared = [text for text in (found[0].warnings if found else ()) if all(text in line.warnings for line in found)]
    notes = (*shared, *timing_warnings(results, analysis.name))
    yield Row(Cell(analysis_title(study, analysis.name), notes), section=True)
    month_days = study.file.time.month_days
    for cause in dict.fromkeys(line.level for line in found):
        lines = [line for line in found if line.level == cause]
        p = p_values.get(cause, Cell(""))
        if len(lines) == 1 and not lines[0].label:
            yield Row(Cell(cause), (*_cells(analysis, lines[0], rows, at_months, month_days), p))
            continue
        yield Row(Cell(cause), (*(Cell(""),) * (2 + len(at_months)), p))
        for line in lines:
            own = tuple(text for text in line.warnings if text not in shared)
            cells = _cells(analysis, line, rows, at_months, month_days)
            yield Row(Cell(line.label, own), (*cells, Cell("")), indent=1)


def _cells(
    analysis: CumulativeIncidence, line: StepLine, rows: Results, at_months: list[float], month_days: float
) -> tuple[Cell, ...]:
    mine = rows.where(group=line.label, level=line.level)
    counts = (
        Cell("" if n is None else formats.count(n), behind=named(line.behind, statistic))
        for n, statistic in ((line.n, "n"), (line.n_events, "events"))
    )
    return *counts, *(_at(analysis, mine, month, month_days) for month in at_months)


def _at(analysis: CumulativeIncidence, mine: Results, month: float, month_days: float) -> Cell:
    if month not in analysis.at_months:
        return Cell("")
    nearest = min(mine, key=lambda s: abs((s.time or 0.0) - month * month_days), default=None)
    if nearest is None:
        return Cell(formats.NOT_ESTIMABLE)
    notes = (as_sentence(nearest.warning),) if nearest.warning else ()
    return Cell(formats.percent_interval(nearest.value, nearest.lower, nearest.upper), notes, behind=(nearest,))


def _p_values(results: Results, analysis: CumulativeIncidence, tests: list[Gray]) -> dict[str, Cell]:
    """The p-value of each cause, from the first test of the same comparison."""
    same = [test for test in tests if (test.endpoint, test.by) == (analysis.endpoint, analysis.by)]
    found = [c for test in same[:1] for c in comparisons(results, test.name) if not c.pair]
    return {test.cause: Cell(formats.p_value(test.p), behind=named(test.behind, "p-value")) for test in found}


def _test_notes(study: Study, results: Results, tests: list[Gray]) -> Iterator[str]:
    for analysis in tests:
        for test in comparisons(results, analysis.name):
            compared = f"{study.endpoint(analysis.endpoint).label}{grouped(study, analysis.by)}"
            name = test_name(study, test.name, analysis.strata)
            yield (
                f"{compared}, {inside_sentence(test.cause)}: {name}, chi-square {formats.number(test.chi_square, 1)}, "
                f"{formats.plural(test.df or 0, 'degree')} of freedom, {formats.p_equation(test.p)}. "
                + " ".join(test.warnings)
            ).rstrip()
