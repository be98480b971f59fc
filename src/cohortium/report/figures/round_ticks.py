"""Ticks at round numbers on an axis that has no natural zero at its end."""

from __future__ import annotations

import math
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal


def round_ticks(least: float, most: float, n: int) -> list[Decimal]:
    """Multiples of 1, 2 or 5 times a power of ten that hold a range, at most about `n` steps."""
    if not (math.isfinite(least) and math.isfinite(most)) or most <= least:
        least, most = -1.0, 1.0
    low, high = Decimal(repr(least)), Decimal(repr(most))
    power = (high - low).adjusted()
    for exponent in range(power - 2, power + 3):
        for digit in (1, 2, 5):
            step = Decimal(digit).scaleb(exponent)
            first = (low / step).to_integral_value(ROUND_FLOOR)
            last = (high / step).to_integral_value(ROUND_CEILING)
            if last - first <= n:
                return [step * i for i in range(int(first), int(last) + 1)]
    return [low, high]
