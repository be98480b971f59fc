"""IMWG response from laboratory values: visits, levels, progression, confirmation, words, and what the site called."""

from __future__ import annotations

from cohortium.derivations.response.rules import RULES

__all__ = ["RULES"]
