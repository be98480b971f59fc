"""Medians, survival at declared months and restricted means, a line per group, with the tests named below."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from cohortium.report import formats
from cohortium.report.findings.behind import named
from cohortium.report.findings.comparisons import comparisons, versus
from cohortium.report.findings.curves import Curve, curves, own_warnings, shared_warnings
from cohortium.report.findings.warned import as_sentence, is_reached, timing_warnings
from cohortium.report.labels import analysis_title, grouped, months_phrase, test_name
from cohortium.report.table import Cell, Row, Table
from cohortium.results import Results, Statistic
from cohortium.study.analyses import KaplanMeier, LogRank

if TYPE_CHECKING:
    from cohortium.study.model import Table as TableSpec
    from cohortium.study.study import Study

REVERSED = "In the reverse estimate the end of follow-up is the event, and an event of the endpoint censors."

MIDDLE = "Median over imputations, without limits."


def build(study: Study, results: Results, spec: TableSpec) -> Table:
    """The survival table of Kaplan-Meier analyses; log-rank analyses named with them become footnotes."""
    chosen = [study.analysis(name) for name in spec.analyses]
    estimates = [a for a in chosen if isinstance(a, KaplanMeier)]
    tests = [a for a in chosen if isinstance(a, LogRank)]
    found = {analysis.name: curves(results, analysis.name) for analysis in estimates}
    columns = _Columns(
        quantiles=spec.quantiles,
        at_months=tuple(sorted({month for analysis in estimates for month in analysis.at_months})),
        restricted=tuple(sorted({a.restricted_mean_months for a in estimates if a.restricted_mean_months is not None})),
        month_days=study.file.time.month_days,
    )
    body: list[Row] = []
    for analysis in estimates:
        body += _analysis_rows(study, results, analysis, found[analysis.name], columns)
    return Table(
        spec.name,
        spec.title,
        (_header(estimates, columns),),
        tuple(body),
        (*_footnotes(study, results, found, estimates, tests), *spec.footnotes),
    )


@dataclass(frozen=True, slots=True)
class _Columns:
    """What is printed beside the median: other quantiles, survival at months, means up to months."""

    quantiles: tuple[float, ...]
    at_months: tuple[float, ...]
    restricted: tuple[float, ...]
    month_days: float


def _header(estimates: list[KaplanMeier], columns: _Columns) -> tuple[Cell, ...]:
    levels = {analysis.confidence for analysis in estimates}
    interval = formats.confidence(levels.pop() if len(levels) == 1 else None)
    return (
        Cell("Group"),
        Cell("Patients"),
        Cell("Events"),
        Cell(f"Median, months ({interval})"),
        *(Cell(f"{_percentile(quantile)}, months ({interval})") for quantile in columns.quantiles),
        *(Cell(f"At {_months(month)}, % ({interval})") for month in columns.at_months),
        *(Cell(f"Mean up to {_months(month)}, months ({interval})") for month in columns.restricted),
    )


def _months(month: float) -> str:
    return f"{formats.number_shortest(month)} {'month' if month == 1 else 'months'}"


def _percentile(quantile: float) -> str:
    quartiles = {0.25: "First quartile", 0.75: "Third quartile"}
    return quartiles.get(quantile) or f"{formats.number_shortest(100 * Decimal(repr(quantile)))}% quantile"


def _analysis_rows(
    study: Study, results: Results, analysis: KaplanMeier, found: tuple[Curve, ...], columns: _Columns
) -> list[Row]:
    timing = timing_warnings(results, analysis.name)
    notes = (*shared_warnings(found), *timing, *((REVERSED,) if analysis.reverse else ()))
    title = Cell(analysis_title(study, analysis.name), notes)
    rows = results.where(analysis=analysis.name, method="kaplan-meier")
    lines = [_cells(analysis, curve, rows, columns) for curve in found]
    if len(found) == 1 and not found[0].label:
        return [Row(title, lines[0])]
    return [
        Row(title),
        *(Row(Cell(c.label, own_warnings(c, found)), line, indent=1) for c, line in zip(found, lines, strict=True)),
    ]


def _cells(analysis: KaplanMeier, curve: Curve, rows: Results, columns: _Columns) -> tuple[Cell, ...]:
    mine = rows.where(group=curve.label)
    days = columns.month_days
    return (
        *_counts_and_median(curve, rows, days, quartiles=analysis.reverse and not columns.quantiles),
        *(_quantile(mine, quantile, days) for quantile in columns.quantiles),
        *(_landmark(analysis, rows, curve, month, days) for month in columns.at_months),
        *(_restricted_mean(analysis, mine, month, days) for month in columns.restricted),
    )


def _quantile(mine: Results, quantile: float, month_days: float) -> Cell:
    wanted = [s for s in mine if s.statistic in ("quantile", "median") and s.level == f"{quantile:g}"]
    if not wanted:
        return Cell("")
    found = wanted[0]
    if found.confidence is None and found.value is not None:
        return Cell(formats.months(found.value, month_days), (MIDDLE,), behind=(found,))
    text = formats.months_interval(found.value, found.lower, found.upper, month_days, reached=is_reached(found))
    return Cell(text, behind=(found,))


def _restricted_mean(analysis: KaplanMeier, mine: Results, month: float, month_days: float) -> Cell:
    found = mine.where(statistic="restricted-mean")
    if analysis.restricted_mean_months != month or not found:
        return Cell("")
    mean = found[0]
    notes = (as_sentence(mean.warning),) if mean.warning else ()
    return Cell(formats.months_interval(mean.value, mean.lower, mean.upper, month_days), notes, behind=(mean,))


def _counts_and_median(curve: Curve, rows: Results, month_days: float, *, quartiles: bool) -> tuple[Cell, ...]:
    median = formats.months_interval(
        curve.median_days, curve.median_lower, curve.median_upper, month_days, reached=curve.median_reached
    )
    notes = _quartile_note(curve, rows, month_days) if quartiles else ()
    if not curve.median_has_limits and curve.median_days is not None:
        median, notes = formats.months(curve.median_days, month_days), (*notes, MIDDLE)
    return (
        Cell(formats.count(curve.n), behind=named(curve.behind, "n")),
        Cell(formats.count(curve.n_events), behind=named(curve.behind, "events")),
        Cell(median, notes, behind=named(curve.behind, "median")),
    )


def _quartile_note(curve: Curve, rows: Results, month_days: float) -> tuple[str, ...]:
    found = {s.level: s for s in rows.where(group=curve.label, statistic="quantile")}
    if "0.25" not in found or "0.75" not in found:
        return ()
    first, third = (formats.months(found[level].value, month_days) for level in ("0.25", "0.75"))
    return (f"First to third quartile {formats.between(first, third)} months.",)


def _landmark(analysis: KaplanMeier, rows: Results, curve: Curve, month: float, month_days: float) -> Cell:
    if month not in analysis.at_months:
        return Cell("")
    wanted = rows.where(group=curve.label, statistic="survival-at")
    nearest: Statistic | None = min(wanted, key=lambda s: abs((s.time or 0.0) - month * month_days), default=None)
    if nearest is None:
        return Cell(formats.NOT_ESTIMABLE)
    notes = (as_sentence(nearest.warning),) if nearest.warning else ()
    return Cell(formats.percent_interval(nearest.value, nearest.lower, nearest.upper), notes, behind=(nearest,))


def _footnotes(
    study: Study,
    results: Results,
    found: Mapping[str, tuple[Curve, ...]],
    estimates: list[KaplanMeier],
    tests: list[LogRank],
) -> tuple[str, ...]:
    transformations = sorted({analysis.interval for analysis in estimates})
    notes = [f"Kaplan-Meier estimates with {' and '.join(transformations)} intervals. {months_phrase(study)}"]
    if len({(analysis.interval, analysis.confidence) for analysis in estimates}) > 1:
        notes += [
            f"{analysis_title(study, a.name)}: {formats.confidence(a.confidence)}, {a.interval}." for a in estimates
        ]
    said = {(a.endpoint, a.by): shared_warnings(found[a.name]) for a in estimates if a.by and not a.reverse}
    for analysis in estimates:
        notes += _differences(study, results, analysis)
    for test in tests:
        notes += _test_notes(study, results, test, said.get((test.endpoint, test.by), ()))
    return tuple(note.rstrip() for note in notes)


def _differences(study: Study, results: Results, analysis: KaplanMeier) -> Iterator[str]:
    """`Overall survival by sex, difference of means up to 24 months, Female vs Male: 4.1 (1.9 to 6.2) months.`"""
    rows = results.where(analysis=analysis.name, method="kaplan-meier")
    title = f"{study.endpoint(analysis.endpoint).label}{grouped(study, analysis.by)}"
    for found in rows.where(statistic="restricted-mean-difference"):
        p = rows.where(statistic="restricted-mean-difference-p", group=found.group)
        month_days = study.file.time.month_days
        text = formats.months_interval(found.value, found.lower, found.upper, month_days)
        how = f", {formats.p_equation(p[0].value)}" if p else ""
        until = _months(analysis.restricted_mean_months or 0.0)
        warning = f" {as_sentence(found.warning)}" if found.warning else ""
        yield f"{title}, difference of means up to {until}, {versus(found.group)}: {text} months{how}.{warning}"


def _test_notes(study: Study, results: Results, analysis: LogRank, said: tuple[str, ...]) -> Iterator[str]:
    compared = f"{study.endpoint(analysis.endpoint).label}{grouped(study, analysis.by)}"
    for test in comparisons(results, analysis.name):
        name = test_name(study, test.name, analysis.strata)
        pair = f", {test.pair}" if test.pair else ""
        adjusted = f" ({formats.p_equation(test.p_holm)} by Holm's method)" if test.p_holm is not None else ""
        yield (
            f"{compared}{pair}: {name}, chi-square {formats.number(test.chi_square, 1)}, "
            f"{formats.plural(test.df or 0, 'degree')} of freedom, {formats.p_equation(test.p)}{adjusted}. "
            + " ".join(text for text in test.warnings if text not in said)
        )
