"""How a patient's myeloma can be measured: which markers, and how much of each at the first dose."""

from __future__ import annotations

import math
from dataclasses import dataclass

from cohortium.simulation.draws import Draws
from cohortium.simulation.plan.model import Plan

SERUM, URINE, SERUM_URINE, FLC, MARROW, LESION, NONE = (
    "SERUM",
    "URINE",
    "SERUM+URINE",
    "FLC",
    "MARROW",
    "LESION",
    "NONE",
)

_WEIGHTS = {SERUM: 0.52, SERUM_URINE: 0.13, URINE: 0.06, FLC: 0.24, MARROW: 0.03, NONE: 0.02}
_WITH_LESION = {SERUM: 0.42, SERUM_URINE: 0.12, URINE: 0.06, FLC: 0.30, LESION: 0.10}


@dataclass(frozen=True, slots=True)
class Disease:
    """The markers at the first dose, in the units in which they are kept.

    secretion    what the disease secretes
    is_kappa     the involved light chain
    serum, urine, involved, uninvolved   M-protein g/dL, mg/24 h, free light chains mg/dL
    marrow       plasma cells, percent
    lesion       sum of products of diameters, cm^2; 0 for none
    elongation   longest diameter by short axis
    """

    secretion: str
    is_kappa: bool
    isotype: str
    serum: float
    urine: float
    involved: float
    uninvolved: float
    marrow: int
    lesion: float
    elongation: float


def disease_of(plan: Plan, draws: Draws) -> Disease:
    """The disease of a patient."""
    has_lesion = plan.seat.plasmacytoma != "none"
    secretion = draws.pick(_WITH_LESION if has_lesion else _WEIGHTS)
    if secretion == NONE and plan.seat.is_responder:
        secretion = SERUM  # what cannot be measured cannot respond
    marrow = min(max(round(math.exp(draws.normal(3.2, 0.8))), 6), 95)
    if secretion == MARROW:
        marrow = draws.integer(34, 90)
    if secretion in {LESION, NONE}:
        marrow = min(marrow, 24)
    serum, urine, involved = _secreted(secretion, draws)
    has_serum = secretion in {SERUM, SERUM_URINE}
    return Disease(
        secretion=secretion,
        is_kappa=draws.chance(0.62),
        isotype=draws.pick({"IgG": 0.72, "IgA": 0.26, "IgD": 0.02})
        if has_serum
        else "light chain"
        if involved >= 10 or urine
        else "non-secretory",
        serum=serum,
        urine=urine,
        involved=involved,
        uninvolved=round(draws.uniform(0.25, 0.95), 2),
        marrow=marrow,
        lesion=round(min(math.exp(draws.normal(2.6, 0.6)), 120.0), 1) if has_lesion else 0.0,
        elongation=round(draws.uniform(1.1, 1.8), 2),
    )


def _secreted(secretion: str, draws: Draws) -> tuple[float, float, float]:
    serum = round(min(1.05 + math.exp(draws.normal(0.4, 0.6)), 8.0), 2)
    urine = float(round(min(230 + math.exp(draws.normal(6.2, 0.8)), 6000.0)))
    involved = round(min(11 + math.exp(draws.normal(3.6, 0.9)), 900.0), 2)
    little = round(draws.uniform(1.2, 6.5), 2)
    return {
        SERUM: (serum, 0.0, round(draws.uniform(2.0, 60.0), 2)),
        SERUM_URINE: (serum, urine, involved),
        URINE: (0.0, urine, involved),
        FLC: (0.0, 0.0, involved),
        MARROW: (0.0, 0.0, little),
        LESION: (0.0, 0.0, little),
        NONE: (round(draws.uniform(0.2, 0.5), 2), 0.0, little),
    }[secretion]
