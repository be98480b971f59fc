"""Missing data: multiple imputation over sites as sums, and pooling by Rubin's rules."""
