"""Methods that may name an imputation, and how what each imputation gives is pooled."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any

from cohortium.estimators import kaplan_meier, logrank
from cohortium.estimators.baseline import estimator as baseline
from cohortium.estimators.between_sites import estimator as meta_analysis
from cohortium.estimators.competing import gray, incidence
from cohortium.estimators.cox import estimator as cox
from cohortium.estimators.fine_gray import estimator as fine_gray
from cohortium.estimators.imputation import (
    degrees,
    pooled_baseline,
    pooled_curves,
    pooled_rates,
    pooled_regression,
    pooled_sites,
    pooled_tests,
)
from cohortium.estimators.logistic import estimator as logistic
from cohortium.estimators.proportions import tabulate_cmh, tabulate_rates

if TYPE_CHECKING:
    from cohortium.estimators.contract import Estimator, Task
    from cohortium.estimators.cox.spec import CoxSpec
    from cohortium.estimators.logistic.spec import LogisticSpec
    from cohortium.results import Statistic

Pooling = Callable[["Task", Sequence[Sequence["Statistic"]], Sequence[Any]], "list[Statistic]"]


@dataclass(frozen=True)
class Pooled:
    """A method whose estimates can be pooled.

    rows    (task, rows of each imputation, estimate of each) to the pooled rows
    alone   a specification without what cannot be pooled
    """

    estimator: Estimator
    rows: Pooling
    alone: Callable[[Any], Any] = lambda spec: spec

    def pooled(self, task: Task, estimates: Sequence[Any]) -> list[Statistic]:
        """The pooled rows of an analysis."""
        return self.rows(task, [self.estimator.tabulate(task, estimate) for estimate in estimates], estimates)


def _cox_alone(spec: CoxSpec) -> CoxSpec:
    penalty = "none" if spec.penalty == "if-needed" else spec.penalty
    return replace(spec, term_tests=False, penalty=penalty, proportional=None, prediction=None, concordance=None)


def _logistic_alone(spec: LogisticSpec) -> LogisticSpec:
    penalty = "none" if spec.penalty == "if-needed" else spec.penalty
    return replace(spec, term_tests=False, penalty=penalty, interval="wald", profile=False, risk_groups=0)


def _regression(complete_df: Callable[[Any], float]) -> Pooling:
    return partial(pooled_regression.rows, complete_df=complete_df)


METHODS: Mapping[str, Pooled] = {
    "cox": Pooled(cox.ESTIMATOR, _regression(degrees.of_events), _cox_alone),
    "logistic": Pooled(logistic.ESTIMATOR, _regression(degrees.of_logistic), _logistic_alone),
    "fine-gray": Pooled(fine_gray.ESTIMATOR, _regression(degrees.of_events)),
    "response-rates": Pooled(tabulate_rates.ESTIMATOR, pooled_rates.rows),
    "cmh": Pooled(tabulate_cmh.ESTIMATOR, pooled_tests.stratified_rows),
    "baseline": Pooled(baseline.ESTIMATOR, pooled_baseline.rows),
    "kaplan-meier": Pooled(kaplan_meier.ESTIMATOR, pooled_curves.survival_rows),
    "cumulative-incidence": Pooled(incidence.ESTIMATOR, pooled_curves.incidence_rows),
    "logrank": Pooled(logrank.ESTIMATOR, pooled_tests.logrank_rows),
    "gray": Pooled(gray.ESTIMATOR, pooled_tests.gray_rows),
    "meta-analysis": Pooled(meta_analysis.ESTIMATOR, pooled_sites.rows),
}
"""By name in the registry."""
