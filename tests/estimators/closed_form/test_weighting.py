"""Weights and balance worked by hand: one covariate with two values, so that scores are shares of a table."""

from __future__ import annotations

import math

import numpy as np
import polars as pl
import pytest

from cohortium import cox, e_value, match, propensity
from cohortium.errors import EstimationError, UsageError
from cohortium.estimators.weighting.order_statistic import ROUNDS, Search, narrowed, rank_of_quantile, tally
from cohortium.estimators.weighting.weights import propensity_weights

# A Newton fit that has converged, and sums of a few terms.
CLOSE = 1e-12
# The largest weight is the edge of a bin 1e-13 of it wide.
COUNTED = 2e-13

# Of 4 with x = 0, 3 are treated; of 6 with x = 1, 2 are. Scores are 3/4 and 1/3.
FRAME = pl.DataFrame({"z": [1, 1, 1, 0, 1, 1, 0, 0, 0, 0], "x": [0, 0, 0, 0, 1, 1, 1, 1, 1, 1]})
BY_HAND = {
    "ate": ([4 / 3, 4.0], [3.0, 1.5]),
    "att": ([1.0, 3.0], [1.0, 0.5]),
    "atc": ([1 / 3, 1.0], [2.0, 1.0]),
    "overlap": ([1 / 4, 3 / 4], [2 / 3, 1 / 3]),
}
"""Weights of treated and untreated where x is 0, and where it is 1."""


def _weights(kind: str) -> list[float]:
    (t0, c0), (t1, c1) = BY_HAND[kind]
    return [t0, t0, t0, c0, t1, t1, c1, c1, c1, c1]


@pytest.mark.parametrize("kind", BY_HAND)
def test_weights(kind: str) -> None:
    found = propensity(FRAME, treatment="z", covariates=["x"], estimand=kind)
    assert found.weights[0].tolist() == pytest.approx(_weights(kind), rel=CLOSE)
    assert list(found.coefficients.values()) == pytest.approx([math.log(3), -math.log(6)], rel=CLOSE)


def test_stabilized_weights_have_the_share_of_each_treatment() -> None:
    found = propensity(FRAME, treatment="z", covariates=["x"], stabilized=True)
    # Half of the patients are treated.
    assert found.weights[0].tolist() == pytest.approx([w / 2 for w in _weights("ate")], rel=CLOSE)


def test_balance() -> None:
    found = propensity(FRAME, treatment="z", covariates=["x"])
    (row,) = found.balance.iter_rows(named=True)
    # Of 5 treated 2 have x = 1, of 5 untreated 4; each weighted group stands for all 10, of whom 6 have.
    spread = math.sqrt((0.3 + 0.2) / 2)
    assert (row["treated"], row["control"]) == pytest.approx((0.4, 0.8), rel=CLOSE)
    assert row["difference"] == pytest.approx(-0.4 / spread, rel=CLOSE)
    assert row["variance_ratio"] == pytest.approx(1.5, rel=CLOSE)
    assert (row["weighted_treated"], row["weighted_control"]) == pytest.approx((0.6, 0.6), rel=CLOSE)
    assert row["weighted_difference"] == pytest.approx(0.0, abs=CLOSE)
    # Treated: weights 4/3 three times and 3 twice; untreated 4 once and 3/2 four times.
    treated = 10 / (100 - (3 * 16 / 9 + 2 * 9)) * 10 * 0.24
    control = 10 / (100 - (16 + 4 * 9 / 4)) * 10 * 0.24
    assert row["weighted_variance_ratio"] == pytest.approx(treated / control, rel=CLOSE)
    control_group, treated_group = found.groups.iter_rows(named=True)
    assert control_group["effective_sample_size"] == pytest.approx(100 / 25, rel=CLOSE)
    assert treated_group["effective_sample_size"] == pytest.approx(100 / (3 * 16 / 9 + 18), rel=CLOSE)
    assert (control_group["weight_sum"], treated_group["weight_sum"]) == pytest.approx((10, 10), rel=CLOSE)
    assert (control_group["largest_weight"], treated_group["largest_weight"]) == pytest.approx((4, 3), rel=COUNTED)


def test_a_score_on_the_bound_is_kept() -> None:
    """A share of exactly one fifth is not below 0.2, however it is rounded."""
    frame = pl.DataFrame({"z": [1, 0, 0, 0, 0, 1, 1, 0], "x": [0, 0, 0, 0, 0, 1, 1, 1]})
    found = propensity(frame, treatment="z", covariates=["x"], trim=0.2)
    assert found.groups["trimmed"].to_list() == [0, 0]
    assert propensity_weights(np.array([0.1999]), np.array([True]), trim=0.2).tolist() == [0.0]


def test_truncation() -> None:
    """Ten weights: rank 7.5 of the quantile 0.75 is half way, so the even rank 8 counts, which is 3."""
    found = propensity(FRAME, treatment="z", covariates=["x"], truncate=0.75)
    # In order: 4/3 three times, 3/2 four times, 3 twice, 4.
    assert found.limit == pytest.approx(3.0, rel=COUNTED)
    assert found.weights[0].max() == pytest.approx(3.0, rel=COUNTED)


@pytest.mark.parametrize("seed", range(20))
def test_any_rank_is_found_by_counting(seed: int) -> None:
    rng = np.random.default_rng(seed)
    values = np.exp(rng.normal(0, rng.choice([0.01, 1, 15]), rng.integers(1, 60)))
    values = np.append(values, values[: rng.integers(0, 5)])
    for rank in {1, values.size, int(rng.integers(1, values.size + 1))}:
        search = Search(0, 0, rank)
        for step in range(ROUNDS):
            search = narrowed(search, tally(values, step, search.bin))
        assert search.weight == pytest.approx(np.sort(values)[rank - 1], rel=COUNTED)


@pytest.mark.parametrize("n", range(1, 40))
@pytest.mark.parametrize("quantile", [0.51, 0.75, 0.9, 0.99])
def test_ranks_of_quantiles_are_those_of_type_3(n: int, quantile: float) -> None:
    expected = np.quantile(np.arange(1, n + 1), quantile, method="closest_observation")
    assert rank_of_quantile(n, quantile) == max(int(expected), 1)


def test_separation_is_an_error_with_its_reason() -> None:
    frame = pl.DataFrame({"z": [0, 0, 0, 1, 1, 1], "x": [1, 2, 3, 4, 5, 6]})
    with pytest.raises(EstimationError, match=r"no finite estimate of x .*; combine levels"):
        propensity(frame, treatment="z", covariates=["x"])
    assert np.isfinite(propensity(frame, treatment="z", covariates=["x"], penalty="firth").weights[0]).all()


def test_a_stratum_with_one_treatment_has_no_score() -> None:
    site = ["a"] * 10 + ["b"] * 3
    frame = pl.concat([FRAME, pl.DataFrame({"z": [1, 1, 1], "x": [0, 1, 1]})]).with_columns(site=pl.Series(site))
    found = propensity(frame, treatment="z", covariates=["x"], strata="site")
    assert np.isnan(found.weights[0][10:]).all()
    assert found.weights[0][:10].tolist() == pytest.approx(_weights("ate"), rel=CLOSE)
    assert found.n_missing == 3


def test_unknown_values_have_no_weight() -> None:
    frame = pl.concat([FRAME, pl.DataFrame({"z": [1, None], "x": [None, 1]}, schema=FRAME.schema)])
    found = propensity(frame, treatment="z", covariates=["x"])
    assert found.n_missing == 2
    assert found.frames()[0]["weight"].null_count() == 2


def test_a_weighted_hazard_ratio_of_two_groups() -> None:
    """One death in each group at one time, Breslow: the ratio is that of weighted deaths per weight at risk."""
    frame = FRAME.with_columns(time=pl.lit(1), died=pl.Series([1, 0, 0, 1, 0, 0, 0, 0, 0, 0]))
    weighted = propensity(frame, treatment="z", covariates=["x"]).frames()
    fit = cox(weighted, time="time", event="died", covariates=["z"], weight="weight", ties="breslow")
    # Weighted deaths 4/3 and 4, each group with weight 10 at risk.
    assert fit.coefficients["z"] == pytest.approx(math.log((4 / 3) / 4), rel=1e-9)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ({"estimand": "att", "stabilized": True}, "stabilized: is for estimand 'ate'"),
        ({"trim": 0.3}, "trim: expected a number from 0 to 0.2"),
        ({"truncate": 0.4}, "truncate: expected a quantile above 0.5"),
        ({"treated": 2}, "treated: 2 is not among 0, 1"),
        ({"estimand": "everybody"}, "estimand: expected one of"),
    ],
)
def test_arguments_without_a_meaning(arguments: dict, said: str) -> None:
    with pytest.raises(UsageError, match=said):
        propensity(FRAME, treatment="z", covariates=["x"], **arguments)


MATCHED = pl.DataFrame(
    {"z": [1, 1, 0, 0, 0, 0], "score": [0.8, 0.5, 0.79, 0.52, 0.45, 0.1], "x": ["a", "b", "b", "b", "a", "a"]}
)


def test_pairs() -> None:
    found = match(MATCHED, treatment="z", covariates=["x"], score="score")
    pairs = found.frames()[0].group_by("set", maintain_order=True).agg("score")["score"].to_list()
    assert pairs == [[0.8, 0.79], [0.5, 0.52]]
    assert (found.n_matched, found.n_unmatched) == (2, 0)


def test_several_controls_share_a_weight_of_one() -> None:
    found = match(MATCHED, treatment="z", covariates=["x"], score="score", ratio=2).frames()[0]
    assert found.filter(pl.col("z") == 0).group_by("set").agg(pl.col("weight").sum())["weight"].to_list() == [1.0, 1.0]


def test_exact_columns_and_calipers_keep_rows_apart() -> None:
    exact = match(MATCHED, treatment="z", covariates=["x"], score="score", exact=["x"])
    assert exact.frames()[0].sort("set", "z")["score"].to_list() == [0.45, 0.8, 0.52, 0.5]
    near = match(MATCHED, treatment="z", covariates=["x"], score="score", caliper=0.015, caliper_unit="absolute")
    assert near.frames()[0]["score"].to_list() == [0.8, 0.79]
    assert near.n_unmatched == 1


def test_a_caliper_in_standard_deviations_of_the_log_odds() -> None:
    found = match(MATCHED, treatment="z", covariates=["x"], score="score", caliper=0.2, scale="logit")
    odds = np.log(MATCHED["score"] / (1 - MATCHED["score"])).to_numpy()
    pooled = math.sqrt((odds[:2].var(ddof=1) + odds[2:].var(ddof=1)) / 2)
    assert found.caliper == pytest.approx(0.2 * pooled, rel=CLOSE)


def test_sites_are_matched_inside_themselves() -> None:
    frames = [MATCHED[[0, 3, 5]], MATCHED[[1, 2, 4]]]
    with pytest.raises(UsageError, match='give within="site"'):
        match(frames, treatment="z", covariates=["x"], score="score")
    found = match(frames, treatment="z", covariates=["x"], score="score", within="site").frames()
    assert [frame["score"].to_list() for frame in found] == [[0.8, 0.52], [0.5, 0.45]]
    assert [frame["set"].to_list() for frame in found] == [[1, 1], [2, 2]]


def test_e_value_of_an_interval_with_one() -> None:
    found = e_value(1.2, 0.9, 1.6)
    assert (found.estimate, found.limit) == pytest.approx((1.2 + math.sqrt(0.24), 1.0), rel=CLOSE)
    assert e_value(4.0, 4.0, 4.0, measure="odds-ratio").estimate == pytest.approx(2 + math.sqrt(2), rel=CLOSE)
    with pytest.raises(UsageError, match="0 < lower"):
        e_value(1.2, 1.3, 1.6)
