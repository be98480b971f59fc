"""`audit verify` and `audit log`: what can be typed; nothing heavy is imported until a command runs."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated

import typer

from cohortium.errors import AuditError, UsageError

app = typer.Typer(help="Verify and read the audit file of a study.", no_args_is_help=True, rich_markup_mode=None)

StudyDirectory = Annotated[Path, typer.Argument(help="Study directory; its audit file is audit.jsonl.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON for programs; errors too.")]

_HEAD = re.compile(r"[0-9a-f]{64}|none")


@app.command()
def verify(
    study_directory: StudyDirectory,
    head: Annotated[
        str | None,
        typer.Option("--head", help="Audit head as printed in a report, a manifest or by an earlier command."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Verify that the audit file is one unbroken chain. It needs no network and reads no other file.

    Without `--head` an entry that was edited, deleted, inserted or moved is found; with it also a tail that was cut off or
    written anew since that head was printed. Ends with exit code 9 when something is found.

    Examples:

    cohortium audit verify my-study

    cohortium audit verify my-study --head none --json
    """
    from cohortium.cli.listing import as_json as to_json
    from cohortium.governance.audit import AUDIT_FILE
    from cohortium.governance.audit import verify as verify_file

    _require_directory(study_directory)
    if head is not None and not _HEAD.fullmatch(head):
        raise UsageError(f"--head {head!a} is no audit head; expected 64 hexadecimal digits or none")
    found = verify_file(study_directory / AUDIT_FILE, head)
    if isinstance(found, list):
        raise AuditError(f"The audit file {study_directory / AUDIT_FILE} does not verify:", found)
    if as_json:
        print(to_json({"ok": True, "n_entries": found.n_entries, "head": found.head, "n_since": found.n_since}))
        return
    since = "" if found.n_since is None else f", {found.n_since} since the head given"
    entries = "1 entry" if found.n_entries == 1 else f"{found.n_entries} entries"
    print(f"One unbroken chain of {entries}{since}\nAudit head: {found.head}")


@app.command()
def log(study_directory: StudyDirectory, as_json: AsJson = False) -> None:
    """List every entry of the audit file: number, time, person, act, thing, hash and reason.

    Examples:

    cohortium audit log my-study

    cohortium audit log my-study --json
    """
    from cohortium.cli.listing import as_json as to_json
    from cohortium.cli.signing import entry_dict, entry_line
    from cohortium.governance.audit import AUDIT_FILE, read_entries

    _require_directory(study_directory)
    entries = read_entries(study_directory / AUDIT_FILE)
    if as_json:
        print(to_json({"ok": True, "entries": [entry_dict(entry) for entry in entries]}))
        return
    for entry in entries:
        print(entry_line(entry))
    if not entries:
        print("Nothing is recorded.")


def _require_directory(directory: Path) -> None:
    if not directory.is_dir():
        raise UsageError(f"{directory} is no directory; give the study directory")
