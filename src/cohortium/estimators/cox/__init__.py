"""Cox proportional-hazards regression as sums.

spec.py       what is fitted: covariates, strata, ties
rows.py       rows in (stratum, time, events first) order, in blocks that fit the cache
sums.py       sums over rows at given coefficients
ties.py       sums over event times from the sums over rows (Efron, Breslow)
summaries.py  prepare and summarize: which totals leave a site, in which round
newton.py     the step from score and information, and when to stop
solve.py      totals to the next parameters or the estimate
tabulate.py   the estimate as rows of the results table
"""
