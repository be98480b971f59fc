# Multiple imputation by R's mice on simulated data, for test_imputation_r.py: how pooled estimates are distributed over
# many imputations, which any correct implementation shares, whatever its random numbers. Also mitml's D1 test and mice's nelsonaalen.
#   Rscript imputation.R > imputation.json
suppressMessages({library(mice); library(survival); library(jsonlite)})
set.seed(20261122)
n <- 500
age <- round(rnorm(n, 62, 9)); ldh <- round(180 + 1.5 * (age - 62) + rnorm(n, 0, 40))
sex <- rbinom(n, 1, plogis(0.02 * (age - 62) + 0.005 * (ldh - 180)))
stage <- findInterval(0.03 * (age - 62) + 0.01 * (ldh - 180) + 0.5 * sex + rlogis(n), c(-0.3, 1.2)) + 1
hazard <- 0.02 * exp(0.015 * (ldh - 180) + 0.5 * sex + 0.4 * (stage - 1))
time <- pmin(floor(rexp(n, hazard)) + 1, 60); event <- as.integer(time < 60)
full <- data.frame(age, ldh, sex, stage, time, event)
d <- full
d$ldh[runif(n) < plogis(-1.2 + 0.05 * (age - 62))] <- NA
d$sex[runif(n) < plogis(-1.5 + 0.8 * event)] <- NA
d$stage[runif(n) < 0.2] <- NA
d$cumh <- nelsonaalen(d, time, event)
u <- d; u$sex <- factor(u$sex); u$stage <- factor(u$stage); u$time <- NULL
m <- 300
imp <- mice(u, m = m, maxit = 10, seed = 1, print = FALSE,
  method = c(age = "", ldh = "norm", sex = "logreg", stage = "polyreg", event = "", cumh = ""))
each <- lapply(1:m, function(i) { z <- complete(imp, i); z$time <- d$time
  f <- coxph(Surv(time, event) ~ ldh + sex + stage, z)
  list(mean = mean(z$ldh), women = mean(z$sex == "1"), stage = as.numeric(table(z$stage)) / n, coef = unname(coef(f)),
    var = unname(diag(vcov(f)))) })
col <- function(name) sapply(each, function(e) e[[name]])
E <- rbind(col("mean"), col("women"), col("stage"), col("coef"))
fit <- coxph(Surv(time, event) ~ ldh + factor(sex) + factor(stage), full)
b <- nhanes; set.seed(7); few <- mice(b, m = 5, method = "norm", print = FALSE, seed = 3)
lms <- lapply(1:5, function(i) lm(chl ~ age + bmi, complete(few, i)))
q <- t(sapply(lms, function(f) coef(f)[2:3])); v <- lapply(lms, function(f) unname(vcov(f)[2:3, 2:3]))
d1 <- mitml::testModels(lms, lapply(1:5, function(i) lm(chl ~ 1, complete(few, i))), method = "D1")$test
cat(toJSON(list("_meta" = list(script = "imputation.R", R = R.version.string, mice = as.character(packageVersion("mice")), mitml = as.character(packageVersion("mitml")),
    survival = as.character(packageVersion("survival"))),
  rows = d, m = m, truth = unname(coef(fit)), truth_se = unname(sqrt(diag(vcov(fit)))),
  names = c("mean ldh", "share sex", paste("share stage", 1:3), "ldh", "sex", "stage 2", "stage 3"),
  mean = rowMeans(E), between = apply(E, 1, var), within = rowMeans(col("var")),
  joint = list(estimates = unname(q), covariances = v, test = as.numeric(d1))),
  digits = NA, auto_unbox = TRUE, na = "null"), "\n")
