"""Intervals against their estimates, against the p-value beside them and against the count they are of."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass

from cohortium.proofreading.counts import counts
from cohortium.proofreading.p_values import PValue, p_values
from cohortium.proofreading.percentages import Remark
from cohortium.proofreading.printed import REAL, Printed, printed

_LIMITS = rf"(?P<low>{REAL})\s*%?\s*(?P<between>to|-|,|;)\s*(?P<high>{REAL}|NR|NE|not\s+(?:reached|estimable))"
_INTERVAL = re.compile(
    # The end of a range has no interval: `range, 0.3-51.2; 95% CI 17.0-21.9`.
    rf"(?<![\d./])(?<!\d-)(?<!\d to )(?P<estimate>{REAL})\s*(?P<percent>%)?(?:\s*-?(?:months?|mo|years?|yr|days?|weeks?))?"
    rf"(?:\s*[\(\[]\s*\d+\s*/\s*\d+\s*[,;])?[,;]?\s*[\(\[]?\s*"
    rf"(?:(?P<level>90|95|99)\s*%[\s-]*(?:CI|CrI|IC|KI|confidence\s+(?:intervals?|limits)(?:\s*[\[\(]CI[\]\)])?)"
    rf"|(?:CI|IC|KI)(?:\s+(?:del|al|de|\u00e0))?\s*(?P<level_after>90|95|99)\s*%)"
    rf"\s*[:,=]?\s*[\(\[]?\s*{_LIMITS}"
)
_BARE = re.compile(
    r"\b(?:HR|OR|RR|sHR|SHR|IRR|aHR|aOR|aRR|(?:[Hh]azard|[Oo]dds|[Rr]isk|[Rr]ate)\s+[Rr]atio)\s*(?:,|:|=|of|was)?\s*"
    rf"(?P<estimate>{REAL})\s*[\(\[]\s*{_LIMITS}\s*[\)\],;]"
)
_RATIO = re.compile(
    r"\b(?:HR|OR|RR|sHR|SHR|IRR|aHR|aOR|aRR|(?:[Hh]azards?|[Oo]dds|[Rr]isk|[Rr]ate)\s+[Rr]atio|[Rr]elative\s+[Rr]isk)s?\b[^.;]{0,60}$"
)
_DIFFERENCE = re.compile(r"\b[Dd]ifferences?\b[^.;]{0,60}$")
_OTHER_P = re.compile(r"log-?rank|interaction|trend|likelihood|Gray|Fisher|chi|Wilcoxon")
_QUANTILES = {"90": 1.6448536269514722, "95": 1.959963984540054, "99": 2.5758293035489004}

OFF_CENTER = 0.25
"""Distance of a ratio from the middle of its interval, in half widths on the logarithmic scale, that is remarked:
limits by profile likelihood or exact methods are off by less in the sizes that are published."""
P_DISTANCE = 0.35
"""Distance in standard errors between what the interval and the p-value say; the score, Wald and likelihood-ratio tests of
one model differ by less."""


@dataclass(frozen=True, slots=True)
class Interval:
    """An estimate with its interval.

    high      None where the upper limit is not reached
    is_ratio  a hazard, odds, risk or rate ratio
    is_difference  of means or shares, whose interval lies around it on its own scale
    """

    start: int
    end: int
    estimate: Printed
    low: Printed
    high: Printed | None
    quantile: float
    is_ratio: bool
    is_percent: bool
    is_difference: bool = False


def intervals(sentence: str) -> list[Interval]:
    """Every estimate with its interval: `1.5 (95% CI, 1.1 to 2.2)`."""
    found = [_interval(sentence, match) for match in (*_INTERVAL.finditer(sentence), *_BARE.finditer(sentence))]
    return sorted(found, key=lambda interval: interval.start)


def _interval(sentence: str, match: re.Match[str]) -> Interval:
    parts = match.groupdict()
    start, high = match.start("estimate"), match["high"]
    return Interval(
        start,
        match.end(),
        printed(match["estimate"]),
        printed(match["low"]),
        None if high[0] in "Nn" else printed(high),
        _QUANTILES[parts.get("level") or parts.get("level_after") or "95"],
        bool(_RATIO.search(sentence[:start])) and not parts.get("percent"),
        bool(parts.get("percent")),
        bool(_DIFFERENCE.search(sentence[:start])),
    )


def check_intervals(sentence: str) -> Iterator[Remark]:
    """What is wrong with the intervals of a sentence."""
    found = intervals(sentence)
    values = p_values(sentence)
    for position, interval in enumerate(found):
        end = found[position + 1].start if position + 1 < len(found) else len(sentence)
        remark = next(_form(interval), None)
        if remark:
            yield remark
            continue
        p = next((p for p in values if interval.end <= p.start < end), None)
        if interval.is_ratio:
            yield from _center(interval)
        if interval.is_ratio or interval.is_difference:
            yield from _p_value(sentence, interval, p)
        elif interval.is_percent:
            yield from _of_count(sentence, interval)


def _form(interval: Interval) -> Iterator[Remark]:
    low, high, estimate = interval.low, interval.high, interval.estimate
    if high and low.value > high.value:
        text = f"{low.value:g} is above {high.value:g}"
        yield interval.start, interval.end, "interval-order", text, "the lower limit first"
    elif estimate.high < low.low or (high and estimate.low > high.high):
        limits = f"{low.value:g} to {high.value:g}" if high else f"{low.value:g} and above"
        text = f"{estimate.value:g} is outside its interval"
        yield interval.start, interval.end, "interval-without-estimate", text, f"an estimate within {limits}"


def _center(interval: Interval) -> Iterator[Remark]:
    low, high, estimate = interval.low, interval.high, interval.estimate
    if high is None or min(low.low, estimate.low) <= 0:
        return
    half = math.log(high.value / low.value) / 2
    if half <= 0:
        return
    least = (math.log(low.low) + math.log(high.low)) / 2
    most = (math.log(low.high) + math.log(high.high)) / 2
    off = max(least - math.log(estimate.high), math.log(estimate.low) - most)
    if off > OFF_CENTER * half:
        middle = math.sqrt(low.value * high.value)
        text = f"{estimate.value:g} is not in the middle of {low.value:g} to {high.value:g} on the logarithmic scale"
        yield interval.start, interval.end, "interval-off-center", text, f"about {middle:.2f}"


def _p_value(sentence: str, interval: Interval, p: PValue | None) -> Iterator[Remark]:
    high = interval.high
    if p is None or high is None or p.value.value in (0.0, 1.0) or (interval.is_ratio and interval.low.low <= 0):
        return
    between = sentence[interval.end : p.start]
    if len(between) > 30 or _OTHER_P.search(between) or _OTHER_P.search(sentence[p.end : p.end + 30]):
        return
    least, most = _z_span(interval, high)
    low_z, high_z = _z_of_p(p)
    if least - P_DISTANCE - 0.05 * least > high_z or most + P_DISTANCE + 0.05 * most < low_z:
        text = f"the interval {interval.low.value:g} to {high.value:g} says another p-value"
        yield p.start, p.end, "p-value-of-interval", text, f"about {_two_sided((least + most) / 2):.2g}"


def _z_span(interval: Interval, high: Printed) -> tuple[float, float]:
    """Least and greatest estimate over its standard error, that of a ratio as its logarithm, that the rounding allows."""
    if not interval.is_ratio:
        size, width = abs(interval.estimate.value), high.value - interval.low.value
        off, slack = interval.estimate.step / 2, (high.step + interval.low.step) / 2
        scale = 2 * interval.quantile
        return scale * max(size - off, 0.0) / (width + slack), scale * (size + off) / max(width - slack, 1e-9)
    centers = [math.log(value) for value in (max(interval.estimate.low, 1e-9), interval.estimate.high)]
    widest = math.log(high.high / interval.low.low) / (2 * interval.quantile)
    narrowest = math.log(max(high.low / interval.low.high, 1 + 1e-9)) / (2 * interval.quantile)
    sizes = [abs(center) for center in centers]
    least = 0.0 if centers[0] <= 0 <= centers[1] else min(sizes)
    return least / widest, max(sizes) / narrowest


def _z_of_p(p: PValue) -> tuple[float, float]:
    """Least and greatest z that the printed p-value allows."""
    from cohortium.estimators.distributions import normal_quantile

    def z(value: float) -> float:
        return -normal_quantile(min(max(value, 1e-300), 1.0) / 2) if value < 1 else 0.0

    if p.relation.startswith("<"):
        return z(p.value.value), math.inf
    if p.relation.startswith(">"):
        return 0.0, z(p.value.value)
    return z(p.value.high), z(max(p.value.low, 1e-300))


def _two_sided(z: float) -> float:
    from cohortium.estimators.distributions import normal_two_sided

    return normal_two_sided(z)


def _of_count(sentence: str, interval: Interval) -> Iterator[Remark]:
    """The interval of a percentage whose count stands beside it."""
    high = interval.high
    near = [c for c in counts(sentence) if abs(c.start - interval.start) < 40 and c.percent and 0 < c.n <= c.total]
    match = [c for c in near if c.percent == interval.estimate]
    if high is None or len(match) != 1 or interval.quantile != _QUANTILES["95"]:
        return
    n, total = match[0].n, match[0].total
    limits = _limits(n, total)
    if not any(_within(interval.low, low) and _within(high, up) for low, up in limits.values()):
        exact = limits["exact"]
        text = f"no usual interval of {n}/{total} is {interval.low.value:g} to {high.value:g}"
        yield interval.start, interval.end, "interval-of-count", text, f"exact {exact[0]:.1f} to {exact[1]:.1f}"


def _within(limit: Printed, value: float) -> bool:
    # One unit of the last digit is left for limits of rounded percentages.
    return abs(limit.value - value) <= 1.5 * limit.step


def _limits(n: int, total: int) -> dict[str, tuple[float, float]]:
    from cohortium.estimators.proportions.intervals import ProportionInterval, proportion_limits

    kinds: tuple[ProportionInterval, ...] = ("exact", "wilson", "jeffreys")
    found: dict[str, tuple[float, float]] = {}
    for kind in kinds:
        limits = proportion_limits(n, total, kind)
        found[kind] = (100 * limits.lower, 100 * limits.upper)
    z, share = _QUANTILES["95"], n / total
    half = z * math.sqrt(share * (1 - share) / total)
    center, size = (n + z * z / 2) / (total + z * z), total + z * z
    coull = z * math.sqrt(center * (1 - center) / size)
    found["Wald"] = (100 * max(share - half, 0), 100 * min(share + half, 1))
    found["Agresti-Coull"] = (100 * max(center - coull, 0), 100 * min(center + coull, 1))
    return found
