"""Individual patients as joint counts on declared grids: every bar of a waterfall or swimmer plot.

axes.py       one axis of the counts: a category, or a number on a grid
spec.py       the axes of a waterfall and of a swimmer plot
cells.py      joint counts at the site, and the cells that are not empty
tabulate.py   tasks of a study, rows of the results table
"""
