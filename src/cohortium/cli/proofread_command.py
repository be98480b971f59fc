"""`cohortium proofread`: what can be typed."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(rich_markup_mode=None)


@app.command("proofread")
def proofread(
    file: Annotated[Path, typer.Argument(help="Manuscript: Word (.docx), Markdown or plain text in UTF-8.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON for programs; errors too.")] = False,
) -> None:
    """Check the numbers of a manuscript against each other: percentages, p-values, intervals, sums of groups.

    Any text will do; it need not come from a study of this program, and it never leaves the machine. Ends with exit code 0
    when nothing was found and 1 when something was.

    Examples:

    cohortium proofread manuscript.docx

    cohortium proofread abstract.txt --json
    """
    from dataclasses import asdict

    from cohortium.cli.listing import as_json as to_json
    from cohortium.proofreading import proofread as read
    from cohortium.proofreading.blocks import blocks_of

    blocks = blocks_of(file)
    found = read(blocks)
    if as_json:
        print(to_json([asdict(finding) for finding in found]))
    else:
        for finding in found:
            print(finding)
        n_found = "nothing to remark" if not found else f"{len(found)} to look at"
        print(f"{file.name}: {len(blocks)} paragraphs and rows of tables read, {n_found}")
    if found:
        raise typer.Exit(1)
