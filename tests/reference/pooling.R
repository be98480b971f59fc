# Analyses of data imputed by R's mice, and what Rubin's rules make of them, for test_pooling_r.py.
#   Rscript pooling.R > pooling.json
# Each imputed set is written with the results, so that the same sets are analyzed on both sides. Estimates are pooled by
# mice::pool.scalar on the scale named, tests by mitml's D2; Wilson limits by the formula of Lott and Reiter (2020).
suppressMessages({library(mice); library(survival); library(cmprsk); library(jsonlite); library(metafor)})
set.seed(11)
n <- 240; m <- 6
age <- round(rnorm(n, 60, 9))
arm <- rbinom(n, 1, 0.5)
grade <- findInterval(0.04 * (age - 60) + 0.4 * arm + rlogis(n), c(-0.6, 0.8)) + 1
response <- rbinom(n, 1, plogis(-0.3 + 0.6 * arm - 0.2 * (grade - 2)))
time <- pmin(floor(rexp(n, 0.03 * exp(0.3 * (grade - 2) - 0.3 * arm))) + 1, 60)
event <- ifelse(time < 60, 1 + rbinom(n, 1, 0.3), 0)
site <- rep(1:4, length.out = n)
d <- data.frame(age, arm, grade = factor(grade), response = factor(response), time, event = factor(event), site = factor(site))
d$age[runif(n) < 0.15] <- NA; d$grade[runif(n) < 0.2] <- NA; d$response[runif(n) < 0.2] <- NA
imp <- mice(d, m = m, maxit = 5, seed = 5, print = FALSE, method = c("norm", "", "polyreg", "logreg", "", "", ""))
sets <- lapply(1:m, function(i) { z <- complete(imp, i); z$age <- round(z$age); z })
z95 <- qnorm(0.975)
pooled <- function(q, u, df) { p <- pool.scalar(q, u, n = df + 1, k = 1)
  list(estimate = p$qbar, se = sqrt(p$t), df = p$df, lower = p$qbar - qt(0.975, p$df) * sqrt(p$t),
       upper = p$qbar + qt(0.975, p$df) * sqrt(p$t), p = 2 * pt(-abs(p$qbar / sqrt(p$t)), p$df), r = p$r) }
each <- function(f) lapply(sets, f)
col <- function(x, name) sapply(x, function(one) one[[name]])
wilson <- function(x, n) { p <- x / n; s <- pooled(p, p * (1 - p) / n, mean(n) - 1); t2 <- qt(0.975, s$df)^2; N <- mean(n); q <- mean(p)
  b <- 2 * q + t2 / N + t2 * s$r / N; a <- 1 + t2 / N + t2 * s$r / N; root <- sqrt(b^2 - 4 * a * q^2)
  list(rate = q, lower = (b - root) / (2 * a), upper = (b + root) / (2 * a), df = s$df) }
d2 <- function(w, k) { f <- mitml:::.D2(w, k); as.list(setNames(as.numeric(unlist(f))[1:4], c("F", "k", "v", "r"))) }
# Rates by arm.
counts <- each(function(z) { t <- table(z$arm, z$response); list(x0 = t[1, 2], n0 = sum(t[1, ]), x1 = t[2, 2], n1 = sum(t[2, ])) })
x0 <- col(counts, "x0"); n0 <- col(counts, "n0"); x1 <- col(counts, "x1"); n1 <- col(counts, "n1"); p1 <- x1 / n1; p0 <- x0 / n0
difference <- pooled(p1 - p0, p1 * (1 - p1) / n1 + p0 * (1 - p0) / n0, n - 2)
ratio <- pooled(log(p1 / p0), (1 - p1) / x1 + (1 - p0) / x0, n - 2)
# Survival of a grade at 12 on the log(-log) scale; restricted mean to 20 and its difference; cumulative incidence.
km <- each(function(z) survfit(Surv(time, event != 0) ~ grade, z, conf.type = "log-log"))
at12 <- lapply(km, function(f) summary(f, times = 12))
survival12 <- lapply(1:3, function(g) { s <- sapply(at12, function(a) a$surv[g]); e <- sapply(at12, function(a) a$std.err[g])
  df <- sum(sets[[1]]$grade == g & sets[[1]]$event != 0) - 1
  pooled(log(-log(s)), (e / (s * log(s)))^2, df) })
rmst <- lapply(km, function(f) summary(f, rmean = 20)$table[, c("rmean", "se(rmean)")])
restricted <- lapply(1:3, function(g) pooled(sapply(rmst, function(t) t[g, 1]), sapply(rmst, function(t) t[g, 2])^2, sum(sets[[1]]$grade == g & sets[[1]]$event != 0) - 1))
events13 <- sum(sets[[1]]$grade %in% c(1, 3) & sets[[1]]$event != 0)
contrast <- pooled(sapply(rmst, function(t) t[3, 1] - t[1, 1]), sapply(rmst, function(t) t[3, 2]^2 + t[1, 2]^2), events13 - 2)
aj <- each(function(z) summary(survfit(Surv(time, factor(event)) ~ grade, z), times = 12))
incidence12 <- lapply(1:3, function(g) { f <- sapply(aj, function(a) a$pstate[g, 2]); e <- sapply(aj, function(a) a$std.err[g, 2])
  pooled(log(-log(f)), (e / (f * log(f)))^2, sum(sets[[1]]$grade == g & sets[[1]]$event == 1) - 1) })
# Tests by D2.
logrank <- sapply(sets, function(z) survdiff(Surv(time, event != 0) ~ grade, z)$chisq)
gray <- sapply(sets, function(z) cuminc(z$time, as.integer(as.character(z$event)), z$grade)$Tests["1", "stat"])
pearson <- sapply(sets, function(z) chisq.test(z$grade, z$arm, correct = FALSE)$statistic)
kruskal <- sapply(sets, function(z) kruskal.test(age ~ grade, z)$statistic)
wilcoxon <- sapply(sets, function(z) qnorm(wilcox.test(age ~ arm, z, exact = FALSE)$p.value / 2)^2)
cmh <- each(function(z) { t <- table(z$arm, z$response, z$site); mantelhaen.test(t, correct = FALSE) })
cmhq <- log(sapply(cmh, function(t) t$estimate)); cmhse <- sapply(cmh, function(t) (log(t$conf.int[2]) - log(t$conf.int[1])) / (2 * z95))
ttest <- each(function(z) t.test(age ~ arm, z, var.equal = TRUE))
tq <- sapply(ttest, function(t) unname(diff(t$estimate))); tse <- sapply(ttest, function(t) unname(t$stderr))
means <- sapply(sets, function(z) mean(z$age)); sds <- sapply(sets, function(z) sd(z$age))
# Fine-Gray; and a logistic model in each site, pooled in the site first.
fg <- each(function(z) crr(z$time, as.integer(as.character(z$event)), model.matrix(~ age + grade, z)[, -1], gtol = 1e-12))
fine_gray <- lapply(1:3, function(j) pooled(sapply(fg, function(f) f$coef[j]), sapply(fg, function(f) f$var[j, j]),
  sum(sets[[1]]$event == 1) - 3))
glms <- lapply(1:4, function(s) { f <- each(function(z) glm(response ~ age + arm, binomial, z[z$site == s, ], epsilon = 1e-14))
  pool.scalar(sapply(f, function(g) coef(g)[3]), sapply(f, function(g) vcov(g)[3, 3]), n = Inf, k = 0)[c("qbar", "t")] })
meta <- rma(sapply(glms, function(g) g$qbar), sapply(glms, function(g) g$t), method = "REML", test = "knha", control = list(threshold = 1e-13, maxiter = 1000))
whole <- sets[[1]]; whole_glms <- lapply(1:4, function(s) glm(response ~ age + arm, binomial, whole[whole$site == s, ], epsilon = 1e-14))
whole_meta <- rma(sapply(whole_glms, function(g) coef(g)[3]), sapply(whole_glms, function(g) vcov(g)[3, 3]), method = "DL")
v <- function(p) as.character(packageVersion(p))
cat(toJSON(list("_meta" = list(script = "pooling.R", R = R.version.string, mice = v("mice"), mitml = v("mitml"), survival = v("survival"),
    cmprsk = v("cmprsk"), metafor = v("metafor")),
  sets = lapply(sets, function(z) lapply(z, function(c) as.integer(as.character(c)))),
  rates = list(wilson(x0, n0), wilson(x1, n1)), difference = difference, ratio = ratio, survival12 = survival12, restricted = restricted,
  contrast = contrast, incidence12 = incidence12, logrank = d2(logrank, 2), gray = d2(gray, 2), pearson = d2(pearson, 2),
  kruskal = d2(kruskal, 2), wilcoxon = d2(wilcoxon, 1),
  cmh = pooled(unname(cmhq), unname(cmhse)^2, n - 2), cmh_test = d2(sapply(cmh, function(t) t$statistic), 1),
  ttest = pooled(tq, tse^2, n - 2), mean = mean(means), sd = sqrt(mean(sds^2)), fine_gray = fine_gray,
  meta = list(estimate = c(meta$beta), lower = meta$ci.lb, upper = meta$ci.ub, tau2 = meta$tau2),
  whole_meta = list(estimate = c(whole_meta$beta), lower = whole_meta$ci.lb, upper = whole_meta$ci.ub, tau2 = whole_meta$tau2)),
  digits = NA, auto_unbox = TRUE, na = "null"), "\n")
