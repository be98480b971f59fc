"""`missingness`: which values are not known, from a frame or a list of frames, one a site."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from cohortium.api.arguments import require_distinct
from cohortium.api.frames import Sites
from cohortium.errors import UsageError
from cohortium.estimators.contract import Factor
from cohortium.estimators.missingness.totals import MOST_PATTERNS_OF, MissingnessEstimate, MissingnessSpec

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.figure import Figure

    from cohortium.api.frames import Frames

OVERALL = "Overall"


@dataclass(frozen=True)
class MissingnessResult:
    """Values that are not known: by variable, in pairs, by pattern, and what a complete-case analysis loses."""

    estimate: MissingnessEstimate

    def to_frame(self) -> pl.DataFrame:
        """A row per group and variable: group, variable, n, missing, percent, removed.

        `removed` counts the rows that a complete-case analysis loses at the variable, asked for in order.
        """
        rows = [
            (
                group.group or OVERALL,
                name,
                group.n,
                int(unknown),
                100 * unknown / group.n if group.n else None,
                int(lost),
            )
            for group in self.estimate.groups
            for name, unknown, lost in zip(self.estimate.spec.names, group.unknown, group.removed, strict=True)
        ]
        schema = {"group": pl.String, "variable": pl.String, "n": pl.Int64, "missing": pl.Int64}
        return pl.DataFrame(rows, schema={**schema, "percent": pl.Float64, "removed": pl.Int64}, orient="row")

    @property
    def n_complete(self) -> int:
        """Rows with every value known."""
        return self.estimate.groups[0].n_complete

    def patterns(self) -> pl.DataFrame:
        """A row per group and pattern, most frequent first: group, a truth value per variable (unknown), n."""
        names = self.estimate.spec.names
        rows = [
            (group.group or OVERALL, *(j in pattern for j in range(len(names))), count)
            for group in self.estimate.groups
            for pattern, count in self._patterns(group.patterns).items()
        ]
        schema = {"group": pl.String, **dict.fromkeys(names, pl.Boolean), "n": pl.Int64}
        return pl.DataFrame(rows, schema=schema, orient="row")

    def pairs(self) -> pl.DataFrame:
        """A row per pair of variables: first, second, n rows that know neither."""
        names, together = self.estimate.spec.names, self.estimate.groups[0].together
        rows = [
            (first, names[j], int(together[i, j])) for i, first in enumerate(names) for j in range(i + 1, len(names))
        ]
        return pl.DataFrame(rows, schema={"first": pl.String, "second": pl.String, "n": pl.Int64}, orient="row")

    def plot(self) -> Figure:
        """The patterns, as a matplotlib figure."""
        from cohortium.report.figures.missingness import Pattern, draw, patterns_that_fit

        everyone = self.estimate.groups[0]
        labels = list(self.estimate.spec.names)
        found = [Pattern(frozenset(unknown), n) for unknown, n in self._patterns(everyone.patterns).items()]
        if not found:
            raise UsageError("there are no rows to draw")
        return draw(labels, everyone.unknown.tolist(), found[: patterns_that_fit(labels, found, "double")])

    def _patterns(self, found: dict[tuple[int, ...], int] | None) -> dict[tuple[int, ...], int]:
        if found is None:
            raise UsageError(f"patterns are counted for up to {MOST_PATTERNS_OF} variables; name fewer")
        return found

    def __repr__(self) -> str:
        everyone = self.estimate.groups[0]
        head = f"{everyone.n} rows, {everyone.n_complete} with every value known"
        lines = zip(self.estimate.spec.names, everyone.unknown.tolist(), everyone.removed.tolist(), strict=True)
        width = max(map(len, self.estimate.spec.names))
        return "\n".join(
            [head, *(f"  {name:<{width}}  not known {n}, first unknown {lost}" for name, n, lost in lines)]
        )


def missingness(frame: Frames, *, variables: Sequence[str], by: str | None = None) -> MissingnessResult:
    """Count the values that are not known, by variable and by pattern.

    frame      polars or pandas frame, or a list of them, one a site
    variables  columns in the order in which a complete-case analysis would ask for them
    by         column whose values are groups that are counted too

    Returns a `MissingnessResult`.

    Leaves the site: counts of rows by group and variable, pair of variables, first unknown variable, and pattern.

    Raises
        UsageError: a column is missing or given twice.

    >>> import polars as pl
    >>> from cohortium import missingness
    >>> frame = pl.DataFrame({"age": [60, None, 80], "ldh": [None, None, 210]})
    >>> missingness(frame, variables=["age", "ldh"]).to_frame()["removed"].to_list()
    [1, 1]
    """
    if not variables or isinstance(variables, str):
        raise UsageError('variables: expected a list of column names, such as ["age", "ldh"]')
    require_distinct([*variables, *([by] if by else [])])
    sites = Sites(frame, [*variables, *([by] if by else [])])
    looked_at: list[Factor | str] = []
    for name in variables:
        if sites.is_number(name):
            sites.number(name)
            looked_at.append(name)
        else:
            looked_at.append(sites.factor(name))
    spec = MissingnessSpec(tuple(looked_at), sites.factor(by) if by else None)
    return MissingnessResult(sites.run("missingness", spec))
