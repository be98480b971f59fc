"""Regression of the subdistribution hazard (Fine and Gray) as sums.

spec.py       what is fitted: cause, covariates, strata, groups of censoring
prepare.py    a site's rows, sorted so that the sums of the Cox model by key are those needed here
censoring.py  the distribution of censoring, and its influence on the score
risk_sets.py  the partial likelihood of a stratum without a row for every time
residuals.py  the middle of the sandwich variance
summaries.py  which totals leave a site, in which round
solve.py      totals to the next parameters or the estimate
tabulate.py   the estimate as rows of the results table
"""
