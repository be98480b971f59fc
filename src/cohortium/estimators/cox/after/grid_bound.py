r"""How far coefficients from follow-up counted in weeks or months can be from those in days, as a stage of the fit.

All that is known of a death is its unit, so its risk set holds those who stay beyond the unit and some of those who
leave within it. With weights w_j between 0 and 1 on those who leave, and h the mean of the set in which each of them
has weight 1/2, any mean of the covariates over such a set satisfies

.. math:: |V\{m(w) - h\}| = \Bigl|\frac{\sum_{leaving} (w_j - 1/2)\,\theta_j V(x_j - h)}{S_0(w)}\Bigr|
          \le \frac{\sum_{leaving} \theta_j |V(x_j - h)|}{2\,(S_0^{stay} + \theta_{death})},

with the inverse information V, by element. Efron's sets for tied deaths are of this form too. Summed over the deaths
this bounds V times the score in days at the estimate in units, which to first order is the change of the coefficients.

round `leaving`  by (stratum, unit): sums over rows that leave of theta |V (x - h)|, and over deaths of
                 1 / (stay + theta)

With strata inside sites the sites keep whole days, and there is nothing to bound.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from cohortium.estimators.blocks import over_blocks
from cohortium.estimators.cox.at_risk import at_risk_sums
from cohortium.estimators.cox.stages import AskFor, Fit, Found, Refused, Stage
from cohortium.estimators.cox.sums import covariates_about, relative_hazards
from cohortium.estimators.cox.ties import event_times
from cohortium.totals import Shape

if TYPE_CHECKING:
    from cohortium.estimators.contract import Reals
    from cohortium.estimators.cox.prepare import PreparedCox
    from cohortium.estimators.cox.rows import Block
    from cohortium.estimators.cox.spec import CoxSpec
    from cohortium.totals import Params, Shapes, Totals

NAME = "grid-bound"
WEIGHTED = "not bounded with case weights or left truncation"
PENALIZED = "not bounded for a penalized fit"
_NO_SCORE = 1e-12
"""In squared standard errors; Newton's method ends far below."""


@dataclass(frozen=True)
class GridBound:
    """Largest possible differences of the coefficients from those in days, to first order.

    coefficients  shape (p,); NaN for columns without a finite estimate
    """

    coefficients: Reals


class _Memory(NamedTuple):
    """What the center keeps: the known part of the difference, shape (p,)."""

    shift: Reals


def _declared(spec: CoxSpec) -> bool:
    return spec.grid.is_coarse and not spec.nested


def _start(spec: CoxSpec, fit: Fit) -> AskFor | Found:
    if spec.weight or spec.entry:
        return Found(Refused(WEIGHTED))
    if fit.tables is None or not _is_at_maximum(fit):
        return Found(Refused(PENALIZED))
    totals, n_times = fit.tables[1], spec.grid.size
    bounds = np.arange(spec.n_strata + 1) * n_times
    found = event_times(totals["all_rows"], totals["deaths"], totals["n_deaths"], bounds, spec.ties)
    at = found.at[~spec.grid.is_single_day[found.at % n_times]]
    middle, stay = _half_sets(totals["all_rows"], bounds)
    reference, staying = np.zeros_like(middle), np.zeros_like(stay)
    reference[at], staying[at] = middle[at], stay[at]
    in_unit = np.isin(found.at, at)
    means = found.sums.a[:, None] * found.mean - found.sums.phi_a[:, None] * found.dead_mean
    shift = (means - found.n_deaths[:, None] * middle[found.at])[in_unit].sum(axis=0)
    counted = np.zeros(stay.size, np.int64)
    counted[at] = 1
    inverse = _inverse_information(fit)
    asked = {"reference": reference, "inverse": inverse, "staying": staying, "counted": counted}
    return AskFor(0, asked, _Memory(inverse @ shift))


def _inverse_information(fit: Fit) -> Reals:
    """Inverse of the information, shape (p, p); 0 for columns without a finite estimate."""
    at = np.ix_(np.flatnonzero(fit.free), np.flatnonzero(fit.free))
    inverse = np.zeros_like(fit.covariance)
    inverse[at] = fit.covariance[at]
    return inverse


def _is_at_maximum(fit: Fit) -> bool:
    """Whether the score is 0 at the coefficients; at a penalized maximum it is not."""
    free = np.flatnonzero(fit.free)
    score = fit.final.score[free]
    return bool(score @ fit.covariance[np.ix_(free, free)] @ score < _NO_SCORE)


def _half_sets(leaving: Reals, bounds: np.ndarray) -> tuple[Reals, Reals]:
    """Means of the covariates with half of those who leave each unit, (k, p), and weights of those who stay, (k,)."""
    at_risk = at_risk_sums(leaving, None, bounds)
    stay = np.zeros_like(at_risk)
    stay[:-1] = at_risk[1:]
    stay[bounds[1:] - 1] = 0.0
    half = (at_risk + stay) / 2
    with np.errstate(divide="ignore", invalid="ignore"):
        middle = np.where(half[:, -1:] > 0, half[:, :-1] / half[:, -1:], 0.0)
    return middle, stay[:, -1]


def _asks(spec: CoxSpec, _step: int) -> Shapes:
    p, k = len(spec.columns), spec.n_strata * spec.grid.size
    return {
        "reference": Shape("float", (k, p)),
        "inverse": Shape("float", (p, p)),
        "staying": Shape("float", (k,)),
        "counted": Shape("int", (k,)),
    }


def _shapes(spec: CoxSpec, _step: int) -> Shapes:
    p, k = len(spec.columns), spec.n_strata * spec.grid.size
    return {"leaving": Shape("float", (k, p)), "deaths": Shape("float", (k,))}


def _summarize(prepared: PreparedCox, _step: int, params: Params) -> dict[str, Any]:
    rows, beta, center = prepared.rows, params["beta"], params["center"]
    reference, staying = params["reference"][rows.keys], params["staying"][rows.keys]
    counted = params["counted"][rows.keys] == 1
    k = prepared.spec.n_strata * prepared.spec.grid.size
    found = {"leaving": np.zeros((k, beta.size)), "deaths": np.zeros(k)}

    def one(block: Block) -> tuple[Reals, Reals]:
        theta = relative_hazards(rows, block, beta, center)
        key = np.repeat(block.run_key, np.diff(block.starts))
        apart = theta[:, None] * np.abs((covariates_about(rows, block, center) - reference[key]) @ params["inverse"])
        with np.errstate(divide="ignore"):
            inverse = 1.0 / (staying[key] + theta)
        begins = block.starts[:-1]
        return np.add.reduceat(apart, begins, axis=0), np.add.reduceat(inverse, begins)

    for block, (apart, inverse) in zip(rows.blocks, over_blocks(one, rows.blocks, rows.n), strict=True):
        use, dead = counted[block.run_key], counted[block.run_key] & block.run_event
        np.add.at(found["leaving"], rows.keys[block.run_key[use]], apart[use])
        np.add.at(found["deaths"], rows.keys[block.run_key[dead]], inverse[dead])
    return found


def _advance(_spec: CoxSpec, fit: Fit, asked: AskFor, totals: Totals) -> Found:
    width = totals["deaths"] @ totals["leaving"] / 2
    largest = np.abs(asked.memory.shift) + width
    return Found(GridBound(np.where(fit.free, largest, np.nan)))


GRID_BOUND = Stage(
    name=NAME,
    steps=1,
    declared=_declared,
    wanted=lambda _spec, fit: bool(fit.free.any()),
    start=_start,
    asks=_asks,
    shapes=_shapes,
    summarize=_summarize,
    advance=_advance,
)
