"""The terms and fits of a Cox regression, as the results table holds them."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace

from cohortium.report.findings.warned import warnings_of
from cohortium.results import Results, Statistic

UNIVARIABLE = "univariable"
MULTIVARIABLE = "multivariable"
_MODEL_STATISTICS = frozenset(
    {
        "model-n", "model-events", "model-missing", "model-df", "log-likelihood", "log-likelihood-null",
        "likelihood-ratio", "likelihood-ratio-df", "likelihood-ratio-p", "wald", "wald-p", "wald-df",
        "score", "score-p", "score-df",
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Term:
    """One line of a regression: a level of a category, or a number.

    variable       name of the variable
    level          level as printed; empty for a number
    form           how the term enters when not as it is, e.g. `per 10 years`
    reference      whether it is the level that the others are compared with
    n, n_events    patients and events of the level
    hazard_ratio, lower, upper, p, standard_error   None when not estimable
    """

    variable: str
    level: str
    form: str
    reference: bool
    n: int | None
    n_events: int | None
    hazard_ratio: float | None
    lower: float | None
    upper: float | None
    p: float | None
    standard_error: float | None
    confidence: float | None
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Fit:
    """One model of a Cox analysis: all univariable fits together, or the multivariable one.

    n, n_events, n_missing   of the multivariable fit; None for univariable ones, whose numbers differ by line
    warnings                 what concerns the multivariable fit as a whole
    """

    analysis: str
    model: str
    terms: tuple[Term, ...]
    n: int | None
    n_events: int | None
    n_missing: int | None
    warnings: tuple[str, ...] = ()

    def of(self, variable: str) -> tuple[Term, ...]:
        """The terms of one variable, the reference included, in order."""
        return tuple(term for term in self.terms if term.variable == variable)


def fits(results: Results, analysis: str) -> tuple[Fit, ...]:
    """The models of a Cox analysis, univariable first."""
    rows = results.where(analysis=analysis, method="cox")
    found = set(rows.distinct("model"))
    return tuple(_fit(rows.where(model=model), model) for model in (UNIVARIABLE, MULTIVARIABLE) if model in found)


def _fit(rows: Results, model: str) -> Fit:
    by_term: dict[tuple[str, str], list[Statistic]] = defaultdict(list)
    whole = [s for s in rows if s.statistic in _MODEL_STATISTICS]
    for statistic in rows:
        if statistic.statistic not in _MODEL_STATISTICS and statistic.variable:
            by_term[statistic.variable, statistic.level].append(statistic)
    counts = {s.statistic: int(s.value) for s in whole if s.value is not None and s.variable == ""}
    terms = [_term(variable, level, statistics) for (variable, level), statistics in by_term.items()]
    for variable in rows.distinct("variable"):
        terms = _with_warnings(terms, variable, warnings_of(s for s in whole if variable and s.variable == variable))
    return Fit(
        analysis=rows[0].analysis,
        model=model,
        terms=tuple(terms),
        n=counts.get("model-n"),
        n_events=counts.get("model-events"),
        n_missing=counts.get("model-missing"),
        warnings=warnings_of(s for s in whole if not s.variable),
    )


def _with_warnings(terms: list[Term], variable: str, warnings: tuple[str, ...]) -> list[Term]:
    """The terms, what concerns a univariable fit as a whole said at its first estimate."""
    first = next((i for i, term in enumerate(terms) if term.variable == variable and not term.reference), None)
    if first is None or not warnings:
        return terms
    said = tuple(dict.fromkeys((*terms[first].warnings, *warnings)))
    return [*terms[:first], replace(terms[first], warnings=said), *terms[first + 1 :]]


def _term(variable: str, level: str, statistics: list[Statistic]) -> Term:
    found = {s.statistic: s for s in statistics}
    ratio, p, error = found.get("hazard-ratio"), found.get("p-value"), found.get("standard-error")
    note = ratio.note if ratio else ""
    return Term(
        variable=variable,
        level=level,
        form=note if note.startswith("per ") else "",
        reference=note == "reference",
        n=_whole(found.get("n")),
        n_events=_whole(found.get("events")),
        hazard_ratio=ratio.value if ratio else None,
        lower=ratio.lower if ratio else None,
        upper=ratio.upper if ratio else None,
        p=p.value if p else None,
        standard_error=error.value if error else None,
        confidence=ratio.confidence if ratio else None,
        warnings=warnings_of(statistics),
    )


def _whole(statistic: Statistic | None) -> int | None:
    return None if statistic is None or statistic.value is None else int(statistic.value)
