"""The results table: one row per statistic, the only interface between statistics and prose.

Tables, figures, the report and the comparison of two runs read this table and nothing else.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import TYPE_CHECKING, overload

if TYPE_CHECKING:
    import polars as pl


@dataclass(frozen=True, slots=True)
class Statistic:
    """One row of the results table.

    analysis     name of the study-file element the statistic belongs to (`flow`, `sites` or an analysis name)
    method       registered method, e.g. `kaplan-meier`
    model        the fit within the analysis: `univariable`, `multivariable`; empty when there is only one
    population   who is counted, e.g. `cohort`
    group        level of the grouping variable as printed, empty when all patients together
    variable     the variable or model term described, empty when none
    level        the level of that variable as printed, empty when none
    time         days (or the grid's unit) since the origin, for statistics that depend on time
    statistic    what the number is, e.g. `survival`, `median`, `hazard-ratio`, `n`, `percent`, `p-value`
    value        the number; None when it could not be estimated or was not reached
    lower, upper confidence limits; None when open or not applicable
    confidence   confidence level of the interval, e.g. 0.95; None when there is no interval
    unit         unit of value, lower, upper: `days`, `years`, `percent`; empty for pure numbers
    n            patients behind the number
    denominator  the denominator of a count or percentage
    format       how to print: `count`, `percent`, `p`, `ratio`, `number:1` (decimals), `days`, `statistic`
    note         the test or interval method by name, e.g. `log-log interval`, `Efron ties`
    warning      what a reader must know about this number; `not reached` and refusals are said here
    """

    analysis: str
    method: str
    statistic: str
    value: float | None
    model: str = ""
    population: str = "cohort"
    group: str = ""
    variable: str = ""
    level: str = ""
    time: float | None = None
    lower: float | None = None
    upper: float | None = None
    confidence: float | None = None
    unit: str = ""
    n: int | None = None
    denominator: int | None = None
    format: str = "statistic"
    note: str = ""
    warning: str = ""


COLUMNS: tuple[str, ...] = (
    "analysis", "method", "model", "population", "group", "variable", "level", "time", "statistic", "value", "lower",
    "upper", "confidence", "unit", "n", "denominator", "format", "note", "warning",
)  # fmt: skip


class Results(Sequence[Statistic]):
    """An immutable sequence of statistics with the look-ups that tables and figures need."""

    def __init__(self, statistics: Iterable[Statistic]) -> None:
        self._statistics = tuple(statistics)
        self._of_analysis: dict[object, list[Statistic]] | None = None

    def __len__(self) -> int:
        return len(self._statistics)

    @overload
    def __getitem__(self, index: int) -> Statistic: ...

    @overload
    def __getitem__(self, index: slice) -> Results: ...

    def __getitem__(self, index: int | slice) -> Statistic | Results:
        return Results(self._statistics[index]) if isinstance(index, slice) else self._statistics[index]

    def __iter__(self) -> Iterator[Statistic]:
        return iter(self._statistics)

    def where(self, **criteria: object) -> Results:
        """The statistics whose named columns equal the given values, in order."""
        found: Sequence[Statistic] = self._statistics
        if "analysis" in criteria:
            found = self._by_analysis().get(criteria.pop("analysis"), ())
        for column, wanted in criteria.items():
            value = attrgetter(column)
            found = [s for s in found if value(s) == wanted]
        return Results(found)

    def _by_analysis(self) -> dict[object, list[Statistic]]:
        """The statistics of each analysis; made at the first look-up, for nearly every one names an analysis."""
        if self._of_analysis is None:
            self._of_analysis = {}
            for statistic in self._statistics:
                self._of_analysis.setdefault(statistic.analysis, []).append(statistic)
        return self._of_analysis

    def one(self, **criteria: object) -> Statistic:
        """The single statistic that matches; LookupError when none or several do."""
        found = self.where(**criteria)
        if len(found) != 1:
            raise LookupError(f"{len(found)} statistics match {criteria}, expected one")
        return found[0]

    def distinct(self, column: str) -> tuple[str, ...]:
        """The values of a text column in order of first appearance."""
        return tuple(dict.fromkeys(getattr(s, column) for s in self._statistics))

    def to_frame(self) -> pl.DataFrame:
        """The table as a polars frame with the columns of `COLUMNS`."""
        import polars as pl

        reals = dict.fromkeys(("value", "lower", "upper", "confidence", "time"), pl.Float64)
        wholes = dict.fromkeys(("n", "denominator"), pl.Int64)
        schema = {name: {**reals, **wholes}.get(name, pl.String) for name in COLUMNS}
        columns = {name: [getattr(s, name) for s in self._statistics] for name in COLUMNS}
        return pl.DataFrame(columns, schema=schema)
