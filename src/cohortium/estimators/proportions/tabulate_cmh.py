"""A study's stratified comparisons as tasks, and their estimates as rows of the results table."""

from __future__ import annotations

import math
from functools import partial
from typing import TYPE_CHECKING

from cohortium.estimators.contract import Estimator, Task, no_params
from cohortium.estimators.planning import factor_of, strata_label, strata_of
from cohortium.estimators.proportions import cmh
from cohortium.estimators.proportions.cmh import CmhEstimate, CmhSpec
from cohortium.estimators.proportions.tabulate_rates import codes_of, outcome_of
from cohortium.estimators.wording import left_out
from cohortium.results import Statistic

if TYPE_CHECKING:
    from cohortium.study.analyses import StratifiedRates
    from cohortium.study.study import Study

TEST = "Cochran-Mantel-Haenszel test"
CORRECTED = "Cochran-Mantel-Haenszel test with continuity correction"
EXACT = "exact conditional test"
HOMOGENEITY = "Breslow-Day test with Tarone's adjustment"
COMMON_RATIO = "Mantel-Haenszel odds ratio, limits of Robins, Breslow and Greenland"
EXACT_RATIO = "conditional maximum-likelihood odds ratio, exact limits"
_ALL_ONE_WAY = "every informative stratum points one way as far as it can, so the odds ratio is infinite"
_NONE_ONE_WAY = "every informative stratum points one way as far as it can, so the odds ratio is 0, without an interval"
_ONE_STRATUM = "fewer than two informative strata"
_NO_COMMON_RATIO = "the common odds ratio is 0 or infinite"


def plan(study: Study, analysis: StratifiedRates) -> list[Task]:
    """The one task of a `cmh` analysis."""
    by = factor_of(study, analysis.by)
    reference = codes_of(study, analysis.by, [analysis.reference])[0] if analysis.reference else by.codes[0]
    other = next(code for code in by.codes if code != reference)
    outcome = analysis.outcome
    spec = CmhSpec(
        outcome=outcome_of(study, outcome.label, outcome.variable, outcome.levels, analysis.not_evaluable),
        by=by,
        compared=(other, reference),
        strata=strata_of(study, analysis.strata),
        exact=analysis.exact,
        confidence=analysis.confidence,
    )
    return [Task(analysis.name, "cmh", spec, analysis.name, variable=strata_label(study, analysis.strata))]


def tabulate(task: Task, estimate: CmhEstimate) -> list[Statistic]:
    """Rows of the results table: patients and outcomes by group, then the analyses over strata."""
    spec = estimate.spec
    labels = [spec.by.labels[spec.by.codes.index(code)] for code in spec.compared]
    reasons = ("group not known", "outcome not known", "stratum not known")
    row = partial(
        Statistic,
        analysis=task.analysis,
        method="cmh",
        variable=spec.outcome.variable.name,
        level=spec.outcome.label,
        warning=left_out(*zip(estimate.missing, reasons, strict=True)),
    )
    totals = estimate.tables.sum(0)
    rows = []
    for label, (x, rest) in zip(labels, totals.tolist(), strict=True):
        own = partial(row, group=label, n=x + rest, denominator=x + rest, format="count")
        rows += [own(statistic="n", value=x + rest), own(statistic="count", value=x)]
    n = int(totals.sum())
    own = partial(row, group=f"{labels[0]} v {labels[1]}", n=n, warning="")
    n_strata = int((estimate.tables.sum((1, 2)) > 0).sum())
    rows.append(own(statistic="informative-strata", value=estimate.informative, denominator=n_strata, format="count"))
    return [*rows, *_asymptotic(own, estimate), *(_exact(own, estimate) if spec.exact else ())]


def _asymptotic(row: partial[Statistic], estimate: CmhEstimate) -> list[Statistic]:
    found, problem = estimate.asymptotic, estimate.problem
    unlike = problem or (_ONE_STRATUM if found.df < 1 else _NO_COMMON_RATIO)
    ratio_problem = problem or (_ALL_ONE_WAY if math.isinf(found.odds_ratio) else _NONE_ONE_WAY)
    numbers = (
        ("chi-square", found.statistic, "statistic", TEST, problem),
        ("p-value", found.p_value, "p", TEST, problem),
        ("chi-square-corrected", found.corrected, "statistic", CORRECTED, problem),
        ("p-value-corrected", found.p_corrected, "p", CORRECTED, problem),
        ("breslow-day", found.breslow_day, "statistic", HOMOGENEITY, unlike),
        ("breslow-day-df", found.df if math.isfinite(found.breslow_day) else math.nan, "count", HOMOGENEITY, unlike),
        ("breslow-day-p", found.p_homogeneity, "p", HOMOGENEITY, unlike),
    )
    return [
        row(
            statistic="odds-ratio",
            value=_finite(found.odds_ratio),
            lower=_finite(found.lower),
            upper=_finite(found.upper),
            confidence=estimate.spec.confidence,
            format="ratio",
            note=COMMON_RATIO,
            warning="" if math.isfinite(found.lower) else ratio_problem,
        ),
        *(
            row(
                statistic=statistic,
                value=_finite(value),
                format=form,
                note=note,
                warning="" if math.isfinite(value) else why,
            )
            for statistic, value, form, note, why in numbers
        ),
    ]


def _exact(row: partial[Statistic], estimate: CmhEstimate) -> list[Statistic]:
    found = estimate.exact
    ratio = partial(row, statistic="exact-odds-ratio", format="ratio", note=EXACT_RATIO)
    p_value = partial(row, statistic="exact-p", format="p", note=EXACT)
    if found is None:
        return [each(value=None, warning=estimate.exact_problem) for each in (ratio, p_value)]
    return [
        ratio(
            value=_finite(found.odds_ratio),
            lower=_finite(found.lower),
            upper=_finite(found.upper),
            confidence=estimate.spec.confidence,
            warning=_ALL_ONE_WAY if math.isinf(found.odds_ratio) else "",
        ),
        p_value(value=_finite(found.p_value)),
    ]


def _finite(value: float) -> float | None:
    return value if math.isfinite(value) else None


ESTIMATOR = Estimator(
    "cmh", plan, cmh.size, no_params, cmh.start, cmh.shapes, cmh.prepare, cmh.summarize, cmh.solve, tabulate
)
