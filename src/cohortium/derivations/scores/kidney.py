"""Kidney function from serum creatinine, age and sex."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from cohortium.derivations.rule import Derived, Tables
from cohortium.derivations.rule_inputs import code, number
from cohortium.study.derive.kidney import CkdEpi2021, CockcroftGault


@dataclass(frozen=True, slots=True)
class BySex:
    """A constant of either sex."""

    female: float
    male: float

    def of(self, sex: pl.Expr) -> pl.Expr:
        """The constant of each patient; null where the sex is neither."""
        return pl.when(sex == "female").then(self.female).when(sex == "male").then(self.male)


@dataclass(frozen=True, slots=True)
class Ckd:
    """Constants of CKD-EPI with the symbols of its paper."""

    mu: float = 142.0
    kappa: BySex = BySex(0.7, 0.9)
    alpha: BySex = BySex(-0.241, -0.302)
    above: float = -1.2
    per_year: float = 0.9938
    sex: BySex = BySex(1.012, 1.0)


CKD_EPI_2021 = Ckd()
"""Inker et al. 2021; creatinine in mg/dL, age in years, mL/min/1.73 m2."""

COCKCROFT_GAULT_1976 = BySex(0.85, 1.0)
"""Cockcroft and Gault 1976: the factor by sex; creatinine in mg/dL, weight in kg, mL/min."""


def ckd_epi_2021(tables: Tables, section: CkdEpi2021, rules: Ckd = CKD_EPI_2021) -> Derived:
    """The estimated glomerular filtration rate of every patient."""
    patients = tables.patients
    sex = code(patients, "sex")
    ratio = _positive(number(patients, "creatinine")) / rules.kappa.of(sex)
    below = pl.when(ratio < 1).then(ratio).when(ratio >= 1).then(1.0)
    above = pl.when(ratio > 1).then(ratio).when(ratio <= 1).then(1.0)
    rate = (
        rules.mu
        * below.pow(rules.alpha.of(sex))
        * above.pow(rules.above)
        * pl.lit(rules.per_year).pow(number(patients, "age"))
        * rules.sex.of(sex)
    )
    return Derived(patients.select("patient", rate.alias(section.name)))


def cockcroft_gault(tables: Tables, section: CockcroftGault, factor: BySex = COCKCROFT_GAULT_1976) -> Derived:
    """The creatinine clearance of every patient; null from the age of 140, where the formula ends."""
    patients = tables.patients
    age = number(patients, "age")
    creatinine = _positive(number(patients, "creatinine"))
    clearance = (140 - age) * number(patients, "weight") * factor.of(code(patients, "sex")) / (72 * creatinine)
    return Derived(patients.select("patient", pl.when(age < 140).then(clearance).alias(section.name)))


def _positive(value: pl.Expr) -> pl.Expr:
    return pl.when(value > 0).then(value)
