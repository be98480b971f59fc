"""`site_meta_analysis`: an effect within each site, and the estimates of all sites pooled."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from cohortium.api.arguments import require_choice, require_distinct, require_level
from cohortium.api.cox_model import Roles, cox_model
from cohortium.api.frames import Sites, run_on
from cohortium.api.terms import main_term
from cohortium.errors import EstimationError, UsageError
from cohortium.estimators.between_sites.groups import TwoGroups
from cohortium.estimators.between_sites.logrank import LogRankEffect
from cohortium.estimators.between_sites.meta import MetaEstimate, MetaSpec
from cohortium.estimators.between_sites.model import ModelEffect
from cohortium.estimators.between_sites.own import REASONS
from cohortium.estimators.between_sites.pooling import Pooled, PoolingModel
from cohortium.estimators.between_sites.proportions import Measure, ProportionEffect, ZeroCells
from cohortium.estimators.between_sites.tabulate import how, tabulate
from cohortium.estimators.contract import Factor, Rows, Task
from cohortium.estimators.cox import estimator as cox
from cohortium.estimators.cox.spec import FactorTerm
from cohortium.estimators.logistic import estimator as logistic
from cohortium.estimators.logistic.spec import LogisticSpec
from cohortium.estimators.proportions.outcome import Outcome

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cohortium.api.frames import Frames
    from cohortium.estimators.between_sites.meta import Effect
    from cohortium.estimators.cox.ties import Ties
    from cohortium.estimators.regression.terms import MainTerm
    from cohortium.results import Statistic

_SITE = "site of the frame"


@dataclass(frozen=True)
class SiteMetaAnalysis:
    """Each site's own estimate, and all of them pooled, on the scale of the logarithm but for a difference."""

    estimate: MetaEstimate

    @property
    def pooled(self) -> Pooled:
        """The pooled estimate, with heterogeneity."""
        if self.estimate.pooled is None:
            raise EstimationError("no site has an estimate")
        return self.estimate.pooled

    @property
    def sites(self) -> pl.DataFrame:
        """A row per site: n, events, estimate, standard_error, weight in percent, reason where it has no estimate."""
        found, spec = self.estimate, self.estimate.spec
        weights = dict(zip(found.contributing, self.pooled.weights, strict=True)) if found.pooled else {}
        rows = [
            (
                spec.site.labels[i],
                own.n,
                own.n_events,
                None if own.reason else own.estimate,
                None if own.reason else math.sqrt(own.variance),
                float(weights[i]) if i in weights else None,
                REASONS[own.reason],
            )
            for i, own in enumerate(found.own)
        ]
        reals = dict.fromkeys(("estimate", "standard_error", "weight"), pl.Float64)
        schema = {"site": pl.String, "n": pl.Int64, "events": pl.Int64, **reals, "reason": pl.String}
        return pl.DataFrame(rows, schema=schema, orient="row")

    @property
    def leave_one_out(self) -> pl.DataFrame:
        """A row per site that has an estimate: the others pooled without it."""
        found = self.estimate
        rows = [
            (found.spec.site.labels[i], p.estimate, p.standard_error, p.lower, p.upper, p.p_value, p.i2)
            for i, p in zip(found.contributing, found.without, strict=True)
            if p is not None
        ]
        names = ("estimate", "standard_error", "lower", "upper", "p_value", "i2")
        schema = {"without": pl.String, **dict.fromkeys(names, pl.Float64)}
        return pl.DataFrame(rows, schema=schema, orient="row")

    @property
    def warnings(self) -> tuple[str, ...]:
        """Sites that could not contribute, with the reason."""
        return tuple(
            f"{self.estimate.spec.site.labels[i]}: {REASONS[own.reason]}"
            for i, own in enumerate(self.estimate.own)
            if own.reason
        )

    def to_frame(self) -> pl.DataFrame:
        """The same as `sites`."""
        return self.sites

    def statistics(self) -> list[Statistic]:
        """The rows of the results table."""
        return tabulate(Task("meta-analysis", "meta-analysis", self.estimate.spec, "meta-analysis"), self.estimate)

    def __repr__(self) -> str:
        if self.estimate.pooled is None:
            return "\n".join(["no site has an estimate", *(f"  {text}" for text in self.warnings)])
        p = self.pooled
        head = f"{how(p)}: {p.estimate:.4f} ({p.lower:.4f} to {p.upper:.4f}), p {p.p_value:.4g}"
        lines = [
            f"{head}, {len(self.estimate.contributing)} of {len(self.estimate.own)} sites",
            f"  Q {p.q:.4f} on {p.q_df}, I-squared {p.i2:.1f}%, tau {p.tau:.4f}",
        ]
        return "\n".join([*lines, *(f"  {text}" for text in self.warnings)])


def site_meta_analysis(
    frames: Frames,
    *,
    model: str = "cox",
    time: str | None = None,
    event: str | None = None,
    entry: str | None = None,
    effect: str | None = None,
    covariates: Sequence[str] = (),
    strata: str | Sequence[str] | None = None,
    ties: Ties = "efron",
    by: str | None = None,
    outcome: str | None = None,
    measure: Measure = "odds-ratio",
    zero_cells: ZeroCells = "add-half",
    level: str | None = None,
    reference: str | None = None,
    site: str | None = None,
    labels: Sequence[str] = (),
    pooling: PoolingModel = "reml",
    hartung_knapp: bool = True,
    least_patients: int = 2,
    confidence: float = 0.95,
) -> SiteMetaAnalysis:
    r"""Estimate an effect within each site by itself, and pool the estimates.

    .. math:: \hat\theta = \frac{\sum_i w_i \hat\theta_i}{\sum_i w_i},\quad w_i = \frac{1}{v_i + \tau^2}

    frames          a list of polars or pandas frames, one a site; or one frame with a column `site`
    model           `cox`: hazard ratio of `effect` adjusted for the other covariates; `logistic`: the same with an odds
                    ratio; `logrank`: hazard ratio of two groups by observed minus expected events (Peto);
                    `proportions`: two groups and an outcome of 0 and 1
    time, event     columns of `cox` and `logrank`: follow-up of 0 or more, and 1 or true for an event
    entry           column of times after which a row is under observation
    effect          column of `cox` or `logistic` whose ratio is pooled
    covariates      columns of `cox` or `logistic` that each site's model adjusts for; `effect` may be among them
    strata          columns of `cox` or `logistic` whose combinations have their own baseline within a site
    ties            `efron` or `breslow`
    by              column of the groups of `logrank` and `proportions`
    outcome         column of `logistic` and `proportions`, 1 or true for patients with the outcome
    measure         `odds-ratio`, `risk-ratio`, `risk-difference` or `peto-odds-ratio`
    zero_cells      a site with a zero among its four cells: `add-half` to all of them, or `leave-out` the site
    level           level that is compared, needed where a category has more than two
    reference       level that it is compared with; the first when absent
    site            column of the site, of one frame
    labels          names of the sites of a list of frames; numbers when absent
    pooling         `reml`, `dersimonian-laird` or `common`
    hartung_knapp   random effects only: limits with a t distribution
    least_patients  patients below which a site has no estimate
    confidence      confidence level, between 0 and 1

    Returns a `SiteMetaAnalysis`.

    Leaves the site: its estimate and variance, patients, events and patients left out, or why it has no estimate.

    Raises
        UsageError: a column is missing or does not hold what is expected, or an argument is of another model.

    References: DerSimonian and Laird 1986; Hartung and Knapp 2001; Yusuf and others 1985.

    >>> import polars as pl
    >>> from cohortium import site_meta_analysis
    >>> site = pl.DataFrame({"arm": ["A"] * 4 + ["B"] * 4, "died": [1, 0, 0, 0, 1, 1, 1, 0]})
    >>> found = site_meta_analysis([site, site], model="proportions", by="arm", outcome="died", pooling="common")
    >>> round(found.pooled.estimate, 6)
    2.197225
    """
    require_choice("pooling", pooling, PoolingModel)
    require_level(confidence)
    if model == "cox":
        made = _cox(
            frames, (time, event, entry), effect, covariates, strata, ties, (level, reference), confidence, site
        )
    elif model == "logistic":
        made = _logistic(frames, outcome, effect, covariates, strata, (level, reference), site)
    elif model == "logrank":
        made = _logrank(frames, (time, event, entry), by, (level, reference), site)
    elif model == "proportions":
        made = _proportions(frames, by, outcome, (level, reference), site, measure, zero_cells)
    else:
        raise UsageError(f"model: expected one of 'cox', 'logistic', 'logrank', 'proportions', got {model!r}")
    sites, contrast = made
    rows, factor = _placed(sites, site, labels)
    spec = MetaSpec(
        factor,
        contrast,
        model=pooling,
        knapp_hartung=hartung_knapp,
        least_patients=least_patients,
        confidence=confidence,
        note=model,
    )
    found: MetaEstimate = run_on(rows, "meta-analysis", spec)
    return SiteMetaAnalysis(found)


def _needed(**given: str | None) -> list[str]:
    missing = [name for name, value in given.items() if value is None]
    if missing:
        raise UsageError(f"{', '.join(missing)}: needed by this model; give the name of a column")
    return [str(value) for value in given.values()]


def _cox(
    frames: Frames,
    columns: tuple[str | None, str | None, str | None],
    effect: str | None,
    covariates: Sequence[str],
    strata: str | Sequence[str] | None,
    ties: Ties,
    levels: tuple[str | None, str | None],
    confidence: float,
    site: str | None,
) -> tuple[Sites, Effect]:
    time, event, name = _needed(time=columns[0], event=columns[1], effect=effect)
    level, reference = levels
    fitted = cox_model(
        frames,
        Roles(time, event, columns[2]),
        list(dict.fromkeys([name, *covariates])),
        references={name: reference} if reference is not None else None,
        strata=strata,
        others=[site] if site else (),
        ties=ties,
        penalty="none",
        confidence=confidence,
    )
    return fitted.sites, ModelEffect(
        cox.ESTIMATOR, replace(fitted.spec, nested=True), _column(fitted.mains[name], level)
    )


def _logistic(
    frames: Frames,
    outcome: str | None,
    effect: str | None,
    covariates: Sequence[str],
    strata: str | Sequence[str] | None,
    levels: tuple[str | None, str | None],
    site: str | None,
) -> tuple[Sites, Effect]:
    event, name = _needed(outcome=outcome, effect=effect)
    level, reference = levels
    names = list(dict.fromkeys([name, *covariates]))
    strata_names = [strata] if isinstance(strata, str) else list(strata or ())
    require_distinct([event, *names, *strata_names])
    sites = Sites(frames, list(dict.fromkeys([event, *names, *strata_names, *([site] if site else [])])))
    sites.event(event)
    mains = {each: main_term(sites, each, {}, {name: reference} if reference else {}) for each in names}
    model = LogisticSpec(event, tuple(mains.values()), tuple(sites.factor(each) for each in strata_names))
    return sites, ModelEffect(logistic.ESTIMATOR, model, _column(mains[name], level))


def _column(term: MainTerm, level: str | None) -> str:
    """The column whose coefficient is pooled."""
    if isinstance(term, FactorTerm):
        code, _ = _compared(term.factor, level, term.factor.labels[term.reference])
        return f"{term.name}[{code}]"
    if level is not None:
        raise UsageError(f"level: is for a category; {term.name} holds numbers")
    return term.name


def _logrank(
    frames: Frames,
    columns: tuple[str | None, str | None, str | None],
    by: str | None,
    levels: tuple[str | None, str | None],
    site: str | None,
) -> tuple[Sites, Effect]:
    time, event, groups = _needed(time=columns[0], event=columns[1], by=by)
    entry = columns[2]
    names = [time, event, groups, *filter(None, [entry, site])]
    require_distinct(names)
    sites = Sites(frames, names)
    sites.event(event)
    grid = sites.time(time, entry)
    factor = sites.factor(groups)
    return sites, LogRankEffect(TwoGroups(factor, _compared(factor, *levels)), time, event, grid, entry or "")


def _proportions(
    frames: Frames,
    by: str | None,
    outcome: str | None,
    levels: tuple[str | None, str | None],
    site: str | None,
    measure: Measure,
    zero_cells: ZeroCells,
) -> tuple[Sites, Effect]:
    groups, name = _needed(by=by, outcome=outcome)
    require_choice("measure", measure, Measure)
    require_choice("zero_cells", zero_cells, ZeroCells)
    names = [groups, name, *([site] if site else [])]
    require_distinct(names)
    sites = Sites(frames, names)
    sites.event(name)
    factor = sites.factor(groups)
    made = Outcome(name, Factor(name, ("0", "1"), ("0", "1")), ("1",))
    return sites, ProportionEffect(TwoGroups(factor, _compared(factor, *levels)), made, measure, zero_cells)


def _compared(factor: Factor, level: str | None, reference: str | None) -> tuple[str, str]:
    """The level of interest and the reference, of a factor whose codes are its labels."""
    known = factor.labels
    for argument, value in (("level", level), ("reference", reference)):
        if value is not None and str(value) not in known:
            raise UsageError(f"{argument}: {factor.name} has no level {value!r}; it has {', '.join(known)}")
    base = str(reference) if reference is not None else known[0] if known else ""
    others = [label for label in known if label != base]
    if level is None and len(others) != 1:
        raise UsageError(f"level: {factor.name} has {len(known)} levels; say which one is compared with {base}")
    return (str(level) if level is not None else others[0]), base


def _placed(sites: Sites, site: str | None, labels: Sequence[str]) -> tuple[tuple[Rows, ...], Factor]:
    """The rows with the codes of their site, and an outcome of 0 and 1 as a category."""
    factor = sites.factor(site) if site else None
    every = sites.rows()
    if factor is None:
        names = tuple(str(label) for label in labels) or tuple(str(i + 1) for i in range(len(every)))
        if len(names) != len(every):
            raise UsageError(f"labels: expected {len(every)} names of sites, got {len(names)}")
        factor = Factor(_SITE, names, names)
    placed = []
    for i, rows in enumerate(every):
        codes = {**rows.codes}
        codes.setdefault(_SITE, np.full(rows.n, i))
        for name, column in rows.numbers.items():
            codes.setdefault(name, np.where(np.isnan(column), -1, np.nan_to_num(column)).astype(np.int64))
        placed.append(Rows(rows.n, rows.numbers, codes))
    return tuple(placed), factor
