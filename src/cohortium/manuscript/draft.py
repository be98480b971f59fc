"""A first manuscript from the study file and its results, for the author to edit: every number in it is a reference."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations
from typing import TYPE_CHECKING

from cohortium.manuscript.references import references
from cohortium.manuscript.resolve import NotFoundError, resolve
from cohortium.report.findings.regression import term_of
from cohortium.report.labels import full_title, inside_sentence, joined, term_label, variable_label
from cohortium.report.methods import methods
from cohortium.report.rules import Code
from cohortium.study.analyses import (
    Baseline,
    Cox,
    FineGray,
    KaplanMeier,
    Logistic,
    LogRank,
    ResponseRates,
    Sequences,
)

if TYPE_CHECKING:
    from cohortium.results import Results, Statistic
    from cohortium.study.study import Study

_RATIOS = {
    "hazard-ratio": "hazard ratio",
    "subdistribution-hazard-ratio": "subdistribution hazard ratio",
    "odds-ratio": "odds ratio",
}
_MOST_LEVELS = 6
_NAMING = ("group", "variable", "level", "model", "population")


def draft(study: Study, results: Results, headings: tuple[str, ...] = ()) -> str:
    """A manuscript with methods written from the study file, results as sentences with references, exhibits placed.

    headings  statements that there are; each is placed

    Returns Markdown in which every number of results is a reference that can be filled.
    """
    exhibits = _Exhibits(study)
    results_text = list(_results(study, results, exhibits))
    parts = [
        f"# {study.file.study.title}",
        *_statements(headings, front=True),
        "## Abstract",
        *_abstract(study, results),
        "## Methods",
        *_methods(study, results),
        "## Results",
        *results_text,
        *_statements(headings, front=False),
        *exhibits.places("table", "Tables"),
        *exhibits.places("figure", "Figures"),
    ]
    return "\n\n".join(parts) + "\n"


class _Exhibits:
    """Tables and figures in the order in which the text refers to them: they are placed in that order."""

    def __init__(self, study: Study) -> None:
        self._showing: list[tuple[str, str, tuple[str | None, ...], str]] = [
            *(("table", spec.name, spec.analyses, spec.kind) for spec in study.file.table),
            *(("figure", spec.name, (spec.analysis,), spec.kind) for spec in study.file.figure),
        ]
        self._cited: dict[tuple[str, str], None] = {}

    def of(self, analysis: str) -> str:
        """References to what shows an analysis and was not referred to before."""
        return self._see([(kind, name) for kind, name, shown, _ in self._showing if analysis in shown])

    def of_flow(self) -> str:
        """References to the flow of patients."""
        return self._see([(kind, name) for kind, name, _, form in self._showing if form == "flow"])

    def others(self) -> str:
        """References to everything else."""
        return self._see([(kind, name) for kind, name, *_ in self._showing])

    def _see(self, keys: list[tuple[str, str]]) -> str:
        new = [key for key in keys if key not in self._cited]
        self._cited.update(dict.fromkeys(new))
        return joined([f'{{{{ see("{name}") }}}}' for _, name in new])

    def places(self, kind: str, heading: str) -> Iterator[str]:
        """A heading with the places of all of a kind; nothing where there is none."""
        names = [name for own, name in self._cited if own == kind]
        if names:
            yield f"## {heading}"
            yield from (f'{{{{ {kind}("{name}") }}}}' for name in names)


_FRONT = ("Byline", "Affiliations", "Correspondence")
_UNPLACED = ("Title", "Article history", "Authors")
"""The title is the manuscript's own, the history the journal's, and the byline names the authors."""


def _statements(headings: tuple[str, ...], *, front: bool) -> Iterator[str]:
    for heading in headings:
        if heading not in _UNPLACED and (heading in _FRONT) == front:
            place = f'{{{{ statement("{heading}") }}}}'
            if heading == "Correspondence":
                yield "**Correspondence**"
            yield place if front else f"## {heading}\n\n{place}"


def _abstract(study: Study, results: Results) -> Iterator[str]:
    """Who was analyzed, and the first median of each endpoint: a beginning of which every number is a reference."""
    sentences = ["We analyzed {{ analyzed() }} patients."]
    seen: set[str] = set()
    for analysis in study.file.analysis:
        if isinstance(analysis, KaplanMeier) and not analysis.reverse and analysis.endpoint not in seen:
            seen.add(analysis.endpoint)
            sentences += _of_analysis(study, results, analysis.name)
    yield " ".join(sentences)


def _methods(study: Study, results: Results) -> Iterator[str]:
    for heading, paragraphs in methods(study, results):
        yield f"### {heading}"
        for paragraph in paragraphs:
            yield "".join(f"`{piece.text}`" if isinstance(piece, Code) else _plain(piece) for piece in paragraph)


def _plain(text: str) -> str:
    return text.replace("*", r"\*").replace("_", r"\_").replace("<", r"\<")


def _results(study: Study, results: Results, exhibits: _Exhibits) -> Iterator[str]:
    flow = exhibits.of_flow()
    yield f"Of {{{{ received() }}}} records, {{{{ analyzed() }}}} patients were analyzed{f' ({flow})' if flow else ''}."
    for analysis in study.file.analysis:
        sentences = list(_of_analysis(study, results, analysis.name))
        see = exhibits.of(analysis.name)
        if sentences or see:
            yield f"### {full_title(study, analysis)}"
            yield " ".join([*sentences, *([f"See {see}."] if see else [])])
    if others := exhibits.others():
        yield f"See also {others}."


def _of_analysis(study: Study, results: Results, name: str) -> Iterator[str]:
    analysis = study.analysis(name)
    rows = list(results.where(analysis=name))
    if isinstance(analysis, Baseline):
        yield from _baseline(study, results, rows)
    elif isinstance(analysis, Sequences):
        yield from _categories(study, results, [row for row in rows if not row.group])
    elif isinstance(analysis, KaplanMeier):
        what = "follow-up" if analysis.reverse else inside_sentence(study.endpoint(analysis.endpoint).label)
        for row in rows:
            if row.statistic == "median" and (said := _reference("median", row, results, study)):
                yield f"Median {what}{_in(row)} was {said}."
    elif isinstance(analysis, LogRank):
        said = next((_reference("p", row, results, study) for row in rows if row.statistic == "p-value"), "")
        if said:
            yield f"{_plain(full_title(study, analysis))}: {said}."
    elif isinstance(analysis, ResponseRates):
        for row in rows:
            if row.statistic == "percent" and row.level and (said := _reference("count_percent", row, results, study)):
                yield f"*{_plain(row.level)}*{_in(row)} ({row.population}): {said}."
    elif isinstance(analysis, Cox | FineGray | Logistic):
        yield from _ratios(study, results, rows, analysis)


def _baseline(study: Study, results: Results, rows: list[Statistic]) -> Iterator[str]:
    together = [row for row in rows if not row.group]
    for row in together:
        if row.statistic == "median" and (median := _reference("median", row, results, study)):
            yield f"Median {inside_sentence(variable_label(study, row.variable))} was {median}."
    yield from _categories(study, results, together)


def _categories(study: Study, results: Results, together: list[Statistic]) -> Iterator[str]:
    """The levels of each category, the first ones where there are many."""
    variables = dict.fromkeys(row.variable for row in together if row.statistic == "percent" and row.level)
    for variable in variables:
        levels = [row for row in together if row.statistic == "percent" and row.variable == variable and row.level]
        said = [(row.level, _reference("count_percent", row, results, study)) for row in levels[:_MOST_LEVELS]]
        listed = ", ".join(f"*{_plain(level)}* {text}" for level, text in said if text)
        yield f"{variable_label(study, variable)}: {listed}."


def _ratios(
    study: Study, results: Results, rows: list[Statistic], analysis: Cox | FineGray | Logistic
) -> Iterator[str]:
    models = [row.model for row in rows if row.statistic in _RATIOS]
    model = "multivariable" if "multivariable" in models else models[0] if models else ""
    for row in rows:
        word = "odds_ratio" if row.statistic == "odds-ratio" else "hazard_ratio"
        is_wanted = row.statistic in _RATIOS and row.model == model and row.lower is not None
        if is_wanted and (said := _reference(word, row, results, study)):
            level = f", *{_plain(row.level)}*" if row.level else ""
            form = term_of(row.variable, row.level, [row]).form
            label = ", ".join(filter(None, (term_label(study, row.variable, analysis), form)))
            yield f"{label}{level}: {_RATIOS[row.statistic]} {said}."


def _in(row: Statistic) -> str:
    return f" (*{_plain(row.group)}*)" if row.group else ""


def _reference(word: str, row: Statistic, results: Results, study: Study) -> str:
    """The shortest reference that finds a row, in braces; empty when none does."""
    columns = [column for column in _NAMING if getattr(row, column) and '"' not in getattr(row, column)]
    for size in range(len(columns) + 1):
        for chosen in combinations(columns, size):
            given = [f'"{row.analysis}"', *(f'{column}="{getattr(row, column)}"' for column in chosen)]
            source = f"{{{{ {word}({', '.join(given)}) }}}}"
            if _finds(source, row, results, study):
                return source
    return ""


def _finds(source: str, row: Statistic, results: Results, study: Study) -> bool:
    found, problems = references(source, "")
    try:
        return not problems and resolve(found[0], results, study).statistic == row
    except NotFoundError:
        return False
