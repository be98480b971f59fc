"""The forest plot of a Cox analysis, the univariable beside the multivariable estimates."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from cohortium.report import formats
from cohortium.report.exhibits.chosen import chosen_analysis
from cohortium.report.figures import forest
from cohortium.report.figures.forest import ForestLine
from cohortium.report.figures.save import Drawing
from cohortium.report.findings.regression import Fit, Term, fits
from cohortium.report.findings.warned import as_sentence
from cohortium.report.labels import covariate_names, inside_sentence, strata_phrase
from cohortium.report.tables.regression import fit_notes, term_title
from cohortium.results import Results
from cohortium.study.analyses import Cox

if TYPE_CHECKING:
    from cohortium.study.model import Figure as FigureSpec
    from cohortium.study.study import Study

DATA_HEADER = (
    "model", "variable", "level", "form", "reference", "n", "n_events", "hazard_ratio", "lower", "upper", "p_value",
)  # fmt: skip


def make(study: Study, results: Results, spec: FigureSpec) -> Drawing:
    """The drawing of a Cox analysis."""
    analysis = chosen_analysis(study, spec, Cox)
    found = fits(results, analysis.name)
    lines = tuple(_lines(study, analysis, found))
    models = [fit.model.capitalize() for fit in found]
    endpoint = study.endpoint(analysis.endpoint).label
    interval = formats.confidence(analysis.confidence)
    figure = forest.draw(
        lines,
        models,
        x_label=f"Hazard ratio ({interval}), {inside_sentence(endpoint)}",
        interval=interval,
        width=spec.width,
    )
    n_shown = forest.models_that_fit(lines, models, interval, spec.width)
    caption = tuple(_caption(study, analysis, found, n_shown))
    return Drawing(figure, _alt(study, endpoint, found), caption, tuple(_data(found)))


def _lines(study: Study, analysis: Cox, found: tuple[Fit, ...]) -> Iterator[ForestLine]:
    for variable in covariate_names(analysis):
        by_fit = [{term.level: term for term in fit.of(variable)} for fit in found]
        levels = list(dict.fromkeys(level for terms in by_fit for level in terms))
        title = term_title(study, variable, [term for terms in by_fit for term in terms.values()])
        if levels == [""]:
            yield ForestLine(title, tuple(terms.get("") for terms in by_fit))
            continue
        yield ForestLine(title)
        for level in levels:
            yield ForestLine(level, tuple(terms.get(level) for terms in by_fit), indent=True)


def _caption(study: Study, analysis: Cox, found: tuple[Fit, ...], n_shown: int) -> Iterator[str]:
    yield (
        f"Cox proportional hazards, {analysis.ties.capitalize()} ties, {strata_phrase(study, analysis.strata)}; "
        "the area of a square is the weight of the estimate (inverse variance); the axis is logarithmic."
    )
    notes = {formats.REFERENCE: "reference level"}
    if any(term.hazard_ratio is None for fit in found for term in fit.terms):
        notes[formats.NOT_ESTIMABLE] = "not estimable"
    yield "; ".join(f"{sign}, {meaning}" for sign, meaning in notes.items()) + "."
    if n_shown < len(found):
        yield f"Only the {found[-1].model} estimates are drawn at this width; the data file has all."
    elif len(found) > 1:
        yield f"n and events are those of the {found[-1].model} model; p from Wald tests."
    for fit in found:
        yield from fit_notes(fit)
        for term in fit.terms:
            yield from (
                as_sentence(f"{_named(study, term)}, {fit.model}: {inside_sentence(text)}") for text in term.warnings
            )


def _alt(study: Study, endpoint: str, found: tuple[Fit, ...]) -> str:
    parts = [f"Forest plot of hazard ratios for {inside_sentence(endpoint)}."]
    for fit in found:
        shown = [
            f"{_named(study, term)} {formats.ratio_interval(term.hazard_ratio, term.lower, term.upper)}"
            for term in fit.terms
            if not term.reference
        ]
        parts.append(f"{fit.model.capitalize()}: {'; '.join(shown)}.")
    return " ".join(parts)


def _named(study: Study, term: Term) -> str:
    title = term_title(study, term.variable, [term])
    return f"{title}, {term.level}" if term.level else title


def _data(found: tuple[Fit, ...]) -> Iterator[tuple[object, ...]]:
    yield DATA_HEADER
    for fit in found:
        for t in fit.terms:
            yield (
                fit.model, t.variable, t.level, t.form, int(t.reference), t.n, t.n_events, t.hazard_ratio, t.lower,
                t.upper, t.p,
            )  # fmt: skip
