"""The `[[analysis]]` sections of the study file: a module a method.

To add one: write its module and name its model in `Analysis`.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from cohortium.study.analyses.baseline import Baseline
from cohortium.study.analyses.cox import Covariate, Cox
from cohortium.study.analyses.kaplan_meier import KaplanMeier
from cohortium.study.analyses.logrank import LogRank
from cohortium.study.analyses.response_rates import ResponseRates
from cohortium.study.analyses.sites import Sites
from cohortium.study.analyses.stratified_rates import StratifiedRates

Analysis = Annotated[
    Baseline | ResponseRates | StratifiedRates | KaplanMeier | LogRank | Cox | Sites, Field(discriminator="method")
]

__all__ = [
    "Analysis",
    "Baseline",
    "Covariate",
    "Cox",
    "KaplanMeier",
    "LogRank",
    "ResponseRates",
    "Sites",
    "StratifiedRates",
]
