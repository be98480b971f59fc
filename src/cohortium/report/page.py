"""The report: one HTML file that holds everything it shows, and needs neither the network nor its script to be read."""

from __future__ import annotations

import base64
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING

from cohortium.report import formats
from cohortium.report.abbreviations import abbreviations
from cohortium.report.cautions import cautions
from cohortium.report.ethics import ethics_table, institutions_used
from cohortium.report.figure_data import figure_data
from cohortium.report.figures.save import Drawing
from cohortium.report.findings.warned import is_reached
from cohortium.report.interactive import interactive
from cohortium.report.labels import full_title, inside_sentence
from cohortium.report.methods import methods
from cohortium.report.origins import POLICY, Origins
from cohortium.report.quality import QualityLine, quality_table
from cohortium.report.render import html
from cohortium.report.rules import Code, Paragraph
from cohortium.report.table import Cell, Table
from cohortium.report.typeset import typeset
from cohortium.results import Results
from cohortium.study.analyses import KaplanMeier

if TYPE_CHECKING:
    from cohortium.study.model import Figure as FigureSpec
    from cohortium.study.study import Study


@dataclass(frozen=True, slots=True)
class Plate:
    """A figure as the page shows it: its picture as a data URI, words, size in points, and its data for the script."""

    name: str
    title: str
    alt: str
    caption: tuple[str, ...]
    image: str
    width: str
    size: tuple[int, int] = (0, 0)
    data: dict[str, object] | None = None


def plate(spec: FigureSpec, drawn: Drawing, svg: Path) -> Plate:
    """The figure of a study file with the SVG that was written for it."""
    image = "data:image/svg+xml;base64," + base64.b64encode(svg.read_bytes()).decode("ascii")
    caption = tuple(typeset(text) for text in (*drawn.caption, spec.caption) if text)
    across, up = drawn.figure.get_size_inches()
    size = (round(72 * float(across)), round(72 * float(up)))
    return Plate(spec.name, spec.title, drawn.alt, caption, image, spec.width, size, figure_data(drawn))


def page(
    study: Study,
    results: Results,
    tables: Sequence[Table],
    plates: Sequence[tuple[str, Plate]],
    data_quality: Sequence[QualityLine],
    audit_head: str = "none",
) -> str:
    """The whole page; `plates` are (kind, plate), and the flow stands before the tables. Numbers follow the page."""
    about = study.file.study
    key_numbers = tuple(dict.fromkeys(_key_numbers(study, results)))
    flows = [shown for kind, shown in plates if kind == "flow"]
    shown_in_order = [*flows, *(shown for kind, shown in plates if kind != "flow")]
    figures = [(f"Figure {number}. {shown.title}", shown) for number, shown in enumerate(shown_in_order, 1)]
    origins = Origins((*(cell for _, cell in key_numbers), *(cell for table in tables for cell in table.cells())))
    quality = quality_table(data_quality) if data_quality else None
    return html.render_report(
        title=about.title,
        name=about.name,
        summary=about.summary,
        key_numbers=key_numbers,
        cautions=cautions(study, results),
        key_note=abbreviations(values=[cell.text for _, cell in key_numbers]),
        flows=figures[: len(flows)],
        tables=[
            (f"Table {number}. {table.title}", table, interactive(study, table, origins))
            for number, table in enumerate(tables, 1)
        ],
        origins=origins,
        origin_data=origins.data(study),
        figures=figures[len(flows) :],
        ethics=ethics_table(study, results),
        # Analyses that were made in one way under one name are described once.
        methods=[(heading, list(map(_pieces, text))) for heading, text in dict.fromkeys(methods(study, results))],
        quality=quality,
        quality_parts=interactive(study, quality, origins) if quality else None,
        n_queries=formats.plural(sum(line.count for line in data_quality), "query", "queries"),
        provenance=_provenance(study, audit_head),
    )


def _pieces(paragraph: Paragraph) -> list[tuple[bool, str]]:
    return [(isinstance(piece, Code), piece.text if isinstance(piece, Code) else piece) for piece in paragraph]


def _key_numbers(study: Study, results: Results) -> Iterator[tuple[str, Cell]]:
    for analyzed in results.where(analysis="flow", statistic="analyzed"):
        yield "Patients analyzed", Cell(formats.count(analyzed.value), behind=(analyzed,))
    refused = tuple(results.where(analysis="flow", statistic="sites-refused"))
    yield "Institutions", Cell(formats.count(len(institutions_used(study, results))), behind=refused)
    for events in results.where(method="sites", level="", statistic="events"):
        label = study.endpoint(events.variable).label if events.variable else "all endpoints"
        yield f"Events, {inside_sentence(label)}", Cell(formats.count(events.value), behind=(events,))
    month_days = study.file.time.month_days
    for analysis in study.file.analysis:
        if isinstance(analysis, KaplanMeier) and not analysis.by:
            for median in results.where(analysis=analysis.name, statistic="median", group=""):
                text = formats.months_interval(
                    median.value, median.lower, median.upper, month_days, reached=is_reached(median)
                )
                title = inside_sentence(full_title(study, analysis))
                level = formats.confidence(median.confidence)
                yield f"Median {title}, months ({level})", Cell(text, behind=(median,))


def _provenance(study: Study, audit_head: str) -> tuple[tuple[str, str], ...]:
    cutoff = study.file.study.data_cutoff
    return (
        ("Study", study.file.study.name),
        ("Study file and dictionary, SHA-256", study.hash),
        ("Audit head", audit_head),
        ("Data cutoff", cutoff.isoformat() if cutoff else "not declared"),
        ("Seed", str(study.file.study.seed)),
        ("Policy for small numbers", POLICY),
        ("Program", f"Cohortium {version()}"),
    )


def version() -> str:
    """The installed version of the program."""
    try:
        return metadata.version("cohortium")
    except metadata.PackageNotFoundError:
        return "(not installed)"
