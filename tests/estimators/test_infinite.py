"""Separation, empty columns and far-off covariates: what is infinite is named, what is finite keeps its errors."""

from __future__ import annotations

import math

import numpy as np
import polars as pl
import pytest

from cohortium import cox, logrank

# Information on the way to infinity is followed down to 1e-10 of its start; finite parts are exact to about that.
LIMIT = 1e-8
SEPARATION = "separation: the coefficient has no finite maximum-likelihood estimate"


def _fit(columns: dict[str, list[object]], covariates: list[str], **options: object):  # type: ignore[no-untyped-def]
    return cox(pl.DataFrame(columns), time="t", event="e", covariates=covariates, penalty="none", **options)  # type: ignore[arg-type]


NO_EVENTS_IN_A = {
    "t": [20, 21, 22, 3, 9, 4, 7, 1, 5, 8, 6, 2], "e": [0] * 3 + [1] * 9,
    "g": list("AAABBBBBCCCC"), "x": [3, 2, 2, 2, 2, 1, 1, 1, 3, 6, 5, 6],
}  # fmt: skip


@pytest.mark.parametrize("reference", ["A", "B", "C"])
def test_finite_coefficients_do_not_depend_on_the_reference_level(reference: str) -> None:
    """R survival 3.5.3 gives 0.4007 for the error of x whichever level is the reference."""
    fit = _fit(NO_EVENTS_IN_A, ["g", "x"], references={"g": reference})
    assert fit.standard_errors["x"] == pytest.approx(0.40070399, rel=1e-7)
    assert fit.coefficients["x"] == pytest.approx(_fit(NO_EVENTS_IN_A, ["g", "x"]).coefficients["x"], rel=LIMIT)
    infinite = {name for name, value in fit.coefficients.items() if math.isnan(value)}
    assert infinite == ({"g[B]", "g[C]"} if reference == "A" else {"g[A]"})


@pytest.mark.parametrize(("n", "k"), [(30, 5), (100, 30), (228, 20), (500, 3)])
def test_a_group_without_events_is_always_named(n: int, k: int) -> None:
    for seed in range(25):
        rng = np.random.default_rng(seed)
        group = np.zeros(n, int)
        group[rng.choice(n, k, replace=False)] = 1
        frame = pl.DataFrame({"t": rng.integers(1, 1000, n), "e": (rng.random(n) < 0.6) & (group == 0), "g": group})
        for frames in (frame, [frame.filter(pl.int_range(pl.len()) % 3 == i) for i in range(3)]):
            assert cox(frames, time="t", event="e", covariates=["g"], penalty="none").warnings == (f"g: {SEPARATION}",)


def test_complete_separation_ends() -> None:
    fit = _fit({"t": list(range(1, 12)), "e": [1] * 11, "x": [-i for i in range(11)]}, ["x"])
    assert fit.warnings == (f"x: {SEPARATION}",)


def test_a_level_seen_only_before_the_first_event() -> None:
    """R: B has -0.632 with error 0.922, Z has no estimate."""
    fit = _fit({"t": list(range(1, 8)), "e": [0] + [1] * 6, "g": ["Z"] + ["A", "B"] * 3}, ["g"])
    assert fit.coefficients["g[B]"] == pytest.approx(-0.632052, abs=1e-6)
    assert fit.standard_errors["g[B]"] == pytest.approx(0.921982, abs=1e-6)
    assert fit.warnings == ("g[Z]: no information beyond the covariates before it",)
    assert fit.likelihood_ratio.df == 1


@pytest.mark.parametrize("seed", range(20))
def test_a_covariate_that_is_constant_within_strata(seed: int) -> None:
    """It is named wherever the rows are cut, and the other covariate keeps the estimate that it has alone."""
    rng = np.random.default_rng(seed)
    n = 120
    site = rng.integers(0, 4, n)
    frame = pl.DataFrame(
        {"t": rng.integers(1, 60, n), "e": rng.random(n) < 0.7, "x": rng.normal(size=n), "site": site}
    ).with_columns(academic=pl.Series(np.array([0.1, 0.7, 1 / 3, 0.1])[site]))
    alone = cox(frame, time="t", event="e", covariates=["x"], strata="site")
    cut = [frame.filter(pl.int_range(pl.len()) % 2 == i) for i in range(2)]
    for frames in (frame, frame.partition_by("site"), cut):
        fit = cox(frames, time="t", event="e", covariates=["academic", "x"], strata="site")
        assert fit.warnings == ("academic: no information beyond the covariates before it",)
        assert fit.coefficients["x"] == pytest.approx(alone.coefficients["x"], rel=1e-9)
        assert fit.standard_errors["x"] == pytest.approx(alone.standard_errors["x"], rel=1e-9)


@pytest.mark.parametrize("offset", [200.0, 400.0, 1e4])
def test_strata_far_apart(offset: float) -> None:
    """Adding a constant to the covariate of a whole stratum changes nothing."""
    rng = np.random.default_rng(0)
    stratum, x = rng.integers(0, 3, 90), rng.normal(size=90)
    frame = pl.DataFrame({"t": np.ceil(rng.exponential(np.exp(-0.75 * x)) * 100), "e": np.ones(90), "s": stratum})
    near = cox(frame.with_columns(x=x), time="t", event="e", covariates=["x"], strata="s")
    far = cox(frame.with_columns(x=x + offset * stratum), time="t", event="e", covariates=["x"], strata="s")
    # The covariate itself is rounded at 1e4 x 2e-16.
    assert far.coefficients["x"] == pytest.approx(near.coefficients["x"], rel=1e-11)
    assert far.standard_errors["x"] == pytest.approx(near.standard_errors["x"], rel=1e-11)


def test_an_outlier_that_is_never_at_risk_changes_nothing() -> None:
    rng = np.random.default_rng(1)
    x = rng.normal(size=100)
    frame = pl.DataFrame({"t": np.ceil(rng.exponential(np.exp(-0.75 * x)) * 100) + 1, "e": np.ones(100), "x": x})
    outlier = pl.DataFrame({"t": [0.0], "e": [0.0], "x": [5e4]})
    alone = cox(frame, time="t", event="e", covariates=["x"])
    for frames in (pl.concat([outlier, frame]), [outlier, frame]):
        fit = cox(frames, time="t", event="e", covariates=["x"])
        assert fit.coefficients["x"] == pytest.approx(alone.coefficients["x"], rel=1e-11)


def test_nearly_collinear_covariates_are_estimated() -> None:
    rng = np.random.default_rng(2)
    x, z = rng.normal(size=(2, 300))
    frame = pl.DataFrame({"t": rng.integers(1, 200, 300), "e": rng.random(300) < 0.8, "x": x, "y": x + 1e-5 * z})
    assert cox(frame, time="t", event="e", covariates=["x", "y"]).warnings == ()


def test_times_that_differ_by_rounding_are_tied() -> None:
    """R survival 3.5.3 gives -1.001 with its timefix, -0.905 without."""
    exact = {"t": [3, 3, 3, 7, 7, 8, 5], "e": [1, 1, 1, 1, 0, 1, 1], "x": [1.0, 2.0, 0.0, 1.0, 3.0, 2.0, 0.5]}
    rounded = {**exact, "t": [0.1 * 3, 0.3, 0.1 + 0.2, 0.7, 0.1 * 7, 0.8, 0.5]}
    fit = _fit(rounded, ["x"])
    assert fit.coefficients["x"] == pytest.approx(-1.001, abs=5e-4)
    assert fit.coefficients["x"] == pytest.approx(_fit(exact, ["x"]).coefficients["x"], rel=1e-12)


def test_logrank_with_a_group_never_at_risk_with_another() -> None:
    """Strata that hold one group each add nothing; the test is that of the others."""
    columns = {
        "t": [1, 2, 3, 4, 5, 6, 7, 3],
        "e": [1, 1, 0, 1, 1, 1, 1, 1],
        "g": list("ABABABAC"),
        "s": list("xxxxxxxy"),
    }
    test = logrank(pl.DataFrame(columns), time="t", event="e", by="g", strata="s")
    assert (test.df, test.statistic) == (1, pytest.approx(0.4476, abs=1e-4))
