"""All charts of a consortium, from the design and a seed."""

from __future__ import annotations

from collections.abc import Callable

from cohortium.simulation.chart.baseline import patient_row
from cohortium.simulation.chart.blood import blood_counts
from cohortium.simulation.chart.calls import calls_of
from cohortium.simulation.chart.events import events_of
from cohortium.simulation.chart.rows import Cell, Chart
from cohortium.simulation.chart.therapies import FIVE, History, history_of
from cohortium.simulation.chart.traits import Traits, traits_of
from cohortium.simulation.course.realize import Realized, realize
from cohortium.simulation.design.model import Design, Toxicity
from cohortium.simulation.plan.calibrate import calibrated_plans
from cohortium.simulation.plan.courses import alive, progression_free
from cohortium.simulation.plan.seats import seats_of


def charts_of(design: Design, seed: int, tell: Callable[[str], None]) -> list[Chart]:
    """Every patient's chart.

    tell   called after each round of the calibration and each patient, with what is being done
    """
    seats = seats_of(design, seed)
    plans = calibrated_plans(design, seats, seed, lambda: tell("calibrating"))
    traits = traits_of(design, plans, seed)
    charts = []
    for plan, own in zip(plans, traits, strict=True):
        charts.append(_chart(realize(plan, seed), own, design.toxicity, seed))
        tell("simulating patients")
    return charts


def _chart(realized: Realized, traits: Traits, toxicity: Toxicity, seed: int) -> Chart:
    seat = realized.plan.seat
    key = f"S{seat.number:04d}"
    history = history_of(realized, traits, seed)
    patient = patient_row(key, realized, traits, history, seed)
    events, grades = events_of(realized, traits, toxicity, patient["death_cause"], seed)
    return Chart(
        key=key,
        realized=realized,
        patient=patient,
        therapies=tuple(drug.row(realized) for drug in history.drugs),
        assessments=tuple(
            sorted((*realized.assessments, *blood_counts(realized, patient, seed)), key=lambda row: row.day)
        ),
        events=tuple(events),
        responses=tuple(calls_of(realized, seed)),
        truth={**_truth(realized), **_refractory(history), **grades},
    )


def _truth(realized: Realized) -> dict[str, Cell]:
    plan, truth = realized.plan, realized.truth
    pfs, os = progression_free(plan), alive(plan)
    return {
        "plasmacytoma": plan.seat.plasmacytoma,
        "prior_bcma": plan.seat.prior_kind or "none",
        "track": truth.track,
        "best_confirmed": truth.best_confirmed or None,
        "best_reported": truth.best_reported or None,
        "first_response_day": truth.first_response,
        "progression_day": truth.progression,
        "pfs_days": pfs.day,
        "pfs_event": int(pfs.is_event),
        "os_days": os.day,
        "os_event": int(os.is_event),
        "new_therapy_day": realized.new_therapy,
    }


def _refractory(history: History) -> dict[str, Cell]:
    return {
        "prior_lines": history.n_prior_lines,
        "refractory_drugs": "; ".join(history.refractory),
        "penta_refractory": "yes" if len(history.refractory) == len(FIVE) else "no",
    }
