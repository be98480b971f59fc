"""Planting: each fault in another patient, so that every other patient's data are as simulated."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from cohortium.simulation.chart.rows import Chart
from cohortium.simulation.defects.kinds import KINDS, Kind, Setting
from cohortium.simulation.draws import Draws
from cohortium.simulation.sites.habits import Habits
from cohortium.simulation.sites.render import Sheet

_LINES_BEFORE_ROWS = 2
"""The comment and the header."""


@dataclass(frozen=True, slots=True)
class Planted:
    """A planted fault: where it is, and which rule is expected to find it."""

    site: str
    file: str
    line: int
    variable: str
    kind: str
    rule: str
    patient: str


@dataclass(frozen=True, slots=True)
class Wanted:
    """How many faults a site gets, and of which kinds."""

    n_per_site: int = 0
    kinds: tuple[str, ...] = tuple(KINDS)


NO_DEFECTS = Wanted()


def plant(
    site: str,
    sheets: Mapping[str, Sheet],
    charts: Sequence[Chart],
    habits: Habits,
    wanted: Wanted,
    cutoff: dt.date,
    seed: int,
) -> tuple[dict[str, Sheet], list[Planted]]:
    """The site's files with faults in them, and the list of them; kinds in turn, as far as they fit the site."""
    draws = Draws(seed, "defects", site)
    changed, planted = dict(sheets), []
    free = draws.shuffled(charts)
    turn = draws.shuffled(wanted.kinds) if wanted.n_per_site < len(wanted.kinds) else list(wanted.kinds)
    kinds = [KINDS[turn[place % len(turn)]] for place in range(wanted.n_per_site)] if turn else []
    for kind in kinds:
        for chart in free:
            found = _planted(kind, changed[kind.table], chart, Setting(habits, chart, cutoff, draws))
            if found is not None:
                changed[kind.table], line = found
                sheet = changed[kind.table]
                planted.append(Planted(site, sheet.file, line, kind.column, kind.name, kind.rule, chart.key))
                free.remove(chart)
                break
    return changed, planted


def _planted(kind: Kind, sheet: Sheet, chart: Chart, setting: Setting) -> tuple[Sheet, int] | None:
    text = kind.write(setting)
    places = [place for place, key in enumerate(sheet.keys) if key == chart.key]
    if text is None or not places:
        return None
    if kind.repeats:
        place = places[setting.draws.integer(0, len(places) - 1)]
        repeated = replace(sheet, cells=(*sheet.cells, sheet.cells[place]), keys=(*sheet.keys, chart.key))
        return repeated, len(sheet.cells) + _LINES_BEFORE_ROWS + 1
    column = sheet.columns.index(kind.column)
    usable = [place for place in places if sheet.cells[place][column] not in {setting.habits.missing, text}]
    if not usable:
        return None
    place = usable[setting.draws.integer(0, len(usable) - 1)]
    row = sheet.cells[place]
    cells = (*sheet.cells[:place], (*row[:column], text, *row[column + 1 :]), *sheet.cells[place + 1 :])
    return replace(sheet, cells=cells), place + _LINES_BEFORE_ROWS + 1
