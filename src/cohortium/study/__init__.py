"""The study file and the dictionary, read into a frozen `Study`.

This package knows the words of the protocol and nothing of patients: it never opens a site's file.

study       everything that `study.toml` and `dictionary.csv` declare, checked as a whole
variable    a column that analyses can use: from the dictionary, derived, or the reserved `site`
level       a declared value of a category: its code in the data, its label in print
section     a table of `study.toml`; `model.py` and `analyses.py` say what it may hold
expression  a condition or a number in the study file, compiled by our own allow-list, never executed
problem     one thing that is wrong, with its file, line, expectation and a suggestion
"""
