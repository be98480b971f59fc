"""`sequences`: how rows move from step to step, from a frame or a list of frames, one a site."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from cohortium.api.arguments import require_distinct
from cohortium.api.frames import Sites
from cohortium.errors import UsageError
from cohortium.estimators.contract import Task
from cohortium.estimators.sequences.tabulate import METHOD, ended_labels, tabulate
from cohortium.estimators.sequences.totals import SequencesEstimate, SequencesSpec
from cohortium.results import Results

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from matplotlib.figure import Figure

    from cohortium.api.frames import Frames

OVERALL = "Overall"
_NAME = "plot"


@dataclass(frozen=True)
class SequencesResult:
    """Rows at each level of each step, and those who move from a level to one of the next step."""

    estimate: SequencesEstimate

    def to_frame(self) -> pl.DataFrame:
        """A row per group, step and level: group, step, level (null: not known), n, percent of the group."""
        rows = [
            (group.group or OVERALL, step.name, level, n, _percent(n, group.n))
            for group in self.estimate.groups
            for place, step in enumerate(self.estimate.spec.steps)
            for level, n in zip((*step.labels, None), group.at(place).tolist(), strict=True)
        ]
        schema = {"group": pl.String, "step": pl.String, "level": pl.String, "n": pl.Int64, "percent": pl.Float64}
        return pl.DataFrame(rows, schema=schema, orient="row")

    def flows(self) -> pl.DataFrame:
        """A row per flow that somebody takes: group, step, level, next_step, next_level, n, percent_of_level, percent.

        A level that is not known is null; `percent` is of the group.
        """
        rows = [
            row
            for group in self.estimate.groups
            for place in range(len(group.flows))
            for row in self._flows(group, place)
        ]
        texts = dict.fromkeys(("group", "step", "level", "next_step", "next_level"), pl.String)
        schema = {**texts, "n": pl.Int64, "percent_of_level": pl.Float64, "percent": pl.Float64}
        return pl.DataFrame(rows, schema=schema, orient="row")

    def _flows(self, group: Any, place: int) -> list[tuple[Any, ...]]:
        one, other = self.estimate.spec.steps[place : place + 2]
        sources, targets = (*one.labels, None), (*other.labels, None)
        counts, at = group.flows[place], group.at(place)
        return [
            (
                group.group or OVERALL, one.name, sources[i], other.name, targets[j], int(counts[i, j]),
                _percent(int(counts[i, j]), int(at[i])), _percent(int(counts[i, j]), group.n),
            )
            for i, j in np.argwhere(counts).tolist()
        ]  # fmt: skip

    def plot(self) -> Figure:
        """A Sankey diagram, as a matplotlib figure."""
        from cohortium.report.exhibits.sankey import panels_of
        from cohortium.report.figures import sankey
        from cohortium.report.figures.ordered_colors import UNKNOWN, level_styles
        from cohortium.report.figures.sankey_layout import layout
        from cohortium.report.findings.sequences import sequences as found_in

        spec = self.estimate.spec
        if not any(group.n for group in self.estimate.groups):
            raise UsageError("there are no rows to draw")
        rows = tabulate(Task(_NAME, METHOD, spec, _NAME), self.estimate)
        looks = [
            {**level_styles([label for label in step.labels if label not in spec.ended]), "": UNKNOWN}
            for step in spec.steps
        ]
        ended = dict.fromkeys(spec.ended, sankey.ENDED)
        colors = {label: place for place, label in enumerate(spec.by.labels)} if spec.by else {}
        names = [step.name for step in spec.steps]
        panels = panels_of(found_in(Results(rows), _NAME), names, [{**look, **ended} for look in looks], colors)
        return sankey.draw(layout(names, panels, "double"))

    def __repr__(self) -> str:
        steps = self.estimate.spec.steps
        head = f"{self.estimate.groups[0].n} rows, {len(steps)} steps"
        lines = [
            f"  {group.group or OVERALL}, {one.name} to {other.name}: {np.count_nonzero(group.flows[place])} different flows"
            for group in self.estimate.groups
            for place, (one, other) in enumerate(pairwise(steps))
        ]
        return "\n".join([head, *lines])


def sequences(
    frame: Frames, *, steps: Sequence[str], ended: Sequence[str] = (), by: str | None = None
) -> SequencesResult:
    """Count the rows at each level of consecutive steps, and those that move from one level to another.

    frame   polars or pandas frame, or a list of them, one a site
    steps   two columns or more in order; their values are levels
    ended   levels of rows that never reached a step, e.g. `["No further therapy"]`
    by      column whose values are groups

    Returns a `SequencesResult`.

    Leaves the site: counts of rows by group, level of a step and level of the next step; whole sequences never do.

    Raises
        UsageError: there are fewer than two steps, a column is missing or given twice, or no step has a level of `ended`.

    >>> import polars as pl
    >>> from cohortium import sequences
    >>> frame = pl.DataFrame({"line_1": ["PI", "PI", "IMiD"], "line_2": ["IMiD", "none", "none"]})
    >>> sequences(frame, steps=["line_1", "line_2"]).flows()["n"].to_list()
    [1, 1, 1]
    """
    if isinstance(steps, str) or len(steps) < 2:
        raise UsageError('steps: expected a list of two column names or more, such as ["line_1", "line_2"]')
    names = [*steps, *([by] if by else [])]
    require_distinct(names)
    sites = Sites(frame, names)
    factors = tuple(sites.factor(name) for name in steps)
    known = {label for factor in factors for label in factor.labels}
    if unknown := [level for level in ended if level not in known]:
        raise UsageError(f"ended: no step has the level {', '.join(unknown)}; there are {', '.join(sorted(known))}")
    labels = ended_labels(factors, tuple(ended))
    return SequencesResult(sites.run("sequences", SequencesSpec(factors, labels, sites.factor(by) if by else None)))


def _percent(n: int, total: int) -> float | None:
    return 100 * n / total if total else None
