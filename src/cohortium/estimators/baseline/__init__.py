"""Baseline characteristics: counts, means and quantiles by group, and how the groups compare.

spec.py       what is described and compared
counts.py     totals: patients by group and value
summaries.py  numbers and categories from their counts
compare.py    tests and standardized differences from the same counts
tabulate.py   the table as rows of the results table
"""
