"""A meta-analysis over sites as rows of the results table."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from cohortium.estimators.between_sites.model import ModelEffect
from cohortium.estimators.between_sites.own import REASONS
from cohortium.estimators.between_sites.proportions import ProportionEffect
from cohortium.estimators.distributions import normal_quantile
from cohortium.estimators.wording import left_out
from cohortium.results import Statistic

if TYPE_CHECKING:
    from cohortium.estimators.between_sites.meta import MetaEstimate, MetaSpec
    from cohortium.estimators.between_sites.own import Own
    from cohortium.estimators.between_sites.pooling import Pooled
    from cohortium.estimators.contract import Task

NO_SITE = "no site has an estimate"
ONLY_SITE = "no other site has an estimate"
NEEDS_THREE = "a prediction interval needs three sites"
NEEDS_TWO = "heterogeneity needs two sites"
NARROW = "Hartung and Knapp's limits are narrower than those of a common effect: sites differ less than by chance"
METHODS = {
    "common": "common effect, inverse variance",
    "dersimonian-laird": "random effects, DerSimonian-Laird",
    "reml": "random effects, restricted maximum likelihood",
}


class _Scale(NamedTuple):
    """The measure as printed: its name, and whether it is pooled as a logarithm."""

    measure: str
    is_log: bool

    def back(self, value: float) -> float | None:
        """From the scale that is pooled to the one that is printed."""
        if not math.isfinite(value):
            return None
        try:
            return math.exp(value) if self.is_log else 100.0 * value
        except OverflowError:
            return None

    @property
    def format(self) -> str:
        """How it is printed."""
        return "ratio" if self.is_log else "number:1"

    @property
    def unit(self) -> str:
        """Differences are in percentage points."""
        return "" if self.is_log else "percentage points"


def scale_of(spec: MetaSpec) -> _Scale:
    """The scale of an effect."""
    if isinstance(spec.effect, ModelEffect) and spec.effect.is_of_odds:
        return _Scale("odds-ratio", is_log=True)
    if not isinstance(spec.effect, ProportionEffect):
        return _Scale("hazard-ratio", is_log=True)
    measure = spec.effect.measure
    if measure == "risk-difference":
        return _Scale(measure, is_log=False)
    return _Scale("odds-ratio" if measure == "peto-odds-ratio" else measure, is_log=True)


def tabulate(task: Task, estimate: MetaEstimate) -> list[Statistic]:
    """Every site's own estimate with its weight, what is pooled, heterogeneity, and the pooled one without each site."""
    spec = estimate.spec
    row = partial(
        Statistic, analysis=task.analysis, method="meta-analysis", variable=task.variable, group=spec.label
    )  # fmt: skip
    scale = scale_of(spec)
    rows = list(_sites(row, estimate, scale))
    total = sum(own.n for own in estimate.own if not own.reason)
    of_all = partial(row, n=total)
    said = left_out((estimate.no_site, "institution not known"))
    rows.append(
        of_all(
            statistic="sites",
            value=len(estimate.contributing),
            denominator=len(estimate.own),
            format="count",
            note=spec.note,
            warning=said,
        )
    )
    for pooled in _models(estimate):
        rows += _pooled(of_all, spec, scale, pooled, NARROW if _is_narrow(estimate) else "")
    if estimate.pooled is None:
        names = ("coefficient", "standard-error", scale.measure, "p-value")
        rows += [
            of_all(statistic=name, value=None, model=spec.model, note=METHODS[spec.model], warning=NO_SITE)
            for name in names
        ]
    return [*rows, *_heterogeneity(of_all, estimate), *_without(row, estimate, scale)]


def _models(estimate: MetaEstimate) -> list[Pooled]:
    """The model that was asked for, then the common effect."""
    found = [estimate.pooled] if estimate.spec.model == "common" else [estimate.pooled, estimate.common]
    return [pooled for pooled in found if pooled is not None]


def _sites(row: partial[Statistic], estimate: MetaEstimate, scale: _Scale) -> Iterator[Statistic]:
    spec = estimate.spec
    z = normal_quantile(0.5 + spec.confidence / 2)
    weights = dict(zip(estimate.contributing, estimate.pooled.weights, strict=True)) if estimate.pooled else {}
    for i, own in enumerate(estimate.own):
        of = partial(row, level=spec.site.labels[i], n=own.n, note=spec.note)
        said = left_out((own.n_missing, "a value is not known"))
        yield of(statistic="n", value=own.n, format="count", warning=said)
        yield of(statistic="events", value=own.n_events, denominator=own.n, format="count")
        yield from _own(of, spec, own, scale, z)
        reason = REASONS[own.reason]
        yield of(
            statistic="weight",
            value=float(weights[i]) if i in weights else None,
            format="percent",
            unit="percent",
            warning=reason,
        )


def _own(of: partial[Statistic], spec: MetaSpec, own: Own, scale: _Scale, z: float) -> Iterator[Statistic]:
    if own.reason:
        for name in ("coefficient", "standard-error", scale.measure):
            yield of(statistic=name, value=None, warning=REASONS[own.reason])
        return
    se = math.sqrt(own.variance)
    yield from _effect(
        partial(of, confidence=spec.confidence), scale, own.estimate, (own.estimate - z * se, own.estimate + z * se)
    )
    yield of(statistic="standard-error", value=se)


def _effect(of: partial[Statistic], scale: _Scale, value: float, limits: tuple[float, float]) -> Iterator[Statistic]:
    lower, upper = limits
    yield of(statistic="coefficient", value=value, lower=lower, upper=upper)
    printed = scale.back(value)
    yield of(
        statistic=scale.measure,
        value=printed,
        lower=scale.back(lower),
        upper=scale.back(upper),
        format=scale.format,
        unit=scale.unit,
        warning="" if printed is not None else "too large to be printed as a ratio",
    )


def how(pooled: Pooled) -> str:
    """`random effects, restricted maximum likelihood, Hartung-Knapp`."""
    return f"{METHODS[pooled.model]}{', Hartung-Knapp' if pooled.knapp_hartung else ''}"


def _is_narrow(estimate: MetaEstimate) -> bool:
    """Whether limits that should allow for differences between sites say more than limits that do not."""
    pooled, common = estimate.pooled, estimate.common
    if pooled is None or common is None or not pooled.knapp_hartung:
        return False
    return pooled.upper - pooled.lower < common.upper - common.lower


def _pooled(row: partial[Statistic], spec: MetaSpec, scale: _Scale, found: Pooled, caution: str) -> Iterator[Statistic]:
    of = partial(row, model=found.model, note=how(found))
    limits = (found.lower, found.upper)
    caution = caution if found.model == spec.model else ""
    for effect in _effect(partial(of, confidence=spec.confidence), scale, found.estimate, limits):
        yield replace(effect, warning=effect.warning or caution)
    yield of(statistic="standard-error", value=found.standard_error)
    if found.model != spec.model:
        return
    same = caution if math.isfinite(found.p_value) else "the estimates of all sites are the same"
    yield of(statistic="p-value", value=_known(found.p_value), format="p", warning=same)
    if found.model == "common":
        return
    low, high = found.prediction
    is_known = math.isfinite(low)
    yield of(
        statistic="prediction-interval",
        value=scale.back(found.estimate) if is_known else None,
        lower=scale.back(low),
        upper=scale.back(high),
        confidence=spec.confidence,
        format=scale.format,
        unit=scale.unit,
        warning="" if is_known else NEEDS_THREE,
    )


def _heterogeneity(row: partial[Statistic], estimate: MetaEstimate) -> Iterator[Statistic]:
    found, model = estimate.pooled, estimate.spec.model
    several = found is not None and len(estimate.contributing) > 1
    why = "" if several else NO_SITE if found is None else NEEDS_TWO
    numbers = {
        "q": (found.q if found else math.nan, "statistic"),
        "q-df": (float(found.q_df) if found else math.nan, "count"),
        "q-p": (found.q_p if found else math.nan, "p"),
        "i-squared": (found.i2 if found else math.nan, "percent"),
    }
    if model != "common":
        numbers |= {
            "tau-squared": (found.tau2 if found else math.nan, "statistic"),
            "tau": (found.tau if found else math.nan, "statistic"),
        }
    for name, (value, form) in numbers.items():
        of = partial(row, model=model) if name.startswith("tau") else row
        yield of(statistic=name, value=_known(value) if several else None, format=form, warning=why)


def _without(row: partial[Statistic], estimate: MetaEstimate, scale: _Scale) -> Iterator[Statistic]:
    if not estimate.spec.leave_one_out:
        return
    for i, others in zip(estimate.contributing, estimate.without, strict=True):
        n = sum(estimate.own[j].n for j in estimate.contributing if j != i)
        of = partial(row, model=estimate.spec.model, level=estimate.spec.site.labels[i], n=n)
        if others is None:
            yield from (
                of(statistic=name, value=None, warning=ONLY_SITE) for name in ("without-site", "without-site-p")
            )
            continue
        yield of(
            statistic="without-site",
            value=scale.back(others.estimate),
            lower=scale.back(others.lower),
            upper=scale.back(others.upper),
            confidence=estimate.spec.confidence,
            format=scale.format,
            unit=scale.unit,
            note=how(others),
        )
        yield of(
            statistic="without-site-p",
            value=_known(others.p_value),
            format="p",
            warning="" if math.isfinite(others.p_value) else ONLY_SITE,
        )
        yield of(statistic="without-site-i-squared", value=others.i2, format="percent", unit="percent")


def _known(value: float) -> float | None:
    return float(value) if math.isfinite(value) else None
