"""Estimators: one module a method, each a few pure functions around a sum.

`prepare(rows, spec)` at the site once, `summarize(prepared, params)` at the site each round, totals added
anywhere, `solve(spec, totals, params)` at the center. An estimator knows arrays and its own mathematics; it
knows no file, no site and no transport.
"""
