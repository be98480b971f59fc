"""Propensity scores, weighted analyses, balance and E-values: one fault in a good study, and what is said."""

from __future__ import annotations

import pytest

SCORE = """
[[propensity]]
name = "ps"
treatment = "arm"
treated = "New"
covariates = ["age", "ecog"]
"""
BALANCE = '\n[[analysis]]\nname = "bal"\nmethod = "balance"\nweighting = "ps"\nalso = ["sex"]\n'
CURVES = '\n[[analysis]]\nname = "km"\nmethod = "kaplan-meier"\nendpoint = "os"\nby = "arm"\nweighting = "ps"\n'
MODEL = '\n[[analysis]]\nname = "hr"\nmethod = "cox"\nendpoint = "os"\ncovariates = ["arm"]\nweighting = "ps"\n'
FIGURE = '\n[[figure]]\nname = "f"\nkind = "kaplan-meier"\nanalysis = "km"\nmodel = "hr"\ntitle = "Survival"\n'
WHOLE = SCORE + BALANCE + CURVES + MODEL + FIGURE
MANY = 'covariates = ["sex", "ecog"]\n'
FAULTS = [
    ('treatment = "arm"', 'treatment = "ecog"', "propensity[1].treatment: ecog has 3 levels; a propensity score compares two treatments (derive a category with two levels)"),
    ('treatment = "arm"', 'treatment = "age"', "propensity[1].treatment: age is a whole number; expected a category with two levels"),
    ('treated = "New"', 'treated = "Newer"', "propensity[1].treated: arm has no level 'Newer'; expected one of Control, New (did you mean 'New'?)"),
    ('["age", "ecog"]', '["age", "age"]', "propensity[1].covariates[2]: age is listed twice"),
    ('["age", "ecog"]', '["age", "arm"]', "propensity[1].covariates[2]: arm is the treatment, which its own score cannot depend on"),
    ('["age", "ecog"]', '["age", "ecog"]\nstrata = ["ecog"]', "propensity[1].strata[1]: ecog is in the score already, so it cannot be a stratum too"),
    ('treated = "New"', 'treated = "New"\nestimand = "att"\nstabilized = true', "propensity[1].stabilized: is for estimand = 'ate'; weights of 'att' have their scale already (remove stabilized)"),
    ('treated = "New"', 'treated = "New"\nestimand = "overlap"\ntrim = 0.1', "propensity[1].trim: overlap weights are between 0 and 1 and need no trim (remove trim)"),
    ('name = "ps"', 'name = "os-model"', "propensity[1].name: 'os-model' is the name of an analysis too (rename one)"),
    ('by = "arm"', 'by = "sex"', "analysis[7].weighting: the weights make the groups of arm comparable, not those of sex (set by = 'arm')"),
    ('by = "arm"\n', 'by = "arm"\nweight = "weight"\n', "analysis[7].weighting: patients are weighted by weight already (remove weight or weighting)"),
    ('covariates = ["arm"]', 'covariates = ["sex"]', "analysis[8].weighting: the weights make the groups of arm comparable, which is no covariate here (add 'arm' to covariates)"),
    ('covariates = ["arm"]', 'covariates = ["arm"]\npenalty = "firth"', "analysis[8].penalty: Firth's penalty is not defined with weights (remove weighting, or set penalty = 'none')"),
    ('also = ["sex"]', 'also = ["age"]', "analysis[6].also[1]: age is in the score, so it is compared already (remove it here)"),
    ('model = "hr"', 'model = "hr"\ntests = ["arm-test"]', "figure[3].tests[1]: arm-test is not weighted, the curves are (name a weighted cox analysis as model of the figure instead)"),
    ('model = "hr"', 'model = "os-model"', "figure[3].model: os-model is not weighted, the curves are weighted by ps (choose a model with the same weighting)"),
    ('covariates = ["arm"]', 'covariates = ["arm"]\ne_value = { effect = "sex" }', "analysis[8].e_value.effect: 'sex' is no covariate; expected arm"),
    ('covariates = ["arm"]', 'covariates = ["arm", "ecog"]\ne_value = { effect = "ecog" }', "analysis[8].e_value.effect: ecog has more than one ratio (derive a category with two levels)"),
    ('covariates = ["arm"]', 'covariates = ["arm", "age"]\ninteractions = [["arm", "age"]]\ne_value = { effect = "arm" }', "analysis[8].e_value.effect: arm interacts with another covariate, so that it has no single ratio (ask for it in an analysis without that interaction)"),
]  # fmt: skip
TEST = '\n[[analysis]]\nname = "arm-test"\nmethod = "logrank"\nendpoint = "os"\nby = "arm"\n'


def test_a_weighted_study_is_accepted(problems) -> None:
    assert problems(add=WHOLE) == []


@pytest.mark.parametrize(("old", "new", "said"), FAULTS)
def test_what_is_said(problems, old: str, new: str, said: str) -> None:
    assert old in WHOLE
    assert problems(add=WHOLE.replace(old, new, 1) + TEST)[0] == said


@pytest.mark.parametrize("method", ["kaplan-meier", "cox", "balance"])
def test_an_unknown_score(problems, method: str) -> None:
    text = {"kaplan-meier": CURVES, "cox": MODEL, "balance": BALANCE}[method]
    (found,) = problems(add=SCORE + text.replace('weighting = "ps"', 'weighting = "pz"'))
    assert "unknown propensity score 'pz'; expected ps" in found
