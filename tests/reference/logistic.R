# Logistic models in R at a tight stopping rule: interactions, a restricted cubic spline (Hmisc's rcspline.eval),
# weights, an offset, a constant for each site, the exact conditional likelihood (survival's clogit), tests of terms,
# limits of the profile likelihood by root finding (confint interpolates), area under the curve (pROC). The rows stand
# in the output, so that test_logistic_r.py reads its input from there:  Rscript logistic.R > logistic.json
suppressMessages({library(survival); library(Hmisc); library(pROC); library(jsonlite)})
set.seed(20261122)
n <- 400
d <- data.frame(age = round(rnorm(n, 60, 11)), marker = round(rnorm(n), 2), sex = sample(0:1, n, TRUE),
  stage = sample(c("I", "II", "III"), n, TRUE, c(.5, .3, .2)), site = sample(letters[1:6], n, TRUE, c(30, 25, 20, 15, 8, 2)),
  weight = sample(1:4, n, TRUE), offset = round(rnorm(n, 0, .4), 2))
d$y <- rbinom(n, 1, plogis(-1 + .03 * (d$age - 60) + .5 * d$marker + .6 * d$sex * (d$stage == "III") + d$offset))
d$y[d$site == "f"] <- 0
tight <- glm.control(epsilon = 1e-15, maxit = 60)
fit <- function(f, ...) eval(substitute(glm(f, binomial, d, control = tight, ...)), parent.frame())
# vcov of glm is that of the step before the last; this is the inverse information at the coefficients.
errors <- function(m) {
  x <- model.matrix(m); p <- fitted(m)
  unname(sqrt(diag(solve(crossprod(x, x * (m$prior.weights * p * (1 - p)))))))
}
# anova(test = "Rao") has the same delay.
score <- function(null, m) {
  x <- model.matrix(m); p <- fitted(null); w <- m$prior.weights
  u <- crossprod(x, w * (m$y - p)); drop(crossprod(u, solve(crossprod(x, x * (w * p * (1 - p))), u)))
}
keep <- function(m, drop = character(0), ...) {
  null <- update(m, . ~ 1)
  list(coef = unname(coef(m)), se = errors(m), loglik = c(as.numeric(logLik(null)), as.numeric(logLik(m))),
    score = score(null, m),
    lr = vapply(drop, function(t) deviance(update(m, as.formula(paste(". ~ . -", t)))) - deviance(m), 0, USE.NAMES = FALSE), ...)
}
# The limit of a coefficient: where the deviance with it held is the smallest one plus a quantile of chi-square.
limits <- function(m) {
  x <- model.matrix(m); w <- m$prior.weights; o <- if (is.null(m$offset)) rep(0, nrow(x)) else m$offset
  t(vapply(seq_len(ncol(x)), function(j) {
    above <- function(b) suppressWarnings(deviance(glm.fit(x[, -j, drop = FALSE], m$y, weights = w,
      offset = o + x[, j] * b, family = binomial(), control = tight))) - deviance(m) - qchisq(.95, 1)
    e <- coef(m)[j]; s <- sqrt(vcov(m)[j, j])
    c(uniroot(above, e - c(4, .5) * s, tol = 1e-14)$root, uniroot(above, e + c(.5, 4) * s, tol = 1e-14)$root)
  }, numeric(2)))
}
out <- list()
m <- fit(y ~ age + sex * stage + marker); r <- roc(d$y, fitted(m), quiet = TRUE, direction = "<")
out$plain <- keep(m, c("age", "marker", "sex:stage"), limits = limits(m),
  auc = c(as.numeric(auc(r)), sqrt(var(r, method = "delong")), as.numeric(ci.auc(r, method = "delong"))[c(1, 3)]))
b <- rcspline.eval(d$age, knots = c(42, 54, 63, 77), inclx = TRUE); colnames(b) <- c("a", "a1", "a2")
d <- cbind(d, b); out$spline <- keep(fit(y ~ a + a1 + a2 + sex)); m <- fit(y ~ a + a1 + a2 + sex)
out$spline$lr <- deviance(fit(y ~ sex)) - deviance(m)
m <- fit(y ~ age + stage + marker, weights = weight); out$weights <- keep(m, c("age", "stage", "marker"), limits = limits(m))
m <- fit(y ~ age + marker + sex, offset = offset); out$offset <- keep(m, c("age", "marker", "sex"), limits = limits(m))
out$offset$loglik[1] <- as.numeric(logLik(fit(y ~ 1, offset = offset)))
out$offset$score <- score(fit(y ~ 1, offset = offset), m)
e <- d[d$site != "f", ]; m <- glm(y ~ age + marker + sex + site, binomial, e, control = tight, offset = offset)
null <- glm(y ~ site, binomial, e, control = tight, offset = offset)
out$site <- list(coef = unname(coef(m)[2:4]), se = errors(m)[2:4], loglik = as.numeric(c(logLik(null), logLik(m))),
  score = score(null, m), limits = limits(m)[2:4, ])
m <- clogit(y ~ age + marker + sex + strata(site), d, method = "exact", control = coxph.control(eps = 1e-14, toler.chol = 1e-16, iter.max = 50))
out$clogit <- list(coef = unname(coef(m)), se = unname(sqrt(diag(vcov(m)))), loglik = m$loglik, score = m$score, wald = m$wald.test)
m <- clogit(y ~ age + marker + offset(offset) + strata(site, stage), d, method = "exact", control = coxph.control(eps = 1e-14, toler.chol = 1e-16, iter.max = 50))
out$clogit_offset <- list(coef = unname(coef(m)), se = unname(sqrt(diag(vcov(m)))), loglik = m$loglik)
cat(toJSON(c(list("_meta" = list(script = "logistic.R", R = R.version.string, survival = as.character(packageVersion("survival")),
  Hmisc = as.character(packageVersion("Hmisc")), pROC = as.character(packageVersion("pROC"))),
  rows = as.list(d[c("y", "age", "marker", "sex", "stage", "site", "weight", "offset")])), out), digits = I(17), auto_unbox = TRUE), "\n")
