"""Seconds from laboratory rows to confirmed responses, on simulated data.

    python benchmarks/derivations.py --patients 10000 --visits 40 --repeats 5

Simulated are a serum M-protein, both free light chains and a urine M-protein at every visit (four rows a visit), in the
order of patients and days and in a random order. The seconds are of whole calls, from the frame of assessments to the
records of all visits and the best response of every patient.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Callable
from functools import partial

import numpy as np
import polars as pl

import cohortium

SEED = 20261201
SERUM, URINE, KAPPA, LAMBDA = "serum-m-protein", "urine-m-protein", "flc-kappa", "flc-lambda"


def simulate(n_patients: int, n_visits: int, seed: int = SEED) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Assessments and patients of a simulated study: the tumor shrinks to a floor, then grows again."""
    rng = np.random.default_rng([seed, n_patients, n_visits])
    visit = np.arange(n_visits)
    kill, growth = rng.gamma(2.0, 0.2, (n_patients, 1)), rng.gamma(1.5, 0.03, (n_patients, 1))
    size = np.exp(-kill * visit) + 0.01 * np.expm1(growth * visit)
    noise = np.exp(rng.normal(0.0, 0.05, (4, n_patients, n_visits)))
    start = rng.gamma(3.0, [[[1.0]], [[250.0]], [[15.0]], [[0.3]]], (4, n_patients, 1))
    shrinks = np.asarray([1.0, 1.0, 1.0, 0.0]).reshape(4, 1, 1)
    values = np.round(start * (shrinks * size + (1 - shrinks)) * noise, 2)
    day = np.where(visit == 0, 0, 28 * visit + rng.integers(-3, 4, (n_patients, n_visits)))
    patient = [f"P{number:06d}" for number in range(n_patients)]
    n_cells = n_patients * n_visits
    frame = pl.DataFrame(
        {
            "patient": pl.Series(patient).gather(np.repeat(np.arange(n_patients), n_visits * 4)),
            "day": np.repeat(day.reshape(-1), 4),
            "quantity": pl.Series([SERUM, URINE, KAPPA, LAMBDA]).gather(np.tile(np.arange(4), n_cells)),
            "value": values.transpose(1, 2, 0).reshape(-1),
        }
    )
    return frame, pl.DataFrame({"patient": patient})


def seconds(call: Callable[[], object], repeats: int) -> tuple[float, float]:
    """The median seconds of a call by the clock and by the processors, after one to warm up."""
    call()
    taken = []
    for _ in range(repeats):
        clock, processors = time.perf_counter(), time.process_time()
        call()
        taken.append((time.perf_counter() - clock, time.process_time() - processors))
    return statistics.median(first for first, _ in taken), statistics.median(second for _, second in taken)


def main() -> None:
    """Print one line for each way to call."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--patients", type=int, default=10_000)
    parser.add_argument("--visits", type=int, default=40)
    parser.add_argument("--repeats", type=int, default=5)
    asked = parser.parse_args()
    frame, patients = simulate(asked.patients, asked.visits)
    mixed = frame.sample(fraction=1.0, shuffle=True, seed=SEED)
    print(
        f"{asked.patients:,} patients x {asked.visits} visits, {frame.height:,} rows, {pl.thread_pool_size()} threads"
    )
    for name, rows in (("rows in order", frame), ("rows in random order", mixed)):
        for explains in (False, True):
            call = partial(cohortium.imwg_response, rows, patients, explain=explains)
            clock, processors = seconds(call, asked.repeats)
            told = "with" if explains else "without"
            print(f"{name}, {told} explanations: {clock:.3f} s ({processors:.3f} s of processor time)")


if __name__ == "__main__":
    main()
