"""The manuscript of a study in every form, and the list of its numbers."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from cohortium.errors import Problem, StudyFileError
from cohortium.governance.people.load import PEOPLE_FILE, load_people
from cohortium.governance.statements.build import build_document
from cohortium.manuscript.article import article_blocks, misplaced
from cohortium.manuscript.as_docx import as_docx
from cohortium.manuscript.as_html import as_html
from cohortium.manuscript.as_jats import as_jats
from cohortium.manuscript.exhibits import exhibits_of
from cohortium.manuscript.fill import MANUSCRIPT, Filled, fill
from cohortium.report.journal_style import printed_in
from cohortium.report.render.csv import lines

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from cohortium.governance.people.model import People
    from cohortium.manuscript.resolve import Resolved
    from cohortium.results import Results
    from cohortium.study.study import Study

FOLDER = "manuscript"
NUMBERS = "numbers.csv"
NUMBER_COLUMNS = (
    "line", "reference", "printed", "analysis", "model", "population", "group", "variable", "level", "time", "statistic",
    "value", "lower", "upper", "n", "denominator",
)  # fmt: skip
_MOST_CHARACTERS = 2_000_000


def manuscript_text(directory: Path) -> str | None:
    """The text of a study's manuscript; None where it has none.

    Raises
        StudyFileError: it cannot be read as text.
    """
    path = directory / MANUSCRIPT
    if not path.is_file():
        return None
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError):
        raise StudyFileError(
            f"{MANUSCRIPT} cannot be read as UTF-8 text", [Problem(MANUSCRIPT, "is not UTF-8")]
        ) from None
    if len(text) > _MOST_CHARACTERS:
        raise StudyFileError(
            f"{MANUSCRIPT} is too long", [Problem(MANUSCRIPT, f"has over {_MOST_CHARACTERS:,} characters")]
        )
    return text


def people_of(study: Study) -> People | None:
    """The study's people; None where it declares none."""
    return load_people(study.directory, study) if (study.directory / PEOPLE_FILE).is_file() else None


def headings_of(study: Study) -> tuple[str, ...]:
    """Headings of the statements that the study's records give; none without people."""
    people = people_of(study)
    return tuple(statement.heading for statement in build_document(people, study.file.site).blocks) if people else ()


def complete_statements(study: Study) -> tuple[str, ...]:
    """Headings of the statements for which no record is missing."""
    people = people_of(study)
    blocks = build_document(people, study.file.site).blocks if people else ()
    return tuple(statement.heading for statement in blocks if not statement.missing)


def manuscript_files(study: Study, results: Results, text: str, out: Path) -> tuple[Mapping[str, bytes], Filled]:
    """Every form of the manuscript by file name, and the filled text.

    text  the manuscript
    out   results directory, in which the figures have been drawn

    Raises
        StudyFileError: with every reference that cannot be filled, and every exhibit that stands inside a sentence.
    """
    with printed_in(study.file.report.style):
        return _files(study, results, text, out)


def _files(study: Study, results: Results, text: str, out: Path) -> tuple[Mapping[str, bytes], Filled]:
    people = people_of(study)
    statements = build_document(people, study.file.site).blocks if people else ()
    filled = fill(text, results, study, tuple(statement.heading for statement in statements))
    if inside := [f"{kind} {name}" for kind, name in misplaced(filled.text, filled.places)]:
        hint = "give it a paragraph of its own, with an empty line before and after"
        problems = [Problem(MANUSCRIPT, f"{what} stands inside a sentence", hint) for what in inside]
        raise StudyFileError(f"{MANUSCRIPT} has {len(problems)} exhibits out of place:", problems)
    blocks = article_blocks(filled.text, filled.places)
    exhibits = exhibits_of(blocks, study, results, out, statements)
    title = next(
        (block.text for block in blocks if block.kind == "heading" and block.level == 1), study.file.study.title
    )
    files = {
        "manuscript.md": _with_names(filled).encode(),
        "manuscript.html": as_html(title, blocks, exhibits).encode(),
        "manuscript.docx": as_docx(title, blocks, exhibits),
        NUMBERS: number_list(filled.numbers).encode(),
    }
    if people is not None:
        files["manuscript.xml"] = as_jats(people, study.file.site, blocks, exhibits)
    return files, filled


def planned_files(study: Study) -> Sequence[str]:
    """Names of the files that `manuscript_files` will make; none without a manuscript."""
    if not (study.directory / MANUSCRIPT).is_file():
        return ()
    has_people = (study.directory / PEOPLE_FILE).is_file()
    return ("manuscript.md", "manuscript.html", "manuscript.docx", NUMBERS, *(["manuscript.xml"] if has_people else []))


def _with_names(filled: Filled) -> str:
    text = filled.text
    for mark, (kind, name) in filled.places.items():
        text = text.replace(mark, f"[{kind}: {name}]")
    return text


def number_list(numbers: Sequence[Resolved]) -> str:
    """Every number of the text with the row of the results table behind it, as CSV."""
    rows = [
        (
            found.reference.line,
            found.reference.source,
            found.text,
            *(getattr(found.statistic, column) for column in NUMBER_COLUMNS[3:]),
        )
        for found in numbers
    ]
    return lines([NUMBER_COLUMNS, *rows])
