"""From one stage after a fit to the next, until the estimate is complete."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from cohortium.estimators.contract import Done, Next
from cohortium.estimators.cox.firth.fit import FirthFit
from cohortium.estimators.cox.firth.result import with_penalty
from cohortium.estimators.cox.robust import Robust
from cohortium.estimators.cox.sequence import STAGES, phase_of
from cohortium.estimators.cox.stages import AskFor, Found
from cohortium.totals import Params

if TYPE_CHECKING:
    from cohortium.estimators.contract import Step
    from cohortium.estimators.cox.estimate import CoxEstimate
    from cohortium.estimators.cox.spec import CoxSpec
    from cohortium.estimators.cox.stages import Fit
    from cohortium.totals import Totals

NO_ROBUST_ERROR = "no robust standard error: rows or clusters do not differ in their scores, or there is a single one"


@dataclass(frozen=True)
class Following:
    """What the center keeps between rounds of a stage.

    position  of the stage in `STAGES`
    asked     the round that the totals answer
    """

    estimate: CoxEstimate
    fit: Fit
    position: int
    asked: AskFor


def first_after(spec: CoxSpec, estimate: CoxEstimate) -> Step:
    """The first round of the first stage that is wanted, or the estimate."""
    return _from(spec, estimate, 0)


def next_after(spec: CoxSpec, totals: Totals, following: Following) -> Step:
    """The next round of a stage, or of the next one, or the estimate."""
    stage = STAGES[following.position]
    answer = stage.advance(spec, following.fit, following.asked, totals)
    if isinstance(answer, AskFor):
        return _ask(replace(following, asked=answer))
    return _from(spec, _with(following.estimate, stage.name, answer), following.position + 1)


def _from(spec: CoxSpec, estimate: CoxEstimate, position: int) -> Step:
    fit = estimate.fit
    if fit is None:
        return Done(estimate)
    for later in range(position, len(STAGES)):
        stage = STAGES[later]
        if stage.declared(spec) and stage.wanted(spec, fit):
            started = stage.start(spec, fit)
            if isinstance(started, AskFor):
                return _ask(Following(estimate, fit, later, started))
            estimate = _with(estimate, stage.name, started)
    return Done(estimate)


def _ask(following: Following) -> Next:
    fit, asked = following.fit, following.asked
    params = {
        "phase": phase_of(following.position, asked.step),
        "beta": fit.final.beta,
        "center": fit.center,
        **asked.params,
    }
    return Next(Params(params), following)


def _with(estimate: CoxEstimate, name: str, found: Found) -> CoxEstimate:
    if isinstance(found.result, FirthFit):
        return with_penalty(estimate, found.result, found.fit)
    estimate = replace(estimate, after={**estimate.after, name: found.result})
    if not isinstance(found.result, Robust):
        return estimate
    columns = zip(estimate.spec.columns, found.result.degenerate, strict=True)
    refusals = {column.name: NO_ROBUST_ERROR for column, degenerate in columns if degenerate}
    return replace(estimate, covariance=found.result.covariance, refusals={**estimate.refusals, **refusals})
