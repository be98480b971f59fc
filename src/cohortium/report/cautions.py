"""What a reader must know before the numbers: every warning of the results table, by analysis."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cohortium.report import formats
from cohortium.report.findings.warned import as_sentence, is_reached
from cohortium.report.labels import full_title, propensity_title, variable_label
from cohortium.results import Results, Statistic

if TYPE_CHECKING:
    from cohortium.study.study import Study

SITE_REFUSED = "site-refused"
GRID_BOUND = "grid-bound"
_FIXED = {"flow": "Flow of patients", "landmark": "Flow to the landmark", "sites": "Institutions"}


@dataclass(frozen=True, slots=True)
class Caution:
    """One warning and the statistics it concerns."""

    subject: str
    text: str
    places: tuple[str, ...]


def cautions(study: Study, results: Results) -> tuple[Caution, ...]:
    """Distinct warnings in the order of the results table, then how far numbers on a time grid can be from whole days.

    `not reached` is printed as `NR` and is none.
    """
    groups: dict[str, set[str]] = {}
    found: dict[tuple[str, str], list[Statistic]] = {}
    for statistic in results:
        groups.setdefault(statistic.analysis, set()).add(statistic.group)
        if statistic.warning and is_reached(statistic):
            found.setdefault((statistic.analysis, as_sentence(statistic.warning)), []).append(statistic)
    warned_of = (
        Caution(_subject(study, analysis, warned), text, _places(study, warned, groups[analysis]))
        for (analysis, text), warned in found.items()
    )
    return (*warned_of, *_grid_bounds(study, results))


def _grid_bounds(study: Study, results: Results) -> Iterator[Caution]:
    """The largest bound of each statistic of each analysis whose follow-up is counted in weeks or months."""
    largest: dict[str, dict[tuple[str, str], float]] = {}
    for row in results.where(statistic=GRID_BOUND):
        if row.value is not None:
            bounds = largest.setdefault(row.analysis, {})
            named = (row.level.replace("-", " "), row.unit)
            bounds[named] = max(abs(row.value), bounds.get(named, 0.0))
    for analysis, bounds in largest.items():
        said = [f"{name} {formats.rounded_up(bound)} {unit}".rstrip() for (name, unit), bound in bounds.items()]
        text = f"Follow-up is counted in {study.file.time.grid}; largest possible differences from whole days:"
        yield Caution(full_title(study, study.analysis(analysis)), f"{text} {', '.join(said)}.", ())


def _places(study: Study, warned: list[Statistic], groups: set[str]) -> tuple[str, ...]:
    # A warning that every group carries concerns the analysis, so the groups need no naming.
    if warned[0].statistic == SITE_REFUSED:
        return tuple(s.level for s in warned)
    everywhere = {s.group for s in warned} == groups
    named = dict.fromkeys(_place(study, s, "" if everywhere else s.group) for s in warned)
    return tuple(place for place in named if place)


def _subject(study: Study, analysis: str, warned: list[Statistic]) -> str:
    if warned[0].statistic == SITE_REFUSED:
        return "Site refused" if len(warned) == 1 else "Sites refused"
    named = {a.name: a for a in study.file.analysis}
    for section in study.file.propensity:
        if section.name == analysis:
            return propensity_title(study, section)
    return full_title(study, named[analysis]) if analysis in named else _FIXED.get(analysis, analysis)


def _place(study: Study, statistic: Statistic, group: str) -> str:
    known = statistic.variable in study.variables
    words = (
        statistic.model,
        group,
        variable_label(study, statistic.variable) if known else "",
        statistic.level if known else "",
    )
    return ", ".join(word for word in words if word)
