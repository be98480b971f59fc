"""From the study's declarations to the factors, grids and strata of specifications."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from cohortium.estimators.contract import Factor
from cohortium.estimators.grid import Grid
from cohortium.study.variables import SITE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cohortium.study.study import Study


def factor_of(study: Study, name: str) -> Factor:
    """A categorical variable with its declared levels."""
    variable = study.variable(name)
    return Factor(name, tuple(level.code for level in variable.levels), tuple(level.label for level in variable.levels))


class Followup(NamedTuple):
    """How an endpoint stands in the rows: what a specification takes from it.

    time        numeric column with the end of follow-up in whole days
    event       numeric column: 0 censored, 1 for the event, or 1..K for the competing causes in order
    entry       numeric column: under observation after this day; empty when from the origin
    grid        declared values of time
    population  rows that hold the endpoint: `cohort`, or the endpoint's own: at risk at a landmark, or those to whom it applies
    causes      the events as printed, position k - 1 for the number k; one empty label for a single event
    """

    time: str
    event: str
    entry: str
    grid: Grid
    population: str
    causes: tuple[str, ...]

    @property
    def n_causes(self) -> int:
        """Number of competing causes; 1 for a single event."""
        return len(self.causes)

    def number_of(self, cause: str | None) -> int:
        """The number of a cause in the event column; 1, the event, when no cause is named."""
        return 1 if cause is None else self.causes.index(cause) + 1

    def labels_of_causes(self, single: str) -> tuple[str, ...]:
        """The causes as printed; `single` for the event of an endpoint that has only one."""
        return self.causes if self.n_causes > 1 else (single,)


def followup_of(study: Study, endpoint_name: str, *, nested: bool = False) -> Followup:
    """The columns, grid and population of an endpoint; every `plan` takes them from here.

    nested   True: strata lie inside sites, so that no time leaves them and whole days are kept whatever the grid

    Use it as `follow = followup_of(study, analysis.endpoint)`, then `time=follow.time, event=follow.event,
    entry=follow.entry, grid=follow.grid, population=follow.population` of the specification. An event column with
    several causes is for methods of competing risks; the rules of the study file keep it from the others. Of an analysis
    with time-dependent covariates the rows are episodes: their population is `episodes_of(analysis.name)`, their entry
    `<endpoint>__entry`, and the covariates are numeric columns (0 or 1) named as their date variables.
    """
    made = study.made(endpoint_name)
    is_landmark = made.landmark is not None
    return Followup(
        time=f"{endpoint_name}__time",
        event=f"{endpoint_name}__event",
        # At a landmark everybody who is counted is under observation already.
        entry=f"{endpoint_name}__entry" if made.base.entry and not is_landmark else "",
        grid=followup_grid(study, nested=nested),
        population=endpoint_name if made.has_own_patients else "cohort",
        causes=made.causes,
    )


def followup_grid(study: Study, *, nested: bool = False) -> Grid:
    """The declared times up to the horizon: whole days, or ends of weeks or months; whole days when `nested`."""
    time = study.file.time
    if nested or time.grid == "days":
        return Grid.whole(time.horizon_days, kept=time.grid != "days")
    return Grid.ends_of(time.grid, time.horizon_days, time.month_days)


def strata_of(study: Study, names: Sequence[str]) -> tuple[Factor, ...]:
    """The factors whose combinations are the strata."""
    return tuple(factor_of(study, name) for name in names)


def is_nested(names: Sequence[str]) -> bool:
    """Whether strata lie inside sites, which is sure when the site is one of them."""
    return SITE in names


def strata_label(study: Study, names: Sequence[str]) -> str:
    """`stratified by institution`; empty without strata."""
    if not names:
        return ""
    return "stratified by " + " and ".join(study.variable(name).label.lower() for name in names)
