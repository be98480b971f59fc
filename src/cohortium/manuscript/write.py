"""The manuscript of a study in every form, and the list of its numbers."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from cohortium.errors import Problem, StudyFileError
from cohortium.governance.people.load import PEOPLE_FILE, load_people
from cohortium.governance.statements.build import build_document
from cohortium.manuscript.article import Block, Words, article_blocks
from cohortium.manuscript.as_docx import as_docx
from cohortium.manuscript.as_html import as_html
from cohortium.manuscript.as_jats import as_jats
from cohortium.manuscript.author_check import check_csv, compare, remarks
from cohortium.manuscript.exhibits import exhibits_of
from cohortium.manuscript.fill import MANUSCRIPT, Filled, fill
from cohortium.manuscript.numbering import divided
from cohortium.report.ethics import sites_used
from cohortium.report.journal_style import printed_in
from cohortium.report.render.csv import lines

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from cohortium.governance.people.model import People
    from cohortium.governance.statements.document import Block as Statement
    from cohortium.manuscript.resolve import Resolved
    from cohortium.results import Results
    from cohortium.study.study import Study

FOLDER = "manuscript"
NUMBERS = "numbers.csv"
CHECK = "author-check.csv"
SUPPLEMENT = "supplement.docx"
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
        data = path.read_bytes()
        text = data.decode("utf-8-sig")
    except OSError as error:
        raise StudyFileError(
            f"{MANUSCRIPT} cannot be read", [Problem(MANUSCRIPT, error.strerror or "unknown")]
        ) from None
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        problem = Problem(f"{MANUSCRIPT}:{line}", "holds a character that is not UTF-8", "save the file as UTF-8 text")
        raise StudyFileError(f"{MANUSCRIPT} cannot be read as UTF-8 text:", [problem]) from None
    if len(text) > _MOST_CHARACTERS:
        raise StudyFileError(
            f"{MANUSCRIPT} is too long", [Problem(MANUSCRIPT, f"has over {_MOST_CHARACTERS:,} characters")]
        )
    return text


def people_of(study: Study) -> People | None:
    """The study's people; None where it declares none."""
    return load_people(study.directory, study) if (study.directory / PEOPLE_FILE).is_file() else None


def statements_of(study: Study, results: Results, people: People | None) -> tuple[Statement, ...]:
    """The statements that the study's records give of the sites whose data were used; none without people."""
    if people is None:
        return ()
    return build_document(people, sites_used(study, results), study.file.site).blocks


def headings_of(study: Study, results: Results) -> tuple[str, ...]:
    """Headings of the statements that the study's records give; none without people."""
    return tuple(statement.heading for statement in statements_of(study, results, people_of(study)))


def complete_statements(study: Study, results: Results) -> tuple[str, ...]:
    """Headings of the statements for which no record is missing."""
    statements = statements_of(study, results, people_of(study))
    return tuple(statement.heading for statement in statements if not statement.missing)


@dataclass(frozen=True)
class Written:
    """The manuscript in every form.

    files    by name
    filled   its text with numbers
    remarks  what a copy editor would send back, one sentence each
    """

    files: Mapping[str, bytes]
    filled: Filled
    remarks: tuple[str, ...]


def manuscript_files(study: Study, results: Results, text: str, out: Path) -> Written:
    """Every form of the manuscript, and what is remarked.

    text  the manuscript
    out   results directory, in which the figures have been drawn

    Raises
        StudyFileError: with every reference that cannot be filled, and every exhibit that is out of place.
    """
    with printed_in(study.file.report.style):
        return _written(study, results, text, out)


def _written(study: Study, results: Results, text: str, out: Path) -> Written:
    people = people_of(study)
    statements = statements_of(study, results, people)
    filled = fill(text, results, study, tuple(statement.heading for statement in statements))
    blocks = filled.blocks
    exhibits = exhibits_of(blocks, study, results, out, statements)
    title = next(
        (block.text for block in blocks if block.kind == "heading" and block.level == 1), study.file.study.title
    )
    article, supplement = divided(blocks)
    compared = compare(blocks, study)
    files = {
        "manuscript.md": _with_names(filled).encode(),
        "manuscript.html": as_html(title, blocks, exhibits).encode(),
        "manuscript.docx": as_docx(title, article, exhibits),
        NUMBERS: number_list(filled.numbers).encode(),
        CHECK: check_csv(compared).encode(),
    }
    if supplement:
        heading = Block("heading", (Words(f"Supplement to: {title}"),), 1)
        files[SUPPLEMENT] = as_docx(heading.text, (heading, *supplement), exhibits)
    if people is not None:
        sites = sites_used(study, results)
        files["manuscript.xml"] = as_jats(people, sites, blocks, exhibits, study.file.site)
    return Written(files, filled, remarks(filled, blocks, compared, study, statements))


def planned_files(study: Study) -> Sequence[str]:
    """Names of the files that `manuscript_files` will make; none without a manuscript."""
    text = manuscript_text(study.directory)
    if text is None:
        return ()
    _, supplement = divided(article_blocks(text, {}))
    has_people = (study.directory / PEOPLE_FILE).is_file()
    return (
        "manuscript.md", "manuscript.html", "manuscript.docx", NUMBERS, CHECK, *([SUPPLEMENT] if supplement else []),
        *(["manuscript.xml"] if has_people else []),
    )  # fmt: skip


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
