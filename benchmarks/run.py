"""Compare Cohortium with R survival and cmprsk, lifelines, scikit-survival and statsmodels in one run.

Each peer runs each method in its own process on the same bits, once to warm up and then several times.
Printed are the seconds of the fit from arrays in memory and the processor seconds of all its threads, which other
work on the machine disturbs less, the ratios to Cohortium, the memory the fit added to the process at its peak,
and the largest difference from Cohortium's estimates.

    python benchmarks/run.py --sizes 500x10 100000x10 --methods cox logrank --peers R lifelines
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import cohorts

HERE = Path(__file__).resolve().parent
CURVES = ("kaplan-meier", "logrank")
COX = ("cox", "cox-strata", "cox-start-stop")
SURVIVAL = (*CURVES, *COX, "cumulative-incidence", "fine-gray", "concordance", "bootstrap")
METHODS = (*SURVIVAL, "logistic", "baseline")
OURS = "cohortium"


class Peer(NamedTuple):
    """A tool: how it is started, and the methods it has."""

    script: str
    methods: tuple[str, ...]
    entry: str = ""


PEERS: Mapping[str, Peer] = {
    OURS: Peer("cohortium_peer.py", METHODS),
    "R": Peer("survival.R", (*SURVIVAL, "logistic"), entry="formula"),
    "R-fit": Peer("survival.R", (*COX, "bootstrap"), entry="fit"),
    "cmprsk": Peer("cmprsk.R", ("cumulative-incidence", "fine-gray")),
    "lifelines": Peer("lifelines_peer.py", (*CURVES, *COX, "cumulative-incidence", "concordance", "bootstrap")),
    "scikit-survival": Peer("sksurv_peer.py", (*CURVES, "cox", "cumulative-incidence", "concordance", "bootstrap")),
    "statsmodels": Peer("statsmodels_peer.py", (*CURVES, *COX, "logistic")),
    "scikit-learn": Peer("sklearn_peer.py", ("logistic",)),
    "tableone": Peer("tableone_peer.py", ("baseline",)),
}


class Options(NamedTuple):
    """The command line."""

    sizes: list[tuple[int, int]]
    methods: list[str]
    peers: list[str]
    repeats: int
    timeout: float
    out: Path


def main() -> int:
    """Run the comparison, print one table a size and write everything as JSON."""
    options = _options(sys.argv[1:])
    report: dict[str, Any] = {"machine": _machine(), "sizes": {}}
    failed = False
    for n_patients, n_covariates in options.sizes:
        size = f"{n_patients}x{n_covariates}"
        directory = HERE / "data" / size
        if not all((directory / f"{name}.f64").exists() for name in ("covariates", *cohorts.COLUMNS)):
            cohorts.write(cohorts.simulate(n_patients, n_covariates), directory)
        about = json.loads((directory / "cohort.json").read_text(encoding="utf-8"))
        print(
            f"\n## {n_patients:,} patients x {n_covariates} covariates "
            f"({about['n_events']:,} events on {about['n_days']:,} days, {n_patients * n_covariates * 8 / 1e6:.1f} MB)\n"
        )
        print(_line(["method", "tool", "seconds", "ratio", "CPU seconds", "ratio", "peak MB", "largest difference"]))
        print(_line(["---"] * 8))
        report["sizes"][size] = {}
        for method in options.methods:
            records = _compare(directory, method, options)
            report["sizes"][size][method] = records
            failed = failed or "error" in records[OURS]
    options.out.parent.mkdir(parents=True, exist_ok=True)
    options.out.write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")
    print(f"\nWritten: {options.out}")
    return 1 if failed else 0


def _compare(directory: Path, method: str, options: Options) -> dict[str, dict[str, Any]]:
    """Run one method with every peer that has it; print a line as soon as each is known."""
    records: dict[str, dict[str, Any]] = {}
    for name in dict.fromkeys([OURS, *options.peers]):
        if method not in PEERS[name].methods:
            continue
        records[name] = _run(PEERS[name], directory, method, options)
        ours = records[OURS]
        record = records[name]
        if "seconds" in record and "seconds" in ours:
            record["ratio"] = record["seconds"] / ours["seconds"]
            record["cpu_ratio"] = record["cpu_seconds"] / ours["cpu_seconds"]
            record["differences"] = differences(ours["estimates"], record["estimates"])
        print(_line(_cells(method, name, record)), flush=True)
    for record in records.values():
        for curves in ("survival", "incidence"):
            record.get("estimates", {}).pop(curves, None)
    return records


def _run(peer: Peer, directory: Path, method: str, options: Options) -> dict[str, Any]:
    """The record of one peer's process; `error` says why there is none."""
    with tempfile.TemporaryDirectory() as scratch:
        output = Path(scratch) / "record.json"
        interpreter = ["Rscript"] if peer.script.endswith(".R") else [sys.executable]
        arguments = [str(HERE / "peers" / peer.script), str(directory), method, str(options.repeats), str(output)]
        command = [*interpreter, *arguments, *([peer.entry] if peer.entry else [])]
        paths = os.pathsep.join([str(HERE), *filter(None, [os.environ.get("PYTHONPATH")])])
        environment = {**os.environ, "PYTHONPATH": paths}
        try:
            done = subprocess.run(
                command, capture_output=True, text=True, timeout=options.timeout, check=False, env=environment
            )
        except subprocess.TimeoutExpired:
            return {"error": f"more than {options.timeout:.0f} s"}
        if done.returncode != 0:
            last = (done.stderr.strip().splitlines() or ["no message"])[-1]
            return {"error": f"exit {done.returncode}: {last}"}
        record: dict[str, Any] = json.loads(output.read_text(encoding="utf-8"))
        return record


def differences(ours: Mapping[str, Any], theirs: Mapping[str, Any]) -> dict[str, float]:
    """Largest absolute difference of each kind of estimate that both have."""
    return {kind: _largest(ours[kind], theirs[kind]) for kind in theirs if kind in ours}


def _largest(first: Any, second: Any) -> float:
    if isinstance(first, Mapping):
        return max(_largest(first[key], second[key]) for key in first)
    if isinstance(first, Sequence):
        return max(abs(a - b) for a, b in zip(first, second, strict=True))
    return float(abs(first - second))


def _cells(method: str, name: str, record: Mapping[str, Any]) -> list[str]:
    if "error" in record:
        return [method, name, record["error"], *[""] * 5]
    memory = ""
    if record.get("peak_mb") is not None:
        memory = f"+{record['peak_mb'] - record['baseline_mb']:.0f}"
    found = record.get("differences", {})
    agreement = "" if name == OURS else ", ".join(f"{kind} {value:.1e}" for kind, value in found.items())
    ratio, cpu_ratio = (f"{record[key]:.1f}" if key in record else "" for key in ("ratio", "cpu_ratio"))
    seconds, cpu_seconds = (f"{record[key]:.4f}" for key in ("seconds", "cpu_seconds"))
    return [method, f"{name} {record['version']}", seconds, ratio, cpu_seconds, cpu_ratio, memory, agreement]


def _line(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cells) + " |"


def _machine() -> dict[str, Any]:
    return {"platform": platform.platform(), "python": platform.python_version(), "cpus": os.cpu_count()}


def _size(text: str) -> tuple[int, int]:
    n_patients, n_covariates = text.lower().split("x")
    return int(n_patients), int(n_covariates)


def _options(arguments: Sequence[str]) -> Options:
    parser = argparse.ArgumentParser(description="Compare speed, memory and results with other packages.")
    parser.add_argument("--sizes", nargs="+", type=_size, default=[(500, 10)], help="patients x covariates: 500x10")
    parser.add_argument("--methods", nargs="+", choices=METHODS, default=list(METHODS))
    parser.add_argument("--peers", nargs="+", choices=list(PEERS), default=list(PEERS))
    parser.add_argument("--repeats", type=int, default=5, help="timed runs after the warm-up; fewer when slow")
    parser.add_argument("--timeout", type=float, default=900, help="seconds after which a peer is given up")
    parser.add_argument("--out", type=Path, default=HERE / "data" / "benchmark.json")
    options = parser.parse_args(arguments)
    peers = options.peers
    if shutil.which("Rscript") is None:
        print("Rscript is not on the path: R is left out.")
        peers = [name for name in peers if not PEERS[name].script.endswith(".R")]
    return Options(options.sizes, options.methods, peers, options.repeats, options.timeout, options.out)


if __name__ == "__main__":
    sys.exit(main())
