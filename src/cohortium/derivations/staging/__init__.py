"""Stages of myeloma at diagnosis."""

from __future__ import annotations

from collections.abc import Mapping

from cohortium.derivations.rule import Rule
from cohortium.derivations.staging.iss import iss
from cohortium.derivations.staging.revised import r2_iss, r_iss

RULES: Mapping[str, Rule] = {"iss": iss, "r-iss": r_iss, "r2-iss": r2_iss}

__all__ = ["RULES", "iss", "r2_iss", "r_iss"]
