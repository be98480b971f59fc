"""Random draws that are the same for a seed in every version of Python and on every machine.

Only `random()` of the standard generator is used, whose sequence for a whole-number seed is fixed; every patient and every
topic has a stream of its own, so that a change in one place moves nothing elsewhere.
"""

from __future__ import annotations

import hashlib
import math
import random
from collections.abc import Mapping, Sequence
from statistics import NormalDist
from typing import TypeVar

Item = TypeVar("Item")

_STANDARD = NormalDist()


class Draws:
    """A stream of draws.

    key   seed and what the stream is for, e.g. `(7, "patient", 12, "infections")`
    """

    def __init__(self, *key: int | str) -> None:
        digest = hashlib.sha256("/".join(map(str, key)).encode()).digest()
        self._next = random.Random(int.from_bytes(digest[:8], "big")).random  # noqa: S311 - no secret depends on it

    def uniform(self, low: float = 0.0, high: float = 1.0) -> float:
        """A number between the limits."""
        return low + (high - low) * self._next()

    def integer(self, low: int, high: int) -> int:
        """A whole number from `low` to `high`, both included."""
        return min(low + int((high - low + 1) * self._next()), high)

    def chance(self, probability: float) -> bool:
        """True with the probability."""
        return self._next() < probability

    def normal(self, mean: float = 0.0, deviation: float = 1.0) -> float:
        """A normal draw, by the quantile function."""
        return mean + deviation * normal_quantile(self._next())

    def exponential(self, mean: float) -> float:
        """An exponential draw."""
        return -mean * math.log(1 - self._next())

    def pick(self, weights: Mapping[Item, float]) -> Item:
        """A key drawn in proportion to its weight."""
        left = self._next() * sum(weights.values())
        for item, weight in weights.items():
            left -= weight
            if left < 0:
                return item
        return next(reversed(list(weights)))

    def shuffled(self, items: Sequence[Item]) -> list[Item]:
        """The items in random order (Fisher and Yates)."""
        mixed = list(items)
        for last in range(len(mixed) - 1, 0, -1):
            other = self.integer(0, last)
            mixed[last], mixed[other] = mixed[other], mixed[last]
        return mixed

    def spread(self, n: int) -> list[float]:
        """Midpoints of n equal parts of (0, 1) in random order: a sample without sampling error."""
        return self.shuffled([(position + 0.5) / n for position in range(n)])


def normal_quantile(probability: float) -> float:
    """Quantile of the standard normal distribution; the ends are held off infinity."""
    return _STANDARD.inv_cdf(min(max(probability, 1e-9), 1 - 1e-9))
