"""Earlier lines of therapy from drug-level rows."""

from __future__ import annotations

from collections.abc import Mapping

from cohortium.derivations.rule import Rule
from cohortium.derivations.therapy_history.prior_therapy import prior_therapy
from cohortium.derivations.therapy_history.regimen import regimen_of_line

RULES: Mapping[str, Rule] = {"prior-therapy": prior_therapy, "regimen-of-line": regimen_of_line}

__all__ = ["RULES", "prior_therapy", "regimen_of_line"]
