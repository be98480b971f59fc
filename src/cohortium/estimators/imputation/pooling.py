"""Rubin's rules: estimates of imputed data sets to one estimate (Rubin 1987; Barnard and Rubin 1999)."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from cohortium.estimators.contract import Reals
from cohortium.estimators.distributions import f_tail, student_quantile, student_two_sided

ROUNDING = 1e-24
"""Statistics whose roots differ by less than this, squared and relative, are equal but for rounding."""


@dataclass(frozen=True)
class RubinPooled:
    """Pooled estimates; arrays of shape (p,).

    estimate        mean over imputations
    standard_error  root of `total`
    within, between, total   variances: mean of the imputations', of their estimates, within + (1 + 1/m) between
    df              degrees of freedom of Barnard and Rubin
    increase        relative increase in variance due to missing data (r)
    share           share of the variance due to missing data (lambda)
    missing_information   fraction of missing information (gamma)
    """

    m: int
    estimate: Reals
    standard_error: Reals
    within: Reals
    between: Reals
    total: Reals
    df: Reals
    increase: Reals
    share: Reals
    missing_information: Reals

    def limits(self, confidence: float = 0.95) -> tuple[Reals, Reals]:
        """Confidence limits from Student's t, shape (p,) each."""
        quantile = np.array([student_quantile(0.5 + confidence / 2, df) for df in self.df])
        return self.estimate - quantile * self.standard_error, self.estimate + quantile * self.standard_error

    def p_values(self) -> Reals:
        """Two-sided p-values of the estimates being 0, shape (p,)."""
        with np.errstate(divide="ignore", invalid="ignore"):
            t = self.estimate / self.standard_error
        return np.array([student_two_sided(value, df) for value, df in zip(t, self.df, strict=True)])


def rubin(estimates: Reals, variances: Reals, complete_df: float = math.inf) -> RubinPooled:
    r"""Pool estimates over imputations.

    .. math:: T = \bar U + (1 + 1/m) B

    estimates, variances   shape (m, p), m >= 2
    complete_df            degrees of freedom that the analysis has with complete data; infinite for a large sample.
                           R's mice takes n - p for a linear model and events - p for a Cox model
    """
    m = estimates.shape[0]
    estimate, within = estimates.mean(axis=0), variances.mean(axis=0)
    between = estimates.var(axis=0, ddof=1)
    extra = (1 + 1 / m) * between
    total = within + extra
    with np.errstate(divide="ignore", invalid="ignore"):
        share = np.where(total > 0, extra / total, 0.0)
        increase = extra / within
        df = _degrees_of_freedom(m, share, complete_df)
        information = (increase + 2 / (df + 3)) / (increase + 1)
    return RubinPooled(
        m, estimate, np.sqrt(total), within, between, total, df, increase, share, np.where(share > 0, information, 0.0)
    )


def _degrees_of_freedom(m: int, share: Reals, complete_df: float) -> Reals:
    of_imputations = np.where(share > 0, (m - 1) / share**2, np.inf)
    if math.isinf(complete_df):
        return np.asarray(of_imputations)
    observed = (complete_df + 1) / (complete_df + 3) * complete_df * (1 - share)
    return np.asarray(1 / (1 / of_imputations + 1 / observed))


@dataclass(frozen=True)
class JointTest:
    """A test over imputations: F with `df1` and `df2` degrees of freedom."""

    statistic: float
    df1: int
    df2: float
    p_value: float


def joint_wald(estimates: Reals, covariances: Reals) -> JointTest:
    """Wald test that all of k coefficients are 0, over imputations (Li, Raghunathan and Rubin 1991: D1).

    estimates     shape (m, k)
    covariances   shape (m, k, k)
    """
    m, k = estimates.shape
    mean, within = estimates.mean(axis=0), covariances.mean(axis=0)
    between = np.atleast_2d(np.cov(estimates, rowvar=False))
    increase = (1 + 1 / m) * float(np.trace(np.linalg.solve(within, between))) / k
    statistic = float(mean @ np.linalg.solve(within, mean)) / (k * (1 + increase))
    t = k * (m - 1)
    if increase <= 0:
        df2 = math.inf
    elif t > 4:
        df2 = 4 + (t - 4) * (1 + (1 - 2 / t) / increase) ** 2
    else:
        df2 = t * (1 + 1 / k) * (1 + 1 / increase) ** 2 / 2
    return JointTest(statistic, k, df2, f_tail(statistic, k, min(df2, 1e15)))


def pooled_chi_square(statistics: Reals, df: int) -> JointTest:
    r"""A chi-square test over imputations from its statistics alone (Li, Meng, Raghunathan and Rubin 1991: D2).

    .. math:: D_2 = \frac{\bar w / k - \frac{m+1}{m-1} r}{1 + r}, \qquad
        r = (1 + \tfrac1m) \frac{1}{m-1} \sum (\sqrt{w_i} - \overline{\sqrt w})^2

    statistics   shape (m,), each chi-square with k = `df` degrees of freedom

    A negative value, which the estimate of r allows, is 0.
    """
    m = statistics.size
    increase = (1 + 1 / m) * float(np.sqrt(statistics).var(ddof=1))
    if increase <= ROUNDING * max(float(statistics.mean()), 1.0):
        increase = 0.0
    value = (float(statistics.mean()) / df - (m + 1) / (m - 1) * increase) / (1 + increase)
    df2 = df ** (-3 / m) * (m - 1) * (1 + 1 / increase) ** 2 if increase > 0 else math.inf
    return JointTest(max(value, 0.0), df, df2, f_tail(max(value, 0.0), df, min(df2, 1e15)))
