"""Concordance of the linear predictor with survival, over pairs of patients in one stratum.

Of two patients of whom one is known to have the event earlier, the share in which that one has the higher risk, pairs
of equal risk counted half. Harrell's counts every pair once; Uno's gives a pair the weight 1/G(t-)^2 of its earlier
event, G the Kaplan-Meier curve of censoring over everybody. The standard error is the infinitesimal jackknife of R.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

if TYPE_CHECKING:
    from cohortium.estimators.contract import Factor, Reals
    from cohortium.estimators.cox.spec import CoxSpec

Kind = Literal["harrell", "uno"]

RISK_DECIMALS = 10
"""Linear predictors are rounded to this many decimals, so that rounding does not part patients of equal risk."""
ACROSS_SITES = (
    "pairs of patients at different institutions can only be compared row by row; compare within institutions, or have "
    "all rows at one place"
)
ENTRY = "Uno's weights are not defined when patients come under observation at different times"


@dataclass(frozen=True, slots=True)
class Concordance:
    """Which concordance.

    kinds    `harrell` counts every pair once; `uno` weighs by the censoring distribution of everybody
    strata   factors within whose combinations pairs are compared, besides the strata of the model
    nested   True when these, with the strata of the model, lie inside sites
    tau      events after this time are not counted; None for all
    note     as printed, e.g. `within institution`
    """

    kinds: tuple[Kind, ...] = ("harrell",)
    strata: tuple[Factor, ...] = ()
    nested: bool = False
    tau: float | None = None
    note: str = ""


@dataclass(frozen=True)
class ConcordanceIndex:
    """One concordance.

    value           NaN with a `problem` when it cannot be made
    standard_error  infinitesimal jackknife, over clusters where rows have them
    concordant, discordant, tied_risk, tied_time, tied_both   weighted pairs
    not_compared    rows whose stratum is not known
    """

    kind: Kind
    value: float
    standard_error: float
    concordant: float = 0.0
    discordant: float = 0.0
    tied_risk: float = 0.0
    tied_time: float = 0.0
    tied_both: float = 0.0
    problem: str = ""
    not_compared: int = 0


def concordance_refusal(spec: CoxSpec) -> str:
    """Why no concordance can be made under a specification that asks for one; empty when it can."""
    return "" if spec.concordance is None or spec.concordance.nested else ACROSS_SITES


def index_of(kind: Kind, pairs: Reals, spread: Reals) -> ConcordanceIndex:
    """One concordance from its sums.

    pairs   shape (5,): concordant, discordant, tied in risk, in time, in both
    spread  shape (3,): sums over clusters of a^2, ab, b^2, with a the concordant less the discordant pairs of the
            cluster and b its comparable pairs, both weighted
    """
    n_pairs = float(pairs[:3].sum())
    if not n_pairs > 0:
        return ConcordanceIndex(kind, float("nan"), float("nan"), problem="no two patients can be compared")
    somers = float(pairs[0] - pairs[1]) / n_pairs
    variance = float(spread @ np.array([1.0, -2 * somers, somers * somers])) / (4 * n_pairs * n_pairs)
    error = float(np.sqrt(max(variance, 0.0)))
    concordant, discordant, tied_risk, tied_time, tied_both = (float(sum_) for sum_ in pairs)
    return ConcordanceIndex(kind, (1 + somers) / 2, error, concordant, discordant, tied_risk, tied_time, tied_both)
