"""Scores: toxicity and relapse, kidney function, comorbidity, frailty."""

from __future__ import annotations

from collections.abc import Mapping

from cohortium.derivations.rule import Rule
from cohortium.derivations.scores.car_hematotox import car_hematotox
from cohortium.derivations.scores.charlson import charlson
from cohortium.derivations.scores.easix import easix
from cohortium.derivations.scores.frailty import imwg_frailty, simplified_frailty
from cohortium.derivations.scores.kidney import ckd_epi_2021, cockcroft_gault
from cohortium.derivations.scores.mycare import mycare

RULES: Mapping[str, Rule] = {
    "car-hematotox": car_hematotox,
    "charlson": charlson,
    "ckd-epi-2021": ckd_epi_2021,
    "cockcroft-gault": cockcroft_gault,
    "easix": easix,
    "imwg-frailty": imwg_frailty,
    "mycare": mycare,
    "simplified-frailty": simplified_frailty,
}

__all__ = ["RULES"]
