"""What a reader must know before the numbers: every warning of the results table, by analysis."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cohortium.report.bounds import bound_sentence, unbounded
from cohortium.report.findings.warned import as_sentence, is_reached
from cohortium.report.labels import full_title, propensity_title, term_label
from cohortium.results import Results, Statistic
from cohortium.study.analyses import Cox, FineGray, Logistic

if TYPE_CHECKING:
    from cohortium.study.study import Study

SITE_REFUSED = "site-refused"
GRID_BOUND = "grid-bound"
_FIXED = {
    "flow": "Flow of patients",
    "landmark": "Flow to the landmark",
    "among": "Patients of an endpoint",
    "sites": "Institutions",
}


@dataclass(frozen=True, slots=True)
class Caution:
    """One warning and the statistics it concerns."""

    subject: str
    text: str
    places: tuple[str, ...]


def cautions(study: Study, results: Results) -> tuple[Caution, ...]:
    """Distinct warnings in the order of the results table, then how far numbers on a time grid can be from whole days.

    `not reached` is printed as `NR` and is none. Analyses of one title with the same warning share it; where only some
    have it, it names them.
    """
    named: dict[tuple[str, str, tuple[str, ...]], list[str]] = defaultdict(list)
    for analysis, subject, text, places in (*_warnings(study, results), *_grid_bounds(study, results)):
        named[subject, text, places].append(analysis)
    titles = Counter(full_title(study, analysis) for analysis in study.file.analysis)
    return tuple(
        Caution(subject if len(names) >= titles[subject] else f"{subject} ({', '.join(names)})", text, places)
        for (subject, text, places), names in named.items()
    )


def _warnings(study: Study, results: Results) -> Iterator[tuple[str, str, str, tuple[str, ...]]]:
    groups: dict[tuple[str, str], set[str]] = defaultdict(set)
    found: dict[tuple[str, str], list[Statistic]] = {}
    for row in results:
        groups[row.analysis, row.statistic].add(row.group)
        if row.warning and is_reached(row):
            text = unbounded(study, row.warning) if row.statistic == GRID_BOUND else row.warning
            found.setdefault((row.analysis, as_sentence(text)), []).append(row)
    for (analysis, text), warned in found.items():
        known = set().union(*(groups[analysis, row.statistic] for row in warned))
        yield analysis, _subject(study, analysis, warned), text, _places(study, warned, known)


def _grid_bounds(study: Study, results: Results) -> Iterator[tuple[str, str, str, tuple[str, ...]]]:
    """The largest bound of each statistic of each analysis whose follow-up is counted in weeks or months."""
    rows: dict[str, list[Statistic]] = defaultdict(list)
    for row in results.where(statistic=GRID_BOUND):
        rows[row.analysis].append(row)
    for name, found in rows.items():
        analysis = study.analysis(name)
        if sentence := bound_sentence(study, analysis, found):
            yield name, full_title(study, analysis), sentence, ()


def _places(study: Study, warned: list[Statistic], groups: set[str]) -> tuple[str, ...]:
    # A warning that every group carries concerns the analysis, so the groups need no naming.
    if warned[0].statistic == SITE_REFUSED:
        return tuple(s.level for s in warned)
    # Who is left out for an unknown group is in none.
    everywhere = {s.group for s in warned} == groups or "left out" in warned[0].warning
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
    analysis = next((a for a in study.file.analysis if a.name == statistic.analysis), None)
    regression = analysis if isinstance(analysis, Cox | FineGray | Logistic) else None
    known = statistic.variable in study.variables
    level = statistic.level.removeprefix("coefficient").removeprefix(", ")
    words = (
        statistic.model,
        group,
        term_label(study, statistic.variable, regression) if known else "",
        level if known or statistic.statistic == "survival-at" else "",
    )
    return ", ".join(word for word in words if word)
