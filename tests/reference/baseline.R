# Baseline summaries of the lung data by base R (quantile type 7, sd with n - 1), for test_baseline_r.py.
# Run beside a folder with lung.csv as exported from the R package survival:
#   Rscript baseline.R DATA_FOLDER > baseline.json
data_folder <- commandArgs(TRUE)[1]
lung <- read.csv(file.path(data_folder, "lung.csv"))
number <- function(x) paste0("[", paste(sprintf("%.17g", x), collapse = ", "), "]")
one <- function(x) {
  k <- x[!is.na(x)]
  number(c(length(k), sum(is.na(x)), mean(k), sd(k), quantile(k, c(.5, .25, .75)), min(k), max(k)))
}
groups <- list(Overall = rep(TRUE, nrow(lung)), Male = lung$sex == 1, Female = lung$sex == 2)
variables <- c("age", "ph.karno", "pat.karno", "meal.cal", "wt.loss")
rows <- unlist(lapply(names(groups), function(g) vapply(variables, function(v)
  sprintf('  "%s %s": %s', g, v, one(lung[groups[[g]], v])), "")))
meta <- sprintf('  "_meta": {"script": "baseline.R", "R": "%s", "columns": "n, missing, mean, sd, median, q1, q3, min, max"}', R.version.string)
cat("{\n", paste(c(meta, rows), collapse = ",\n"), "\n}\n", sep = "")
