"""Whether anything can be made of a fit afterwards."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cohortium.estimators.cox.spec import CoxSpec
    from cohortium.estimators.cox.stages import Fit


def unfit(spec: CoxSpec, fit: Fit) -> str:
    """Why nothing can be made of a fit; empty when it can."""
    if fit.infinite.any():
        return "a coefficient has no finite maximum-likelihood estimate"
    if spec.penalty == "firth":
        return "made from maximum-likelihood estimates only, not from penalized ones"
    return "" if fit.free.any() else "no coefficient has an estimate"
