"""Whether anything can be made of a fit afterwards."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cohortium.estimators.cox.stages import Fit


def unfit(fit: Fit) -> str:
    """Why nothing can be made of a fit; empty when it can."""
    if fit.infinite.any():
        return "a coefficient has no finite maximum-likelihood estimate"
    return "" if fit.free.any() else "no coefficient has an estimate"
