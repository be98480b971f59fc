"""Run whole example studies as processes and print what each run costs, beside what it may cost.

User and system seconds are those of all threads, on one processor, one thread for each library; other work on the
machine disturbs them less than the clock, but does disturb them: the least of several runs is closest to the program's
own. One run before them is not counted: it compiles modules that are not compiled yet.

    python benchmarks/studies.py --repeats 3
"""

from __future__ import annotations

import argparse
import hashlib
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

EXAMPLES = Path(__file__).resolve().parent.parent / "examples"
PROGRAM = (sys.executable, "-c", "from cohortium.cli import main; main()")
THREADS = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "POLARS_MAX_THREADS"), "1")
REPORT_MB = 3.0


class Job(NamedTuple):
    """A command, and the processor seconds it may need; None where there is no target."""

    name: str
    arguments: tuple[str, ...]
    target: float | None


class Cost(NamedTuple):
    """What one run needed."""

    cpu_seconds: float
    seconds: float
    peak_mb: float


JOBS = (
    Job("--help", ("--help",), 0.5),
    Job("ncctg-lung", ("run", str(EXAMPLES / "ncctg-lung")), 6.0),
    Job("mgus2-competing", ("run", str(EXAMPLES / "mgus2-competing")), None),
    Job("teclistamab-plasmacytoma", ("run", str(EXAMPLES / "teclistamab-plasmacytoma")), 20.0),
)


def main() -> int:
    """Print one line a command; 1 when a target is missed or two runs differ."""
    parser = argparse.ArgumentParser(description="Measure runs of the whole example studies.")
    parser.add_argument("--repeats", type=int, default=3, help="runs that are counted, after one that is not")
    parser.add_argument("--only", nargs="+", choices=[job.name for job in JOBS], default=[job.name for job in JOBS])
    options = parser.parse_args()
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    print("| command | CPU seconds, least | median | at most | seconds, median | peak MB | report MB | same bytes |")
    print("|---|---|---|---|---|---|---|---|")
    kept = [_measured(job, options.repeats) for job in JOBS if job.name in options.only]
    return 0 if all(kept) else 1


def _measured(job: Job, repeats: int) -> bool:
    """Run a command several times and print its line; whether it keeps its targets."""
    costs, contents, report_mb = [], set(), None
    for _ in range(repeats + 1):
        with tempfile.TemporaryDirectory() as scratch:
            out = Path(scratch) / "results"
            costs.append(_cost([*PROGRAM, *job.arguments, *(["--out", str(out)] if job.arguments[0] == "run" else [])]))
            if out.exists():
                contents.add(_digest(out))
                report_mb = (out / "report.html").stat().st_size / 1e6
    counted = sorted(costs[1:])
    least, median = counted[0], counted[len(counted) // 2]
    print(
        f"| {job.name} | {least.cpu_seconds:.2f} | {median.cpu_seconds:.2f} | {job.target or ''} "
        f"| {sorted(cost.seconds for cost in counted)[len(counted) // 2]:.2f} "
        f"| {max(cost.peak_mb for cost in counted):.0f} | {'' if report_mb is None else f'{report_mb:.2f}'} "
        f"| {('yes' if len(contents) == 1 else 'NO') if contents else ''} |",
        flush=True,
    )
    in_time = job.target is None or least.cpu_seconds <= job.target
    return in_time and len(contents) <= 1 and (report_mb or 0.0) <= REPORT_MB


def _cost(command: list[str]) -> Cost:
    """What a process needs from its start to its end."""
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    started = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, env={**kept, **THREADS})
    assert process.stderr is not None
    message = process.stderr.read().decode()
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{' '.join(command)} ended with {process.returncode}:\n{message}")
    per_mb = 1e6 if sys.platform == "darwin" else 1e6 / 1024
    return Cost(used.ru_utime + used.ru_stime, time.perf_counter() - started, used.ru_maxrss / per_mb)


def _digest(directory: Path) -> str:
    """The bytes of every file under a directory, as one hash."""
    total = hashlib.sha256()
    for path in sorted(directory.rglob("*")):
        if path.is_file():
            total.update(path.relative_to(directory).as_posix().encode() + b"\0" + path.read_bytes())
    return total.hexdigest()


if __name__ == "__main__":
    sys.exit(main())
