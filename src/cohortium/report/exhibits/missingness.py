"""The figure of the patterns of values that are not known."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from cohortium.report import formats
from cohortium.report.exhibits.chosen import chosen_analysis, without_numbers
from cohortium.report.figures import missingness as drawing
from cohortium.report.figures.missingness import Pattern
from cohortium.report.figures.readout import what_is_said
from cohortium.report.figures.save import Drawing
from cohortium.report.findings.missing import Missing, missing
from cohortium.report.labels import inside_sentence, joined, variable_label
from cohortium.results import Results
from cohortium.study.analyses import Missingness

if TYPE_CHECKING:
    from cohortium.study.model import Figure as FigureSpec
    from cohortium.study.study import Study


def make(study: Study, results: Results, spec: FigureSpec) -> Drawing:
    """The drawing of a missingness analysis; a sentence when it has too many variables for patterns."""
    analysis = chosen_analysis(study, spec, Missingness)
    found = missing(results, analysis.name)
    if found.unsaid or not found.patterns:
        return without_numbers(results, spec, "combinations of unknown values", ("pattern",))
    labels = [variable_label(study, name) for name in found.variables]
    unknown = [found.unknown[name, ""].n for name in found.variables]
    patterns = [
        Pattern(frozenset(map(found.variables.index, names)), n, _said(study, names, n))
        for names, n in found.patterns.items()
    ]
    n_shown = drawing.patterns_that_fit(labels, patterns, spec.width)
    figure = drawing.draw(labels, unknown, patterns[:n_shown], width=spec.width)
    caption = tuple(_caption(found, n_shown))
    return Drawing(figure, _alt(study, found), caption, tuple(_data(found)), what_is_said(figure))


def _said(study: Study, names: tuple[str, ...], n: int) -> str:
    """`48 patients: ferritin not known`."""
    labels = joined([inside_sentence(variable_label(study, name)) for name in names])
    return f"{formats.plural(n, 'patient')}: {f'{labels} not known' if names else 'every value known'}"


def _caption(found: Missing, n_shown: int) -> Iterator[str]:
    n = found.sizes[""]
    yield (
        "Each column is a combination of variables; dark squares are not known, light ones known; the bar above is "
        f"its number of patients. At the right, patients of whom each variable is not known, of {formats.count(n)}."
    )
    if n_shown < len(found.patterns):
        rest = list(found.patterns.values())[n_shown:]
        patients = formats.plural(sum(rest), "patient")
        yield f"The {n_shown} most frequent combinations are drawn; {len(rest)} others ({patients}) are in the data file."


def _alt(study: Study, found: Missing) -> str:
    parts = [f"{formats.count(found.complete[''])} of {formats.count(found.sizes[''])} patients have every value known"]
    for names, n in found.patterns.items():
        if names:
            labels = joined([inside_sentence(variable_label(study, name)) for name in names])
            parts.append(f"{formats.count(n)} lack {labels}")
    return "; ".join(parts) + "."


def _data(found: Missing) -> Iterator[tuple[object, ...]]:
    yield (*found.variables, "n")
    for names, n in found.patterns.items():
        yield (*("unknown" if name in names else "known" for name in found.variables), n)
