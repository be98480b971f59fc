"""The forest plot of a Cox, Fine-Gray or logistic analysis, the univariable beside the multivariable estimates."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from cohortium.report import formats
from cohortium.report.abbreviations import abbreviations
from cohortium.report.exhibits.chosen import unfit
from cohortium.report.figures import forest
from cohortium.report.figures.forest import ForestLine, Heads
from cohortium.report.figures.readout import RowReadout
from cohortium.report.figures.save import Drawing
from cohortium.report.findings.regression import Fit, Term, fits
from cohortium.report.findings.warned import as_sentence
from cohortium.report.labels import Regression, covariate_names, event_phrase, level_label, model_phrase
from cohortium.report.tables.regression import EPISODES, fit_counts, ratio_name, term_title
from cohortium.results import Results
from cohortium.study.analyses import Cox, FineGray, Logistic

if TYPE_CHECKING:
    from cohortium.study.model import Figure as FigureSpec
    from cohortium.study.study import Study

DATA_HEADER = (
    "model", "variable", "level", "form", "reference", "n", "n_events", "hazard_ratio", "lower", "upper", "p_value",
)  # fmt: skip

_RATIOS = {"HR": "Hazard ratio", "sHR": "Subdistribution hazard ratio", "OR": "Odds ratio"}


def make(study: Study, results: Results, spec: FigureSpec) -> Drawing:
    """The drawing of a Cox, Fine-Gray or logistic analysis."""
    analysis = study.analysis(spec.analysis) if spec.analysis else None
    if not isinstance(analysis, Cox | FineGray | Logistic):
        raise unfit(spec, "Cox")
    found = fits(results, analysis.name)
    lines = tuple(_lines(study, analysis, found))
    models = [fit.model.capitalize() for fit in found]
    event = event_phrase(study, analysis)
    interval = formats.confidence(analysis.confidence)
    ratio = ratio_name(found)
    heads = Heads(f"{ratio} ({interval})")
    figure = forest.draw(
        lines,
        models,
        x_label=f"{_RATIOS[ratio]} ({interval}), {event}",
        heads=heads,
        width=spec.width,
    )
    n_shown = forest.models_that_fit(lines, models, heads, spec.width)
    caption = tuple(_caption(study, analysis, found, n_shown))
    readout = RowReadout(tuple(row_texts(lines, [fit.model for fit in found], ratio)))
    return Drawing(figure, _alt(study, analysis, found), caption, tuple(_data(found)), readout)


def row_texts(lines: Sequence[ForestLine], models: Sequence[str], ratio: str) -> Iterator[str]:
    """What each row says with four significant digits: `Sex, Female: HR 0.5881 (0.4237 to 0.8162), p = 0.001; n 90, ...`."""
    heading = ""
    for line in lines:
        heading = heading if line.indent else line.label
        if not line.terms:
            yield f"{line.label}: p {line.aside}" if line.aside else ""
            continue
        said = [
            f"{model} {_four_digits(term, ratio)}".strip()
            for model, term in zip(models, line.terms, strict=True)
            if term is not None
        ]
        yield f"{heading}, {line.label}: {'; '.join(said)}" if line.indent else f"{line.label}: {'; '.join(said)}"


def _four_digits(term: Term, ratio: str) -> str:
    if term.reference:
        return "reference"
    value, lower, upper = (
        formats.NOT_ESTIMABLE if number is None else f"{number:.4g}"
        for number in (term.hazard_ratio, term.lower, term.upper)
    )
    counts = "" if term.n is None or term.n_events is None else f", {term.n_events} events in {term.n}"
    p = f", {formats.p_equation(term.p)}" if term.p is not None else ""
    return f"{ratio} {value} ({lower} to {upper}){p}{counts}"


def _lines(study: Study, analysis: Regression, found: tuple[Fit, ...]) -> Iterator[ForestLine]:
    for variable in covariate_names(analysis):
        by_fit = [{term.level: term for term in fit.of(variable)} for fit in found]
        levels = list(dict.fromkeys(level for terms in by_fit for level in terms))
        title = term_title(study, variable, [term for terms in by_fit for term in terms.values()], analysis)
        if levels == [""]:
            yield ForestLine(title, tuple(terms.get("") for terms in by_fit))
            continue
        yield ForestLine(title)
        for level in levels:
            yield ForestLine(level_label(variable, level), tuple(terms.get(level) for terms in by_fit), indent=True)


def _caption(study: Study, analysis: Regression, found: tuple[Fit, ...], n_shown: int) -> Iterator[str]:
    yield (
        f"{model_phrase(study, analysis)}; "
        "the area of a square is the weight of the estimate (inverse variance); the axis is logarithmic."
    )
    if any(term.reference for fit in found for term in fit.terms):
        yield f"{formats.REFERENCE}, reference level."
    yield abbreviations(
        heads=[f"{ratio_name(found)} ({formats.confidence(analysis.confidence)})"], values=list(_values(found))
    )
    if n_shown < len(found):
        yield f"Only the {found[-1].model} estimates are drawn at this width; the data file has all."
    elif len(found) > 1:
        yield f"n and events are those of the {found[-1].model} model; {_p_phrase(found)}."
    yield from (f"{fit.model.capitalize()} model: {fit_counts(fit)}" for fit in found if fit_counts(fit))
    yield from (
        f"{fit.model.capitalize()} model: {as_sentence(text)}"
        for fit in found
        for text in fit.how
        if not _is_warned(fit, text)
    )
    yield from _warnings(study, analysis, found)


def _p_phrase(found: tuple[Fit, ...]) -> str:
    tests = dict.fromkeys(term.test for fit in found for term in fit.terms if not term.reference)
    return f"{formats.p_letter()} from {' or '.join(tests)}s"


def _is_warned(fit: Fit, text: str) -> bool:
    return EPISODES in text or any(text in warning for warning in fit.warnings)


def _values(found: tuple[Fit, ...]) -> Iterator[str]:
    for fit in found:
        for term in fit.terms:
            if not term.reference:
                yield formats.ratio_interval(term.hazard_ratio, term.lower, term.upper)
                yield formats.p_value(term.p)


def _warnings(study: Study, analysis: Regression, found: tuple[Fit, ...]) -> Iterator[str]:
    """Each warning once, with the fits and estimates it concerns unless it concerns all."""
    concerned: dict[str, list[str]] = defaultdict(list)
    everything = []
    for fit in found:
        if fit.n is not None:
            everything.append(f"{fit.model} model")
            for text in _single(fit.warnings):
                concerned[text].append(everything[-1])
        for term in fit.terms:
            for text in _single(term.warnings):
                concerned[text].append(f"{_named(study, analysis, term)}, {fit.model}")
        if fit.n is None:
            everything += [f"{_named(study, analysis, term)}, {fit.model}" for term in _first_terms(fit)]
    for text, names in concerned.items():
        whom = "every fit" if set(everything) <= set(names) else "; ".join(names)
        yield f"{text.rstrip('.')} ({whom})."


def _single(warnings: tuple[str, ...]) -> list[str]:
    """Warnings that say two kinds of patients were left out, as two."""
    parts = [part for text in warnings for part in (text.split("; ") if text.count("left out") > 1 else [text])]
    return [as_sentence(part) for part in parts]


def _first_terms(fit: Fit) -> Iterator[Term]:
    """The term of each univariable fit that carries what concerns the fit as a whole."""
    variables = dict.fromkeys(term.variable for term in fit.terms)
    for variable in variables:
        yield from [term for term in fit.of(variable) if not term.reference][:1]


def _alt(study: Study, analysis: Regression, found: tuple[Fit, ...]) -> str:
    parts = [f"Forest plot of {_RATIOS[ratio_name(found)].lower()}s for {event_phrase(study, analysis)}."]
    for fit in found:
        shown = [
            f"{_named(study, analysis, term)} {formats.ratio_interval(term.hazard_ratio, term.lower, term.upper)}"
            for term in fit.terms
            if not term.reference
        ]
        parts.append(f"{fit.model.capitalize()}: {'; '.join(shown)}.")
    return " ".join(parts)


def _named(study: Study, analysis: Regression, term: Term) -> str:
    title = term_title(study, term.variable, [term], analysis)
    return f"{title}, {level_label(term.variable, term.level)}" if term.level else title


def _data(found: tuple[Fit, ...]) -> Iterator[tuple[object, ...]]:
    yield DATA_HEADER
    for fit in found:
        for t in fit.terms:
            yield (
                fit.model, t.variable, t.level, t.form, int(t.reference), t.n, t.n_events, t.hazard_ratio, t.lower,
                t.upper, t.p,
            )  # fmt: skip
