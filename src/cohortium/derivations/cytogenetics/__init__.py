"""High-risk cytogenetics: negative, positive and not tested kept apart."""

from __future__ import annotations

from collections.abc import Mapping

from cohortium.derivations.cytogenetics.hits import cytogenetic_hits
from cohortium.derivations.cytogenetics.risk import high_risk_cytogenetics
from cohortium.derivations.rule import Rule

RULES: Mapping[str, Rule] = {
    "high-risk-cytogenetics": high_risk_cytogenetics,
    "cytogenetic-hits": cytogenetic_hits,
}

__all__ = ["RULES", "cytogenetic_hits", "high_risk_cytogenetics"]
