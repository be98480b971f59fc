"""Firth's penalized partial likelihood of the Cox model, with profile likelihood limits.

The log partial likelihood is penalized by Jeffreys' prior, half the log determinant of the information. Its maximum
is finite where that of the likelihood itself is not.

risk_sets.py  sums over event times with third moments, from sums over rows
moments.py    second and third moments over a site's rows
fit.py        all searches together, and what they found
stage.py      which totals leave a site, in which round
"""
