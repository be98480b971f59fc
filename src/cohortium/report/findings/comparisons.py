"""Tests that compare groups (the log-rank family, Gray's test), as the results table holds them."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from cohortium.report.findings.warned import as_sentence, warnings_of
from cohortium.results import Results, Statistic

_TREND = ("trend-chi-square", "trend-p")
_PAIR = ("pairwise-chi-square", "pairwise-p")
_GRID = re.compile("; (follow-up counted in (?:weeks|months|whole days inside sites))")


@dataclass(frozen=True, slots=True)
class Comparison:
    """The outcome of one test; the numbers are None when they could not be given.

    name     the test as the results table names it
    pair     the two groups compared, `Male vs Female`; empty when all are
    cause    the cause of a test of cumulative incidences
    p_holm   adjusted for the number of pairs; None where there are no pairs
    p_adjusted  adjusted in the families of p-values that the study declares, with what each family is
    behind   rows of the results table: p-value, statistic, degrees of freedom, adjusted p-values
    """

    name: str
    chi_square: float | None
    df: int | None
    p: float | None
    pair: str = ""
    cause: str = ""
    p_holm: float | None = None
    p_adjusted: tuple[tuple[float | None, str], ...] = ()
    n: int | None = None
    warnings: tuple[str, ...] = ()
    behind: tuple[Statistic, ...] = field(default=(), compare=False, repr=False)


def comparisons(results: Results, analysis: str) -> tuple[Comparison, ...]:
    """The overall test, or one a cause, then the trend, then the pairs."""
    rows = results.where(analysis=analysis)
    overall = [_overall(rows, p) for p in rows.where(statistic="p-value", group="")]
    trend = [_trend(rows, p) for p in rows.where(statistic="trend-p")]
    pairs = [_pair(rows, p) for p in rows.where(statistic="pairwise-p")]
    return (*overall, *trend, *pairs)


def _overall(rows: Results, p: Statistic) -> Comparison:
    chi_square = _at(rows, "chi-square", p)
    df = _at(rows, "df", p)
    own = [row for row in rows if row.level in ("", p.level) and not row.statistic.startswith(("pairwise", "trend"))]
    warned = (*warnings_of(own), *_coarse(p.note))
    return Comparison(
        _named(p),
        _value(chi_square),
        _whole(df),
        p.value,
        cause=p.level,
        p_adjusted=_adjusted(rows, p),
        n=p.n,
        warnings=warned,
        behind=_behind(rows, p),
    )


def _trend(rows: Results, p: Statistic) -> Comparison:
    chi_square = _at(rows, "trend-chi-square", p)
    warned = warnings_of(row for row in rows if row.statistic in _TREND)
    name, adjusted = _named(p) or "Test for trend", _adjusted(rows, p)
    return Comparison(
        name, _value(chi_square), 1, p.value, p_adjusted=adjusted, n=p.n, warnings=warned, behind=_behind(rows, p)
    )


def _pair(rows: Results, p: Statistic) -> Comparison:
    holm = _at(rows, "pairwise-p-holm", p)
    warned = warnings_of(row for row in rows if row.statistic in _PAIR and (row.group, row.level) == (p.group, p.level))
    return Comparison(
        _named(p), _value(_at(rows, "pairwise-chi-square", p)), 1, p.value, pair=versus(p.group), cause=p.level,
        p_holm=_value(holm), p_adjusted=_adjusted(rows, p), n=p.n, warnings=warned,
        behind=_behind(rows, p),
    )  # fmt: skip


def _behind(rows: Results, p: Statistic) -> tuple[Statistic, ...]:
    """All rows of the same test."""
    kind = p.statistic.removesuffix("p-value").removesuffix("p")
    names = (f"{kind}chi-square", f"{kind}df", f"{kind}p-holm", f"{p.statistic}-adjusted")
    beside = rows.where(group=p.group, level=p.level)
    return (p, *(row for name in names for row in beside.where(statistic=name)))


def _named(p: Statistic) -> str:
    """The test without how its follow-up is counted, which is no part of its name."""
    return _GRID.sub("", p.note)


def _coarse(note: str) -> tuple[str, ...]:
    """That follow-up is counted in weeks or months, as a sentence; whole days are what a reader expects."""
    found = _GRID.search(note)
    return (as_sentence(found[1]),) if found and "whole days" not in found[1] else ()


def versus(pair: str) -> str:
    """`Male v Female` of the results table as it is printed, `Male vs Female`."""
    return pair.replace(" v ", " vs ", 1)


def _adjusted(rows: Results, p: Statistic) -> tuple[tuple[float | None, str], ...]:
    found = rows.where(statistic=f"{p.statistic}-adjusted", group=p.group, level=p.level)
    return tuple((s.value, ". ".join(filter(None, (s.note, s.warning)))) for s in found)


def _at(rows: Results, statistic: str, beside: Statistic) -> Statistic | None:
    """The statistic of the same groups and cause as another."""
    found = rows.where(statistic=statistic, group=beside.group, level=beside.level)
    return found[0] if found else None


def _value(statistic: Statistic | None) -> float | None:
    return statistic.value if statistic else None


def _whole(statistic: Statistic | None) -> int | None:
    return None if statistic is None or statistic.value is None else int(statistic.value)
