"""The numbers without a study: one-line functions over a frame or a list of frames, one a site."""

from __future__ import annotations

from cohortium.api.baseline import BaselineTable, baseline_table
from cohortium.api.cox import CoxResult, cox
from cohortium.api.kaplan_meier import KaplanMeierResult, kaplan_meier
from cohortium.api.logrank import LogRankResult, logrank

__all__ = [
    "BaselineTable",
    "CoxResult",
    "KaplanMeierResult",
    "LogRankResult",
    "baseline_table",
    "cox",
    "kaplan_meier",
    "logrank",
]
