"""How well weights balance two groups: means, spreads, weights and scores by group, from sums.

spec.py       what is compared
totals.py     sums and counts of a site
solve.py      standardized differences, variance ratios, effective sample sizes
tabulate.py   rows of the results table
estimator.py  the entry that weighting calls with the weighted rows
"""
