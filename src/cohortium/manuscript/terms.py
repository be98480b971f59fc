"""The words that a reference may begin with: which statistic each is, and how it stands in a sentence."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from cohortium.report import formats
from cohortium.report.journal_style import TO

if TYPE_CHECKING:
    from cohortium.results import Statistic


class Setting(NamedTuple):
    """What printing needs of the study: days in a month."""

    month_days: float


Printer = Callable[["Statistic", Setting], "Parts"]


class Parts(NamedTuple):
    """A statistic in words: the number, its unit with the space before it, its limits; `sentence` where a sentence has other words."""

    number: str
    unit: str = ""
    limits: str = ""
    sentence: str = ""


@dataclass(frozen=True, slots=True)
class Term:
    """A word of the language.

    statistics   names of the statistic in the results table, the first that fits
    meaning      one sentence for the reference page
    """

    statistics: tuple[str, ...]
    meaning: str


TERMS: Mapping[str, Term] = {
    "n": Term(("n", "model-n", "analyzed"), "Patients of an analysis, of a group, or in a model."),
    "events": Term(("events", "model-events"), "Events of a group or a model."),
    "count": Term(("count",), "Patients with a level of a category or with an outcome."),
    "percent": Term(("percent",), "The percentage alone."),
    "count_percent": Term(("percent",), "Count over its denominator with the percentage: `94/193 (48.7%)`."),
    "missing": Term(("missing",), "Patients whose value is not known."),
    "mean": Term(("mean", "restricted-mean"), "A mean; of a survival curve the restricted mean in months."),
    "sd": Term(("sd",), "A standard deviation."),
    "median": Term(("median",), "A median: of a survival curve in months with its interval, of a variable as it is."),
    "q1": Term(("q1",), "First quartile of a variable."),
    "q3": Term(("q3",), "Third quartile of a variable."),
    "minimum": Term(("min",), "Smallest value of a variable."),
    "maximum": Term(("max",), "Largest value of a variable."),
    "survival": Term(("survival-at",), "Survival at `months`, in percent with its interval."),
    "incidence": Term(("cumulative-incidence-at",), "Cumulative incidence at `months`; `level` is the cause."),
    "hazard_ratio": Term(("hazard-ratio", "subdistribution-hazard-ratio"), "A hazard ratio with its interval."),
    "odds_ratio": Term(("odds-ratio",), "An odds ratio with its interval."),
    "difference": Term(("difference", "restricted-mean-difference"), "A difference with its interval."),
    "ratio": Term(("ratio", "restricted-mean-ratio"), "A ratio of rates or of restricted means with its interval."),
    "p": Term(("p-value",), "A p-value as an equation: `p = 0.012`."),
    "received": Term(("received",), "Records received, without an analysis; of an institution with `level`."),
    "analyzed": Term(("analyzed",), "Patients analyzed, without an analysis."),
    "excluded": Term(("excluded",), "Patients left out by the step that `level` names."),
    "auc": Term(("auc",), "Area under the receiver operating characteristic curve."),
    "concordance": Term(("concordance",), "Concordance of a Cox model."),
    "heterogeneity": Term(("i-squared",), "I-squared of a meta-analysis, in percent."),
    "value": Term((), "Any statistic, named with `statistic`."),
}
"""Every word that is looked up in the results table."""

PLACES: Mapping[str, str] = {
    "table": "A table of the study, by name.",
    "figure": "A figure of the study, by name.",
    "see": "The number of a table or figure that is placed: `Table 1`, `Figure S2`.",
    "statement": "A statement from the records of people and ethics, by its heading, e.g. `Ethics`.",
    "typed": "A number that is not of this study, with its `source`: it is printed as it is and not remarked.",
}
"""Every word that is not."""

FORMS = ("full", "number", "limits")
"""How much of it is printed: all, the number alone, or the limits alone."""

FLOW = ("received", "analyzed", "excluded")
"""Words that speak of the flow of patients and need no analysis."""


def parts_of(statistic: Statistic, setting: Setting) -> Parts:
    """A statistic in words, by its format and unit.

    A statistic without a number is `not reached` or `not estimable`, as its warning says.
    """
    if statistic.value is None and statistic.warning != "not reached":
        return Parts("not estimable")
    printer = _PRINTERS.get(_kind(statistic), _number)
    return printer(statistic, setting)


def sentence_form(parts: Parts, form: str, confidence: float | None) -> str:
    """The words that stand in the sentence."""
    if form == "number":
        return parts.number
    if form == "limits":
        return parts.limits or formats.NOT_ESTIMABLE
    if parts.sentence:
        return parts.sentence
    estimate = f"{parts.number}{parts.unit}"
    return formats.with_interval(estimate, confidence, parts.limits) if parts.limits else estimate


def _kind(statistic: Statistic) -> str:
    if statistic.statistic in _PROBABILITIES:
        return "probability"
    kind = statistic.format.partition(":")[0]
    return "points" if statistic.statistic == "difference" and statistic.unit == "percent" else kind


_PROBABILITIES = ("survival-at", "cumulative-incidence-at", "survival", "cumulative-incidence", "predicted-survival")


def _days(statistic: Statistic, setting: Setting) -> Parts:
    days = setting.month_days
    is_reached = statistic.value is not None
    number = formats.months(statistic.value, days) if is_reached else "not reached"
    limits = _between(formats.months(statistic.lower, days), formats.months(statistic.upper, days), statistic)
    return Parts(number, " months" if is_reached else "", limits)


def _probability(statistic: Statistic, _setting: Setting) -> Parts:
    low, high = (_percent(limit) for limit in (statistic.lower, statistic.upper))
    return Parts(_percent(statistic.value), "%", _between(low, high, statistic))


def _percent(value: float | None) -> str:
    return formats.NOT_ESTIMABLE if value is None else formats.percent(100 * value, 1)


def _of_hundred(statistic: Statistic, _setting: Setting) -> Parts:
    decimals = formats.percent_decimals([statistic.denominator or statistic.n or 0])
    low, high = (formats.percent(limit, decimals) for limit in (statistic.lower, statistic.upper))
    return Parts(formats.percent(statistic.value, decimals), "%", _between(low, high, statistic))


def _points(statistic: Statistic, _setting: Setting) -> Parts:
    number, low, high = (formats.number(value, 1) for value in (statistic.value, statistic.lower, statistic.upper))
    return Parts(number, " percentage points", _between(low, high, statistic))


def _ratio(statistic: Statistic, _setting: Setting) -> Parts:
    decimals = formats.ratio_decimals(statistic.value)
    number, low, high = (
        formats.ratio(value, decimals) for value in (statistic.value, statistic.lower, statistic.upper)
    )
    return Parts(number, "", _between(low, high, statistic))


def _p(statistic: Statistic, _setting: Setting) -> Parts:
    return Parts(formats.p_value(statistic.value), sentence=formats.p_equation(statistic.value))


def _count(statistic: Statistic, _setting: Setting) -> Parts:
    return Parts(formats.count(statistic.value))


def _number(statistic: Statistic, _setting: Setting) -> Parts:
    decimals = int(statistic.format.partition(":")[2] or 2)
    number, low, high = (
        formats.number(value, decimals) for value in (statistic.value, statistic.lower, statistic.upper)
    )
    unit = f" {statistic.unit}" if statistic.unit and statistic.unit != "percent" else "%" if statistic.unit else ""
    return Parts(number, unit, _between(low, high, statistic))


def _between(low: str, high: str, statistic: Statistic) -> str:
    if statistic.lower is None and statistic.upper is None:
        return ""
    said = [_SPOKEN.get(limit, limit) for limit in (low, high)]
    # A sentence has no note that explains an abbreviation, and a word takes no dash.
    return TO.join(said) if said != [low, high] else formats.between(low, high)


_SPOKEN = {formats.NOT_REACHED: "not reached", formats.NOT_ESTIMABLE: "not estimable"}


_PRINTERS: Mapping[str, Printer] = {
    "days": _days,
    "probability": _probability,
    "percent": _of_hundred,
    "points": _points,
    "ratio": _ratio,
    "p": _p,
    "count": _count,
}
