"""`baseline_table`: baseline characteristics from a frame or a list of frames, one a site."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from cohortium.api.arguments import require_choice, require_distinct, require_known
from cohortium.api.frames import Sites
from cohortium.errors import UsageError
from cohortium.estimators.baseline.counts import BaselineEstimate
from cohortium.estimators.baseline.spec import BaselineSpec, Number, NumberTest, QuantileType
from cohortium.estimators.baseline.summaries import FactorSummary, NumberSummary
from cohortium.estimators.contract import Factor
from cohortium.estimators.grid import Grid

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cohortium.api.frames import Frames

OVERALL = "Overall"


@dataclass(frozen=True)
class BaselineTable:
    """Baseline characteristics by group and overall."""

    estimate: BaselineEstimate

    def to_frame(self) -> pl.DataFrame:
        """A row per statistic: group, variable, level, statistic, value.

        Statistics are `n`, `mean`, `sd`, `median`, `q1`, `q3`, `min`, `max` of numbers, `count` and `percent`
        of levels, and `missing`; null where there are too few patients. `comparisons` holds the tests.
        """
        rows: list[tuple[str, str, str, str, float]] = []
        for column in self.estimate.groups:
            group = column.group or OVERALL
            rows.append((group, "", "", "n", column.n))
            for variable in self.estimate.spec.variables:
                rows += [
                    (group, variable.name, *rest) for rest in _statistics(variable, column.summaries[variable.name])
                ]
        schema = {"group": pl.String, "variable": pl.String, "level": pl.String, "statistic": pl.String}
        frame = pl.DataFrame(rows, schema={**schema, "value": pl.Float64}, orient="row")
        return frame.with_columns(pl.col("value").fill_nan(None))

    @property
    def comparisons(self) -> pl.DataFrame:
        """A row per variable: test, statistic, p_value, standardized_difference, n, problem; nulls where not asked."""
        rows = []
        for name, found in self.estimate.compared.items():
            test = found.test
            rows.append(
                {
                    "variable": name,
                    "test": test.name if test else None,
                    "statistic": test.statistic if test else None,
                    "p_value": test.p_value if test else None,
                    "standardized_difference": found.difference,
                    "n": found.n,
                    "problem": test.problem if test else None,
                }
            )
        reals = dict.fromkeys(("statistic", "p_value", "standardized_difference"), pl.Float64)
        schema = {"variable": pl.String, "test": pl.String, **reals, "n": pl.Int64, "problem": pl.String}
        return pl.DataFrame(rows, schema=schema).with_columns(pl.col(list(reals)).fill_nan(None))

    def __repr__(self) -> str:
        groups = self.estimate.groups
        lines = [["", *(f"{column.group or OVERALL} (N = {column.n})" for column in groups)]]
        for variable in self.estimate.spec.variables:
            summaries = [column.summaries[variable.name] for column in groups]
            lines += _lines(variable, summaries)
        widths = [max(len(line[i]) for line in lines) for i in range(len(groups) + 1)]
        return "\n".join(
            "  ".join(cell.ljust(w) for cell, w in zip(line, widths, strict=True)).rstrip() for line in lines
        )


def baseline_table(
    frame: Frames,
    *,
    variables: Sequence[str],
    by: str | None = None,
    overall: bool = True,
    tests: bool = True,
    number_test: NumberTest = "rank",
    trend: Sequence[str] = (),
    standardized_differences: bool = False,
    quantiles: QuantileType = "type-7",
) -> BaselineTable:
    """Describe variables by group and overall, and compare the groups.

    frame        polars or pandas frame, or a list of them, one a site
    variables    columns in order: numbers are summarized, texts and truth values counted by level
    by           column whose values are the groups
    overall      whether all rows together are described too
    tests        whether the groups are compared: categories by Pearson's chi-square test, by Fisher's exact test
                 where an expected count is below 5
    number_test  numbers: `rank` (Wilcoxon, Kruskal-Wallis), `mean` (t, analysis of variance) or `welch`
    trend        categories compared by a test for linear trend over their levels
    standardized_differences  whether standardized mean differences are given
    quantiles    definition of quartiles: `type-7` (R) or `type-2` (SAS)

    Returns a `BaselineTable`.

    Leaves the site: counts of rows by group and value.

    Raises
        UsageError: a column is missing or does not hold what is expected.

    References: Hyndman and Fan 1996 (quartiles); Yang and Dalton 2012 (differences of categories).

    >>> import polars as pl
    >>> from cohortium import baseline_table
    >>> frame = pl.DataFrame({"age": [60, 70, 80], "sex": ["F", "M", "F"]})
    >>> baseline_table(frame, variables=["age"], by="sex").to_frame().filter(statistic="median")["value"].to_list()
    [70.0, 70.0, 70.0]
    """
    if not variables or isinstance(variables, str):
        raise UsageError('variables: expected a list of column names, such as ["age", "sex"]')
    require_distinct(variables)
    require_choice("number_test", number_test, NumberTest)
    require_choice("quantiles", quantiles, QuantileType)
    sites = Sites(frame, [*variables, *([by] if by else [])])
    described: list[Factor | Number] = []
    for name in variables:
        if sites.is_number(name):
            described.append(Number(name, Grid.of(sites.number(name))))
        else:
            described.append(sites.factor(name))
    counted = {variable.name for variable in described if isinstance(variable, Factor)}
    require_known("trend", trend, [name for name in variables if name in counted])
    spec = BaselineSpec(
        tuple(described),
        sites.factor(by) if by else None,
        overall,
        tests=tests and by is not None,
        number_test=number_test,
        trend=tuple(trend),
        differences=standardized_differences and by is not None,
        quantile_type=quantiles,
    )
    return BaselineTable(sites.run("baseline", spec))


def _statistics(variable: Factor | Number, summary: NumberSummary | FactorSummary) -> list[tuple[str, str, float]]:
    rows: list[tuple[str, str, float]] = []
    if isinstance(summary, NumberSummary):
        rows = [("", name, float(getattr(summary, name))) for name in NumberSummary._fields if name != "missing"]
    elif isinstance(variable, Factor):
        known = int(summary.counts.sum())
        for label, count in zip(variable.labels, summary.counts, strict=True):
            rows.append((label, "count", float(count)))
            rows.append((label, "percent", 100.0 * float(count) / known if known else float("nan")))
    return [*rows, ("", "missing", float(summary.missing))]


def _lines(variable: Factor | Number, summaries: Sequence[NumberSummary | FactorSummary]) -> list[list[str]]:
    lines: list[list[str]] = []
    if isinstance(variable, Number):
        cells = [f"{s.median:g} ({s.q1:g} to {s.q3:g})" for s in summaries if isinstance(s, NumberSummary)]
        lines.append([f"{variable.name}, median (Q1 to Q3)", *cells])
    else:
        lines.append([f"{variable.name}, n (%)", *("" for _ in summaries)])
        for level, label in enumerate(variable.labels):
            counts = [(int(s.counts[level]), int(s.counts.sum())) for s in summaries if isinstance(s, FactorSummary)]
            lines.append([f"  {label}", *(f"{n} ({100 * n / known:.1f})" if known else f"{n}" for n, known in counts)])
    if any(summary.missing for summary in summaries):
        lines.append(["  not known", *(str(summary.missing) for summary in summaries)])
    return lines
