"""Tidy rows to analysis variables: derived variables, endpoints, cohort steps."""

from __future__ import annotations

from cohortium.derivations.derive import SiteFrames, derive

__all__ = ["SiteFrames", "derive"]
