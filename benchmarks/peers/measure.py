"""What every Python peer does: read the cohort, warm up, time the fit, note the memory, write JSON.

A peer gives one function per method; it takes nothing (the frames are built before) and returns the
estimates under the names that `run.py` compares: `coefficients`, `standard_errors`, `log_likelihood`,
`statistic`, `survival` and `incidence` (group to curve on the days 0 to 3,000), `concordance`,
`bootstrap_errors` (standard deviations of the replicates, which differ from tool to tool by chance).
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from cohorts import HORIZON_DAYS, Array, Cohort, read

if TYPE_CHECKING:
    from numpy.typing import NDArray

Fit = Callable[[], Mapping[str, Any]]
REPLICATES = 1000
SLOW_SECONDS, VERY_SLOW_SECONDS = 5.0, 60.0


def main(version: str, prepare: Callable[[Cohort, str], Fit | None]) -> None:
    """Run one method of one peer: `peer.py DATA_DIRECTORY METHOD REPEATS OUTPUT`."""
    directory, method, repeats, output = sys.argv[1:5]
    fit = prepare(read(Path(directory)), method)
    record: dict[str, Any] = {"version": version}
    if fit is not None:
        record |= measure(fit, int(repeats))
    Path(output).write_text(json.dumps(record), encoding="utf-8")


def measure(fit: Fit, repeats: int) -> dict[str, Any]:
    """Seconds and processor seconds of all threads (medians after a warm-up), memory in MB, the estimates of one fit."""
    baseline = _status("VmRSS")
    _reset_peak()
    start = time.perf_counter()
    estimates = fit()
    warm_up = time.perf_counter() - start
    peak = _status("VmHWM")
    repeats = 1 if warm_up > VERY_SLOW_SECONDS else min(repeats, 3) if warm_up > SLOW_SECONDS else repeats
    seconds, cpu_seconds = [], []
    for _ in range(repeats):
        start, cpu_start = time.perf_counter(), time.process_time()
        fit()
        seconds.append(time.perf_counter() - start)
        cpu_seconds.append(time.process_time() - cpu_start)
    return {
        "seconds": float(np.median(seconds)),
        "cpu_seconds": float(np.median(cpu_seconds)),
        "warm_up_seconds": warm_up,
        "repeats": repeats,
        "baseline_mb": baseline,
        "peak_mb": peak,
        "estimates": dict(estimates),
    }


def resampled(n: int) -> Iterator[NDArray[np.int64]]:
    """Positions of the rows of each bootstrap replicate."""
    generator = np.random.default_rng(1)
    return (generator.integers(0, n, n) for _ in range(REPLICATES))


def on_days(time: Array, curve: Array, start: float = 1.0) -> list[float]:
    """A curve (steps at `time`, ascending) read off on the days 0 to 3,000."""
    index = np.searchsorted(time, np.arange(HORIZON_DAYS + 1), side="right")
    return [float(value) for value in np.concatenate([[start], curve])[index]]


def _status(field: str) -> float | None:
    """A memory field of this process in MB; None where the system has no /proc."""
    try:
        lines = Path("/proc/self/status").read_text(encoding="utf-8").splitlines()
    except OSError:
        return None
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith(f"{field}:")), None)


def _reset_peak() -> None:
    """Start the high-water mark anew; where that is not allowed, loading the data counts as well."""
    try:
        Path("/proc/self/clear_refs").write_text("5", encoding="utf-8")
    except OSError:
        return
