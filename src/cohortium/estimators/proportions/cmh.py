"""Two groups and a binary outcome over strata, as an estimator.

Totals: patients by stratum, group and outcome, and how many are left out because a value is not known; whole numbers.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from cohortium.estimators.contract import Done, Factor, Integers, Next, Rows, Step
from cohortium.estimators.proportions.stratified import (
    ExactConditional,
    MantelHaenszel,
    exact_conditional,
    mantel_haenszel,
)
from cohortium.estimators.strata import stratum_codes
from cohortium.totals import Params, Shape, Shapes, Totals

if TYPE_CHECKING:
    from cohortium.estimators.proportions.outcome import Outcome

MOST_PRODUCTS = 200_000_000
"""Products of probabilities that the exact distribution may need: a few seconds."""

NOT_INFORMATIVE = "no stratum has both groups, and patients with and without the outcome"
TOO_MANY = "too many patients for the exact analysis"


@dataclass(frozen=True)
class CmhSpec:
    """What to compare.

    outcome   the binary outcome; a row whose value is not known is left out
    by        factor of the groups
    compared  codes of the group of interest and of the one it is compared with
    strata    factors whose combinations are the strata
    exact     whether the exact conditional analysis is made too
    """

    outcome: Outcome
    by: Factor
    compared: tuple[str, str]
    strata: tuple[Factor, ...]
    exact: bool = True
    confidence: float = 0.95
    population: str = "cohort"

    @property
    def factors(self) -> tuple[Factor, ...]:
        """Categorical columns needed."""
        return (self.outcome.variable, self.by, *self.strata)

    @property
    def numbers(self) -> tuple[str, ...]:
        """Numeric columns needed: none."""
        return ()

    @property
    def n_strata(self) -> int:
        """Declared combinations of the strata."""
        return math.prod(len(factor) for factor in self.strata)


@dataclass(frozen=True)
class CmhEstimate:
    """The analysis over strata.

    tables           shape (strata, 2, 2): stratum, group (of interest first), outcome (with it first)
    informative      strata with both groups, and patients with and without the outcome
    missing          rows left out: group, outcome, stratum not known
    exact            None when not asked for or too large
    problem          why there is no analysis; empty when there is one
    exact_problem    why there is no exact one, when it was asked for
    """

    spec: CmhSpec
    tables: Integers
    informative: int
    missing: tuple[int, int, int]
    asymptotic: MantelHaenszel
    exact: ExactConditional | None
    problem: str = ""
    exact_problem: str = ""


def size(spec: CmhSpec) -> int:
    """Numbers in the totals."""
    return 4 * spec.n_strata + 3


def start(_spec: CmhSpec) -> Next:
    """The only round, without parameters."""
    return Next(Params({}))


def shapes(spec: CmhSpec, _params: Params) -> Shapes:
    """Declared shape of the totals: strata, groups, outcome; rows left out for group, outcome, stratum."""
    return {"patients": Shape("int", (spec.n_strata, 2, 2)), "left_out": Shape("int", (3,))}


def prepare(rows: Rows, spec: CmhSpec) -> Totals:
    """All counts; nothing depends on the round. A row with several unknown values counts under the first."""
    places = np.full(len(spec.by) + 1, -2)
    places[[spec.by.codes.index(code) for code in spec.compared]] = 0, 1
    places[-1] = -1
    group = places[rows.codes[spec.by.name]]
    stratum = stratum_codes(rows, spec.strata)
    without_group = group == -1
    without_outcome = (group >= 0) & ~spec.outcome.is_evaluable(rows)
    without_stratum = (group >= 0) & ~without_outcome & (stratum < 0)
    used = (group >= 0) & ~without_outcome & ~without_stratum
    place = (stratum * 2 + group) * 2 + ~spec.outcome.has(rows)
    patients = np.bincount(place[used], minlength=4 * spec.n_strata).reshape(spec.n_strata, 2, 2)
    left_out = np.array([without_group.sum(), without_outcome.sum(), without_stratum.sum()])
    return Totals({"patients": patients, "left_out": left_out})


def summarize(prepared: Totals, _params: Params) -> Totals:
    """Patients by stratum, group and outcome."""
    return prepared


def solve(spec: CmhSpec, totals: Totals, _step: Next) -> Step:
    """The analysis, or why there is none."""
    group, outcome, stratum = (int(count) for count in totals["left_out"])
    return Done(analyze(spec, totals["patients"], (group, outcome, stratum)))


def analyze(spec: CmhSpec, tables: Integers, missing: tuple[int, int, int] = (0, 0, 0)) -> CmhEstimate:
    """The analysis of counts, or why there is none.

    tables   shape (strata, 2, 2)
    missing  rows left out because group, outcome, stratum was not known
    """
    informative = (tables.sum(2) > 0).all(1) & (tables.sum(1) > 0).all(1)
    asymptotic = mantel_haenszel(tables, spec.confidence)
    if not informative.any():
        return CmhEstimate(spec, tables, 0, missing, asymptotic, None, NOT_INFORMATIVE, NOT_INFORMATIVE)
    fits = _products(tables[informative]) <= MOST_PRODUCTS
    exact = exact_conditional(tables, spec.confidence) if spec.exact and fits else None
    too_many = TOO_MANY if spec.exact and not fits else ""
    return CmhEstimate(spec, tables, int(informative.sum()), missing, asymptotic, exact, "", too_many)


def _products(tables: Integers) -> int:
    """Products that the distribution of the sum of the first cells needs: it is built stratum by stratum."""
    row, other, column = tables[:, 0].sum(1), tables[:, 1].sum(1), tables[:, :, 0].sum(1)
    widths = np.minimum(row, column) - np.maximum(0, column - other)
    before = np.concatenate([[0], np.cumsum(widths)[:-1]])
    return int(((before + 1) * (widths + 1)).sum())
