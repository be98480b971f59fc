"""Each site's own estimate as totals with a place for every declared site, and what is pooled of them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from cohortium.estimators.between_sites.logrank import LogRankEffect, logrank_effect
from cohortium.estimators.between_sites.model import ModelEffect, model_effect
from cohortium.estimators.between_sites.own import NOBODY, TOO_FEW, TWO_PLACES, Own, without
from cohortium.estimators.between_sites.pooling import Pooled, PoolingModel, pool
from cohortium.estimators.between_sites.proportions import ProportionEffect, proportion_effect
from cohortium.estimators.contract import Done, Factor, Next, Reals, Rows, Step
from cohortium.totals import Params, Shape, Shapes, Totals

if TYPE_CHECKING:
    from numpy.typing import NDArray

Effect = ModelEffect | LogRankEffect | ProportionEffect

_REALS = ("estimate", "variance")
_WHOLE = ("n", "n_events", "n_missing", "reason")
_PLACES = "answers"


@dataclass(frozen=True)
class MetaSpec:
    """What each site estimates, and how the estimates are pooled.

    site            factor of the declared sites
    effect          what is estimated within each site
    model           `common`, `dersimonian-laird` or `reml`
    knapp_hartung   random effects only: standard error and t distribution of Hartung and Knapp
    leave_one_out   whether the pooled estimate without each site is made
    least_patients  patients below which a site has no estimate
    label           the contrast as printed, e.g. `B v A`
    note            how the estimates of sites are named in print
    """

    site: Factor
    effect: Effect
    model: PoolingModel = "reml"
    knapp_hartung: bool = True
    leave_one_out: bool = True
    least_patients: int = 2
    confidence: float = 0.95
    label: str = ""
    note: str = ""
    population: str = "cohort"

    @property
    def factors(self) -> tuple[Factor, ...]:
        """Categorical columns needed, each once."""
        return tuple({factor.name: factor for factor in (self.site, *self.effect.factors)}.values())

    @property
    def numbers(self) -> tuple[str, ...]:
        """Numeric columns needed."""
        return self.effect.numbers


@dataclass(frozen=True)
class MetaEstimate:
    """Each site's own estimate, and all of them pooled.

    own         a site's own estimate in the order of the declared sites
    no_site     patients whose site is not known
    pooled      None when no site has an estimate
    common      the common-effect estimate beside it
    without     for each site that has an estimate, all others pooled; None for the only one
    """

    spec: MetaSpec
    own: tuple[Own, ...]
    no_site: int
    pooled: Pooled | None
    common: Pooled | None
    without: tuple[Pooled | None, ...]

    @property
    def contributing(self) -> tuple[int, ...]:
        """Positions of the sites that have an estimate."""
        return tuple(i for i, own in enumerate(self.own) if not own.reason)


def size(spec: MetaSpec) -> int:
    """Numbers in the totals."""
    return len(spec.site) * (len(_REALS) + len(_WHOLE) + 1) + 1


def start(_spec: MetaSpec) -> Next:
    """The only round, without parameters: each site fits to convergence by itself."""
    return Next(Params({}))


def shapes(spec: MetaSpec, _params: Params) -> Shapes:
    """Declared shape of the totals: a place for each declared site, answered by how many; patients of no site."""
    places = (len(spec.site),)
    return {
        **{name: Shape("float", places) for name in _REALS},
        **{name: Shape("int", places) for name in (*_WHOLE, _PLACES)},
        "no_site": Shape("int", ()),
    }


def prepare(rows: Rows, spec: MetaSpec) -> Totals:
    """The estimate of every site that has rows here; places of other sites are zero."""
    k, codes = len(spec.site), rows.codes[spec.site.name]
    arrays: dict[str, NDArray[np.float64] | NDArray[np.int64]] = {
        **{name: np.zeros(k) for name in _REALS},
        **{name: np.zeros(k, np.int64) for name in (*_WHOLE, _PLACES)},
    }
    for place in np.unique(codes[codes >= 0]).tolist():
        own = own_estimate(_of_site(rows, codes == place), spec)
        for name in (*_REALS, *_WHOLE):
            arrays[name][place] = getattr(own, name)
        arrays[_PLACES][place] = 1
    return Totals({**arrays, "no_site": int((codes < 0).sum())})


def own_estimate(rows: Rows, spec: MetaSpec) -> Own:
    """The estimate of the rows of one site alone."""
    effect = spec.effect
    if isinstance(effect, ModelEffect):
        own = model_effect(rows, effect)
    elif isinstance(effect, LogRankEffect):
        own = logrank_effect(rows, effect)
    else:
        own = proportion_effect(rows, effect)
    if own.n < spec.least_patients and own.n:
        return without(TOO_FEW, own.n, own.n_events, own.n_missing)
    return own


def _of_site(rows: Rows, here: NDArray[np.bool_]) -> Rows:
    if here.all():
        return rows
    where = np.flatnonzero(here)
    numbers = {name: column[where] for name, column in rows.numbers.items()}
    return Rows(where.size, numbers, {name: column[where] for name, column in rows.codes.items()})


def summarize(prepared: Totals, _params: Params) -> Totals:
    """The estimates of the sites whose rows are here."""
    return prepared


def solve(spec: MetaSpec, totals: Totals, _step: Next) -> Step:
    """The estimates pooled, and again without each site."""
    own = tuple(_read(totals, i) for i in range(len(spec.site)))
    return Done(over_sites(spec, own, int(totals["no_site"])))


def over_sites(spec: MetaSpec, own: tuple[Own, ...], no_site: int) -> MetaEstimate:
    """The sites' own estimates pooled, and again without each site."""
    estimates, variances = (np.array([getattr(o, name) for o in own if not o.reason]) for name in _REALS)
    pooled = pooled_by(spec, estimates, variances)
    common = pooled_by(replace(spec, model="common"), estimates, variances)
    others: tuple[Pooled | None, ...] = ()
    if spec.leave_one_out:
        others = tuple(
            pooled_by(spec, *(np.delete(x, i) for x in (estimates, variances))) for i in range(estimates.size)
        )
    return MetaEstimate(spec, own, no_site, pooled, common, others)


def _read(totals: Totals, i: int) -> Own:
    n, n_events, n_missing, reason = (int(totals[name][i]) for name in _WHOLE)
    answers = int(totals[_PLACES][i])
    if answers != 1:
        # Estimates of parts of a site do not add up to one; patients do.
        return without(TWO_PLACES if answers else NOBODY, n, n_events, n_missing)
    return Own(float(totals["estimate"][i]), float(totals["variance"][i]), n, n_events, n_missing, reason)


def pooled_by(spec: MetaSpec, estimates: Reals, variances: Reals) -> Pooled | None:
    """Estimates pooled as the specification says; None when there is none."""
    if not estimates.size:
        return None
    return pool(estimates, variances, spec.model, knapp_hartung=spec.knapp_hartung, confidence=spec.confidence)
