"""Writes every table and figure of a study, then the report that shows them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from cohortium.report.among import among_notes
from cohortium.report.exhibits import (
    adverse_events as adverse_events_figure,
)
from cohortium.report.exhibits import (
    calibration,
    caterpillar,
    cumulative_hazard,
    cumulative_incidence,
    flow,
    forest,
    kaplan_meier,
    landmark_flow,
    love,
    missingness,
    overlap,
    predicted_survival,
    response_rates,
    sankey,
    schoenfeld,
    site_forest,
    stacked_bars,
    swimmer,
    waterfall,
)
from cohortium.report.exhibits import sites as sites_figure
from cohortium.report.exhibits import subgroups as subgroups_figure
from cohortium.report.figures.save import Drawing, save
from cohortium.report.figures.style import drawing
from cohortium.report.findings.published import reproduced
from cohortium.report.journal_style import printed_in
from cohortium.report.methods.missing import imputed_notes
from cohortium.report.page import Plate, page, plate
from cohortium.report.quality import QualityLine
from cohortium.report.render import csv, docx, html, latex, markdown, xlsx
from cohortium.report.table import Table
from cohortium.report.tables import (
    adverse_events,
    balance,
    baseline,
    comparisons,
    competing_risks,
    eligibility,
    meta_analysis,
    missing,
    proportional_hazards,
    published,
    regression,
    response,
    sites,
    subgroups,
    survival,
)
from cohortium.results import Results, Statistic

if TYPE_CHECKING:
    from cohortium.study.model import Figure as FigureSpec
    from cohortium.study.model import Table as TableSpec
    from cohortium.study.study import Study

TABLES: Mapping[str, Callable[[Study, Results, TableSpec], Table]] = {
    "baseline": baseline.build,
    "balance": balance.build,
    "missingness": missing.build,
    "response": response.build,
    "adverse-events": adverse_events.build,
    "eligibility": eligibility.build,
    "survival": survival.build,
    "tests": comparisons.build,
    "regression": regression.build,
    "proportional-hazards": proportional_hazards.build,
    "subgroups": subgroups.build,
    "competing-risks": competing_risks.build,
    "meta-analysis": meta_analysis.build,
    "sites": sites.build,
    "published": published.build,
}
FIGURES: Mapping[str, Callable[[Study, Results, FigureSpec], Drawing]] = {
    "flow": flow.make,
    "landmark-flow": landmark_flow.make,
    "kaplan-meier": kaplan_meier.make,
    "cumulative-hazard": cumulative_hazard.make,
    "cumulative-incidence": cumulative_incidence.make,
    "love": love.make,
    "overlap": overlap.make,
    "missingness": missingness.make,
    "response": response_rates.make,
    "stacked-bars": stacked_bars.make,
    "waterfall": waterfall.make,
    "swimmer": swimmer.make,
    "sankey": sankey.make,
    "adverse-events": adverse_events_figure.make,
    "forest": forest.make,
    "calibration": calibration.make,
    "subgroups": subgroups_figure.make,
    "schoenfeld": schoenfeld.make,
    "predicted-survival": predicted_survival.make,
    "site-forest": site_forest.make,
    "caterpillar": caterpillar.make,
    "sites": sites_figure.make,
}


def build_report(
    study: Study,
    results: Results,
    data_quality: Sequence[QualityLine],
    out: Path,
    progress: Callable[[str], None],
    audit_head: str = "none",
) -> list[Path]:
    """Write `tables/`, `figures/` and `report.html` under a directory.

    study         labels, and which tables and figures are asked for
    results       every number that is printed
    data_quality  queries as counts by rule and institution
    out           directory that exists; what is written in it is the same bytes each time
    progress      called with the name of each output before it is made
    audit_head    hash of the last entry of the audit file, or `none`

    Returns the files written, in order. Raises OutputError when numbers that must add up do not.
    """
    with printed_in(study.file.report.style):
        written: list[Path] = []
        tables = [_write_table(study, results, spec, out, progress, written) for spec in study.file.table]
        plates = [(s.kind, _write_figure(study, results, s, out, progress, written)) for s in study.file.figure]
        progress("report.html")
        report = out / "report.html"
        report.write_text(page(study, results, tables, plates, data_quality, audit_head), encoding="utf-8", newline="")
        return [*written, report]


def build_table(study: Study, results: Results, spec: TableSpec) -> Table:
    """A table of the study with the notes that do not depend on its kind: patients to whom an endpoint applies, imputation."""
    table = TABLES[spec.kind](study, results, spec)
    notes = (*among_notes(study, results, spec.analyses), *imputed_notes(study, spec.analyses))
    return replace(table, footnotes=(*table.footnotes, *notes))


def _write_table(
    study: Study,
    results: Results,
    spec: TableSpec,
    out: Path,
    progress: Callable[[str], None],
    written: list[Path],
) -> Table:
    progress(f"tables/{spec.name}")
    table = build_table(study, results, spec)
    folder = out / "tables"
    folder.mkdir(parents=True, exist_ok=True)
    behind = _behind(study, results, spec)
    for ending, content in (
        ("csv", csv.render(table).encode()),
        ("html", html.render_table(table).encode()),
        ("md", markdown.render(table).encode()),
        ("tex", latex.render(table).encode()),
        ("docx", docx.render(table)),
        ("xlsx", xlsx.render(table, behind)),
    ):
        path = folder / f"{spec.name}.{ending}"
        path.write_bytes(content)
        written.append(path)
    return table


def _behind(study: Study, results: Results, spec: TableSpec) -> list[Statistic]:
    """The rows of the results table that a table is made of."""
    if spec.kind == "published":
        return [one.statistic for one in reproduced(study, results)]
    return [statistic for statistic in results if statistic.analysis in spec.analyses]


def _write_figure(
    study: Study,
    results: Results,
    spec: FigureSpec,
    out: Path,
    progress: Callable[[str], None],
    written: list[Path],
) -> Plate:
    progress(f"figures/{spec.name}")
    folder = out / "figures"
    folder.mkdir(parents=True, exist_ok=True)
    notes = among_notes(study, results, [spec.analysis] if spec.analysis else [])
    with drawing():
        drawn = FIGURES[spec.kind](study, results, spec)
        drawn = replace(drawn, caption=tuple(filter(None, (*drawn.caption, *notes, spec.caption))))
        paths = save(drawn, folder / spec.name, spec.title, png_dpi=study.file.report.png_dpi)
    written += paths
    return plate(spec, drawn, paths[0])
