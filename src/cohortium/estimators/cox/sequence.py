"""The stages after a fit in the order in which they run, and what a site is asked in each of their rounds.

The modules of the stages know prepared rows by their type alone: `prepare.py` and `summaries.py` stand above them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from cohortium.errors import WireError
from cohortium.estimators.cox.after.concordance_rounds import CONCORDANCE
from cohortium.estimators.cox.after.grid_bound import GRID_BOUND
from cohortium.estimators.cox.after.prediction_rounds import PREDICTION
from cohortium.estimators.cox.after.proportional_rounds import PROPORTIONAL
from cohortium.estimators.cox.firth.stage import FIRTH
from cohortium.estimators.cox.robust import ROBUST
from cohortium.estimators.cox.stages import FIRST_STAGE, Stage
from cohortium.totals import Totals

if TYPE_CHECKING:
    from cohortium.estimators.cox.prepare import PreparedCox
    from cohortium.estimators.cox.spec import CoxSpec
    from cohortium.totals import Params, Shapes

STAGES: tuple[Stage, ...] = (FIRTH, ROBUST, PROPORTIONAL, CONCORDANCE, PREDICTION, GRID_BOUND)


def phase_of(position: int, step: int) -> int:
    """The phase of a step of the stage at a position of `STAGES`."""
    return FIRST_STAGE * (position + 1) + step


def stage_of(spec: CoxSpec, phase: int) -> tuple[Stage, int]:
    """The stage and step of a phase.

    Raises
        WireError: the specification has no such stage, or the stage no such step.
    """
    position, step = phase // FIRST_STAGE - 1, phase % FIRST_STAGE
    if not 0 <= position < len(STAGES) or step >= STAGES[position].steps or not STAGES[position].declared(spec):
        raise WireError("the Cox model has no such round")
    return STAGES[position], step


def asks_after(spec: CoxSpec, phase: int) -> Shapes:
    """Declared parameters of a round of a stage, besides phase, coefficients and origin."""
    stage, step = stage_of(spec, phase)
    return stage.asks(spec, step)


def shapes_after(spec: CoxSpec, phase: int) -> Shapes:
    """Declared totals of a round of a stage."""
    stage, step = stage_of(spec, phase)
    return stage.shapes(spec, step)


def summarize_after(prepared: PreparedCox, phase: int, params: Params) -> Totals:
    """The totals of a round of a stage."""
    stage, step = stage_of(prepared.spec, phase)
    return Totals(stage.summarize(prepared, step, params))


def largest_after(spec: CoxSpec) -> int:
    """Numbers in the largest totals of all stages that the specification has."""
    sizes = [0]
    for stage in STAGES:
        if stage.declared(spec):
            sizes += [_numbers(stage.shapes(spec, step)) for step in range(stage.steps)]
    return max(sizes)


def _numbers(shapes: Shapes) -> int:
    total = 0
    for shape in shapes.values():
        count = 1
        for length in shape.dims:
            count *= length
        total += count
    return total
