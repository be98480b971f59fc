"""The criteria of published trials as data, frozen once released."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from cohortium.derivations.thresholds import Threshold
from cohortium.study.derive.eligibility import TrialEligibility


@dataclass(frozen=True, slots=True)
class TrialCriteria:
    """Criteria of a trial.

    numbers        criterion to what its number must meet
    times_uln      criterion to what its number must meet, in multiples of the upper limit of normal
    full_marrow    percent of plasma cells from which fewer platelets are enough
    platelets_in_full_marrow   how many then are
    present, absent   findings that must be positive, and negative
    """

    numbers: Mapping[str, Threshold]
    times_uln: Mapping[str, Threshold]
    full_marrow: Threshold
    platelets_in_full_marrow: Threshold
    present: tuple[str, ...]
    absent: tuple[str, ...]


MAJESTEC_1 = TrialCriteria(
    numbers={
        "age": Threshold(">=", 18),
        "prior_lines": Threshold(">=", 3),
        "ecog": Threshold("<=", 1),
        "hemoglobin": Threshold(">=", 8.0),
        "platelets": Threshold(">=", 75),
        "neutrophils": Threshold(">=", 1.0),
        "creatinine_clearance": Threshold(">=", 40),
        "calcium": Threshold("<=", 14.0),
    },
    times_uln={"ast": Threshold("<=", 3), "alt": Threshold("<=", 3), "bilirubin": Threshold("<=", 2)},
    full_marrow=Threshold(">=", 50),
    platelets_in_full_marrow=Threshold(">=", 50),
    present=("myeloma", "triple_class_exposed", "progressive_measurable"),
    absent=(
        "prior_bcma",
        "cns",
        "other_plasma_cell_disease",
        "allogeneic_transplant",
        "autologous_transplant",
        "viral_infection",
        "stroke_or_seizure",
    ),
)
"""Moreau et al. 2022. Laboratory limits and exclusions are [M]; age, lines, classes, BCMA and ECOG are in the paper."""

TRIALS: Mapping[str, TrialCriteria] = {"majestec-1": MAJESTEC_1}


def with_keys(criteria: TrialCriteria, section: TrialEligibility) -> TrialCriteria:
    """The criteria with the limits that the study file gives."""
    asked = {
        "hemoglobin": section.hemoglobin_at_least,
        "platelets": section.platelets_at_least,
        "neutrophils": section.neutrophils_at_least,
        "creatinine_clearance": section.creatinine_clearance_at_least,
        "calcium": section.calcium_at_most,
        "ast": section.ast_at_most_times_uln,
        "alt": section.alt_at_most_times_uln,
        "bilirubin": section.bilirubin_at_most_times_uln,
    }
    return replace(
        criteria,
        numbers={name: _at(threshold, asked.get(name)) for name, threshold in criteria.numbers.items()},
        times_uln={name: _at(threshold, asked.get(name)) for name, threshold in criteria.times_uln.items()},
        full_marrow=_at(criteria.full_marrow, section.full_marrow_from_percent),
        platelets_in_full_marrow=_at(criteria.platelets_in_full_marrow, section.platelets_at_least_in_full_marrow),
    )


def _at(threshold: Threshold, limit: float | None) -> Threshold:
    return threshold if limit is None else replace(threshold, limit=limit)
