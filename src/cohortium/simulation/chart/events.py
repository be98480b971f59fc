"""Adverse events with the components from which they are graded."""

from __future__ import annotations

from cohortium.simulation.chart.rows import Cell, Row, date_on
from cohortium.simulation.chart.traits import Traits
from cohortium.simulation.course.realize import Realized
from cohortium.simulation.design.model import Toxicity
from cohortium.simulation.draws import Draws

_OXYGEN = ("none", "none", "low-flow", "high-flow", "positive-pressure")
_PRESSORS = ("none", "none", "no-pressor", "one-pressor", "several-pressors")
_ICE = {1: (7, 9), 2: (3, 6), 3: (0, 2), 4: (0, 0)}
_CONSCIOUS = {
    1: ("awake", "spontaneous"),
    2: ("awake", "voice"),
    3: ("voice", "tactile"),
    4: ("unarousable", "unarousable"),
}
_INFECTIONS = {
    ("pneumonia", "lung", "bacterial", ""): 0.17, ("pneumonia", "lung", "unknown", ""): 0.09,
    ("covid-19", "lung", "viral", "SARS-CoV-2"): 0.17, ("upper respiratory infection", "upper airways", "viral", "rhinovirus"): 0.17,
    ("urinary tract infection", "urinary tract", "bacterial", "Escherichia coli"): 0.12, ("sepsis", "blood", "bacterial", ""): 0.10,
    ("cytomegalovirus reactivation", "blood", "viral", "cytomegalovirus"): 0.07, ("influenza", "lung", "viral", "influenza A"): 0.05,
    ("pneumocystis pneumonia", "lung", "fungal", "Pneumocystis jirovecii"): 0.03, ("cellulitis", "skin", "bacterial", ""): 0.03,
}  # fmt: skip
_MILD = {"fatigue": 0.3, "headache": 0.2, "injection site reaction": 0.25, "diarrhea": 0.15, "rash": 0.1}


def events_of(
    realized: Realized, traits: Traits, toxicity: Toxicity, cause: Cell, seed: int
) -> tuple[list[Row], dict[str, Cell]]:
    """Rows of `events`, and the highest grade of each kind (0: none)."""
    draws = Draws(seed, "events", realized.plan.seat.number)
    rows: list[Row] = []
    grades = {"crs_grade": 0, "icans_grade": 0, "infection_grade": 0}
    if traits.crs:
        rows.append(_crs(realized, toxicity, draws, grades))
    if traits.icans:
        rows.append(_icans(realized, draws, grades))
    rows += _infections(realized, toxicity, cause, draws, grades)
    rows += _others(realized, draws)
    return rows, dict(grades)


def _event(realized: Realized, term: str, onset: int, days: int, grade: int, **more: Cell) -> Row:
    last = realized.plan.last_contact
    onset = min(onset, last)
    end = onset + days
    is_fatal = grade == 5
    outcome = "fatal" if is_fatal else "recovered" if end <= last else "ongoing"
    is_over = end <= last or is_fatal
    return {
        "term": term, "onset": date_on(realized, onset), "end": date_on(realized, min(end, last)) if is_over else None,
        "grade": grade, **more, "outcome": outcome,
    }  # fmt: skip


def _crs(realized: Realized, toxicity: Toxicity, draws: Draws, grades: dict[str, int]) -> Row:
    grade = draws.integer(3, 4) if draws.chance(toxicity.crs_severe) else draws.pick({1: 0.72, 2: 0.28})
    low_pressure, low_oxygen = draws.pick({(True, False): 0.4, (False, True): 0.4, (True, True): 0.2})
    grades["crs_grade"] = grade
    return _event(
        realized, "crs", draws.integer(1, 8), draws.integer(1, 4), grade,
        temperature=round(draws.uniform(38.0, 40.4), 1),
        hypotension=_PRESSORS[grade] if low_pressure else _PRESSORS[max(grade - 1, 1)],
        oxygen=_OXYGEN[grade] if low_oxygen or not low_pressure else "none",
        tocilizumab="yes" if draws.chance(0.35 + 0.2 * grade) else "no",
        corticosteroids="yes" if draws.chance(0.1 + 0.15 * grade) else "no",
        hospitalized="yes", attributed="yes",
    )  # fmt: skip


def _icans(realized: Realized, draws: Draws, grades: dict[str, int]) -> Row:
    grade = draws.pick({1: 0.5, 2: 0.28, 3: 0.17, 4: 0.05})
    grades["icans_grade"] = grade
    return _event(
        realized, "icans", draws.integer(2, 12), draws.integer(1, 6), grade,
        ice=draws.integer(*_ICE[grade]),
        consciousness=_CONSCIOUS[grade][draws.integer(0, 1)],
        seizure="resolved" if grade == 3 and draws.chance(0.3) else "none",
        motor="none", edema="none", tocilizumab="no",
        corticosteroids="yes" if grade > 1 or draws.chance(0.4) else "no",
        hospitalized="yes", attributed="yes",
    )  # fmt: skip


def _infections(realized: Realized, toxicity: Toxicity, cause: Cell, draws: Draws, grades: dict[str, int]) -> list[Row]:
    last = realized.plan.last_contact
    n = draws.pick({1: 0.6, 2: 0.28, 3: 0.12}) if draws.chance(toxicity.infection) else 0
    rows = []
    for _ in range(n):
        severe = draws.chance(toxicity.infection_severe)
        grade = draws.pick({3: 0.9, 4: 0.1}) if severe else draws.pick({1: 0.2, 2: 0.8})
        rows.append(_infection(realized, draws.integer(3, max(last - 1, 4)), draws.integer(5, 25), grade, draws))
        grades["infection_grade"] = max(grades["infection_grade"], grade)
    if cause == "infection":
        rows.append(_infection(realized, max(last - draws.integer(1, 12), 0), 12, 5, draws))
        grades["infection_grade"] = 5
    return rows


def _infection(realized: Realized, onset: int, days: int, grade: int, draws: Draws) -> Row:
    term, place, kind, organism = draws.pick(_INFECTIONS)
    treatment = {1: "local", 2: "oral", 3: "intravenous", 4: "urgent", 5: "urgent"}[grade]
    return _event(
        realized, term, onset, days, grade, intervention=treatment, infection_class=kind, organism=organism,
        infection_site=place, hospitalized="yes" if grade >= 3 else "no", attributed="yes",
    )  # fmt: skip


def _others(realized: Realized, draws: Draws) -> list[Row]:
    last = realized.plan.last_contact
    rows = [
        _event(
            realized,
            draws.pick(_MILD),
            draws.integer(1, max(last - 1, 2)),
            draws.integer(2, 30),
            draws.pick({1: 0.7, 2: 0.28, 3: 0.02}),
        )
        for _ in range(draws.pick({0: 0.45, 1: 0.35, 2: 0.2}))
    ]
    if draws.chance(0.03):
        rows.append(
            _event(
                realized, "gastrointestinal hemorrhage", draws.integer(10, max(last - 1, 11)), 4, draws.integer(2, 3)
            )
        )
    if draws.chance(0.015) and last > 120:
        rows.append(_event(realized, "squamous cell carcinoma of skin", draws.integer(100, last - 1), 30, 2))
    return rows
