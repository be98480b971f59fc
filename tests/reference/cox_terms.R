# Categories, interactions, restricted cubic splines, tests of terms and contrasts in subgroups of Cox models in R
# survival, at a tight stopping rule. The spline basis is Hmisc's rcspline.eval, which rms::rcs uses. Run beside the
# folder of data sets as exported from the packages:  Rscript cox_terms.R DATA_FOLDER > cox_terms.json
suppressMessages(library(survival))
data_folder <- commandArgs(TRUE)[1]
files <- character(0)
read <- function(name) {
  path <- file.path(data_folder, name)
  files[[name]] <<- unname(tools::md5sum(path))
  read.csv(path, stringsAsFactors = FALSE)
}
number <- function(x) paste0("[", paste(sprintf("%.17g", x), collapse = ", "), "]")
tight <- coxph.control(eps = 1e-14, toler.chol = 1e-16, iter.max = 50)
models <- character(0)

# Wald statistics of groups of coefficients, and likelihood ratios against the model without a term.
wald <- function(m, at) drop(coef(m)[at] %*% solve(vcov(m)[at, at, drop = FALSE], coef(m)[at]))
keep <- function(name, m, groups = list(), without = list(), contrasts = NULL) {
  parts <- c(coef = number(coef(m)), se = number(sqrt(diag(vcov(m)))), loglik = number(m$loglik),
             n = m$n, nevent = m$nevent)
  if (length(groups)) parts <- c(parts, wald = number(vapply(groups, function(at) wald(m, at), 0)))
  if (length(without)) {
    parts <- c(parts, lr = number(vapply(without, function(f) {
      2 * (m$loglik[2] - coxph(f, data = model.frame.source, control = tight, ties = m$method)$loglik[2])
    }, 0)))
  }
  if (!is.null(contrasts)) {
    parts <- c(parts, contrast = number(contrasts %*% coef(m)),
               contrast_se = number(sqrt(diag(contrasts %*% vcov(m) %*% t(contrasts)))))
  }
  models[[name]] <<- sprintf('  "%s": {%s}', name, paste(sprintf('"%s": %s', names(parts), parts), collapse = ", "))
}

heart <- read("survival/heart.csv")
heart$transplant <- as.integer(heart$transplant)
model.frame.source <- heart
s <- "Surv(start, stop, event) ~ "
for (ties in c("efron", "breslow")) {
  m <- coxph(as.formula(paste0(s, "(age + surgery) * transplant")), heart, control = tight, ties = ties)
  keep(paste0("heart_", ties), m, list(4, 5), list(
    as.formula(paste0(s, "age + surgery + transplant + surgery:transplant")),
    as.formula(paste0(s, "age + surgery + transplant + age:transplant"))))
}

veteran <- read("survival/veteran.csv")
veteran$celltype <- factor(veteran$celltype, c("squamous", "smallcell", "adeno", "large"))
veteran$trt <- factor(veteran$trt, 1:2)
model.frame.source <- veteran
m <- coxph(Surv(time, status) ~ trt + celltype + karno, veteran, control = tight)
keep("veteran", m, list(1, 2:4, 5), list(
  Surv(time, status) ~ celltype + karno, Surv(time, status) ~ trt + karno, Surv(time, status) ~ trt + celltype))
effect <- rbind(c(1, 0, 0, 0, 0, 0, 0, 0), c(1, 0, 0, 0, 0, 1, 0, 0), c(1, 0, 0, 0, 0, 0, 1, 0), c(1, 0, 0, 0, 0, 0, 0, 1))
m <- coxph(Surv(time, status) ~ trt + celltype + karno + trt:celltype, veteran, control = tight)
keep("veteran_subgroups", m, list(6:8), list(Surv(time, status) ~ trt + celltype + karno), effect)

lung <- read("survival/lung.csv")
lung <- lung[!is.na(lung$ph.ecog), ]
lung$sex <- factor(lung$sex)
knots <- c(45, 58, 66, 74)
basis <- Hmisc::rcspline.eval(lung$age, knots = knots, inclx = TRUE)
lung$a0 <- basis[, 1]; lung$a1 <- basis[, 2]; lung$a2 <- basis[, 3]
model.frame.source <- lung
m <- coxph(Surv(time, status) ~ a0 + a1 + a2 + sex + ph.ecog, lung, control = tight)
at <- Hmisc::rcspline.eval(knots, knots = knots, inclx = TRUE)
from <- sweep(at[-3, ], 2, at[3, ])
keep("lung_spline", m, list(1:3, 2:3, 4, 5), list(
  Surv(time, status) ~ sex + ph.ecog, Surv(time, status) ~ a0 + a1 + a2 + ph.ecog,
  Surv(time, status) ~ a0 + a1 + a2 + sex), cbind(from, 0, 0))
m <- coxph(Surv(time, status) ~ (a0 + a1 + a2) * sex + ph.ecog, lung, control = tight)
keep("lung_spline_by_sex", m, list(6:8), list(Surv(time, status) ~ a0 + a1 + a2 + sex + ph.ecog))

meta <- sprintf('  "_meta": {"script": "cox_terms.R", "R": "%s", "survival": "%s", "Hmisc": "%s", "md5": {%s}}',
  R.version.string, packageVersion("survival"), packageVersion("Hmisc"),
  paste(sprintf('"%s": "%s"', names(files), files), collapse = ", "))
cat("{\n", paste(c(meta, models), collapse = ",\n"), "\n}\n", sep = "")
