"""The product-limit and Nelson-Aalen estimates over the whole grid, with what their variances are made of."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from cohortium.estimators.contract import Reals
    from cohortium.estimators.kaplan_meier.tables import RiskTable


class ProductLimit(NamedTuple):
    r"""Estimates and their linear forms; arrays of shape (groups, times).

    survival   prod (1 - d/n)
    hazard     sum d/n
    jump       1 / (n - d), 0 where n = d: what an event of weight 1 takes off log survival
    per_risk   1 / n, 0 where n = 0: what an event of weight 1 adds to the hazard
    step       d/n
    """

    survival: Reals
    hazard: Reals
    jump: Reals
    per_risk: Reals
    step: Reals

    @property
    def greenwood(self) -> Reals:
        """Greenwood's variance of log survival, sum d / (n (n - d)); NaN once survival is 0."""
        found = np.cumsum(self.step * self.jump, axis=-1)
        return np.where(self.survival > 0, found, np.nan)

    @property
    def hazard_variance(self) -> Reals:
        """Variance of the Nelson-Aalen estimate, sum d / n^2."""
        return np.asarray(np.cumsum(self.step * self.per_risk, axis=-1))


def product_limit(table: RiskTable) -> ProductLimit:
    """The estimates of a risk table; times without anybody at risk change nothing."""
    risk, event = table.risk, table.event
    left = np.where(table.emptied, 0.0, risk - event)
    per_risk = np.divide(1.0, risk, out=np.zeros_like(risk), where=risk > 0)
    jump = np.divide(1.0, left, out=np.zeros_like(left), where=left > 0)
    step = np.where(table.emptied, 1.0, event * per_risk)
    survival: Reals = np.cumprod(1.0 - step, axis=-1, dtype=np.float64)
    return ProductLimit(survival, np.asarray(np.cumsum(step, axis=-1)), jump, per_risk, step)
