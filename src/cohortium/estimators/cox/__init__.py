"""Cox proportional-hazards regression as sums; what it shares with other regressions is in `regression`.

What is fitted:
spec.py       terms, strata, ties, roles of columns, what is asked of the fit afterwards
plan.py       a study's analyses as fits

At a site:
usable.py     rows that can be used, in order of arrival
rows.py       rows in (stratum, time, events first) order, in blocks that fit the cache
prepare.py    all of this, once
sums.py       sums over rows at given coefficients
scores.py     score residuals of rows
summaries.py  which totals leave a site, in which round

From sums over rows to the likelihood, at the site or at the center:
at_risk.py    sums over risk sets, late entries taken off
ties.py       sums over event times (Efron, Breslow)

At the center:
solve.py      totals to the next parameters or the estimate
estimate.py   the estimate, its refusals, tests of terms
tabulate.py   the estimate as rows of the results table

After the fit:
stages.py     what a stage is
sequence.py   all stages in order, and their rounds
follow.py     from one stage to the next
robust.py     robust variance, over rows or clusters
firth         penalized fit where a coefficient runs away
after         proportional hazards, baseline hazard and prediction, concordance
"""
