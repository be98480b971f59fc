"""The figure of propensity scores by group."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from cohortium.report import formats
from cohortium.report.exhibits.chosen import chosen_analysis
from cohortium.report.figures import overlap as drawing
from cohortium.report.figures.readout import what_is_said
from cohortium.report.figures.save import Drawing
from cohortium.report.findings.balance import Balance as Found
from cohortium.report.findings.balance import balance
from cohortium.report.labels import color_index
from cohortium.results import Results
from cohortium.study.analyses import Balance

if TYPE_CHECKING:
    from cohortium.study.model import Figure as FigureSpec
    from cohortium.study.study import Study


def make(study: Study, results: Results, spec: FigureSpec) -> Drawing:
    """The drawing of a balance analysis."""
    analysis = chosen_analysis(study, spec, Balance)
    section = study.propensity(analysis.weighting)
    found = balance(results, analysis.name)
    control, treated = found.groups
    places = [color_index(study, section.treatment, group.label, i) for i, group in enumerate(found.groups)]
    figure = drawing.draw(
        control.scores,
        treated.scores,
        labels=(
            f"{control.label} (n = {formats.count(control.n)})",
            f"{treated.label} (n = {formats.count(treated.n)})",
        ),
        colors=(places[0], places[1]),
        trim=section.trim,
        width=spec.width,
    )
    caption = (*_caption(found, section.trim), *found.warnings)
    return Drawing(figure, _alt(found), caption, tuple(_data(found)), what_is_said(figure))


def _caption(found: Found, trim: float) -> Iterator[str]:
    control, treated = found.groups
    step = formats.number_shortest(0.02)
    yield f"Patients by propensity score, the probability of {treated.label} given the covariates, in steps of {step}."
    yield f"{treated.label} is drawn upward, {control.label} downward."
    if trim:
        low, high = formats.number_shortest(trim), formats.number_shortest(round(1 - trim, 12))
        out = formats.plural(control.n_trimmed + treated.n_trimmed, "patient")
        yield f"Dashed lines: without weight are scores below {low} and above {high} ({out})."


def _alt(found: Found) -> str:
    return "Mirrored histogram of propensity scores. " + " ".join(
        f"{group.label}: half of the {formats.plural(group.n, 'patient')} have a score of about {_median(group.scores)} or less."
        for group in found.groups
        if group.n
    )


def _median(counts: tuple[int, ...]) -> str:
    upto, half = 0, sum(counts) / 2
    for place, count in enumerate(counts):
        upto += count
        if upto >= half:
            return formats.number((place + 1) / len(counts), 2)
    return formats.number(1.0, 2)


def _data(found: Found) -> Iterator[tuple[object, ...]]:
    control, treated = found.groups
    yield ("score_from", "score_to", control.label, treated.label)
    n = len(control.scores)
    for place, counts in enumerate(zip(control.scores, treated.scores, strict=True)):
        yield (place / n, (place + 1) / n, *counts)
