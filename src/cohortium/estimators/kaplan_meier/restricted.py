"""Restricted mean survival time: the area under the curve up to a time, and differences between groups."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from cohortium.estimators.distributions import normal_quantile, normal_two_sided

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cohortium.estimators.contract import Reals


@dataclass(frozen=True)
class RestrictedMean:
    """The mean time to event up to tau, with limits on the plain scale; NaN with a reason when refused."""

    tau: float
    value: float
    standard_error: float
    lower: float
    upper: float
    problem: str = ""


@dataclass(frozen=True)
class MeanContrast:
    """The restricted mean of one group against that of another.

    group, reference         labels: `group` minus, or over, `reference`
    difference, ratio        NaN with a reason when refused
    lower, upper             limits of the difference; ratio_lower, ratio_upper: of the ratio, on the log scale
    p_value, ratio_p_value   two-sided normal tests of difference 0 and of ratio 1
    """

    group: str
    reference: str
    difference: float
    lower: float
    upper: float
    p_value: float
    ratio: float
    ratio_lower: float
    ratio_upper: float
    ratio_p_value: float
    problem: str = ""

    @property
    def label(self) -> str:
        """`B v A`."""
        return f"{self.group} v {self.reference}"


def areas_after(time: Reals, survival: Reals, tau: float) -> Reals:
    """Area under a step curve from each time to tau, shape (groups, times); 0 from tau on.

    time       shape (times,), increasing
    survival   shape (groups, times), at and after each time up to the next one
    """
    width = np.diff(np.append(np.minimum(time, tau), tau))
    return np.asarray(np.flip(np.cumsum(np.flip(survival * width, -1), axis=-1), -1))


def area(time: Reals, after: Reals, tau: float) -> Reals:
    """Area under each curve from 0 to tau, shape (groups,); survival is 1 before the first time."""
    return after[:, 0] + min(float(time[0]), tau)


def restricted_mean(value: float, variance: float, tau: float, confidence: float) -> RestrictedMean:
    """The mean with its limits."""
    error = math.sqrt(max(variance, 0.0))
    half = normal_quantile(0.5 + confidence / 2) * error
    return RestrictedMean(tau, value, error, value - half, value + half)


def refused(tau: float, problem: str) -> RestrictedMean:
    """No mean, and why."""
    nan = float("nan")
    return RestrictedMean(tau, nan, nan, nan, nan, problem)


def contrasts(labels: Sequence[str], means: Sequence[RestrictedMean], confidence: float) -> tuple[MeanContrast, ...]:
    """Every group against the first."""
    return tuple(
        _contrast(label, labels[0], mean, means[0], confidence)
        for label, mean in zip(labels[1:], means[1:], strict=True)
    )


def _contrast(
    group: str, reference: str, mean: RestrictedMean, other: RestrictedMean, confidence: float
) -> MeanContrast:
    problem = mean.problem or other.problem
    difference, error = mean.value - other.value, math.hypot(mean.standard_error, other.standard_error)
    if not problem and error == 0:
        problem = "the restricted means have no variance"
    if problem:
        nan = float("nan")
        return MeanContrast(group, reference, nan, nan, nan, nan, nan, nan, nan, nan, problem)
    z = normal_quantile(0.5 + confidence / 2)
    ratio = p_ratio = lower = upper = float("nan")
    if mean.value > 0 and other.value > 0:
        ratio = mean.value / other.value
        log_error = math.hypot(mean.standard_error / mean.value, other.standard_error / other.value)
        lower, upper = ratio * math.exp(-z * log_error), ratio * math.exp(z * log_error)
        p_ratio = normal_two_sided(math.log(ratio) / log_error)
    p = normal_two_sided(difference / error)
    return MeanContrast(
        group, reference, difference, difference - z * error, difference + z * error, p, ratio, lower, upper, p_ratio
    )
