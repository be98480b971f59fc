"""The proofreader finds what is wrong, and nothing else."""

import io
import zipfile

import docx
import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from cohortium.errors import UsageError
from cohortium.proofreading import proofread
from cohortium.proofreading.blocks import blocks_of
from cohortium.proofreading.finding import RULES
from proofreading.abstracts import corpus
from proofreading.sentences import PLANTED, SOUND

# Published figures of the teclistamab study (doi 10.1038/s41408-025-01414-6 and 10.1038/s41408-025-01314-9).
PUBLISHED = (
    "385 patients at 13 centers: true extramedullary disease 109 (28%), paraskeletal 33 (9%), neither 243 (63%). Median "
    "follow-up was 9.9 months. Overall response 38%, 54.1%, 62.4% (p < 0.001); median progression-free survival 1.4, 6.51, 8.95 "
    "months (p < 0.0001); median overall survival 9.54, 13.1 months, not reached (p = 0.00012)."
)
BY_PRIOR = "Response 94/193 (48.7%) v 118/192 (61.5%), p = 0.012; median PFS 4.6 v 8.2 months, p = 0.017; 47% women."

FALSE_ALARMS = 0.02
"""Share of sound abstracts that may be remarked."""


def rules(text):
    return [finding.rule for finding in proofread(text)]


def test_published_percentages_that_no_count_gives():
    assert [(f.rule, f.what) for f in proofread(PUBLISHED)] == [
        ("impossible-percentage", "54.1% of 33 is not possible"),
        ("impossible-percentage", "62.4% of 243 is not possible"),
    ]


def test_nothing_wrong_with_the_published_comparison():
    assert rules(BY_PRIOR) == []


@pytest.fixture(scope="module")
def judged():
    return [(abstract, rules(abstract.text)) for abstract in corpus(200, seed=20261201)]


def test_every_planted_error_is_found(judged):
    missed = [
        (abstract.rule, abstract.text, found)
        for abstract, found in judged
        if abstract.rule and abstract.rule not in found
    ]
    assert not missed
    assert {abstract.rule for abstract, _ in judged} - {""} == set(RULES) - {
        "interval-off-center",
        "range-order",
        "decimal-marks",
    }


def test_sound_abstracts_are_left_alone(judged):
    sound = [(abstract.text, found) for abstract, found in judged if not abstract.rule]
    alarms = [(text, found) for text, found in sound if found]
    assert len(sound) == 100
    assert len(alarms) < FALSE_ALARMS * len(sound), alarms


def test_a_planted_error_is_not_a_cause_of_others(judged):
    extra = [
        (abstract.rule, found, abstract.text) for abstract, found in judged if abstract.rule and len(set(found)) > 2
    ]
    assert not extra


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("In 94 of 193 patients (49.7%) there was a response.", "percentage-of-count"),
        ("48.8% (94/193) responded.", "percentage-of-count"),
        ("1,204 of 2,410 patients (50.1%) were women.", "percentage-of-count"),
        ("Responses: 195/193 (48.7%).", "count-above-denominator"),
        ("The response rate was 54.1% of 33 patients.", "impossible-percentage"),
        (
            "Responses were seen in 38% and 54.1% of those with (n = 109) and without (n = 33) it.",
            "impossible-percentage",
        ),
        ("Of 385 patients, 109 (28%) had it, 34 (9%) had something else and 243 (63%) had neither.", "sum-of-groups"),
        ("94/193 (48.7%) v 118/192 (61.5%), p = 0.2.", "p-value-of-counts"),
        ("Age differed (t(45) = 2.10, p = 0.41).", "p-value-of-statistic"),
        ("F(2, 45) = 3.40, p = 0.4", "p-value-of-statistic"),
        ("(\u03c7\u00b2(2) = 10.3, P=.06)", "p-value-of-statistic"),
        ("z = 2.00; p = 0.10", "p-value-of-statistic"),
        ("It was p = 0.000.", "p-value-form"),
        ("It was P<.000.", "p-value-form"),
        ("It was p = 1.2.", "p-value-form"),
        ("The median was 9.9 months (95% CI, 10.1 to 11.2).", "interval-without-estimate"),
        ("The median was 9.9 months (95% CI, 11.2-8.1).", "interval-order"),
        ("HR 2.1 (95% CI, 1.1 to 2.2)", "interval-off-center"),
        ("HR 0\u00b75 (95% CI 0\u00b74\N{EN DASH}1\u00b72)", "interval-off-center"),
        ("HR 1.5 (1.1-2.2), p = 0.2", "p-value-of-interval"),
        ("48.7% (94/193; 95% CI 45.5-52.0)", "interval-of-count"),
    ],
)
def test_each_rule(text, rule):
    assert rules(text) == [rule]


@pytest.mark.parametrize(
    "text",
    [
        "Data from 10/2023 (25%) to 4/2024 were used.",
        "Survival at 12 months was 34.2%, 45.1% and 52.3% with (n = 9), (n = 11) and (n = 13).",
        "34/90 (37.8%) responded, adjusted p = 0.9 against 30/90 (33.3%).",
        "94/193 (48.7%) v 118/192 (61.5%), p = 0.016 (Yates) or p = 0.014 (Fisher).",
        "HR 1.5 (95% CI, 1.1 to 2.2; p = 0.02).",
        "HR 1.52 (95% CI 1.10-NR).",
        "48.7% (94/193; 95% CI 41.5-56.0) responded.",
        "12 of 33 patients (36%) and 8 of 33 (24%) had grade 1 and 2.",
        "0/17 (0%) v 3/18 (16.7%), p = 0.23.",
        "Neutropenia of grade 3 or 4 occurred in 35 (50%) and 12 (17%).",
        "P values below .05 were significant.",
        "The 95% CI was 1.2 to 3.4.",
    ],
)
def test_sound_sentences(text):
    assert rules(text) == []


def test_a_finding_says_where_what_and_what_was_expected():
    (finding,) = proofread("Title\n\nIn 94 of 193\npatients (49.7%).\n")
    assert str(finding) == (
        "line 3: «94 of 193 patients (49.7%»: percentage-of-count: 94/193 is printed as 49.7%; expected 48.7%"
    )


def test_word_documents_with_tables(tmp_path):
    document = docx.Document()
    document.add_heading("Results")
    document.add_paragraph("In 94 of 193 patients (49.7%).")
    table = document.add_table(1, 2)
    table.cell(0, 0).text, table.cell(0, 1).text = "Response", "118/192 (60.5%)"
    path = tmp_path / "manuscript.docx"
    document.save(path)
    found = proofread(blocks_of(path))
    assert [(f.place, f.rule) for f in found] == [
        ("paragraph 2", "percentage-of-count"),
        ("table 1, row 1", "percentage-of-count"),
    ]


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("a.docx", b"no archive", "is not a Word document"),
        ("a.txt", b"\xff\xfe\xfa", "is not UTF-8 text"),
        ("a.txt", b"PK\x03\x04rest", "is not text"),
        ("a.pdf", b"%PDF-1.7 rest", "is a PDF, whose numbers cannot be read with certainty"),
        ("a.doc", b"\xd0\xcf\x11\xe0rest", r"old Word document \(\.doc\)"),
        ("a.rtf", b"{\\rtf1 rest}", r"rich text \(\.rtf\)"),
        ("a.txt", b"", "holds no text"),
        ("b.txt", None, "is not a file"),
    ],
)
def test_unreadable_files(tmp_path, name, content, says):
    if content is not None:
        (tmp_path / name).write_bytes(content)
    with pytest.raises(UsageError, match=says):
        blocks_of(tmp_path / name)


def test_long_input_is_read_in_little_time():
    text = "(" * 5000 + "1 of 2 " * 3000 + "95% CI " * 2000 + "n = 3 " * 2000 + "0." * 5000
    assert isinstance(proofread(text), tuple)


def test_sound_sentences_of_journals_and_meetings_are_left_alone():
    alarms = [(text, found) for text in SOUND if (found := rules(text))]
    assert len(alarms) < FALSE_ALARMS * len(SOUND), alarms


@pytest.mark.parametrize(("text", "rule"), PLANTED)
def test_every_error_planted_in_such_a_sentence_is_found(text, rule):
    assert rule in rules(text)


def test_every_rule_but_of_two_marks_is_planted():
    assert {rule for _, rule in PLANTED} == set(RULES) - {"decimal-marks"}


def test_two_decimal_marks_in_one_text_are_said_once():
    text = "48,7 % (94/193) v 61.5% (118/192).\n\np = 0,012 and 12,5 %."
    assert [(f.place, f.rule, f.quote) for f in proofread(text) if f.rule == "decimal-marks"] == [
        ("line 1", "decimal-marks", "48,7")
    ]


_MARKUP = 'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'


def _added(paragraph, xml):
    paragraph._p.append(parse_xml(xml))


def test_a_word_document_as_authors_leave_it(tmp_path):
    """Tracked changes accepted, text boxes read once, raised references left out, merged cells once."""
    document = docx.Document()
    paragraph = document.add_paragraph("In 94 of 193 patients (48.7%)")
    paragraph.add_run("12").font.superscript = True
    paragraph = document.add_paragraph("Response: ")
    words = nsdecls("w")
    _added(paragraph, f"<w:del {words}><w:r><w:delText>94/193 (11.1%)</w:delText></w:r></w:del>")
    _added(paragraph, f"<w:ins {words}><w:r><w:t>94/193 (49.7%)</w:t></w:r></w:ins>")
    box = "<w:txbxContent><w:p><w:r><w:t>54.1% of 33 patients.</w:t></w:r></w:p></w:txbxContent>"
    choice = f'<mc:Choice Requires="wps">{box}</mc:Choice><mc:Fallback>{box}</mc:Fallback>'
    _added(
        document.add_paragraph("Box"),
        f"<w:r {words} {_MARKUP}><mc:AlternateContent>{choice}</mc:AlternateContent></w:r>",
    )
    table = document.add_table(2, 3)
    table.cell(0, 0).merge(table.cell(1, 0)).text = "Response, n/N (%)"
    table.cell(0, 1).text, table.cell(0, 2).text = "94/193 (48.7)", "118/192 (65.1)"
    table.cell(1, 1).merge(table.cell(1, 2)).text = "12 of 40 (31%)"
    path = tmp_path / "manuscript.docx"
    document.save(path)
    assert [(f.place, f.rule) for f in proofread(blocks_of(path))] == [
        ("paragraph 2", "percentage-of-count"),
        ("paragraph 3, text box", "impossible-percentage"),
        ("table 1, row 1", "percentage-of-count"),
        ("table 1, row 2", "percentage-of-count"),
    ]


def _word_file(path, body, **more):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", body)
        for name, content in more.items():
            archive.writestr(f"word/{name}.xml", content)
    return path


def test_footnotes_are_read_and_their_separators_are_not(tmp_path):
    words = nsdecls("w")
    note = "<w:p><w:r><w:t>54.1% of 33 patients.</w:t></w:r></w:p>"
    notes = (
        f'<w:footnotes {words}><w:footnote w:type="separator" w:id="0">{note}</w:footnote><w:footnote w:id="2">{note}'
    )
    body = f"<w:document {words}><w:body><w:p><w:r><w:t>Text.</w:t></w:r></w:p></w:body></w:document>"
    path = _word_file(tmp_path / "a.docx", body, footnotes=f"{notes}</w:footnote></w:footnotes>")
    assert [f.place for f in proofread(blocks_of(path))] == ["footnote 1"]


def test_a_word_document_that_unpacks_to_too_much_is_refused(tmp_path):
    path = _word_file(tmp_path / "a.docx", io.BytesIO(b"<a>" + b" " * 65_000_000 + b"</a>").getvalue())
    with pytest.raises(UsageError, match="its text unpacks to more than 64 MB"):
        blocks_of(path)


def test_entities_of_a_word_document_are_not_expanded(tmp_path):
    outside = tmp_path / "secret.txt"
    outside.write_text("54.1% of 33 patients", encoding="utf-8")
    body = (
        f'<!DOCTYPE d [<!ENTITY e SYSTEM "{outside.as_uri()}">]><w:document {nsdecls("w")}><w:body><w:p><w:r>'
        "<w:t>Text &e;</w:t></w:r></w:p></w:body></w:document>"
    )
    assert "33" not in "".join(block.text for block in blocks_of(_word_file(tmp_path / "a.docx", body)))


def test_a_web_page_is_read_by_its_blocks(tmp_path):
    page = (
        "<html><head><title>54.1% of 33</title><script>54.1% of 33</script></head><body><p>94 of 193 <b>patients</b> "
        "(48.7%<sup>12</sup>)</p><table><tr><th>ORR, n/N (%)</th><td>94/193 (48.7)</td><td>118/192 (65.1)</td></tr></table>"
    )
    path = tmp_path / "a.html"
    path.write_text(page, encoding="utf-8")
    assert [(f.place, f.rule) for f in proofread(blocks_of(path))] == [("paragraph 2", "percentage-of-count")]


def test_text_in_utf_16_is_read(tmp_path):
    path = tmp_path / "a.txt"
    path.write_bytes("94 of 193 patients (49.7%)".encode("utf-16"))
    assert [f.rule for f in proofread(blocks_of(path))] == ["percentage-of-count"]
