"""The main job: from a study directory to results."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cohortium.cli.manifest import ethics_record, manifest
from cohortium.cli.opening import OpenSites, open_sites, refuse_errors
from cohortium.cli.outputs import MANIFEST, require_replaceable, written_aside
from cohortium.cli.test_patients import require_test_patients
from cohortium.comparison.directory import STUDY_FOLDER
from cohortium.consistency import check_outputs
from cohortium.estimators.families import adjusted_rows
from cohortium.estimators.flow import SITE_REFUSED, RefusedSite, refused_rows, refused_sites
from cohortium.estimators.registry import REGISTRY, plan_study
from cohortium.federation.estimate import Estimated, estimate
from cohortium.governance.audit import AUDIT_FILE, head_of
from cohortium.governance.ethics import Period, period_of
from cohortium.manuscript import checklists
from cohortium.manuscript.write import FOLDER, complete_statements, manuscript_files, manuscript_text
from cohortium.report.build import build_report
from cohortium.report.quality import QualityLine
from cohortium.report.render.csv import lines
from cohortium.results import COLUMNS, Results, Statistic

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence
    from pathlib import Path

    from cohortium.cli.progress import Progress
    from cohortium.estimators.contract import Task
    from cohortium.study.families import Family
    from cohortium.study.queries import Query
    from cohortium.study.study import Study

QUERY_COLUMNS = ("site", "file", "line", "key", "variable", "rule", "expected", "severity")


@dataclass(frozen=True)
class Finished:
    """What a run made.

    n_sites  institutions whose data were used
    refused  sites whose data were not, with the reason
    outputs  paths relative to `out`
    """

    study: str
    study_hash: str
    out: Path
    n_sites: int
    n_site_unknown: int
    n_received: int
    n_analyzed: int
    n_statistics: int
    n_notes: int
    rounds: int
    warnings: tuple[str, ...]
    refused: tuple[RefusedSite, ...]
    outputs: tuple[str, ...]


def run_study(study: Study, out: Path, n_processes: int, progress: Progress, day: dt.date) -> Finished:
    """Run a study with the sites whose data may be used on a day, and put its results in place.

    Raises
        StudyFileError: a test patient is not derived as expected.
        RefusedRequestError: no site's data may be used on that day.
        SiteDataError: files are missing or unreadable, or queries must be settled first.
        AuditError: the audit chain is broken.
        OutputError: the results cannot be written, numbers in them do not agree, or `out` holds something else.
    """
    place = require_replaceable(out, study.directory)
    require_test_patients(study)
    audit_head = head_of(study.directory / AUDIT_FILE)
    tasks = plan_study(study)
    progress.stage("reading sites", 1)
    with open_sites(study, tasks, n_processes, day) as sites:
        refuse_errors(sites)
        progress.stage("estimating", len(tasks))
        estimated = estimate(
            tasks, study.hash, sites.transport, lambda rounds, done, _: progress.step(f"round {rounds}", done)
        )
    refused = refused_sites(study, sites.decisions)
    period = period_of(study, day)
    refused_lines = refused_rows(refused, len(study.file.site), str(period))
    results = tabulate(tasks, estimated, refused_lines, study.file.family)
    made = Made(results, estimated.rounds, period, audit_head)
    with written_aside(place) as directory:
        remarks = write_results(study, sites, made, directory, progress)
        outputs = tuple(sorted(path.relative_to(directory).as_posix() for path in directory.rglob("*.*")))
    flow = results.where(method="flow")
    return Finished(
        study=study.file.study.name,
        study_hash=study.hash,
        out=out,
        n_sites=sum(not site.unassigned and sites.decisions[site.id].allowed for site in study.file.site),
        n_site_unknown=int(flow.one(statistic="site-unknown").value or 0),
        n_received=int(flow.one(statistic="received").value or 0),
        n_analyzed=int(flow.one(statistic="analyzed").value or 0),
        n_statistics=len(results),
        n_notes=len(sites.queries),
        rounds=estimated.rounds,
        warnings=(*dict.fromkeys(f"{s.analysis}: {s.warning}" for s in results if _is_caution(s)), *remarks),
        refused=refused,
        outputs=outputs,
    )


def tabulate(
    tasks: Sequence[Task], estimated: Estimated, refused: Sequence[Statistic] = (), families: Sequence[Family] = ()
) -> Results:
    """The results table: the flow of patients, rows of refused sites, all other tasks in order, adjusted p-values."""
    rows: list[Statistic] = []
    for task in tasks:
        rows += REGISTRY[task.method].tabulate(task, estimated.estimates[task.key])
        if task.method == "flow":
            rows += refused
    return Results([*rows, *adjusted_rows(families, rows)])


@dataclass(frozen=True)
class Made:
    """What a run has made.

    rounds      of the estimation
    period      days on which the sites' decisions are these
    audit_head  head of the audit file when the run began
    """

    results: Results
    rounds: int
    period: Period
    audit_head: str


def write_results(study: Study, sites: OpenSites, made: Made, directory: Path, progress: Progress) -> tuple[str, ...]:
    """Write everything but the manifest, hold it against the results table, then write the manifest of it.

    Returns what a copy editor and the proofreader would remark.

    Raises
        OutputError: a number in one output does not agree with the results table.
    """
    frame = made.results.to_frame()
    (directory / "results.csv").write_text(lines([COLUMNS, *frame.iter_rows()]), encoding="utf-8", newline="")
    frame.write_parquet(directory / "results.parquet")
    (directory / "queries.csv").write_text(query_csv(sites.queries), encoding="utf-8", newline="")
    (directory / STUDY_FOLDER).mkdir()
    for name in study.inputs:
        (directory / STUDY_FOLDER / name).write_bytes((study.directory / name).read_bytes())
    progress.stage("tables and figures", len(study.file.table) + len(study.file.figure) + 1)
    build_report(study, made.results, quality(study, sites.queries), directory, progress.step, made.audit_head)
    remarks: tuple[str, ...] = ()
    article = manuscript_text(study.directory)
    if article is not None:
        remarks = write_manuscript(study, made.results, article, directory, progress)
    write_checklists(study, made.results, article or "", directory)
    remarks += check_outputs(study, made.results, directory, article)
    text = manifest(
        study, sites.openings, made.rounds, directory, ethics_record(sites.decisions, made.period), made.audit_head
    )
    (directory / MANIFEST).write_text(text, encoding="utf-8", newline="")
    return remarks


def write_manuscript(study: Study, results: Results, text: str, directory: Path, progress: Progress) -> tuple[str, ...]:
    """Write the manuscript in every form under the results directory; what is remarked is returned."""
    progress.step("manuscript")
    written = manuscript_files(study, results, text, directory)
    (directory / FOLDER).mkdir()
    for name, content in written.files.items():
        (directory / FOLDER / name).write_bytes(content)
    return written.remarks


def write_checklists(study: Study, results: Results, text: str, directory: Path) -> None:
    """Write the STROBE and RECORD checklists under the results directory."""
    (directory / checklists.FOLDER).mkdir()
    for name, content in checklists.checklist_files(study, results, text, complete_statements(study, results)).items():
        (directory / checklists.FOLDER / name).write_bytes(content)


def is_query_csv(text: str) -> bool:
    """Whether a text is a query list that this program wrote."""
    return text.startswith(",".join(QUERY_COLUMNS))


def query_csv(queries: Sequence[Query]) -> str:
    """Queries as CSV for the sites' data managers: place, rule and what was expected; no value."""
    return lines([QUERY_COLUMNS, *([getattr(query, column) for column in QUERY_COLUMNS] for query in queries)])


def quality(study: Study, queries: Sequence[Query]) -> list[QualityLine]:
    """Queries as counts by site, rule and severity."""
    names = {site.id: site.name for site in study.file.site}
    counts = Counter((names.get(query.site, query.site), query.rule, query.severity) for query in queries)
    return [QualityLine(site, rule, severity, count) for (site, rule, severity), count in counts.items()]


def _is_caution(statistic: Statistic) -> bool:
    return bool(statistic.warning) and statistic.warning != "not reached" and statistic.statistic != SITE_REFUSED
