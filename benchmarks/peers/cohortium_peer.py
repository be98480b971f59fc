"""Cohortium itself, through its public functions, from a polars frame."""

from __future__ import annotations

from typing import Any

import polars as pl
from measure import REPLICATES, Fit, main, on_days

import cohortium
from cohorts import Cohort


def prepare(cohort: Cohort, method: str) -> Fit:
    """The fit of one method on a frame that is built here."""
    columns = dict(zip(cohort.names, cohort.covariates.T, strict=True))
    frame = pl.DataFrame({"event": cohort.event == 1, **columns}).with_columns(
        *(pl.Series(name, getattr(cohort, name)).cast(pl.Int64) for name in ("time", "entry", "cause")),
        pl.Series("group", cohort.covariates[:, 0]).cast(pl.Int64),
        pl.Series("site", cohort.site.astype(int)).cast(pl.String),
    )
    outcome = {"time": "time", "event": "event"}
    competing = {"time": "time", "event": "cause"}

    def kaplan_meier() -> dict[str, object]:
        table = cohortium.kaplan_meier(frame, **outcome, by="group").table
        curves = {str(group): table.filter(pl.col("group") == group) for group in table["group"].unique()}
        return {"survival": {g: on_days(c["time"].to_numpy(), c["survival"].to_numpy()) for g, c in curves.items()}}

    def logrank() -> dict[str, object]:
        return {"statistic": cohortium.logrank(frame, **outcome, by="group").statistic}

    def cox() -> dict[str, object]:
        options: dict[str, Any] = {"cox-strata": {"strata": "site"}, "cox-start-stop": {"entry": "entry"}}.get(
            method, {}
        )
        fitted = cohortium.cox(frame, **outcome, covariates=cohort.names, **options)
        return {
            "coefficients": list(fitted.coefficients.values()),
            "standard_errors": list(fitted.standard_errors.values()),
            "log_likelihood": list(fitted.log_likelihood),
        }

    def cumulative_incidence() -> dict[str, object]:
        table = cohortium.cumulative_incidence(frame, **competing, by="group").table
        first = table.filter(pl.col("cause") == "1")
        curves = {str(group): first.filter(pl.col("group") == group) for group in first["group"].unique()}
        return {
            "incidence": {
                g: on_days(c["time"].to_numpy(), c["incidence"].to_numpy(), start=0.0) for g, c in curves.items()
            },
            "statistic": cohortium.gray_test(frame, **competing, by="group").to_frame()["statistic"][0],
        }

    def fine_gray() -> dict[str, object]:
        fitted = cohortium.fine_gray(frame, **competing, covariates=cohort.names)
        return {
            "coefficients": list(fitted.coefficients.values()),
            "standard_errors": list(fitted.standard_errors.values()),
        }

    def bootstrap() -> dict[str, object]:
        found = cohortium.bootstrap_cox(frame, **outcome, covariates=cohort.names, replicates=REPLICATES, seed=1)
        return {"bootstrap_errors": found.to_frame()["standard_error"].to_list()}

    def logistic() -> dict[str, object]:
        fitted = cohortium.logistic(frame, outcome="event", covariates=cohort.names)
        return {
            "coefficients": list(fitted.coefficients.values()),
            "standard_errors": list(fitted.standard_errors.values()),
            "log_likelihood": list(fitted.log_likelihood),
        }

    def baseline() -> dict[str, object]:
        table = cohortium.baseline_table(described, variables=cohort.names, by="group")
        return {"p_values": table.comparisons["p_value"].to_list()}

    if method == "baseline":
        # The binary half is counted, not averaged.
        texts = [pl.col(name).cast(pl.Int64).cast(pl.String) for name in cohort.names[: len(cohort.names) // 2]]
        described = frame.with_columns(*texts, group=pl.col("event").cast(pl.Int64).cast(pl.String))
        return baseline
    if method == "concordance":
        model = cohortium.cox(frame, **outcome, covariates=cohort.names[-1:])
        return lambda: {"concordance": model.concordance().value}
    return {
        "kaplan-meier": kaplan_meier,
        "logrank": logrank,
        "cumulative-incidence": cumulative_incidence,
        "fine-gray": fine_gray,
        "bootstrap": bootstrap,
        "logistic": logistic,
    }.get(method, cox)


if __name__ == "__main__":
    main(cohortium.__version__, prepare)
