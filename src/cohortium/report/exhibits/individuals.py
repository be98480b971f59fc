"""What the figures of individual patients share: which bars are drawn, in which order, and how that is said."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from cohortium.report import formats
from cohortium.report.exhibits.stacked_bars import styles_of
from cohortium.report.figures.ordered_colors import UNKNOWN, LevelStyle
from cohortium.report.findings.individual import Bar, Individuals
from cohortium.report.labels import color_index, inside_sentence, joined, variable_label
from cohortium.report.tables.response import NOT_KNOWN
from cohortium.study.analyses import IndividualCourses

if TYPE_CHECKING:
    from cohortium.study.model import Figure as FigureSpec
    from cohortium.study.study import Study

ONE_PATIENT = "One bar per patient"


def chosen_bars(
    study: Study, analysis: IndividualCourses, spec: FigureSpec, found: Individuals
) -> dict[str, list[Bar]]:
    """The bars of the responses asked for by group, best response first; groups without any are left out."""
    levels = study.variable(analysis.response).levels
    order = [*(level.label for level in levels), ""]
    named = {level.label for level in levels if {level.code, level.label} & set(spec.responses)}
    wanted = named or set(order)
    chosen = {
        group: sorted((bar for bar in bars if bar.response in wanted), key=lambda bar: order.index(bar.response))
        for group, bars in found.bars.items()
    }
    return {group: bars for group, bars in chosen.items() if bars}


def evenly_spaced(bars: Sequence[Bar], most: int) -> tuple[Bar, ...]:
    """At most some bars, the first and the last among them, so that the form of the figure stays."""
    if len(bars) <= most:
        return tuple(bars)
    return tuple(bars[round(i * (len(bars) - 1) / (most - 1))] for i in range(most))


def fitting(sizes: Sequence[int], most: int, room: int) -> int:
    """The most bars a panel, up to a number, of which all panels together have no more than there is room for; at least 2.

    Example: `fitting([109, 33, 243], 60, room=100)`
    """
    return max((each for each in range(2, most + 1) if sum(min(size, each) for size in sizes) <= room), default=2)


def heading(group: str, n: int, n_drawn: int) -> str:
    """`true EMD (n = 109)`; with the number drawn where it is less."""
    drawn = f", {formats.count(n_drawn)} drawn" if n_drawn < n else ""
    return f"{group or 'All patients'} (n = {formats.count(n)}{drawn})"


def color_of(study: Study, analysis: IndividualCourses, group: str, position: int) -> int | None:
    """The place of a group among the declared levels; None for all patients."""
    return color_index(study, analysis.by, group, position) if group else None


def key_of(
    study: Study, analysis: IndividualCourses, bars: dict[str, list[Bar]]
) -> tuple[list[tuple[str, LevelStyle]], dict[str, LevelStyle]]:
    """The levels that some bar has, with their styles, for the key; and the style of every level."""
    styles = {**styles_of(study, analysis.response, analysis.not_evaluable), "": UNKNOWN}
    used = {bar.response for group in bars.values() for bar in group}
    return [(label or NOT_KNOWN, look) for label, look in styles.items() if label in used], styles


def shared_caption(
    study: Study, analysis: IndividualCourses, spec: FigureSpec, found: Individuals, *, some_drawn: bool
) -> Iterator[str]:
    """Whose bars are drawn, and who has none."""
    label = inside_sentence(variable_label(study, analysis.response))
    if spec.responses:
        yield f"Patients with {label} {joined(list(spec.responses))} are drawn."
    if some_drawn:
        yield (
            "Where a heading says how many are drawn, they are evenly spaced in the order of all; the data file has all."
        )
    yield from found.warnings
