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
from cohortium.manuscript.changed import change_list, changed_numbers
from cohortium.manuscript.draft import draft
from cohortium.manuscript.fill import fill
from cohortium.manuscript.write import manuscript_files
from without_figures import without_figures

NO_BREAK = "\N{NO-BREAK SPACE}"
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
    return manuscript_files(study, results, TEXT, ran / "results").files


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


def test_exhibits_are_in_place(files, ran):
    word = docx.Document(io.BytesIO(files["manuscript.docx"]))
    assert len(word.tables) == 1
    assert len(word.inline_shapes) == 1
    texts = [p.text for p in word.paragraphs]
    assert any(text.startswith("Table 1. ") for text in texts)
    (legend,) = [text for text in texts if text.startswith("Figure 1. ")]
    on_disk = (ran / "results/figures/figure-2-pfs.legend.txt").read_text(encoding="utf-8").splitlines()[2:]
    assert on_disk
    assert legend.replace(NO_BREAK, " ").endswith(f". {' '.join(on_disk)}")
    page = files["manuscript.html"].decode()
    assert page.count("<table") == 1
    assert page.count("<img") == 1
    caption = page.partition("<figcaption>")[2].partition("</figcaption>")[0].replace(NO_BREAK, " ")
    assert all(sentence.partition(" ")[0] in caption for sentence in on_disk)
    assert on_disk[0] in caption
    assert "http:" not in page.replace("http://www.w3.org", "")
    assert "https:" not in page
    assert "[table: table-1-baseline]" in files["manuscript.md"].decode()


def test_the_same_bytes_twice(files, study, results, ran):
    assert files == manuscript_files(study, results, TEXT, ran / "results").files


def test_an_exhibit_inside_a_sentence_is_refused(study, results, ran):
    text = 'See {{ table("table-1-baseline") }}.\n\n{{ medain() }}\n\n{{ table("table-1-baseline") }}\n'
    with pytest.raises(StudyFileError) as caught:
        manuscript_files(study, results, text, ran / "results")
    found = [str(problem) for problem in caught.value.problems]
    assert [problem.split(": ")[0] for problem in found] == [f"manuscript.md:{line}" for line in (1, 3, 5)]
    assert "stands inside a sentence" in found[0]
    assert "stands in line 1 already" in found[2]


def test_a_figure_whose_files_are_gone_is_named(study, results, tmp_path):
    with pytest.raises(UsageError, match=r"figure-2-pfs\.txt: the figure cannot be read; run the study again"):
        manuscript_files(study, results, '{{ figure("figure-2-pfs") }}', tmp_path)


SUPPLEMENTED = """# A title

## Results

See {{ see("table-2-survival") }}, {{ see("figure-2-pfs") }} and {{ see("table-1-baseline") }}.

{{ table("table-2-survival") }}

## Supplementary material

{{ figure("figure-2-pfs") }}

{{ table("table-1-baseline") }}

## References

1. One.
"""


def test_the_supplement_is_a_file_of_its_own_with_its_own_numbers(study, results, ran):
    files = manuscript_files(study, results, SUPPLEMENTED, ran / "results").files
    assert "See Table 1, Figure S1 and Table S1." in files["manuscript.md"].decode()
    main, more = (docx.Document(io.BytesIO(files[name])) for name in ("manuscript.docx", "supplement.docx"))
    texts = [[p.text.replace(NO_BREAK, " ") for p in document.paragraphs] for document in (main, more)]
    assert (len(main.tables), len(main.inline_shapes)) == (1, 0)
    assert (len(more.tables), len(more.inline_shapes)) == (1, 1)
    assert texts[1][:2] == ["Supplement to: A title", "Supplementary material"]
    assert any(text.startswith("Table S1. ") for text in texts[1])
    assert any(text.startswith("Figure S1. ") for text in texts[1])
    assert texts[0][-2:] == ["References", "One."]


def test_every_numbered_list_begins_with_one(study, results, ran):
    text = "# T\n\n1. one\n2. two\n\nBetween.\n\n1. one again\n"
    word = docx.Document(io.BytesIO(manuscript_files(study, results, text, ran / "results").files["manuscript.docx"]))
    numbers = [p._p.pPr.numPr.numId.val for p in word.paragraphs if p.style.name == "List Number"]
    assert numbers[0] == numbers[1] != numbers[2]
    made = {num.numId: num for num in word.part.numbering_part.element.num_lst}
    assert all(made[number].xpath("w:lvlOverride/w:startOverride/@w:val") == ["1"] for number in numbers)


def test_lines_and_pages_of_the_word_file_are_numbered(files):
    section = docx.Document(io.BytesIO(files["manuscript.docx"])).sections[0]._sectPr
    names = [child.tag.rpartition("}")[2] for child in section]
    assert names.index("pgMar") < names.index("lnNumType") < names.index("cols")


def test_a_draft_can_be_filled_and_has_no_typed_number(study, results, ran):
    text = draft(study, results)
    filled = manuscript_files(study, results, text, ran / "results").filled
    assert len(filled.numbers) > 10
    assert filled.typed == ()
    assert {name for kind, name in filled.places.values() if kind == "table"} == {t.name for t in study.file.table}


def test_changed_numbers(study, results, tmp_path):
    folder = tmp_path / "manuscript"
    folder.mkdir()
    (folder / "numbers.csv").write_text('line,reference,printed\n1,received(),7\n2,gone(),"1,2"\n', encoding="utf-8")
    text = (
        'First. See {{ see("table-1-baseline") }} of\n{{ received() }} records (a cohort).\n\n{{ analyzed() }} and {{ received() }} more\n\n'
        '{{ table("table-1-baseline") }}\n'
    )
    filled = fill(text, results, study)
    found = changed_numbers(tmp_path, filled)
    received, analyzed = (number.text for number in filled.numbers[:2])
    assert [(c.reference, c.before, c.after, c.sentence) for c in found] == [
        ("received()", "7", received, f"See Table 1 of {received} records (a cohort)."),
        ("analyzed()", "", analyzed, f"{analyzed} and {received} more"),
        ("gone()", "1,2", "", ""),
    ]
    listed = list(csv.DictReader(io.StringIO(change_list(found))))
    assert [(row["before"], row["after"]) for row in listed] == [("7", received), ("", analyzed), ("1,2", "")]
    with pytest.raises(UsageError, match="is not there"):
        changed_numbers(tmp_path / "other", filled)


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
    assert made == {"manuscript.docx", "manuscript.html", "manuscript.md", "numbers.csv", "author-check.csv"}
    result = CliRunner().invoke(
        app, ["manuscript", str(folder), "--since", str(folder / "results"), "--out", str(tmp_path / "o")]
    )
    listed = [f"3 numbers from the results, 0 typed by hand, 0 changed since {folder / 'results'}"]
    assert result.exit_code == 0
    remark = 'manuscript: not referred to in the text: Table 1, Figure 1; write {{ see("table-1-baseline") }}'
    assert result.output.splitlines() == [*listed, remark, "0 words in the abstract, 1 in the text"]
    assert {path.name for path in (tmp_path / "o").iterdir()} == made | {"changed.csv"}


def test_a_wrong_reference_ends_the_run_and_leaves_the_results_as_they_were(ran, tmp_path):
    folder = copy_with(ran, tmp_path, "{{ medain('os') }}")
    before = sorted(path.name for path in (folder / "results").iterdir())
    result = CliRunner().invoke(app, ["run", str(folder)])
    assert isinstance(result.exception, StudyFileError)
    assert sorted(path.name for path in (folder / "results").iterdir()) == before
