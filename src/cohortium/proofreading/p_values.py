"""P-values against the counts or the test statistic in the same sentence, and against possibility."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from cohortium.proofreading.counts import Count, counts
from cohortium.proofreading.percentages import Remark
from cohortium.proofreading.printed import REAL, Printed, printed

P_VALUE = re.compile(
    rf"(?<![A-Za-z])[pP](?:[- ]?[vV]alues?)?\s*(?:of\s+)?(?P<relation><=|>=|[=<>])\s*(?P<value>{REAL})"
)
_CHI_SQUARE = re.compile(
    rf"(?:\u03c7|\bchi)(?:\s*2|[- ]squared?)?(?:\s*\(\s*(?:df\s*=\s*)?(?P<before>\d+)[^)]*\))?"
    rf"(?:\s+(?:statistic|test))?\s*(?:=|of|,)?\s*(?P<value>{REAL})(?:[,;]?\s*[\(\[]?\s*(?:df\s*=\s*(?P<after>\d+)|(?P<last>\d+)\s*(?:df|degrees?\s+of\s+freedom)))?"
)
_T = re.compile(rf"\bt\s*\(\s*(?:df\s*=\s*)?(?P<df>\d+(?:\.\d+)?)\s*\)\s*=\s*(?P<value>{REAL})")
_F = re.compile(rf"\bF\s*\(\s*(?P<df1>\d+)\s*,\s*(?P<df2>\d+(?:\.\d+)?)\s*\)\s*=\s*(?P<value>{REAL})")
_Z = re.compile(rf"\b[zZ]\s*=\s*(?P<value>{REAL})")
# A p-value of these does not come from the counts in the sentence.
_OTHER_TEST = re.compile(
    r"adjust|multivaria|stratif|log-?rank|trend|interaction|regress|hazard|\bHR\b|non-?inferior|Mantel|matched|weighted|surviv"
)
_NEAR = 160


@dataclass(frozen=True, slots=True)
class PValue:
    """A printed p-value: `=`, `<` or `>` and the number."""

    start: int
    end: int
    relation: str
    value: Printed

    def agrees_with(self, low: float, high: float) -> bool:
        """Whether some p-value from `low` to `high` could be printed like this."""
        if self.relation.startswith("<"):
            return low <= self.value.value + 1e-12
        if self.relation.startswith(">"):
            return high >= self.value.value - 1e-12
        return low <= self.value.high + 1e-9 and high >= self.value.low - 1e-9


def p_values(sentence: str) -> list[PValue]:
    """Every p-value of a sentence."""
    return [
        PValue(match.start(), match.end(), match["relation"], printed(match["value"]))
        for match in P_VALUE.finditer(sentence)
    ]


def check_p_values(sentence: str) -> Iterator[Remark]:
    """What is wrong with the p-values of a sentence."""
    last = 0
    for p in p_values(sentence):
        yield from _form(p)
        before = sentence[last : p.start]
        if statistic := _statistic(before[-_NEAR:]):
            yield from _of_statistic(p, statistic, before)
        else:
            # The counts may also follow: `(p = 0.012; 94/193 v 118/192)`.
            yield from _of_counts(p, _compared(before), before)
        last = p.end


def _form(p: PValue) -> Iterator[Remark]:
    if p.value.value > 1 or p.value.value < 0:
        yield p.start, p.end, "p-value-form", "a p-value lies between 0 and 1", "a number between 0 and 1"
    elif p.value.value == 0 and p.relation in ("=", "<", "<="):
        bound = f"{p.value.step:g}" if p.value.step < 1 else "0.001"
        yield p.start, p.end, "p-value-form", "a p-value is never zero", f"p < {bound}"


Statistic = tuple[str, float, float]
"""How it is printed, and the least and greatest p-value that its rounding allows."""


def _statistic(text: str) -> Statistic | None:
    from cohortium.estimators.distributions import chi_square_tail, f_tail, normal_two_sided, student_two_sided

    if found := _last(_F, text):
        df1, df2 = float(found["df1"]), float(found["df2"])
        return _span(found, lambda value: f_tail(value, df1, df2))
    if found := _last(_T, text):
        df = float(found["df"])
        return _span(found, lambda value: student_two_sided(value, df))
    if found := _last(_CHI_SQUARE, text):
        degrees = int(found["before"] or found["after"] or found["last"] or 1)
        return _span(found, lambda value: chi_square_tail(value, degrees))
    if found := _last(_Z, text):
        return _span(found, normal_two_sided)
    return None


def _last(pattern: re.Pattern[str], text: str) -> re.Match[str] | None:
    matches = list(pattern.finditer(text))
    return matches[-1] if matches else None


def _span(found: re.Match[str], p_of: object) -> Statistic:
    value = printed(found["value"])
    size = abs(value.value)
    low, high = max(size - value.step / 2, 0.0), size + value.step / 2
    return found[0], float(p_of(high)), float(p_of(low))  # type: ignore[operator]


def _of_statistic(p: PValue, statistic: Statistic, before: str) -> Iterator[Remark]:
    text, low, high = statistic
    if "one-sided" in before or "one-tailed" in before:
        low, high = low / 2, high / 2
    if not p.agrees_with(low, high):
        expected = f"p = {_shown(low)}" if _shown(low) == _shown(high) else f"p from {_shown(low)} to {_shown(high)}"
        yield p.start, p.end, "p-value-of-statistic", f"{text.strip()} gives another p-value", expected


def _compared(before: str) -> Sequence[Count]:
    """The last run of counts that are compared: two or more, with few words between them."""
    run: list[Count] = []
    for count in counts(before):
        # What is left of an open bracket, such as an interval, is not between them.
        gap = re.sub(r"^[^()\[\]]*[)\]]", "", before[run[-1].end : count.start]) if run else ""
        if run and (";" in gap or len(gap) > 90):
            run = []
        run.append(count)
    return run if len(run) > 1 and len(before) - run[-1].end <= _NEAR else ()


def _of_counts(p: PValue, compared: Sequence[Count], before: str) -> Iterator[Remark]:
    if not compared or _OTHER_TEST.search(before) or any(count.n > count.total for count in compared):
        return
    if len(compared) > 2 and len(compared) % 2 == 0 and _is_pairs(before, compared):
        compared = compared[-2:]
    tests = p_values_of_counts(tuple((count.n, count.total - count.n) for count in compared))
    if tests and not any(p.agrees_with(value, value) for value in tests.values()):
        listed = ", ".join(f"{name} {_shown(value)}" for name, value in tests.items() if name in _NAMED)
        shown = " v ".join(f"{count.n}/{count.total}" for count in compared)
        yield p.start, p.end, "p-value-of-counts", f"no usual test of {shown} gives it", f"p: {listed}"


def _is_pairs(before: str, compared: Sequence[Count]) -> bool:
    """Whether several comparisons of two stand in a row, each with its own `v`."""
    marks = [before[a.end : b.start] for a, b in pairwise(compared)]
    is_versus = [bool(re.search(r"\b(?:v|vs|versus|compared)\b", mark)) for mark in marks]
    return is_versus[::2] == [True] * len(is_versus[::2]) and not any(is_versus[1::2])


_NAMED = ("Pearson", "Yates", "Fisher")


@lru_cache(maxsize=1024)
def p_values_of_counts(table: tuple[tuple[int, int], ...]) -> Mapping[str, float]:
    """P-values of the usual tests of a table of (with, without) by group; empty where there is nothing to test."""
    import numpy as np

    from cohortium.estimators.comparisons.contingency import expected_counts, without_empty
    from cohortium.estimators.comparisons.fisher import fisher_exact
    from cohortium.estimators.distributions import chi_square_tail, normal_two_sided

    kept = without_empty(np.asarray(table, dtype=np.int64))
    if min(kept.shape, default=0) < 2:
        return {}
    expected, n = expected_counts(kept), int(kept.sum())
    df = kept.shape[0] - 1
    pearson = float(((kept - expected) ** 2 / expected).sum())
    found = {"Pearson": chi_square_tail(pearson, df)}
    is_two = kept.shape == (2, 2)
    if is_two:
        distance = np.maximum(np.abs(kept - expected) - 0.5, 0.0)
        found["Yates"] = chi_square_tail(float((distance**2 / expected).sum()), 1)
    if (exact := fisher_exact(kept)) is not None:
        found["Fisher"] = exact
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = np.where(kept > 0, kept * np.log(kept / expected), 0.0)
    found["likelihood ratio"] = chi_square_tail(2 * float(ratio.sum()), df)
    if is_two:
        found["N - 1"] = chi_square_tail(pearson * (n - 1) / n, 1)
        share, size = kept[:, 0] / kept.sum(1), kept.sum(1)
        spread = math.sqrt(float((share * (1 - share) / size).sum()))
        if spread:
            found["Wald"] = normal_two_sided(float(share[0] - share[1]) / spread)
    return found


def _shown(p: float) -> str:
    return f"{p:.2g}" if p >= 0.0001 else "<0.0001"
