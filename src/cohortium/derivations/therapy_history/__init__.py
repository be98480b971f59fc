"""Earlier lines of therapy from drug-level rows."""

from __future__ import annotations

from collections.abc import Mapping

from cohortium.derivations.rule import Rule
from cohortium.derivations.therapy_history.prior_therapy import prior_therapy

RULES: Mapping[str, Rule] = {"prior-therapy": prior_therapy}

__all__ = ["RULES", "prior_therapy"]
