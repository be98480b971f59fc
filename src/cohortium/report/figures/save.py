"""A figure as SVG, PDF and PNG, the same bytes each time, with its data and its description beside it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from cohortium.report.figures.style import drawing
from cohortium.report.render import csv

if TYPE_CHECKING:
    from matplotlib.figure import Figure


@dataclass(frozen=True, slots=True)
class Drawing:
    """A figure of the report with what must travel with it.

    figure   the drawing
    alt      what it shows, in words
    caption  sentences printed below it
    data     header and rows of the numbers drawn
    """

    figure: Figure
    alt: str
    caption: tuple[str, ...]
    data: Sequence[Sequence[object]]


def save(drawn: Drawing, stem: Path, title: str) -> list[Path]:
    """Files `stem.svg`, `.pdf`, `.png` (300 dpi), `.csv` and `.txt` (alternative text), in this order.

    Dates and program names that change between runs or machines are left out of the metadata.
    """
    paths = [stem.with_name(f"{stem.name}.{ending}") for ending in ("svg", "pdf", "png", "csv", "txt")]
    svg, pdf, png, data, alt = paths
    with drawing():
        drawn.figure.savefig(svg, format="svg", metadata={"Date": None, "Title": title})
        about = {"Title": title, "CreationDate": None, "Producer": None, "Creator": None}
        drawn.figure.savefig(pdf, format="pdf", metadata=about)
        drawn.figure.savefig(png, format="png", dpi=300, metadata={"Title": title, "Software": None})
    data.write_text(csv.lines(drawn.data), encoding="utf-8", newline="")
    alt.write_text(f"{title}\n\n{drawn.alt}\n", encoding="utf-8", newline="")
    return paths
