# Weights by the propensity score, weighted Cox models with robust variance and weighted curves by R survival, on the
# veteran data; matching by MatchIt on the lalonde data.
#   Rscript weighting.R FOLDER_WITH_DATA > weighting.json
# The folder is the one that holds survival/veteran.csv and logistic/MatchIt_lalonde.csv.
suppressMessages({library(survival); library(MatchIt); library(jsonlite)})
folder <- commandArgs(TRUE)[1]
files <- file.path(folder, c("survival/veteran.csv", "logistic/MatchIt_lalonde.csv"))
d <- read.csv(files[1], stringsAsFactors = FALSE)
d$new <- as.integer(d$trt == 2)
ps <- glm(new ~ karno + age + diagtime + factor(celltype), binomial, d, control = list(epsilon = 1e-15, maxit = 100))
e <- fitted(ps); p <- mean(d$new); z <- d$new == 1
weights <- list(ate = ifelse(z, 1 / e, 1 / (1 - e)), stabilized = ifelse(z, p / e, (1 - p) / (1 - e)),
  att = ifelse(z, 1, e / (1 - e)), atc = ifelse(z, (1 - e) / e, 1), overlap = ifelse(z, 1 - e, e))
weights$truncated <- pmin(weights$ate, quantile(weights$ate, 0.95, type = 3))
cut <- quantile(weights$att[!z], 0.9, type = 3)
weights$att_truncated <- ifelse(z, 1, pmin(weights$att, cut))
ess <- function(w) sum(w)^2 / sum(w^2)
var_w <- function(x, w) { m <- weighted.mean(x, w); sum(w) / (sum(w)^2 - sum(w^2)) * sum(w * (x - m)^2) }
columns <- cbind(karno = d$karno, age = d$age, diagtime = d$diagtime,
  sapply(sort(unique(d$celltype)), function(level) as.numeric(d$celltype == level)))
smd <- function(w) apply(columns, 2, function(x)
  (weighted.mean(x[z], w[z]) - weighted.mean(x[!z], w[!z])) / sqrt((var(x[z]) + var(x[!z])) / 2))
out <- lapply(weights, function(w) {
  k <- d[w > 0, ]; k$w <- w[w > 0]
  one <- function(formula, ties) {
    m <- coxph(formula, k, weights = w, robust = TRUE, ties = ties, control = coxph.control(eps = 1e-14, iter.max = 100))
    list(coefficients = unname(coef(m)), errors = unname(sqrt(diag(as.matrix(m$var)))), log_likelihood = m$loglik)
  }
  s <- summary(survfit(Surv(time, status) ~ new, k, weights = w), censored = TRUE)
  list(sum = c(sum(w[!z]), sum(w[z])), ess = c(ess(w[!z]), ess(w[z])), largest = c(max(w[!z]), max(w[z])),
    smd = unname(smd(w)), variance_ratio = sapply(c("karno", "age", "diagtime"), function(n)
      unname(var_w(columns[z, n], w[z]) / var_w(columns[!z, n], w[!z]))),
    efron = one(Surv(time, status) ~ new, "efron"), breslow = one(Surv(time, status) ~ new, "breslow"),
    adjusted = one(Surv(time, status) ~ new + karno + strata(celltype), "efron"),
    curve = list(group = as.integer(s$strata), time = s$time, surv = s$surv, error = s$std.err))
})
lalonde <- read.csv(files[2], stringsAsFactors = FALSE)
f <- treat ~ age + educ + race + married + nodegree + re74 + re75
matched <- function(...) {
  m <- matchit(f, lalonde, method = "nearest", ...); k <- m$weights > 0; pairs <- m$match.matrix; s <- m$distance
  apart <- abs(s[rownames(pairs)] - s[pairs])
  list(n = c(sum(k & lalonde$treat == 0), sum(k & lalonde$treat == 1)), total = sum(apart, na.rm = TRUE),
    farthest = max(apart, na.rm = TRUE), effect = unname(diff(tapply(lalonde$re78[k], lalonde$treat[k], mean))))
}
lalonde$black <- as.numeric(lalonde$race == "black"); names <- c("age", "black", "married", "re74")
es <- fitted(glm(treat ~ age + black + married + re74, binomial, lalonde, control = list(epsilon = 1e-15, maxit = 100)))
t1 <- lalonde$treat == 1; tw <- ifelse(t1, 1 / es, 1 / (1 - es)); tw[es < 0.1 | es > 0.9] <- 0
trimmed <- list(n = c(sum(tw[!t1] == 0), sum(tw[t1] == 0)), sum = c(sum(tw[!t1]), sum(tw[t1])),
  ess = c(ess(tw[!t1]), ess(tw[t1])), smd = unname(sapply(lalonde[names], function(x)
    (weighted.mean(x[t1], tw[t1]) - weighted.mean(x[!t1], tw[!t1])) / sqrt((var(x[t1]) + var(x[!t1])) / 2))))
cat(toJSON(list("_meta" = list(script = "weighting.R", R = R.version.string,
  survival = as.character(packageVersion("survival")), MatchIt = as.character(packageVersion("MatchIt")),
  md5 = unname(tools::md5sum(files))),
  first_scores = unname(head(e, 10)), weights = out, trimmed = trimmed,
  matching = list(nearest = matched(), caliper = matched(caliper = 0.05, std.caliper = FALSE))), digits = NA, auto_unbox = TRUE, pretty = TRUE), "\n")
