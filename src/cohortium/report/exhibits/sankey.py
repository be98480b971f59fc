"""The figure of how patients move from step to step."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

from cohortium.report import formats
from cohortium.report.exhibits.chosen import chosen_analysis, without_numbers
from cohortium.report.exhibits.stacked_bars import styles_of
from cohortium.report.figures import sankey as drawing
from cohortium.report.figures.ordered_colors import UNKNOWN
from cohortium.report.figures.readout import Area, AreaReadout
from cohortium.report.figures.sankey_layout import Flow, Layout, Node, SankeyPanel, layout
from cohortium.report.figures.save import Drawing
from cohortium.report.findings.sequences import AtLevel, GroupSequences, Move, sequences
from cohortium.report.findings.sequences import Sequences as Found
from cohortium.report.labels import color_index, inside_sentence, joined, variable_label
from cohortium.report.tables.response import NOT_KNOWN
from cohortium.results import Results
from cohortium.study.analyses import Sequences

if TYPE_CHECKING:
    from cohortium.report.figures.ordered_colors import LevelStyle
    from cohortium.study.model import Figure as FigureSpec
    from cohortium.study.study import Study

DATA_HEADER = (
    "group", "step", "level", "n_level", "next_step", "next_level", "n_next_level", "n_flow", "percent_of_level",
    "percent_of_group",
)  # fmt: skip
_LARGEST = 3
"""Flows between two steps that the description names."""


def make(study: Study, results: Results, spec: FigureSpec) -> Drawing:
    """The drawing of a sequences analysis, a panel a group that has patients.

    Raises
        OutputError: levels do not add up to the patients, or flows to the patients at a level.
    """
    analysis = chosen_analysis(study, spec, Sequences)
    found = sequences(results, analysis.name)
    groups = [group for group in found.groups if group.n]
    if not groups:
        return without_numbers(results, spec, "sequences", ("count",))
    decimals = formats.percent_decimals([group.n for group in groups])
    labels = [variable_label(study, name) for name in found.variables]
    looks = [_looks(study, analysis, name) for name in found.variables]
    colors = {
        group.group: color_index(study, analysis.by, group.group, place)
        for place, group in enumerate(found.groups)
        if group.group
    }
    placed = layout(labels, panels_of(found, labels, looks, colors), spec.width)
    drawn, left_out = groups[: len(placed.panels)], groups[len(placed.panels) :]
    alt = " ".join(_alt(labels, drawn, decimals))
    caption = (*_caption(analysis, found, drawn), *without_room(left_out))
    return Drawing(drawing.draw(placed), alt, caption, tuple(_data(found, labels)), _readout(placed))


def _looks(study: Study, analysis: Sequences, name: str) -> dict[str, LevelStyle]:
    """The style of each level by label: that of every figure of the study, gray for levels never reached."""
    ended = [level.label for level in study.variable(name).levels if {level.code, level.label} & set(analysis.ended)]
    return {**styles_of(study, name, ended), **dict.fromkeys(ended, drawing.ENDED), "": UNKNOWN}


def panels_of(
    found: Found, labels: Sequence[str], looks: Sequence[Mapping[str, LevelStyle]], colors: Mapping[str, int]
) -> list[SankeyPanel]:
    """A panel for each group that has patients.

    labels  names of the steps
    looks   for each step, the style of each level by label; the empty label is for a level that is not known
    colors  place of each group among the declared levels
    """
    groups = [group for group in found.groups if group.n]
    decimals = formats.percent_decimals([group.n for group in groups])
    return [_panel(group, labels, looks, colors.get(group.group), decimals) for group in groups]


def _panel(
    group: GroupSequences,
    labels: Sequence[str],
    looks: Sequence[Mapping[str, LevelStyle]],
    color: int | None,
    decimals: int,
) -> SankeyPanel:
    before = f"{group.group}. " if group.group else ""
    nodes = tuple(
        tuple(_node(level, look, f"{before}{label}", group.n, decimals) for level in levels)
        for label, levels, look in zip(labels, group.steps, looks, strict=True)
    )
    flows = tuple(
        tuple(_flow(move, pair, before, group.n, decimals) for move in moves)
        for pair, moves in zip(pairwise(group.steps), group.moves, strict=True)
    )
    return SankeyPanel(f"{_name(group)} (N = {formats.count(group.n)})", color, nodes, flows)


def _node(level: AtLevel, look: Mapping[str, LevelStyle], step: str, n: int, decimals: int) -> Node:
    share = f"({formats.percent(level.percent, decimals)}%)"
    said = f"{step}: {_label(level)}, {formats.count(level.n)}/{formats.count(n)} {share}"
    return Node(_label(level), level.n, f"{formats.count(level.n)} {share}", look[level.label], said)


def _flow(
    move: Move, pair: tuple[tuple[AtLevel, ...], tuple[AtLevel, ...]], before: str, n: int, decimals: int
) -> Flow:
    one, other = pair[0][move.source], pair[1][move.target]
    of_source = f"{formats.count(move.n)}/{formats.count(one.n)} ({formats.percent(move.of_source, decimals)}%)"
    said = (
        f"{before}{_label(one)} to {_label(other)}: {of_source}, {formats.percent(move.of_all, decimals)}% of "
        f"{formats.count(n)}"
    )
    return Flow(move.source, move.target, move.n, formats.count(move.n), said)


def _readout(placed: Layout) -> AreaReadout:
    """Boxes and bands of every panel; a narrow band lies over a wide one."""

    def area(x0: float, x1: float, tops: tuple[float, float], height: float, text: str) -> Area:
        y0, y1 = (1 - top / placed.height for top in tops)
        return Area(x0 / placed.across, x1 / placed.across, y0, y1, height / placed.height, text)

    areas: list[Area] = []
    for panel in placed.panels:
        areas += [
            area(box.left, box.left + box.width, (box.top, box.top), box.height, box.node.said) for box in panel.boxes
        ]
        for band in panel.bands:
            tops = (band.y0 + band.height, band.y1 + band.height)
            areas.append(area(band.x0, band.x1, tops, band.height, band.flow.said))
    return AreaReadout(tuple(areas))


def _caption(analysis: Sequences, found: Found, groups: Sequence[GroupSequences]) -> Iterator[str]:
    of = "all patients of the group" if analysis.by else "all patients"
    yield (
        "Boxes are patients at each step and bands those who move from one level to the next; heights are in proportion to "
        f"patients{' within each group' if analysis.by else ''}. Percentages are of {of}, and may not total 100 because of "
        "rounding."
    )
    yield (
        "A band has the color of the level it comes from; colors run from dark for the first level of a step to light for "
        "its last. The number of patients stands in bands with room for it; the data file has every flow."
    )
    if analysis.ended:
        yield "Gray boxes are patients who never reached the step."
    if any(level.n for group in groups for levels in group.steps for level in levels if not level.label):
        yield f"White boxes ({NOT_KNOWN.lower()}) are patients whose level is not known."
    yield from found.warnings


def without_room(groups: Sequence[GroupSequences]) -> Iterator[str]:
    """What is said of groups that are not drawn."""
    if groups:
        names = joined([f"{_name(group)} (N = {formats.count(group.n)})" for group in groups])
        yield f"A page has no room for {names}; the data file has every flow of them."


def _alt(labels: Sequence[str], groups: Sequence[GroupSequences], decimals: int) -> Iterator[str]:
    yield f"Sankey diagram of {joined([inside_sentence(label) for label in labels])}."
    for group in groups:
        yield f"{_name(group)}, {formats.count(group.n)} patients."
        for label, levels in zip(labels, group.steps, strict=True):
            each = [
                f"{_label(level)} {formats.count(level.n)} ({formats.percent(level.percent, decimals)}%)"
                for level in levels
                if level.n
            ]
            yield f"{label}: {'; '.join(each)}."
        for (one, other), pair, moves in zip(pairwise(labels), pairwise(group.steps), group.moves, strict=True):
            largest = sorted(moves, key=lambda move: (-move.n, move.source, move.target))[:_LARGEST]
            each = [f"{_label(pair[0][m.source])} to {_label(pair[1][m.target])} {formats.count(m.n)}" for m in largest]
            yield f"Largest flows from {inside_sentence(one)} to {inside_sentence(other)}: {'; '.join(each)}."


def _data(found: Found, labels: Sequence[str]) -> Iterator[tuple[object, ...]]:
    yield DATA_HEADER
    for group in found.groups:
        for (one, other), pair, moves in zip(pairwise(labels), pairwise(group.steps), group.moves, strict=True):
            for move in moves:
                source, target = pair[0][move.source], pair[1][move.target]
                yield (
                    group.group, one, _label(source), source.n, other, _label(target), target.n, move.n, move.of_source,
                    move.of_all,
                )  # fmt: skip


def _name(group: GroupSequences) -> str:
    return group.group or "All patients"


def _label(level: AtLevel) -> str:
    return level.label or NOT_KNOWN
