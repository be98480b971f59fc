"""The answer key: truth by patient and by visit, targets published and reached, planted faults."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence

from cohortium.simulation.chart.rows import Cell, Chart
from cohortium.simulation.course.realize import RESPONSES
from cohortium.simulation.defects.plant import Planted
from cohortium.simulation.design.model import Design
from cohortium.simulation.plan.aims import GROUP_LABELS, aims_of, times_of
from cohortium.simulation.sites.render import FIRST_LINE

TRUTH, VISITS, TARGETS, DEFECTS = (f"simulated-{name}.csv" for name in ("truth", "visits", "targets", "defects"))


def answers(design: Design, charts: Sequence[Chart], planted: Sequence[Planted]) -> dict[str, bytes]:
    """Every file of the answer key by name."""
    faulty = {fault.patient for fault in planted}
    names = tuple(charts[0].truth)
    truth = [(chart.site, chart.key, *chart.truth.values(), "yes" if chart.key in faulty else "no") for chart in charts]
    visits = [
        (chart.site, chart.key, visit.day, visit.response, visit.confirmed, visit.basis)
        for chart in charts
        for visit in chart.realized.truth.visits
    ]
    faults = [(one.site, one.file, one.line, one.variable, one.kind, one.rule, one.patient) for one in planted]
    return {
        TRUTH: _csv(("site", "patient", *names, "has_planted_defect"), truth),
        VISITS: _csv(("site", "patient", "day", "response", "confirmed", "progression_basis"), visits),
        TARGETS: _csv(
            ("what", "group", "target", "reached", "n", "denominator", "unit", "met"), target_rows(design, charts)
        ),
        DEFECTS: _csv(("site", "file", "line", "variable", "kind", "rule", "patient"), faults),
    }


def target_rows(design: Design, charts: Sequence[Chart]) -> list[tuple[Cell, ...]]:
    """Each published aggregate beside what was reached, from the truth of the patients of the groups."""
    inside = [chart for chart in charts if not chart.realized.plan.seat.is_extra]
    return [*_counts(design, inside), *_shares(design, inside), *_times(design, inside)]


def _counts(design: Design, charts: Sequence[Chart]) -> list[tuple[Cell, ...]]:
    rows: list[tuple[Cell, ...]] = []
    for group in design.group:
        own = [chart for chart in charts if chart.truth["plasmacytoma"] == group.plasmacytoma]
        label, n = GROUP_LABELS[group.plasmacytoma], group.n_prior_bcma + group.n_no_prior_bcma
        rows.append(_count("patients", label, n, len(own), len(charts)))
        responders = group.responders_prior_bcma + group.responders_no_prior_bcma
        rows.append(_count("responders", label, responders, _n_responders(own), len(own)))
        if group.published_response is not None:
            reached = _n_responders(own) / len(own)
            rows.append(
                (
                    "response rate as published",
                    label,
                    group.published_response,
                    round(reached, 4),
                    _n_responders(own),
                    len(own),
                    "share",
                    "",
                )
            )
    for has_prior, label in ((True, "prior BCMA"), (False, "no prior BCMA")):
        own = [chart for chart in charts if chart.realized.plan.seat.has_prior_bcma == has_prior]
        pairs = [
            (group.n_prior_bcma, group.responders_prior_bcma)
            if has_prior
            else (group.n_no_prior_bcma, group.responders_no_prior_bcma)
            for group in design.group
        ]
        rows.append(_count("patients", label, sum(n for n, _ in pairs), len(own), len(charts)))
        rows.append(_count("responders", label, sum(n for _, n in pairs), _n_responders(own), len(own)))
    for kind, n in design.prior_bcma.counts().items():
        rows.append(
            _count("prior BCMA", kind, n, sum(chart.truth["prior_bcma"] == kind for chart in charts), len(charts))
        )
    return rows


def _count(what: str, label: str, target: int, reached: int, of: int) -> tuple[Cell, ...]:
    return what, label, target, reached, reached, of, "patients", "yes" if target == reached else "no"


def _n_responders(charts: Sequence[Chart]) -> int:
    return sum(chart.truth["best_confirmed"] in RESPONSES for chart in charts)


def _shares(design: Design, charts: Sequence[Chart]) -> list[tuple[Cell, ...]]:
    overall, toxicity = design.overall, design.toxicity
    traits = (
        ("women", overall.share_women, sum(chart.patient["sex"] == "female" for chart in charts)),
        ("not white", overall.share_non_white, sum(chart.patient["race"] != "white" for chart in charts)),
        (
            "penta-refractory",
            overall.share_penta_refractory,
            sum(chart.truth["penta_refractory"] == "yes" for chart in charts),
        ),
        ("CRS", toxicity.crs, sum(bool(chart.truth["crs_grade"]) for chart in charts)),
        ("ICANS", toxicity.icans, sum(bool(chart.truth["icans_grade"]) for chart in charts)),
        ("infection", toxicity.infection, sum(bool(chart.truth["infection_grade"]) for chart in charts)),
    )
    n = len(charts)
    return [
        (
            what,
            "all",
            share,
            round(count / n, 4),
            count,
            n,
            "share",
            "yes" if abs(share - count / n) < 0.5 / n + 1e-9 else "near",
        )
        for what, share, count in traits
    ]


def _times(design: Design, charts: Sequence[Chart]) -> list[tuple[Cell, ...]]:
    plans = [chart.realized.plan for chart in charts]
    rows: list[tuple[Cell, ...]] = []
    for aim in aims_of(design):
        times = times_of(aim, plans)
        reached = aim.reached(times)
        is_median = aim.statistic == "median months"
        is_met = aim.miss(times, design.overall.tolerance_months) <= 1
        n_events = sum(one.is_event for one in times)
        what = f"{aim.endpoint}, {aim.statistic}"
        shown = None if reached is None else round(reached, 3)
        rows.append(
            (
                what,
                aim.group,
                aim.target,
                shown,
                n_events,
                len(times),
                "months" if is_median else "share",
                "yes" if is_met else "no",
            )
        )
    return rows


def _csv(header: Sequence[str], rows: Sequence[Sequence[Cell]]) -> bytes:
    text = io.StringIO()
    text.write(f"{FIRST_LINE}\n")
    lines = csv.writer(text, lineterminator="\n")
    lines.writerow(header)
    lines.writerows(rows)
    return text.getvalue().encode()
