"""The functions over frames: polars, pandas and lists of frames give the same; wrong input is said clearly."""

from __future__ import annotations

import numpy as np
import pandas as pd
import polars as pl
import pytest

import cohortium
from cohortium import baseline_table, cox, kaplan_meier, logrank
from cohortium.errors import UsageError

# Sums over sites are rounded differently.
SITES = 1e-11


def _frame(n: int = 240) -> pl.DataFrame:
    rng = np.random.default_rng(5)
    sex = rng.choice(["F", "M"], n)
    age = rng.integers(30, 90, n)
    time = np.ceil(rng.exponential(200 * np.exp(-0.02 * (age - 60) - 0.4 * (sex == "M")))).astype(int)
    frame = pl.DataFrame({"time": time, "event": rng.random(n) < 0.7, "age": age, "sex": sex})
    return frame.with_columns(
        marker=pl.Series(rng.normal(size=n)), hospital=pl.Series(rng.choice(["h1", "h2", "h3"], n))
    ).with_columns(marker=pl.when(pl.int_range(pl.len()) % 29 == 0).then(None).otherwise(pl.col("marker")))


def _all(frame: object, strata: str | None = None) -> list[float]:
    fit = cox(frame, time="time", event="event", covariates=["age", "sex", "marker"], strata=strata)  # type: ignore[arg-type]
    km = kaplan_meier(frame, time="time", event="event", by="sex")  # type: ignore[arg-type]
    test = logrank(frame, time="time", event="event", by="sex", strata=strata)  # type: ignore[arg-type]
    table = baseline_table(frame, variables=["age", "sex", "marker"], by="hospital")  # type: ignore[arg-type]
    values = [*fit.coefficients.values(), *fit.standard_errors.values(), *fit.log_likelihood, fit.n, fit.n_missing]
    values += km.table.select("survival", "lower", "upper").fill_nan(-1.0).to_numpy().ravel().tolist()
    values += [test.statistic, test.p_value, *table.to_frame()["value"].to_list()]
    return [float(value) for value in values]


@pytest.mark.parametrize("strata", [None, "hospital"])
def test_sites_and_kinds_of_frame_agree(strata: str | None) -> None:
    frame = _frame()
    whole = _all(frame, strata)
    as_pandas = frame.to_pandas() if False else pd.DataFrame({name: frame[name].to_list() for name in frame.columns})
    assert _all(as_pandas, strata) == whole
    by_hospital = frame.partition_by("hospital")
    assert _all(by_hospital, strata) == pytest.approx(whole, rel=SITES)
    by_chance = [frame.filter(pl.int_range(pl.len()) % 4 == k) for k in range(4)]
    assert _all([*by_chance, frame.clear()], strata) == pytest.approx(whole, rel=SITES)


def test_strata_that_sites_share_are_found() -> None:
    """The same strata, once inside sites and once cut by them, give the same model by different totals."""
    frame = _frame()
    inside = cox(frame.partition_by("hospital"), time="time", event="event", covariates=["age"], strata="hospital")
    cut = [frame.filter(pl.int_range(pl.len()) % 2 == k) for k in range(2)]
    across = cox(cut, time="time", event="event", covariates=["age"], strata="hospital")
    assert inside.estimate.spec.nested
    assert not across.estimate.spec.nested
    assert across.coefficients["age"] == pytest.approx(inside.coefficients["age"], rel=SITES)


def test_a_level_that_one_site_has_never_seen() -> None:
    frame = _frame()
    parts = [frame.filter(pl.col("sex") == "F"), frame.filter(pl.col("sex") == "M")]
    fit = cox(parts, time="time", event="event", covariates=["sex"])
    assert fit.coefficients == pytest.approx(cox(frame, time="time", event="event", covariates=["sex"]).coefficients)


def test_a_column_that_is_unknown_at_one_site() -> None:
    known = pl.DataFrame({"time": [1, 2, 3], "event": [1, 0, 1], "g": ["1", "2", "2"]})
    empty = pl.DataFrame({"time": [], "event": [], "g": []})
    unknown = pl.DataFrame({"time": [4], "event": [1], "g": [None]})
    assert kaplan_meier([known, empty, unknown], time="time", event="event", by="g").n_missing == 1


def test_reference_level() -> None:
    frame = _frame()
    first = cox(frame, time="time", event="event", covariates=["sex"])
    other = cox(frame, time="time", event="event", covariates=["sex"], references={"sex": "M"})
    assert list(first.coefficients) == ["sex[M]"]
    assert other.coefficients["sex[F]"] == pytest.approx(-first.coefficients["sex[M]"], rel=1e-10)
    with pytest.raises(UsageError, match="references: sex has no level 'X'; it has F, M"):
        cox(frame, time="time", event="event", covariates=["sex"], references={"sex": "X"})


def test_times_that_are_not_whole() -> None:
    """Any unit of time will do: thirds of days give the same test as days."""
    frame = _frame()
    thirds = frame.with_columns(time=pl.col("time") / 3)
    days, parts = (_all(data) for data in (frame, thirds))
    assert parts == pytest.approx(days, rel=1e-12)


def test_categorical_columns_keep_their_order() -> None:
    frame = _frame().with_columns(pl.col("sex").cast(pl.Enum(["M", "F"])))
    assert list(cox(frame, time="time", event="event", covariates=["sex"]).coefficients) == ["sex[F]"]
    pandas = pd.DataFrame({"time": [1, 2, 3, 4], "event": [1, 1, 1, 1]})
    pandas["g"] = pd.Categorical(["b", "a", "b", "a"], categories=["b", "a"])
    assert list(kaplan_meier(pandas, time="time", event="event", by="g").median) == ["b", "a"]


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda f: cox(f, time="tme", event="event", covariates=["age"]), "frame 1 has no column tme; it has time"),
        (lambda f: cox(f, time="time", event="age", covariates=["sex"]), "column age: expected only 0 and 1"),
        (lambda f: cox(f, time="time", event="event", covariates="age"), "covariates: expected a list of column names"),
        (lambda f: cox(f, time="sex", event="event", covariates=["age"]), "column sex: expected numbers, got String"),
        (lambda f: kaplan_meier([], time="time", event="event"), "no frames given"),
        (lambda f: kaplan_meier(f.lazy(), time="time", event="event"), "a lazy frame was given; call .collect"),
        (lambda f: kaplan_meier(3, time="time", event="event"), "expected a polars or pandas frame, got int"),
        (
            lambda f: kaplan_meier(f.with_columns(time=-pl.col("time")), time="time", event="event"),
            "column time: expected follow-up times of 0 or more; there are negative ones",
        ),
        (
            lambda f: cox(f, time="time", event="event", covariates=["age"], ties="exact"),
            "ties: expected one of 'efron'",
        ),
        (
            lambda f: kaplan_meier(f, time="time", event="event", interval="logit"),
            "interval: expected one of 'log-log'",
        ),
        (lambda f: kaplan_meier(f, time="time", event="event", confidence=95), "confidence: expected a number between"),
        (
            lambda f: cox(f, time="time", event="event", covariates=["sex"], references={"sx": "M"}),
            "references: sx is not among sex",
        ),
        (lambda f: cox(f, time="time", event="event", covariates=["age", "age"]), "column age: given more than once"),
        (
            lambda f: cox(f.with_columns(age=pl.col("age") / 0), time="time", event="event", covariates=["age"]),
            "column age: expected finite numbers",
        ),
        (
            lambda f: kaplan_meier([f, f.with_columns(sex=1)], time="time", event="event", by="sex"),
            "column sex: numbers at one site and texts at another",
        ),
        (lambda f: baseline_table(f, variables=[]), "variables: expected a list of column names"),
    ],
)
def test_wrong_input_is_said_clearly(call, message: str) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(UsageError) as caught:
        call(_frame())
    assert message in str(caught.value)


def test_representations() -> None:
    frame = _frame()
    assert repr(kaplan_meier(frame, time="time", event="event", by="sex")).startswith("Kaplan-Meier, 240 rows, ")
    text = repr(cox(frame, time="time", event="event", covariates=["age", "sex"], strata="hospital"))
    assert text.startswith("Cox model, Efron ties, stratified by hospital: 240 rows, ")
    assert "sex[M]  HR " in text
    assert repr(logrank(frame, time="time", event="event", by="sex")).startswith("Log-rank test: chi-square ")
    table = repr(baseline_table(frame, variables=["age", "sex"], by="sex"))
    assert "age, median (Q1 to Q3)" in table


def test_results_are_frozen() -> None:
    fit = cox(_frame(), time="time", event="event", covariates=["age"])
    with pytest.raises(AttributeError):
        fit.estimate = None  # type: ignore[misc, assignment]
    with pytest.raises(ValueError, match="read-only"):
        fit.covariance[0, 0] = 1.0


def test_plots_are_figures() -> None:
    from matplotlib.figure import Figure

    frame = _frame()
    assert isinstance(kaplan_meier(frame, time="time", event="event", by="sex").plot(), Figure)
    assert isinstance(cox(frame, time="time", event="event", covariates=["age", "sex"]).plot(), Figure)


def test_public_names() -> None:
    assert set(cohortium.__all__) <= set(dir(cohortium))
    with pytest.raises(AttributeError, match="has no attribute 'kaplan_meyer'"):
        cohortium.kaplan_meyer  # noqa: B018
