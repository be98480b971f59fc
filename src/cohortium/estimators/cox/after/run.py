"""A stage over sites whose rows are all on this machine, after the fit has been made."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from cohortium.estimators.cox.stages import AskFor
from cohortium.totals import Params, Totals, add_up

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cohortium.estimators.cox.prepare import PreparedCox
    from cohortium.estimators.cox.spec import CoxSpec
    from cohortium.estimators.cox.stages import Fit, Stage


def run_stage(stage: Stage, prepared: Sequence[PreparedCox], spec: CoxSpec, fit: Fit) -> Any:
    """The result of one stage.

    prepared  the rows of each site, prepared for the same terms and strata
    spec      the specification with what is asked of the stage
    """
    sites = [replace(site, spec=spec) for site in prepared]
    step = stage.start(spec, fit)
    while isinstance(step, AskFor):
        params = Params({"beta": fit.final.beta, "center": fit.center, **step.params})
        totals = add_up([Totals(stage.summarize(site, step.step, params)) for site in sites])
        step = stage.advance(spec, fit, step, totals)
    return step.result
