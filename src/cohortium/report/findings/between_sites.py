"""Meta-analyses over sites and outcomes of sites, as the results table holds them; sites that were refused are in neither."""

from __future__ import annotations

from dataclasses import dataclass, field

from cohortium.report.findings.flow import refused
from cohortium.report.findings.warned import as_sentence, warnings_of
from cohortium.results import Results, Statistic

MEASURES = ("hazard-ratio", "odds-ratio", "risk-ratio", "risk-difference")
CONTROLS = ("control-95", "control-998")
CONTROL_LEVELS = (95.0, 99.8)
"""Percent of cases that lie within control limits by chance alone."""


@dataclass(frozen=True, slots=True)
class Interval:
    """An estimate with its limits, on the scale that is printed; None where there is none."""

    value: float | None
    lower: float | None
    upper: float | None
    behind: tuple[Statistic, ...] = field(default=(), compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class SiteEffect:
    """A site's own estimate, its weight in percent, and all others pooled; `reason` why it has none."""

    label: str
    n: int
    n_events: int
    effect: Interval
    weight: float | None
    reason: str
    without: Interval | None
    without_p: float | None
    without_i2: float | None
    warnings: tuple[str, ...]
    behind: tuple[Statistic, ...] = field(default=(), compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class MetaAnalysisFound:
    """All of a meta-analysis.

    measure      `hazard-ratio`, `odds-ratio`, `risk-ratio` or `risk-difference`
    contrast     `B v A`, or `per 10 years`; empty for a number in its own unit
    pooled       by the model that was asked for, described by `how`
    common       common effect beside random effects; None where that is what was asked for
    prediction   None for a common effect; without numbers where there are too few sites
    behind       rows of the results table about all sites: number of sites, p-value
    """

    measure: str
    contrast: str
    confidence: float | None
    sites: tuple[SiteEffect, ...]
    n: int
    n_sites: int
    n_used: int
    pooled: Interval
    p: float | None
    how: str
    common: Interval | None
    prediction: Interval | None
    q: float | None
    q_df: int | None
    q_p: float | None
    i2: float | None
    tau: float | None
    warnings: tuple[str, ...]
    behind: tuple[Statistic, ...] = field(default=(), compare=False, repr=False)

    @property
    def is_ratio(self) -> bool:
        """Whether the axis is logarithmic with 1 for no effect."""
        return self.measure != "risk-difference"

    @property
    def left_out(self) -> tuple[SiteEffect, ...]:
        """Sites without an estimate."""
        return tuple(site for site in self.sites if site.reason)


def meta_found(results: Results, analysis: str) -> MetaAnalysisFound:
    """What a `meta-analysis` found."""
    rows = results.where(analysis=analysis, method="meta-analysis")
    measure = next(s.statistic for s in rows if s.statistic in MEASURES)
    whole = {(s.statistic, s.model): s for s in rows if not s.level}
    sites = whole["sites", ""]
    p = next(s for (name, _), s in whole.items() if name == "p-value")
    pooled = whole.get((measure, p.model)) or p
    common = whole.get((measure, "common")) if p.model != "common" else None
    prediction = whole.get(("prediction-interval", p.model))
    labels = rows.distinct("level")
    without = _refused_names(results)
    own = tuple(_site(rows.where(level=label), label, measure) for label in labels if label and label not in without)
    confidence = next((s.confidence for s in rows if s.confidence is not None), None)
    value = {name: s.value for (name, _), s in whole.items()}
    df = value.get("q-df")
    return MetaAnalysisFound(
        measure=measure,
        contrast=sites.group.replace(" v ", " vs ", 1),
        confidence=confidence,
        sites=own,
        n=sites.n or 0,
        n_sites=int(sites.value or 0),
        n_used=(sites.denominator or 0) - len(without),
        pooled=_interval(pooled) if pooled.statistic == measure else Interval(None, None, None),
        p=p.value,
        how=pooled.note,
        common=_interval(common) if common else None,
        prediction=_interval(prediction) if prediction else None,
        q=value.get("q"),
        q_df=int(df) if df is not None else None,
        q_p=value.get("q-p"),
        i2=value.get("i-squared"),
        tau=value.get("tau"),
        warnings=warnings_of([sites, p]),
        behind=(sites, p),
    )


def _refused_names(results: Results) -> frozenset[str]:
    # Nothing of a refused site was read, so its zeros are no finding.
    return frozenset(site.name for site in refused(results))


def _site(rows: Results, label: str, measure: str) -> SiteEffect:
    found = {s.statistic: s for s in rows}
    without, p, i2 = (found.get(name) for name in ("without-site", "without-site-p", "without-site-i-squared"))
    reason = found["weight"].warning
    return SiteEffect(
        label,
        int(found["n"].value or 0),
        int(found["events"].value or 0),
        _interval(found[measure]),
        found["weight"].value,
        reason,
        _interval(without) if without else None,
        p.value if p else None,
        i2.value if i2 else None,
        warnings_of([found["n"]]) + ((as_sentence(reason),) if reason else ()),
        behind=tuple(rows),
    )


def _interval(s: Statistic) -> Interval:
    return Interval(s.value, s.lower, s.upper, behind=(s,))


@dataclass(frozen=True, slots=True)
class SiteRate:
    """The outcome of a site: percent of patients, or events per 100 years; `size` is patients or years.

    outside   the widest control limits that it lies beyond: 99.8, 95 or None
    """

    label: str
    n: int
    n_events: int
    size: float
    rate: Interval
    outside: float | None


@dataclass(frozen=True, slots=True)
class SiteRates:
    """Outcomes of all sites, the overall value, and control limits by size: (size, limits of 95%, limits of 99.8%)."""

    unit: str
    confidence: float | None
    sites: tuple[SiteRate, ...]
    overall: SiteRate
    funnel: tuple[tuple[float, Interval, Interval], ...]
    warnings: tuple[str, ...]

    @property
    def is_percent(self) -> bool:
        """Whether it is a proportion of patients."""
        return self.unit == "percent"


def site_rates(results: Results, analysis: str) -> SiteRates:
    """What a `site-outcomes` analysis found."""
    rows = results.where(analysis=analysis, method="site-outcomes")
    name = next(s.statistic for s in rows if s.statistic in ("percent", "rate"))
    here = Results(s for s in rows if s.time is None)
    without = _refused_names(results)
    labels = [label for label in here.distinct("level") if label and label not in without]
    sizes = dict.fromkeys(s.time for s in rows if s.time is not None)
    inner, outer = ({s.time: _interval(s) for s in rows.where(statistic=c)} for c in CONTROLS)
    whole = here.where(level="")
    shown = whole.one(statistic=name)
    return SiteRates(
        shown.unit,
        shown.confidence,
        tuple(_rate(here.where(level=label), label, name) for label in labels),
        _rate(whole, "", name),
        tuple((size, inner[size], outer[size]) for size in sizes),
        warnings_of([whole.one(statistic="n")]),
    )


def _rate(rows: Results, label: str, name: str) -> SiteRate:
    found = {s.statistic: s for s in rows}
    rate, n = _interval(found[name]), int(found["n"].value or 0)
    years = found.get("follow-up")
    outside = None
    for control, level in zip(CONTROLS, CONTROL_LEVELS, strict=True):
        limits = found.get(control)
        if limits is not None and rate.value is not None and limits.lower is not None and limits.upper is not None:
            outside = outside if limits.lower <= rate.value <= limits.upper else level
    size = float(years.value or 0.0) if years else float(n)
    return SiteRate(label, n, int(found["events"].value or 0), size, rate, outside)
