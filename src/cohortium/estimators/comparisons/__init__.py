"""Tests that compare groups, from counts: each takes the groups that are shown and names itself.

contingency.py  categories: Pearson chi-square, linear trend
fisher.py       categories, exact
ranks.py        numbers by rank: Wilcoxon rank sum, Kruskal-Wallis
means.py        numbers by mean: t test, analysis of variance, Welch's forms
differences.py  standardized mean differences
"""
