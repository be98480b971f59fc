# R survival: Rscript survival.R DATA_DIRECTORY METHOD REPEATS OUTPUT ENTRY
# ENTRY is `formula` (survfit, survdiff, coxph, and glm of package stats) or `fit` (the compiled core, coxph.fit on a matrix).
suppressPackageStartupMessages(library(survival))

arguments <- commandArgs(trailingOnly = TRUE)
directory <- arguments[1]
method <- arguments[2]
repeats <- as.integer(arguments[3])
output <- arguments[4]
entry <- arguments[5]
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
event <- doubles("event")
x <- matrix(doubles("covariates"), nrow = length(time))
colnames(x) <- paste0("x", seq_len(ncol(x)))
late <- method == "cox-start-stop"
started <- if (late) doubles("entry") else NULL
outcome <- if (late) Surv(started, time, event) else Surv(time, event)
site <- if (method == "cox-strata") as.integer(doubles("site")) else NULL

if (entry == "formula") {
  frame <- data.frame(time = time, event = event, x)
  if (!is.null(site)) frame$site <- site
  if (late) frame$entry <- started
  if (method %in% c("cumulative-incidence", "fine-gray")) {
    frame$cause <- factor(doubles("cause"), 0:2, c("censored", "first", "second"))
  }
  right <- c(colnames(x), if (!is.null(site)) "strata(site)")
  response <- if (late) quote(Surv(entry, time, event)) else quote(Surv(time, event))
  cox_formula <- reformulate(right, response = response)
  last <- x[, ncol(x)]
  covariates <- colnames(x)
  if (method != "bootstrap") rm(x)
}
cox_fit <- function(init = NULL) {
  if (entry == "formula" && is.null(init)) return(coxph(cox_formula, data = frame, ties = "efron"))
  if (entry == "formula") return(coxph(cox_formula, data = frame, ties = "efron", init = init))
  core <- if (late) agreg.fit else coxph.fit
  core(x, outcome, strata = site, offset = NULL, init = init, control = coxph.control(), weights = NULL,
            method = "efron", rownames = NULL, resid = FALSE)
}
# Expanded data, then a weighted Cox model on (start, stop] rows; ties as crr takes them.
fine_gray <- function() {
  expanded <- finegray(Surv(time, cause) ~ ., data = frame[c("time", "cause", covariates)], etype = "first")
  model <- reformulate(covariates, response = quote(Surv(fgstart, fgstop, fgstatus)))
  coxph(model, data = expanded, weights = fgwt, ties = "breslow")
}
bootstrap <- function() {
  set.seed(1)
  t(replicate(1000, {
    rows <- sample.int(length(time), replace = TRUE)
    if (entry == "formula") return(coef(coxph(cox_formula, data = frame[rows, ], ties = "efron")))
    coxph.fit(x[rows, ], outcome[rows, ], strata = NULL, offset = NULL, init = NULL, control = coxph.control(),
              weights = NULL, method = "efron", rownames = NULL, resid = FALSE)$coefficients
  }))
}
run <- switch(method,
  "cumulative-incidence" = function() survfit(Surv(time, cause) ~ x1, data = frame),
  "fine-gray" = fine_gray,
  "concordance" = function() concordance(Surv(time, event) ~ last, reverse = TRUE),
  "bootstrap" = bootstrap,
  "logistic" = function() glm(reformulate(covariates, "event"), binomial, frame),
  "kaplan-meier" = function() survfit(Surv(time, event) ~ x1, data = frame, conf.type = "log-log"),
  "logrank" = function() survdiff(Surv(time, event) ~ x1, data = frame),
  function() cox_fit()
)
estimates <- function(fitted) {
  if (method == "concordance") return(c(concordance = sprintf("%.17g", fitted$concordance)))
  if (method == "logistic") {
    # The default stopping rule ends before the optimum: one more step before results are compared.
    tight <- glm(formula(fitted), binomial, frame, start = coef(fitted), epsilon = 1e-14)
    return(c(coefficients = json_numbers(coef(tight)[-1]),
             standard_errors = json_numbers(sqrt(diag(vcov(tight)))[-1]),
             log_likelihood = json_numbers(c(-tight$null.deviance, -tight$deviance) / 2)))
  }
  if (method == "bootstrap") return(c(bootstrap_errors = json_numbers(apply(fitted, 2, sd))))
  if (method == "cumulative-incidence") {
    curves <- vapply(seq_along(fitted$strata), function(g) {
      json_numbers(summary(fitted[g, ], times = 0:horizon, extend = TRUE)$pstate[, 2])
    }, "")
    return(c(incidence = json_object(setNames(curves, c("0", "1")))))
  }
  # The standard errors printed by coxph for expanded rows are not those of Fine and Gray.
  if (method == "fine-gray") return(c(coefficients = json_numbers(fitted$coefficients)))
  if (method == "logrank") return(c(statistic = sprintf("%.17g", fitted$chisq)))
  if (method == "kaplan-meier") {
    curves <- vapply(seq_along(fitted$strata), function(g) {
      json_numbers(summary(fitted[g], times = 0:horizon, extend = TRUE)$surv)
    }, "")
    return(c(survival = json_object(setNames(curves, c("0", "1")))))
  }
  # The default stopping rule ends up to 3e-9 from the optimum: one more Newton step before results are compared.
  # (A tighter `eps` does not do it: on a million rows the rounding of the likelihood sets off step halving.)
  tight <- cox_fit(init = fitted$coefficients)
  c(coefficients = json_numbers(tight$coefficients),
    standard_errors = json_numbers(sqrt(diag(as.matrix(tight$var)))),
    log_likelihood = json_numbers(c(fitted$loglik[1], tight$loglik[2])))
}

invisible(gc())
baseline <- memory("VmRSS")
try(writeLines("5", "/proc/self/clear_refs"), silent = TRUE)
warm_up <- system.time(fitted <- run())[["elapsed"]]
peak <- memory("VmHWM")
if (warm_up > 5) repeats <- min(repeats, 3L)
if (warm_up > 60) repeats <- 1L
# A short fit is timed in groups: the clock of system.time has a resolution of a millisecond.
inner <- max(1L, as.integer(ceiling(0.05 / max(warm_up, 0.001))))
times <- replicate(repeats, summary(system.time(for (i in seq_len(inner)) run())) / inner)

writeLines(json_object(c(
  version = sprintf("\"%s\"", packageVersion("survival")),
  seconds = sprintf("%.6g", median(times["elapsed", ])),
  cpu_seconds = sprintf("%.6g", median(times["user", ] + times["system", ])),
  warm_up_seconds = sprintf("%.6g", warm_up),
  repeats = as.character(repeats),
  baseline_mb = sprintf("%.1f", baseline),
  peak_mb = sprintf("%.1f", peak),
  estimates = json_object(estimates(fitted))
)), output)
