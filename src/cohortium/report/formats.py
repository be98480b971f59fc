"""Numbers to text, as clinical journals print them.

Rounding is half away from zero on the shortest decimal text of the number, which is what a reader with
a pencil expects: 0.045 has a 5 to round up, whatever its binary neighbor is. Decimal marks, thousands, p-values and
intervals follow the journal style in force.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from decimal import ROUND_CEILING, ROUND_HALF_UP, Context, Decimal

from cohortium.report.journal_style import EN_DASH, MIDDLE_DOT, THIN_SPACE, TO, in_force

MINUS = "\N{MINUS SIGN}"
REFERENCE = "\N{EM DASH}"
NOT_REACHED = "NR"
NOT_ESTIMABLE = "NE"

_MOST_RATIO = 9999
_LONGEST_LEVEL = 7
_ZERO_BEFORE = re.compile(r"(?<!\d)0(?=\.)")
_MARK_WITHIN = re.compile(rf"(?<=\d){MIDDLE_DOT}(?=\d)")
_SPACE_WITHIN = re.compile(rf"(?<=\d){THIN_SPACE}(?=\d{{3}})")

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
    return f"{MINUS if result < 0 else ''}{_marked(f'{abs(result):,.{decimals}f}', abs(result))}"


def _marked(text: str, size: Decimal) -> str:
    """Digits grouped by commas, with the marks of the style in force."""
    style = in_force()
    whole, point, tenths = text.partition(".")
    whole = whole.replace(",", style.thousands if size >= style.group_from else "")
    return f"{whole}{style.decimal_mark if point else ''}{tenths}"


def plain(text: str) -> str:
    """Printed numbers as a program reads them: a point, ASCII minus and hyphen, no thin space."""
    text = _SPACE_WITHIN.sub("", _MARK_WITHIN.sub(".", text))
    return text.replace(MINUS, "-").replace(EN_DASH, "-")


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
    """Two decimals or three by the rule of the style in force; never `0.000` or `1.00`."""
    if p is None or not math.isfinite(p):
        return NOT_ESTIMABLE
    if not 0.0 <= p <= 1.0:
        raise ValueError("a p-value lies between 0 and 1")
    style = in_force()
    text = f"{rounded(p, _p_decimals(p)):f}"
    text = "<0.001" if p < 0.001 else ">0.99" if rounded(p, 2) == 1 else text
    text = text if style.p_leading_zero else _ZERO_BEFORE.sub("", text)
    return text.replace(".", style.decimal_mark)


def _p_decimals(p: float) -> int:
    if p < 0.01:
        return 3
    match in_force().p_rule:
        case "plain":
            return 2
        case "from-0.1":
            return 2 if rounded(p, 2) >= Decimal("0.1") else 3
        case "below-0.05":
            return 3 if p < 0.05 and rounded(p, 2) == Decimal("0.05") else 2
        case "beside-0.05":
            return 3 if rounded(p, 2) == Decimal("0.05") else 2


def p_limit(p: float) -> str:
    """A limit of p-values with two decimals, as the style in force prints them: `0.05`, `.05`."""
    text = number(p, 2)
    return text if in_force().p_leading_zero else text.removeprefix("0")


def p_letter() -> str:
    """`p` or `P`, the head of a column of p-values."""
    return in_force().p_letter


def p_equation(p: float | None) -> str:
    """`p = 0.04`, `p < 0.001`; `P=.04`."""
    text, style = p_value(p), in_force()
    space = " " if style.p_spaces else ""
    sign, digits = (text[0], text[1:]) if text[0] in "<>" else ("=", text)
    return f"{style.p_letter}{space}{sign}{space}{digits}"


def percent_decimals(column_sizes: Iterable[int]) -> int:
    """Decimals of every percentage of a table, by its largest column: one from 100 patients, else none."""
    largest = max(column_sizes, default=0)
    return next((decimals for size, decimals in in_force().percent_decimals if largest >= size), 0)


def percent(value: float | None, decimals: int) -> str:
    """A percentage from 0 to 100 without its sign; what is not 0 or 100 is not printed as if it were."""
    if value is None or not math.isfinite(value):
        return NOT_ESTIMABLE
    step = Decimal(1).scaleb(-decimals)
    result = rounded(value, decimals)
    if result == 0 < value:
        return f"<{number(step, decimals)}"
    if result == 100 > value:
        return f">{number(100 - step, decimals)}"
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
        return f"<{number(Decimal(1).scaleb(-decimals), decimals)}"
    return number(value, decimals)


def ratio_interval(estimate: float | None, lower: float | None, upper: float | None) -> str:
    """`0.59 (0.42 to 0.82)`, every number at the decimals of the estimate."""
    decimals = ratio_decimals(estimate)
    if estimate is None:
        return NOT_ESTIMABLE
    if lower is None and upper is None:
        return ratio(estimate, decimals)
    return f"{ratio(estimate, decimals)} ({between(ratio(lower, decimals), ratio(upper, decimals))})"


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
    return f"{middle} ({between(months(lower, month_days), months(upper, month_days))})"


def percent_interval(value: float | None, lower: float | None, upper: float | None, decimals: int = 1) -> str:
    """A probability from 0 to 1 as a percentage with limits: `40.9 (34.5 to 47.2)`."""
    if value is None:
        return NOT_ESTIMABLE
    middle = percent(_hundredfold(value), decimals)
    if lower is None or upper is None:
        return f"{middle} ({NOT_ESTIMABLE})"
    return f"{middle} ({between(percent(_hundredfold(lower), decimals), percent(_hundredfold(upper), decimals))})"


def of_hundred_interval(value: float | None, lower: float | None, upper: float | None, decimals: int) -> str:
    """A percentage from 0 to 100 with limits: `48.7 (41.5 to 56.0)`."""
    if value is None:
        return NOT_ESTIMABLE
    return f"{percent(value, decimals)} ({between(percent(lower, decimals), percent(upper, decimals))})"


def points_interval(value: float | None, lower: float | None, upper: float | None, decimals: int) -> str:
    """A difference in percentage points with limits, with true minus signs."""
    if value is None:
        return NOT_ESTIMABLE
    return f"{number(value, decimals)} ({between(number(lower, decimals), number(upper, decimals))})"


def between(low: str, high: str) -> str:
    """Two printed limits: `0.70 to 0.96`, `0.70–0.96`; always ` to ` beside a minus sign."""
    return f"{low}{TO if MINUS in low + high else in_force().between}{high}"


def with_interval(estimate: str, level: float | None, limits: str) -> str:
    """An estimate in a sentence: `0.82 (95% CI, 0.70 to 0.96)`."""
    return f"{estimate} ({confidence(level)}{in_force().after_confidence}{limits})"


def with_level(interval: str, level: float | None) -> str:
    """An estimate with limits, `0.82 (0.70 to 0.96)`, that says its level; unchanged without limits."""
    return interval.replace("(", f"({confidence(level)}{in_force().after_confidence}", 1)


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
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return text.replace(".", in_force().decimal_mark)


def plural(n: int, one: str, many: str = "") -> str:
    """`1 patient`, `2 patients`."""
    return f"{count(n)} {one if n == 1 else many or one + 's'}"


def _hundredfold(probability: float) -> float:
    return float(100 * Decimal(repr(float(probability))))
