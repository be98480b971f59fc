"""What may follow a fit: a stage is its own rounds with the sites, and ends in a result of its own.

The robust variance, the test of proportional hazards, the baseline hazard and the concordance are stages. They run
one after the other when Newton's method has ended; `sequence.py` lists them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from cohortium.estimators.contract import Reals
    from cohortium.estimators.cox.prepare import PreparedCox
    from cohortium.estimators.cox.spec import CoxSpec
    from cohortium.estimators.regression.counts import Counts
    from cohortium.estimators.regression.newton import Evaluation
    from cohortium.totals import Array, Params, Shapes, Totals

FIRST_STAGE = 10
"""Step k of the stage at position i is phase 10 * (i + 1) + k of the fit."""


@dataclass(frozen=True)
class Fit:
    """A fit that has ended, as the stages after it see it.

    beta        shape (p,): coefficients; 0 where a column carries no information, the last value where it is infinite
    center      shape (p,): the origin of the covariates in totals that move between sites
    covariance  shape (p, p): model-based, NaN for columns without a finite estimate
    dependent   shape (p,): columns without information of their own
    infinite    shape (p,): columns whose coefficient has no finite maximum
    null        evaluation at beta = 0
    final       evaluation at the last coefficients; `final.beta` differs from `beta` by less than 1e-9 standard errors
    tables      totals of the `sums` round at beta = 0 and at `final.beta`; None when strata lie inside sites
    """

    counts: Counts
    beta: Reals
    center: Reals
    covariance: Reals
    dependent: np.ndarray
    infinite: np.ndarray
    null: Evaluation
    final: Evaluation
    tables: tuple[Totals, Totals] | None = None

    @property
    def free(self) -> np.ndarray:
        """Columns with a finite estimate, shape (p,)."""
        return np.asarray(~(self.dependent | self.infinite))

    @property
    def information(self) -> Reals:
        """Information at the last coefficients, shape (p, p)."""
        return self.final.information


@dataclass(frozen=True)
class AskFor:
    """Another round of a stage.

    step    which kind of round; one kind may be asked again
    params  what goes to the sites besides phase, coefficients and origin; with `beta`, other coefficients than those of
            the fit, `final.beta`
    memory  what stays at the center
    """

    step: int
    params: Mapping[str, Array] = field(default_factory=dict)
    memory: Any = None


@dataclass(frozen=True)
class Found:
    """The stage has ended; `result` goes to `CoxEstimate.after` under the stage's name.

    fit  what later stages see in place of the fit; None when it stays as it was
    """

    result: Any
    fit: Fit | None = None


@dataclass(frozen=True)
class Refused:
    """A result that cannot be made."""

    reason: str


class Stage(NamedTuple):
    """A stage as pure functions.

    name       under which its result is kept
    steps      how many kinds of rounds it has, at most 10; a site answers no other
    declared   spec -> whether the specification has it at all; a site answers nothing else
    wanted     (spec, fit) -> whether it is to run after this fit
    start      (spec, fit) -> the first round, or the result when it needs none
    asks       (spec, step) -> declared shape of the parameters of the step besides phase, coefficients and origin
    shapes     (spec, step) -> declared shape of the totals of the step
    summarize  (prepared, step, params) -> arrays of the totals
    advance    (spec, fit, asked, totals) -> another round, or the result
    """

    name: str
    steps: int
    declared: Callable[[CoxSpec], bool]
    wanted: Callable[[CoxSpec, Fit], bool]
    start: Callable[[CoxSpec, Fit], AskFor | Found]
    asks: Callable[[CoxSpec, int], Shapes]
    shapes: Callable[[CoxSpec, int], Shapes]
    summarize: Callable[[PreparedCox, int, Params], dict[str, Any]]
    advance: Callable[[CoxSpec, Fit, AskFor, Totals], AskFor | Found]
