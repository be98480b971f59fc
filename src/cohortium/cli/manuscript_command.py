"""`cohortium manuscript`: what can be typed."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cohortium.errors import OutputError, UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from cohortium.manuscript.changed import ChangedNumber
    from cohortium.manuscript.fill import Filled

app = typer.Typer(rich_markup_mode=None)


@app.command("manuscript")
def manuscript(
    study_directory: Annotated[Path, typer.Argument(help="Study directory with manuscript.md.")],
    results: Annotated[
        Path | None, typer.Option("--results", help="Results to fill it from; `results` in the study when not given.")
    ] = None,
    out: Annotated[Path | None, typer.Option("--out", help="Write its forms into this new directory.")] = None,
    since: Annotated[
        Path | None,
        typer.Option(
            "--since",
            help="List numbers that are printed otherwise in these earlier results, with their sentences; with --out also as changed.csv.",
        ),
    ] = None,
    draft: Annotated[
        bool, typer.Option("--draft", help="Print a first manuscript.md from the study file and its results.")
    ] = False,
) -> None:
    """Fill the references of manuscript.md from results that are there, without running the study again.

    `cohortium run` does the same and puts the forms into results/manuscript/. A reference that is not known, or fits
    several numbers, is an error with its line and a suggestion. Numbers typed by hand beside a word of results are listed,
    and the words of abstract and text are counted.

    Examples:

    cohortium manuscript my-study --draft > my-study/manuscript.md

    cohortium manuscript my-study --out /tmp/manuscript

    cohortium manuscript my-study --since results-signed
    """
    from cohortium.comparison import read_results
    from cohortium.manuscript.changed import CHANGES, change_list, changed_numbers
    from cohortium.manuscript.draft import draft as drafted
    from cohortium.manuscript.numbering import divided
    from cohortium.manuscript.words import count_words
    from cohortium.manuscript.write import headings_of, manuscript_files, manuscript_text
    from cohortium.report.journal_style import printed_in
    from cohortium.results import Results, Statistic
    from cohortium.study.load import load_study

    study = load_study(study_directory)
    directory = results or study_directory / "results"
    table = Results(Statistic(**row) for row in read_results(directory).table.iter_rows(named=True))
    if draft:
        with printed_in(study.file.report.style):
            print(drafted(study, table, headings_of(study, table)), end="")
        return
    text = manuscript_text(study_directory)
    if text is None:
        raise UsageError(f"{study_directory} has no manuscript.md; --draft prints a first one")
    written = manuscript_files(study, table, text, directory)
    filled = written.filled
    changed = changed_numbers(since, filled) if since else ()
    if out is not None:
        more = {CHANGES: change_list(changed).encode()} if since else {}
        _write_new(out, {**written.files, **more})
    print("\n".join([*_listing(filled, changed, since), *written.remarks]))
    words = count_words(divided(filled.blocks)[0])
    print(f"{words.abstract} words in the abstract, {words.text} in the text")


def _listing(filled: Filled, changed: tuple[ChangedNumber, ...], since: Path | None) -> Iterator[str]:
    for typed in filled.typed:
        yield f"manuscript.md:{typed.line}: {typed.number} is typed by hand: «{typed.text}»"
    for change in changed:
        yield f"manuscript.md:{change.line}: {change.before or 'not there'} is now {change.after or 'not there'} ({change.reference})"
        if change.sentence:
            yield f"    {change.sentence}"
    since_then = f", {len(changed)} changed since {since}" if since else ""
    yield f"{len(filled.numbers)} numbers from the results, {len(filled.typed)} typed by hand{since_then}"


def _write_new(out: Path, files: Mapping[str, bytes]) -> None:
    import tempfile

    try:
        if out.exists():
            raise OutputError(f"{out} is there already; give the name of a new directory")
        with tempfile.TemporaryDirectory(dir=out.parent, prefix=f".{out.name}-") as aside:
            fresh = Path(aside) / "new"
            fresh.mkdir()
            for name, content in files.items():
                (fresh / name).write_bytes(content)
            fresh.rename(out)
    except OSError as error:
        raise OutputError(f"{out} cannot be written: {error.strerror}") from None
