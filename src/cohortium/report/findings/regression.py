"""The terms and fits of a Cox, Fine-Gray or logistic regression, as the results table holds them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from cohortium.report.findings.warned import warnings_of
from cohortium.results import Results, Statistic

UNIVARIABLE = "univariable"
MULTIVARIABLE = "multivariable"
_RATIOS = {"hazard-ratio": "HR", "subdistribution-hazard-ratio": "sHR", "odds-ratio": "OR"}
_TERM_STATISTICS = frozenset({*_RATIOS, "coefficient", "standard-error", "p-value", "n", "events"})
_TEST_STATISTICS = {"term-likelihood-ratio-p": "likelihood-ratio", "term-wald-p": "Wald"}
_AFTER_THE_FIT = (
    "ph-",
    "concordance",
    "baseline-hazard",
    "predicted-survival",
    "subgroup",
    "interaction",
    "e-value",
    "term-",
    "spline-",
    "grid-bound",
    "odds-ratio-",
    "constant",
    "auc",
    "calibration-",
    "risk-group",
)
_FORMS = ("per ", "restricted cubic spline")
_SAID_ELSEWHERE = (
    *_FORMS,
    "reference",
    "Efron",
    "Breslow",
    "stratified",
    "unstratified",
    "Wald",
    "follow-up counted in whole days",
)


@dataclass(frozen=True, slots=True)
class Term:
    """One line of a regression: a level of a category, or a number.

    variable       name of the variable
    level          level as printed; empty for a number
    form           how the term enters when not as it is, e.g. `per 10 years`
    reference      whether it is the level that the others are compared with
    n, n_events    patients and events of the level
    hazard_ratio, lower, upper, p, standard_error   of whatever ratio the method has; None when not estimable
    test           by which p is
    behind         rows of the results table
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
    test: str = "Wald test"
    behind: tuple[Statistic, ...] = field(default=(), compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class TermTest:
    """The test of all columns of one variable together: `likelihood-ratio` or `Wald`."""

    name: str
    df: int | None
    p: float | None
    warnings: tuple[str, ...] = ()
    behind: tuple[Statistic, ...] = field(default=(), compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Fit:
    """One model of an analysis: all univariable fits together, or the multivariable one.

    n, n_events, n_missing   of the multivariable fit; None for univariable ones, whose numbers differ by line
    warnings                 what concerns the multivariable fit as a whole
    tests                    the test of each variable as a whole, where there is one
    how                      what sets the estimates apart, e.g. `robust standard errors`, `Firth penalized`
    concordance              rows of the results table on discrimination, one a kind
    ratio                    what the ratios are: `HR`, `sHR` of subdistribution hazards, `OR`
    """

    analysis: str
    model: str
    terms: tuple[Term, ...]
    n: int | None
    n_events: int | None
    n_missing: int | None
    warnings: tuple[str, ...] = ()
    tests: Mapping[str, TermTest] = field(default_factory=dict)
    how: tuple[str, ...] = ()
    concordance: tuple[Statistic, ...] = ()
    ratio: str = "HR"

    def of(self, variable: str) -> tuple[Term, ...]:
        """The terms of one variable, the reference included, in order."""
        return tuple(term for term in self.terms if term.variable == variable)


def fits(results: Results, analysis: str) -> tuple[Fit, ...]:
    """The models of a Cox, Fine-Gray or logistic analysis, univariable first."""
    rows = results.where(analysis=analysis)
    found = set(rows.distinct("model"))
    return tuple(_fit(rows.where(model=model), model) for model in (UNIVARIABLE, MULTIVARIABLE) if model in found)


def _fit(rows: Results, model: str) -> Fit:
    by_term: dict[tuple[str, str], list[Statistic]] = defaultdict(list)
    whole = [s for s in rows if s.statistic not in _TERM_STATISTICS and not s.statistic.startswith(_AFTER_THE_FIT)]
    for statistic in rows:
        if statistic.statistic in _TERM_STATISTICS and statistic.variable:
            by_term[statistic.variable, statistic.level].append(statistic)
    counts = {s.statistic: int(s.value) for s in whole if s.value is not None and s.variable == ""}
    subdistribution = any(s.statistic == "subdistribution-hazard-ratio" for s in rows)
    terms = [term_of(variable, level, statistics) for (variable, level), statistics in by_term.items()]
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
        tests=_tests(rows),
        how=tuple(text for text in _how(rows) if not (subdistribution and text.startswith("robust"))),
        concordance=tuple(s for s in rows if s.statistic in ("concordance", "auc")),
        ratio=next((_RATIOS[s.statistic] for s in rows if s.statistic in _RATIOS), "HR"),
    )


def _tests(rows: Results) -> dict[str, TermTest]:
    """The likelihood-ratio test of each variable where there is one, else its Wald test."""
    found: dict[str, TermTest] = {}
    df = {s.variable: int(s.value) for s in rows if s.statistic == "term-df" and s.value is not None}
    for statistic, usual in _TEST_STATISTICS.items():
        for row in rows.where(statistic=statistic):
            if row.variable not in found or found[row.variable].p is None:
                name = row.note.removesuffix(" test") or usual
                found[row.variable] = TermTest(name, df.get(row.variable), row.value, warnings_of([row]), behind=(row,))
    return found


def _how(rows: Iterable[Statistic]) -> tuple[str, ...]:
    """What the notes of the estimates say that the study file's own words do not."""
    estimates = [s for s in rows if s.statistic in ("coefficient", "standard-error", *_RATIOS, "model-n")]
    parts = dict.fromkeys(part.strip() for s in estimates for part in s.note.split(";"))
    return tuple(part for part in parts if part and not part.startswith(_SAID_ELSEWHERE))


def _with_warnings(terms: list[Term], variable: str, warnings: tuple[str, ...]) -> list[Term]:
    """The terms, what concerns a univariable fit as a whole said at its first estimate."""
    first = next((i for i, term in enumerate(terms) if term.variable == variable and not term.reference), None)
    if first is None or not warnings:
        return terms
    said = tuple(dict.fromkeys((*terms[first].warnings, *warnings)))
    return [*terms[:first], replace(terms[first], warnings=said), *terms[first + 1 :]]


def term_of(variable: str, level: str, statistics: list[Statistic]) -> Term:
    """The line of one level, from its statistics."""
    found = {s.statistic: s for s in statistics}
    ratio = next((found[name] for name in _RATIOS if name in found), None)
    p, error = found.get("p-value"), found.get("standard-error")
    notes = [part.strip() for part in ratio.note.split(";")] if ratio else []
    return Term(
        variable=variable,
        level=level,
        form=next((note for note in notes if note.startswith(_FORMS)), ""),
        reference="reference" in notes,
        n=_whole(found.get("n")),
        n_events=_whole(found.get("events")),
        hazard_ratio=ratio.value if ratio else None,
        lower=ratio.lower if ratio else None,
        upper=ratio.upper if ratio else None,
        p=p.value if p else None,
        standard_error=error.value if error else None,
        confidence=ratio.confidence if ratio else None,
        warnings=warnings_of(statistics),
        test=(p.note if p else "") or "Wald test",
        behind=tuple(row for row in (ratio, p, found.get("n"), found.get("events")) if row is not None),
    )


def _whole(statistic: Statistic | None) -> int | None:
    return None if statistic is None or statistic.value is None else int(statistic.value)
