"""The look of every figure: sizes in millimeters, fonts, colors that survive color blindness and gray print."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any, Literal

import matplotlib as mpl
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.textpath import TextToPath
from matplotlib.ticker import ScalarFormatter

from cohortium.report.journal_style import in_force

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.typing import RcKeyType

Width = Literal["single", "double"]
WIDTH_MM: dict[Width, float] = {"single": 88.0, "double": 178.0}
MM_PER_INCH = 25.4
POINT_MM = MM_PER_INCH / 72

TEXT_PT = 7.5
SMALL_PT = 7.0
INK = "#1a1a1a"
GRAY = "#767676"
RULE = "#b5b5b5"

_FONT = "DejaVu Sans"
_RC: dict[RcKeyType, Any] = {
    "axes.edgecolor": INK,
    "axes.labelcolor": INK,
    "axes.labelsize": TEXT_PT,
    "axes.linewidth": 0.6,
    "axes.spines.right": False,
    "axes.spines.top": False,
    "figure.dpi": 100,
    "figure.facecolor": "white",
    "font.family": "sans-serif",
    # DejaVu Sans comes with matplotlib; the others only matter to a viewer of the SVG without it.
    "font.sans-serif": [_FONT, "Verdana", "Arial", "Helvetica", "sans-serif"],
    "font.size": TEXT_PT,
    "lines.solid_capstyle": "butt",
    "pdf.fonttype": 42,
    "savefig.dpi": 300,
    "svg.fonttype": "none",
    "svg.hashsalt": "cohortium",
    "text.color": INK,
    # Labels come from a study file: a dollar sign in one must not start mathematics.
    "text.parse_math": False,
    "xtick.color": INK,
    "xtick.labelsize": SMALL_PT,
    "xtick.major.size": 2.5,
    "xtick.major.width": 0.6,
    "ytick.color": INK,
    "ytick.labelsize": SMALL_PT,
    "ytick.major.size": 2.5,
    "ytick.major.width": 0.6,
}


@dataclass(frozen=True, slots=True)
class GroupStyle:
    """How a group is drawn: its line, the darker shade its name is printed in, its dashes."""

    line: str
    text: str
    dashes: tuple[float, ...] | None


_SOLID = None
PALETTE = (
    GroupStyle("#0072B2", "#005B8F", _SOLID),
    GroupStyle("#D55E00", "#A84A00", (5.0, 1.4)),
    GroupStyle("#009E73", "#00694D", (1.6, 1.2)),
    GroupStyle("#CC79A7", "#96406F", (6.0, 1.4, 1.4, 1.4)),
    GroupStyle("#E69F00", "#855C00", (9.0, 1.6)),
    GroupStyle("#56B4E9", "#1B6C9C", (3.0, 1.0, 1.0, 1.0, 1.0, 1.0)),
    GroupStyle("#000000", "#000000", (2.4, 2.4)),
    GroupStyle("#767676", "#5A5A5A", (7.0, 2.0, 1.0, 2.0)),
)
"""Okabe and Ito's colors; a study with more groups starts again from the first."""

CAUSES = (
    GroupStyle("#1a1a1a", "#1a1a1a", _SOLID),
    GroupStyle("#767676", "#5A5A5A", (5.0, 1.4)),
    GroupStyle("#4A4A4A", "#4A4A4A", (1.6, 1.2)),
    GroupStyle("#9A9A9A", "#6A6A6A", (6.0, 1.4, 1.4, 1.4)),
)
"""Inks of what is no group (causes, profiles), so that a color means the same group in every figure."""


def group_style(index: int) -> GroupStyle:
    """The style of the group at a place in the declared order."""
    return PALETTE[index % len(PALETTE)]


_IS_SET: ContextVar[bool] = ContextVar("_IS_SET", default=False)


@contextmanager
def drawing() -> Iterator[None]:
    """Matplotlib as this module sets it, whatever the user's own settings are; inside another one nothing changes."""
    if _IS_SET.get():
        yield
        return
    token = _IS_SET.set(True)
    try:
        with _as_set():
            yield
    finally:
        _IS_SET.reset(token)


@contextmanager
def _as_set() -> Iterator[None]:
    with mpl.rc_context(), warnings.catch_warnings():
        # A letter the font lacks is an empty box in the PDF and the PNG; the SVG still names the letter.
        warnings.filterwarnings("ignore", message="Glyph .* missing from font", category=UserWarning)
        mpl.rcdefaults()
        mpl.rcParams.update(_RC)
        yield


def canvas(width_mm: float, height_mm: float) -> Figure:
    """An empty figure of a size in millimeters."""
    return Figure(figsize=(width_mm / MM_PER_INCH, height_mm / MM_PER_INCH))


class PrintedTicks(ScalarFormatter):
    """Numbers beside an axis with the decimal mark of the style in force where the axis is made."""

    def __init__(self) -> None:
        super().__init__(useOffset=False)
        self._mark = in_force().decimal_mark

    def __call__(self, x: float, pos: int | None = None) -> str:
        """The label of a tick."""
        return super().__call__(x, pos).replace(".", self._mark)


def panel(figure: Figure, left: float, bottom: float, width: float, height: float) -> Axes:
    """Axes at a place in millimeters from the lower left corner."""
    across, up = (float(side) * MM_PER_INCH for side in figure.get_size_inches())
    axes = figure.add_axes((left / across, bottom / up, width / across, height / up))
    for axis in (axes.xaxis, axes.yaxis):
        axis.set_major_formatter(PrintedTicks())
    return axes


def sheet(figure: Figure) -> Axes:
    """Invisible axes over the whole figure whose data units are millimeters."""
    across, up = (float(side) * MM_PER_INCH for side in figure.get_size_inches())
    axes = panel(figure, 0, 0, across, up)
    axes.set(xlim=(0, across), ylim=(0, up))
    axes.set_axis_off()
    axes.patch.set_visible(False)
    return axes


def write(
    axes: Axes,
    x: float,
    y: float,
    text: str,
    *,
    ha: Literal["left", "center", "right"] = "left",
    weight: str = "normal",
    color: str = INK,
    size: float = SMALL_PT,
) -> None:
    """A line of text whose middle is at a height."""
    axes.text(x, y, text, ha=ha, va="center_baseline", size=size, weight=weight, color=color)


@cache
def _text_path() -> TextToPath:
    return TextToPath()


@lru_cache(maxsize=4096)
def text_mm(text: str, size: float = TEXT_PT, weight: str = "normal") -> float:
    """Width of a line of text in millimeters."""
    font = FontProperties(family=_FONT, size=size, weight=weight)
    width, _, _ = _text_path().get_text_width_height_descent(text, font, ismath=False)
    return float(width) * POINT_MM


def write_below_axis(sheet: Axes, center: float, y: float, text: str, across: float) -> None:
    """The name of an axis below its middle, moved sideways as far as it would leave a figure of that width."""
    half = text_mm(text, TEXT_PT) / 2
    write(sheet, min(max(center, 1.0 + half), across - 1.0 - half), y, text, ha="center", size=TEXT_PT)
