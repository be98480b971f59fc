"""Logistic regression as sums.

spec.py            what is fitted
usable.py          a site's rows
sums.py            log likelihood, score, information at several coefficients, and what Firth's penalty adds
conditional.py     the exact conditional likelihood of a stratum
rounds.py          which parameters a site is sent and which totals leave it
setting.py         where a fit begins
jobs.py            fits and searches side by side
side.py            what is sought when the maximum is known
solve.py           totals to the next parameters
estimate.py        the estimate
finish.py          from ended fits to the estimate
performance.py     discrimination and calibration from rows by predicted risk
plan.py            a study's analyses as tasks
tabulate.py        rows of the results table
tabulate_risks.py  those of discrimination and calibration
"""
