"""Missing data: multiple imputation by chained equations over sites as sums, and pooling by Rubin's rules.

philox.py       random numbers that depend on what they are for, not on when or where they are drawn
spec.py         what is imputed from what
columns.py      variables as columns of a design matrix
hazard.py       the cumulative hazard of an endpoint, which predicts what is missing
linear.py       Bayesian linear regression from sums of squares and products
multinomial.py  logistic regression of a category from sums, and its draw
site.py         a site's rows with the values drawn so far
rounds.py       what goes to the sites and comes back in a round
solve.py        from totals to the next draw of parameters
estimator.py    the chain as an estimator
analyzed.py     analyses of the imputed rows, pooled
methods.py      methods that can be pooled, and how
lines.py        rows of the results table of all imputations to one, each by the rule of its statistic
scales.py       scales on which estimates are pooled
pooled_regression.py  models; pooled_rates.py, pooled_curves.py, pooled_tests.py, pooled_baseline.py, pooled_sites.py others
degrees.py      degrees of freedom of a model with complete data
pooling.py      Rubin's rules, and tests over imputations
"""
