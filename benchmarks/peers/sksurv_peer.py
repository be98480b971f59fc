"""scikit-survival, from arrays. It has no strata and no standard errors in Cox regression."""

from __future__ import annotations

from importlib.metadata import version

from measure import Fit, main, on_days
from sksurv.compare import compare_survival
from sksurv.linear_model import CoxPHSurvivalAnalysis
from sksurv.nonparametric import kaplan_meier_estimator
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

    return {"kaplan-meier": kaplan_meier, "logrank": logrank, "cox": cox}.get(method)


if __name__ == "__main__":
    main(version("scikit-survival"), prepare)
