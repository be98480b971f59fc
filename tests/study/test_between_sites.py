"""Keys of meta-analyses over sites, of outcomes of sites, and of families: one addition to a good study, and what is said."""

import pytest

AT = '[[table]]\nname = "table1"'
COX = 'name = "m"\nmethod = "meta-analysis"\nmodel = "cox"\nendpoint = "os"\n'
ECOG = 'effect = "ecog"\ncovariates = ["age", "ecog"]\n'
PROPORTIONS = 'name = "m"\nmethod = "meta-analysis"\nmodel = "proportions"\nby = "sex"\n'
DEAD = 'outcome = { label = "Death", variable = "status", levels = ["Dead"] }\n'
SITES = 'name = "m"\nmethod = "site-outcomes"\n'
META = [
    (COX + 'effect = "age"\ncovariates = ["age", "sex"]\n', []),
    (COX + 'effect = "age"\n', ["the key 'covariates' is missing; model = 'cox' needs endpoint and effect and covariates"]),
    (COX + 'effect = "agee"\ncovariates = ["age", "sex"]\n', ["effect: 'agee' is not among the covariates; expected one of age, sex (did you mean 'age'?)"]),
    (COX + ECOG, ["ecog has 3 levels; say which one is compared with the reference (add level = "]),
    (COX + ECOG + 'level = "1"\n', []),
    (COX + ECOG + 'level = "0"\n', ["level: '0' is the reference itself (name another level)"]),
    (COX + ECOG + 'level = "7"\n', ["level: ecog has no level '7'; expected one of"]),
    (COX + 'effect = "age"\ncovariates = ["age"]\nlevel = "1"\n', ["level: is for a category; age is a number (remove level)"]),
    (COX + 'effect = "age"\ncovariates = ["age"]\nby = "sex"\n', ["by: is for model = 'logrank' or 'proportions'; this one has 'cox' (remove by)"]),
    (COX + 'effect = "age"\ncovariates = ["age"]\nstrata = ["site"]\n', ["strata[1]: every site fits a model of its own (remove site)"]),
    (COX + 'effect = "age"\ncovariates = ["age"]\npooling = "common"\nhartung_knapp = true\n', ["hartung_knapp: is for random effects; pooling = 'common' has a normal interval (remove hartung_knapp)"]),
    (COX.replace("cox", "logrank") + 'by = "sex"\n', []),
    (COX.replace("cox", "logrank") + 'by = "site"\n', ["by: every site has one institution only, so there is nothing to compare in it"]),
    (PROPORTIONS + DEAD + 'measure = "risk-ratio"\n', []),
    (PROPORTIONS, ["the key 'outcome' is missing; model = 'proportions' needs outcome and by"]),
    (PROPORTIONS + DEAD.replace('"Dead"]', '"Deadd"]'), ["outcome.levels[1]: status has no level 'Deadd'; expected one of Alive, Dead (did you mean 'Dead'?)"]),
    (SITES + DEAD, []),
    (SITES + 'endpoint = "os"\n', []),
    (SITES, ["has neither outcome and endpoint; expected one of them"]),
    (SITES + DEAD + 'endpoint = "oss"\n', ["has both outcome and endpoint; expected one of them", "endpoint: unknown endpoint 'oss'; expected one of os, ttp (did you mean 'os'?)"]),
]  # fmt: skip
FAMILIES = [
    ('["os-test"]', []),
    ('["os-test", { analysis = "os-model", variable = "sex" }]', []),
    ('["os-tests"]', ["p_values[1]: unknown analysis 'os-tests'; expected one of"]),
    ('["os-by-sex"]', ["os-by-sex is a kaplan-meier analysis, which has no p-value"]),
    ('["os-model"]', ["os-model has several p-values: one a covariate and level (write { analysis ="]),
    ('[{ analysis = "os-test", statistic = "trend" }]', ["a logrank analysis has no 'trend'; expected one of p-value, trend-p, pairwise-p (did you mean 'trend-p'?)"]),
    ('[{ analysis = "os-test", statistic = "trend-p" }]', ["os-test has no trend-p (it needs trend = true)"]),
    ('[{ analysis = "os-model", variable = "sexx" }]', ["os-model has no p-value of 'sexx'; expected one of"]),
    ('[{ analysis = "os-model", statistic = "interaction-p" }]', ["os-model has no interaction-p (it needs subgroups = "]),
    ('["os-test", "os-test"]', ["p_values[2]: os-test is listed twice"]),
]  # fmt: skip


def _said(found, expected):
    assert len(found) == len(expected), found
    for text, start in zip(found, expected, strict=True):
        assert start in text


@pytest.mark.parametrize(("keys", "expected"), META)
def test_what_is_said_of_sites(problems, keys, expected):
    _said(problems((AT, f"[[analysis]]\n{keys}\n{AT}")), expected)


@pytest.mark.parametrize(("listed", "expected"), FAMILIES)
def test_what_is_said_of_families(problems, listed, expected):
    family = f'[[family]]\nname = "main"\nlabel = "main tests"\np_values = {listed}\n'
    _said(problems((AT, f"{family}\n{AT}")), expected)
