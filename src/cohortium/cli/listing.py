"""Plans, queries and summaries as text and as JSON."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from cohortium.study.later import later_notes

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cohortium.cli.plan import Plan, PlannedSite
    from cohortium.cli.run import Finished
    from cohortium.cli.test_patients import Tested
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


@dataclass(frozen=True)
class Checked:
    """The outcome of a check.

    n_sites   site files that were read
    n_rows    rows of patients in them
    tested    what became of the test patients
    """

    n_sites: int
    n_rows: int
    queries: Sequence[Query]
    refused: Sequence[RefusedSite]
    tested: Tested

    @property
    def n_errors(self) -> int:
        """What must be settled before the study can run."""
        return len(self.tested.problems) + sum(query.is_error for query in self.queries)


def checked_text(study: Study, checked: Checked) -> str:
    """The outcome for people: every refused site, test patient, query and note about the study, then the count."""
    lines = [f"refused: {site.name}: {site.reason}" for site in checked.refused]
    lines += [f"note: {note}" for note in later_notes(study)]
    lines += [f"error: {problem}" for problem in checked.tested.problems]
    lines += [f"{query.severity}: {query}" for query in checked.queries]
    lines += [str(checked.tested)] if checked.tested.n_patients else []
    n_queries = "1 query" if len(checked.queries) == 1 else f"{len(checked.queries)} queries"
    sites_refused = f", {len(checked.refused)} refused" if checked.refused else ""
    n_errors = checked.n_errors
    outcome = "ready to run" if not n_errors else f"{n_errors} to settle before the study can run"
    counted = f"{checked.n_rows} rows from {checked.n_sites} site files, {n_queries}{sites_refused}"
    return "\n".join([*lines, f"{study.file.study.name}: {counted}; {outcome}"])


def checked_json(study: Study, checked: Checked) -> str:
    """The outcome of a check for programs."""
    name = study.file.study.name
    found = {"ok": not checked.n_errors, "study": name, "n_sites": checked.n_sites, "n_rows": checked.n_rows}
    listed = {"queries": [asdict(query) for query in checked.queries], "refused": [asdict(s) for s in checked.refused]}
    tested = {"test_patients": asdict(checked.tested)} if checked.tested.n_patients or checked.tested.problems else {}
    return as_json({**found, **listed, **tested, "notes": later_notes(study)})


def error_json(error: CohortiumError) -> str:
    """An error for programs: family, exit code, message and problems."""
    content = {"ok": False, "family": error.family, "exit_code": error.exit_code, "message": error.message}
    return as_json({**content, "problems": [asdict(problem) for problem in error.problems]})
