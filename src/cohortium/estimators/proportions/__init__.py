"""Proportions: how sure they are, how two of them differ, and the same over strata.

intervals.py   one proportion
contrasts.py   difference and ratio of two
stratified.py  two groups over strata: Cochran-Mantel-Haenszel, exact and asymptotic
"""
