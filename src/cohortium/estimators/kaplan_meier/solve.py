"""From totals to curves: one round, or two where variances are robust."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from cohortium.estimators.contract import Done, Next, Reals, Step
from cohortium.estimators.kaplan_meier import restricted
from cohortium.estimators.kaplan_meier.curve import Curve
from cohortium.estimators.kaplan_meier.limits import hazard_limits, limits
from cohortium.estimators.kaplan_meier.product_limit import ProductLimit, product_limit
from cohortium.estimators.kaplan_meier.quantiles import quantile
from cohortium.estimators.kaplan_meier.tables import RiskTable, risk_table
from cohortium.totals import Params

if TYPE_CHECKING:
    from cohortium.estimators.kaplan_meier.restricted import MeanContrast, RestrictedMean
    from cohortium.estimators.kaplan_meier.spec import KaplanMeierSpec
    from cohortium.totals import Totals


@dataclass(frozen=True)
class KaplanMeierEstimate:
    """The curves of all groups, and how many rows were left out.

    missing     time, event, entry, group or cluster not known
    late        entry not before the end of follow-up
    unweighted  weight not known or not above 0
    contrasts   restricted means of the groups against that of the first
    """

    spec: KaplanMeierSpec
    curves: tuple[Curve, ...]
    missing: int
    late: int = 0
    unweighted: int = 0
    contrasts: tuple[MeanContrast, ...] = ()


class _Variances(NamedTuple):
    """Of log survival and of the cumulative hazard, shape (groups, times); of the restricted mean, shape (groups,)."""

    log_survival: Reals
    hazard: Reals
    mean: Reals | None


def solve(spec: KaplanMeierSpec, totals: Totals, step: Next) -> Step:
    """The curves; or the tables from which the sites make the robust variance."""
    first = step.memory if step.params else totals
    table = risk_table(spec, first)
    found = product_limit(table)
    after = restricted.areas_after(spec.grid.values, found.survival, spec.tau) if spec.tau is not None else None
    if not spec.robust:
        variances = _model_based(found, after)
    elif not step.params:
        return Next(_linear_forms(found, after), memory=totals)
    else:
        variances = _robust(found, totals["spread"])
    means = _means(spec, table, found, after, variances)
    curves = tuple(_curve(spec, g, table, found, variances, means[g]) for g in range(len(spec.labels)))
    known = [mean for mean in means if mean is not None]
    return Done(
        KaplanMeierEstimate(
            spec,
            curves,
            int(first["missing"]),
            int(first["late"]) if spec.entry else 0,
            int(first["unweighted"]) if spec.weight else 0,
            restricted.contrasts(spec.labels, known, spec.confidence) if known else (),
        )
    )


def _model_based(found: ProductLimit, after: Reals | None) -> _Variances:
    mean = None if after is None else (found.step * found.jump * after**2).sum(axis=-1)
    return _Variances(found.greenwood, found.hazard_variance, mean)


def _linear_forms(found: ProductLimit, after: Reals | None) -> Params:
    jumps = [found.jump, found.per_risk, *([] if after is None else [found.jump * after])]
    return Params({"jump": np.stack(jumps), "level": np.stack([np.cumsum(found.step * j, axis=-1) for j in jumps])})


def _robust(found: ProductLimit, spread: Reals) -> _Variances:
    log_survival = np.where(found.survival > 0, spread[0], np.nan)
    return _Variances(log_survival, spread[1], spread[2][:, -1] if len(spread) > 2 else None)


def _means(
    spec: KaplanMeierSpec, table: RiskTable, found: ProductLimit, after: Reals | None, variances: _Variances
) -> list[RestrictedMean | None]:
    if spec.tau is None or after is None or variances.mean is None:
        return [None] * len(spec.labels)
    areas, times = restricted.area(spec.grid.values, after, spec.tau), spec.grid.values
    means: list[RestrictedMean | None] = []
    for g in range(len(spec.labels)):
        seen = np.flatnonzero(table.n_event[g] + table.n_censor[g])
        if not seen.size:
            means.append(restricted.refused(spec.tau, "no patients in this group"))
        elif times[seen[-1]] < spec.tau and found.survival[g, -1] > 0:
            means.append(restricted.refused(spec.tau, "follow-up of the group ends before the restriction time"))
        else:
            means.append(
                restricted.restricted_mean(float(areas[g]), float(variances.mean[g]), spec.tau, spec.confidence)
            )
    return means


def _curve(
    spec: KaplanMeierSpec,
    g: int,
    table: RiskTable,
    found: ProductLimit,
    variances: _Variances,
    mean: RestrictedMean | None,
) -> Curve:
    seen = np.flatnonzero(table.n_event[g] + table.n_censor[g])
    time, survival, hazard = spec.grid.values[seen], found.survival[g, seen], found.hazard[g, seen]
    log_error, hazard_error = np.sqrt(variances.log_survival[g, seen]), np.sqrt(variances.hazard[g, seen])
    lower, upper = limits(survival, log_error, spec.interval, spec.confidence)
    hazard_lower, hazard_upper = hazard_limits(hazard, hazard_error, spec.confidence)
    entering = np.flatnonzero(table.n_enter[g]) if table.n_enter is not None else np.empty(0, np.int64)
    n_event, n_censor = table.n_event[g, seen], table.n_censor[g, seen]
    return Curve(
        group=spec.labels[g],
        n=int(n_event.sum() + n_censor.sum()),
        n_events=int(n_event.sum()),
        time=time,
        n_risk=table.n_risk[g, seen],
        n_event=n_event,
        n_censor=n_censor,
        survival=survival,
        standard_error=survival * log_error,
        lower=lower,
        upper=upper,
        quantiles=tuple(quantile(q, time, survival, lower, upper, spec.quantile_rule) for q in spec.quantiles),
        weight_risk=table.risk[g, seen],
        weight_event=table.event[g, seen],
        hazard=hazard,
        hazard_error=hazard_error,
        hazard_lower=hazard_lower,
        hazard_upper=hazard_upper,
        enter_time=spec.grid.values[entering],
        n_enter=table.n_enter[g, entering] if table.n_enter is not None else entering,
        restricted_mean=mean,
        warning=_emptied(spec, g, table) if table.n_enter is not None else "",
    )


def _emptied(spec: KaplanMeierSpec, g: int, table: RiskTable) -> str:
    """Where nobody is left at risk although others enter later: what comes before decides all that follows."""
    n_risk = table.n_risk[g]
    some = np.flatnonzero(n_risk)
    if not some.size:
        return ""
    gone = np.flatnonzero((n_risk > 0) & (np.append(n_risk[1:], 0) == 0) | table.emptied[g])
    early = gone[gone < some[-1]]
    if not early.size:
        return ""
    at = early[0]
    day = f"{spec.grid.values[at]:g}"
    later = f"although patients come under observation later ({int(n_risk[at])} at risk until then)"
    if table.emptied[g, at]:
        return f"survival falls to 0 at time {day}, where all at risk had the event, {later}"
    return f"nobody is at risk after time {day} for a while, {later}"
