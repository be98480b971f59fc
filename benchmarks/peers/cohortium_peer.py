"""Cohortium itself, through its public functions, from a polars frame."""

from __future__ import annotations

import polars as pl
from measure import Fit, main, on_days

import cohortium
from cohorts import Cohort


def prepare(cohort: Cohort, method: str) -> Fit:
    """The fit of one method on a frame that is built here."""
    columns = dict(zip(cohort.names, cohort.covariates.T, strict=True))
    frame = pl.DataFrame({"time": cohort.time, "event": cohort.event == 1, **columns}).with_columns(
        pl.col("time").cast(pl.Int64),
        pl.Series("group", cohort.covariates[:, 0].astype(int)).cast(pl.String),
        pl.Series("site", cohort.site.astype(int)).cast(pl.String),
    )
    outcome = {"time": "time", "event": "event"}

    def kaplan_meier() -> dict[str, object]:
        table = cohortium.kaplan_meier(frame, **outcome, by="group").table
        curves = {str(group): table.filter(pl.col("group") == group) for group in table["group"].unique()}
        return {"survival": {g: on_days(c["time"].to_numpy(), c["survival"].to_numpy()) for g, c in curves.items()}}

    def logrank() -> dict[str, object]:
        return {"statistic": cohortium.logrank(frame, **outcome, by="group").statistic}

    def cox() -> dict[str, object]:
        strata = "site" if method == "cox-strata" else None
        fitted = cohortium.cox(frame, **outcome, covariates=cohort.names, strata=strata)
        return {
            "coefficients": list(fitted.coefficients.values()),
            "standard_errors": list(fitted.standard_errors.values()),
            "log_likelihood": list(fitted.log_likelihood),
        }

    return {"kaplan-meier": kaplan_meier, "logrank": logrank}.get(method, cox)


if __name__ == "__main__":
    main(cohortium.__version__, prepare)
