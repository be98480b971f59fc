"""Logistic regression as sums.

sums.py         log-likelihood, score, information, and what Firth's penalty adds
conditional.py  the exact conditional likelihood of a stratum
"""
