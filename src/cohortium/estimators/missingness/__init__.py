"""Which values are not known: by variable, in pairs, by pattern, and whom a complete-case analysis loses.

totals.py    counts at the site, and what they say
tabulate.py  tasks of a study, rows of the results table
"""
