"""The `[[analysis]]` sections of the study file: a module a method.

To add one: write its module and name its model in `Analysis`.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from cohortium.study.analyses.adverse_events import AdverseEvents
from cohortium.study.analyses.balance import Balance
from cohortium.study.analyses.baseline import Baseline
from cohortium.study.analyses.covariate import Covariate
from cohortium.study.analyses.cox import Cox
from cohortium.study.analyses.cumulative_incidence import CumulativeIncidence
from cohortium.study.analyses.fine_gray import FineGray
from cohortium.study.analyses.gray import Gray
from cohortium.study.analyses.individual_courses import IndividualCourses
from cohortium.study.analyses.kaplan_meier import KaplanMeier
from cohortium.study.analyses.logistic import Logistic
from cohortium.study.analyses.logrank import LogRank
from cohortium.study.analyses.meta_analysis import MetaAnalysis
from cohortium.study.analyses.missingness import Missingness
from cohortium.study.analyses.response_rates import ResponseRates
from cohortium.study.analyses.sequences import Sequences
from cohortium.study.analyses.site_outcomes import SiteOutcomes
from cohortium.study.analyses.sites import Sites
from cohortium.study.analyses.stratified_rates import StratifiedRates

Analysis = Annotated[
    Baseline
    | Balance
    | Missingness
    | ResponseRates
    | StratifiedRates
    | KaplanMeier
    | LogRank
    | Cox
    | Logistic
    | CumulativeIncidence
    | Gray
    | FineGray
    | MetaAnalysis
    | SiteOutcomes
    | Sites
    | AdverseEvents
    | IndividualCourses
    | Sequences,
    Field(discriminator="method"),
]

__all__ = [
    "AdverseEvents",
    "Analysis",
    "Balance",
    "Baseline",
    "Covariate",
    "Cox",
    "CumulativeIncidence",
    "FineGray",
    "Gray",
    "IndividualCourses",
    "KaplanMeier",
    "LogRank",
    "Logistic",
    "MetaAnalysis",
    "Missingness",
    "ResponseRates",
    "Sequences",
    "SiteOutcomes",
    "Sites",
    "StratifiedRates",
]
