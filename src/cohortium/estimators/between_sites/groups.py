"""The two groups that are compared within each site: levels of a category."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from cohortium.estimators.contract import Factor, Integers, Rows


@dataclass(frozen=True)
class TwoGroups:
    """Two levels of a category.

    by        the category
    compared  codes of the group of interest and of the one it is compared with
    """

    by: Factor
    compared: tuple[str, str]

    @property
    def places(self) -> tuple[int, int]:
        """Positions of the two levels."""
        first, second = (self.by.codes.index(code) for code in self.compared)
        return first, second

    @property
    def label(self) -> str:
        """`B v A`."""
        first, second = (self.by.labels[place] for place in self.places)
        return f"{first} v {second}"

    def of(self, rows: Rows) -> Integers:
        """The group of each row, shape (n,): 0 of interest, 1 the other, -1 not known, -2 another level."""
        places = np.full(len(self.by) + 1, -2)
        places[list(self.places)] = 0, 1
        # A code of -1, not known, reads the last place.
        places[-1] = -1
        return np.asarray(places[rows.codes[self.by.name]])
