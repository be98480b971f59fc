"""`cohortium archive`: what can be typed."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(rich_markup_mode=None)


@app.command("archive")
def archive(
    results: Annotated[Path, typer.Argument(help="Results directory that `cohortium run` wrote.")],
    out: Annotated[Path, typer.Option("--out", help="Archive to write, a .zip; an existing file is never replaced.")],
    with_single_patients: Annotated[
        bool,
        typer.Option(
            "--with-single-patients", help="Keep the data of figures that draw a bar a patient: a line a patient."
        ),
    ] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="List what would be in it and write nothing.")] = False,
) -> None:
    """Pack the results for a journal's reviewers: results table, tables, figures with their data, study file, hashes.

    No row of a patient is in it: neither site files nor the list of queries, nor the data of figures that draw a bar a
    patient. Every file is compared with the manifest first;
    one that was changed since the run is an error. The same results give the same archive, byte for byte.

    Examples:

    cohortium archive my-study/results --out my-study-results.zip

    cohortium archive my-study/results --out my-study-results.zip --dry-run
    """
    from cohortium.cli.archive import archive_bytes, archive_contents, write_archive

    contents = archive_contents(results, with_single_patients=with_single_patients)
    if dry_run:
        for name in contents:
            print(name)
        return
    digest = write_archive(out, archive_bytes(contents))
    print(f"{out}: {len(contents)} files, SHA-256 {digest}")
