"""statsmodels, from arrays."""

from __future__ import annotations

from importlib.metadata import version

from measure import Fit, main, on_days
from statsmodels.discrete.discrete_model import Logit
from statsmodels.duration.hazard_regression import PHReg
from statsmodels.duration.survfunc import SurvfuncRight, survdiff
from statsmodels.tools import add_constant

from cohorts import Cohort


def prepare(cohort: Cohort, method: str) -> Fit:
    """The fit of one method on arrays that are built here."""
    group = cohort.covariates[:, 0].astype(int)
    in_group = [group == level for level in (0, 1)]

    def kaplan_meier() -> dict[str, object]:
        fits = [SurvfuncRight(cohort.time[g], cohort.event[g]) for g in in_group]
        return {"survival": {str(g): on_days(fit.surv_times, fit.surv_prob) for g, fit in enumerate(fits)}}

    def logrank() -> dict[str, object]:
        return {"statistic": float(survdiff(cohort.time, cohort.event, group)[0])}

    def cox() -> dict[str, object]:
        strata = cohort.site.astype(int) if method == "cox-strata" else None
        entry = cohort.entry if method == "cox-start-stop" else None
        model = PHReg(cohort.time, cohort.covariates, status=cohort.event, ties="efron", strata=strata, entry=entry)
        fitted = model.fit(disp=False)
        return {"coefficients": fitted.params.tolist(), "standard_errors": fitted.bse.tolist()}

    def logistic() -> dict[str, object]:
        fitted = Logit(cohort.event, add_constant(cohort.covariates)).fit(disp=False)
        return {"coefficients": fitted.params[1:].tolist(), "standard_errors": fitted.bse[1:].tolist()}

    return {"kaplan-meier": kaplan_meier, "logrank": logrank, "logistic": logistic}.get(method, cox)


if __name__ == "__main__":
    main(version("statsmodels"), prepare)
