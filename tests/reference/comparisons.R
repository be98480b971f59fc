# Tests of groups, proportions over strata and pooling of estimates by base R and metafor, for test_comparisons_r.py.
# Every table stands in the output, so that the test reads its input from there:
#   Rscript comparisons.R > comparisons.json
suppressMessages({library(metafor); library(jsonlite)})
set.seed(20261122)
tables <- list(matrix(c(3, 1, 2, 4, 0, 5), 2), matrix(c(4, 2, 1, 0, 3, 6, 2, 2, 5, 1, 0, 7), 3),
  matrix(c(31, 20, 18, 15, 22, 24, 2, 5, 9), 3), matrix(c(5, 3, 2, 7, 1, 0, 4, 6, 3, 2, 2, 8, 1, 1, 9, 3), 4),
  matrix(c(8, 2, 1, 5), 2), matrix(c(60, 100, 80, 20, 30, 60, 3, 10, 12, 1, 4, 5), 3),
  matrix(c(5, 18, 6, 1, 3, 10, 3, 0, 18, 19, 8, 4, 27, 20, 32, 6), 2, byrow = TRUE),
  matrix(c(8, 7, 23, 4, 13, 2, 1, 8, 0, 18, 12, 7, 11, 8, 19), 3, byrow = TRUE))
categories <- lapply(tables, function(t) list(table = t, fisher = fisher.test(t, workspace = 2e7)$p.value,
  pearson = unname(suppressWarnings(chisq.test(t, correct = FALSE)$statistic))))
y <- round(rnorm(90, 5, 2), 1); g <- rep(0:2, c(30, 38, 22)); y <- round(y + 0.4 * g, 1); two <- g < 2
kw <- kruskal.test(y, g); w <- wilcox.test(y[two] ~ g[two], exact = FALSE); a <- anova(lm(y ~ factor(g)))
o <- oneway.test(y ~ g); t1 <- t.test(y[two] ~ g[two], var.equal = TRUE); t2 <- t.test(y[two] ~ g[two])
numbers <- list(y = y, g = g, kruskal = c(kw$statistic, kw$p.value), wilcoxon_p = w$p.value,
  anova = c(a$F[1], a$Pr[1]), welch_anova = c(o$statistic, o$parameter[2], o$p.value),
  t = c(t1$statistic, t1$p.value), welch_t = c(t2$statistic, t2$parameter, t2$p.value))
x <- c(15, 10, 5); trend <- c(suppressWarnings(prop.trend.test(x, c(30, 35, 30))$statistic))
effects <- list(y = c(-0.889, -1.585, -1.348, -1.442, -0.218, -0.786, -1.621, 0.012, -0.469, -1.371, -0.339, 0.446, -0.017),
  v = c(.326, .195, .415, .020, .051, .007, .223, .004, .056, .073, .012, .533, .071))
pooled <- list()
for (m in c("FE", "DL", "REML")) for (test in c("z", "knha")) if (m != "FE" || test == "z") {
  r <- rma(effects$y, effects$v, method = m, test = test, control = list(threshold = 1e-14, maxiter = 1000))
  pooled[[paste(m, test)]] <- c(r$beta, r$se, r$ci.lb, r$ci.ub, r$pval, r$tau2, r$QE, r$QEp)
}
cat(toJSON(list("_meta" = list(script = "comparisons.R", R = R.version.string, metafor = as.character(packageVersion("metafor"))),
  categories = categories, numbers = numbers, trend = unname(trend), effects = effects, pooled = pooled),
  digits = NA, auto_unbox = TRUE, pretty = TRUE), "\n")
