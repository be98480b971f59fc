# What R survival makes of a fitted Cox model: cox.zph and the curve that plot.cox.zph draws, survfit.coxph, basehaz,
# concordance (also n/G2, Uno's), residuals. Fits have a tight stopping rule: R's default leaves coefficients up to
# 1e-8 (relative) away from the optimum. Run with the folder of data sets as exported from the packages:
#   Rscript cox_after.R DATA_FOLDER > cox_after.json
suppressMessages({library(survival); library(splines)})
data_folder <- commandArgs(TRUE)[1]
files <- character(0)
read <- function(name) {
  path <- file.path(data_folder, name)
  files[[name]] <<- unname(tools::md5sum(path))
  read.csv(path, stringsAsFactors = FALSE)
}
number <- function(x) {
  text <- ifelse(is.na(x), "null", sprintf("%.15g", x))
  paste0("[", paste(text, collapse = ", "), "]")
}
rows <- function(m) paste0("[", paste(apply(m, 1, number), collapse = ", "), "]")
object <- function(parts) paste0("{", paste(sprintf('"%s": %s', names(parts), parts), collapse = ", "), "}")
models <- list()
tight <- coxph.control(eps = 1e-14, toler.chol = 1e-16, iter.max = 50)

# The lines of plot.cox.zph, which does not return them.
smooth <- function(fit, transform, nsmo = 40, df = 4) {
  z <- cox.zph(fit, transform = transform, terms = FALSE)
  x <- seq(min(z$x), max(z$x), length = nsmo)
  basis <- ns(c(x, z$x), df = df, intercept = TRUE)
  lines <- lapply(seq_len(ncol(z$y)), function(i) {
    keep <- !is.na(z$y[, i])
    q <- qr(basis[-(1:nsmo), ][keep, ])
    value <- drop(basis[1:nsmo, ] %*% qr.coef(q, z$y[keep, i]))
    back <- backsolve(q$qr[1:df, 1:df], diag(df))
    half <- 2 * sqrt(z$var[i, i] * (((basis[1:nsmo, ] %*% (back %*% t(back))) * basis[1:nsmo, ]) %*% rep(1, df)))
    object(c(value = number(value), lower = number(value - drop(half))))
  })
  paste0("[", paste(lines, collapse = ", "), "]")
}
zph <- function(fit, transforms) {
  tests <- vapply(transforms, function(g) {
    table <- cox.zph(fit, transform = g)$table
    object(c(chisq = number(table[, 1]), df = number(table[, 2]), p = number(table[, 3])))
  }, "")
  curves <- vapply(intersect(transforms, c("km", "identity")), function(g) smooth(fit, g), "")
  object(c(tests = object(tests), smooth = object(curves)))
}
survival <- function(fit, profiles) {
  curve <- survfit(fit, newdata = profiles)
  double <- survfit(fit, newdata = profiles, conf.type = "log-log")
  base <- basehaz(fit, centered = FALSE)
  centered <- basehaz(fit)
  parts <- c(time = number(curve$time), strata = number(if (is.null(curve$strata)) length(curve$time) else curve$strata),
             hazard = number(base$hazard), centered = number(centered$hazard))
  for (name in c("surv", "std.err", "lower", "upper")) parts <- c(parts, setNames(rows(t(as.matrix(curve[[name]]))), name))
  c(object(c(parts, loglog_lower = rows(t(as.matrix(double$lower))), loglog_upper = rows(t(as.matrix(double$upper))))))
}
index <- function(fit, ...) {
  found <- concordance(fit, ...)
  count <- if (is.matrix(found$count)) colSums(found$count) else found$count
  object(c(value = number(found$concordance), se = number(sqrt(found$var)), count = number(count)))
}
all_residuals <- function(fit) {
  kinds <- c(score = "score", dfbeta = "dfbeta", dfbetas = "dfbetas", schoenfeld = "schoenfeld", "scaled-schoenfeld" = "scaledsch")
  parts <- vapply(kinds, function(kind) rows(as.matrix(residuals(fit, kind))), "")
  for (kind in c("martingale", "deviance")) parts <- c(parts, setNames(number(residuals(fit, kind)), kind))
  object(parts)
}
points <- function(fit) rows(t(cox.zph(fit, terms = FALSE)$y))
add <- function(name, fit, profiles = NULL, transforms = c("km", "rank", "identity", "log"), uno = TRUE, tau = NULL,
                residuals = FALSE) {
  parts <- c(zph = zph(fit, transforms), harrell = index(fit))
  if (!is.null(profiles)) parts <- c(parts, survival = survival(fit, profiles))
  if (uno) parts <- c(parts, uno = index(fit, timewt = "n/G2"))
  if (!is.null(tau)) parts <- c(parts, harrell_tau = index(fit, ymax = tau), uno_tau = index(fit, timewt = "n/G2", ymax = tau))
  if (residuals) parts <- c(parts, residuals = all_residuals(fit))
  if (grepl("by_center", name)) parts <- c(parts, points = points(fit))
  models[[name]] <<- sprintf('  "%s": %s', name, object(parts))
}
fit <- function(formula, data, ...)
  do.call(coxph, list(formula, data = data, ..., control = tight, x = TRUE, y = TRUE, model = TRUE))

lung <- read("survival/lung.csv")
lung$event <- lung$status - 1
lung$w <- 1 + (seq_len(nrow(lung)) %% 4) / 2
lung$o <- (lung$age - 60) / 50
lung <- lung[!is.na(lung$ph.ecog), ]
terms <- Surv(time, event) ~ age + sex + ph.ecog
who <- data.frame(age = c(50, 75), sex = c(2, 1), ph.ecog = c(0, 2))
for (ties in c("efron", "breslow"))
  add(paste0("lung_", ties), fit(terms, lung, ties = ties), who, tau = 500, residuals = ties == "efron")
add("lung_weighted", fit(terms, lung, weights = lung$w), who, tau = 500, residuals = TRUE)
add("lung_weighted_breslow", fit(terms, lung, weights = lung$w, ties = "breslow"), who)
add("lung_offset", fit(Surv(time, event) ~ sex + ph.ecog + offset(o), lung))
inside <- lung[!is.na(lung$inst), ]
add("lung_by_institution", fit(update(terms, . ~ . + strata(inst)), inside), who, uno = FALSE)
add("lung_cluster", fit(terms, inside, cluster = inside$inst), transforms = "km")

veteran <- read("survival/veteran.csv")
veteran$celltype <- factor(veteran$celltype, c("squamous", "smallcell", "adeno", "large"))
add("veteran", fit(Surv(time, status) ~ trt + celltype + karno + diagtime + age + prior, veteran))
add("veteran_by_cell", fit(Surv(time, status) ~ trt + karno + age + strata(celltype), veteran),
    data.frame(trt = c(1, 2), karno = c(60, 90), age = c(50, 65)), uno = FALSE)

heart <- read("survival/heart.csv")
patient <- data.frame(age = 5, year = 3, surgery = 1, transplant = 1)
for (ties in c("efron", "breslow"))
  add(paste0("heart_", ties), fit(Surv(start, stop, event) ~ age + year + surgery + transplant, heart, ties = ties),
      patient, uno = FALSE, residuals = ties == "efron")

cgd <- read("survival/cgd.csv")
cgd$treated <- as.integer(cgd$treat == "rIFN-g")
cgd$linked <- as.integer(cgd$inherit == "X-linked")
add("cgd_by_center", fit(Surv(tstart, tstop, status) ~ treated + age + linked + strata(center), cgd),
    data.frame(treated = 1, age = 10, linked = 1), uno = FALSE)

meta <- sprintf('  "_meta": {"script": "cox_after.R", "R": "%s", "survival": "%s", "md5": {%s}}',
                R.version.string, packageVersion("survival"),
                paste(sprintf('"%s": "%s"', names(files), files), collapse = ", "))
cat("{\n", paste(c(meta, unlist(models)), collapse = ",\n"), "\n}\n", sep = "")
