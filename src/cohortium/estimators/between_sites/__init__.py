"""How sites differ: two-stage meta-analysis of their own estimates, and outcomes of sites with control limits.

pooling.py     estimates with variances to one estimate, and how much they differ
own.py         a site's own estimate, or why it has none
model.py       ... of a covariate's effect in a Cox or logistic model
logrank.py     ... of two groups' hazards by observed minus expected events (Peto)
proportions.py ... of two groups' proportions
meta.py        the estimator: a place for each site in the totals, pooled at the center
outcomes.py    the estimator of a proportion or event rate by site
control.py     the limits between which sites lie that do not differ
"""
