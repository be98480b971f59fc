"""lifelines, from a pandas frame."""

from __future__ import annotations

from importlib.metadata import version

import pandas as pd
from lifelines import CoxPHFitter, KaplanMeierFitter
from lifelines.statistics import logrank_test
from measure import Fit, main, on_days

from cohorts import Cohort


def prepare(cohort: Cohort, method: str) -> Fit:
    """The fit of one method on a frame that is built here."""
    frame = pd.DataFrame(cohort.covariates, columns=cohort.names).assign(time=cohort.time, event=cohort.event)
    if method == "cox-strata":
        frame["site"] = cohort.site.astype(int)
    in_group = [cohort.covariates[:, 0] == level for level in (0, 1)]
    times, events = [cohort.time[g] for g in in_group], [cohort.event[g] for g in in_group]

    def kaplan_meier() -> dict[str, object]:
        fits = [KaplanMeierFitter().fit(t, e) for t, e in zip(times, events, strict=True)]
        curves = [fit.survival_function_["KM_estimate"] for fit in fits]
        return {"survival": {str(g): on_days(c.index.to_numpy(), c.to_numpy()) for g, c in enumerate(curves)}}

    def logrank() -> dict[str, object]:
        return {"statistic": logrank_test(*times, *events).test_statistic}

    def cox() -> dict[str, object]:
        strata = ["site"] if method == "cox-strata" else None
        fitted = CoxPHFitter().fit(frame, "time", "event", strata=strata)
        return {
            "coefficients": fitted.params_[cohort.names].tolist(),
            "standard_errors": fitted.standard_errors_[cohort.names].tolist(),
        }

    return {"kaplan-meier": kaplan_meier, "logrank": logrank}.get(method, cox)


if __name__ == "__main__":
    main(version("lifelines"), prepare)
