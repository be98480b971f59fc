"""A binary outcome: a category with the levels that count as it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cohortium.estimators.contract import Factor, Rows


@dataclass(frozen=True)
class Outcome:
    """A binary outcome.

    label          as printed, e.g. `Overall response`
    variable       the category
    levels         codes of the levels that count as the outcome
    not_evaluable  codes of levels that say that the outcome could not be assessed
    """

    label: str
    variable: Factor
    levels: tuple[str, ...]
    not_evaluable: tuple[str, ...] = ()

    def has(self, rows: Rows) -> NDArray[np.bool_]:
        """Whether each row has the outcome, shape (n,); a row whose value is not known has not."""
        return _among(rows, self.variable, self.levels)

    def is_evaluable(self, rows: Rows) -> NDArray[np.bool_]:
        """Whether the outcome of each row is known, shape (n,)."""
        assessed = [code for code in self.variable.codes if code not in self.not_evaluable]
        return _among(rows, self.variable, assessed)


def _among(rows: Rows, variable: Factor, codes: list[str] | tuple[str, ...]) -> NDArray[np.bool_]:
    # A code of -1, not known, reads the last place.
    chosen = np.array([*(code in codes for code in variable.codes), False])
    return np.asarray(chosen[rows.codes[variable.name]])
