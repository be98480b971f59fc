"""Adverse events: patients by worst grade of each event, days of onset and duration, by group.

spec.py       what is counted
grades.py     totals (those of the baseline table) and what they say
tabulate.py   tasks of a study, rows of the results table
"""
