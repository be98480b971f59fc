"""A meta-analysis over sites: each site's own estimate, what is pooled, and all sites but each."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from cohortium.report import formats
from cohortium.report.ethics import refusal_lines
from cohortium.report.findings.behind import named
from cohortium.report.findings.between_sites import Interval, MetaAnalysisFound, SiteEffect, meta_found
from cohortium.report.findings.flow import refused
from cohortium.report.table import Cell, Row, Table
from cohortium.report.tables.single import only_analysis
from cohortium.results import Results
from cohortium.study.analyses import MetaAnalysis

if TYPE_CHECKING:
    from cohortium.study.model import Table as TableSpec
    from cohortium.study.study import Study

SHORT = {
    "hazard-ratio": "HR",
    "odds-ratio": "OR",
    "risk-ratio": "Ratio",
    "risk-difference": "Difference",
}
FULL = {
    "hazard-ratio": "Hazard ratio",
    "odds-ratio": "Odds ratio",
    "risk-ratio": "Ratio of proportions",
    "risk-difference": "Difference in percentage points",
}


def build(study: Study, results: Results, spec: TableSpec) -> Table:
    """The table of the one meta-analysis that the study file names for it."""
    analysis = only_analysis(study, spec, MetaAnalysis)
    found = meta_found(results, analysis.name)
    ratio = f"{SHORT[found.measure]} ({formats.confidence(found.confidence)})"
    heads = ["Institution", "Patients", "Events", ratio, "Weight, %", formats.p_letter()]
    with_others = analysis.leave_one_out
    header = [tuple(map(Cell, heads))]
    if with_others:
        above = (Cell(""), Cell("Each institution by itself", span=4), Cell(""), Cell("All others pooled", span=3))
        lower = (*map(Cell, heads), Cell(ratio), Cell(formats.p_letter()), Cell("I\N{SUPERSCRIPT TWO}, %"))
        header = [above, lower]
    body = [Row(Cell(site.label), _cells(found, site, with_others=with_others)) for site in found.sites]
    body += _pooled(found, with_others=with_others)
    notes = (*footnotes(found), *found.warnings, *refusal_lines(refused(results)), *spec.footnotes)
    return Table(spec.name, spec.title, tuple(header), tuple(body), notes)


def effect(found: MetaAnalysisFound, interval: Interval) -> str:
    """`0.59 (0.42 to 0.82)`, or a difference in percentage points."""
    limits = (interval.value, interval.lower, interval.upper)
    return formats.ratio_interval(*limits) if found.is_ratio else formats.points_interval(*limits, 1)


def _cells(found: MetaAnalysisFound, site: SiteEffect, *, with_others: bool) -> tuple[Cell, ...]:
    weight = "" if site.weight is None else formats.number(site.weight, 1)
    own = (
        Cell(formats.count(site.n), behind=named(site.behind, "n")),
        Cell(formats.count(site.n_events), behind=named(site.behind, "events")),
        Cell(effect(found, site.effect), site.warnings, behind=site.effect.behind),
        Cell(weight, behind=named(site.behind, "weight") if weight else ()),
        Cell(""),
    )
    if not with_others:
        return own
    if site.without is None or site.without.value is None:
        return (*own, Cell(""), Cell(""), Cell(""))
    i2 = formats.number(site.without_i2, 0)
    return (
        *own,
        Cell(effect(found, site.without), behind=site.without.behind),
        Cell(formats.p_value(site.without_p), behind=named(site.behind, "without-site-p")),
        Cell(i2, behind=named(site.behind, "without-site-i-squared")),
    )


def _pooled(found: MetaAnalysisFound, *, with_others: bool) -> Iterator[Row]:
    rest = (Cell(""),) * (3 if with_others else 0)
    rows = [row for site in found.sites if not site.reason for row in site.behind]
    n_events = sum(site.n_events for site in found.sites if not site.reason)
    counts = (
        Cell(formats.count(found.n), behind=named(found.behind, "sites")),
        Cell(formats.count(n_events), behind=named(rows, "events")),
    )
    name = "Common effect" if found.how.startswith("common") else "Random effects"
    weight = Cell(formats.number(100.0, 1), behind=named(rows, "weight")) if found.n_sites else Cell("")
    p = Cell(formats.p_value(found.p), behind=named(found.behind, "p-value"))
    estimate = Cell(effect(found, found.pooled), behind=found.pooled.behind)
    yield Row(Cell(name), (*counts, estimate, weight, p, *rest), fixed=True)
    blank = (Cell(""), Cell(""))
    if found.common is not None:
        common = Cell(effect(found, found.common), behind=found.common.behind)
        yield Row(Cell("Common effect"), (*blank, common, *blank, *rest), fixed=True)
    if found.prediction is not None and found.prediction.lower is not None:
        expected = Cell(predicted(found), behind=found.prediction.behind)
        yield Row(Cell("Prediction interval"), (*blank, expected, *blank, *rest), fixed=True)


def predicted(found: MetaAnalysisFound) -> str:
    """`0.31 to 1.20`: where the effect of another site is expected."""
    shown = effect(found, found.prediction) if found.prediction else ""
    return shown.partition(" (")[2].rstrip(")")


def heterogeneity(found: MetaAnalysisFound, *, brief: bool = False) -> str:
    """`Heterogeneity: Q = 4.5 on 4 degrees of freedom (p = 0.34), I2 = 12%, tau = 0.12.`, or in short."""
    if found.q is None:
        return "Heterogeneity: not estimable with fewer than two institutions."
    freedom = "df" if brief else f"{'degree' if found.q_df == 1 else 'degrees'} of freedom"
    parts = [
        f"Q = {formats.number(found.q, 1)} on {found.q_df} {freedom} ({formats.p_equation(found.q_p)})",
        f"I\N{SUPERSCRIPT TWO} = {formats.number(found.i2, 0)}%",
    ]
    if found.tau is not None:
        spread = formats.number(found.tau, 2) if found.is_ratio else f"{formats.number(100 * found.tau, 1)} points"
        parts.append(f"\N{GREEK SMALL LETTER TAU} = {spread}")
    return ("" if brief else "Heterogeneity: ") + ", ".join(parts) + ("" if brief else ".")


def footnotes(found: MetaAnalysisFound) -> Iterator[str]:
    """What is compared, how sites were pooled, heterogeneity, and the sites that could not contribute."""
    contrast = f", {found.contrast}" if found.contrast else ""
    pooled = f"{found.how}; " if found.how else ""
    yield (
        f"{FULL[found.measure]}{contrast}, estimated within each institution by itself; {pooled}"
        f"{found.n_sites} of {formats.plural(found.n_used, 'institution')} contributed."
    )
    yield heterogeneity(found)
    if found.prediction is not None and found.prediction.lower is not None:
        yield "The prediction interval is that of the effect in another institution."


def not_contributing(found: MetaAnalysisFound) -> str:
    """`Not contributing: Riverbend (no events); Lakeside (separation ...).`; empty when all did."""
    named = "; ".join(f"{site.label} ({site.reason})" for site in found.left_out)
    return f"Not contributing: {named}." if named else ""
