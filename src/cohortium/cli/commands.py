"""What can be typed; nothing heavy is imported until a command runs."""

from __future__ import annotations

import datetime as dt
import gc
import sys
from pathlib import Path
from typing import Annotated

import typer

from cohortium.cli import audit_commands, sign_commands
from cohortium.cli.archive_command import app as archive_app
from cohortium.cli.derived_commands import derived
from cohortium.cli.diff_command import app as diff_app
from cohortium.cli.manuscript_command import app as manuscript_app
from cohortium.cli.people_commands import app as people_app
from cohortium.cli.proofread_command import app as proofread_app
from cohortium.cli.simulate_command import simulate
from cohortium.cli.status_commands import app as status_app
from cohortium.cli.text_commands import app as text_app
from cohortium.cli.text_commands import people_import

app = typer.Typer(
    name="cohortium",
    help="Run a multi-institution retrospective clinical study, from site data to report.",
    epilog="Start: `cohortium new my-study`, then `cohortium run my-study`.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)

StudyDirectory = Annotated[Path, typer.Argument(help="Study directory with study.toml and dictionary.csv.")]
OnDay = Annotated[
    dt.datetime | None,
    typer.Option("--on", formats=["%Y-%m-%d"], help="Day of use, by which ethics decisions are judged; today (UTC)."),
]
_OBJECTS_BETWEEN_COLLECTIONS = 50_000
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON for programs; errors too.")]


def run_app() -> None:
    """Run the command line; every error ends in one message and an exit code, and none shows a value."""
    from cohortium.cli.ending import ending_well

    # Each full collection walks all objects of the libraries, a twentieth of a run; few cycles are left behind.
    gc.set_threshold(_OBJECTS_BETWEEN_COLLECTIONS)
    with ending_well(as_json="--json" in sys.argv):
        app()


def _print_version(wanted: bool) -> None:
    if wanted:
        from cohortium import __version__

        print(f"cohortium {__version__}")
        raise typer.Exit


@app.callback()
def _options(
    _version: Annotated[
        bool, typer.Option("--version", help="Print the version.", callback=_print_version, is_eager=True)
    ] = False,
) -> None:
    pass


def day_of_use(on: dt.datetime | None) -> dt.date:
    """The day given with `--on`, else today in UTC."""
    return (on or dt.datetime.now(dt.UTC)).date()


@app.command()
def run(
    study_directory: StudyDirectory,
    out: Annotated[
        Path | None, typer.Option("--out", help="Results directory; `results` in the study directory when not given.")
    ] = None,
    processes: Annotated[
        int, typer.Option("--processes", min=1, max=64, help="Processes that hold the sites; 1 keeps all in this one.")
    ] = 1,
    on: OnDay = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Print the plan and do nothing.")] = False,
    as_json: AsJson = False,
) -> None:
    """Run a study: check, derive, estimate, and write results and report.

    Examples:

    cohortium run my-study

    cohortium run my-study --dry-run

    cohortium run my-study --on 2025-03-01

    cohortium run my-study --out /tmp/results --processes 4 --json
    """
    from cohortium.cli.listing import as_json as to_json
    from cohortium.cli.listing import finished_json, finished_text, plan_text
    from cohortium.study.load import load_study

    study = load_study(study_directory)
    directory = out or study_directory / "results"
    if dry_run:
        from dataclasses import asdict

        from cohortium.cli.outputs import require_replaceable
        from cohortium.cli.plan import plan_run
        from cohortium.estimators.registry import plan_study
        from cohortium.governance.ethics import decide_all

        require_replaceable(directory, study.directory)
        plan = plan_run(study, plan_study(study), directory, decide_all(study, day_of_use(on)))
        print(to_json(asdict(plan)) if as_json else plan_text(plan))
        return
    from cohortium.cli.progress import progress_bar
    from cohortium.cli.run import run_study

    with progress_bar() as progress:
        done = run_study(study, directory, processes, progress, day_of_use(on))
    print(finished_json(done) if as_json else finished_text(done))


@app.command()
def check(
    study_directory: StudyDirectory,
    queries: Annotated[
        Path | None, typer.Option("--queries", help="Also write the queries to this CSV file for the sites.")
    ] = None,
    on: OnDay = None,
    as_json: AsJson = False,
) -> None:
    """Check a study, its test patients and every site's data, up to and not including estimation.

    Ends with exit code 0 when the study is ready to run, 3 for the study file, dictionary or test patients, 4 for site data, 5 when
    no site's data may be used. A site that is refused is named with the reason, and its file is not read.

    Examples:

    cohortium check my-study

    cohortium check my-study --queries queries.csv
    """
    from cohortium.cli.listing import Checked, checked_json, checked_text
    from cohortium.cli.opening import open_sites
    from cohortium.cli.outputs import write_whole
    from cohortium.cli.run import is_query_csv, query_csv
    from cohortium.cli.test_patients import failed, try_test_patients
    from cohortium.errors import CohortiumError, OutputError, Problem, SiteDataError, StudyFileError
    from cohortium.estimators.flow import refused_sites
    from cohortium.estimators.registry import plan_study
    from cohortium.study.load import load_study

    study = load_study(study_directory)
    tested = try_test_patients(study)
    try:
        with open_sites(study, plan_study(study), 1, day_of_use(on)) as sites:
            n_rows = sum(opening.source.n_rows for opening in sites.openings)
            listing = checked_json if as_json else checked_text
            refused = refused_sites(study, sites.decisions)
            print(listing(study, Checked(len(sites.openings), n_rows, sites.queries, refused, tested)))
            if queries:
                write_whole(queries, query_csv(sites.queries), is_query_csv)
            if tested.problems or sites.errors:
                raise typer.Exit(StudyFileError.exit_code if tested.problems else SiteDataError.exit_code)
    except CohortiumError as error:
        if not tested.problems or isinstance(error, OutputError):
            raise
        raise failed(tested, error.problems or (Problem(str(study_directory), error.message),)) from None


@app.command()
def new(directory: Annotated[Path, typer.Argument(help="Directory to make; it must not exist or be empty.")]) -> None:
    """Write a commented starter study with simulated patients that runs as it is.

    Example:

    cohortium new my-study
    """
    from cohortium.starter.write import write_starter

    for path in write_starter(directory):
        print(path)
    print(f"Next: cohortium run {directory}")


@app.command()
def schema(
    out: Annotated[Path | None, typer.Option("--out", help="Write to this file instead of the screen.")] = None,
) -> None:
    """Print the JSON Schema of the study file, for editors.

    Example:

    cohortium schema --out study.schema.json
    """
    from cohortium.cli.listing import as_json
    from cohortium.study.schema import json_schema

    text = as_json(json_schema()) + "\n"
    if out is None:
        print(text, end="")
        return
    from cohortium.cli.outputs import write_whole

    write_whole(out, text, lambda present: '"$schema"' in present)


app.command()(derived)
app.command()(simulate)
people_app.command("import")(people_import)
app.add_typer(people_app)
app.add_typer(text_app)
app.add_typer(status_app)
app.add_typer(proofread_app)
app.add_typer(diff_app)
app.add_typer(archive_app)
app.add_typer(manuscript_app)


app.add_typer(sign_commands.app)
app.add_typer(audit_commands.app, name="audit")
