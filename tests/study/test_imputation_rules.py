"""What is imputed and what is missing: additions to a good study, and what is said."""

import pytest

MODEL = 'covariates = [\n  "sex",\n  { variable = "age", per = 10 },\n  { variable = "ecog", as_number = true },\n  { variable = "fit", reference = "frail" },\n]\n'
PLAIN = 'covariates = ["sex", "age", "ecog"]\nimputation = "main"\n'
GOOD = '[[imputation]]\nname = "main"\nvariables = ["age", "ecog"]\nauxiliary = ["sex"]\nendpoints = ["os"]\n'
MISSING = '[[analysis]]\nname = "missing"\nmethod = "missingness"\nvariables = ["age", "sex", "last_date"]\n'
MEN = '[[endpoint]]\nname = "men"\nlabel = "Survival of men"\nof = "os"\namong = "sex == \'Male\'"\n'
MORE = '[[analysis]]\nname = "more"\n'
RATES = 'method = "response-rates"\noutcomes = [{ label = "Well", variable = "ecog", levels = ["0"] }]\nby = "sex"\n'
CURVE = 'method = "kaplan-meier"\nendpoint = "os"\nby = "ecog"\nimputation = "main"\n'
FIGURE = '[[figure]]\nname = "curve"\nkind = "kaplan-meier"\nanalysis = "more"\ntitle = "Curve"\n'
LOGISTIC = 'method = "meta-analysis"\nmodel = "logistic"\neffect = "sex"\ncovariates = ["sex", "age"]\noutcome = { label = "Well", variable = "ecog", levels = ["0"] }\n'
CHANGES = [
    (PLAIN, GOOD, []),
    (PLAIN, GOOD.replace("main", "other"), ["analysis[4].imputation: unknown imputation 'main'; expected other"]),
    (PLAIN, GOOD.replace('"os"', '"ttp"'), ["analysis[4].imputation: the endpoint os is not among the endpoints of the imputation main (add it to endpoints of main, or effects are diluted)"]),
    (PLAIN, GOOD.replace('auxiliary = ["sex"]\n', ""), ["analysis[4].imputation: sex of this analysis does not take part in the imputation main (add it to variables or auxiliary of main)"]),
    (PLAIN + 'concordance = ["uno"]\n', GOOD, ["analysis[4].concordance: concordance cannot be pooled over imputations (ask for it in an analysis without imputation)"]),
    (MODEL, GOOD.replace('"age", ', '"age", "weight", '), ["imputation[1].variables[2]: weight has no declared range, in which imputed values are kept (give Text Validation Min and Max in dictionary.csv)"]),
    (MODEL, GOOD.replace('["sex"]', '["sex", "age"]'), ["imputation[1].auxiliary[2]: age is imputed, so that it predicts already (remove it here)"]),
    (MODEL, GOOD.replace('["sex"]', '["sex", "fit"]'), ["imputation[1].auxiliary[2]: fit is derived from ecog, which takes part too; imputed values would not agree (keep one of them)"]),
    (MODEL, GOOD.replace('"ecog"', '"last_date"'), ["imputation[1].variables[2]: last_date is a date; expected a category or a number"]),
    (MODEL, GOOD.replace('["os"]', '["os", "men"]') + MEN, ["imputation[1].endpoints[2]: men applies to some patients only; expected an endpoint of all patients"]),
    (MODEL, MISSING, []),
    (MODEL, MISSING + 'by = "sex"\n', ["analysis[6].variables[2]: sex makes the groups, so it cannot be looked at too"]),
    (MODEL, MISSING.replace('"sex"', '"remarks"'), ["analysis[6].variables[2]: remarks is free text; expected a category, a number or a date"]),
    (MODEL, GOOD + MORE + 'method = "logrank"\nendpoint = "os"\nby = "ecog"\nimputation = "main"\n', []),
    (MODEL, GOOD + MORE + 'method = "logrank"\nendpoint = "os"\nby = "fit"\nimputation = "main"\n', ["analysis[6].imputation: fit of this analysis does not take part in the imputation main (add it to variables or auxiliary of main)"]),
    (MODEL, GOOD + MORE + RATES + 'imputation = "main"\n', []),
    (MODEL, GOOD + MORE + RATES + 'imputation = "main"\ninterval = "exact"\n', ["analysis[6].interval: 'exact' has no form over imputations (set interval = 'wilson')"]),
    (MODEL, GOOD + MORE + CURVE + FIGURE, ["figure[3].analysis: more is pooled over imputations, which gives no curve (draw the analysis without imputation; what is pooled stands in a survival table)"]),
    (MODEL, GOOD + MORE + CURVE + "nelson_aalen = true\n", ["analysis[6].nelson_aalen: the cumulative hazard curve cannot be pooled over imputations (ask for it in an analysis without imputation)"]),
    (MODEL, MORE + LOGISTIC, []),
    (MODEL, MORE + LOGISTIC + 'ties = "breslow"\n', ["analysis[6].ties: is for model = 'cox'; this one has 'logistic' (remove ties)"]),
    (MODEL, MORE + LOGISTIC.replace('["sex", "age"]', '["sex", "age", "ecog"]'), ["analysis[6].covariates[3]: ecog is the outcome of this analysis (remove it here)"]),
]  # fmt: skip


@pytest.mark.parametrize(("model", "added", "expected"), CHANGES)
def test_what_is_said(problems, model, added, expected):
    assert problems((MODEL, model), add=added) == expected
