"""Numbers to text, as clinical journals print them.

Rounding is half away from zero on the shortest decimal text of the number, which is what a reader with
a pencil expects: 0.045 has a 5 to round up, whatever its binary neighbor is.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from decimal import ROUND_CEILING, ROUND_HALF_UP, Context, Decimal

MINUS = "\N{MINUS SIGN}"
EN_DASH = "\N{EN DASH}"
REFERENCE = "\N{EM DASH}"
NOT_REACHED = "NR"
NOT_ESTIMABLE = "NE"

_MOST_RATIO = 9999
_LONGEST_LEVEL = 7

_WIDE = Context(prec=400, rounding=ROUND_HALF_UP)


def rounded(value: float | Decimal, decimals: int) -> Decimal:
    """The value at a fixed number of decimals, halves away from zero, never a negative zero."""
    exact = value if isinstance(value, Decimal) else Decimal(repr(float(value)))
    result = exact.quantize(Decimal(1).scaleb(-decimals), context=_WIDE)
    return result or abs(result)


def number(value: float | Decimal | None, decimals: int = 0) -> str:
    """`1.5`, `-1.5` with a true minus sign, `12,345` from ten thousand; `NE` when there is no number."""
    if value is None or not math.isfinite(value):
        return NOT_ESTIMABLE
    result = rounded(value, decimals)
    grouping = "," if abs(result) >= 10_000 else ""
    return f"{MINUS if result < 0 else ''}{abs(result):{grouping}.{decimals}f}"


def rounded_up(bound: float) -> str:
    """A bound with two significant digits, never below itself: `0.0034`, `12`."""
    exact = Decimal(repr(float(bound)))
    if not exact:
        return "0"
    decimals = 1 - exact.adjusted()
    step = Decimal(1).scaleb(-decimals)
    return number(exact.quantize(step, rounding=ROUND_CEILING), max(decimals, 0))


def count(value: float | None) -> str:
    """A count: `9999`, `10,000`."""
    return number(value, 0)


def p_value(p: float | None) -> str:
    """Two decimals; three below 0.01 and wherever two would print 0.05; never `0.000` or `1.00`."""
    if p is None or not math.isfinite(p):
        return NOT_ESTIMABLE
    if not 0.0 <= p <= 1.0:
        raise ValueError("a p-value lies between 0 and 1")
    if p < 0.001:
        return "<0.001"
    if p < 0.01 or rounded(p, 2) == Decimal("0.05"):
        return number(p, 3)
    if rounded(p, 2) == 1:
        return ">0.99"
    return number(p, 2)


def p_equation(p: float | None) -> str:
    """`p = 0.04`, `p < 0.001`."""
    text = p_value(p)
    return f"p {text[0]} {text[1:]}" if text[0] in "<>" else f"p = {text}"


def percent_decimals(column_sizes: Iterable[int]) -> int:
    """Decimals of every percentage of a table: one where a column counts 100 patients or more, else none."""
    return 1 if max(column_sizes, default=0) >= 100 else 0


def percent(value: float | None, decimals: int) -> str:
    """A percentage from 0 to 100 without its sign; what is not 0 or 100 is not printed as if it were."""
    if value is None or not math.isfinite(value):
        return NOT_ESTIMABLE
    step = Decimal(1).scaleb(-decimals)
    result = rounded(value, decimals)
    if result == 0 < value:
        return f"<{step:f}"
    if result == 100 > value:
        return f">{100 - step:f}"
    return number(value, decimals)


def count_percent(n: float | None, of_hundred: float | None, decimals: int, denominator: int | None = None) -> str:
    """`138 (60.5)`; with a denominator `138/227 (60.8)`; the count alone where a percentage cannot be given."""
    if n is None:
        return NOT_ESTIMABLE
    counted = count(n) if denominator is None else f"{count(n)}/{count(denominator)}"
    return counted if of_hundred is None else f"{counted} ({percent(of_hundred, decimals)})"


def ratio_decimals(estimate: float | None) -> int:
    """Decimals of a ratio and of its limits: two below 10, then about three significant digits."""
    if estimate is None or not math.isfinite(estimate) or rounded(estimate, 2) < 10:
        return 2
    return 1 if rounded(estimate, 1) < 100 else 0


def ratio(value: float | None, decimals: int) -> str:
    """A ratio; a positive one too small for the decimals is `<0.01`, not zero; above 9999 it is `>9999`."""
    if value is not None and math.isfinite(value) and value > _MOST_RATIO:
        return f">{_MOST_RATIO}"
    if value is not None and math.isfinite(value) and value > 0 and rounded(value, decimals) == 0:
        return f"<{Decimal(1).scaleb(-decimals):f}"
    return number(value, decimals)


def ratio_interval(estimate: float | None, lower: float | None, upper: float | None) -> str:
    """`0.59 (0.42 to 0.82)`, every number at the decimals of the estimate."""
    decimals = ratio_decimals(estimate)
    if estimate is None:
        return NOT_ESTIMABLE
    if lower is None and upper is None:
        return ratio(estimate, decimals)
    return f"{ratio(estimate, decimals)} ({ratio(lower, decimals)} to {ratio(upper, decimals)})"


def in_months(days: float, month_days: float) -> Decimal:
    """Days as months, exact to the decimals that are ever printed."""
    return _WIDE.divide(Decimal(repr(float(days))), Decimal(repr(float(month_days))))


def months(days: float | None, month_days: float, decimals: int = 1) -> str:
    """Days printed as months; `NR` when the time was not reached."""
    return NOT_REACHED if days is None else number(in_months(days, month_days), decimals)


def months_interval(
    days: float | None, lower: float | None, upper: float | None, month_days: float, *, reached: bool = True
) -> str:
    """`8.9 (7.0 to 10.2)`, `NR (13.1 to NR)`; `NE` in place of a time or an interval that cannot be given."""
    if days is None and reached:
        return NOT_ESTIMABLE
    middle = months(days, month_days)
    if lower is None and upper is None:
        return middle if days is None else f"{middle} ({NOT_ESTIMABLE})"
    return f"{middle} ({months(lower, month_days)} to {months(upper, month_days)})"


def percent_interval(value: float | None, lower: float | None, upper: float | None, decimals: int = 1) -> str:
    """A probability from 0 to 1 as a percentage with limits: `40.9 (34.5 to 47.2)`."""
    if value is None:
        return NOT_ESTIMABLE
    middle = percent(_hundredfold(value), decimals)
    if lower is None or upper is None:
        return f"{middle} ({NOT_ESTIMABLE})"
    return f"{middle} ({percent(_hundredfold(lower), decimals)} to {percent(_hundredfold(upper), decimals)})"


def of_hundred_interval(value: float | None, lower: float | None, upper: float | None, decimals: int) -> str:
    """A percentage from 0 to 100 with limits: `48.7 (41.5 to 56.0)`."""
    if value is None:
        return NOT_ESTIMABLE
    return f"{percent(value, decimals)} ({percent(lower, decimals)} to {percent(upper, decimals)})"


def points_interval(value: float | None, lower: float | None, upper: float | None, decimals: int) -> str:
    """A difference in percentage points with limits, with true minus signs."""
    if value is None:
        return NOT_ESTIMABLE
    return f"{number(value, decimals)} ({number(lower, decimals)} to {number(upper, decimals)})"


def confidence(level: float | None) -> str:
    """`95% CI`; a level that would print as 0 or 100 with four decimals is `<0.0001% CI` or `>99.9999% CI`."""
    if level is None:
        return "CI"
    hundredfold = 100 * Decimal(repr(level))
    text = number_shortest(hundredfold)
    return f"{text if len(text) <= _LONGEST_LEVEL else percent(float(hundredfold), 4)}% CI"


def number_shortest(value: float | Decimal) -> str:
    """A declared number without trailing zeros: `12`, `0.5`, `30.4375`."""
    exact = value if isinstance(value, Decimal) else Decimal(repr(float(value)))
    text = f"{exact:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def plural(n: int, one: str, many: str = "") -> str:
    """`1 patient`, `2 patients`."""
    return f"{count(n)} {one if n == 1 else many or one + 's'}"


def _hundredfold(probability: float) -> float:
    return float(100 * Decimal(repr(float(probability))))
