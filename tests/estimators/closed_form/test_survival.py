"""Curves and tests of equal survival on a handful of patients, with the answer as algebra."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import polars as pl
import pytest

from cohortium import kaplan_meier, logrank
from cohortium.errors import EstimationError
from cohortium.estimators.multiplicity import holm

# Closed forms are evaluated in doubles: a few roundings.
EXACT = 1e-14
Z = 1.959963984540054

# Gehan 1965: weeks in remission with 6-mercaptopurine; 1 for a relapse.
WEEKS = [6, 6, 6, 6, 7, 9, 10, 10, 11, 13, 16, 17, 19, 20, 22, 23, 25, 32, 32, 34, 35]
RELAPSE = [1, 1, 1, 0, 1, 0, 1, 0, 0, 1, 1, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0]
# Therneau and Grambsch 2000, appendix E.
SIX = pl.DataFrame({"time": [1, 1, 6, 6, 8, 9], "event": [1, 0, 1, 1, 0, 1]})
FOUR = pl.DataFrame({"time": [1, 2, 3, 4], "event": [1, 1, 1, 0], "arm": ["A", "A", "B", "B"]})
TIMED: dict[str, Any] = {"time": "time", "event": "event"}


def test_gehan_by_hand() -> None:
    """S(10) = 18/21 x 16/17 x 14/15 with Greenwood's 3/(21 18) + 1/(17 16) + 1/(15 14)."""
    table = kaplan_meier(pl.DataFrame({"time": WEEKS, "event": RELAPSE}), **TIMED, interval="log").table
    steps = {6: 18 / 21, 7: 16 / 17, 10: 14 / 15, 13: 11 / 12, 16: 10 / 11, 22: 6 / 7, 23: 5 / 6}
    survival = dict(zip(table["time"], table["survival"], strict=True))
    product = 1.0
    for week, factor in steps.items():
        product *= factor
        assert survival[week] == pytest.approx(product, rel=EXACT)
    at_ten = table.row(by_predicate=pl.col("time") == 10, named=True)
    spread = math.sqrt(3 / (21 * 18) + 1 / (17 * 16) + 1 / (15 * 14))
    s = 18 / 21 * 16 / 17 * 14 / 15
    assert at_ten["standard_error"] == pytest.approx(s * spread, rel=EXACT)
    assert at_ten["lower"] == pytest.approx(s * math.exp(-Z * spread), rel=1e-13)


def test_nelson_aalen() -> None:
    """H(9) = 1/6 + 2/4 + 1, with variance 1/36 + 2/16 + 1."""
    hazard = kaplan_meier(SIX, **TIMED).cumulative_hazard
    assert hazard["hazard"].to_list() == pytest.approx([1 / 6, 2 / 3, 2 / 3, 5 / 3], rel=EXACT)
    errors = [math.sqrt(v) for v in (1 / 36, 1 / 36 + 1 / 8, 1 / 36 + 1 / 8, 1 / 36 + 1 / 8 + 1)]
    assert hazard["standard_error"].to_list() == pytest.approx(errors, rel=EXACT)
    assert hazard["upper"][0] == pytest.approx(1 / 6 * math.exp(Z * (1 / 6) / (1 / 6)), rel=1e-13)


def test_arcsine_interval() -> None:
    """At S = 5/6 the half width on the arcsine scale is z/2 sqrt(1/30) sqrt(5)."""
    table = kaplan_meier(SIX, **TIMED, interval="arcsine").table
    center, half = math.asin(math.sqrt(5 / 6)), Z / 2 * math.sqrt(1 / 6)
    assert table["lower"][0] == pytest.approx(math.sin(center - half) ** 2, rel=1e-13)
    assert table["upper"][0] == pytest.approx(math.sin(min(center + half, math.pi / 2)) ** 2, rel=1e-13)


def test_restricted_mean() -> None:
    """To time 8: 1 + 5 x 5/6 + 2 x 5/12 = 6; after time 1 an area of 5 is left, after time 6 one of 5/6."""
    (mean,) = kaplan_meier(SIX, **TIMED, tau=8).restricted_mean.to_dicts()
    assert mean["value"] == pytest.approx(6, rel=EXACT)
    assert mean["standard_error"] == pytest.approx(math.sqrt(25 / 30 + (5 / 6) ** 2 * 2 / 8), rel=EXACT)
    before = kaplan_meier(SIX, **TIMED, tau=0.5).restricted_mean.to_dicts()[0]
    assert (before["value"], before["standard_error"]) == (0.5, 0.0)
    beyond = kaplan_meier(SIX, **TIMED, tau=20).restricted_mean.to_dicts()[0]
    assert beyond["value"] == pytest.approx(1 + 25 / 6 + 3 * 5 / 12, rel=EXACT)


def test_restricted_mean_beyond_the_follow_up_is_refused() -> None:
    open_end = pl.DataFrame({"time": [1, 2, 5, 9], "event": [1, 0, 0, 1], "arm": ["A", "A", "A", "B"]})
    km = kaplan_meier(open_end, **TIMED, by="arm", tau=8)
    first, second = km.restricted_mean.to_dicts()
    assert math.isnan(first["value"])
    assert first["problem"] == "follow-up of the group ends before the restriction time"
    assert second["value"] == 8
    (contrast,) = km.restricted_mean_contrasts.to_dicts()
    assert math.isnan(contrast["difference"])
    assert contrast["problem"] == first["problem"]


LATE = pl.DataFrame({"time": [3, 5, 4, 6, 7], "event": [1, 0, 1, 1, 0], "entry": [0, 0, 2, 4, 4]})


def test_left_truncation() -> None:
    """At risk at 3 are three, at 4 two (those who enter at 4 are not), at 5 three, at 6 two: S = 2/3 x 1/2 x 1/2."""
    km = kaplan_meier(LATE, **TIMED, entry="entry")
    assert km.table["n_risk"].to_list() == [3, 2, 3, 2, 1]
    assert km.table["survival"].to_list() == pytest.approx([2 / 3, 1 / 3, 1 / 3, 1 / 6, 1 / 6], rel=EXACT)
    assert km.at([1, 2.5, 4, 4.5])["n_risk"].to_list() == [2, 3, 2, 3]
    assert km.warnings == ()


def test_entry_not_before_the_end_is_left_out() -> None:
    more = pl.concat([LATE, pl.DataFrame({"time": [4, 2, None], "event": [1, 1, 1], "entry": [4, 9, 1]})])
    km = kaplan_meier(more, **TIMED, entry="entry")
    assert km.table.equals(kaplan_meier(LATE, **TIMED, entry="entry").table)
    assert (km.estimate.late, km.estimate.missing) == (2, 1)
    assert "2 rows left out: entry not before the end of follow-up" in repr(km)


def test_a_risk_set_that_empties_early_is_named() -> None:
    """The only one at risk dies before the others enter: survival is 0 from then on, whatever they do."""
    early = pl.DataFrame({"time": [1, 8, 9], "event": [1, 0, 0], "entry": [0, 5, 5]})
    km = kaplan_meier(early, **TIMED, entry="entry")
    assert km.table["survival"].to_list() == [0, 0, 0]
    assert km.warnings == (
        (
            "all: survival falls to 0 at time 1, where all at risk had the event, "
            "although patients come under observation later (1 at risk until then)"
        ),
    )
    gap = early.with_columns(event=pl.Series([0, 1, 0]))
    (warning,) = kaplan_meier(gap, **TIMED, entry="entry").warnings
    assert warning.startswith("all: nobody is at risk after time 1 for a while")


PAIR = pl.DataFrame({"time": [1, 2], "event": [1, 0], "w": [2.0, 1.0], "family": [7, 7]})


def test_robust_variance() -> None:
    """S(1) = w2 / (w1 + w2): its derivatives are -1/9 and 2/9, and (2/9)^2 + (2/9)^2 = 8/81."""
    table = kaplan_meier(PAIR, **TIMED, weight="w").table
    assert table["survival"].to_list() == pytest.approx([1 / 3, 1 / 3], rel=EXACT)
    assert table["standard_error"].to_list() == pytest.approx([math.sqrt(8) / 9] * 2, rel=EXACT)
    assert table["weight_risk"].to_list() == [3, 1]
    assert table["n_risk"].to_list() == [2, 1]


def test_a_cluster_of_all_rows_has_no_variance() -> None:
    table = kaplan_meier(PAIR, **TIMED, weight="w", cluster="family").table
    assert table["standard_error"].to_list() == [0, 0]


def test_weights_are_copies_of_rows_to_the_curve() -> None:
    rng = np.random.default_rng(3)
    frame = pl.DataFrame(
        {"time": rng.integers(1, 30, 80), "event": rng.integers(0, 2, 80), "w": rng.integers(1, 4, 80)}
    )
    copies = frame.select(pl.all().repeat_by("w").explode())
    weighted, copied = kaplan_meier(frame, **TIMED, weight="w"), kaplan_meier(copies, **TIMED)
    assert weighted.table["survival"].to_list() == pytest.approx(copied.table["survival"].to_list(), rel=EXACT)
    assert weighted.table["weight_risk"].to_list() == copied.table["n_risk"].to_list()
    assert (weighted.n, copied.n) == (80, copies.height)


def test_weights_that_are_not_usable_are_left_out() -> None:
    frame = pl.DataFrame({"time": [1, 2, 3, 4], "event": [1, 1, 0, 1], "w": [1.0, None, 0.0, 2.0]})
    km = kaplan_meier(frame, **TIMED, weight="w")
    assert (km.n, km.estimate.unweighted) == (2, 2)


@pytest.mark.parametrize(
    ("options", "observed", "expected", "variance"),
    [
        ({"test": "logrank"}, 2, 5 / 6, 17 / 36),
        ({"test": "peto-peto"}, 7 / 4, 3 / 4, 3 / 8),
        ({"test": "fleming-harrington", "rho": 1.0}, 7 / 4, 3 / 4, 3 / 8),
        ({"test": "fleming-harrington", "gamma": 1.0}, 1 / 4, 1 / 12, 1 / 72),
        ({"test": "gehan-breslow"}, 7, 3, 6),
        ({"test": "tarone-ware"}, 2 + math.sqrt(3), 1 + math.sqrt(3) / 3, 5 / 3),
        ({"test": "peto-prentice"}, 7 / 5, 3 / 5, 6 / 25),
    ],
)
def test_weighted_tests(options: dict[str, Any], observed: float, expected: float, variance: float) -> None:
    """Survival before the events is 1, 3/4, 1/2; at risk are 4, 3, 2, in A 2, 1, 0; Prentice's survival is 4/5, 3/5, 2/5."""
    found = logrank(FOUR, **TIMED, by="arm", **options)
    assert found.to_frame()["observed"][0] == pytest.approx(observed, rel=EXACT)
    assert found.to_frame()["expected"][0] == pytest.approx(expected, rel=EXACT)
    assert found.estimate.covariance[0, 0] == pytest.approx(variance, rel=1e-13)
    assert found.statistic == pytest.approx((observed - expected) ** 2 / variance, rel=1e-13)
    assert found.to_frame()["events"].to_list() == [2, 1]


def _three_groups() -> pl.DataFrame:
    rng = np.random.default_rng(4)
    return pl.DataFrame(
        {"time": rng.integers(1, 40, 90), "event": rng.integers(0, 2, 90), "dose": rng.choice(["a", "b", "c"], 90)}
    )


def test_a_trend_of_two_groups_is_the_test() -> None:
    frame = _three_groups().filter(pl.col("dose") != "c")
    found = logrank(frame, **TIMED, by="dose", trend=[3, 8])
    assert found.trend is not None
    assert found.trend.statistic == pytest.approx(found.statistic, rel=1e-12)


def test_a_trend_with_equal_scores_merges_groups() -> None:
    """Scores 0, 1, 1 compare the first group with the other two together."""
    frame = _three_groups()
    found = logrank(frame, **TIMED, by="dose", trend=[0, 1, 1]).trend
    merged = logrank(frame.with_columns(dose=pl.col("dose") == "a"), **TIMED, by="dose")
    assert found is not None
    assert found.statistic == pytest.approx(merged.statistic, rel=1e-12)
    flat = logrank(frame, **TIMED, by="dose", trend=[2, 2, 2]).trend
    assert flat is not None
    assert flat.problem == "the groups that were at risk together have one score"


@pytest.mark.parametrize("test", ["logrank", "peto-prentice", "tarone-ware"])
def test_pairs_are_tests_of_their_own_rows(test: str) -> None:
    frame = _three_groups()
    pairs = logrank(frame, **TIMED, by="dose", pairwise=True, test=test).pairwise  # type: ignore[arg-type]
    for row in pairs.to_dicts():
        alone = frame.filter(pl.col("dose").is_in([row["first"], row["second"]]))
        own = logrank(alone, **TIMED, by="dose", test=test)  # type: ignore[arg-type]
        assert row["statistic"] == pytest.approx(own.statistic, rel=1e-12)
    assert pairs["p_holm"].to_list() == holm(pairs["p_value"].to_list()).tolist()


def test_a_pair_that_was_never_together_is_refused_alone() -> None:
    frame = pl.DataFrame(
        {"time": [1, 2, 3, 4, 9, 9], "event": [1, 0, 1, 1, 1, 1], "g": list("aabbcc"), "entry": [0, 0, 0, 0, 5, 5]}
    )
    found = logrank(frame, **TIMED, by="g", entry="entry", pairwise=True).pairwise
    assert found["problem"].to_list() == ["", *["no time at which two groups were at risk together"] * 2]
    assert found["p_holm"][0] == found["p_value"][0]
    assert math.isnan(found["p_holm"][1])


def test_late_entry_of_one_who_is_alone_changes_nothing() -> None:
    alone = pl.DataFrame({"time": [20], "event": [1], "arm": ["A"], "entry": [10]})
    entered = pl.concat([FOUR.with_columns(entry=pl.lit(0, pl.Int64)), alone.cast({"time": pl.Int64})])
    found = logrank(entered, **TIMED, by="arm", entry="entry")
    assert found.statistic == pytest.approx(logrank(FOUR, **TIMED, by="arm").statistic, rel=EXACT)
    assert found.n == 5


def test_no_events_is_named_by_the_test() -> None:
    quiet = FOUR.with_columns(event=pl.lit(0))
    with pytest.raises(EstimationError, match="Tarone-Ware test: no events"):
        logrank(quiet, **TIMED, by="arm", test="tarone-ware")


def test_holm() -> None:
    """Three tests: 3 x 0.01, then 2 x 0.03, then no less than that; unknown ones are no tests."""
    assert holm([0.01, 0.04, 0.03]) == pytest.approx([0.03, 0.06, 0.06], rel=EXACT)
    assert holm([0.5, float("nan"), 0.6]) == pytest.approx([1.0, float("nan"), 1.0], nan_ok=True)
    assert holm([]).size == 0
