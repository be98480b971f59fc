"""lifelines, from a pandas frame."""

from __future__ import annotations

from importlib.metadata import version

import numpy as np
import pandas as pd
from lifelines import AalenJohansenFitter, CoxPHFitter, KaplanMeierFitter
from lifelines.statistics import logrank_test
from lifelines.utils import concordance_index
from measure import Fit, main, on_days, resampled

from cohorts import Cohort


def prepare(cohort: Cohort, method: str) -> Fit:
    """The fit of one method on a frame that is built here."""
    frame = pd.DataFrame(cohort.covariates, columns=cohort.names).assign(time=cohort.time, event=cohort.event)
    if method == "cox-strata":
        frame["site"] = cohort.site.astype(int)
    if method == "cox-start-stop":
        frame["entry"] = cohort.entry
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
        entry = "entry" if method == "cox-start-stop" else None
        fitted = CoxPHFitter().fit(frame, "time", "event", strata=strata, entry_col=entry)
        return {
            "coefficients": fitted.params_[cohort.names].tolist(),
            "standard_errors": fitted.standard_errors_[cohort.names].tolist(),
        }

    def cumulative_incidence() -> dict[str, object]:
        """Tied times are jittered by the package."""
        causes = [cohort.cause[g] for g in in_group]
        fits = [
            AalenJohansenFitter(calculate_variance=True, seed=1).fit(t, c, event_of_interest=1)
            for t, c in zip(times, causes, strict=True)
        ]
        curves = [fit.cumulative_density_.iloc[:, 0] for fit in fits]
        return {"incidence": {str(g): on_days(c.index.to_numpy(), c.to_numpy(), 0.0) for g, c in enumerate(curves)}}

    def concordance() -> dict[str, object]:
        return {"concordance": concordance_index(cohort.time, -cohort.covariates[:, -1], cohort.event)}

    def bootstrap() -> dict[str, object]:
        fits = [CoxPHFitter().fit(frame.iloc[rows], "time", "event") for rows in resampled(len(frame))]
        return {"bootstrap_errors": np.std([fit.params_[cohort.names] for fit in fits], axis=0, ddof=1).tolist()}

    return {
        "kaplan-meier": kaplan_meier,
        "logrank": logrank,
        "cumulative-incidence": cumulative_incidence,
        "concordance": concordance,
        "bootstrap": bootstrap,
    }.get(method, cox)


if __name__ == "__main__":
    main(version("lifelines"), prepare)
