"""What a reader must know before the numbers: every warning of the results table, the gravest first, by analysis."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cohortium.report.bounds import bound_sentence, unbounded
from cohortium.report.findings.flow import refused
from cohortium.report.findings.warned import as_sentence, is_reached
from cohortium.report.labels import full_title, propensity_title, term_label
from cohortium.results import Results, Statistic
from cohortium.study.analyses import Cox, FineGray, Logistic

if TYPE_CHECKING:
    from cohortium.study.study import Study

SITE_REFUSED = "site-refused"
GRID_BOUND = "grid-bound"
NOT_USED = "Institutions whose data were not used"
NOT_ESTIMATED = "Numbers that could not be given"
WITH_CARE = "Estimates to read with care"
ON_GRID = "Follow-up counted in weeks or months"
SINGLE_PATIENTS = "Numbers of single patients"
LEFT_OUT = "Patients left out of an analysis"
HEADINGS = (NOT_USED, NOT_ESTIMATED, WITH_CARE, ON_GRID, SINGLE_PATIENTS, LEFT_OUT)
"""Kinds of warning, the gravest first."""
_MOST_NAMED = 3
_IS_LEFT_OUT = re.compile(r"[\d,]+ (?:patient|episode|row)s? .*(?:left out|without a bar)", re.IGNORECASE)
_BARS = "bars"
_FIXED = {
    "flow": "Flow of patients",
    "landmark": "Flow to the landmark",
    "among": "Patients of an endpoint",
    "sites": "Institutions",
}


@dataclass(frozen=True, slots=True)
class Caution:
    """What is said of one or more analyses: sentences, each with the places inside an analysis that it concerns."""

    subjects: tuple[str, ...]
    said: tuple[tuple[str, tuple[str, ...]], ...]


@dataclass(frozen=True, slots=True)
class CautionGroup:
    """Warnings of one kind."""

    heading: str
    cautions: tuple[Caution, ...]


@dataclass(frozen=True, slots=True)
class _Warning:
    """One sentence about one analysis."""

    heading: str
    analysis: str
    subject: str
    text: str
    places: tuple[str, ...]


def cautions(study: Study, results: Results) -> tuple[CautionGroup, ...]:
    """The warnings by kind, the gravest first; inside a kind in the order of the results table.

    `not reached` is printed as `NR` and is none. Analyses of which the same is said share a line; an analysis is named
    where another has its title and not its warning. A refused site is said once, not at every analysis that lacks it.
    """
    found = [*_warnings(study, results), *_grid_bounds(study, results)]
    groups = (CautionGroup(heading, tuple(_shared(study, found, heading))) for heading in HEADINGS)
    return tuple(group for group in groups if group.cautions)


def _shared(study: Study, found: list[_Warning], heading: str) -> Iterator[Caution]:
    """A line for each set of sentences, with the analyses of which it is said."""
    said: dict[tuple[str, str], dict[str, tuple[str, ...]]] = defaultdict(dict)
    for each in found:
        if each.heading == heading:
            said[each.analysis, each.subject][each.text] = each.places
    alike: dict[tuple[tuple[str, tuple[str, ...]], ...], list[tuple[str, str]]] = defaultdict(list)
    for named, sentences in said.items():
        alike[tuple(sentences.items())].append(named)
    titles = Counter(full_title(study, analysis) for analysis in study.file.analysis)
    for sentences_alike, names in alike.items():
        n_alike = Counter(subject for _, subject in names)
        subjects = (
            subject if n_alike[subject] >= titles[subject] else f"{subject} ({analysis})" for analysis, subject in names
        )
        yield Caution(tuple(dict.fromkeys(subjects)), sentences_alike)


def _warnings(study: Study, results: Results) -> Iterator[_Warning]:
    unused = {site.name for site in refused(results)}
    groups: dict[tuple[str, str], set[str]] = defaultdict(set)
    variables: dict[str, set[str]] = defaultdict(set)
    found: dict[tuple[str, str], list[Statistic]] = {}
    for row in results:
        groups[row.analysis, row.statistic].add(row.group)
        variables[row.analysis].add(row.variable)
        if row.statistic == SITE_REFUSED:
            yield _Warning(NOT_USED, row.analysis, row.level, as_sentence(row.warning), ())
        elif row.warning and is_reached(row) and row.level not in unused:
            text = unbounded(study, row.warning) if row.statistic == GRID_BOUND else row.warning
            found.setdefault((row.analysis, as_sentence(text)), []).append(row)
    of_all = {(row.analysis, _reason(text)) for (_, text), rows in found.items() for row in rows if not row.level}
    for (analysis, text), warned in found.items():
        if _IS_LEFT_OUT.match(text) and all(row.level for row in warned) and (analysis, _reason(text)) in of_all:
            # The patients of a site are among those of all sites.
            continue
        known = set().union(*(groups[analysis, row.statistic] for row in warned))
        several = len(variables[analysis] - {""}) > 1
        places = _places(study, warned, known, with_variable=several)
        yield _Warning(_heading(warned, text), analysis, _subject(study, analysis), text, places)


def _reason(text: str) -> str:
    """`value not known` of `2 patients left out: value not known.`"""
    return text.partition(":")[2]


def _heading(warned: list[Statistic], text: str) -> str:
    if warned[0].statistic == GRID_BOUND:
        return ON_GRID
    if warned[0].statistic == _BARS:
        return SINGLE_PATIENTS
    if _IS_LEFT_OUT.match(text):
        return LEFT_OUT
    return NOT_ESTIMATED if all(row.value is None for row in warned) else WITH_CARE


def _grid_bounds(study: Study, results: Results) -> Iterator[_Warning]:
    """The largest bound of each statistic of each analysis whose follow-up is counted in weeks or months."""
    rows: dict[str, list[Statistic]] = defaultdict(list)
    for row in results.where(statistic=GRID_BOUND):
        rows[row.analysis].append(row)
    for name, found in rows.items():
        analysis = study.analysis(name)
        if sentence := bound_sentence(study, analysis, found):
            yield _Warning(ON_GRID, name, full_title(study, analysis), sentence, ())


def _places(study: Study, warned: list[Statistic], groups: set[str], *, with_variable: bool) -> tuple[str, ...]:
    """`multivariable`, `univariable, LDH`, `univariable, 7 terms`: where in an analysis; empty for all of it."""
    # A warning that every group carries concerns the analysis; who is left out for an unknown group is in none.
    everywhere = {s.group for s in warned} == groups or "left out" in warned[0].warning
    by_model: Mapping[str, dict[str, None]] = defaultdict(dict)
    for s in warned:
        by_model[s.model][_place(study, s, "" if everywhere else s.group, with_variable=with_variable)] = None
    return tuple(text for model, names in by_model.items() if (text := _of_model(model, list(filter(None, names)))))


def _of_model(model: str, names: list[str]) -> str:
    if not names:
        return model
    listed = ", ".join(names) if len(names) <= _MOST_NAMED else f"{len(names)} of its numbers"
    if model:
        return f"{model}, {listed if len(names) <= _MOST_NAMED else f'{len(names)} terms'}"
    return listed


def _subject(study: Study, analysis: str) -> str:
    named = {a.name: a for a in study.file.analysis}
    for section in study.file.propensity:
        if section.name == analysis:
            return propensity_title(study, section)
    return full_title(study, named[analysis]) if analysis in named else _FIXED.get(analysis, analysis)


def _place(study: Study, statistic: Statistic, group: str, *, with_variable: bool) -> str:
    analysis = next((a for a in study.file.analysis if a.name == statistic.analysis), None)
    regression = analysis if isinstance(analysis, Cox | FineGray | Logistic) else None
    known = statistic.variable in study.variables
    level = statistic.level.removeprefix("coefficient").removeprefix(", ")
    words = (
        group,
        term_label(study, statistic.variable, regression) if known and with_variable else "",
        level if known or statistic.statistic == "survival-at" else "",
    )
    return ", ".join(word for word in words if word)
