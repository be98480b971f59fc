"""`cohortium people import` and `cohortium statements`: what can be typed."""

from __future__ import annotations

import enum
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cohortium.errors import OutputError, UsageError

if TYPE_CHECKING:
    from cohortium.governance.people.model import People
    from cohortium.study.study import Study

app = typer.Typer(rich_markup_mode=None)
_LARGEST = 500_000


class Format(enum.StrEnum):
    """Form of the statements."""

    PLAIN = "plain"
    MARKDOWN = "markdown"
    HTML = "html"
    DOCX = "docx"
    JATS = "jats"
    CROSSREF = "crossref"


def people_import(
    frontmatter: Annotated[Path, typer.Argument(help="Text file with the article's front and back matter, in UTF-8.")],
    out: Annotated[Path | None, typer.Option("--out", help="Write the proposals as this people.toml.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON for programs; errors too.")] = False,
) -> None:
    """Read authors, dates, competing interests and ethics boards from an article's text, as proposals.

    Every proposal shows the text that it comes from. What was not resolved is listed with the reason: nothing is
    guessed, and nothing is lost. An existing file is never replaced.

    Examples:

    cohortium people import frontmatter.txt

    cohortium people import frontmatter.txt --out my-study/people.toml
    """
    from cohortium.cli.text_listing import reading_json, reading_text
    from cohortium.governance.frontmatter.accepted import proposed_people
    from cohortium.governance.frontmatter.read import read_frontmatter
    from cohortium.governance.people.write import write_people

    reading = read_frontmatter(_text(frontmatter))
    if out is not None:
        _write_new(out, write_people(proposed_people(reading)).encode())
    print(reading_json(reading) if as_json else reading_text(reading))


@app.command("statements")
def statements(
    study_directory: Annotated[Path, typer.Argument(help="Study directory with study.toml and people.toml.")],
    format_: Annotated[Format, typer.Option("--format", help="Form of the statements.")] = Format.PLAIN,
    out: Annotated[Path | None, typer.Option("--out", help="Write to this file instead of the screen.")] = None,
    draft: Annotated[
        bool, typer.Option("--draft", help="Mark missing records in the text instead of refusing.")
    ] = False,
) -> None:
    """Write ethics, competing-interest, contribution, funding and other statements from the study's records.

    Every sentence comes from a record. A missing record is an error that lists all of them, or with --draft a visible
    mark in the text.

    Examples:

    cohortium statements my-study --draft

    cohortium statements my-study --format docx --out statements.docx

    cohortium statements my-study --format jats --out article.xml
    """
    from cohortium.governance.people.load import load_people
    from cohortium.study.load import load_study

    if format_ is Format.CROSSREF and draft:
        raise UsageError("a deposit with gaps would be registered as it is; leave --draft out")
    if format_ is Format.DOCX and out is None:
        raise UsageError("a Word file cannot be shown on the screen; say where with --out")
    study = load_study(study_directory)
    content = _rendered(study, load_people(study_directory, study), format_, draft=draft)
    if out is None:
        sys.stdout.write(content.decode())
        return
    _write(out, content)
    print(f"Statements: {out}")


def _rendered(study: Study, people: People, format_: Format, *, draft: bool) -> bytes:
    from cohortium.governance.statements.build import build_document, require_complete

    if format_ is Format.CROSSREF:
        from cohortium.governance.statements.crossref import crossref, missing_for_crossref

        require_complete(list(missing_for_crossref(people)), has_draft=False)
        return crossref(people)
    document = build_document(people, study.file.site)
    if format_ is Format.JATS:
        from cohortium.governance.statements.jats import jats, missing_for_jats

        if not draft:
            require_complete([*document.missing, *missing_for_jats(people.article)])
        return jats(people, study.file.site)
    if not draft:
        require_complete(document.missing)
    if format_ is Format.DOCX:
        from cohortium.governance.statements.docx import docx

        return docx(document)
    if format_ is Format.HTML:
        from cohortium.governance.statements.html import html

        return html(document).encode()
    if format_ is Format.MARKDOWN:
        from cohortium.governance.statements.markdown import markdown

        return markdown(document).encode()
    from cohortium.governance.statements.plain import plain_text

    return plain_text(document).encode()


def _text(path: Path) -> str:
    try:
        data = path.read_bytes()
        if len(data) > _LARGEST:
            raise UsageError(f"{path} has over {_LARGEST} bytes; give the front and back matter alone, as text")
        return data.decode("utf-8-sig")
    except OSError as error:
        raise UsageError(f"cannot read {path}: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise UsageError(f"{path} is not UTF-8 at byte {error.start}; save it as UTF-8 text") from error


def _write_new(path: Path, content: bytes) -> None:
    try:
        with path.open("xb") as file:
            file.write(content)
    except FileExistsError as error:
        raise OutputError(f"{path} is there already; give another file with --out and compare the two") from error
    except OSError as error:
        raise OutputError(f"cannot write {path}: {error.strerror}") from error


def _write(path: Path, content: bytes) -> None:
    from cohortium.cli.outputs import require_not_input

    require_not_input(path)
    try:
        path.write_bytes(content)
    except OSError as error:
        raise OutputError(f"cannot write {path}: {error.strerror}") from error
