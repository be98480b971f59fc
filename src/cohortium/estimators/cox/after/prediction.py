"""Baseline hazard and predicted survival: what is asked for, and the result from which any patient can be predicted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from cohortium.estimators.cox.after.curves import Curve, HazardSums, Interval, curve_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cohortium.estimators.contract import Integers, Reals

Origin = Literal["zero", "mean"]


@dataclass(frozen=True, slots=True)
class Profile:
    """A patient to predict for.

    label   as printed
    values  value of every column of the design matrix, in order
    """

    label: str
    values: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Prediction:
    """What to predict.

    profiles  patients to predict for; none for the baseline hazard alone
    times     times of the baseline hazard and of the predictions; none for every event time. Strata inside sites send
              sums at these times only
    interval  scale of the interval of survival
    origin    the patient of the baseline hazard: all covariates `zero`, or at the `mean`, as R's default: the mean of
              every column but those of zeros and ones alone
    """

    profiles: tuple[Profile, ...] = ()
    times: tuple[float, ...] = ()
    interval: Interval = "log"
    origin: Origin = "zero"


@dataclass(frozen=True)
class Baseline:
    """The baseline hazard by stratum.

    times     shape (t,)
    sums      shape (s, t) each: cumulative sums about `center`
    center    shape (p,)
    mean      shape (p,): the covariates of R's default patient
    offset    mean offset, part of that patient
    beta      shape (p,)
    n_events  shape (s,): strata without events have no curve
    end       shape (s,): the last follow-up, beyond which nothing is known
    """

    times: Reals
    sums: HazardSums
    center: Reals
    mean: Reals
    offset: float
    beta: Reals
    n_events: Integers
    end: Reals

    def at_origin(self, origin: Origin) -> Reals:
        """Cumulative hazard of the patient of the baseline hazard, shape (s, t)."""
        away = (self.mean if origin == "mean" else np.zeros_like(self.mean)) - self.center
        shift = self.offset if origin == "mean" else 0.0
        return np.asarray(self.sums.hazard * np.exp(away @ self.beta + shift))

    def steps(self, stratum: int) -> Integers:
        """Positions of the times at which the hazard of a stratum rises."""
        return np.flatnonzero(np.diff(self.sums.hazard[stratum], prepend=0.0) > 0)

    def curve(
        self, stratum: int, values: Sequence[float], covariance: Reals, confidence: float, interval: Interval
    ) -> Curve:
        """The curve of a patient at all times.

        covariance  shape (p, p): NaN for columns that carry no information of their own
        """
        sums = HazardSums(*(table[stratum] for table in self.sums))
        away = np.asarray(values, np.float64) - self.center
        return curve_of(sums, away, self.beta, np.nan_to_num(covariance), confidence, interval)
