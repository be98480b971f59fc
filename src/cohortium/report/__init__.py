"""From the results table to tables, figures and one self-contained report; computes no statistic."""
