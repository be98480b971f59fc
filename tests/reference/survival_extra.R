# What the shared reference files do not hold: weighted and clustered curves with robust variance, Nelson-Aalen,
# restricted means and their contrasts, both conventions of a quantile on a flat step, Fleming-Harrington and other
# weights, trend, pairs with Holm's adjustment, and tests of left-truncated rows.
#   Rscript survival_extra.R FOLDER_WITH_DATA > survival_extra.json
# The folder is the one that holds survival/lung.csv, survival/veteran.csv and survival/heart.csv.
suppressMessages({library(survival); library(jsonlite)})
folder <- commandArgs(TRUE)[1]
files <- file.path("survival", c("lung.csv", "veteran.csv", "heart.csv"))
read <- function(name) read.csv(file.path(folder, name), stringsAsFactors = FALSE)
lung <- read(files[1]); lung$ev <- lung$status - 1
veteran <- read(files[2]); veteran$celltype <- factor(veteran$celltype, c("squamous", "smallcell", "adeno", "large"))
heart <- read(files[3])
# Weights that any program computes to the last bit.
lung$w <- 0.25 + (lung$age %% 8) / 8
heart$w <- 0.5 + (heart$id %% 4) / 4
inst <- lung[!is.na(lung$inst), ]

curve <- function(fit) {
  s <- summary(fit, censored = TRUE)
  ll <- summary(update(fit, conf.type = "log-log"), censored = TRUE)
  as <- summary(update(fit, conf.type = "arcsin"), censored = TRUE)
  list(time = s$time, n_risk = s$n.risk, n_event = s$n.event, surv = s$surv, se = s$std.err, cumhaz = s$cumhaz,
       se_cumhaz = s$std.chaz, lower_loglog = ll$lower, upper_loglog = ll$upper, lower_arcsin = as$lower,
       upper_arcsin = as$upper)
}

# The restricted mean of each group with the variance of the sum over clusters of the area under the influence curve.
robust_means <- function(fit, tau) {
  bounds <- cumsum(c(0, fit$strata))
  unname(lapply(seq_along(fit$strata), function(g) {
    k <- (bounds[g] + 1):bounds[g + 1]
    t <- fit$time[k]; width <- pmax(pmin(c(t[-1], tau), tau) - pmin(t, tau), 0)
    list(value = min(t[1], tau) + sum(width * fit$surv[k]), se = sqrt(sum((fit$influence.surv[[g]] %*% width)^2)))
  }))
}

contrast <- function(mean, se) {
  d <- mean[2] - mean[1]; e <- sqrt(sum(se^2)); z <- qnorm(0.975)
  r <- mean[2] / mean[1]; le <- sqrt(sum((se / mean)^2))
  list(difference = c(d, d - z * e, d + z * e, 2 * pnorm(-abs(d / e))),
       ratio = c(r, r * exp(-z * le), r * exp(z * le), 2 * pnorm(-abs(log(r) / le))))
}
model_means <- function(formula, data, tau) {
  t <- summary(survfit(formula, data), rmean = tau)$table
  c(list(value = unname(t[, "rmean"]), se = unname(t[, "se(rmean)"])), contrast(unname(t[, "rmean"]), unname(t[, "se(rmean)"])))
}

first_below <- function(fit, p) min(fit$time[fit$surv <= 1 - p + sqrt(.Machine$double.eps)])

# A weighted test from the margins at each event time: w is a function of n, d, survival before and Prentice's survival.
weighted <- function(formula, data, weight) {
  mf <- model.frame(formula, data); y <- mf[[1]]; g <- factor(mf[[2]])
  u <- sort(unique(y[y[, 2] == 1, 1])); k <- nlevels(g)
  n <- sapply(levels(g), function(l) sapply(u, function(t) sum(y[g == l, 1] >= t)))
  d <- sapply(levels(g), function(l) sapply(u, function(t) sum(y[g == l, 1] == t & y[g == l, 2] == 1)))
  N <- rowSums(n); D <- rowSums(d)
  before <- c(1, cumprod(1 - D / N))[seq_along(u)]; prentice <- cumprod(1 - D / (N + 1))
  w <- weight(N, D, before, prentice); O <- colSums(w * d); E <- colSums(w * n * D / N); V <- matrix(0, k, k)
  for (i in seq_along(u)) if (N[i] > 1) {
    s <- n[i, ] / N[i]; V <- V + w[i]^2 * D[i] * (N[i] - D[i]) / (N[i] - 1) * (diag(s) - outer(s, s)) }
  chisq <- drop((O - E)[-k] %*% solve(V[-k, -k], (O - E)[-k]))
  list(observed = unname(O), expected = unname(E), chisq = chisq, p = pchisq(chisq, k - 1, lower.tail = FALSE))
}
weighted_tests <- function(formula, data) list(
  gamma1 = weighted(formula, data, function(n, d, s, p) 1 - s),
  rho1gamma1 = weighted(formula, data, function(n, d, s, p) s * (1 - s)),
  rho0.5gamma2 = weighted(formula, data, function(n, d, s, p) s^0.5 * (1 - s)^2),
  prentice = weighted(formula, data, function(n, d, s, p) p),
  tarone = weighted(formula, data, function(n, d, s, p) sqrt(n)),
  gehan = weighted(formula, data, function(n, d, s, p) n))

total <- function(x) if (is.matrix(x)) rowSums(x) else x
trend <- function(fit, scores) {
  difference <- sum(scores * (total(fit$obs) - total(fit$exp))); chisq <- difference^2 / drop(scores %*% fit$var %*% scores)
  list(chisq = chisq, p = pchisq(chisq, 1, lower.tail = FALSE))
}
pairs <- function(data, rho) {
  l <- levels(data$celltype); both <- combn(length(l), 2)
  chisq <- apply(both, 2, function(i) {
    part <- data[data$celltype %in% l[i], ]; part$celltype <- factor(part$celltype)
    survdiff(Surv(time, status) ~ celltype, part, rho = rho)$chisq })
  p <- pchisq(chisq, 1, lower.tail = FALSE)
  list(first = l[both[1, ]], second = l[both[2, ]], chisq = chisq, p = p, holm = p.adjust(p, "holm"))
}

weighted_lung <- survfit(Surv(time, ev) ~ sex, lung, weights = w, influence = 1)
clustered_lung <- survfit(Surv(time, ev) ~ sex, inst, cluster = inst, influence = 1)
both_lung <- survfit(Surv(time, ev) ~ sex, inst, weights = w, cluster = inst, influence = 1)
heart_fit <- survfit(Surv(start, stop, event) ~ transplant, heart, weights = w, cluster = id, influence = 1)
flat <- survfit(Surv(c(1, 2, 4, 9), c(1, 1, 1, 0)) ~ 1)
exact <- coxph(Surv(start, stop, event) ~ transplant, heart, ties = "exact")
exact_strata <- coxph(Surv(start, stop, event) ~ transplant + strata(surgery), heart, ties = "exact")

out <- list(
  `_meta` = list(script = "survival_extra.R", R = R.version.string, survival = as.character(packageVersion("survival")),
                 md5 = as.list(setNames(tools::md5sum(file.path(folder, files)), files))),
  weighted = curve(survfit(Surv(time, ev) ~ sex, lung, weights = w)),
  weighted_mean = robust_means(weighted_lung, 365),
  clustered = curve(survfit(Surv(time, ev) ~ sex, inst, cluster = inst)),
  clustered_mean = robust_means(clustered_lung, 365),
  weighted_clustered = curve(survfit(Surv(time, ev) ~ sex, inst, weights = w, cluster = inst)),
  weighted_clustered_mean = robust_means(both_lung, 365),
  weighted_reverse = curve(survfit(Surv(time, 1 - ev) ~ sex, lung, weights = w)),
  truncated = curve(survfit(Surv(start, stop, event) ~ transplant, heart)),
  truncated_weighted = curve(survfit(Surv(start, stop, event) ~ transplant, heart, weights = w, cluster = id)),
  truncated_weighted_mean = robust_means(heart_fit, 300),
  plain = curve(survfit(Surv(time, ev) ~ sex, lung)),
  means = model_means(Surv(time, ev) ~ sex, lung, 365),
  quantile_middle = unname(quantile(flat, 0.5, conf.int = FALSE)),
  quantile_first = first_below(flat, 0.5),
  weighted_tests = list(lung = weighted_tests(Surv(time, ev) ~ sex, lung),
                        veteran = weighted_tests(Surv(time, status) ~ celltype, veteran)),
  half = local({ f <- survdiff(Surv(time, status) ~ celltype, veteran, rho = 0.5); list(chisq = f$chisq) }),
  half_strata = local({ f <- survdiff(Surv(time, status) ~ trt + strata(celltype), veteran, rho = 0.5); list(chisq = f$chisq) }),
  trend = trend(survdiff(Surv(time, status) ~ celltype, veteran), c(1, 2, 3, 4)),
  trend_scores = trend(survdiff(Surv(time, status) ~ celltype, veteran), c(0, 1, 5, 2)),
  trend_peto = trend(survdiff(Surv(time, status) ~ celltype, veteran, rho = 1), c(1, 2, 3, 4)),
  trend_strata = trend(survdiff(Surv(time, status) ~ celltype + strata(trt), veteran), c(1, 2, 3, 4)),
  pairs = pairs(veteran, 0), pairs_peto = pairs(veteran, 1),
  truncated_test = list(chisq = exact$score, strata = exact_strata$score)
)
cat(toJSON(out, digits = I(17), auto_unbox = TRUE, na = "null"), "\n")
