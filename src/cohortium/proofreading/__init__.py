"""Numbers of a finished text checked against each other: percentages, p-values, intervals, sums of groups."""

from __future__ import annotations

from cohortium.proofreading.finding import Finding
from cohortium.proofreading.proofread import proofread

__all__ = ["Finding", "proofread"]
