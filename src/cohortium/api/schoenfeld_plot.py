"""The figure of smoothed scaled Schoenfeld residuals with the residuals themselves, for rows at hand."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from cohortium.api.plots import schoenfeld_figure

if TYPE_CHECKING:
    from collections.abc import Sequence

    import polars as pl
    from matplotlib.figure import Figure

    from cohortium.results import Statistic

_MOST_VALUES = 5


def schoenfeld_plot(rows: Sequence[Statistic], points: pl.DataFrame) -> Figure:
    """The report's figure, with a point for each row with the event.

    rows    `ph-curve` rows of one model
    points  time and a column for each coefficient
    """
    from matplotlib.ticker import MaxNLocator, ScalarFormatter

    figure = schoenfeld_figure(rows)
    panels = [axes for axes in figure.axes if axes.get_xlabel()]
    names = dict.fromkeys(row.variable for row in rows if row.statistic == "ph-curve" and row.value is not None)
    for axes, name in zip(panels, names, strict=True):
        values = points[name].to_numpy()
        axes.plot(points["time"].to_numpy(), values, "o", ms=1.6, mew=0, alpha=0.35, color="black", zorder=1)
        low, high = axes.get_ylim()
        axes.set_ylim(min(low, float(np.nanmin(values))), max(high, float(np.nanmax(values))))
        axes.yaxis.set_major_locator(MaxNLocator(_MOST_VALUES))
        axes.yaxis.set_major_formatter(ScalarFormatter())
    return figure
