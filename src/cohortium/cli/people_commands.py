"""`cohortium people ...`: what can be typed; nothing heavy is imported until a command runs."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cohortium.errors import OutputError, StudyFileError, UsageError

if TYPE_CHECKING:
    from cohortium.study.study import Study

app = typer.Typer(
    name="people",
    help="Authors of the article: who they are, what they did, confirmed and declared (people.toml).",
    no_args_is_help=True,
    rich_markup_mode=None,
)

StudyDirectory = Annotated[Path, typer.Argument(help="Study directory with people.toml.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON for programs; errors too.")]


@app.command("check")
def people_check(study_directory: StudyDirectory, as_json: AsJson = False) -> None:
    """Check people.toml: errors, open points still to be collected, and notes, all at once.

    Ends with exit code 0 when there is no error, however many points are open, and 3 otherwise. Sites are compared
    with study.toml where the directory has one.

    Examples:

    cohortium people check my-study

    cohortium people check my-study --json
    """
    from cohortium.cli.people_listing import findings_json, findings_text
    from cohortium.governance.people.load import read_people

    reading = read_people(study_directory, _study_in(study_directory))
    print(findings_json(reading) if as_json else findings_text(reading))
    if reading.errors:
        raise typer.Exit(StudyFileError.exit_code)


@app.command("list")
def people_list(study_directory: StudyDirectory, as_json: AsJson = False) -> None:
    """List the authors as published: order, initials, name, ORCID iD, site; never their e-mail.

    Example:

    cohortium people list my-study
    """
    from cohortium.cli.people_listing import authors_json, authors_text
    from cohortium.governance.people.load import load_people

    people = load_people(study_directory, _study_in(study_directory))
    print(authors_json(people) if as_json else authors_text(people))


@app.command("interests")
def people_interests(
    study_directory: StudyDirectory,
    on: Annotated[
        dt.datetime | None,
        typer.Option("--on", formats=["%Y-%m-%d"], help="Day of submission; article.submitted when not given."),
    ] = None,
    csv: Annotated[Path | None, typer.Option("--csv", help="Also write the report to this CSV file.")] = None,
    as_json: AsJson = False,
) -> None:
    """Report competing interests: ties with the study drug's maker, declarations to collect, unknown organizations.

    Examples:

    cohortium people interests my-study

    cohortium people interests my-study --on 2025-06-30 --csv interests.csv
    """
    from cohortium.cli.people_listing import interests_csv, interests_json
    from cohortium.governance.interests.listing import interests_text
    from cohortium.governance.interests.report import report_interests
    from cohortium.governance.people.load import load_people

    people = load_people(study_directory, _study_in(study_directory))
    report = report_interests(people, on.date() if on else None)
    if csv:
        _write(csv, interests_csv(report))
    print(interests_json(report) if as_json else interests_text(report))


@app.command("import-csv")
def people_import_csv(
    authors: Annotated[Path, typer.Argument(help="CSV table with one line an author, in the order of the byline.")],
    affiliations: Annotated[
        Path | None, typer.Option("--affiliations", help="CSV table with one line an affiliation.")
    ] = None,
    interests: Annotated[Path | None, typer.Option("--interests", help="CSV table with one line an interest.")] = None,
    study: Annotated[
        Path | None, typer.Option("--study", help="Study directory whose sites the authors belong to.")
    ] = None,
    out: Annotated[
        Path | None, typer.Option("--out", help="Write to this new file instead of the screen, e.g. people.toml.")
    ] = None,
) -> None:
    """Turn CSV tables into the text of people.toml; with any error nothing is written.

    Examples:

    cohortium people import-csv authors.csv

    cohortium people import-csv authors.csv --interests interests.csv --out my-study/people.toml
    """
    from cohortium.governance.people.csv_import import read_people_csv
    from cohortium.governance.people.write import write_people

    if out and out.exists():
        raise UsageError(f"{out} exists; give another --out, or remove it")
    known = _study_in(study, must_exist=True) if study else None
    reading = read_people_csv(authors, affiliations, interests, known)
    if reading.people is None or reading.errors:
        n_problems = "1 problem" if len(reading.errors) == 1 else f"{len(reading.errors)} problems"
        raise StudyFileError(f"The tables have {n_problems}:", reading.errors)
    text = write_people(reading.people)
    if out is None:
        print(text, end="")
        return
    from cohortium.cli.people_listing import counted_authors

    _write(out, text)
    n_open = sum(finding.severity == "open" for finding in reading.findings)
    points = "1 open point" if n_open == 1 else f"{n_open} open points"
    print(f"{out}: {counted_authors(reading.people)}, {points}; list them with `cohortium people check`")


def _study_in(directory: Path, *, must_exist: bool = False) -> Study | None:
    """The study of a directory; None when it has no study file, so that people can be kept on their own."""
    if not must_exist and not (directory / "study.toml").exists():
        return None
    from cohortium.study.load import load_study

    return load_study(directory)


def _write(path: Path, text: str) -> None:
    from cohortium.cli.outputs import require_not_input

    require_not_input(path)
    try:
        path.write_text(text, encoding="utf-8", newline="")
    except OSError as error:
        raise OutputError(f"cannot write {path}: {error.strerror}") from error
