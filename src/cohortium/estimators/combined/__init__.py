"""Estimators made of estimators, by the same contract.

naming.py    arrays of several estimators in one set of totals
together.py  several fits side by side, and what is made of all their estimates
chained.py   a fit whose result the sites need before the next one: weights, imputed values
"""
