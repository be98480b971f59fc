"""A figure as SVG, PDF and PNG, the same bytes each time, with its data and its description beside it."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from matplotlib.text import Text

from cohortium.report.figures.pdf_fonts import shared_fonts
from cohortium.report.figures.readout import Readout
from cohortium.report.figures.style import drawing
from cohortium.report.render import csv
from cohortium.report.typeset import typeset

if TYPE_CHECKING:
    from matplotlib.figure import Figure

PNG_DPI = 300
_PNG_EFFORT = 3
"""Of 9: half the time of the usual 6, files a sixth larger."""
# The picture of a figure meters long has fewer dots: its pixels must fit in memory and in the file's 16 bits.
_MOST_PIXELS_UP = 16_000


@dataclass(frozen=True, slots=True)
class Drawing:
    """A figure of the report with what must travel with it.

    figure   the drawing
    alt      what it shows, in words
    caption  sentences printed below it
    data     header and rows of the numbers drawn
    readout  what a reader can read off with a pointer or the keys
    """

    figure: Figure
    alt: str
    caption: tuple[str, ...]
    data: Sequence[Sequence[object]]
    readout: Readout


def save(drawn: Drawing, stem: Path, title: str, *, png_dpi: int = PNG_DPI) -> list[Path]:
    """Files `stem.svg`, `.pdf`, `.png`, `.csv`, `.txt` (alternative text) and `.legend.txt`, in this order.

    The legend is the title, an empty line, and the caption with a sentence a line.

    Dates and program names that change between runs or machines are left out of the metadata. Every file is made in
    memory before the first is written, so that what can fail while writing is the disk, with an OSError.
    """
    for text in _texts(drawn.figure):
        text.set_text(typeset(text.get_text()))
    of_pdf = {"Title": title, "CreationDate": None, "Producer": None, "Creator": None}
    with drawing(), shared_fonts():
        contents = {
            "svg": _rendered(drawn.figure, "svg", {"Date": None, "Title": title}),
            "pdf": _rendered(drawn.figure, "pdf", of_pdf),
            "png": _rendered(drawn.figure, "png", {"Title": title, "Software": None}, png_dpi),
        }
    contents |= {
        "csv": csv.lines(drawn.data).encode(),
        "txt": f"{title}\n\n{drawn.alt}\n".encode(),
        "legend.txt": "\n".join([title, "", *(" ".join(said.split()) for said in drawn.caption), ""]).encode(),
    }
    paths = [stem.with_name(f"{stem.name}.{ending}") for ending in contents]
    for path, content in zip(paths, contents.values(), strict=True):
        path.write_bytes(content)
    return paths


def _texts(figure: Figure) -> Iterator[Text]:
    yield from figure.texts
    for axes in figure.axes:
        # Ticks of axes that are not shown would be made only to be looked at.
        yield from axes.findobj(Text) if axes.axison else axes.texts


def _rendered(figure: Figure, ending: str, about: dict[str, str | None], dpi: int = PNG_DPI) -> bytes:
    target = io.BytesIO()
    effort = {"compress_level": _PNG_EFFORT} if ending == "png" else None
    more: dict[str, Any] = {"pil_kwargs": effort} if effort else {}
    dots = min(dpi, _MOST_PIXELS_UP / float(figure.get_size_inches()[1]))
    figure.savefig(target, format=ending, dpi=dots, metadata=about, **more)
    return target.getvalue()
