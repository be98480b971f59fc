"""Where each number of the page comes from: the rows of the results table behind the cells, once each."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from cohortium.report.labels import full_title, propensity_title, variable_label
from cohortium.report.table import Cell
from cohortium.results import Statistic

if TYPE_CHECKING:
    from cohortium.study.study import Study

POLICY = "No count is suppressed or rounded before it is printed."
_NAMES = {
    "kaplan-meier": "Kaplan-Meier",
    "logrank": "log-rank test",
    "cox": "Cox regression",
    "gray": "Gray's test",
    "fine-gray": "Fine-Gray regression",
    "cmh": "Cochran-Mantel-Haenszel test",
    "logistic": "logistic regression",
    "meta-analysis": "meta-analysis",
    "n": "patients",
    "sd": "standard deviation",
    "q1": "first quartile",
    "q3": "third quartile",
    "min": "smallest",
    "max": "largest",
    "df": "degrees of freedom",
    "p-value": "p-value",
    "auc": "area under the curve",
}
"""Methods and statistics whose names in the results table are not words with hyphens for spaces."""
_TEXTS = (
    "analysis",
    "method",
    "model",
    "population",
    "group",
    "variable",
    "level",
    "statistic",
    "unit",
    "note",
    "warning",
)
_NUMBERS = ("time", "value", "lower", "upper", "confidence", "n", "denominator")
_DIGITS = 8


class Origins:
    """Statistics by number in the order in which the cells of a page first print them."""

    def __init__(self, cells: Iterable[Cell]) -> None:
        behind = dict.fromkeys(statistic for cell in cells for statistic in cell.behind)
        self._numbers = {statistic: number for number, statistic in enumerate(behind)}

    def keys(self, cell: Cell) -> str:
        """`12 13`: the numbers of the statistics behind a cell."""
        return " ".join(str(self._numbers[statistic]) for statistic in cell.behind)

    def data(self, study: Study) -> dict[str, object]:
        """What the script of the page shows: texts once each, and a line a statistic.

        A line is the place of each text of `texts`, then each number of `numbers`, as `columns` names them.
        """
        statistics = list(self._numbers)
        words = dict.fromkeys(getattr(s, name) for s in statistics for name in _TEXTS)
        place = {word: number for number, word in enumerate(words)}
        return {
            "columns": [*_TEXTS, *_NUMBERS],
            "n_texts": len(_TEXTS),
            "words": list(words),
            "rows": [_line(statistic, place) for statistic in statistics],
            "titles": _titles(study),
            "names": _NAMES,
            "labels": _labels(study, {s.variable for s in statistics}),
            "cohort": study.file.cohort.label,
            "month_days": study.file.time.month_days,
            "policy": POLICY,
        }


def _line(statistic: Statistic, place: dict[str, int]) -> list[object]:
    texts: list[object] = [place[getattr(statistic, name)] for name in _TEXTS]
    return [*texts, *(rounded(getattr(statistic, name)) for name in _NUMBERS)]


def rounded(value: object, digits: int = _DIGITS) -> object:
    """A number with so many significant digits, a whole one without a point; anything else as it is."""
    if not isinstance(value, float):
        return value
    short = float(f"{value:.{digits}g}")
    return int(short) if short.is_integer() and abs(short) < 1e15 else short


def _labels(study: Study, used: set[str]) -> dict[str, str]:
    """Name of a variable or an endpoint to its label in print."""
    variables = {name: variable_label(study, name) for name in sorted(used) if name in study.variables}
    return {**{endpoint.name: endpoint.label for endpoint in study.file.endpoint if endpoint.name in used}, **variables}


def _titles(study: Study) -> dict[str, str]:
    """Name of an analysis or a propensity score to its title in print."""
    titles = {analysis.name: full_title(study, analysis) for analysis in study.file.analysis}
    return {**titles, **{section.name: propensity_title(study, section) for section in study.file.propensity}}
