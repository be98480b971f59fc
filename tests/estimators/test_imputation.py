"""Random numbers by counter, draws in closed form, and imputed values wherever the rows are."""

from __future__ import annotations

import math

import numpy as np
import polars as pl
import pytest

from cohortium import impute, pool
from cohortium.errors import EstimationError, UsageError, WireError
from cohortium.estimators.contract import Next, Rows
from cohortium.estimators.distributions import normal_quantile
from cohortium.estimators.grid import Grid
from cohortium.estimators.imputation import multinomial
from cohortium.estimators.imputation.estimator import ESTIMATOR
from cohortium.estimators.imputation.hazard import hazard_counts, nelson_aalen, outcome_columns
from cohortium.estimators.imputation.linear import draw_linear, root_of
from cohortium.estimators.imputation.philox import Purpose, chi_squares, normals, philox, uniforms
from cohortium.estimators.imputation.rounds import found_shapes
from cohortium.estimators.imputation.spec import FollowUp, ImputationSpec, Quantity
from cohortium.totals import Params, Totals, zero

# A handful of roundings.
CLOSE = 1e-12
# Sums of squares and products of a few hundred rows, added in another order, and what ten iterations make of it.
SPLIT = 1e-9
ANY = Purpose(1, 2)


@pytest.mark.parametrize(
    ("counter", "key", "expected"),
    [
        ((0, 0, 0, 0), (0, 0), (0x6627E8D5, 0xE169C58D, 0xBC57AC4C, 0x9B00DBD8)),
        (
            (0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344),
            (0xA4093822, 0x299F31D0),
            (0xD16CFE09, 0x94FDCCEB, 0x5001E420, 0x24126EA1),
        ),
    ],
)
def test_known_answers_of_the_generator(
    counter: tuple[int, ...], key: tuple[int, int], expected: tuple[int, ...]
) -> None:
    """The answers that its authors publish with Random123."""
    words = tuple(np.array([word], np.uint64) for word in counter)
    assert tuple(int(word[0]) for word in philox(words, key)) == expected  # type: ignore[arg-type]


def test_a_number_depends_on_its_place_alone() -> None:
    places = np.array([5, 2**52 + 1, 77], np.uint64)
    together = uniforms(1, ANY, 4, places)
    assert together.shape == (4, 3)
    assert np.array_equal(together[:, [2]], uniforms(1, ANY, 4, places[2:]))
    assert np.array_equal(together[:2], uniforms(1, ANY, 2, places))
    others = [
        uniforms(2, ANY, 4, places),
        *(uniforms(1, purpose, 4, places) for purpose in (Purpose(2, 1), Purpose(1, 2, 1))),
    ]
    every = np.concatenate([together, *others])
    assert np.unique(every).size == every.size


def test_numbers_are_as_uniform_and_as_normal_as_they_say() -> None:
    """Kolmogorov's distance is below 1.95 / sqrt(n) but for one time in 1,000."""
    places = np.arange(20_000, dtype=np.uint64)
    found = np.sort(uniforms(3, ANY, 1, places)[0])
    assert np.abs(found - (np.arange(20_000) + 0.5) / 20_000).max() < 1.95 / math.sqrt(20_000)
    assert normals(3, ANY, 1, places)[0, 7] == pytest.approx(
        normal_quantile(uniforms(3, ANY, 1, places)[0, 7]), rel=1e-9
    )
    assert chi_squares(3, ANY, 2_000, 0, 7.0).mean() == pytest.approx(7.0, abs=4 * math.sqrt(14 / 2_000))


def test_draw_of_a_mean_in_closed_form() -> None:
    """With a constant alone: mean + sigma z / sqrt(n), sigma^2 = sum of squares / chi-square of n - 1."""
    values = np.array([1.0, 2.0, 4.0, 9.0])
    columns = np.column_stack([np.ones(4), values])
    (drawn,) = draw_linear((columns.T @ columns)[None], 1, np.array([0]), 4, 11, ANY)
    z = normals(11, ANY._replace(kind=1), 1, np.array([0], np.uint64))[0, 0]
    sigma = math.sqrt(38.0 / chi_squares(11, ANY._replace(kind=1), 1, 1, 3.0)[0])
    assert drawn.tolist() == pytest.approx([4 + sigma * z / 2, sigma], rel=CLOSE)


def test_dependent_columns_are_left_out() -> None:
    x = np.random.default_rng(1).normal(size=(30, 2))
    columns = np.column_stack([np.ones(30), x, x[:, 0] + x[:, 1], np.zeros(30)])
    root = root_of(columns.T @ columns)
    assert root.kept.tolist() == [0, 1, 2]
    right = columns.T @ (2 + x @ [1.0, -3.0])
    assert root.solve(right) == pytest.approx([2, 1, -3, 0, 0], abs=1e-10)
    whole = root_of(columns[:, :3].T @ columns[:, :3])
    cover = np.array([whole.spread(row) for row in np.eye(3)])
    assert cover.T @ cover == pytest.approx(np.linalg.inv(columns[:, :3].T @ columns[:, :3]), rel=1e-9)


def test_logistic_fit_of_a_share_in_closed_form() -> None:
    """Without predictors the odds of each level are its count over that of the first."""
    level, seen = np.repeat([0, 2, 3], [5, 2, 3]), np.array([0.5, 0.0, 0.2, 0.3])
    fit = multinomial.start_fit(np.zeros((4, 1)))
    while not fit.ended:
        fit = multinomial.advance(fit, multinomial.sums(np.ones((10, 1)), level, fit.beta, seen), seen)
    assert fit.beta[:, 0] == pytest.approx([0.0, 0.0, math.log(2 / 5), math.log(3 / 5)], abs=1e-10)
    chances = multinomial.probabilities(np.ones((1, 1)), fit.beta, seen)
    assert chances[0] == pytest.approx([0.5, 0.0, 0.2, 0.3], abs=1e-10)


def test_added_rows_weigh_as_much_as_the_coefficients() -> None:
    total, square = np.array([10.0, 20.0, 0.0]), np.array([10.0, 76.0, 9.0])
    design, level, weight = multinomial.added_rows(total, square, 10, np.array([0.4, 0.0, 0.6]))
    assert design.shape == (8, 3)
    assert weight * 8 == pytest.approx(3)
    assert sorted(level.tolist()) == [0] * 4 + [2] * 4
    assert design[:2].tolist() == [[1, 3, 0], [1, 1, 0]]
    assert design[4:6].tolist() == [[1, 2, 0.5], [1, 2, -0.5]]


def test_cumulative_hazard_with_late_entry() -> None:
    """Four at risk from the start and one from day 2: steps 1/4 on day 2 and 2/4 on day 3."""
    numbers = {
        "time": np.array([2.0, 3, 3, 5, 5]),
        "event": np.array([1.0, 1, 1, 0, 0]),
        "entry": np.array([0.0, 0, 0, 0, 2]),
    }
    rows, outcome = Rows(5, numbers, {}), FollowUp("time", "event", Grid.whole(6), "entry")
    used = np.arange(5)
    hazard = nelson_aalen(Totals(hazard_counts(rows, outcome, used)))
    assert hazard[0].tolist() == [0, 0, 0.25, 0.75, 0.75, 0.75, 0.75]
    assert outcome_columns(rows, outcome, used, hazard).tolist() == [
        [1, 0.25],
        [1, 0.75],
        [1, 0.75],
        [0, 0.75],
        [0, 0.5],
    ]


def _frame(n: int = 180) -> pl.DataFrame:
    rng = np.random.default_rng(4)
    age = rng.integers(40, 85, n)
    ldh = np.round(150 + 1.2 * age + rng.normal(0, 30, n))
    grade = np.array(["low", "middle", "high"])[np.clip((ldh // 60).astype(int) - 3, 0, 2)]
    sex = rng.integers(0, 2, n).astype(bool)
    time = np.ceil(rng.exponential(300, n))
    unknown = rng.random((n, 3)) < [0.2, 0.25, 0.1]
    return pl.DataFrame(
        {
            "name": [f"P{i:03}" for i in range(n)],
            "age": age,
            "ldh": [None if skip else x for x, skip in zip(ldh.tolist(), unknown[:, 0], strict=True)],
            "grade": [None if skip else x for x, skip in zip(grade.tolist(), unknown[:, 1], strict=True)],
            "sex": [None if skip else x for x, skip in zip(sex.tolist(), unknown[:, 2], strict=True)],
            "time": time,
            "dead": (time < 500).astype(int),
            "center": rng.integers(0, 7, n),
        }
    )


ASKED = {
    "variables": ["ldh", "grade", "sex"],
    "helpers": ["age"],
    "time": "time",
    "event": "dead",
    "id": "name",
    "m": 3,
    "iterations": 4,
}


@pytest.mark.parametrize("n_sites", [1, 2, 7, 18])
@pytest.mark.parametrize("decimals", [{"ldh": 0}, {}])
def test_imputed_values_do_not_depend_on_sites_or_order(n_sites: int, decimals: dict[str, int]) -> None:
    """Empty sites, a site of one row, any order: the same values, to the last bit where they are rounded."""
    frame = _frame()
    whole = impute(frame, **ASKED, decimals=decimals)
    site = np.random.default_rng(n_sites).integers(0, n_sites, frame.height)
    site[0] = n_sites
    parts = [frame.filter(pl.Series(site == k)).sample(fraction=1.0, shuffle=True, seed=k) for k in range(n_sites + 2)]
    split = impute(parts, **ASKED, decimals=decimals)
    for i in range(3):
        (expected,) = whole.frames(i)
        found = pl.concat(split.frames(i)).sort("name")
        assert found.select(pl.exclude("ldh")).equals(expected.select(pl.exclude("ldh")))
        if decimals:
            assert found["ldh"].equals(expected["ldh"])
        assert found["ldh"].to_numpy() == pytest.approx(expected["ldh"].to_numpy(), rel=SPLIT)


def test_imputed_frames_keep_what_is_known() -> None:
    frame = _frame()
    imputed = impute(frame, **ASKED, limits={"ldh": (100, 500)}, decimals={"ldh": 0})
    assert imputed.n_imputed == {name: frame[name].null_count() for name in ASKED["variables"]}
    first, second = (imputed.frames(i)[0] for i in (0, 1))
    assert set(first.columns) == set(frame.columns)
    assert first["ldh"].is_between(100, 500).all()
    for name in ASKED["variables"]:
        known = frame[name].is_not_null()
        assert first[name].null_count() == 0
        assert first[name].dtype == frame[name].dtype
        assert first[name].filter(known).equals(frame[name].filter(known))
        assert not first[name].equals(second[name])


def test_rows_without_a_helper_keep_their_unknown_values() -> None:
    frame = _frame().with_columns(age=pl.when(pl.int_range(pl.len()) > 3).then("age"))
    imputed = impute(frame, **ASKED)
    assert imputed.estimate.left_out == 4
    assert imputed.frames(0)[0]["ldh"][:4].equals(frame["ldh"][:4])


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"id": "center"}, "a different name for every row"),
        ({"variables": []}, "a list of column names"),
        ({"m": 1}, "two imputations or more"),
        ({"event": None}, "give both or neither"),
        ({"limits": {"ldh": (300, 400)}}, "values outside 300 to 400"),
        ({"decimals": {"age": 1}}, "age is not among"),
    ],
)
def test_faults_of_arguments(changed: dict, message: str) -> None:
    with pytest.raises(UsageError, match=message):
        impute(_frame(), **{**ASKED, **changed})


def test_nothing_known_is_refused() -> None:
    with pytest.raises(EstimationError, match="no known value of ldh"):
        impute(_frame().with_columns(ldh=pl.lit(None, pl.Float64)), **ASKED)


def test_separated_levels_are_imputed() -> None:
    """A level that a predictor separates has finite coefficients, and is drawn where it belongs."""
    n = 60
    frame = pl.DataFrame({"id": range(n), "x": range(n), "y": ["a" if i < 30 else "b" for i in range(n)]})
    frame = frame.with_columns(y=pl.when(~pl.col("x").is_in([1, 58])).then("y"))
    imputed = impute(frame, variables=["y"], helpers=["x"], id="id", m=20, iterations=1)
    drawn = [imputed.frames(i)[0]["y"] for i in range(20)]
    assert sum(one[1] == "a" for one in drawn) >= 18
    assert sum(one[58] == "b" for one in drawn) >= 18


def test_rubins_rules_by_hand() -> None:
    """Estimates 1, 1.2 and 0.8, variances 0.04, 0.05 and 0.03: T = 0.04 + 4/3 0.04."""
    found = pool([1.0, 1.2, 0.8], [0.04, 0.05, 0.03])
    assert found.rubin.total[0] == pytest.approx(0.04 + 4 / 3 * 0.04, rel=CLOSE)
    assert found.rubin.df[0] == pytest.approx(2 * (1 + 3 / 4) ** 2, rel=CLOSE)
    with pytest.raises(UsageError, match="needs covariances"):
        found.joint_test()
    with pytest.raises(UsageError, match="of one shape"):
        pool([1.0, 2.0], [0.1])


@pytest.mark.parametrize(
    "params",
    [{}, {"phase": 2}, {"phase": 0.0}, {"phase": 1}, {"phase": 1, "turn": 1}, {"phase": 1, "turn": -1}],
)
def test_a_round_that_is_not_declared_is_refused(params: dict) -> None:
    spec = ImputationSpec((Quantity("age", 0, 100),), patient="patient")
    with pytest.raises(WireError, match="no such"):
        ESTIMATOR.asks(spec, Params(params))


def test_a_visit_that_is_not_declared_is_refused() -> None:
    spec = ImputationSpec((Quantity("age", 0, 100),), patient="patient", m=2, iterations=1)
    rows = Rows(2, {"age": np.array([50.0, np.nan]), "patient": np.array([1.0, 2.0])}, {})
    params = Params({"phase": 1, "turn": 0, **zero(found_shapes(spec)), "missing": np.array([1]), "visits": 2})
    with pytest.raises(WireError, match="no such visit"):
        ESTIMATOR.summarize(ESTIMATOR.prepare(rows, spec), params)


def test_a_site_answers_out_of_order_as_in_order() -> None:
    """What a site keeps is only ever what the parameters of the question say."""
    spec = ImputationSpec((Quantity("age", 0, 100, 0),), patient="patient", m=2, iterations=3)
    numbers = {"age": np.array([50.0, np.nan, 61, 70, np.nan]), "patient": np.arange(5.0)}
    site = ESTIMATOR.prepare(Rows(5, numbers, {}), spec)
    step, asked = ESTIMATOR.start(spec), []
    while isinstance(step, Next):
        asked.append((step.params, ESTIMATOR.summarize(site, step.params)))
        step = ESTIMATOR.solve(spec, asked[-1][1], step)
    assert len(asked) == 4
    for params, totals in (asked[3], asked[1], asked[2], asked[1]):
        assert ESTIMATOR.summarize(site, params) == totals
