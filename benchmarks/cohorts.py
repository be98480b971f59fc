"""Seeded cohorts for the benchmarks: whole-day times, 15 sites, about 60% events, planted coefficients.

Three rows in ten come under observation late, and one event in three is of the second cause; the methods that know
neither take every row from day 0 and every event alike.

The arrays are written as raw little-endian doubles, the covariates column by column, so that every tool,
R included, reads the same bits without a parser in between.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

SEED = 20261122
HORIZON_DAYS = 3000
COLUMNS = ("time", "event", "cause", "entry", "site")
N_SITES = 15
EVENT_SHARE = 0.6
LATE_SHARE = 0.3
SECOND_CAUSE_SHARE = 1 / 3


@dataclass(frozen=True, slots=True)
class Cohort:
    """One simulated cohort.

    time         (n,) whole days, 1 to 3,000
    event        (n,) 1 for an event, 0 for censoring
    cause        (n,) 0 for censoring, 1 or 2 for the cause of the event
    entry        (n,) whole days, 0 or less than time
    site         (n,) 1 to 15
    covariates   (n, p) the first half binary, the rest standard normal; Fortran order
    coefficients (p,) the planted log hazard ratios
    """

    time: Array
    event: Array
    cause: Array
    entry: Array
    site: Array
    covariates: Array
    coefficients: Array

    @property
    def names(self) -> list[str]:
        """Column names of the covariates: x1, x2, ..."""
        return [f"x{j + 1}" for j in range(self.covariates.shape[1])]


def simulate(n_patients: int, n_covariates: int, seed: int = SEED) -> Cohort:
    """Draw a cohort; the same arguments give the same bits.

    Event times are exponential with hazard exp(x beta + site effect), censoring times uniform, both cut at
    the horizon; the baseline hazard is set so that about 60% of the patients have an event.
    """
    rng = np.random.default_rng([seed, n_patients, n_covariates])
    n_binary = n_covariates // 2
    covariates = np.empty((n_patients, n_covariates), order="F")
    covariates[:, :n_binary] = rng.random((n_patients, n_binary)) < np.linspace(0.2, 0.6, n_binary)
    covariates[:, n_binary:] = rng.standard_normal((n_patients, n_covariates - n_binary))
    coefficients = np.round(np.linspace(-0.5, 0.5, n_covariates), 3)
    site = rng.integers(1, N_SITES + 1, n_patients)
    effect = rng.normal(0.0, 0.2, N_SITES)
    log_hazard = covariates @ coefficients + effect[site - 1]
    waiting = rng.standard_exponential(n_patients) * np.exp(-(log_hazard - log_hazard.mean()))
    censoring = np.minimum(rng.uniform(0.05, 1.4, n_patients) * HORIZON_DAYS, HORIZON_DAYS)
    scale = _scale_for_event_share(waiting, censoring)
    time = np.ceil(np.minimum(waiting * scale, censoring)).clip(1, HORIZON_DAYS)
    event = (waiting * scale <= censoring).astype(float)
    # Drawn last, so that the columns before stay the same bits.
    cause = event * (1.0 + (rng.random(n_patients) < SECOND_CAUSE_SHARE))
    entry = np.where(rng.random(n_patients) < LATE_SHARE, np.floor(rng.random(n_patients) * time), 0.0)
    return Cohort(time, event, cause, entry, site.astype(float), covariates, coefficients)


def write(cohort: Cohort, directory: Path) -> None:
    """Write a cohort as raw doubles with a small JSON description beside them."""
    directory.mkdir(parents=True, exist_ok=True)
    for name in COLUMNS:
        getattr(cohort, name).astype("<f8").tofile(directory / f"{name}.f64")
    np.ravel(cohort.covariates, order="F").astype("<f8").tofile(directory / "covariates.f64")
    n_patients, n_covariates = cohort.covariates.shape
    about = {
        "n_patients": n_patients,
        "n_covariates": n_covariates,
        "n_events": int(cohort.event.sum()),
        "n_days": int(np.unique(cohort.time).size),
        "coefficients": cohort.coefficients.tolist(),
    }
    (directory / "cohort.json").write_text(json.dumps(about, indent=1) + "\n", encoding="utf-8")


def read(directory: Path) -> Cohort:
    """Read what `write` wrote."""
    about = json.loads((directory / "cohort.json").read_text(encoding="utf-8"))
    n_patients = int(about["n_patients"])
    covariates = np.fromfile(directory / "covariates.f64", "<f8").reshape((n_patients, -1), order="F")
    columns = {name: np.fromfile(directory / f"{name}.f64", "<f8") for name in COLUMNS}
    return Cohort(**columns, covariates=covariates, coefficients=np.array(about["coefficients"]))


def _scale_for_event_share(waiting: Array, censoring: Array) -> float:
    """Days per unit of waiting time at which the wanted share of patients has an event (bisection)."""
    low, high = 1e-3 * HORIZON_DAYS, 1e3 * HORIZON_DAYS
    for _ in range(60):
        middle = float(np.sqrt(low * high))
        low, high = (middle, high) if np.mean(waiting * middle <= censoring) > EVENT_SHARE else (low, middle)
    return low
