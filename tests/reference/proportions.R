# Proportions and tables over strata by base R, for test_proportions_r.py. Breslow and Day's test with Tarone's adjustment
# is written out here as in their book (IARC 1980, 4.4) and Tarone 1985; the expected counts are roots found by uniroot.
# Every input stands in the output, so that the test reads it from there:
#   Rscript proportions.R > proportions.json
suppressMessages(library(jsonlite))
set.seed(20261122)
breslow_day <- function(t, ratio) {
  gap <- 0; total <- 0; statistic <- 0; strata <- 0
  for (k in seq_len(dim(t)[3])) {
    m <- t[, , k]; row <- sum(m[1, ]); column <- sum(m[, 1]); n <- sum(m)
    if (min(rowSums(m), colSums(m)) == 0) next
    low <- max(0, row + column - n); high <- min(row, column)
    f <- function(a) a * (n - row - column + a) - ratio * (row - a) * (column - a)
    a <- uniroot(f, c(low, high), tol = 1e-14, maxiter = 10000)$root
    v <- 1 / (1 / a + 1 / (row - a) + 1 / (column - a) + 1 / (n - row - column + a))
    statistic <- statistic + (m[1, 1] - a)^2 / v; gap <- gap + m[1, 1] - a; total <- total + v; strata <- strata + 1
  }
  statistic <- statistic - gap^2 / total
  c(statistic, strata - 1, pchisq(statistic, strata - 1, lower.tail = FALSE))
}
random <- function(k) {
  t <- array(0, c(2, 2, k))
  for (i in seq_len(k)) {
    n <- sample(3:40, 2, TRUE); x <- rbinom(2, n, c(0.45, 0.3)); t[, , i] <- rbind(c(x[1], n[1] - x[1]), c(x[2], n[2] - x[2]))
  }
  t
}
rabbits <- array(c(0, 0, 6, 5, 3, 0, 3, 6, 6, 2, 0, 4, 5, 6, 1, 0, 2, 5, 0, 0), dim = c(2, 2, 5))
stratified <- lapply(list(admissions = aperm(UCBAdmissions, c(2, 1, 3)), rabbits = rabbits, few = random(3), many = random(18)), function(t) {
  t <- array(c(t), dim(t))
  used <- t[, , apply(t, 3, sum) > 1, drop = FALSE]
  plain <- mantelhaen.test(used, correct = FALSE); corrected <- mantelhaen.test(used, correct = TRUE)
  exact <- mantelhaen.test(used, exact = TRUE)
  ratio <- unname(plain$estimate)
  list(tables = aperm(t, c(3, 1, 2)), plain = unname(c(plain$statistic, plain$p.value)),
    corrected = unname(c(corrected$statistic, corrected$p.value)), ratio = c(ratio, plain$conf.int),
    exact_p = exact$p.value, exact_ratio = c(unname(exact$estimate), exact$conf.int), breslow_day = breslow_day(used, ratio))
})
pairs <- rbind(c(94, 193, 118, 192), c(27, 295, 52, 307), c(3, 11, 9, 12), c(0, 20, 7, 31), c(15, 15, 4, 9))
compared <- lapply(seq_len(nrow(pairs)), function(i) {
  x <- pairs[i, c(1, 3)]; n <- pairs[i, c(2, 4)]; m <- cbind(x, n - x)
  w <- lapply(1:2, function(g) suppressWarnings(prop.test(x[g], n[g], correct = FALSE))$conf.int); p <- x / n; d <- p[1] - p[2]
  list(counts = pairs[i, ], pearson = suppressWarnings(chisq.test(m, correct = FALSE))$p.value,
    yates = suppressWarnings(chisq.test(m))$p.value, fisher = fisher.test(m)$p.value,
    newcombe = c(d - sqrt((p[1] - w[[1]][1])^2 + (w[[2]][2] - p[2])^2), d + sqrt((w[[1]][2] - p[1])^2 + (p[2] - w[[2]][1])^2)))
})
one <- rbind(c(0, 1), c(0, 12), c(3, 12), c(7, 21), c(12, 12), c(94, 193), c(1, 5000), c(49999, 100000))
single <- lapply(seq_len(nrow(one)), function(i) { x <- one[i, 1]; n <- one[i, 2]
  list(counts = one[i, ], exact = lapply(c(0.95, 0.8), function(c) as.numeric(binom.test(x, n, conf.level = c)$conf.int)),
    wilson = as.numeric(suppressWarnings(prop.test(x, n, correct = FALSE))$conf.int),
    jeffreys = c(if (x == 0) 0 else qbeta(0.025, x + 0.5, n - x + 0.5), if (x == n) 1 else qbeta(0.975, x + 0.5, n - x + 0.5)))
})
cat(toJSON(list("_meta" = list(script = "proportions.R", R = R.version.string), stratified = stratified, compared = compared,
  single = single), digits = NA, auto_unbox = TRUE, pretty = TRUE), "\n")
