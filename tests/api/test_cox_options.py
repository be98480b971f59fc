"""`cox`, `cox_table` and `subgroup_effects` with all their arguments."""

import numpy as np
import polars as pl
import pytest

from cohortium import cox, cox_table, subgroup_effects
from cohortium.errors import UsageError

MODEL = {"time": "time", "event": "event"}


@pytest.fixture(scope="module")
def frame() -> pl.DataFrame:
    rng = np.random.default_rng(5)
    n = 240
    age, arm = rng.integers(30, 85, n), rng.choice(["A", "B"], n)
    grade = rng.choice(["low", "high"], n)
    rate = 0.02 * np.exp(0.02 * (age - 60) + 0.5 * (arm == "B") * (grade == "high"))
    time = np.ceil(rng.exponential(1 / rate))
    return pl.DataFrame(
        {
            "time": time,
            "event": (rng.random(n) < 0.8).astype(int),
            "age": age,
            "arm": arm,
            "grade": grade,
            "start": np.floor(time * rng.random(n) / 3),
            "w": np.round(rng.uniform(0.5, 2, n), 1),
            "family": rng.integers(0, 80, n),
            "shift": np.round(rng.normal(0, 0.1, n), 2),
        }
    )


def test_all_roles_and_terms_in_one_model(frame):
    fit = cox(
        frame, **MODEL, covariates=["age", "arm", "grade"], interactions=[["arm", "grade"]], splines={"age": 4},
        references={"arm": "B"}, entry="start", weight="w", offset="shift", cluster="family", penalty="none",
    )  # fmt: skip
    assert fit.names == ("age", "age'", "age''", "arm[A]", "grade[low]", "arm[A] x grade[low]")
    assert repr(fit).startswith("Cox model, Efron ties, robust standard errors: ")
    assert np.isfinite(fit.covariance).all()
    tests = fit.term_tests()
    assert tests.columns[:3] == ["term", "df", "wald"]
    # The likelihood ratio has no meaning with a robust variance; arm and grade are within the interaction.
    assert tests["likelihood_ratio"].null_count() == 4
    assert tests["wald"].is_not_null().to_list() == [True, False, False, True]


def test_a_product_is_the_column_of_products(frame):
    fit = cox(frame, **MODEL, covariates=["age", "arm"], interactions=[["age", "arm"]])
    by_hand = frame.with_columns(product=pl.col("age") * (pl.col("arm") == "B"))
    same = cox(by_hand, **MODEL, covariates=["age", "arm", "product"])
    assert list(fit.coefficients.values()) == pytest.approx(list(same.coefficients.values()), rel=1e-11)


def test_the_table_is_the_models_side_by_side(frame):
    table = cox_table(frame, **MODEL, covariates=["age", "arm"], strata="grade", entry="start")
    assert table.columns == [
        "model", "variable", "level", "n", "events", "hazard_ratio", "lower", "upper", "p_value", "note", "warning",
    ]  # fmt: skip
    for model, covariates in (("univariable", ["age"]), ("multivariable", ["age", "arm"])):
        fit = cox(frame, **MODEL, covariates=covariates, strata="grade", entry="start")
        row = table.row(by_predicate=(pl.col("model") == model) & (pl.col("variable") == "age"), named=True)
        assert row["hazard_ratio"] == pytest.approx(np.exp(fit.coefficients["age"]), rel=1e-12)
    assert table.filter(level="A")["note"].to_list() == ["reference", "reference"]


def test_the_effect_in_a_subgroup_does_not_depend_on_reference_levels(frame):
    shared = {**MODEL, "effect": "arm", "by": ["grade"], "covariates": ["age"]}
    found = subgroup_effects(frame, **shared)
    turned = subgroup_effects(frame, **shared, references={"grade": "low"})
    rows, other = (result.to_frame().filter(pl.col("variable") == "grade").sort("level") for result in (found, turned))
    for name in ("n", "events", "hazard_ratio", "lower", "upper", "interaction_p"):
        assert rows[name].to_list() == pytest.approx(other[name].to_list(), rel=1e-9)
    assert repr(found).startswith("Effect of arm in subgroups\n  All  HR ")
    parts = subgroup_effects([frame[:100], frame[100:101], frame[101:]], **shared)
    assert parts.to_frame()["lower"].to_list() == pytest.approx(found.to_frame()["lower"].to_list(), rel=1e-10)


def test_predicted_survival_and_what_follows_the_fit(frame):
    fit = cox(frame, **MODEL, covariates=["age", "arm"])
    patients = [{"age": 60, "arm": "A"}, {"age": 60, "arm": "B"}]
    curves = fit.predict(patients, labels=["A", "B"])
    at = {label: curves.filter(profile=label)["hazard"].to_numpy() for label in "AB"}
    assert at["B"] / at["A"] == pytest.approx(np.exp(fit.coefficients["arm[B]"]), rel=1e-12)
    assert fit.predict(pl.DataFrame(patients)).equals(curves.with_columns(profile=fit.predict(patients)["profile"]))
    assert fit.ph_test().to_frame()["term"].to_list() == ["age", "arm", "GLOBAL"]
    assert 0.4 < fit.concordance().value < 0.8
    assert fit.residuals("martingale")["residual"].sum() == pytest.approx(0, abs=1e-9)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"interactions": [["age"]]}, "interactions: expected lists of two or more covariates"),
        ({"interactions": [["age", "grade"]]}, "interactions: "),
        ({"interactions": [["age", "arm"], ["arm", "age"]]}, "interactions: that of age and arm is given twice"),
        ({"splines": {"age": 9}}, "splines: expected from 3 to 7 knots for age, or a list of them, got 9"),
        ({"splines": {"age": [50, 40, 60]}}, "splines: expected at least 3 knots in ascending order for age"),
        ({"splines": {"arm": 3}}, "column arm: expected numbers"),
        ({"penalty": "firth", "weight": "w"}, "penalty: Firth's penalty is not defined with case weights"),
        ({"penalty": "ridge"}, "penalty: expected one of 'none', 'firth', 'if-needed', got 'ridge'"),
        ({"offset": "age"}, "column age: given more than once"),
    ],
)
def test_misuse_is_named(frame, options, message):
    with pytest.raises(UsageError) as error:
        cox(frame, **MODEL, covariates=["age", "arm"], **options)
    assert message in str(error.value)


def test_patients_to_predict_for_are_complete(frame):
    fit = cox(frame, **MODEL, covariates=["age", "arm"])
    with pytest.raises(UsageError, match="no value of arm; each needs age, arm"):
        fit.predict([{"age": 60}])
    with pytest.raises(UsageError, match="arm has no level 'C'; it has A, B"):
        fit.predict([{"age": 60, "arm": "C"}])
