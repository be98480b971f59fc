"""What is made of a Cox model after it has been fitted, from the same sums.

eligible.py             whether anything can be made of a fit
risk.py                 risk sets at the final coefficients: of one site, or of all
run.py                  a stage over rows that are all on this machine

proportional.py         test of proportional hazards: what is asked, and the result
proportional_rounds.py  its rounds
transforms.py           the scales of time on which it looks for a trend
trend.py                its sums over event times
schoenfeld.py           smoothed scaled Schoenfeld residuals from sums
smooth_rounds.py        those sums, at sites and at the center
points.py               the residuals themselves, for rows on this machine

prediction.py           baseline hazard and predicted survival: what is asked, and the result
prediction_rounds.py    their round
curves.py               cumulative hazards, their variance and limits

concordance.py          concordance: what is asked, and the result
concordance_rounds.py   its rounds
pairs.py                ordered pairs counted in O(n log n)

grid_bound.py           how far a coarse time grid can be from whole days
tabulate.py             rows of the results table
"""
