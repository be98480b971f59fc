"""Rates of outcomes by group, as the results table holds them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from cohortium.report.findings.warned import warnings_of
from cohortium.results import Results, Statistic


@dataclass(frozen=True, slots=True)
class Rate:
    """Patients with an outcome among all of a group (`group` empty for all patients); percent of 0 to 100."""

    group: str
    x: int
    n: int
    percent: float | None
    lower: float | None
    upper: float | None
    behind: tuple[Statistic, ...] = field(default=(), compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Contrast:
    """One group against another, `B v A`: a difference in percentage points or a ratio, with its test."""

    groups: str
    group: str
    reference: str
    estimate: float | None
    lower: float | None
    upper: float | None
    p: float | None
    test: str
    warnings: tuple[str, ...]
    test_warnings: tuple[str, ...]
    behind: tuple[Statistic, ...] = field(default=(), compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class OutcomeLine:
    """One outcome with one denominator (`population`); `p` and `test` compare all groups where there are over two."""

    population: str
    variable: str
    label: str
    rates: tuple[Rate, ...]
    contrasts: tuple[Contrast, ...]
    p: float | None = None
    test: str = ""
    test_warnings: tuple[str, ...] = ()
    behind: tuple[Statistic, ...] = field(default=(), compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class LevelLine:
    """One level of the category with one denominator, in every column: no limits. An empty label is `not known`."""

    population: str
    label: str
    rates: tuple[Rate, ...]


@dataclass(frozen=True, slots=True)
class Response:
    """All of an analysis: sizes of its columns by group, a line per outcome and denominator, shared warnings.

    `levels` has a line per level and denominator where the analysis counts them.
    """

    sizes: dict[str, int]
    lines: tuple[OutcomeLine, ...]
    warnings: tuple[str, ...]
    levels: tuple[LevelLine, ...] = ()

    @property
    def populations(self) -> tuple[str, ...]:
        """Denominators in order."""
        return tuple(dict.fromkeys(line.population for line in self.lines))

    @property
    def compared(self) -> tuple[str, ...]:
        """Pairs of groups that are compared, in order."""
        return tuple(dict.fromkeys(each.groups for line in self.lines for each in line.contrasts))


@dataclass(frozen=True, slots=True)
class StratifiedTest:
    """A Cochran-Mantel-Haenszel analysis; numbers are None where there are none, and warnings say why."""

    groups: str
    outcome: str
    n: int
    n_informative: int
    n_strata: int
    chi_square: float | None
    p: float | None
    odds_ratio: float | None
    lower: float | None
    upper: float | None
    confidence: float | None
    exact_p: float | None
    homogeneity_p: float | None
    warnings: tuple[str, ...]


def response(results: Results, analysis: str) -> Response:
    """What a `response-rates` analysis found."""
    rows = results.where(analysis=analysis, method="response-rates")
    columns = rows.where(statistic="n", variable="")
    sizes = {s.group: int(s.value or 0) for s in columns}
    by_line: dict[tuple[str, str, str], list[Statistic]] = {}
    for statistic in rows:
        if statistic.variable and not statistic.statistic.startswith("category-"):
            key = (statistic.population, statistic.variable, statistic.level)
            by_line.setdefault(key, []).append(statistic)
    lines = tuple(_line(*key, Results(own), tuple(sizes)) for key, own in by_line.items())
    return Response(sizes, lines, warnings_of(columns), tuple(_levels(rows, tuple(sizes))))


def _levels(rows: Results, groups: tuple[str, ...]) -> Iterator[LevelLine]:
    """Levels in declared order by denominator; last, of all treated where there are any, those not known."""
    counts: dict[tuple[str, str], dict[str, Statistic]] = {}
    for s in rows:
        if s.statistic in ("category-count", "category-unknown"):
            counts.setdefault((s.population, s.level), {})[s.group] = s
    percents = {(s.population, s.level, s.group): s for s in rows.where(statistic="category-percent")}
    for (population, label), by_group in counts.items():
        if label or any(s.value for s in by_group.values()):
            rates = (_level_rate(by_group[group], percents.get((population, label, group))) for group in groups)
            yield LevelLine(population, label, tuple(rates))


def _level_rate(counted: Statistic, percent: Statistic | None) -> Rate:
    behind = (counted, percent) if percent else (counted,)
    share = percent.value if percent else None
    return Rate(counted.group, int(counted.value or 0), counted.denominator or 0, share, None, None, behind=behind)


def stratified_test(results: Results, analysis: str) -> StratifiedTest:
    """What a `cmh` analysis found."""
    rows = results.where(analysis=analysis, method="cmh")
    found = {s.statistic: s for s in rows if s.statistic not in ("n", "count")}
    ratio, strata = found["odds-ratio"], found["informative-strata"]
    exact = found.get("exact-p")
    return StratifiedTest(
        groups=ratio.group,
        outcome=ratio.level,
        n=ratio.n or 0,
        n_informative=int(strata.value or 0),
        n_strata=strata.denominator or 0,
        chi_square=found["chi-square"].value,
        p=found["p-value"].value,
        odds_ratio=ratio.value,
        lower=ratio.lower,
        upper=ratio.upper,
        confidence=ratio.confidence,
        exact_p=exact.value if exact else None,
        homogeneity_p=found["breslow-day-p"].value,
        warnings=warnings_of(s for s in rows if s.statistic in ("n", "p-value", "odds-ratio", "exact-p")),
    )


def _line(population: str, variable: str, label: str, rows: Results, groups: tuple[str, ...]) -> OutcomeLine:
    place = {(s.group, s.statistic): s for s in rows}
    estimates = [s for s in rows if s.statistic in ("difference", "ratio")]
    whole = place.get(("", "p-value"))
    return OutcomeLine(
        population,
        variable,
        label,
        tuple(_rate(group, place[group, "count"], place[group, "percent"]) for group in groups),
        tuple(_contrast(s, place[s.group, "p-value"], groups) for s in estimates),
        p=whole.value if whole else None,
        test=whole.note if whole else "",
        test_warnings=warnings_of([whole]) if whole else (),
        behind=(whole,) if whole else (),
    )


def _rate(group: str, counted: Statistic, percent: Statistic) -> Rate:
    return Rate(
        group,
        int(counted.value or 0),
        counted.denominator or 0,
        percent.value,
        percent.lower,
        percent.upper,
        behind=(counted, percent),
    )


def _contrast(estimate: Statistic, test: Statistic, groups: tuple[str, ...]) -> Contrast:
    return Contrast(
        estimate.group,
        *next((a, b) for a in groups for b in groups if estimate.group == f"{a} v {b}"),
        estimate.value,
        estimate.lower,
        estimate.upper,
        test.value,
        test.note,
        warnings_of([estimate]),
        warnings_of([test]),
        behind=(estimate, test),
    )
