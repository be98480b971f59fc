"""Rates by group and tables over strata as estimators: worked examples, refusals, any number of sites."""

from __future__ import annotations

import math
from fractions import Fraction
from math import comb

import numpy as np
import pytest

from cohortium.estimators.contract import Factor, Rows
from cohortium.estimators.proportions.cmh import CmhSpec, analyze
from cohortium.estimators.proportions.outcome import Outcome
from cohortium.estimators.proportions.rates import RatesSpec
from cohortium.estimators.proportions.stratified import exact_conditional, mantel_haenszel
from cohortium.results import Results
from estimators.cases import Case, assert_same, statistics, take

# Roots of the exact distribution are found to rounding.
ROOT = 1e-10
# Counts add up exactly, so that nothing may differ.
EXACT = 0.0
N_SITES = (1, 2, 7, 18)

ARM = Factor("arm", ("1", "2"), ("A", "B"))
BEST = Factor("best", ("CR", "PR", "SD", "NE"), ("Complete", "Partial", "Stable", "Not evaluable"))
PLACE = Factor("place", tuple("abc"), tuple("abc"))
RESPONSE = Outcome("Response", BEST, ("CR", "PR"), not_evaluable=("NE",))
SPEC = RatesSpec((RESPONSE,), ARM)


def _rows(best: list[int], arm: list[int], place: list[int] | None = None) -> Rows:
    codes = {"best": np.array(best), "arm": np.array(arm), "place": np.array(place or [0] * len(best))}
    return Rows(len(best), {}, codes)


# A: CR CR PR SD NE unknown; B: CR SD SD NE; one CR whose group is not known.
TEN = _rows([0, 0, 1, 2, 3, -1, 0, 2, 2, 3, 0], [0] * 6 + [1] * 4 + [-1])


def _results(spec: RatesSpec | CmhSpec, rows: Rows) -> Results:
    method = "cmh" if isinstance(spec, CmhSpec) else "response-rates"
    return Results(statistics(Case("x", method, spec), [rows]))


def test_who_is_in_which_denominator() -> None:
    """All treated: A 3/6, B 1/4, all 5/11. Evaluable: A 3/4, B 1/3, all 5/8."""
    rows = _results(SPEC, TEN)
    counts = {(s.population, s.group): (s.value, s.denominator) for s in rows.where(statistic="count", variable="best")}
    assert counts == {
        ("all-treated", ""): (5, 11),
        ("all-treated", "A"): (3, 6),
        ("all-treated", "B"): (1, 4),
        ("response-evaluable", ""): (5, 8),
        ("response-evaluable", "A"): (3, 4),
        ("response-evaluable", "B"): (1, 3),
    }
    assert rows.one(statistic="n", variable="", group="A").warning == "1 patient left out: group not known"
    difference = rows.one(statistic="difference", population="all-treated")
    assert difference.group == "B v A"
    assert difference.value == pytest.approx(-25.0, rel=1e-15)
    test = rows.one(statistic="p-value", population="all-treated")
    # 3 of 6 v 1 of 4: C(6,3) C(4,1) = 80 of C(10,4) = 210 ways; C(6,4), C(6,2) C(4,2) and C(6,1) C(4,3) are no more.
    assert test.note == "Fisher's exact test"
    ways = {k: comb(6, k) * comb(4, 4 - k) for k in range(5)}
    assert test.value == pytest.approx(sum(w for w in ways.values() if w <= ways[3]) / comb(10, 4), rel=1e-12)


def test_exact_limits_of_none_and_all() -> None:
    """0 of n: upper 1 - 0.025^(1/n); n of n: lower 0.025^(1/n)."""
    rows = _results(RatesSpec((RESPONSE,), ARM), _rows([2] * 5 + [0] * 7, [0] * 5 + [1] * 7))
    none, everybody = (rows.one(statistic="percent", population="all-treated", group=g) for g in "AB")
    assert (none.lower, everybody.upper) == (0.0, 100.0)
    assert none.upper == pytest.approx(100 * (1 - 0.025 ** (1 / 5)), rel=1e-12)
    assert everybody.lower == pytest.approx(100 * 0.025 ** (1 / 7), rel=1e-12)


def test_wilson_limits_are_roots_of_the_score_equation() -> None:
    rows = _results(RatesSpec((RESPONSE,), ARM, interval="wilson"), TEN)
    for s in rows.where(statistic="percent"):
        n, p = s.n, s.value / 100
        for limit in (s.lower / 100, s.upper / 100):
            z = (p - limit) / math.sqrt(limit * (1 - limit) / n)
            assert abs(z) == pytest.approx(1.959963984540054, rel=1e-9)


@pytest.mark.parametrize(
    ("best", "compare", "why"),
    [
        ([2, 2, 2, 2], "ratio", "nobody has the outcome"),
        ([2, 2, 0, 2], "ratio", "nobody in the reference group has the outcome"),
    ],
)
def test_ratios_that_do_not_exist(best: list[int], compare: str, why: str) -> None:
    spec = RatesSpec((RESPONSE,), ARM, ("all-treated",), compare=compare)  # type: ignore[arg-type]
    ratio = _results(spec, _rows(best, [0, 0, 1, 1])).one(statistic="ratio")
    assert (ratio.value, ratio.warning) == (None, why)


def test_an_empty_group_is_named() -> None:
    difference = _results(SPEC, _rows([0, 1], [0, 0])).where(statistic="difference")[0]
    assert (difference.value, difference.lower, difference.warning) == (None, None, "a group has no patients")


def test_one_stratum_of_the_common_odds_ratio() -> None:
    """One stratum: ad / bc, with Woolf's variance (Robins, Breslow and Greenland's reduces to it); n - 1 in the test."""
    a, b, c, d = 12, 5, 7, 9
    found = mantel_haenszel(np.array([[[a, b], [c, d]]]))
    n = a + b + c + d
    assert found.odds_ratio == pytest.approx(a * d / (b * c), rel=1e-14)
    half = 1.959963984540054 * math.sqrt(1 / a + 1 / b + 1 / c + 1 / d)
    assert found.lower == pytest.approx(a * d / (b * c) * math.exp(-half), rel=1e-12)
    pearson = n * (a * d - b * c) ** 2 / ((a + b) * (c + d) * (a + c) * (b + d))
    assert found.statistic == pytest.approx(pearson * (n - 1) / n, rel=1e-13)


def test_equal_odds_ratios_are_homogeneous() -> None:
    found = mantel_haenszel(np.array([[[2, 1], [1, 2]], [[4, 2], [2, 4]], [[20, 10], [30, 60]]]))
    assert found.odds_ratio == pytest.approx(4.0, rel=1e-14)
    assert found.breslow_day == pytest.approx(0.0, abs=1e-20)
    assert found.df == 2


TABLES = np.array([[[3, 1], [1, 4]], [[2, 2], [1, 3]], [[4, 1], [2, 2]]])


def test_exact_limits_leave_half_of_the_error_on_each_side() -> None:
    """The distribution of the sum of first cells by whole numbers: tails at the limits are 0.025, the mean is observed."""
    ways = {0: Fraction(1)}
    for (a, b), (c, d) in TABLES.tolist():
        cells = range(max(0, a - d), min(a + b, a + c) + 1)
        own = {k: comb(a + b, k) * comb(c + d, a + c - k) for k in cells}
        ways = {
            s: sum(ways.get(s - k, 0) * w for k, w in own.items())
            for s in range(min(ways) + min(own), max(ways) + max(own) + 1)
        }
    observed, found = int(TABLES[:, 0, 0].sum()), exact_conditional(TABLES)

    def share(ratio: float, sums: list[int]) -> float:
        weights = {s: float(w) * ratio**s for s, w in ways.items()}
        return sum(weights[s] for s in sums) / sum(weights.values())

    assert share(found.lower, [s for s in ways if s >= observed]) == pytest.approx(0.025, rel=ROOT)
    assert share(found.upper, [s for s in ways if s <= observed]) == pytest.approx(0.025, rel=ROOT)
    mean = sum(s * share(found.odds_ratio, [s]) for s in ways)
    assert mean == pytest.approx(observed, rel=ROOT)
    no_likelier = sum(w for w in ways.values() if w <= ways[observed])
    assert found.p_value == pytest.approx(float(no_likelier / sum(ways.values())), rel=1e-12)


CMH = CmhSpec(RESPONSE, ARM, ("2", "1"), (PLACE,))


def test_a_row_with_several_unknown_values_counts_once() -> None:
    rows = _rows([0, -1, 3, 0, 2, -1], [0, -1, 1, 1, 1, 0], [0, -1, -1, -1, 0, 1])
    found = _results(CMH, rows)
    assert found.one(statistic="n", group="A").warning == (
        "1 patient left out: group not known; 2 patients left out: outcome not known; "
        "1 patient left out: stratum not known"
    )


def test_no_informative_stratum_is_refused_by_name() -> None:
    found = _results(CMH, _rows([0, 2, 0, 2], [0, 0, 1, 1], [0, 0, 1, 1]))
    for s in found.where(group="B v A"):
        if s.statistic != "informative-strata":
            assert (s.value, s.warning) == (
                None,
                "no stratum has both groups, and patients with and without the outcome",
            )


def test_an_infinite_odds_ratio_is_not_a_number() -> None:
    found = _results(CMH, _rows([2, 2, 0, 0], [0, 0, 1, 1]))
    for name in ("odds-ratio", "exact-odds-ratio"):
        assert found.one(statistic=name).value is None
        assert "infinite" in found.one(statistic=name).warning
    assert found.one(statistic="exact-odds-ratio").lower > 0
    assert found.one(statistic="breslow-day-p").warning == "fewer than two informative strata"


def test_a_very_large_table_has_no_exact_analysis_and_says_so() -> None:
    found = analyze(CMH, np.full((3, 2, 2), 50_000))
    assert found.exact is None
    assert found.exact_problem == "too many patients for the exact analysis"
    assert found.asymptotic.odds_ratio == pytest.approx(1.0, rel=1e-14)


@pytest.mark.parametrize("n_sites", N_SITES)
@pytest.mark.parametrize("spec", [SPEC, CMH], ids=["response-rates", "cmh"])
def test_any_number_of_sites_gives_the_pooled_numbers(spec: RatesSpec | CmhSpec, n_sites: int) -> None:
    """Sites of unequal size, one of a single patient, and an empty one beside them."""
    rng = np.random.default_rng(n_sites)
    n = 240
    rows = _rows(*(rng.integers(-1, k, n).tolist() for k in (4, 2, 3)))
    site = np.minimum(rng.geometric(0.3, n), n_sites) - 1
    site[site == n_sites - 1] = 0
    site[-1] = n_sites - 1
    parts = [take(rows, np.flatnonzero(site == k)) for k in range(n_sites + 1)]
    assert parts[-1].n == 0
    assert n_sites == 1 or parts[-2].n == 1
    case = Case("x", "cmh" if isinstance(spec, CmhSpec) else "response-rates", spec)
    assert_same(statistics(case, parts), statistics(case, [rows]), EXACT)


def test_every_level_is_counted_with_each_denominator() -> None:
    """A: CR 2, PR 1, SD 1, NE 1, one unknown; B: CR 1, SD 2, NE 1; over all groups one CR more."""
    rows = _results(RatesSpec((RESPONSE,), ARM, categories=BEST, unassessed=("NE",)), TEN)
    counted = [s for s in rows if s.statistic in ("category-count", "category-unknown")]
    found = {(s.population, s.group, s.level): (s.value, s.denominator) for s in counted}
    levels = ("Complete", "Partial", "Stable", "Not evaluable", "")
    for group, n, counts in (("", 11, (4, 1, 3, 2, 1)), ("A", 6, (2, 1, 1, 1, 1)), ("B", 4, (1, 0, 2, 1, 0))):
        assert [found["all-treated", group, level] for level in levels] == [(count, n) for count in counts]
        evaluable = sum(counts[:3])
        assert [found["response-evaluable", group, level] for level in levels[:3]] == [
            (c, evaluable) for c in counts[:3]
        ]
    assert ("response-evaluable", "A", "Not evaluable") not in found
    assert ("response-evaluable", "A", "") not in found
    percent = rows.one(statistic="category-percent", population="response-evaluable", group="B", level="Stable")
    assert percent.value == pytest.approx(200 / 3, rel=1e-15)
