"""The tables of a report: from the results table to `Table` values, one module a kind."""
