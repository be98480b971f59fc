"""The methods of a study in sentences, written from its study file: a module a family of analyses."""

from __future__ import annotations

from cohortium.report.methods.build import methods

__all__ = ["methods"]
