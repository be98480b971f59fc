"""From the covariates of a study file to terms."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cohortium.estimators.planning import factor_of
from cohortium.estimators.regression.terms import FactorTerm, NumberTerm, SplineTerm

if TYPE_CHECKING:
    from cohortium.estimators.regression.terms import MainTerm
    from cohortium.study.analyses.covariate import Covariate
    from cohortium.study.study import Study


def main_term(study: Study, covariate: Covariate) -> MainTerm:
    """The term of a covariate in the form in which it enters."""
    name = covariate.variable
    variable = study.variable(name)
    if covariate.spline is not None:
        knots = ", ".join(f"{knot:g}" for knot in covariate.spline.knots)
        return SplineTerm(name, covariate.spline.knots, f"restricted cubic spline, knots {knots}")
    if variable.kind != "category" or covariate.as_number:
        note = f"per {covariate.per:g} {variable.unit}".rstrip() if covariate.per != 1.0 else ""
        return NumberTerm(name, covariate.per, note)
    factor = factor_of(study, name)
    if covariate.reference is None:
        return FactorTerm(factor)
    known = factor.labels if covariate.reference in factor.labels else factor.codes
    return FactorTerm(factor, known.index(covariate.reference))
