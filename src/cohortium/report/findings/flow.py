"""The flow of patients from the records received to those analyzed, checked to add up."""

from __future__ import annotations

from dataclasses import dataclass

from cohortium.errors import OutputError, Problem
from cohortium.results import Results, Statistic


@dataclass(frozen=True, slots=True)
class Step:
    """One inclusion step: who entered it, left at it and remained."""

    label: str
    excluded_label: str
    n_entered: int
    n_excluded: int
    n_unknown: int
    n_remaining: int


@dataclass(frozen=True, slots=True)
class Refused:
    """A site whose data were not used, and why."""

    name: str
    reason: str


@dataclass(frozen=True, slots=True)
class Flow:
    """The whole flow.

    n_site_unknown  of the analyzed, those without institution
    n_sites         sites declared; records come from those that were not refused
    refused         sites refused
    """

    received_label: str
    n_received: int
    steps: tuple[Step, ...]
    analyzed_label: str
    n_analyzed: int
    n_site_unknown: int
    n_sites: int = 0
    refused: tuple[Refused, ...] = ()


def flow(results: Results) -> Flow:
    """The flow of the study; OutputError when its numbers do not add up."""
    rows = results.where(analysis="flow")
    entered, excluded = rows.where(statistic="entered"), rows.where(statistic="excluded")
    unknown, remaining = rows.where(statistic="excluded-unknown"), rows.where(statistic="remaining")
    if not len(entered) == len(excluded) == len(unknown) == len(remaining):
        raise OutputError("The flow of patients cannot be drawn: its steps are not complete in the results table.")
    received, analyzed = rows.one(statistic="received"), rows.one(statistic="analyzed")
    steps = tuple(
        Step(e.level, x.note, _n(e), _n(x), _n(u), _n(r))
        for e, x, u, r in zip(entered, excluded, unknown, remaining, strict=True)
    )
    site_unknown = sum(_n(s) for s in rows.where(statistic="site-unknown"))
    result = Flow(
        received_label=received.level or "Records received",
        n_received=_n(received),
        steps=steps,
        analyzed_label=analyzed.level,
        n_analyzed=_n(analyzed),
        n_site_unknown=site_unknown,
        n_sites=sum(s.denominator or 0 for s in rows.where(statistic="sites-refused")),
        refused=refused(results),
    )
    _refuse_unless_sites_add_up(result, sum(_n(s) for s in rows.where(statistic="sites-refused")))
    _refuse_unless_it_adds_up(result)
    return result


def refused(results: Results) -> tuple[Refused, ...]:
    """The sites that the study refused, with the reason, in the study file's order."""
    return tuple(Refused(s.level, s.warning) for s in results.where(analysis="flow", statistic="site-refused"))


def _refuse_unless_sites_add_up(found: Flow, n_refused: int) -> None:
    if n_refused != len(found.refused) or n_refused > found.n_sites:
        what = f"{n_refused} of {found.n_sites} refused, and {len(found.refused)} are named"
        raise OutputError("The sites do not add up; no report is written.", [Problem("flow: sites refused", what)])


def _refuse_unless_it_adds_up(found: Flow) -> None:
    problems = []
    before, place = found.n_received, found.received_label
    for step in found.steps:
        if step.n_entered != before:
            problems.append(
                Problem(f"flow: {step.label}", f"{step.n_entered} entered, expected the {before} of {place}")
            )
        if step.n_entered - step.n_excluded != step.n_remaining:
            expected = step.n_entered - step.n_excluded
            problems.append(Problem(f"flow: {step.label}", f"{step.n_remaining} remain, expected {expected}"))
        if step.n_unknown > step.n_excluded:
            problems.append(Problem(f"flow: {step.label}", "more excluded as unknown than excluded"))
        before, place = step.n_remaining, step.label
    if found.n_analyzed != before:
        problems.append(
            Problem(f"flow: {found.analyzed_label}", f"{found.n_analyzed} analyzed, expected the {before} of {place}")
        )
    if problems:
        raise OutputError("The flow of patients does not add up; no report is written.", problems)


def _n(statistic: Statistic) -> int:
    return int(statistic.value or 0)
