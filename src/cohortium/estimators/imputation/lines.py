"""Rows of the results table of every imputation to one row, each by the rule of its statistic.

A rule takes a line, the same statistic of every imputation, and gives the rows that stand for it.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import NamedTuple

import numpy as np

from cohortium.estimators.distributions import normal_quantile
from cohortium.estimators.imputation.pooling import JointTest, pooled_chi_square, rubin
from cohortium.estimators.imputation.scales import Scale
from cohortium.results import Statistic

T_TEST = "t test"
D2 = "pooled chi-square (D2) test"
MEAN = "mean over imputations"
_PLAIN_ROW = {"lower": None, "upper": None, "confidence": None, "unit": "", "format": "statistic", "warning": ""}

Key = tuple[object, ...]
Table = Mapping[Key, Statistic]


class Line(NamedTuple):
    """One statistic over imputations.

    rows         of each imputation; None where it has none
    tables       all rows of each imputation, by key
    complete_df  degrees of freedom that the estimate would have with complete data
    """

    rows: tuple[Statistic | None, ...]
    tables: Sequence[Table]
    complete_df: float

    @property
    def first(self) -> Statistic:
        """The row that the others are like."""
        return next(row for row in self.rows if row is not None)

    @property
    def values(self) -> np.ndarray:
        """Shape (m,), NaN where there is no value."""
        return np.array([math.nan if row is None or row.value is None else row.value for row in self.rows])

    @property
    def refusal(self) -> str:
        """In how many imputations there is no value, and why; empty when all have one."""
        lost = [row for row in self.rows if row is None or row.value is None]
        if not lost:
            return ""
        why = next((row.warning for row in lost if row is not None and row.warning), "no patients")
        return f"not estimated in {len(lost)} of {len(self.rows)} imputations: {why}"

    def beside(self, statistic: str) -> np.ndarray:
        """Another statistic of the same line, shape (m,)."""
        key = key_of(replace(self.first, statistic=statistic))
        found = [table.get(key) for table in self.tables]
        return np.array([math.nan if row is None or row.value is None else row.value for row in found])


Rule = Callable[[Line], Iterable[Statistic]]


def key_of(row: Statistic) -> Key:
    """What a row is about."""
    return (row.population, row.model, row.variable, row.group, row.level, row.time, row.statistic)


def pooled_lines(
    of_each: Sequence[Sequence[Statistic]],
    rules: Mapping[str, Rule],
    complete_df: Callable[[Statistic, Table], float] = lambda _row, _table: math.inf,
) -> list[Statistic]:
    """The rows of all imputations pooled, in the order of the first.

    rules        statistic to its rule; a statistic without one is left out
    complete_df  (row, rows of the first imputation) to the degrees of freedom with complete data
    """
    tables = [{key_of(row): row for row in rows} for rows in of_each]
    out: list[Statistic] = []
    for key, row in tables[0].items():
        if (rule := rules.get(row.statistic)) is not None:
            line = Line(tuple(table.get(key) for table in tables), tables, complete_df(row, tables[0]))
            out += rule(line)
    return out


def count(line: Line) -> list[Statistic]:
    """The mean count, rounded."""
    first = line.first
    if len({(row.value, row.n) for row in line.rows if row is not None}) == 1 and None not in line.rows:
        return [first]
    known = [row for row in line.rows if row is not None]
    value = round(sum(row.value or 0 for row in known) / len(line.rows))
    n = None if first.n is None else round(sum(row.n or 0 for row in known) / len(line.rows))
    of = None if first.denominator is None else n
    return [replace(first, value=value, n=n, denominator=of, note=f"{MEAN}, rounded")]


def mean(line: Line) -> list[Statistic]:
    """The mean, without limits."""
    return [_of_all(line, float(line.values.mean()), MEAN)]


def root_mean_square(line: Line) -> list[Statistic]:
    """The root of the mean of the squares: of standard deviations, that of the mean variance."""
    return [_of_all(line, float(np.sqrt((line.values**2).mean())), "root of the mean variance over imputations")]


def middle(line: Line) -> list[Statistic]:
    """The median, of a statistic without a standard error; no limits."""
    return [
        _of_all(line, float(np.median(line.values)), "median over imputations; without a standard error, no limits")
    ]


def strata(line: Line) -> list[Statistic]:
    """The mean of a count that is not of patients; its denominator stays."""
    return [replace(line.first, value=round(float(line.values.mean())))]


def largest(line: Line) -> list[Statistic]:
    """The largest, of bounds."""
    return [_of_all(line, float(line.values.max()), line.first.note)]


def refused(why: str) -> Rule:
    """A statistic that has no pooled form."""
    return lambda line: [replace(line.first, value=None, lower=None, upper=None, warning=why)]


def _of_all(line: Line, value: float, note: str) -> Statistic:
    first = replace(line.first, lower=None, upper=None, confidence=None)
    if line.refusal:
        return replace(first, value=None, warning=line.refusal)
    notes = [part for part in dict.fromkeys([line.first.note, note]) if part]
    return replace(first, value=value, note="; ".join(notes))


def effect(scale: Scale, p_value: str = "") -> Rule:
    """An estimate whose limits are normal on a scale, pooled there; with degrees of freedom and missing information.

    p_value   name of its test's row, made of the pooled estimate; none when empty
    """
    return partial(_effect, scale=scale, p_value=p_value)


def _effect(line: Line, scale: Scale, p_value: str) -> list[Statistic]:
    first, rows = line.first, [row for row in line.rows if row is not None]
    test = replace(first, statistic=p_value, lower=None, upper=None, confidence=None, unit="", format="p", note=T_TEST)
    out = [test] if p_value else []
    if line.refusal:
        return [replace(row, value=None, lower=None, upper=None, warning=line.refusal) for row in (first, *out)]
    if len({(row.value, row.lower, row.upper) for row in rows}) == 1 and not scale.holds(line.values[0]):
        return [first, *(replace(row, value=None, warning="no standard error") for row in out)]
    errors = [_error(row, scale) for row in rows]
    if any(error is None for error in errors):
        why = "without a standard error in an imputation, no limits"
        outside = replace(first, value=float(line.values.mean()), lower=None, upper=None, note=MEAN, warning=why)
        return [outside, *(replace(row, value=None, warning=why) for row in out)]
    estimates = np.array([[scale.there(value)] for value in line.values])
    pooled = rubin(estimates, np.array([[(error or 0.0) ** 2] for error in errors]), line.complete_df)
    (low,), (high,) = pooled.limits(first.confidence or 0.95)
    lower, upper = sorted((scale.back(float(low)), scale.back(float(high))))
    ends = [value if math.isfinite(value) else None for value in (lower, upper)]
    df = float(pooled.df[0])
    why = "" if math.isfinite(df) else "infinite: the imputations do not differ"
    said = partial(replace, first, **_PLAIN_ROW)
    return [
        replace(first, value=scale.back(float(pooled.estimate[0])), lower=ends[0], upper=ends[1]),
        *(replace(row, value=float(pooled.p_values()[0]), warning="") for row in out),
        said(statistic="df", value=None if why else df, warning=why),
        said(statistic="fraction-missing-information", value=float(pooled.missing_information[0])),
    ]


def _error(row: Statistic, scale: Scale) -> float | None:
    """The standard error on the scale, from the limit that is the farther: the other may stop at the end of the range."""
    ends = [end for end in (row.lower, row.upper) if end is not None and scale.holds(end)]
    if row.value is None or row.confidence is None or not scale.holds(row.value) or not ends:
        return None
    width = max(abs(scale.there(end) - scale.there(row.value)) for end in ends)
    return width / normal_quantile(0.5 + row.confidence / 2) or None


def chi_square(df: str | int, p_value: str) -> Rule:
    """A test whose statistic is chi-square, by D2 with the degrees of freedom of each imputation, and its p-value.

    df   name of the row that holds the degrees of freedom, or their number
    """
    return partial(_chi_square, df=df, p_value=p_value)


def _chi_square(line: Line, df: str | int, p_value: str) -> list[Statistic]:
    first = line.first
    known = {int(k) for k in line.beside(df) if not math.isnan(k)} if isinstance(df, str) else {df}
    why = line.refusal or ("the degrees of freedom differ between imputations" if len(known) > 1 else "")
    if why:
        refusal = partial(replace, first, value=None, warning=why)
        counted = [refusal(statistic=df, format="count")] if isinstance(df, str) else []
        return [refusal(), *counted, refusal(statistic=p_value, format="p")]
    found = pooled_chi_square(line.values, known.pop())
    rows = rows_of_test(first, found, D2, p_value)
    return (
        [rows[0], replace(first, statistic=df, value=found.df1, format="count"), *rows[1:]]
        if isinstance(df, str)
        else rows
    )


def rows_of_test(row: Statistic, found: JointTest, method: str, p_value: str) -> list[Statistic]:
    """A pooled test: k times its F statistic, the denominator's degrees of freedom, the p-value.

    row  the statistic's; its note is the name of the test
    """
    note = "; ".join(filter(None, [row.note, method]))
    finite = math.isfinite(found.df2)
    of = partial(replace, row, note=note)
    return [
        of(value=found.df1 * found.statistic),
        of(
            statistic="df2",
            value=found.df2 if finite else None,
            format="statistic",
            warning="" if finite else "infinite: the imputations do not differ",
        ),
        of(statistic=p_value, value=found.p_value, format="p"),
    ]
