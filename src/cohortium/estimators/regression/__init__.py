"""What regressions share, whatever their likelihood.

terms.py       numbers, categories, splines, products, and their columns
planned.py     from the covariates of a study file to terms
design.py      from a site's rows to the columns of the design matrix
counts.py      who is counted
newton.py      the step from score and information, and when to stop
penalty.py     Firth's penalized log likelihood from log likelihood, score, information and its derivative
search.py      one search: for a maximum, for one with a coefficient held at zero, for a profile limit
quadratic.py   quadratic forms, and the Wald test of several coefficients
refusals.py    why a coefficient has no estimate
fitted.py      an estimate as its printed lines read it
effects.py     coefficients and contrasts as rows of the results table
lines.py       a line for every number, level, knot and product
term_tests.py  tests of terms
whole.py       tests of a model
"""
