"""Options of `kaplan_meier` and `logrank`, columns of every kind, and what is said of wrong input."""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl
import pytest

from cohortium import kaplan_meier, logrank
from cohortium.errors import UsageError

TIMED: dict[str, Any] = {"time": "time", "event": "event"}


def _frame(n: int = 300) -> pl.DataFrame:
    rng = np.random.default_rng(6)
    return pl.DataFrame(
        {
            "time": rng.integers(5, 300, n),
            "event": rng.integers(0, 2, n),
            "dose": rng.integers(1, 4, n),
            "w": np.round(rng.uniform(0.2, 2, n), 3),
            "entry": rng.integers(0, 5, n),
            "ward": rng.integers(0, 30, n),
        }
    )


@pytest.mark.parametrize(
    "as_kind",
    [
        pl.col("dose").cast(pl.Int8),
        pl.col("dose").cast(pl.UInt16),
        pl.col("dose").cast(pl.Float64),
        pl.col("dose").cast(pl.String),
        pl.col("dose").cast(pl.String).cast(pl.Categorical),
        pl.col("dose").cast(pl.String).cast(pl.Enum(["1", "2", "3"])),
        pl.col("dose") * 1_000_000,
    ],
    ids=["int8", "uint16", "float", "string", "categorical", "enum", "wide"],
)
@pytest.mark.parametrize("unknown", [False, True])
def test_groups_of_every_kind_give_the_same(as_kind: pl.Expr, *, unknown: bool) -> None:
    frame = _frame().with_columns(
        dose=pl.when(pl.int_range(pl.len()) % 50 < (1 if unknown else 0)).then(None).otherwise(pl.col("dose"))
    )
    expected = logrank(frame, **TIMED, by="dose")
    turned = frame.with_columns(dose=as_kind)
    for frames in (turned, [turned[:10], turned[10:200], turned[200:], turned.clear()]):
        found = logrank(frames, **TIMED, by="dose")
        assert found.statistic == pytest.approx(expected.statistic, rel=1e-12)
        assert (found.n, found.n_missing) == (expected.n, expected.n_missing)


def test_levels_that_come_late_are_found() -> None:
    """More rows than are looked at to guess the levels, with another level at the end."""
    n = 5000
    for late in ("c", None):
        texts = pl.Series(["a", "b"] * (n // 2)).scatter(n - 1, late)
        frame = pl.DataFrame({"time": np.arange(1, n + 1), "event": np.ones(n, int), "g": texts})
        assert list(kaplan_meier(frame, **TIMED, by="g").curves) == ["a", "b", *(["c"] if late else [])]
    numbers = frame.with_columns(g=pl.Series([4, 6] * (n // 2)).scatter(n - 1, 5))
    assert list(kaplan_meier(numbers, **TIMED, by="g").curves) == ["4", "5", "6"]


@pytest.mark.parametrize("kind", [pl.Int16, pl.UInt32, pl.Float32, pl.Float64])
def test_times_and_events_of_every_kind_give_the_same(kind: Any) -> None:
    frame = _frame()
    expected = kaplan_meier(frame, **TIMED, entry="entry").table
    turned = frame.with_columns(pl.col("time", "entry").cast(kind), pl.col("event").cast(kind))
    truth = frame.with_columns(pl.col("event").cast(pl.Boolean))
    for found in (turned, truth, [turned[:100], truth[100:].with_columns(pl.col("time").cast(pl.Float64))]):
        assert kaplan_meier(found, **TIMED, entry="entry").table.equals(expected)


def test_quantiles_with_their_limits() -> None:
    km = kaplan_meier(_frame(), **TIMED, by="dose", quantiles=[0.1, 0.9])
    assert km.quantiles["probability"].to_list() == [0.1, 0.9, 0.5] * 3
    assert km.median["1"].probability == 0.5


def test_sites_agree_with_one_frame() -> None:
    frame = _frame()
    options = {**TIMED, "by": "dose", "entry": "entry", "weight": "w", "cluster": "ward", "tau": 100.0}
    whole = kaplan_meier(frame, **options)
    parts = [frame.filter(pl.col("ward") % 4 == k) for k in range(4)] + [frame.clear()]
    cut = kaplan_meier(parts, **options)
    for name in ("table", "cumulative_hazard", "restricted_mean", "restricted_mean_contrasts"):
        one, other = (getattr(km, name).select(pl.col(pl.Float64)).to_numpy() for km in (whole, cut))
        assert other == pytest.approx(one, rel=1e-10, nan_ok=True), name
    assert cut.estimate.spec.robust
    assert "robust variance" in repr(cut)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda f: logrank(f, **TIMED, by="dose", test="wilcoxon"), "test: expected one of 'logrank', 'peto-peto'"),
        (lambda f: logrank(f, **TIMED, by="dose", rho=1), "rho: belongs to test='fleming-harrington'"),
        (
            lambda f: logrank(f, **TIMED, by="dose", test="fleming-harrington", gamma=-1),
            "gamma: expected a number of 0 or more",
        ),
        (lambda f: logrank(f, **TIMED, by="dose", trend=[1, 2]), "trend: expected 3 scores, one for each of 1, 2, 3"),
        (lambda f: kaplan_meier(f, **TIMED, quantiles=[50]), "quantiles: expected probabilities between 0 and 1"),
        (lambda f: kaplan_meier(f, **TIMED, quantile_rule="last"), "quantile_rule: expected one of 'middle', 'first'"),
        (lambda f: kaplan_meier(f, **TIMED, tau=0), "tau: expected a time above 0"),
        (lambda f: kaplan_meier(f, **TIMED).restricted_mean, "restricted mean: give the time up to which it is taken"),
        (lambda f: kaplan_meier(f, **TIMED, entry="time"), "column time: given more than once"),
        (
            lambda f: kaplan_meier(f.with_columns(entry=pl.lit(-1)), **TIMED, entry="entry"),
            "column entry: expected follow-up times of 0 or more",
        ),
        (lambda f: kaplan_meier([f, f], **TIMED, cluster="ward"), "column ward: a cluster has rows in two frames"),
        (lambda f: kaplan_meier(f, **TIMED, cluster="w"), "column w: expected whole numbers that name clusters"),
        (lambda f: kaplan_meier(f, time="time", event="ward"), "column ward: expected only 0 and 1"),
    ],
)
def test_wrong_input_is_said_clearly(call: Any, message: str) -> None:
    with pytest.raises(UsageError) as caught:
        call(_frame())
    assert message in str(caught.value)


def test_a_plot_with_all_options_is_a_figure() -> None:
    from matplotlib.figure import Figure

    km = kaplan_meier(_frame(), **TIMED, by="dose", entry="entry", weight="w", tau=100)
    assert isinstance(km.plot(), Figure)
