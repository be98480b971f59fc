"""scikit-learn, from arrays: the maximum of the likelihood without standard errors."""

from __future__ import annotations

from importlib.metadata import version

from measure import Fit, main
from sklearn.linear_model import LogisticRegression

from cohorts import Cohort


def prepare(cohort: Cohort, _method: str) -> Fit:
    """The fit on arrays that are built here."""
    outcome = cohort.event.astype(int)

    def logistic() -> dict[str, object]:
        fitted = LogisticRegression(C=float("inf"), solver="newton-cholesky").fit(cohort.covariates, outcome)
        return {"coefficients": fitted.coef_[0].tolist()}

    return logistic


if __name__ == "__main__":
    main(version("scikit-learn"), prepare)
