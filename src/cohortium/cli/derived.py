"""One site's derived rows as files for its own eyes: planned first, then written so that only their owner can read them."""

from __future__ import annotations

import datetime as dt
import os
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from cohortium.derivations.derive import SiteFrames, derive
from cohortium.errors import OutputError, Problem, RefusedRequestError, UsageError
from cohortium.governance.ethics import decide_all
from cohortium.intake.read import read_site
from cohortium.study.derive import RuleSection
from cohortium.study.model import Site
from cohortium.study.site_files import site_files
from cohortium.study.study import Study
from cohortium.study.suggest import did_you_mean

FIRST_LINE = "# Patient-level data that stay at the site; written by cohortium derived"
_PRIVATE_FILE, _PRIVATE_DIRECTORY = 0o600, 0o700
WARNING = (
    "These files are about single patients. They stay at the site: do not send them, do not put them into results."
)


@dataclass(frozen=True)
class DerivedPlan:
    """What would be written.

    reads    files of the site, relative to the study directory
    writes   files of `out`; a rule writes a file only for what it makes
    """

    study: str
    site: str
    out: str
    reads: tuple[str, ...]
    writes: tuple[str, ...]


@dataclass(frozen=True)
class DerivedFiles:
    """What was written: files of `out` with their number of rows, and the queries that the site should settle."""

    site: str
    out: str
    files: tuple[tuple[str, int], ...]
    n_errors: int


def plan_derived(study: Study, site_id: str, out: Path, day: dt.date) -> DerivedPlan:
    """The plan for one site.

    Raises
        UsageError: the study has no such site.
        RefusedRequestError: the site's data may not be used on that day.
        OutputError: `out` holds other files, or lies in the study.
    """
    _site(study, site_id)
    decision = decide_all(study, day)[site_id]
    if not decision.allowed:
        raise RefusedRequestError("The site's data may not be used:", [Problem(f"site {site_id}", decision.reason)])
    if out.resolve().is_relative_to(study.directory.resolve()):
        raise OutputError(f"{out} lies in the study, which others see; give a directory outside of it with --out")
    _require_ours(out)
    rules = [section.name for section in study.file.derive if isinstance(section, RuleSection)]
    writes = ("patients.csv", *(f"{name}-*.csv" for name in rules))
    return DerivedPlan(study.file.study.name, site_id, str(out), tuple(site_files(study, site_id).values()), writes)


def _site(study: Study, site_id: str) -> Site:
    sites = {site.id: site for site in study.file.site}
    if site_id not in sites:
        raise UsageError(f"the study has no site {site_id!a} {did_you_mean(site_id, sites)}".rstrip())
    return sites[site_id]


def _require_ours(out: Path) -> None:
    if out.is_symlink() or (out.exists() and not out.is_dir()):
        raise OutputError(f"{out} is there and is no directory; give the name of a directory to make with --out")
    foreign = sorted(path.name for path in out.iterdir() if not _is_ours(path)) if out.exists() else []
    if foreign:
        raise OutputError(
            f"{out} holds {foreign[0]}, which this command did not write; give another directory with --out"
        )


def _is_ours(path: Path) -> bool:
    if path.is_symlink() or not path.is_file():
        return False
    with path.open(encoding="utf-8", errors="replace") as lines:
        return lines.readline().startswith(FIRST_LINE)


def write_derived(study: Study, plan: DerivedPlan) -> DerivedFiles:
    """Read the site's files, derive, and write.

    Raises
        SiteDataError: a file of the site is missing or cannot be read.
        OutputError: a file cannot be written.
    """
    intake = read_site(study, _site(study, plan.site))
    frames, queries = derive(study, intake.frame, plan.site, intake.tables)
    out = Path(plan.out)
    files: list[tuple[str, int]] = []
    try:
        out.mkdir(mode=_PRIVATE_DIRECTORY, parents=True, exist_ok=True)
        for path in out.iterdir():
            if _is_ours(path):
                path.unlink()
        for name, frame in _frames(frames):
            _write_private(out / name, frame)
            files.append((name, frame.height))
    except OSError as error:
        raise OutputError(f"cannot write to {out}: {error.strerror}") from error
    n_errors = sum(query.is_error for query in (*intake.queries, *queries))
    return DerivedFiles(plan.site, plan.out, tuple(files), n_errors)


def _frames(frames: SiteFrames) -> Iterator[tuple[str, pl.DataFrame]]:
    yield "patients.csv", frames.received
    for name, records in frames.made.records.items():
        yield f"{name}-records.csv", records
    for name, listings in frames.made.listings.items():
        for listing, rows in listings.items():
            yield f"{name}-{listing}.csv", rows


def _write_private(path: Path, frame: pl.DataFrame) -> None:
    shown = [name for name in frame.columns if not name.startswith("#")]
    flat = frame.select(
        pl.col(name).cast(pl.List(pl.String)).list.join("; ")
        if isinstance(frame.schema[name], pl.List)
        else pl.col(name)
        for name in shown
    )
    handle, aside = tempfile.mkstemp(dir=path.parent, prefix=".")
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="") as stream:
            stream.write(f"{FIRST_LINE}\n{flat.write_csv()}")
        Path(aside).chmod(_PRIVATE_FILE)
        Path(aside).replace(path)
    finally:
        Path(aside).unlink(missing_ok=True)


def planned_text(plan: DerivedPlan) -> str:
    """The plan for people."""
    lines = [f"Site {plan.site} of {plan.study}", "Reads:", *(f"  {path}" for path in plan.reads)]
    lines += [f"Writes to {plan.out}:", *(f"  {name}" for name in plan.writes)]
    return "\n".join([*lines, WARNING, "Nothing was read or written. Run without --dry-run to do it."])


def derived_text(written: DerivedFiles) -> str:
    """What was written, for people."""
    lines = [f"  {name}  {n_rows} {'row' if n_rows == 1 else 'rows'}" for name, n_rows in written.files]
    count = "1 query" if written.n_errors == 1 else f"{written.n_errors} queries"
    note = [f"{count} must be settled before the study can run: see `cohortium check`"] if written.n_errors else []
    return "\n".join([f"Site {written.site}, in {written.out}:", *lines, *note, WARNING])
