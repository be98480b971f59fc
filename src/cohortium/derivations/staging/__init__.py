"""Stages at diagnosis."""

from __future__ import annotations

from collections.abc import Mapping

from cohortium.derivations.rule import Rule
from cohortium.derivations.staging.iss import iss

RULES: Mapping[str, Rule] = {"iss": iss}

__all__ = ["RULES", "iss"]
