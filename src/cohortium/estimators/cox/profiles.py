"""Patients to predict for: from the values of their covariates to those of the columns of a model."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from cohortium.estimators.contract import Rows
from cohortium.estimators.regression.design import columns_of
from cohortium.estimators.regression.terms import FactorTerm

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from cohortium.estimators.cox.spec import CoxSpec


def profile_columns(spec: CoxSpec, patients: Sequence[Mapping[str, float | str]]) -> list[tuple[float, ...]]:
    """Values of the columns of a model, a tuple of length p for each patient.

    patients  values of all covariates by name: numbers, and levels of categories by code

    Raises
        LookupError: a covariate is missing, or a level is not declared.
    """
    names = {part.variable: isinstance(part, FactorTerm) for part in spec.components}
    factors = {factor.name: factor for factor in spec.factors}
    numbers = {
        name: np.array([float(patient[name]) for patient in patients])
        for name, is_factor in names.items()
        if not is_factor
    }
    codes = {
        name: np.array([_position(factors[name].codes, name, patient[name]) for patient in patients])
        for name, is_factor in names.items()
        if is_factor
    }
    whole = slice(None)
    columns = [column(whole) for column in columns_of(Rows(len(patients), numbers, codes), spec, whole)]
    return [tuple(float(column[i]) for column in columns) for i in range(len(patients))]


def _position(codes: Sequence[str], name: str, given: float | str) -> int:
    code = f"{given:g}" if isinstance(given, int | float) else str(given)
    if code not in codes:
        raise LookupError(f"{name} has no level {code!r}; it has {', '.join(codes)}")
    return codes.index(code)
