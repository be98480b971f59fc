# Competing risks in R: multi-state survfit (standard errors and limits), Gray's test with rho and strata, Fine-Gray
# models at a tight stopping rule, by group of censoring (crr) and with strata (finegray and a weighted coxph).
# Run beside the folder of data sets as exported from the packages:  Rscript competing.R DATA_FOLDER > competing.json
suppressMessages({library(survival); library(cmprsk)})
data_folder <- commandArgs(TRUE)[1]
files <- character(0)
read <- function(name) {
  path <- file.path(data_folder, name)
  files[[name]] <<- unname(tools::md5sum(path))
  read.csv(path, stringsAsFactors = FALSE)
}
number <- function(x) paste0("[", paste(ifelse(is.na(x), "null", sprintf("%.17g", x)), collapse = ", "), "]")
found <- list()
put <- function(name, ...) {
  parts <- c(...)
  found[[name]] <<- sprintf('  "%s": {%s}', name, paste(sprintf('"%s": %s', names(parts), parts), collapse = ", "))
}

mgus2 <- read("survival/mgus2.csv")
mgus2$time <- with(mgus2, ifelse(pstat == 0, futime, ptime))
mgus2$end <- with(mgus2, ifelse(pstat == 0, 2 * death, 1))
mgus2$male <- as.integer(mgus2$sex == "M")
bmt <- read("textbook/KMsurv_bmt.csv")
bmt$time <- bmt$t2
bmt$end <- ifelse(bmt$d2 == 1, 1, ifelse(bmt$d1 == 1, 2, 0))
bmt$g2 <- as.integer(bmt$group == 2); bmt$g3 <- as.integer(bmt$group == 3); bmt$z1c <- bmt$z1 - 28
pbc3 <- read("multicentre/pec_Pbc3.csv")
pbc3$time <- pbc3$days; pbc3$end <- pbc3$status; pbc3$logbili <- log(pbc3$bili)
crr_data <- read("textbook/casebase_bmtcrr.csv")
crr_data$time <- crr_data$ftime; crr_data$end <- crr_data$Status
for (level in c("CR1", "CR2", "CR3")) crr_data[[level]] <- as.integer(crr_data$Phase == level)
crr_data$SexF <- as.integer(crr_data$Sex == "F"); crr_data$AML <- as.integer(crr_data$D == "AML")
crr_data$PB <- as.integer(crr_data$Source == "PB")

states <- function(name, data, by, entry = NULL, step = 5) {
  data$state <- factor(data$end, 0:2)
  data$by <- data[[by]]
  if (is.null(entry)) {
    formula <- Surv(time, state) ~ by
    more <- list()
  } else {
    data$begin <- entry
    data <- data[data$begin < data$time, ]
    data$row <- seq_len(nrow(data))
    formula <- Surv(begin, time, state) ~ by
    more <- list(id = data$row)
  }
  for (form in c("plain", "log", "log-log")) {
    s <- do.call(survfit, c(list(formula, data = data, conf.type = form), more))
    kept <- seq(1, length(s$time), by = step)
    group <- sub("^by=", "", rep(names(s$strata), s$strata))[kept]
    parts <- c(group = paste0("[", paste(sprintf('"%s"', group), collapse = ", "), "]"),
               time = number(s$time[kept]), n_risk = number(s$n.risk[kept, 1]))
    for (k in 1:2) {
      columns <- list(value = s$pstate, error = s$std.err, lower = s$lower, upper = s$upper)
      values <- vapply(columns, function(m) number(m[kept, k + 1]), "")
      parts <- c(parts, setNames(values, paste0(names(columns), k)))
    }
    put(paste(name, form), parts)
  }
}
states("mgus2", mgus2, "sex")
states("bmt", bmt, "group", step = 1)
states("mgus2 late", mgus2, "sex", entry = (mgus2$age * 7) %% 40)

gray <- function(name, data, by, ...) {
  tests <- cuminc(data$time, data$end, data[[by]], ...)$Tests
  put(name, c(statistic = number(tests[, 1]), p = number(tests[, 2]), df = number(tests[, 3])))
}
gray("gray mgus2 rho 1", mgus2, "sex", rho = 1)
gray("gray bmt rho 2", bmt, "group", rho = 2)
gray("gray pbc3 by unit, rho 1", pbc3, "tment", strata = pbc3$unit, rho = 1)
gray("gray bmt by hospital", bmt, "group", strata = bmt$z9)

model <- function(name, data, covariates, cause, cengroup = NULL) {
  data <- data[complete.cases(data[, c("time", "end", covariates)]), ]
  call <- list(data$time, data$end, as.matrix(data[, covariates]), failcode = cause, gtol = 1e-11, maxiter = 50)
  if (!is.null(cengroup)) call$cengroup <- data[[cengroup]]
  m <- do.call(crr, call)
  put(name, c(coef = number(m$coef), se = number(sqrt(diag(m$var))), var = number(m$var), inf = number(m$inf),
              loglik = number(c(m$loglik.null, m$loglik)), n = length(data$time),
              converged = tolower(m$converged)))
}
x <- list(mgus2 = c("age", "male", "mspike"), bmt = c("g2", "g3", "z8", "z1c"), pbc3 = c("tment", "alb", "logbili"),
          crr = c("Age", "SexF", "AML", "CR1", "CR2", "CR3", "PB"))
frames <- list(mgus2 = mgus2, bmt = bmt, pbc3 = pbc3, crr = crr_data)
for (data in names(x)) for (cause in 1:2)
  model(paste("fine-gray", data, cause), frames[[data]], x[[data]], cause)
model("fine-gray pbc3 2 by unit", pbc3, x$pbc3, 2, "unit")
model("fine-gray mgus2 1 by sex", mgus2, x$mgus2, 1, "sex")

# finegray weighs rows otherwise than crr where a censoring and an event are tied, so these have no ties.
pbc3$hospital <- pbc3$unit
pbc3$time <- 1000 * pbc3$days + seq_len(nrow(pbc3))
weighted <- function(name, data, covariates, cause, strata, formula) {
  data <- data[complete.cases(data[, c("time", "end", covariates)]), ]
  data$state <- factor(data$end, 0:2)
  long <- finegray(formula, data = data[, c("time", "state", covariates, "unit", "hospital")], etype = as.character(cause))
  right <- paste(c(covariates, strata), collapse = " + ")
  m <- coxph(as.formula(paste("Surv(fgstart, fgstop, fgstatus) ~", right)), long, weights = fgwt, ties = "breslow",
             robust = FALSE, control = coxph.control(eps = 1e-14, toler.chol = 1e-16, iter.max = 50))
  put(name, c(coef = number(coef(m)), naive_se = number(sqrt(diag(vcov(m)))), loglik = number(m$loglik)))
}
overall <- Surv(time, state) ~ tment + alb + logbili + hospital
by_unit <- Surv(time, state) ~ tment + alb + logbili + hospital + strata(unit)
weighted("strata pbc3 2", pbc3, x$pbc3, 2, "strata(hospital)", overall)
weighted("strata pbc3 2 by unit", pbc3, x$pbc3, 2, "strata(hospital)", by_unit)

meta <- sprintf('  "_meta": {"script": "competing.R", "R": "%s", "survival": "%s", "cmprsk": "%s", "md5": {%s}}',
                R.version.string, packageVersion("survival"), packageVersion("cmprsk"),
                paste(sprintf('"%s": "%s"', names(files), files), collapse = ", "))
cat("{\n", paste(c(meta, unlist(found)), collapse = ",\n"), "\n}\n", sep = "")
