"""The forest plot of one effect in subgroups, with the tests of interaction."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from cohortium.report import formats
from cohortium.report.abbreviations import abbreviations
from cohortium.report.exhibits.chosen import chosen_analysis, without_numbers
from cohortium.report.exhibits.forest import row_texts
from cohortium.report.figures import forest
from cohortium.report.figures.forest import ForestLine, Heads
from cohortium.report.figures.readout import RowReadout
from cohortium.report.figures.save import Drawing
from cohortium.report.findings.regression import Term
from cohortium.report.findings.subgroups import Subgroups, subgroups
from cohortium.report.labels import strata_phrase, term_label
from cohortium.report.tables.subgroups import compared, test_of_interaction
from cohortium.results import Results
from cohortium.study.analyses import Cox

if TYPE_CHECKING:
    from cohortium.study.model import Figure as FigureSpec
    from cohortium.study.study import Study

DATA_HEADER = ("variable", "level", "n", "n_events", "hazard_ratio", "lower", "upper", "interaction_p")
ALL = "All patients"


def make(study: Study, results: Results, spec: FigureSpec) -> Drawing:
    """The drawing of a Cox analysis that estimates an effect in subgroups."""
    analysis = chosen_analysis(study, spec, Cox)
    found = subgroups(results, analysis.name)
    if not found.by:
        return without_numbers(results, spec, "effect in subgroups", ("interaction-p", "hazard-ratio"))
    interval = formats.confidence(analysis.confidence)
    p = formats.p_letter()
    heads = Heads(f"HR ({interval})", "Subgroup", f"{p}, interaction" if spec.width == "double" else p)
    effect = compared(study, analysis, results)
    labels = {subgroup.variable: term_label(study, subgroup.variable) for subgroup in found.by}
    lines = tuple(forest_lines(found, labels))
    figure = forest.draw(
        lines,
        [effect],
        x_label=f"Hazard ratio ({interval}), {effect}",
        heads=heads,
        sides=_sides(found, effect),
        width=spec.width,
    )
    caption = tuple(_caption(study, analysis, found))
    readout = RowReadout(tuple(row_texts(lines, [""], "HR")))
    return Drawing(figure, _alt(study, found, effect), caption, tuple(_data(found)), readout)


def _sides(found: Subgroups, effect: str) -> tuple[str, str]:
    """What the halves of the axis mean, where one level is compared with another."""
    level = effect.partition(", ")[2].partition(" vs ")[0]
    one_level = found.overall is not None and " vs " in effect and " or " not in level
    return (f"lower hazard, {level}", f"higher hazard, {level}") if one_level else ("", "")


def forest_lines(found: Subgroups, labels: dict[str, str]) -> Iterator[ForestLine]:
    """All patients first, then each variable with its p-value and its levels."""
    if found.overall is not None:
        yield ForestLine(ALL, (found.overall,), pooled=True)
    for subgroup in found.by:
        yield ForestLine(labels[subgroup.variable], aside=formats.p_value(subgroup.p))
        yield from (ForestLine(term.level, (term,), indent=True) for term in subgroup.terms)


def _caption(study: Study, analysis: Cox, found: Subgroups) -> Iterator[str]:
    yield (
        f"Cox proportional hazards, {analysis.ties.capitalize()} ties, {strata_phrase(study, analysis.strata)}; "
        "the area of a square is the weight of the estimate (inverse variance), the diamond is the estimate in all "
        "patients; the axis is logarithmic."
    )
    yield test_of_interaction(found)
    values = [formats.ratio_interval(term.hazard_ratio, term.lower, term.upper) for term in _terms(found)]
    yield abbreviations(heads=[f"HR ({formats.confidence(analysis.confidence)})"], values=values)
    for subgroup in found.by:
        label = term_label(study, subgroup.variable)
        yield from (f"{label}: {text}" for text in subgroup.warnings)
        yield from (f"{label}, {term.level}: {text}" for term in subgroup.terms for text in term.warnings)


def _terms(found: Subgroups) -> list[Term]:
    return [*([found.overall] if found.overall else []), *(term for subgroup in found.by for term in subgroup.terms)]


def _alt(study: Study, found: Subgroups, effect: str) -> str:
    parts = [f"Forest plot of hazard ratios, {effect}."]
    if found.overall is not None:
        parts.append(f"{ALL}: {_numbers(found.overall)}.")
    for subgroup in found.by:
        levels = "; ".join(f"{term.level} {_numbers(term)}" for term in subgroup.terms)
        label = term_label(study, subgroup.variable)
        parts.append(f"{label}: {levels}; interaction {formats.p_equation(subgroup.p)}.")
    return " ".join(parts)


def _numbers(term: Term) -> str:
    return formats.ratio_interval(term.hazard_ratio, term.lower, term.upper)


def _data(found: Subgroups) -> Iterator[tuple[object, ...]]:
    yield DATA_HEADER
    if (t := found.overall) is not None:
        yield "", ALL, t.n, t.n_events, t.hazard_ratio, t.lower, t.upper, None
    for subgroup in found.by:
        for t in subgroup.terms:
            yield subgroup.variable, t.level, t.n, t.n_events, t.hazard_ratio, t.lower, t.upper, subgroup.p
