"""Eligibility for published trials, criterion by criterion."""

from __future__ import annotations

from collections.abc import Mapping

from cohortium.derivations.eligibility.trial import trial_eligibility
from cohortium.derivations.rule import Rule

RULES: Mapping[str, Rule] = {"trial-eligibility": trial_eligibility}

__all__ = ["RULES", "trial_eligibility"]
