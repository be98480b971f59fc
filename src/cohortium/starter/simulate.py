"""Simulated patients of the starter study: no patient, no real site; the same at every call.

Times to progression and death are exponential, with hazards that depend on performance status and LDH.
"""

from __future__ import annotations

import datetime as dt
import io
import math
import random
from collections.abc import Mapping, Sequence
from csv import writer

SIMULATED_FILE = "simulated-patients.csv"
FIRST_LINE = "# SIMULATED DATA: made by a random number generator. No patient, no institution. Replace with your own."

_SEED = 20261122
_SITES: Mapping[str, int] = {"site-01": 44, "site-02": 40, "site-03": 36}
_CUTOFF = dt.date(2025, 6, 30)
_FIRST_DAY = dt.date(2022, 1, 10)
_ENROLLMENT_DAYS = 1000
_HEADER = (
    "patient_id",
    "age",
    "sex",
    "ecog",
    "prior_lines",
    "albumin",
    "ldh",
    "first_dose",
    "progression_date",
    "death_date",
    "last_contact",
)


def simulated_files() -> Mapping[str, bytes]:
    """One CSV file a site by its path in the study directory; the first line says that the data are simulated."""
    # Only random() is used: its sequence for a seed is the same in every version of Python.
    draws = random.Random(_SEED)  # noqa: S311 - no secret depends on it
    files = {}
    for number, (site, n_patients) in enumerate(_SITES.items(), start=1):
        rows = [_patient(f"S{number}-{i:03d}", draws) for i in range(1, n_patients + 1)]
        files[f"sites/{site}/{SIMULATED_FILE}"] = _csv(rows)
    return files


def _csv(rows: Sequence[Sequence[str]]) -> bytes:
    text = io.StringIO()
    text.write(f"{FIRST_LINE}\n")
    lines = writer(text, lineterminator="\n")
    lines.writerow(_HEADER)
    lines.writerows(rows)
    return text.getvalue().encode()


def _patient(key: str, draws: random.Random) -> tuple[str, ...]:
    age = round(66 + 10 * _normal(draws))
    sex = "1" if draws.random() < 0.55 else "2"
    ecog = _pick(draws, (0.35, 0.45, 0.20))
    prior_lines = 1 + _pick(draws, (0.3, 0.3, 0.2, 0.1, 0.1))
    albumin = 38 + 5 * _normal(draws)
    ldh = round(math.exp(5.4 + 0.35 * _normal(draws)))
    hazard = math.exp(0.45 * ecog + 0.5 * (ldh > 250))
    dates = _course(hazard, draws)
    # A few patients were registered and never treated; a few laboratory values are not recorded.
    if draws.random() < 0.03:
        dates = ("", "", "", "")
    ldh_cell = "" if draws.random() < 0.05 else str(ldh)
    albumin_cell = "" if draws.random() < 0.05 else f"{min(max(albumin, 20), 55):.1f}"
    baseline = (str(min(max(age, 30), 92)), sex, str(ecog), str(prior_lines), albumin_cell, ldh_cell)
    return (key, *baseline, *dates)


def _course(hazard: float, draws: random.Random) -> tuple[str, str, str, str]:
    """First dose, progression, death and last contact, as far as seen by the data cut-off."""
    first_dose = _FIRST_DAY + dt.timedelta(days=int(_ENROLLMENT_DAYS * draws.random()))
    progression = 1 + round(_exponential(draws, 900 / hazard))
    death = 1 + round(_exponential(draws, 1800 / hazard))
    is_lost = draws.random() < 0.1
    seen_until = round((_CUTOFF - first_dose).days * (draws.random() if is_lost else 1 - 0.1 * draws.random()))
    last = min(seen_until, death)

    def day(days: int, *, happened: bool) -> str:
        return (first_dose + dt.timedelta(days=days)).isoformat() if happened else ""

    return (
        first_dose.isoformat(),
        day(progression, happened=progression <= last and progression < death),
        day(death, happened=death <= seen_until),
        day(last, happened=True),
    )


def _normal(draws: random.Random) -> float:
    """Box-Muller."""
    return math.sqrt(-2 * math.log(1 - draws.random())) * math.cos(2 * math.pi * draws.random())


def _exponential(draws: random.Random, mean: float) -> float:
    return -mean * math.log(1 - draws.random())


def _pick(draws: random.Random, probabilities: Sequence[float]) -> int:
    """Position drawn with the given probabilities."""
    u = draws.random()
    for position, probability in enumerate(probabilities):
        u -= probability
        if u < 0:
            return position
    return len(probabilities) - 1
