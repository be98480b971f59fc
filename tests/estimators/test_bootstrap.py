"""The bootstrap of a Cox model is the ordinary fit on the drawn rows, replicate by replicate."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

import cohortium
from cohortium.api.bootstrap import CoxBootstrap
from cohortium.errors import UsageError
from cohortium.estimators.cox.bootstrap import drawn_rows

# Both stop when the step is below 1e-9 standard errors.
REFIT = 1e-8
REPLICATES = 25
SEED = 20
OUTCOME = {"time": "day", "event": "died"}


def cohort(n: int, last_day: int, seed: int = 4) -> pl.DataFrame:
    rng = np.random.default_rng(seed)
    age, stage, grade = rng.normal(60, 10, n), rng.choice(["I", "II", "III"], n, p=[0.5, 0.3, 0.2]), rng.random(n)
    days = np.ceil(rng.exponential(300 * np.exp(-0.03 * (age - 60) - 0.4 * (stage == "III"))))
    censored = np.ceil(rng.uniform(50, 700, n))
    day = np.ceil(np.minimum(days, censored) / 700 * last_day)
    columns = {"day": day, "died": (days <= censored) * 1, "age": age, "stage": stage, "grade": grade}
    return pl.DataFrame({**columns, "inst": rng.choice(["a", "b", "c"], n)})


def refit(frame: pl.DataFrame, found: CoxBootstrap, replicate: int, **options: str) -> np.ndarray:
    """The ordinary fit on the rows of one replicate, written out; copies of a death are tied deaths."""
    drawn = frame[drawn_rows(frame.height, found.seed, replicate)].with_columns(pl.col("stage").cast(STAGES))
    model = cohortium.cox(drawn, **OUTCOME, covariates=["age", "stage", "grade"], **options)
    return np.array(list(model.coefficients.values()))


STAGES = pl.Enum(["I", "II", "III"])


@pytest.mark.parametrize("ties", ["efron", "breslow"])
@pytest.mark.parametrize("strata", [None, "inst"])
@pytest.mark.parametrize("last_day", [700, 12])
def test_replicates_are_refits(ties: str, strata: str | None, last_day: int) -> None:
    frame = cohort(160, last_day)
    options = {"ties": ties, **({"strata": strata} if strata else {})}
    found = cohortium.bootstrap_cox(
        frame, **OUTCOME, covariates=["age", "stage", "grade"], replicates=REPLICATES, seed=SEED, **options
    )
    for replicate in range(REPLICATES):
        expected = refit(frame, found, replicate, **options)
        np.testing.assert_allclose(found.replicates[replicate], expected, rtol=REFIT, atol=REFIT * 1e-2)


def test_copies_of_a_death_are_tied_deaths() -> None:
    """With the death at 1 drawn twice, Efron's second factor is over half of its two copies less: not a weight of 2.

    Drawn: deaths at 1 (x = 1, two copies), 2 (x = 0) and 3 (x = 1, alone at risk), r = exp(beta). The log likelihood is
    2 beta - log(3r + 1) - log(2r + 1) - log(r + 1); with a weight of 2 it would hold 2 log(3r + 1).
    """
    frame = pl.DataFrame({"day": [1, 2, 3, 4], "died": [1, 1, 1, 0], "x": [1.0, 0.0, 1.0, 0.0], "inst": ["a"] * 4})
    seed = next(s for s in range(10_000) if sorted(drawn_rows(4, s, 0).tolist()) == [0, 0, 1, 2])
    found = cohortium.bootstrap_cox(frame, **OUTCOME, covariates=["x"], replicates=2, seed=seed)
    r = float(np.exp(found.replicates[0, 0]))
    score = 2 - 3 * r / (3 * r + 1) - 2 * r / (2 * r + 1) - r / (r + 1)
    assert score == pytest.approx(0.0, abs=REFIT)


def test_replicates_without_a_finite_estimate_are_counted_and_named() -> None:
    frame = cohort(60, 700).with_columns(rare=pl.Series(["no"] * 57 + ["yes"] * 3))
    found = cohortium.bootstrap_cox(frame, **OUTCOME, covariates=["age", "rare"], replicates=200, seed=SEED)
    without = [
        not (frame["rare"][drawn_rows(frame.height, SEED, r)] == "yes").any() for r in range(len(found.replicates))
    ]
    lacking = np.isnan(found.replicates[:, 1])
    assert sum(without) > 0
    assert lacking[without].all()
    assert found.n_finite == {"age": 200, "rare[yes]": int(200 - lacking.sum())}
    n = int(lacking.sum())
    message = f"{n} of 200 replicates have no finite estimate; limits are from the other {200 - n}"
    assert found.warnings == (f"rare[yes]: {message}",)


def test_rows_left_out_are_not_drawn() -> None:
    frame = cohort(120, 700)
    holes = pl.concat([frame.head(40).with_columns(age=pl.lit(None, pl.Float64)), frame])
    options = {**OUTCOME, "covariates": ["age", "grade"], "replicates": 20, "seed": SEED}
    first, second = cohortium.bootstrap_cox(frame, **options), cohortium.bootstrap_cox(holes, **options)
    np.testing.assert_array_equal(first.replicates, second.replicates)


def test_the_same_seed_draws_the_same_replicates() -> None:
    frame = cohort(120, 700)
    options = {**OUTCOME, "covariates": ["age"], "replicates": 40}
    first = cohortium.bootstrap_cox(frame, **options)
    again = cohortium.bootstrap_cox(frame, **options, seed=first.seed)
    more = cohortium.bootstrap_cox(frame, **{**options, "replicates": 60}, seed=first.seed)
    np.testing.assert_array_equal(first.replicates, again.replicates)
    np.testing.assert_allclose(first.replicates, more.replicates[:40], rtol=REFIT)


def test_limits_are_quantiles_of_the_replicates() -> None:
    frame = cohort(200, 700)
    found = cohortium.bootstrap_cox(frame, **OUTCOME, covariates=["age"], replicates=400, seed=SEED, confidence=0.9)
    row = found.to_frame().row(0, named=True)
    assert row["lower"] == pytest.approx(np.exp(np.quantile(found.replicates[:, 0], 0.05)))
    assert row["upper"] == pytest.approx(np.exp(np.quantile(found.replicates[:, 0], 0.95)))
    assert row["n_replicates"] == 400
    # The bootstrap error of a well-behaved model is near the one from the information.
    assert row["standard_error"] == pytest.approx(found.fit.standard_errors["age"], rel=0.25)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"replicates": 1}, "replicates: expected 2 to"),
        ({"seed": -1}, "seed: expected a whole number"),
    ],
)
def test_arguments(options: dict[str, int], message: str) -> None:
    with pytest.raises(UsageError, match=message):
        cohortium.bootstrap_cox(cohort(30, 700), **OUTCOME, covariates=["age"], **options)


def test_sites_are_refused_with_the_reason() -> None:
    with pytest.raises(UsageError, match="needs them in one frame"):
        cohortium.bootstrap_cox([cohort(30, 700), cohort(30, 700)], **OUTCOME, covariates=["age"])
