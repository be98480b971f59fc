"""The consistency of a run: the same number in every output, and every printed number in the results table."""

from __future__ import annotations

from cohortium.consistency.check import check_outputs

__all__ = ["check_outputs"]
