"""Logistic models whose estimates can be written down.

With one binary covariate the model is a 2 x 2 table: events a of the a + b exposed, c of the c + d others.

    beta = log(ad / bc),  var beta = 1/a + 1/b + 1/c + 1/d,  alpha = log(c / d),  var alpha = 1/c + 1/d

Firth's penalty adds a half to each of the four counts; the information is that of the counts as they are:

    p1 = (a + 1/2) / (a + b + 1),  var beta = 1 / [(a + b) p1 (1 - p1)] + 1 / [(c + d) p0 (1 - p0)]

Given the events of a pair with one of each outcome, only pairs that differ in the covariate count: with u pairs in which
the event is the exposed one and v in which it is the other, beta = log(u / v) and var beta = 1/u + 1/v.
"""

from __future__ import annotations

from itertools import combinations

import numpy as np
import polars as pl
import pytest

from cohortium import logistic
from cohortium.errors import EstimationError, UsageError
from cohortium.estimators.distributions import chi_square_tail
from cohortium.estimators.logistic.conditional import conditional_sums
from cohortium.estimators.logistic.performance import RiskCells, counts_by_value, discrimination, risk_groups

# Newton's last step is below 1e-9 standard errors, and standard errors change with it; likelihoods in second order only.
COEFFICIENT = 1e-9
ERROR = 1e-9
VALUE = 1e-12
# A profile limit of the four counts is found by its own root finding here.
LIMIT = 1e-9
TABLES = [(27, 268, 52, 255), (3, 1, 2, 8), (1, 9, 6, 4)]


def _table(a: int, b: int, c: int, d: int) -> pl.DataFrame:
    return pl.DataFrame({"y": [1] * a + [0] * b + [1] * c + [0] * d, "x": [1] * (a + b) + [0] * (c + d)})


@pytest.mark.parametrize("table", TABLES)
def test_two_by_two(table: tuple[int, int, int, int]) -> None:
    a, b, c, d = table
    fit = logistic(_table(*table), outcome="y", covariates=["x"])
    assert fit.coefficients["x"] == pytest.approx(np.log(a * d / (b * c)), abs=COEFFICIENT)
    assert fit.standard_errors["x"] == pytest.approx(np.sqrt(1 / a + 1 / b + 1 / c + 1 / d), rel=ERROR)
    assert fit.constant.value == pytest.approx(np.log(c / d), abs=COEFFICIENT)
    assert fit.constant.standard_error == pytest.approx(np.sqrt(1 / c + 1 / d), rel=ERROR)
    n, events = a + b + c + d, a + c
    null = events * np.log(events / n) + (n - events) * np.log(1 - events / n)
    full = sum(k * np.log(k / m) for k, m in ((a, a + b), (b, a + b), (c, c + d), (d, c + d)))
    assert list(fit.log_likelihood) == pytest.approx([null, full], rel=VALUE)
    # The score test of a binary covariate is Pearson's chi-square.
    expected = [(a + b) * events / n, (a + b) * (n - events) / n, (c + d) * events / n, (c + d) * (n - events) / n]
    pearson = sum((o - e) ** 2 / e for o, e in zip(table, expected, strict=True))
    assert fit.score.statistic == pytest.approx(pearson, rel=VALUE)


@pytest.mark.parametrize("table", [*TABLES, (0, 5, 3, 4), (6, 0, 2, 3), (4, 0, 0, 7)])
def test_firth_adds_a_half_to_each_count(table: tuple[int, int, int, int]) -> None:
    a, b, c, d = (k + 0.5 for k in table)
    fit = logistic(_table(*table), outcome="y", covariates=["x"], penalty="firth")
    assert fit.is_penalized
    assert fit.coefficients["x"] == pytest.approx(np.log(a * d / (b * c)), abs=COEFFICIENT)
    n1, n0 = table[0] + table[1], table[2] + table[3]
    p1, p0 = a / (a + b), c / (c + d)
    variance = 1 / (n1 * p1 * (1 - p1)) + 1 / (n0 * p0 * (1 - p0))
    assert fit.standard_errors["x"] == pytest.approx(np.sqrt(variance), rel=1e-9)
    # The leverages of a group add up to 1, which spreads one more observation over its rows.
    augmented = 1 / ((n1 + 1) * p1 * (1 - p1)) + 1 / ((n0 + 1) * p0 * (1 - p0))
    assert fit.augmented_standard_errors["x"] == pytest.approx(np.sqrt(augmented), rel=1e-9)
    value = a * np.log(p1) + b * np.log(1 - p1) + c * np.log(p0) + d * np.log(1 - p0) + np.log(n1 * n0) / 2
    assert fit.log_likelihood.fitted == pytest.approx(value, rel=VALUE)
    # With the coefficient at zero both groups have one probability; the penalty still has two columns.
    p = (a + c) / (a + b + c + d)
    null = (a + c) * np.log(p) + (b + d) * np.log(1 - p) + np.log(n1 * n0) / 2
    assert fit.likelihood_ratio.statistic == pytest.approx(2 * (value - null), rel=1e-9)
    assert fit.likelihood_ratio.p_value == pytest.approx(float(fit.to_frame()["p_value"][0]), rel=1e-9)


def test_profile_limits_of_a_table() -> None:
    """At a limit the likelihood, maximized over the constant, has fallen by half a quantile of chi-square."""
    table = (3, 1, 2, 8)
    fit = logistic(_table(*table), outcome="y", covariates=["x"], interval="profile")
    limits = fit.estimate.profile
    a, b, c, d = table
    for limit in (limits.lower[1], limits.upper[1]):
        # With the log odds ratio held, events of the exposed solve a quadratic (the margins are kept).
        odds, m1, n1, n0 = np.exp(limit), a + c, a + b, c + d
        roots = np.roots([1 - odds, n0 - m1 + odds * (n1 + m1), -odds * n1 * m1])
        e1 = float(next(r for r in roots if max(0, m1 - n0) < r < min(n1, m1)))
        held = a * np.log(e1 / n1) + b * np.log(1 - e1 / n1)
        held += c * np.log((m1 - e1) / n0) + d * np.log(1 - (m1 - e1) / n0)
        fall = 2 * (fit.log_likelihood.fitted - held)
        assert fall == pytest.approx(3.841458820694124, abs=LIMIT)
    p = chi_square_tail(fit.likelihood_ratio.statistic, 1)
    assert float(fit.to_frame()["p_value"][0]) == pytest.approx(p, rel=1e-9)


def test_matched_pairs() -> None:
    kinds = [((1, 0), 7), ((0, 1), 3), ((1, 1), 5), ((0, 0), 4)]
    rows = [
        {"pair": f"{kind}-{i}", "y": y, "x": x}
        for kind, n in kinds
        for i in range(n)
        for y, x in ((1, kind[0]), (0, kind[1]))
    ]
    fit = logistic(pl.DataFrame(rows), outcome="y", covariates=["x"], strata="pair", conditional=True)
    assert fit.coefficients["x"] == pytest.approx(np.log(7 / 3), abs=COEFFICIENT)
    assert fit.standard_errors["x"] == pytest.approx(np.sqrt(1 / 7 + 1 / 3), rel=ERROR)
    assert fit.log_likelihood.fitted == pytest.approx(7 * np.log(0.7) + 3 * np.log(0.3) + 9 * np.log(0.5), rel=VALUE)
    assert fit.constant is None


@pytest.mark.parametrize("n_events", [0, 1, 3, 5, 7])
def test_conditional_likelihood_by_enumeration(n_events: int) -> None:
    rng = np.random.default_rng(n_events)
    x, offset = rng.normal(size=(7, 2)), rng.normal(size=7)
    outcome = (np.arange(7) < n_events).astype(float)
    candidates = rng.normal(size=(3, 2))
    found = conditional_sums(x, outcome, candidates, offset)
    for at, beta in enumerate(candidates):
        sets = [list(s) for s in combinations(range(7), n_events)]
        weights = np.array([np.exp((x[s] @ beta + offset[s]).sum()) for s in sets])
        sums = np.array([x[s].sum(axis=0) for s in sets])
        mean = weights @ sums / weights.sum()
        second = (weights[:, None] * sums).T @ sums / weights.sum() - np.outer(mean, mean)
        own = sets.index(list(range(n_events)))
        assert found.log_likelihood[at] == pytest.approx(np.log(weights[own] / weights.sum()), abs=1e-12)
        assert found.score[at] == pytest.approx(sums[own] - mean, abs=1e-12)
        assert found.information[at] == pytest.approx(second, abs=1e-12)


@pytest.mark.parametrize("penalty", ["none", "firth"])
def test_a_weight_is_that_many_rows(penalty: str) -> None:
    rng = np.random.default_rng(3)
    n = 80
    frame = pl.DataFrame({"x": rng.normal(size=n), "g": rng.choice(list("abc"), n), "w": rng.integers(1, 5, n)})
    frame = frame.with_columns(y=(pl.col("x") + rng.normal(size=n) > 0).cast(pl.Int64))
    options = {"outcome": "y", "covariates": ["x", "g"], "penalty": penalty, "interval": "profile"}
    weighted = logistic(frame, weight="w", **options)  # type: ignore[arg-type]
    repeated = logistic(frame.select(pl.all().repeat_by("w").explode()), **options)  # type: ignore[arg-type]
    assert list(weighted.coefficients.values()) == pytest.approx(list(repeated.coefficients.values()), abs=1e-9)
    assert list(weighted.standard_errors.values()) == pytest.approx(list(repeated.standard_errors.values()), rel=1e-9)
    assert list(weighted.log_likelihood) == pytest.approx(list(repeated.log_likelihood), rel=1e-12)
    assert weighted.estimate.profile.lower == pytest.approx(repeated.estimate.profile.lower, abs=1e-8)
    if penalty == "firth":
        errors = [list(fit.augmented_standard_errors.values()) for fit in (weighted, repeated)]
        assert errors[0] == pytest.approx(errors[1], rel=1e-9)


def test_area_under_the_curve_by_counting_pairs() -> None:
    rng = np.random.default_rng(5)
    risk, outcome = np.round(rng.random(40), 1), (rng.random(40) < 0.4).astype(float)
    found = discrimination(counts_by_value(risk, outcome), 0.95)
    events, others = risk[outcome == 1], risk[outcome == 0]
    pairs = (events[:, None] > others) + 0.5 * (events[:, None] == others)
    assert found.area == pytest.approx(pairs.mean(), rel=VALUE)
    variance = pairs.mean(axis=1).var(ddof=1) / events.size + pairs.mean(axis=0).var(ddof=1) / others.size
    assert found.standard_error == pytest.approx(np.sqrt(variance), rel=VALUE)


def test_risk_groups() -> None:
    counts = np.zeros((1001, 2), np.int64)
    counts[[10, 200, 400, 900]] = [[3, 1], [2, 2], [1, 3], [0, 4]]
    found = risk_groups(RiskCells(counts, counts.sum(axis=1) * np.arange(1001) / 1000), 2)
    assert [(g.n, g.n_events) for g in found] == [(8, 3), (8, 7)]
    assert [g.predicted for g in found] == pytest.approx([0.84, 5.2])


def test_calibration_of_the_fitted_rows() -> None:
    """Maximum likelihood is calibrated in its own rows; of a penalized fit, slope and constant are those of a model."""
    rng = np.random.default_rng(8)
    frame = pl.DataFrame({"x": rng.normal(size=150), "z": rng.normal(size=150)})
    frame = frame.with_columns(y=(pl.col("x") + 0.5 * pl.col("z") + rng.logistic(size=150) > 0.7).cast(pl.Int64))
    plain = logistic(frame, outcome="y", covariates=["x", "z"]).calibration(groups=5)
    assert [plain.slope, plain.intercept] == pytest.approx([1, 0], abs=COEFFICIENT)
    assert plain.groups["n"].sum() == 150
    fit = logistic(frame, outcome="y", covariates=["x", "z"], penalty="firth")
    found = fit.calibration()
    eta = fit.constant.value + frame["x"] * fit.coefficients["x"] + frame["z"] * fit.coefficients["z"]
    again = frame.with_columns(eta=eta)
    slope = logistic(again, outcome="y", covariates=["eta"])
    assert found.slope == pytest.approx(slope.coefficients["eta"], abs=COEFFICIENT)
    assert found.slope_standard_error == pytest.approx(slope.standard_errors["eta"], rel=1e-9)
    with_noise = again.with_columns(noise=pl.Series(np.where(np.arange(150) % 2, 1.0, -1.0)))
    held = logistic(with_noise, outcome="y", covariates=["noise"], offset="eta")
    null = logistic(with_noise, outcome="y", covariates=["noise"], offset="eta").log_likelihood.null
    p = 1 / (1 + np.exp(-(found.intercept + eta.to_numpy())))
    y = frame["y"].to_numpy()
    assert null == pytest.approx((y * np.log(p) + (1 - y) * np.log(1 - p)).sum(), rel=VALUE)
    assert held.n == 150


SEPARATED = pl.DataFrame(
    {
        "y": [0, 0, 0, 0, 1, 1, 1, 1, 0, 1],
        "x": [1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 2.5, 6.5],
        "z": [1, 0, 2, 1, 1, 0, 1, 2, 1, 1],
        "g": list("aabbaabbcc"),
        "h": list("uuuuuvvvuv"),
    }
)


def test_complete_separation() -> None:
    fit = logistic(SEPARATED, outcome="y", covariates=["x"], penalty="none")
    assert np.isnan(fit.coefficients["x"])
    assert fit.warnings == ("x: separation: the coefficient has no finite maximum-likelihood estimate",)
    assert fit.log_likelihood.fitted == pytest.approx(0, abs=1e-8)
    fallback = logistic(SEPARATED, outcome="y", covariates=["x"])
    assert fallback.is_penalized
    assert "the maximum-likelihood estimate of x does not exist: separation" in fallback.warnings[0]
    assert np.isfinite(fallback.coefficients["x"])


def test_a_level_with_only_one_outcome() -> None:
    fit = logistic(SEPARATED, outcome="y", covariates=["h", "z"], penalty="none")
    assert "every patient of this level has the event" in fit.estimate.refusals["h[v]"]
    assert np.isfinite(fit.coefficients["z"])
    with pytest.raises(EstimationError, match="no finite estimate"):
        fit.calibration()


def test_separation_in_pairs_is_named() -> None:
    rows = [{"y": y, "x": y, "pair": str(i)} for i in range(4) for y in (0, 1)]
    fit = logistic(pl.DataFrame(rows), outcome="y", covariates=["x"], strata="pair", conditional=True)
    assert "separation" in fit.warnings[0]


def test_what_cannot_be_fitted_is_said() -> None:
    for outcome, what in ((0, "no events"), (1, "every patient has the event")):
        with pytest.raises(EstimationError, match=what):
            logistic(SEPARATED.with_columns(y=pl.lit(outcome)), outcome="y", covariates=["x"])
    one_sided = SEPARATED.with_columns(s=pl.col("y").cast(pl.String))
    with pytest.raises(EstimationError, match="no stratum has patients with and without the event"):
        logistic(one_sided, outcome="y", covariates=["z"], strata="s")
    frames = [SEPARATED.head(5), SEPARATED.tail(5)]
    with pytest.raises(UsageError, match="a stratum has rows in two frames"):
        logistic(frames, outcome="y", covariates=["z"], strata="g", conditional=True)
    constant = logistic(SEPARATED.with_columns(c=pl.lit(3.0)), outcome="y", covariates=["c", "z"])
    assert constant.warnings == ("c: no information beyond the covariates before it",)


def test_far_off_covariates() -> None:
    """Another origin and unit change neither the fit nor its limits."""
    rng = np.random.default_rng(2)
    frame = pl.DataFrame({"x": rng.normal(size=200)}).with_columns(y=(pl.col("x") + rng.logistic(size=200) > 0))
    near = logistic(frame, outcome="y", covariates=["x"], interval="profile")
    far = logistic(frame.with_columns(x=pl.col("x") / 1e3 + 2010), outcome="y", covariates=["x"], interval="profile")
    assert far.coefficients["x"] / 1e3 == pytest.approx(near.coefficients["x"], rel=1e-9)
    assert far.standard_errors["x"] / 1e3 == pytest.approx(near.standard_errors["x"], rel=1e-9)
    assert far.estimate.profile.upper[1] / 1e3 == pytest.approx(near.estimate.profile.upper[1], rel=1e-7)
