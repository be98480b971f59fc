"""The estimate of a Cox model as rows of the results table.

fitted.py     what these lines are made of, whatever the likelihood
effects.py    coefficients with their errors, ratios and intervals; contrasts of several coefficients
terms.py      a line for every number, level, knot and product of the model
tests.py      each term as a whole
model.py      counts, likelihoods and tests of the model
grid.py       how far coefficients can be from follow-up in days
subgroups.py  one covariate's effect within the levels of another
"""
