"""Weights, balance and weighted survival do not depend on how rows are cut into sites."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from cohortium import cox, kaplan_meier, propensity

# Federated equals pooled: sums of a few hundred terms in another order, through two fits.
SITES = 1e-10
OPTIONS = (
    {},
    {"estimand": "att", "truncate": 0.9},
    {"stabilized": True, "trim": 0.15},
    {"estimand": "overlap", "strata": "place"},
    {"penalty": "firth"},
)


def _patients(n: int = 240) -> pl.DataFrame:
    rng = np.random.default_rng(5)
    age, marker, center = rng.integers(30, 90, n), rng.normal(0, 1, n).round(2), rng.integers(0, 3, n)
    drug = rng.random(n) < 1 / (1 + np.exp(-(0.8 * marker - 0.03 * (age - 60) + 0.3 * center)))
    time = np.ceil(rng.exponential(40 * np.exp(-0.4 * marker + 0.3 * drug), n))
    frame = {"age": age, "marker": marker, "center": center.astype(str), "drug": drug.astype(int), "time": time}
    unknown = pl.when(pl.Series(rng.random(n) < 0.03)).then(None).otherwise(pl.col("marker"))
    return pl.DataFrame({**frame, "place": center.astype(str), "died": (rng.random(n) < 0.7).astype(int)}).with_columns(
        marker=unknown
    )


def _split(frame: pl.DataFrame, n_sites: int) -> list[pl.DataFrame]:
    """Sites of unequal size; with seven or more, one is empty and one has a single row."""
    rng = np.random.default_rng(n_sites)
    home = rng.choice(n_sites, frame.height, p=rng.dirichlet(np.ones(n_sites)))
    if n_sites >= 7:
        home[home < 2] = 2
        home[7] = 1
    return [frame.filter(pl.Series(home == site)) for site in range(n_sites)]


def _numbers(frames: list[pl.DataFrame], options: dict) -> np.ndarray:
    found = propensity(frames, treatment="drug", covariates=["age", "marker"], also=["center"], **options)
    fit = cox(found.frames(), time="time", event="died", covariates=["drug"], weight="weight")
    km = kaplan_meier(found.frames(), time="time", event="died", by="drug", weight="weight", tau=60)
    parts = [
        list(found.coefficients.values()),
        found.balance.select(pl.selectors.float()).fill_null(-1).to_numpy().ravel(),
        found.groups.select(pl.selectors.numeric()).to_numpy().ravel(),
        [found.limit, found.n_missing, fit.coefficients["drug"], fit.standard_errors["drug"]],
        *(part for curve in km.curves.values() for part in (curve.survival, np.nan_to_num(curve.lower))),
        km.restricted_mean.select(pl.selectors.numeric()).to_numpy().ravel(),
        np.sort(np.concatenate(found.weights)),
    ]
    return np.concatenate([np.asarray(part, np.float64) for part in parts])


@pytest.mark.parametrize("options", OPTIONS, ids=str)
def test_sites_equal_rows_at_one_place(options: dict) -> None:
    frame = _patients()
    expected = _numbers([frame], options)
    for n_sites in (2, 7, 18):
        frames = _split(frame, n_sites)
        assert {0, 1} <= {own.height for own in frames} or n_sites < 7
        assert np.allclose(_numbers(frames, options), expected, rtol=SITES, atol=SITES, equal_nan=True)
