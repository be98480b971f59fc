"""Plans, queries and summaries as text and as JSON."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from cohortium.study.later import later_notes

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cohortium.cli.plan import Plan, PlannedSite
    from cohortium.cli.run import Finished
    from cohortium.errors import CohortiumError
    from cohortium.estimators.flow import RefusedSite
    from cohortium.study.queries import Query
    from cohortium.study.study import Study


def as_json(content: Any) -> str:
    """JSON with sorted keys, for programs."""
    return json.dumps(content, indent=2, sort_keys=True, default=str)


def plan_text(plan: Plan) -> str:
    """The plan for people."""
    lines = [f"Study {plan.study} (hash {plan.study_hash[:12]})", "", f"Sites ({len(plan.sites)}):"]
    lines += [_planned_site(site) for site in plan.sites]
    lines += ["", f"Analyses ({len(plan.analyses)}):"]
    lines += [f"  {a.name}  {a.method}, {a.n_fits} {'fit' if a.n_fits == 1 else 'fits'}" for a in plan.analyses]
    lines += ["", f"Outputs in {plan.out}:"]
    lines += [f"  {path}" for path in plan.outputs]
    return "\n".join([*lines, "", "Nothing was read or written. Run without --dry-run to do it."])


def _planned_site(site: PlannedSite) -> str:
    if site.refused:
        return f"  {site.id}  REFUSED, its file will not be read: {site.refused}"
    files = [(site.file, site.present), *((more.file, more.present) for more in site.more)]
    return "\n".join(f"  {site.id}  {file}{'' if present else '  MISSING'}" for file, present in files)


def finished_text(done: Finished) -> str:
    """The summary of a run for people."""
    patients = f"{done.n_analyzed} of {done.n_received} patients from {done.n_sites} {'site' if done.n_sites == 1 else 'sites'}"
    unknown = f" ({done.n_site_unknown} without institution)" if done.n_site_unknown else ""
    rounds = "1 round" if done.rounds == 1 else f"{done.rounds} rounds"
    lines = [f"{done.study}: {patients}{unknown}, {done.n_statistics} statistics in {rounds}"]
    lines += _refused_lines(done.refused)
    lines += [f"  note: {warning}" for warning in done.warnings]
    if done.n_notes:
        n_notes = "1 note" if done.n_notes == 1 else f"{done.n_notes} notes"
        lines.append(f"  {n_notes} about the data: {done.out / 'queries.csv'}")
    return "\n".join([*lines, f"Report: {done.out / 'report.html'}"])


def _refused_lines(refused: Sequence[RefusedSite]) -> list[str]:
    count = "1 site" if len(refused) == 1 else f"{len(refused)} sites"
    head = [f"  {count} refused; none of their data was read:"] if refused else []
    return [*head, *(f"    {site.name}: {site.reason}" for site in refused)]


def finished_json(done: Finished) -> str:
    """The summary of a run for programs."""
    return as_json({"ok": True, **asdict(done)})


def checked_text(
    study: Study, n_sites: int, n_rows: int, queries: Sequence[Query], refused: Sequence[RefusedSite]
) -> str:
    """The outcome of a check for people: every refused site, query and note about the study, then the count."""
    lines = [f"refused: {site.name}: {site.reason}" for site in refused]
    lines += [f"note: {note}" for note in later_notes(study)]
    lines += [f"{query.severity}: {query}" for query in queries]
    n_errors = sum(query.is_error for query in queries)
    n_queries = "1 query" if len(queries) == 1 else f"{len(queries)} queries"
    sites_refused = f", {len(refused)} refused" if refused else ""
    outcome = "ready to run" if not n_errors else f"{n_errors} to settle before the study can run"
    return "\n".join(
        [
            *lines,
            f"{study.file.study.name}: {n_rows} rows from {n_sites} site files, {n_queries}{sites_refused}; {outcome}",
        ]
    )


def checked_json(
    study: Study, n_sites: int, n_rows: int, queries: Sequence[Query], refused: Sequence[RefusedSite]
) -> str:
    """The outcome of a check for programs."""
    is_ready = not any(query.is_error for query in queries)
    found = {"ok": is_ready, "study": study.file.study.name, "n_sites": n_sites, "n_rows": n_rows}
    listed = {"queries": [asdict(query) for query in queries], "refused": [asdict(site) for site in refused]}
    return as_json({**found, **listed, "notes": later_notes(study)})


def error_json(error: CohortiumError) -> str:
    """An error for programs: family, exit code, message and problems."""
    content = {"ok": False, "family": error.family, "exit_code": error.exit_code, "message": error.message}
    return as_json({**content, "problems": [asdict(problem) for problem in error.problems]})
