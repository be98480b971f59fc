"""Ratios of regressions, the univariable beside the multivariable fit, a line per level, a test per variable."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cohortium.report import formats
from cohortium.report.findings.behind import named
from cohortium.report.findings.e_values import e_value_notes
from cohortium.report.findings.regression import MULTIVARIABLE, UNIVARIABLE, Fit, Term, TermTest, fits
from cohortium.report.findings.warned import as_sentence, timing_warnings
from cohortium.report.labels import Regression, analysis_title, covariate_names, level_label, model_phrase, term_label
from cohortium.report.table import Cell, Row, Table
from cohortium.results import Results
from cohortium.study.analyses import Cox, FineGray, Logistic

if TYPE_CHECKING:
    from cohortium.study.model import Table as TableSpec
    from cohortium.study.study import Study


AREA = "Area under the receiver operating characteristic curve (apparent)"
EPISODES = "n counts episodes"
"""How a note begins that says that follow-up was cut where a covariate changes."""


@dataclass(frozen=True, slots=True)
class _Columns:
    """The columns of one model, and whether it prints its own counts beside the model before it."""

    model: str
    with_counts: bool

    @property
    def width(self) -> int:
        return 4 if self.with_counts else 2


def build(study: Study, results: Results, spec: TableSpec) -> Table:
    """The regression table of the analyses that the study file names, one below the other."""
    chosen = [a for a in map(study.analysis, spec.analyses) if isinstance(a, Cox | FineGray | Logistic)]
    by_model = {a.name: {fit.model: fit for fit in fits(results, a.name)} for a in chosen}
    columns = _columns(list(by_model.values()))
    body: list[Row] = []
    for analysis in chosen:
        if len(chosen) > 1:
            body.append(Row(Cell(analysis_title(study, analysis.name)), section=True))
        for variable in covariate_names(analysis):
            body += _variable_rows(study, analysis, columns, by_model[analysis.name], variable)
    notes = (*_footnotes(study, results, chosen), *spec.footnotes)
    found = [fit for fits_of in by_model.values() for fit in fits_of.values()]
    return Table(spec.name, spec.title, _header(columns, chosen, ratio_name(found)), tuple(body), notes)


def ratio_name(found: Sequence[Fit]) -> str:
    """`HR`, `sHR` of subdistribution hazards, `OR`; `HR or sHR` where both stand in one column."""
    return " or ".join(sorted({fit.ratio for fit in found})) or "HR"


def _columns(fitted: list[dict[str, Fit]]) -> list[_Columns]:
    models = [model for model in (UNIVARIABLE, MULTIVARIABLE) if any(model in fits_of for fits_of in fitted)]
    counts = [[_counts(fits_of.get(model)) for fits_of in fitted] for model in models]
    return [
        _Columns(model, with_counts=position == 0 or counts[position] != counts[position - 1])
        for position, model in enumerate(models)
    ]


def _counts(fit: Fit | None) -> dict[tuple[str, str], tuple[int | None, int | None]]:
    return {(term.variable, term.level): (term.n, term.n_events) for term in fit.terms} if fit else {}


def _header(columns: list[_Columns], chosen: Sequence[Regression], ratio: str) -> tuple[tuple[Cell, ...], ...]:
    levels = {analysis.confidence for analysis in chosen}
    interval = formats.confidence(levels.pop() if len(levels) == 1 else None)
    estimate = (Cell(f"{ratio} ({interval})"), Cell(formats.p_letter()))
    bottom = [Cell("Variable")]
    for block in columns:
        bottom += (Cell("n"), Cell("Events"), *estimate) if block.with_counts else estimate
    spanners = tuple(Cell(block.model.capitalize(), span=block.width) for block in columns)
    return ((Cell(""), *spanners), tuple(bottom)) if len(columns) > 1 else (tuple(bottom),)


def _variable_rows(
    study: Study, analysis: Regression, columns: list[_Columns], by_model: dict[str, Fit], variable: str
) -> list[Row]:
    terms = {block.model: {t.level: t for t in by_model[block.model].of(variable)} if block.model in by_model else {}
             for block in columns}  # fmt: skip
    levels = list(dict.fromkeys(level for found in terms.values() for level in found))
    label = term_title(study, variable, [term for found in terms.values() for term in found.values()], analysis)

    def cells(level: str) -> tuple[Cell, ...]:
        return tuple(cell for block in columns for cell in _cells(block, terms[block.model].get(level)))

    if levels == [""]:
        return [Row(Cell(label), cells(""))]
    return [
        Row(Cell(label), _test_cells(columns, by_model, variable)),
        *(Row(Cell(level_label(variable, level)), cells(level), indent=1) for level in levels),
    ]


def _test_cells(columns: list[_Columns], by_model: dict[str, Fit], variable: str) -> tuple[Cell, ...]:
    """The p-value of the variable as a whole beside its name; no cells where it has none in any model."""
    found = [_whole_test(by_model.get(block.model), variable) for block in columns]
    if not any(found):
        return ()
    return tuple(
        cell
        for block, test in zip(columns, found, strict=True)
        for cell in (
            *(Cell(""),) * (block.width - 1),
            Cell(formats.p_value(test.p), test.warnings, behind=test.behind) if test else Cell(""),
        )
    )


def _whole_test(fit: Fit | None, variable: str) -> TermTest | None:
    """The test of a variable of several columns; with one column its p-value stands in its line."""
    test = fit.tests.get(variable) if fit else None
    return test if test is not None and (test.df or 0) > 1 else None


def _cells(block: _Columns, term: Term | None) -> tuple[Cell, ...]:
    if term is None:
        return (Cell(""),) * block.width
    counts = (_count(term, term.n, "n"), _count(term, term.n_events, "events")) if block.with_counts else ()
    return *counts, *_estimate(term)


def term_title(study: Study, variable: str, terms: Iterable[Term], analysis: Regression | None = None) -> str:
    """The term as a regression prints it: `Age, per 10 years`, or its label with the unit."""
    terms = list(terms)
    forms = sorted({term.form for term in terms if term.form})
    label = term_label(study, variable, analysis)
    declared = study.variables.get(variable)
    if declared is None or declared.label != label:
        return ", ".join([label, *forms])
    if not forms and declared.kind == "category" and any(not term.level for term in terms):
        forms = ["per step"]
    return ", ".join([declared.label, *forms]) if forms else declared.title


def _count(term: Term, n: int | None, statistic: str) -> Cell:
    return Cell("") if n is None else Cell(formats.count(n), behind=named(term.behind, statistic))


def _estimate(term: Term) -> tuple[Cell, Cell]:
    if term.reference:
        return Cell(formats.REFERENCE), Cell(formats.REFERENCE)
    text = formats.ratio_interval(term.hazard_ratio, term.lower, term.upper)
    ratio = tuple(row for row in term.behind[:1] if row.statistic.endswith("ratio"))
    return (
        Cell(text, term.warnings, behind=ratio),
        Cell(formats.p_value(term.p), behind=named(term.behind, "p-value")),
    )


def _footnotes(study: Study, results: Results, chosen: Sequence[Regression]) -> tuple[str, ...]:
    fitted = {analysis.name: fits(results, analysis.name) for analysis in chosen}
    every = [fit for found in fitted.values() for fit in found]
    terms = [term for fit in every for term in fit.terms]
    reference = f"{formats.REFERENCE}, reference level; " if any(term.reference for term in terms) else ""
    levels = "n and events are those of the level; " if any(term.level for term in terms) else ""
    notes = [f"{reference}{levels}{p_phrase(every)}."]
    several = len({analysis.confidence for analysis in chosen}) > 1
    for analysis in chosen:
        name = f"{analysis_title(study, analysis.name)}: " if len(chosen) > 1 else ""
        interval = f"; {formats.confidence(analysis.confidence)}" if several else ""
        notes.append(as_sentence(f"{name}{model_phrase(study, analysis)}{_entered(study, analysis)}{interval}"))
        notes += [f"{name}{note}" for fit in fitted[analysis.name] for note in fit_notes(fit)]
        notes += [f"{name}{text}" for text in e_value_notes(study, results, analysis.name)]
        notes += [f"{name}{text}" for text in timing_warnings(results, analysis.name)]
    return tuple(notes)


def p_phrase(found: Iterable[Fit]) -> str:
    """`p from Wald tests`, and by which test a variable is judged as a whole."""
    found = list(found)
    single = dict.fromkeys(term.test for fit in found for term in fit.terms if not term.reference)
    whole = dict.fromkeys(test.name for fit in found for test in fit.tests.values() if (test.df or 0) > 1)
    p = formats.p_letter()
    lines = f"{p} from {' or '.join(single) or 'Wald test'}s"
    return (
        f"{lines}; {p} beside a variable's name from the {' or '.join(whole)} test of all its levels"
        if whole
        else lines
    )


def concordance_notes(fit: Fit) -> list[str]:
    """`Concordance (Harrell, within institution) 0.65 (95% CI, 0.60 to 0.70).`"""
    notes = []
    for found in fit.concordance:
        name = AREA if found.statistic == "auc" else f"Concordance ({found.note})"
        if found.value is None:
            notes.append(f"{name} {formats.NOT_ESTIMABLE}: {as_sentence(found.warning)}")
        else:
            limits = formats.between(formats.number(found.lower, 2), formats.number(found.upper, 2))
            shown = formats.with_interval(formats.number(found.value, 2), found.confidence, limits)
            notes.append(f"{name} {shown}.")
    return notes


def _entered(study: Study, analysis: Regression) -> str:
    labels = [term_label(study, name, analysis) for name in covariate_names(analysis)]
    return f"; covariates: {', '.join(labels)}"


def fit_notes(fit: Fit) -> list[str]:
    """Who is in a fit and what concerns it: `Multivariable model: 227 patients, 164 events. 1 patient left out ...`."""
    sentences = [text for text in _said(fit) if text]
    return [f"{fit.model.capitalize()} model: {' '.join(sentences)}"] if sentences else []


def _said(fit: Fit) -> tuple[str, ...]:
    how = [
        as_sentence(text)
        for text in fit.how
        if EPISODES not in text and not any(text in warning for warning in fit.warnings)
    ]
    return fit_counts(fit), *how, *fit.warnings, *concordance_notes(fit)


def fit_counts(fit: Fit) -> str:
    """`227 patients, 164 events.`; empty where these differ by line."""
    if fit.n is None or fit.n_events is None:
        return ""
    # A warning says who was left out and why, so the bare count would repeat it.
    unsaid = bool(fit.n_missing) and not any("left out" in text for text in fit.warnings)
    left_out = f"; {formats.count(fit.n_missing)} left out for a missing value" if unsaid else ""
    counted = "episode" if any(EPISODES in text for text in fit.how) else "patient"
    return f"{formats.plural(fit.n, counted)}, {formats.plural(fit.n_events, 'event')}{left_out}."
