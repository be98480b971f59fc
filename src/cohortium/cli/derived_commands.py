"""`cohortium derived`: what a site's rows are derived to, for the site's own eyes."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Annotated

import typer


def derived(
    study_directory: Annotated[Path, typer.Argument(help="Study directory with study.toml and dictionary.csv.")],
    site: Annotated[str, typer.Option("--site", help="Id of the site.")],
    out: Annotated[
        Path, typer.Option("--out", help="Directory for the files; it must not be there, or hold only these.")
    ],
    on: Annotated[
        dt.datetime | None,
        typer.Option(
            "--on", formats=["%Y-%m-%d"], help="Day of use, by which the ethics decision is judged; today (UTC)."
        ),
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Print what would be written and do nothing.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON for programs; errors too.")] = False,
) -> None:
    """Write one site's patients with everything that is derived, for the site's own eyes.

    Writes the patients with all derived variables and endpoints, the records of each clinical rule with its explanations,
    and its listings. These are files about single patients: they stay at the site, only their owner can read them, and
    no other command uses them.

    Examples:

    cohortium derived my-study --site site-01 --out site-01-derived

    cohortium derived my-study --site site-01 --out site-01-derived --dry-run
    """
    from dataclasses import asdict

    from cohortium.cli.derived import derived_text, plan_derived, planned_text, write_derived
    from cohortium.cli.listing import as_json as to_json
    from cohortium.study.load import load_study

    study = load_study(study_directory)
    plan = plan_derived(study, site, out, (on or dt.datetime.now(dt.UTC)).date())
    if dry_run:
        print(to_json(asdict(plan)) if as_json else planned_text(plan))
        return
    written = write_derived(study, plan)
    print(to_json({"ok": True, **asdict(written)}) if as_json else derived_text(written))
