"""Weighting by the propensity score: weights, how well they balance, and how sensitive a result is.

weights.py      weights from propensity scores
e_value.py      how strong unmeasured confounding would have to be
"""
