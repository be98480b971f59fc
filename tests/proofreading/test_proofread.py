"""The proofreader finds what is wrong, and nothing else."""

import docx
import pytest

from cohortium.errors import UsageError
from cohortium.proofreading import proofread
from cohortium.proofreading.blocks import blocks_of
from cohortium.proofreading.finding import RULES
from proofreading.abstracts import corpus

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
    assert {abstract.rule for abstract, _ in judged} - {""} == set(RULES) - {"interval-off-center"}


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
