"""Where each item of a checklist is, from the study: the rules, one a line."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING

from cohortium.manuscript.checklists.facts import IN_REPORT

if TYPE_CHECKING:
    from cohortium.manuscript.checklists.facts import Facts

Find = Callable[["Facts"], Iterator[str]]

_DESIGN = r"\b(?:cohort|retrospective|prospective|observational|registry)\b"
_AIM = r"\b(?:aim|aims|aimed|objective|objectives|hypothes[ie]s|we (?:asked|compared|investigated|examined|assessed|studied))\b"
_SOURCE = r"\b(?:records?|charts?|registry|registries|claims|database|routinely)\b"
_YEARS = r"\b(?:19|20)\d\d\b"
_LINKED = r"\blink(?:ed|age)\b"
_BIAS = r"\bbias"
_ELSEWHERE = r"generali[sz]|external validity|other (?:settings|populations|countries)|applicab"
_TESTS = r"\b(?:Kaplan-Meier|log-rank|Cox|regression|Fisher|chi-square|Wilcoxon|confidence intervals?)\b"
_SIZE = r"sample size|number of patients|all (?:eligible|consecutive)|convenience|power\b"


def _methods_of_bias(facts: Facts) -> Iterator[str]:
    yield from facts.method(*(heading for heading in facts.methods if "ropensity" in heading))
    yield from facts.analyses(weighting=True)
    yield from facts.heading("method", "bias", saying=_BIAS)


def _missing(facts: Facts) -> Iterator[str]:
    yield from facts.analyses(method="missingness")
    yield from facts.analyses(imputation=True)
    yield from facts.exhibit("table/missingness", "figure/missingness")
    yield from facts.heading("missing")


def _follow_up(facts: Facts) -> Iterator[str]:
    reverse = [a.name for a in facts.study.file.analysis if getattr(a, "reverse", False)]
    yield from facts.showing(reverse, "table/survival", "figure/kaplan-meier")


def _ratios(facts: Facts) -> Iterator[str]:
    """Estimates without and with adjustment need both models in one analysis."""
    both = [a.name for a in facts.study.file.analysis if getattr(a, "univariable", False)]
    yield from facts.showing(both, "table/regression", "figure/forest")


def _flow_with_reasons(facts: Facts) -> Iterator[str]:
    if any(step.excluded for step in facts.study.file.cohort.step):
        yield from facts.exhibit("figure/flow")


def _steps(facts: Facts) -> Iterator[str]:
    if facts.study.file.cohort.step:
        yield from facts.method("Population")


def _matched(facts: Facts) -> Iterator[str]:
    yield from facts.heading("method", "population", "patients", saying=r"\bmatched\b")


def _categories(facts: Facts) -> Iterator[str]:
    yield from facts.method("Derived variables")
    yield from facts.exhibit("table/baseline") if facts.study.file.derive else ()


def _subgroup_methods(facts: Facts) -> Iterator[str]:
    yield from facts.analyses(subgroups=True)
    yield from facts.analyses(method="meta-analysis")
    yield from facts.heading("subgroup", "interaction")


def _sensitivity(facts: Facts) -> Iterator[str]:
    yield from facts.analyses(e_value=True)
    for analysis in facts.study.file.analysis:
        if "sensitivity" in f"{analysis.name} {getattr(analysis, 'label', '')}".casefold():
            yield from facts.method(facts.titles[analysis.name])
    yield from facts.heading("sensitivity")


def _other_analyses(facts: Facts) -> Iterator[str]:
    yield from facts.exhibit("table/subgroups", "figure/subgroups", "table/meta-analysis", "figure/site-forest")
    yield from facts.heading("sensitivity", "subgroup")


def _cleaning(facts: Facts) -> Iterator[str]:
    """Every run checks every row against the dictionary, and says what it found."""
    yield f"{IN_REPORT}Data quality, of {len(facts.study.variables)} variables checked against the dictionary"


def _statistics(facts: Facts) -> Iterator[str]:
    yield from facts.heading("statistic")
    yield from facts.heading("method", saying=_TESTS)
    yield from facts.method(*dict.fromkeys(facts.titles.values()))


OUTCOMES = (
    "table/survival", "table/competing-risks", "table/response", "table/adverse-events", "figure/kaplan-meier",
    "figure/cumulative-incidence", "figure/response", "figure/stacked-bars",
)  # fmt: skip

PLACES: Mapping[str, Find] = {
    "1a": lambda f: f.heading("title", "abstract", saying=_DESIGN),
    "1b": lambda f: f.heading("abstract", "summary"),
    "2": lambda f: f.heading("introduction", "background"),
    "3": lambda f: f.heading("introduction", "background", "aim", "objective", saying=_AIM),
    "4": lambda f: f.heading("method", "design", saying=_DESIGN),
    "5": lambda f: f.heading("method", "setting", "patients", saying=_YEARS),
    "6a": _steps,
    "6b": _matched,
    "7": lambda f: f.method("Time and endpoints", "Derived variables"),
    "8": lambda f: f.heading("method", "data", "source", saying=_SOURCE),
    "9": _methods_of_bias,
    "10": lambda f: f.heading("method", "size", saying=_SIZE),
    "11": lambda f: f.method("Derived variables"),
    "12a": _statistics,
    "12b": _subgroup_methods,
    "12c": _missing,
    "12d": lambda f: f.method("Time and endpoints") if f.study.file.endpoint else iter(()),
    "12e": _sensitivity,
    "13a": lambda f: f.exhibit("figure/flow", "figure/landmark-flow", "table/sites"),
    "13b": _flow_with_reasons,
    "13c": lambda f: f.exhibit("figure/flow"),
    "14a": lambda f: f.exhibit("table/baseline"),
    "14b": lambda f: f.exhibit("table/baseline", "table/missingness", "figure/missingness"),
    "14c": _follow_up,
    "15": lambda f: f.exhibit(*OUTCOMES),
    "16a": _ratios,
    "16b": _categories,
    "16c": lambda f: f.exhibit("table/survival", "table/competing-risks", "figure/kaplan-meier", "figure/cumulative-incidence"),
    "17": _other_analyses,
    "18": lambda f: f.heading("discussion"),
    "19": lambda f: f.heading("discussion", "limitation", saying="limitation"),
    "20": lambda f: f.heading("discussion", "conclusion"),
    "21": lambda f: f.heading("discussion", saying=_ELSEWHERE),
    "22": lambda f: f.statement("Funding"),
    "1.1": lambda f: f.heading("title", "abstract", saying=_SOURCE),
    "1.2": lambda f: f.heading("title", "abstract", saying=_YEARS),
    "1.3": lambda f: f.heading("title", "abstract", saying=_LINKED),
    "6.1": _steps,
    "6.2": lambda f: f.heading("method", "validation", saying="validat"),
    "6.3": lambda f: f.heading("method", saying=_LINKED),
    "7.1": lambda f: f.method("Time and endpoints", "Derived variables"),
    "12.1": lambda f: f.heading("method", "data", saying=r"\baccess\b"),
    "12.2": _cleaning,
    "12.3": lambda f: f.heading("method", saying=_LINKED),
    "13.1": lambda f: f.exhibit("figure/flow"),
    "19.1": lambda f: f.heading("discussion", "limitation", saying=r"misclassif|missing|routinely|confound"),
    "22.1": lambda f: f.statement("Data availability"),
}  # fmt: skip
"""The rule of every item; one that yields nothing leaves the item to the author."""

ONLY_WHERE: Mapping[str, str] = {
    "6b": "if patients were matched",
    "12b": "if there are subgroups or interactions",
    "12e": "if there are sensitivity analyses",
    "17": "if there are other analyses",
    "1.3": "if databases were linked",
    "6.3": "if databases were linked",
    "12.3": "if databases were linked",
}
"""Items that apply to some studies only, with the condition."""
