"""The row of `patients`: history, staging, cytogenetics, laboratory values and state at the first dose, and the end."""

from __future__ import annotations

import math

from cohortium.simulation.chart.rows import Cell, date_on
from cohortium.simulation.chart.therapies import History
from cohortium.simulation.chart.traits import Traits
from cohortium.simulation.course.realize import Realized
from cohortium.simulation.draws import Draws

LESIONS = {
    "del17p": (0.20, 0.10), "t_4_14": (0.13, 0.14), "t_14_16": (0.05, 0.18), "t_14_20": (0.02, 0.30),
    "gain_1q": (0.42, 0.16), "del_1p32": (0.08, 0.38), "t_11_14": (0.20, 0.15),
}  # fmt: skip
"""Share positive among the tested, and share not tested."""

_RACES = {"black": 0.6, "asian": 0.16, "other": 0.24}


def patient_row(key: str, realized: Realized, traits: Traits, history: History, seed: int) -> dict[str, Cell]:
    """The patient's row, complete; sites leave out what they do not know."""
    plan, disease = realized.plan, realized.disease
    draws = Draws(seed, "baseline", plan.seat.number)
    risk = plan.risk + (0.5 if plan.seat.plasmacytoma == "emd" else 0.0) - (0.35 if plan.seat.is_responder else -0.35)
    return {
        "patient_id": key,
        "age": traits.age,
        "sex": "female" if traits.is_woman else "male",
        "race": draws.pick(_RACES) if traits.is_non_white else "white",
        "weight": round(max(draws.normal(74 if traits.is_woman else 86, 15), 42), 1),
        "diagnosis_date": date_on(realized, history.first_day - draws.integer(10, 60)),
        "isotype": disease.isotype,
        "light_chain": "kappa" if disease.is_kappa else "lambda",
        "extramedullary": "yes" if plan.seat.plasmacytoma == "emd" else "no",
        "paraskeletal": _paraskeletal(realized, draws),
        "cns_disease": "yes" if draws.chance(0.02) else "no",
        "plasma_cell_leukemia": "yes" if draws.chance(0.04) else "no",
        "ecog": _ecog(risk, draws),
        "charlson": draws.pick({0: 0.42, 1: 0.28, 2: 0.17, 3: 0.09, 4: 0.04}),
        **_laboratory(risk, realized, draws),
        **{name: _lesion(share, risk, untested, draws) for name, (share, untested) in LESIONS.items()},
        "prior_lines": history.n_prior_lines,
        "prior_bcma": "yes" if plan.seat.has_prior_bcma else "no",
        "first_dose": plan.first_dose,
        "n_doses": _doses(realized, draws),
        "last_contact": date_on(realized, plan.last_contact),
        "vital_status": "alive" if plan.death is None else "dead",
        "death_date": date_on(realized, plan.death),
        "death_cause": _cause(realized, draws),
    }


def _paraskeletal(realized: Realized, draws: Draws) -> str:
    """Kept as a fact of its own: some patients with true extramedullary disease have both."""
    group = realized.plan.seat.plasmacytoma
    return "yes" if group == "psk" or (group == "emd" and draws.chance(0.35)) else "no"


def _ecog(risk: float, draws: Draws) -> int:
    score = 0.55 * risk + draws.normal(0, 0.85)
    return 0 if score < -0.55 else 1 if score < 0.62 else 2 if score < 1.5 else 3


def _lesion(share: float, risk: float, untested: float, draws: Draws) -> str:
    is_tested = not draws.chance(untested)
    is_positive = draws.chance(min(share * math.exp(0.25 * risk), 0.9))
    return ("positive" if is_positive else "negative") if is_tested else "not tested"


def _laboratory(risk: float, realized: Realized, draws: Draws) -> dict[str, Cell]:
    burden = 0.3 * risk + (realized.disease.marrow - 30) / 60

    def spread(median: float, deviation: float, slope: float = 0.0) -> float:
        return median * math.exp(draws.normal(slope * burden, deviation))

    return {
        "b2_microglobulin": round(spread(3.6, 0.45, 0.35), 1),
        "albumin": round(min(max(3.7 + draws.normal(-0.2 * burden, 0.45), 1.8), 5.0), 1),
        "ldh": round(spread(212, 0.35, 0.3)),
        "ldh_upper_limit": 250,
        "creatinine": round(max(spread(0.98, 0.3, 0.12), 0.4), 2),
        "calcium": round(max(draws.normal(9.3, 0.6), 7.2), 1),
        "hemoglobin": round(min(max(10.3 + draws.normal(-0.8 * burden, 1.5), 6.2), 16), 1),
        "platelets": round(min(max(spread(135, 0.5, -0.4), 9), 480)),
        "neutrophils": round(min(max(spread(2.4, 0.5, -0.15), 0.2), 14), 2),
        "lymphocytes": round(min(max(spread(0.75, 0.6, -0.1), 0.05), 6), 2),
        "bilirubin": round(min(max(spread(0.5, 0.35), 0.1), 6), 1),
        "alt": round(spread(22, 0.5)),
        "ast": round(spread(24, 0.45)),
        "crp": round(spread(0.7, 1.1, 0.35), 2),
        "ferritin": round(spread(390, 1.0, 0.45)),
        "ferritin_upper_limit": 300,
    }


def _doses(realized: Realized, draws: Draws) -> int:
    """Step-up doses in the first week, then weekly, later every two or four weeks."""
    plan = realized.plan
    until = min(day for day in (plan.progression, plan.last_contact) if day is not None)
    weekly = min(until, 170) // 7
    return max(1, 2 + weekly + max(until - 170, 0) // 16 - draws.integer(0, 2))


def _cause(realized: Realized, draws: Draws) -> str:
    other = draws.pick({"infection": 0.52, "cardiac": 0.14, "second cancer": 0.06, "other": 0.20, "unknown": 0.08})
    if realized.plan.death is None:
        return ""
    return "progression" if realized.plan.death_is_progression else other
