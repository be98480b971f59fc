"""A proportion or event rate by site, with exact limits and control limits.

Totals: by declared site, whole numbers: patients, those with the outcome or event, patients of unknown outcome, days of
follow-up; and patients without institution.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from cohortium.estimators.contract import Done, Factor, Integers, Next, Rows, Step
from cohortium.totals import Params, Shape, Shapes, Totals

if TYPE_CHECKING:
    from cohortium.estimators.proportions.outcome import Outcome

_BY_SITE = ("n", "n_with", "n_missing", "days")


@dataclass(frozen=True)
class SiteOutcomesSpec:
    """What is counted by site: an outcome among patients, or events over follow-up.

    site        factor of the declared sites
    outcome     None for an event rate
    time, event names of numeric columns: follow-up in whole days, 1 for an event; empty for an outcome
    year        days of a year, in which exposure is counted
    """

    site: Factor
    outcome: Outcome | None = None
    time: str = ""
    event: str = ""
    confidence: float = 0.95
    year: float = 365.25
    population: str = "cohort"

    @property
    def factors(self) -> tuple[Factor, ...]:
        """Categorical columns needed."""
        return (self.site, self.outcome.variable) if self.outcome else (self.site,)

    @property
    def numbers(self) -> tuple[str, ...]:
        """Numeric columns needed."""
        return () if self.outcome else (self.time, self.event)


@dataclass(frozen=True)
class SiteOutcomesEstimate:
    """Counts by site, shape (sites,) each.

    n, n_with   patients whose outcome or follow-up is known, and those with the outcome or event
    n_missing   patients for whom it is not known
    days        follow-up; zeros for an outcome
    no_site     patients without institution
    """

    spec: SiteOutcomesSpec
    n: Integers
    n_with: Integers
    n_missing: Integers
    days: Integers
    no_site: int


def size(spec: SiteOutcomesSpec) -> int:
    """Numbers in the totals."""
    return len(_BY_SITE) * len(spec.site) + 1


def start(_spec: SiteOutcomesSpec) -> Next:
    """The only round, without parameters."""
    return Next(Params({}))


def shapes(spec: SiteOutcomesSpec, _params: Params) -> Shapes:
    """Declared shape of the totals: a place for each declared site, and patients of no site."""
    return {**{name: Shape("int", (len(spec.site),)) for name in _BY_SITE}, "no_site": Shape("int", ())}


def prepare(rows: Rows, spec: SiteOutcomesSpec) -> Totals:
    """All counts; nothing depends on the round."""
    site, k = rows.codes[spec.site.name].astype(np.int64), len(spec.site)
    assigned = site >= 0
    days = np.zeros(rows.n, np.int64)
    if spec.outcome is not None:
        known, has = spec.outcome.is_evaluable(rows), spec.outcome.has(rows)
    else:
        time, event = rows.numbers[spec.time], rows.numbers[spec.event]
        known, has = ~np.isnan(time) & ~np.isnan(event), event > 0.0
        days[known] = np.rint(time[known]).astype(np.int64)
    used = assigned & known
    by_site = np.zeros(k, np.int64)
    np.add.at(by_site, site[used], days[used])
    return Totals(
        {
            "n": np.bincount(site[used], minlength=k),
            "n_with": np.bincount(site[used & has], minlength=k),
            "n_missing": np.bincount(site[assigned & ~known], minlength=k),
            "days": by_site,
            "no_site": int((~assigned).sum()),
        }
    )


def summarize(prepared: Totals, _params: Params) -> Totals:
    """Counts by site."""
    return prepared


def solve(spec: SiteOutcomesSpec, totals: Totals, _step: Next) -> Step:
    """The counts."""
    n, n_with, n_missing, days = (totals[name] for name in _BY_SITE)
    return Done(SiteOutcomesEstimate(spec, n, n_with, n_missing, days, int(totals["no_site"])))
