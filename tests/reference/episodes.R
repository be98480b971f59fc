# How R's survival::tmerge cuts follow-up where a time-dependent covariate begins.  Rscript episodes.R > episodes.json
suppressMessages(library(survival))
rows <- data.frame(id = 1:8, time = c(50, 50, 50, 50, 50, 50, 30, 50), event = c(1, 1, 0, 1, 1, 1, 1, 0),
                   first = c(20, NA, 50, 60, 0, -7, 10, 20), second = c(30, 20, NA, 10, 49, 50, 10, 20))
cut <- tmerge(rows[c("id", "time", "event")], rows, id = id, died = event(time, event),
              a = tdc(first), b = tdc(second))
number <- function(x) paste0("[", paste(ifelse(is.na(x), "null", x), collapse = ", "), "]")
table <- function(d) paste0("{", paste(sprintf('"%s": %s', names(d), vapply(d, number, "")), collapse = ", "), "}")
cat(sprintf('{\n  "_meta": {"script": "episodes.R", "R": "%s", "survival": "%s"},\n', R.version.string,
            packageVersion("survival")))
cat(sprintf('  "rows": %s,\n', table(rows)))
cat(sprintf('  "cut": %s\n}\n', table(data.frame(id = cut$id, start = cut$tstart, stop = cut$tstop, died = cut$died,
                                                  a = cut$a, b = cut$b))))
