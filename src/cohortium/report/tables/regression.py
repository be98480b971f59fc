"""Hazard ratios, the univariable beside the multivariable fit, a line per level."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cohortium.report import formats
from cohortium.report.findings.regression import MULTIVARIABLE, UNIVARIABLE, Fit, Term, fits
from cohortium.report.findings.warned import as_sentence
from cohortium.report.labels import analysis_title, covariate_names, strata_phrase, variable_label
from cohortium.report.table import Cell, Row, Table
from cohortium.results import Results
from cohortium.study.analyses import Cox

if TYPE_CHECKING:
    from cohortium.study.model import Table as TableSpec
    from cohortium.study.study import Study


@dataclass(frozen=True, slots=True)
class _Columns:
    """The columns of one model, and whether it prints its own counts beside the model before it."""

    model: str
    with_counts: bool

    @property
    def width(self) -> int:
        return 4 if self.with_counts else 2


def build(study: Study, results: Results, spec: TableSpec) -> Table:
    """The regression table of the Cox analyses that the study file names for it, one below the other."""
    chosen = [a for a in map(study.analysis, spec.analyses) if isinstance(a, Cox)]
    by_model = {a.name: {fit.model: fit for fit in fits(results, a.name)} for a in chosen}
    columns = _columns(list(by_model.values()))
    body: list[Row] = []
    for analysis in chosen:
        if len(chosen) > 1:
            body.append(Row(Cell(analysis_title(study, analysis.name)), section=True))
        for variable in covariate_names(analysis):
            body += _variable_rows(study, columns, by_model[analysis.name], variable)
    notes = (*_footnotes(study, results, chosen), *spec.footnotes)
    return Table(spec.name, spec.title, _header(columns, chosen), tuple(body), notes)


def _columns(fitted: list[dict[str, Fit]]) -> list[_Columns]:
    models = [model for model in (UNIVARIABLE, MULTIVARIABLE) if any(model in fits_of for fits_of in fitted)]
    counts = [[_counts(fits_of.get(model)) for fits_of in fitted] for model in models]
    return [
        _Columns(model, with_counts=position == 0 or counts[position] != counts[position - 1])
        for position, model in enumerate(models)
    ]


def _counts(fit: Fit | None) -> dict[tuple[str, str], tuple[int | None, int | None]]:
    return {(term.variable, term.level): (term.n, term.n_events) for term in fit.terms} if fit else {}


def _header(columns: list[_Columns], chosen: list[Cox]) -> tuple[tuple[Cell, ...], ...]:
    levels = {analysis.confidence for analysis in chosen}
    interval = formats.confidence(levels.pop() if len(levels) == 1 else None)
    estimate = (Cell(f"HR ({interval})"), Cell("p"))
    bottom = [Cell("Variable")]
    for block in columns:
        bottom += (Cell("n"), Cell("Events"), *estimate) if block.with_counts else estimate
    spanners = tuple(Cell(block.model.capitalize(), span=block.width) for block in columns)
    return ((Cell(""), *spanners), tuple(bottom)) if len(columns) > 1 else (tuple(bottom),)


def _variable_rows(study: Study, columns: list[_Columns], by_model: dict[str, Fit], variable: str) -> list[Row]:
    terms = {block.model: {t.level: t for t in by_model[block.model].of(variable)} if block.model in by_model else {}
             for block in columns}  # fmt: skip
    levels = list(dict.fromkeys(level for found in terms.values() for level in found))
    label = term_title(study, variable, [term for found in terms.values() for term in found.values()])

    def cells(level: str) -> tuple[Cell, ...]:
        return tuple(cell for block in columns for cell in _cells(block, terms[block.model].get(level)))

    if levels == [""]:
        return [Row(Cell(label), cells(""))]
    return [Row(Cell(label)), *(Row(Cell(level), cells(level), indent=1) for level in levels)]


def _cells(block: _Columns, term: Term | None) -> tuple[Cell, ...]:
    if term is None:
        return (Cell(""),) * block.width
    counts = (_count(term.n), _count(term.n_events)) if block.with_counts else ()
    return *counts, *_estimate(term)


def term_title(study: Study, variable: str, terms: Iterable[Term]) -> str:
    """The variable as a regression prints it: `Age, per 10 years`, or its label with the unit."""
    terms = list(terms)
    declared = study.variable(variable)
    forms = sorted({term.form for term in terms if term.form})
    if not forms and declared.kind == "category" and any(not term.level for term in terms):
        forms = ["per step"]
    return ", ".join([declared.label, *forms]) if forms else declared.title


def _count(n: int | None) -> Cell:
    return Cell("") if n is None else Cell(formats.count(n))


def _estimate(term: Term) -> tuple[Cell, Cell]:
    if term.reference:
        return Cell(formats.REFERENCE), Cell(formats.REFERENCE)
    text = formats.ratio_interval(term.hazard_ratio, term.lower, term.upper)
    return Cell(text, term.warnings), Cell(formats.p_value(term.p))


def _footnotes(study: Study, results: Results, chosen: list[Cox]) -> tuple[str, ...]:
    terms = [term for analysis in chosen for fit in fits(results, analysis.name) for term in fit.terms]
    reference = f"{formats.REFERENCE}, reference level; " if any(term.reference for term in terms) else ""
    levels = "n and events are those of the level; " if any(term.level for term in terms) else ""
    notes = [f"{reference}{levels}p from Wald tests."]
    for analysis in chosen:
        name = f"{analysis_title(study, analysis.name)}: " if len(chosen) > 1 else ""
        method = f"Cox proportional hazards, {analysis.ties.capitalize()} ties, {strata_phrase(study, analysis.strata)}"
        notes.append(as_sentence(f"{name}{method}{_entered(study, analysis)}"))
        notes += [f"{name}{note}" for fit in fits(results, analysis.name) for note in fit_notes(fit)]
    return tuple(notes)


def _entered(study: Study, analysis: Cox) -> str:
    labels = [variable_label(study, name) for name in covariate_names(analysis)]
    return f"; covariates: {', '.join(labels)}"


def fit_notes(fit: Fit) -> list[str]:
    """Who is in a fit and what concerns it: `Multivariable model: 227 patients, 164 events. 1 patient left out ...`."""
    sentences = [text for text in (fit_counts(fit), *fit.warnings) if text]
    return [f"{fit.model.capitalize()} model: {' '.join(sentences)}"] if sentences else []


def fit_counts(fit: Fit) -> str:
    """`227 patients, 164 events.`; empty where these differ by line."""
    if fit.n is None or fit.n_events is None:
        return ""
    # A warning says who was left out and why, so the bare count would repeat it.
    unsaid = bool(fit.n_missing) and not any("left out" in text for text in fit.warnings)
    left_out = f"; {formats.count(fit.n_missing)} left out for a missing value" if unsaid else ""
    return f"{formats.plural(fit.n, 'patient')}, {formats.plural(fit.n_events, 'event')}{left_out}."
