"""How patients move from step to step: joint counts of consecutive categories.

totals.py    counts at the site, and what they say
tabulate.py  tasks of a study, rows of the results table
"""
