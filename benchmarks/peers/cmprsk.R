# R cmprsk: Rscript cmprsk.R DATA_DIRECTORY METHOD REPEATS OUTPUT
# `cuminc` gives curves and Gray's test together; `crr` is Fine and Gray's regression.
suppressPackageStartupMessages(library(cmprsk))

arguments <- commandArgs(trailingOnly = TRUE)
directory <- arguments[1]
method <- arguments[2]
repeats <- as.integer(arguments[3])
output <- arguments[4]
horizon <- 3000

doubles <- function(name) {
  path <- file.path(directory, paste0(name, ".f64"))
  readBin(path, "double", file.size(path) / 8, endian = "little")
}
memory <- function(field) {
  line <- grep(paste0("^", field, ":"), readLines("/proc/self/status"), value = TRUE)
  as.numeric(gsub("[^0-9]", "", line)) / 1024
}
json_numbers <- function(x) paste0("[", paste(sprintf("%.17g", x), collapse = ","), "]")
json_object <- function(values) paste0("{", paste0("\"", names(values), "\":", values, collapse = ","), "}")

time <- doubles("time")
cause <- doubles("cause")
x <- matrix(doubles("covariates"), nrow = length(time))
run <- switch(method,
  "cumulative-incidence" = function() cuminc(time, cause, group = x[, 1]),
  "fine-gray" = function() crr(time, cause, x)
)
estimates <- function(fitted) {
  if (method == "fine-gray") {
    return(c(coefficients = json_numbers(fitted$coef), standard_errors = json_numbers(sqrt(diag(fitted$var)))))
  }
  curves <- timepoints(fitted, 0:horizon)$est
  # Past the last time of a group there is no estimate; a step function keeps its last value.
  last <- function(values) {
    known <- which(!is.na(values))
    values[known[findInterval(seq_along(values), known)]]
  }
  lines <- vapply(c("0 1", "1 1"), function(name) json_numbers(last(curves[name, ])), "")
  c(incidence = json_object(setNames(lines, c("0", "1"))), statistic = sprintf("%.17g", fitted$Tests["1", "stat"]))
}

invisible(gc())
baseline <- memory("VmRSS")
try(writeLines("5", "/proc/self/clear_refs"), silent = TRUE)
warm_up <- system.time(fitted <- run())[["elapsed"]]
peak <- memory("VmHWM")
if (warm_up > 5) repeats <- min(repeats, 3L)
if (warm_up > 60) repeats <- 1L
inner <- max(1L, as.integer(ceiling(0.05 / max(warm_up, 0.001))))
times <- replicate(repeats, summary(system.time(for (i in seq_len(inner)) run())) / inner)

writeLines(json_object(c(
  version = sprintf("\"%s\"", packageVersion("cmprsk")),
  seconds = sprintf("%.6g", median(times["elapsed", ])),
  cpu_seconds = sprintf("%.6g", median(times["user", ] + times["system", ])),
  warm_up_seconds = sprintf("%.6g", warm_up),
  repeats = as.character(repeats),
  baseline_mb = sprintf("%.1f", baseline),
  peak_mb = sprintf("%.1f", peak),
  estimates = json_object(estimates(fitted))
)), output)
