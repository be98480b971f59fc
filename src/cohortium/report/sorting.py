"""Which rows of a table a reader may sort: neighbors that measure the same, inside their heading."""

from __future__ import annotations

from collections.abc import Iterator

from cohortium.report.table import Row, Table


def sort_groups(table: Table) -> tuple[int | None, ...]:
    """For each row the number of the group it may be sorted in, from 1; None keeps its place.

    The levels below a heading are a group; so are plain lines below a section, or of the whole table, as long as none of
    them has levels. A group of one is none.
    """
    groups: list[int | None] = [None] * len(table.rows)
    number = 0
    for places in _runs(table.rows):
        if len(places) > 1:
            number += 1
            for place in places:
                groups[place] = number
    return tuple(groups)


def _runs(rows: tuple[Row, ...]) -> Iterator[list[int]]:
    for block in _sections(rows):
        plain = [place for place in block if rows[place].indent == 0 and rows[place].cells]
        if len(plain) == len(block):
            yield [place for place in plain if not rows[place].fixed]
            continue
        levels: list[int] = []
        for place in block:
            if rows[place].indent == 0:
                yield levels
                levels = []
            elif rows[place].cells and not rows[place].fixed:
                levels.append(place)
        yield levels


def _sections(rows: tuple[Row, ...]) -> Iterator[list[int]]:
    block: list[int] = []
    for place, row in enumerate(rows):
        if row.section:
            yield block
            block = []
        else:
            block.append(place)
    yield block
