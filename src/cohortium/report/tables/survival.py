"""Medians and survival at declared months, a line per group, with the log-rank tests named below."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from cohortium.report import formats
from cohortium.report.findings.curves import Curve, curves, logrank_test, own_warnings, shared_warnings
from cohortium.report.findings.warned import as_sentence
from cohortium.report.labels import analysis_title, inside_sentence, months_phrase, test_name, variable_label
from cohortium.report.table import Cell, Row, Table
from cohortium.results import Results, Statistic
from cohortium.study.analyses import KaplanMeier, LogRank

if TYPE_CHECKING:
    from cohortium.study.model import Table as TableSpec
    from cohortium.study.study import Study

REVERSED = "In the reverse estimate the end of follow-up is the event, and an event of the endpoint censors."


def build(study: Study, results: Results, spec: TableSpec) -> Table:
    """The survival table of Kaplan-Meier analyses; log-rank analyses named with them become footnotes."""
    chosen = [study.analysis(name) for name in spec.analyses]
    estimates = [a for a in chosen if isinstance(a, KaplanMeier)]
    tests = [a for a in chosen if isinstance(a, LogRank)]
    at_months = sorted({month for analysis in estimates for month in analysis.at_months})
    found = {analysis.name: curves(results, analysis.name) for analysis in estimates}
    body: list[Row] = []
    for analysis in estimates:
        body += _analysis_rows(study, results, analysis, found[analysis.name], at_months)
    return Table(
        spec.name,
        spec.title,
        (_header(estimates, at_months),),
        tuple(body),
        (*_footnotes(study, results, found, estimates, tests), *spec.footnotes),
    )


def _header(estimates: list[KaplanMeier], at_months: list[float]) -> tuple[Cell, ...]:
    levels = {analysis.confidence for analysis in estimates}
    interval = formats.confidence(levels.pop() if len(levels) == 1 else None)
    landmarks = (
        Cell(f"At {formats.number_shortest(month)} {'month' if month == 1 else 'months'}, % ({interval})")
        for month in at_months
    )
    return (Cell("Group"), Cell("Patients"), Cell("Events"), Cell(f"Median, months ({interval})"), *landmarks)


def _analysis_rows(
    study: Study, results: Results, analysis: KaplanMeier, found: tuple[Curve, ...], at_months: list[float]
) -> list[Row]:
    notes = (*shared_warnings(found), *((REVERSED,) if analysis.reverse else ()))
    title = Cell(analysis_title(study, analysis.name), notes)
    month_days = study.file.time.month_days
    rows = results.where(analysis=analysis.name, method="kaplan-meier")
    lines = [
        (
            *_counts_and_median(curve, rows, month_days, quartiles=analysis.reverse),
            *(_landmark(analysis, rows, curve, month, month_days) for month in at_months),
        )
        for curve in found
    ]
    if len(found) == 1 and not found[0].label:
        return [Row(title, lines[0])]
    return [
        Row(title),
        *(Row(Cell(c.label, own_warnings(c, found)), line, indent=1) for c, line in zip(found, lines, strict=True)),
    ]


def _counts_and_median(curve: Curve, rows: Results, month_days: float, *, quartiles: bool) -> tuple[Cell, ...]:
    median = formats.months_interval(
        curve.median_days, curve.median_lower, curve.median_upper, month_days, reached=curve.median_reached
    )
    notes = _quartile_note(curve, rows, month_days) if quartiles else ()
    return Cell(formats.count(curve.n)), Cell(formats.count(curve.n_events)), Cell(median, notes)


def _quartile_note(curve: Curve, rows: Results, month_days: float) -> tuple[str, ...]:
    found = {s.level: s for s in rows.where(group=curve.label, statistic="quantile")}
    if "0.25" not in found or "0.75" not in found:
        return ()
    first, third = (formats.months(found[level].value, month_days) for level in ("0.25", "0.75"))
    return (f"First to third quartile {first} to {third} months.",)


def _landmark(analysis: KaplanMeier, rows: Results, curve: Curve, month: float, month_days: float) -> Cell:
    if month not in analysis.at_months:
        return Cell("")
    wanted = rows.where(group=curve.label, statistic="survival-at")
    nearest: Statistic | None = min(wanted, key=lambda s: abs((s.time or 0.0) - month * month_days), default=None)
    if nearest is None:
        return Cell(formats.NOT_ESTIMABLE)
    notes = (as_sentence(nearest.warning),) if nearest.warning else ()
    return Cell(formats.percent_interval(nearest.value, nearest.lower, nearest.upper), notes)


def _footnotes(
    study: Study,
    results: Results,
    found: Mapping[str, tuple[Curve, ...]],
    estimates: list[KaplanMeier],
    tests: list[LogRank],
) -> tuple[str, ...]:
    transformations = sorted({analysis.interval for analysis in estimates})
    notes = [f"Kaplan-Meier estimates with {' and '.join(transformations)} intervals. {months_phrase(study)}"]
    said = {(a.endpoint, a.by): shared_warnings(found[a.name]) for a in estimates if a.by and not a.reverse}
    for analysis in tests:
        test = logrank_test(results, analysis.name, test_name(study, analysis))
        compared = f"{study.endpoint(analysis.endpoint).label} by {inside_sentence(variable_label(study, analysis.by))}"
        notes.append(
            f"{compared}: {test.name}, chi-square {formats.number(test.chi_square, 1)}, "
            f"{formats.plural(test.df or 0, 'degree')} of freedom, {formats.p_equation(test.p)}. "
            + " ".join(text for text in test.warnings if text not in said.get((analysis.endpoint, analysis.by), ()))
        )
    return tuple(note.rstrip() for note in notes)
