"""What can be asked of a fitted Cox model: shapes, order, refusals; the numbers are compared with R elsewhere."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from cohortium import cox
from cohortium.errors import CohortiumError, EstimationError, UsageError


@pytest.fixture
def frame() -> pl.DataFrame:
    rng = np.random.default_rng(3)
    n = 120
    age = rng.integers(20, 80, n).astype(float)
    time = np.ceil(rng.exponential(200 / np.exp(0.03 * (age - 50))))
    known = rng.random(n) > 0.1
    return pl.DataFrame(
        {
            "time": time,
            "event": rng.random(n) < 0.7,
            "age": [a if k else None for a, k in zip(age, known, strict=True)],
            "sex": rng.choice(["female", "male"], n),
            "ward": rng.integers(0, 3, n),
        }
    )


def fit(frame: object, **options: object):  # type: ignore[no-untyped-def]
    return cox(frame, time="time", event="event", covariates=["age", "sex"], **options)  # type: ignore[arg-type]


def test_ph_test(frame: pl.DataFrame) -> None:
    test = fit(frame).ph_test()
    assert test.to_frame()["term"].to_list() == ["age", "sex", "GLOBAL"]
    assert test.smooth()["name"].unique(maintain_order=True).to_list() == ["age", "sex[male]"]
    assert test.smooth().height == 80
    n_events = frame.drop_nulls()["event"].sum()
    assert test.points.shape == (n_events, 3)
    assert test.points["time"].is_sorted()
    assert "GLOBAL" in repr(test)
    assert fit(frame).ph_test(smooth_df=0).smooth().is_empty()


def test_ph_test_plot_has_all_points(frame: pl.DataFrame) -> None:
    test = fit(frame).ph_test()
    panels = [axes for axes in test.plot().axes if axes.get_xlabel()]
    assert len(panels) == 2
    for axes, name in zip(panels, ("age", "sex[male]"), strict=True):
        drawn = next(line for line in axes.lines if line.get_marker() == "o")
        assert list(drawn.get_ydata()) == test.points[name].to_list()
        low, high = axes.get_ylim()
        assert low <= test.points[name].min()
        assert high >= test.points[name].max()


def test_arguments_are_checked(frame: pl.DataFrame) -> None:
    fitted = fit(frame)
    with pytest.raises(UsageError, match="transform: expected one of 'km'"):
        fitted.ph_test(transform="square")
    with pytest.raises(UsageError, match="smooth_df"):
        fitted.ph_test(smooth_df=1)
    with pytest.raises(UsageError, match="kind: expected one of 'harrell', 'uno'"):
        fitted.concordance(kind="gonen")
    with pytest.raises(UsageError, match="kind: expected one of 'martingale'"):
        fitted.residuals("working")
    with pytest.raises(UsageError, match="interval"):
        fitted.predict([{"age": 50, "sex": "male"}], interval="logit")


def test_a_scale_that_cannot_be(frame: pl.DataFrame) -> None:
    early = frame.with_columns(time=pl.when(pl.col("event")).then(pl.col("time") - 1).otherwise("time"))
    early = early.with_columns(time=pl.when(pl.col("event")).then(pl.lit(0.0)).otherwise("time").alias("time"))
    mixed = pl.concat([early.head(10), frame.tail(110)])
    with pytest.raises(EstimationError, match="event at time 0 has no place on a logarithmic scale"):
        fit(mixed).ph_test(transform="log")


def test_concordance_of_frames(frame: pl.DataFrame) -> None:
    """Over one frame; over several only within strata that lie inside them."""
    fitted = fit(frame).concordance()
    assert 0 <= fitted.lower < fitted.value < fitted.upper <= 1
    parts = frame.partition_by("ward")
    with pytest.raises(UsageError, match="different institutions can only be compared row by row"):
        fit(parts).concordance()
    within = fit(parts, strata="ward").concordance()
    assert within.pairs == fit(frame, strata="ward").concordance().pairs
    assert within.value == pytest.approx(fit(frame, strata="ward").concordance().value, rel=1e-12)
    late = frame.with_columns(entry=pl.col("time") / 2)
    with pytest.raises(EstimationError, match="come under observation at different times"):
        fit(late, entry="entry").concordance(kind="uno")


def test_prediction(frame: pl.DataFrame) -> None:
    fitted = fit(frame, strata="ward")
    baseline = fitted.baseline_hazard()
    assert baseline["stratum"].unique(maintain_order=True).to_list() == ["0", "1", "2"]
    patients = [{"age": 40, "sex": "female"}, {"age": 70, "sex": "male"}]
    curves = fitted.predict(patients, labels=["young", "old"])
    assert curves.height == 2 * baseline.height
    young, old = (curves.filter(profile=name) for name in ("young", "old"))
    assert (young["survival"] > old["survival"]).all() == (
        fitted.coefficients["age"] * 30 + fitted.coefficients["sex[male]"] > 0
    )
    assert ((curves["lower"] <= curves["survival"]) & (curves["survival"] <= curves["upper"])).all()
    at_zero = np.exp(40 * fitted.coefficients["age"])
    assert young["hazard"].to_numpy() == pytest.approx(baseline["hazard"].to_numpy() * at_zero, rel=1e-12)


def test_residuals_keep_the_place_of_every_row(frame: pl.DataFrame) -> None:
    fitted = fit(frame)
    martingale = fitted.residuals()
    assert martingale.height == frame.height
    assert martingale["residual"].is_null().to_list() == frame["age"].is_null().to_list()
    assert martingale["residual"].sum() == pytest.approx(0.0, abs=1e-10)
    dfbeta = fitted.residuals("dfbeta")
    assert dfbeta.columns == ["age", "sex[male]"]
    events = fitted.residuals("schoenfeld")
    assert frame[events["row"].to_list(), "event"].all()
    assert frame[events["row"].to_list(), "time"].to_list() == events["time"].to_list()
    parts = frame.partition_by("ward", maintain_order=True)
    split = fit(parts).residuals("score")
    assert [part.height for part in split] == [part.height for part in parts]


def test_a_coefficient_without_an_estimate_refuses_what_follows(frame: pl.DataFrame) -> None:
    separated = frame.with_columns(sex=pl.when(pl.col("event")).then(pl.lit("male")).otherwise(pl.lit("female")))
    fitted = fit(separated, penalty="none")
    for ask in (fitted.ph_test, fitted.concordance, fitted.baseline_hazard):
        with pytest.raises(CohortiumError, match="no finite maximum-likelihood estimate"):
            ask()
    penalized = fit(separated, penalty="if-needed")
    assert np.isfinite(penalized.ph_test().tests.tests[-1].statistic)
    assert penalized.concordance().value > 0.5
