"""scikit-survival, from arrays. It has no strata and no standard errors in Cox regression."""

from __future__ import annotations

from importlib.metadata import version

import numpy as np
from measure import Fit, main, on_days, resampled
from sksurv.compare import compare_survival
from sksurv.linear_model import CoxPHSurvivalAnalysis
from sksurv.metrics import concordance_index_censored
from sksurv.nonparametric import cumulative_incidence_competing_risks, kaplan_meier_estimator
from sksurv.util import Surv

from cohorts import Cohort


def prepare(cohort: Cohort, method: str) -> Fit | None:
    """The fit of one method on arrays that are built here; None for what the package does not have."""
    outcome = Surv.from_arrays(cohort.event == 1, cohort.time)
    group = cohort.covariates[:, 0].astype(int)
    in_group = [group == level for level in (0, 1)]

    def kaplan_meier() -> dict[str, object]:
        fits = [kaplan_meier_estimator(cohort.event[g] == 1, cohort.time[g], conf_type="log-log") for g in in_group]
        return {"survival": {str(g): on_days(fit[0], fit[1]) for g, fit in enumerate(fits)}}

    def logrank() -> dict[str, object]:
        return {"statistic": float(compare_survival(outcome, group)[0])}

    def cox() -> dict[str, object]:
        fitted = CoxPHSurvivalAnalysis(ties="efron").fit(cohort.covariates, outcome)
        return {"coefficients": fitted.coef_.tolist()}

    def cumulative_incidence() -> dict[str, object]:
        causes = cohort.cause.astype(int)
        fits = [cumulative_incidence_competing_risks(causes[g], cohort.time[g], conf_type="log-log") for g in in_group]
        return {"incidence": {str(g): on_days(fit[0], fit[1][1], 0.0) for g, fit in enumerate(fits)}}

    def concordance() -> dict[str, object]:
        found = concordance_index_censored(cohort.event == 1, cohort.time, cohort.covariates[:, -1])
        return {"concordance": float(found[0])}

    def bootstrap() -> dict[str, object]:
        model = CoxPHSurvivalAnalysis(ties="efron")
        found = [model.fit(cohort.covariates[rows], outcome[rows]).coef_ for rows in resampled(len(outcome))]
        return {"bootstrap_errors": np.std(found, axis=0, ddof=1).tolist()}

    return {
        "kaplan-meier": kaplan_meier,
        "logrank": logrank,
        "cox": cox,
        "cumulative-incidence": cumulative_incidence,
        "concordance": concordance,
        "bootstrap": bootstrap,
    }.get(method)


if __name__ == "__main__":
    main(version("scikit-survival"), prepare)
