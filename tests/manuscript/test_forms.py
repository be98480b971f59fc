"""The manuscript in every form: the same words and numbers, exhibits in place, the same bytes twice."""

import csv
import io
import shutil
from pathlib import Path

import docx
import pytest
from typer.testing import CliRunner

from cohortium.cli.commands import app
from cohortium.errors import StudyFileError, UsageError
from cohortium.manuscript.changed import changed_numbers
from cohortium.manuscript.draft import draft
from cohortium.manuscript.fill import fill
from cohortium.manuscript.write import manuscript_files
from without_figures import without_figures

TEXT = """# A title

Of {{ received() }} records, **{{ analyzed() }}** patients were *analyzed* <b>here</b>.

- {{ p("pfs-logrank") }}
- two

{{ table("table-1-baseline") }}

{{ figure("figure-2-pfs") }}

## Discussion

> Quoted.
"""


@pytest.fixture(scope="module")
def files(study, results, ran):
    return manuscript_files(study, results, TEXT, ran / "results")[0]


def test_every_form_has_the_numbers(files, results):
    analyzed = f"{results.one(analysis='flow', statistic='analyzed').value:.0f}"
    word = docx.Document(io.BytesIO(files["manuscript.docx"]))
    assert f"{analyzed} patients were analyzed <b>here</b>" in " ".join(p.text for p in word.paragraphs)
    assert (
        f"<strong>{analyzed}</strong> patients were <em>analyzed</em> &lt;b&gt;here"
        in files["manuscript.html"].decode()
    )
    assert f"**{analyzed}** patients" in files["manuscript.md"].decode()
    listed = list(csv.DictReader(io.StringIO(files["numbers.csv"].decode())))
    assert [row["reference"] for row in listed] == ["received()", "analyzed()", 'p("pfs-logrank")']
    assert listed[1]["printed"] == analyzed


def test_exhibits_are_in_place(files):
    word = docx.Document(io.BytesIO(files["manuscript.docx"]))
    assert len(word.tables) == 1
    assert len(word.inline_shapes) == 1
    texts = [p.text for p in word.paragraphs]
    assert any(text.startswith("Table 1. ") for text in texts)
    assert any(text.startswith("Figure 1. ") for text in texts)
    page = files["manuscript.html"].decode()
    assert page.count("<table") == 1
    assert page.count("<img") == 1
    assert "http:" not in page.replace("http://www.w3.org", "")
    assert "https:" not in page
    assert "[table: table-1-baseline]" in files["manuscript.md"].decode()


def test_the_same_bytes_twice(files, study, results, ran):
    assert files == manuscript_files(study, results, TEXT, ran / "results")[0]


def test_an_exhibit_inside_a_sentence_is_refused(study, results, ran):
    with pytest.raises(StudyFileError, match="stands inside a sentence"):
        manuscript_files(study, results, 'See {{ table("table-1-baseline") }}.', ran / "results")


def test_a_draft_can_be_filled_and_has_no_typed_number(study, results, ran):
    text = draft(study, results)
    _, filled = manuscript_files(study, results, text, ran / "results")
    assert len(filled.numbers) > 10
    assert filled.typed == ()
    assert {name for kind, name in filled.places.values() if kind == "table"} == {t.name for t in study.file.table}


def test_changed_numbers(study, results, tmp_path):
    folder = tmp_path / "manuscript"
    folder.mkdir()
    (folder / "numbers.csv").write_text('line,reference,printed\n1,received(),7\n2,gone(),"1,2"\n', encoding="utf-8")
    numbers = fill("{{ received() }} {{ analyzed() }}", results, study).numbers
    found = changed_numbers(tmp_path, numbers)
    received = numbers[0].text
    assert [(c.reference, c.before, c.after) for c in found] == [
        ("received()", "7", received),
        ("analyzed()", "", numbers[1].text),
        ("gone()", "1,2", ""),
    ]
    with pytest.raises(UsageError, match="is not there"):
        changed_numbers(tmp_path / "other", numbers)


def copy_with(ran: Path, tmp_path: Path, text: str) -> Path:
    folder = tmp_path / "study"
    shutil.copytree(ran, folder)
    (folder / "manuscript.md").write_text(text, encoding="utf-8")
    return folder


def test_the_run_writes_the_manuscript(ran, tmp_path):
    folder = without_figures(copy_with(ran, tmp_path, TEXT), but="figure-2-pfs")
    plan = CliRunner().invoke(app, ["run", str(folder), "--dry-run"])
    assert "manuscript/manuscript.docx" in plan.output
    assert CliRunner().invoke(app, ["run", str(folder)]).exit_code == 0
    made = {path.name for path in (folder / "results" / "manuscript").iterdir()}
    assert made == {"manuscript.docx", "manuscript.html", "manuscript.md", "numbers.csv"}
    result = CliRunner().invoke(
        app, ["manuscript", str(folder), "--since", str(folder / "results"), "--out", str(tmp_path / "o")]
    )
    listed = [f"3 numbers from the results, 0 typed by hand, 0 changed since {folder / 'results'}"]
    assert result.exit_code == 0
    assert result.output.splitlines() == [*listed, "0 words in the abstract, 1 in the text"]
    assert {path.name for path in (tmp_path / "o").iterdir()} == made


def test_a_wrong_reference_ends_the_run_and_leaves_the_results_as_they_were(ran, tmp_path):
    folder = copy_with(ran, tmp_path, "{{ medain('os') }}")
    before = sorted(path.name for path in (folder / "results").iterdir())
    result = CliRunner().invoke(app, ["run", str(folder)])
    assert isinstance(result.exception, StudyFileError)
    assert sorted(path.name for path in (folder / "results").iterdir()) == before
