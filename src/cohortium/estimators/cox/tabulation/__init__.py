"""The estimate of a Cox model as rows of the results table.

effects.py    the effect of a column, penalized or not
model.py      counts, likelihoods and tests of the model
grid.py       how far coefficients can be from follow-up in days
subgroups.py  one covariate's effect within the levels of another
"""
