"""The figure of an outcome by site: caterpillar and funnel."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from cohortium.report import formats
from cohortium.report.abbreviations import abbreviations
from cohortium.report.ethics import refusal_lines
from cohortium.report.exhibits.chosen import chosen_analysis
from cohortium.report.figures import caterpillar as drawing
from cohortium.report.figures.readout import RowReadout
from cohortium.report.figures.save import Drawing
from cohortium.report.findings.between_sites import CONTROL_LEVELS, SiteRate, SiteRates, site_rates
from cohortium.report.findings.flow import refused
from cohortium.report.labels import counted_label, inside_sentence
from cohortium.results import Results
from cohortium.study.analyses import SiteOutcomes

if TYPE_CHECKING:
    from cohortium.study.model import Figure as FigureSpec
    from cohortium.study.study import Study

DATA_HEADER = ("institution", "n", "n_events", "size", "value", "lower", "upper", "beyond_control_limits")


def make(study: Study, results: Results, spec: FigureSpec) -> Drawing:
    """The drawing of a site-outcomes analysis."""
    analysis = chosen_analysis(study, spec, SiteOutcomes)
    found = site_rates(results, analysis.name)
    counted = counted_label(study, analysis)
    y_label = f"{counted}, %" if found.is_percent else f"Events per 100 years, {inside_sentence(counted)}"
    size = "Patients" if found.is_percent else "Years of follow-up"
    figure = drawing.draw(found, y_label=y_label, size_label=size, width=spec.width)
    caption = (*filter(None, _caption(found)), *refusal_lines(refused(results)))
    listed = "; ".join(f"{site.label} {_number(found, site)}" for site in drawing.ordered(found))
    alt = f"{y_label} by institution, in order and against {size.lower()}: {listed}."
    rows = tuple(f"{s.label}: {s.n_events}/{s.n}, {_number(found, s)}" for s in drawing.ordered(found))
    return Drawing(figure, alt, caption, tuple(_data(found)), RowReadout(rows))


def _number(found: SiteRates, site: SiteRate) -> str:
    rate = site.rate
    return formats.of_hundred_interval(rate.value, rate.lower, rate.upper, 1) if found.is_percent else (
        formats.points_interval(rate.value, rate.lower, rate.upper, 1)
    )  # fmt: skip


def _caption(found: SiteRates) -> Iterator[str]:
    level = formats.number_shortest(100 * (found.confidence or 0.95))
    whole = "n, patients" if found.is_percent else "n, years of follow-up"
    yield (
        f"A, institutions in order with exact {level}% intervals ({whole}); the line is the value of all together, "
        f"{_number(found, found.overall)}."
    )
    law = "binomial" if found.is_percent else "Poisson"
    inner, outer = map(formats.number_shortest, CONTROL_LEVELS)
    yield (
        f"B, the same by size, with exact {law} control limits: an institution that differs from all together by chance "
        f"alone lies within them in {inner} and {outer} of 100 cases."
    )
    beyond = [site for site in found.sites if site.outside is not None]
    if beyond:
        named = "; ".join(f"{site.label} ({formats.number_shortest(site.outside or 0)}%)" for site in beyond)
        yield f"Beyond the limits: {named}."
    else:
        yield "No institution lies beyond the limits."
    yield "Institutions are not adjusted for how their patients differ."
    without = [site.label for site in found.sites if site.rate.value is None]
    if without:
        yield f"Without patients: {', '.join(without)}."
    yield abbreviations()
    yield from found.warnings


def _data(found: SiteRates) -> Iterator[tuple[object, ...]]:
    yield DATA_HEADER
    for s in (*found.sites, found.overall):
        yield s.label or "All", s.n, s.n_events, s.size, s.rate.value, s.rate.lower, s.rate.upper, s.outside
