# Meta-analyses over sites and adjusted p-values by base R, survival and metafor, for test_between_sites_r.py:
#   Rscript between_sites.R ../../../shared/data > between_sites.json
suppressMessages({library(survival); library(metafor); library(jsonlite)})
data <- commandArgs(TRUE)[1]
files <- c(pbc3 = file.path(data, "multicentre/pec_Pbc3.csv"), indo = file.path(data, "logistic/medicaldata_indo_rct.csv"))
tight <- list(threshold = 1e-14, maxiter = 1000)
pooled <- function(y, v) {
  out <- list()
  for (m in c("FE", "DL", "REML")) for (test in c("z", "knha")) if (m != "FE" || test == "z") {
    r <- rma(y, v, method = m, test = test, control = tight)
    out[[paste(m, test)]] <- list(estimate = c(r$beta), se = r$se, ci = c(r$ci.lb, r$ci.ub), p = r$pval, tau2 = r$tau2,
      q = c(r$QE, r$QEp), weights = unname(weights(r)))
  }
  # A prediction interval of k - 2 degrees of freedom is asked for by name; it takes the standard error as it is.
  r <- rma(y, v, method = "REML", test = "z", control = tight)
  out$prediction <- c(r$beta) + c(-1, 1) * qt(0.975, r$k - 2) * sqrt(r$tau2 + r$se^2)
  l <- leave1out(rma(y, v, method = "REML", test = "knha", control = tight))
  out$without <- list(estimate = l$estimate, se = l$se, p = l$pval, tau2 = l$tau2, i2_metafor = l$I2, q = l$Q)
  l <- leave1out(rma(y, v, method = "DL", test = "z"))
  out$without_dl <- list(estimate = l$estimate, se = l$se, i2 = l$I2, q = l$Q)
  out
}
d <- read.csv(files["pbc3"]); d$event <- as.numeric(d$status > 0); d$logbili <- log(d$bili)
d <- d[complete.cases(d[, c("tment", "alb", "logbili")]), ]
exact <- coxph.control(eps = 1e-14, toler.chol = 1e-14, iter.max = 100)
cox <- lapply(split(d, d$unit), function(s) {
  f <- coxph(Surv(days, event) ~ tment + alb + logbili, s, ties = "efron", control = exact)
  list(n = f$n, events = f$nevent, estimate = coef(f)[["tment"]], variance = vcov(f)[1, 1]) })
rank <- lapply(split(d, d$unit), function(s) { f <- survdiff(Surv(days, event) ~ tment, s)
  list(difference = f$obs[2] - f$exp[2], variance = f$var[2, 2]) })
# The effect in hospital 6 runs away: coxph stops at some large number with a huge variance.
finite <- 1:5
column <- function(l, name) unname(sapply(l, `[[`, name))
strat <- survdiff(Surv(days, event) ~ tment + strata(unit), d)
i <- read.csv(files["indo"]); y <- i$outcome == "1_yes"; g <- i$rx == "1_indomethacin"
tables <- t(sapply(split(seq_along(y), i$site), function(k) c(sum(y[k] & g[k]), sum(!y[k] & g[k]), sum(y[k] & !g[k]), sum(!y[k] & !g[k]))))
zeros <- rbind(c(0, 12, 3, 9), c(5, 0, 2, 4), c(4, 16, 2, 20), c(1, 9, 0, 11))
effects <- function(t) { out <- list(); for (m in c("OR", "RR", "RD")) {
  e <- escalc(m, ai = t[, 1], bi = t[, 2], ci = t[, 3], di = t[, 4], add = 1/2, to = "only0"); out[[m]] <- list(y = c(e$yi), v = c(e$vi)) }
  p <- escalc("PETO", ai = t[, 1], bi = t[, 2], ci = t[, 3], di = t[, 4], add = 0, to = "none")
  out$PETO <- list(y = c(p$yi), v = c(p$vi)); out }
peto <- rma.peto(ai = tables[, 1], bi = tables[, 2], ci = tables[, 3], di = tables[, 4])
p <- c(0.0123, 0.04, 0.002, 0.04, 0.31, 0.9, 0.0004, 0.05)
cat(toJSON(list("_meta" = list(script = "between_sites.R", R = R.version.string, survival = as.character(packageVersion("survival")),
  metafor = as.character(packageVersion("metafor")), md5 = as.list(setNames(tools::md5sum(files), basename(files)))),
  cox = list(n = column(cox, "n"), events = column(cox, "events"), estimate = column(cox, "estimate"), variance = column(cox, "variance")),
  cox_pooled = pooled(column(cox, "estimate")[finite], column(cox, "variance")[finite]),
  logrank = list(difference = column(rank, "difference"), variance = column(rank, "variance"), stratified = strat$chisq),
  tables = tables, effects = effects(tables), zeros = zeros, zero_effects = effects(zeros),
  odds_pooled = { e <- effects(tables)$OR; pooled(e$y, e$v) }, peto = c(c(peto$beta), peto$se, peto$pval),
  p = p, adjusted = list(holm = p.adjust(p, "holm"), "benjamini-hochberg" = p.adjust(p, "BH"), bonferroni = p.adjust(p, "bonferroni"))),
  digits = NA, auto_unbox = TRUE, pretty = TRUE), "\n")
