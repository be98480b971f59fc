"""Proportions: how sure they are, how two of them differ, and the same over strata.

intervals.py   one proportion
contrasts.py   difference and ratio of two
stratified.py  two groups over strata: Cochran-Mantel-Haenszel, exact and asymptotic
outcome.py     what counts as the outcome: a category with the levels that do
rates.py       outcomes by group, for those treated and for those evaluable (tabulate_rates.py: its rows)
cmh.py         two groups over strata as an estimator (tabulate_cmh.py: its rows)
"""
