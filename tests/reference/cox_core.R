# Cox models of R survival with late entry, case weights, offsets and robust variance, at a tight stopping rule: R's
# default leaves coefficients up to 1e-8 (relative) away from the optimum. Run beside the folder of data sets as
# exported from the packages:  Rscript cox_core.R DATA_FOLDER > cox_core.json
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
models <- list()
# coxph's own robust score test leaves the offset out of its residuals at zero coefficients.
robust_score <- function(call) {
  collapse <- call$cluster
  call[c("cluster", "robust")] <- NULL
  call$control <- coxph.control(iter.max = 0)
  null <- do.call(coxph, c(call, list(robust = FALSE)))
  scores <- residuals(null, "score", weighted = TRUE)
  if (!is.null(collapse)) scores <- rowsum(scores, collapse)
  u <- colSums(scores)
  drop(u %*% solve(crossprod(scores), u))
}
fit <- function(name, formula, data, ..., drop = character(0)) {
  call <- list(formula, data = data, control = tight, ...)
  m <- do.call(coxph, call)
  parts <- c(coef = number(coef(m)), se = number(sqrt(diag(m$var))), loglik = number(m$loglik),
             score = number(m$score), wald = number(m$wald.test), n = m$n, nevent = m$nevent,
             var = number(m$var))
  if (!is.null(m$naive.var)) {
    parts <- c(parts, naive_se = number(sqrt(diag(m$naive.var))))
    parts <- c(parts, robust_score = number(if (is.null(m$offset)) m$rscore else robust_score(call)))
  }
  without <- vapply(drop, function(term) {
    call[[1]] <- update(formula, paste(". ~ . -", term))
    do.call(coxph, call)$loglik[2]
  }, 0)
  if (length(drop)) parts <- c(parts, without = number(without))
  models[[name]] <<- sprintf('  "%s": {%s}', name, paste(sprintf('"%s": %s', names(parts), parts), collapse = ", "))
}

heart <- read("survival/heart.csv")
heart$transplant <- as.integer(heart$transplant)
heart_td <- Surv(start, stop, event) ~ age + surgery + transplant + I(age * transplant) + I(surgery * transplant)
for (ties in c("efron", "breslow")) fit(paste0("heart_", ties), heart_td, heart, ties = ties)
fit("heart_year", Surv(start, stop, event) ~ age + year + surgery + transplant, heart,
    drop = c("age", "year", "surgery", "transplant"))
fit("heart_cluster", Surv(start, stop, event) ~ age + year + surgery + transplant, heart, cluster = heart$id)

cgd <- read("survival/cgd.csv")
cgd$treated <- as.integer(cgd$treat == "rIFN-g")
cgd$linked <- as.integer(cgd$inherit == "X-linked")
cgd$w <- 0.5 + (cgd$id %% 5) / 4
ag <- Surv(tstart, tstop, status) ~ treated + age + linked + steroids
for (ties in c("efron", "breslow")) {
  fit(paste0("cgd_", ties), ag, cgd, ties = ties, cluster = cgd$id)
  fit(paste0("cgd_rows_", ties), ag, cgd, ties = ties, cluster = seq_len(nrow(cgd)))
  fit(paste0("cgd_weighted_", ties), ag, cgd, ties = ties, cluster = cgd$id, weights = cgd$w)
  fit(paste0("cgd_centers_", ties), update(ag, . ~ . + strata(center)), cgd, ties = ties, cluster = cgd$id,
      weights = cgd$w)
}
fit("cgd_first", Surv(tstop, status) ~ treated + age + linked + steroids, cgd[cgd$enum == 1, ])
fit("cgd_by_center", Surv(tstart, tstop, status) ~ treated + strata(center), cgd)

lung <- read("survival/lung.csv")
lung$ev <- lung$status - 1
lung$w <- 0.25 + (seq_len(nrow(lung)) %% 7) / 3
lung$o <- 0.02 * (lung$age - 40)
lung <- na.omit(lung[, c("time", "ev", "age", "sex", "ph.ecog", "inst", "w", "o")])
plain <- Surv(time, ev) ~ age + sex + ph.ecog
for (ties in c("efron", "breslow")) {
  fit(paste0("lung_cluster_", ties), plain, lung, ties = ties, cluster = lung$inst)
  fit(paste0("lung_rows_", ties), plain, lung, ties = ties, robust = TRUE)
  fit(paste0("lung_weighted_", ties), plain, lung, ties = ties, weights = lung$w)
  fit(paste0("lung_offset_", ties), Surv(time, ev) ~ sex + ph.ecog + offset(o), lung, ties = ties)
  fit(paste0("lung_offset_rows_", ties), Surv(time, ev) ~ sex + ph.ecog + offset(o), lung, ties = ties, robust = TRUE)
  fit(paste0("lung_all_", ties), Surv(time, ev) ~ sex + ph.ecog + offset(o) + strata(inst), lung, ties = ties,
      weights = lung$w, cluster = lung$inst)
}
fit("lung_terms", plain, lung, drop = c("age", "sex", "ph.ecog"))
fit("lung_terms_by_institution", update(plain, . ~ . + strata(inst)), lung, drop = c("age", "sex", "ph.ecog"))

pbc3 <- read("multicentre/pec_Pbc3.csv")
pbc3$logbili <- log(pbc3$bili)
adjusted <- Surv(days, status > 0) ~ tment + alb + logbili
fit("pbc3_treatment", Surv(days, status > 0) ~ tment, pbc3)
fit("pbc3_adjusted", adjusted, pbc3)
fit("pbc3_by_hospital", update(adjusted, . ~ . + strata(unit)), pbc3)
fit("pbc3_by_hospital_breslow", update(adjusted, . ~ . + strata(unit)), pbc3, ties = "breslow")
fit("pbc3_cluster", adjusted, pbc3, cluster = pbc3$unit)
fit("pbc3_transplant", Surv(days, status == 1) ~ tment + alb + logbili, pbc3)
fit("pbc3_death", Surv(days, status == 2) ~ tment + alb + logbili, pbc3)

bmt <- read("textbook/KMsurv_bmt.csv")
bmt$g2 <- as.integer(bmt$group == 2)
bmt$g3 <- as.integer(bmt$group == 3)
bmt$z1c <- bmt$z1 - 28
bmt$z2c <- bmt$z2 - 28
klein <- Surv(t2, d3) ~ g2 + g3 + z8 + z1c + z2c + I(z1c * z2c)
for (ties in c("efron", "breslow")) {
  fit(paste0("bmt_", ties), klein, bmt, ties = ties)
  fit(paste0("bmt_by_hospital_", ties), update(klein, . ~ . + strata(z9)), bmt, ties = ties)
}
bmt$id <- seq_len(nrow(bmt))
bmt$recovery <- ifelse(bmt$dp == 1, bmt$tp, NA)
split <- tmerge(bmt, bmt, id = id, death = event(t2, d3), platelets = tdc(recovery))
for (ties in c("efron", "breslow")) {
  fit(paste0("bmt_platelets_", ties), Surv(tstart, tstop, death) ~ g2 + g3 + z8 + platelets, split, ties = ties)
}

mgus <- read("survival/mgus2.csv")
mgus$male <- as.integer(mgus$sex == "M")
mgus <- na.omit(mgus[mgus$futime > 0, c("age", "male", "hgb", "creat", "futime", "death")])
mgus$born <- 12 * mgus$age
mgus$end <- mgus$born + mgus$futime
for (ties in c("efron", "breslow")) {
  fit(paste0("mgus_", ties), Surv(futime, death) ~ age + male + hgb + creat, mgus, ties = ties)
  fit(paste0("mgus_age_scale_", ties), Surv(born, end, death) ~ male + hgb + creat, mgus, ties = ties,
      cluster = seq_len(nrow(mgus)))
}
fit("mgus_age_scale_by_sex", Surv(born, end, death) ~ hgb + creat + strata(male), mgus, drop = c("hgb", "creat"))

plasma <- read("survival/mgus2.csv")
plasma <- plasma[complete.cases(plasma[, c("hgb", "creat", "mspike")]), ]
plasma$male <- as.integer(plasma$sex == "M")
plasma$etime <- ifelse(plasma$pstat == 0, plasma$futime, plasma$ptime)
plasma$cause <- ifelse(plasma$pstat == 0, 2 * plasma$death, 1)
fit("mgus_malignancy", Surv(etime, cause == 1) ~ age + male + mspike, plasma)
fit("mgus_death_before", Surv(etime, cause == 2) ~ age + male + mspike, plasma)

transplant <- read("textbook/casebase_bmtcrr.csv")
for (phase in c("CR1", "CR2", "CR3")) transplant[[phase]] <- as.integer(transplant$Phase == phase)
transplant$female <- as.integer(transplant$Sex == "F")
transplant$aml <- as.integer(transplant$D == "AML")
transplant$blood <- as.integer(transplant$Source == "PB")
fit("bmtcrr_relapse", Surv(ftime, Status == 1) ~ Age + female + aml + CR1 + CR2 + CR3 + blood, transplant)

hashes <- paste(sprintf('"%s": "%s"', names(files), files), collapse = ", ")
meta <- sprintf('  "_meta": {"script": "cox_core.R", "R": "%s", "survival": "%s", "md5": {%s}}',
                R.version.string, packageVersion("survival"), hashes)
cat("{\n", paste(c(meta, models), collapse = ",\n"), "\n}\n", sep = "")
