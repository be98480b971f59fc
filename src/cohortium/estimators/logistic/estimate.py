"""The estimate of a logistic model, and what of it is refused by name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from cohortium.estimators.distributions import chi_square_tail, normal_quantile, normal_two_sided
from cohortium.estimators.logistic.performance import discrimination, risk_groups
from cohortium.estimators.regression.effects import FIRTH_PENALIZED, PROFILE_LIMITS, contrast_effect
from cohortium.estimators.regression.fitted import Effect
from cohortium.estimators.regression.quadratic import wald

if TYPE_CHECKING:
    from cohortium.estimators.contract import Integers, Reals
    from cohortium.estimators.logistic.performance import Discrimination, RiskCells, RiskGroup
    from cohortium.estimators.logistic.spec import LogisticSpec
    from cohortium.estimators.regression.counts import Counts
    from cohortium.estimators.regression.fitted import TermTest

FROM_INFORMATION = "standard errors from the inverse information"
FROM_AUGMENTED = "standard errors of the augmented data, as R's logistf"
NO_PROFILE = "no profile likelihood limits: another coefficient has no finite estimate"


class Profile(NamedTuple):
    """Tests and limits by the profile likelihood, shape (1 + p,) each, that of the constant first; NaN where not sought.

    problems   position to what was not found
    """

    lower: Reals
    upper: Reals
    statistics: Reals
    problems: Mapping[int, str]


class Recalibration(NamedTuple):
    """A coefficient of the observed outcome on the predicted log odds with its standard error."""

    value: float
    standard_error: float


@dataclass(frozen=True)
class LogisticEstimate:
    """A fitted logistic model.

    coefficients      shape (p,): log odds ratios, NaN where refused
    covariance        shape (p, p), NaN where refused
    constant          log odds where all covariates are 0, and its standard error; None with strata
    augmented         shape (1 + p, 1 + p) or (p, p): covariance of constant and coefficients from the augmented data;
                      None without a penalty
    beta              shape (q,): coefficients about the origin of the covariates, as a site needs them
    score             shape (q,): the same with covariates as they are, 0 where one carries no information
    counted           shape (k,): 1 for strata whose rows count, 0 for others
    profile           None when it was not sought
    log_likelihood    penalized where the fit is; a change of units of the covariates then adds a constant to both
    refusals          column name to the reason why it has no estimate
    problem           why the whole model was refused; empty when it was not
    instead_of        column name to the reason why maximum likelihood has no estimate of it, in a penalized fit
    strata_left_out   patients in strata without both outcomes, which say nothing of the covariates
    slope, large      calibration slope, and calibration in the large (the constant when the slope is 1)
    risks             rows by predicted risk; None when they were not counted
    """

    spec: LogisticSpec
    counts: Counts
    coefficients: Reals
    covariance: Reals
    log_likelihood_null: float
    log_likelihood: float
    score_test: float
    wald_test: float
    df: int
    evaluations: int
    refusals: dict[str, str]
    problem: str = ""
    constant: Recalibration | None = None
    augmented: Reals | None = None
    beta: Reals = field(default_factory=lambda: np.zeros(0))
    score: Reals = field(default_factory=lambda: np.zeros(0))
    counted: Integers = field(default_factory=lambda: np.zeros(0, np.int64))
    profile: Profile | None = None
    term_tests: Mapping[str, TermTest] = field(default_factory=dict)
    is_penalized: bool = False
    instead_of: Mapping[str, str] = field(default_factory=dict)
    strata_left_out: int = 0
    dependent: np.ndarray = field(default_factory=lambda: np.zeros(0, bool))
    slope: Recalibration | None = None
    large: Recalibration | None = None
    risks: RiskCells | None = None

    @property
    def method(self) -> str:
        """Name of the method in the results table."""
        return "logistic"

    @property
    def ratio(self) -> str:
        """Name of the exponential of a coefficient in the results table."""
        return "odds-ratio"

    @property
    def likelihood_ratio(self) -> float:
        """Likelihood-ratio statistic against no covariates."""
        return max(2 * (self.log_likelihood - self.log_likelihood_null), 0.0)

    @property
    def standard_errors(self) -> Reals:
        """Shape (p,)."""
        return np.asarray(np.sqrt(np.diag(self.covariance)))

    @property
    def has_risks(self) -> bool:
        """Whether risks can be predicted for everybody."""
        return not self.problem and all(name in self._dependent_names for name in self.refusals)

    @property
    def _dependent_names(self) -> set[str]:
        return {column.name for column, left in zip(self.spec.columns, self.dependent, strict=True) if left}

    @property
    def discrimination(self) -> Discrimination | None:
        """From rows by predicted risk; None when they were not counted."""
        return None if self.risks is None else discrimination(self.risks.counts, self.spec.confidence)

    @property
    def risk_groups(self) -> tuple[RiskGroup, ...]:
        """Groups of about equal size by predicted risk; none when rows were not counted."""
        return () if self.risks is None else risk_groups(self.risks, self.spec.risk_groups)

    @property
    def interval(self) -> str:
        """The interval that is printed: `wald` or `profile`."""
        return self.spec.interval or ("profile" if self.is_penalized else "wald")

    @property
    def error_note(self) -> str:
        """What sets standard errors apart; empty for those of maximum likelihood."""
        if not self.is_penalized:
            return ""
        return f"{FIRTH_PENALIZED}; {FROM_AUGMENTED if self.spec.errors == 'augmented' else FROM_INFORMATION}"

    def effect(self, j: int) -> Effect:
        """The effect of one column with the interval that is printed."""
        return self.effect_by(j, self.interval)

    def effect_by(self, j: int, interval: str) -> Effect:
        """The effect of one column: with Wald limits, or profile likelihood limits where they were sought."""
        alone = contrast_effect(self, (np.arange(len(self.spec.columns)) == j).astype(np.float64))
        if alone.refusal or interval == "wald":
            return alone
        if self.profile is None:
            return alone._replace(caution=NO_PROFILE)
        return profile_effect(alone, self.profile, 1 + j, is_penalized=self.is_penalized)

    def constant_effect(self) -> Effect | None:
        """The constant with the interval that is printed; None where there is none."""
        if self.constant is None or not np.isfinite(self.constant.standard_error):
            return None
        value, error = self.constant
        half = normal_quantile(0.5 + self.spec.confidence / 2) * error
        p = normal_two_sided(value / error)
        alone = Effect(value, error, value - half, value + half, p, "Wald test", note=self.error_note)
        if self.interval == "wald" or self.profile is None:
            return alone
        return profile_effect(alone, self.profile, 0, is_penalized=self.is_penalized)

    def wald(self, columns: np.ndarray) -> tuple[float, int]:
        """Wald statistic of some columns together and its degrees of freedom."""
        if self.problem:
            return float("nan"), 0
        return wald(self.coefficients, self.covariance, columns & ~self.dependent)


def profile_effect(alone: Effect, profile: Profile, at: int, *, is_penalized: bool) -> Effect:
    """An effect with limits and test of the profile likelihood in place of Wald's."""
    test = "penalized likelihood-ratio test" if is_penalized else "likelihood-ratio test"
    statistic = float(profile.statistics[at])
    return alone._replace(
        lower=float(profile.lower[at]),
        upper=float(profile.upper[at]),
        p=chi_square_tail(statistic, 1) if np.isfinite(statistic) else float("nan"),
        test=test,
        caution=profile.problems.get(at, ""),
        note="; ".join(filter(None, [alone.note, PROFILE_LIMITS])),
    )


def with_risks(estimate: LogisticEstimate, cells: RiskCells) -> LogisticEstimate:
    """The estimate with rows by predicted risk."""
    return replace(estimate, risks=cells)


def refused(spec: LogisticSpec, counts: Counts, problem: str) -> LogisticEstimate:
    """The estimate of a model that cannot be fitted."""
    p, nan = len(spec.columns), float("nan")
    return LogisticEstimate(
        spec=spec,
        counts=counts,
        coefficients=np.full(p, nan),
        covariance=np.full((p, p), nan),
        log_likelihood_null=nan,
        log_likelihood=nan,
        score_test=nan,
        wald_test=nan,
        df=0,
        evaluations=0,
        refusals={column.name: problem for column in spec.columns},
        problem=problem,
        dependent=np.zeros(p, bool),
    )
