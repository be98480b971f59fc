"""Keys of a Cox analysis: each misuse is named with its place and a way out; what is right becomes a specification."""

import pytest

from cohortium.estimators.cox.spec import ProductTerm, SplineTerm
from cohortium.estimators.registry import REGISTRY
from cohortium.study.load import load_study

MODEL = 'method = "cox"\nendpoint = "os"'
PLACE = "analysis[4]"


def _with(keys: str) -> tuple[str, str]:
    return MODEL, f"{MODEL}\n{keys}"


CHANGES = [
    # splines
    (("per = 10", "spline = { knots = [40, 60, 60] }"), ["covariates[2].spline.knots: expected numbers in ascending order, each once"]),
    (("per = 10", "spline = { knots = [40, 60, 200] }"), ["covariates[2].spline.knots: 200 is outside the declared range of age, 18 to 100"]),
    (("per = 10", "spline = { knots = [10, 50, 200] }"), ["covariates[2].spline.knots: 10 and 200 are outside the declared range of age, 18 to 100"]),
    (("per = 10", "spline = { knots = [40, 60] }"), ["covariates[2].spline.knots: expected at least 3 elements"]),
    (("per = 10", "per = 10, spline = { knots = [40, 50, 60] }"), ["covariates[2].spline: a spline has no hazard ratio per unit (remove per)"]),
    (('reference = "frail"', "spline = { knots = [1, 2, 3] }"), ["covariates[4].spline: is for a number; fit is a category (remove spline)"]),
    # interactions
    (_with('interactions = [["sex"]]'), ["interactions[1]: expected at least two covariates, such as ['age', 'sex']"]),
    (_with('interactions = [["sex", "agee"]]'), ["interactions[1][2]: 'agee' is not a covariate of this model; expected one of sex, age, ecog, fit (did you mean 'age'?)"]),
    (_with('interactions = [["sex", "age"], ["age", "sex"]]'), ["interactions[2]: the interaction of age and sex is listed twice"]),
    (_with('interactions = [["sex", "age"], ["age", "fit"], ["age", "fit", "sex"]]'), ["interactions[3]: needs the interaction of fit and sex too (add ['fit', 'sex'])"]),
    # weights, offsets, clusters, penalty
    (_with('weight = "arm"'), ["weight: arm is a category; expected a number above 0"]),
    (_with('offset = "age"'), ["offset: age is in the model already, so it cannot be the offset too"]),
    (_with('cluster = "weight"'), ["cluster: weight is a number; expected a whole number that says who belongs together"]),
    (_with('penalty = "firth"\nrobust = true'), ["penalty: Firth's penalty is not defined with robust (remove robust, or set penalty = 'none')"]),
    # concordance
    (_with('concordance = ["harrell", "harrell"]'), ["concordance[2]: harrell is listed twice"]),
    # predictions
    (_with("at_months = [12]"), ["at_months: predict and at_months belong together: for whom, and when (add predict)"]),
    (_with('at_months = [12]\npredict = [{ label = "A", values = { sex = "Male", age = 60, ecog = 1 } }]'), ["predict[1].values: has no value of fit (add fit = ...)"]),
    (_with('at_months = [99]\npredict = [{ label = "A", values = { sex = "Mal", age = "60", ecog = 1, fit = "fit" } }]'), ["at_months[1]: 99 months is beyond the horizon of 1000 days (32.9 months) (raise horizon_days in [time])", "predict[1].values.sex: sex has no level 'Mal'; expected one of Male, Female (did you mean 'Male'?)", "predict[1].values.age: age is a number; expected a number without quotation marks"]),
    (_with('at_months = [12]\npredict = [{ label = "A", values = { sex = "Male", age = 160, ecog = 1, fit = "fit" } }]'), ["predict[1].values.age: 160 is outside the declared range of age, 18 to 100"]),
    # subgroups
    (_with('subgroups = { effect = "sex", by = ["sex"] }'), ["subgroups.by[1]: sex is the effect, so it cannot be a subgroup too"]),
    (_with('subgroups = { effect = "arm", by = ["fit"] }'), ["subgroups.effect: 'arm' is not a covariate of this model; expected one of sex, age, ecog, fit (add 'arm' to covariates)"]),
    (_with('subgroups = { effect = "sex", by = ["age", "ecog"] }'), ["subgroups.by[1]: age is a whole number; expected a category with declared levels", "subgroups.by[2]: ecog is in the model as a number, so its levels are no subgroups (remove as_number)"]),
]  # fmt: skip


@pytest.mark.parametrize(("change", "expected"), CHANGES)
def test_each_misuse_is_named(problems, change, expected):
    assert problems(change) == [f"{PLACE}.{fault}" for fault in expected]


GOOD = (
    ("per = 10", "spline = { knots = [40, 55, 70] }"),
    _with(
        'interactions = [["sex", "age"]]\nweight = "weight"\ncluster = "days"\nunivariable = true\n'
        'at_months = [12, 24]\npredict = [{ label = "A", values = { sex = "Female", age = 60, ecog = 1, fit = "fit" } }]'
    ),
)


def test_the_keys_become_specifications(problems, study_dir):
    assert problems(*GOOD) == []
    study = load_study(study_dir)
    tasks = {task.key: task for task in REGISTRY["cox"].plan(study, study.analysis("os-model"))}
    assert list(tasks) == [
        "os-model/multivariable",
        *(f"os-model/univariable/{v}" for v in ("sex", "age", "ecog", "fit")),
    ]
    spec = tasks["os-model/multivariable"].spec
    assert [column.name for column in spec.columns] == [
        "sex[Female]", "age", "age'", "ecog", "fit[fit]", "sex[Female] x age", "sex[Female] x age'",
    ]  # fmt: skip
    assert spec.terms[1] == SplineTerm("age", (40.0, 55.0, 70.0), "restricted cubic spline, knots 40, 55, 70")
    assert isinstance(spec.terms[-1], ProductTerm)
    assert (spec.weight, spec.cluster, spec.is_robust) == ("weight", "days", True)
    assert {"weight", "days"} <= set(spec.numbers)
    bend = ((60 - 40) ** 3 - (60 - 55) ** 3 * (70 - 40) / (70 - 55)) / (70 - 40) ** 2
    (profile,) = spec.prediction.profiles
    assert profile.values == pytest.approx((1, 60, bend, 1, 1, 60, bend))
    assert tasks["os-model/univariable/age"].spec.prediction is None


def test_subgroups_are_models_with_one_interaction_each(problems, study_dir):
    assert problems(_with('subgroups = { effect = "sex", by = ["fit", "arm"] }')) == []
    study = load_study(study_dir)
    tasks = REGISTRY["cox"].plan(study, study.analysis("os-model"))[1:]
    assert [task.key.removeprefix("os-model/") for task in tasks] == ["subgroup", "subgroup/fit", "subgroup/arm"]
    assert [[term.name for term in task.spec.terms[4:]] for task in tasks] == [[], ["sex x fit"], ["arm", "sex x arm"]]
    assert all(task.spec.effect == "sex" for task in tasks)


def test_the_number_of_knots_alone_is_refused(problems):
    assert problems(("per = 10", "spline = { knots = 4 }")) == [
        (
            "analysis[4].covariates[2].spline.knots: expected a list in square brackets (write the knots, such as "
            "[40, 55, 70]: where quantiles lie is not known before the data are)"
        )
    ]


def test_a_time_dependent_covariate_is_read_from_episodes(problems, study_dir):
    keys = 'time_dependent = [{ variable = "therapy_date", label = "Therapy" }]\nrobust = true'
    assert problems(_with(keys + '\ninteractions = [["sex", "therapy_date"]]')) == []
    study = load_study(study_dir)
    spec = REGISTRY["cox"].plan(study, study.analysis("os-model"))[0].spec
    assert (spec.population, spec.entry, spec.cluster) == ("os-model/episodes", "os__entry", "__patient")
    assert [term.name for term in spec.terms[-2:]] == ["therapy_date", "sex x therapy_date"]


def test_a_date_has_no_meaning_without_a_day_0(problems):
    """A study whose follow-up is in days has no origin from which the covariate's day could be counted."""
    found = problems(
        _with('time_dependent = [{ variable = "therapy_date", label = "T" }]'), ('origin = "entry_date"', "")
    )
    assert (
        "analysis[4].time_dependent[1].variable: therapy_date is a date, but the study has no day 0 "
        "(set origin in [time])"
    ) in found


def test_a_variable_of_one_level_makes_no_subgroups(problems):
    one = '\n[[derive]]\nname = "all"\nlabel = "All"\ncases = [{ level = "All", where = "age >= 18" }]\n'
    assert problems(_with('subgroups = { effect = "sex", by = ["all"] }'), add=one) == [
        "analysis[4].subgroups.by[1]: all has one level; expected at least two subgroups"
    ]


def test_an_interaction_is_for_as_many_units_as_its_covariate(problems, study_dir):
    assert problems(_with('interactions = [["sex", "age"], ["sex", "fit"]]')) == []
    study = load_study(study_dir)
    products = [t for t in REGISTRY["cox"].plan(study, study.analysis("os-model"))[0].spec.terms if " x " in t.name]
    assert [product.note for product in products] == ["per 10 years", ""]
