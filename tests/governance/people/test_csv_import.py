"""CSV tables to people: everything in them is read, every problem is said with its line, nothing is guessed."""

import datetime as dt

import pytest

from cohortium.governance.people.csv_import import AUTHOR_COLUMNS, read_people_csv
from cohortium.governance.people.load import read_people
from cohortium.governance.people.model import Author
from cohortium.governance.people.write import write_people

GOOD = """\
id,given,particle,family,suffix,orcid,email,affiliations,site,roles,confirmed_approval,corresponding,no_interests,disclosure_declared
,Jean-Luc M.,van der,Berg,Jr.,0000-0002-1825-0097,berg@example.org,Northern Hospital; Southern Hospital,north,\
Conceptualization: Lead; Writing – original draft; Writing - Review & Editing,2025-06-01,yes,no,2025-05-02
,Anna,,Berg,,,,Northern Hospital,,software,,no,yes,2025-05-03
,,,Łoś,,,,,,,,,,
"""
INTERESTS = """\
author,category,organization,paid_to,declared,detail
berg,Advisory Board,Janssen,person,,steering committee
berg,grants,"Kite, a Gilead company",institution,2025-04-01,
"""


@pytest.fixture
def tables(tmp_path):
    """Write tables by name and read them."""

    def read(**texts):
        for name, text in texts.items():
            (tmp_path / f"{name}.csv").write_text(text, encoding="utf-8", newline="")
        return read_people_csv(*(tmp_path / f"{name}.csv" if name in texts else None for name in ("authors", "affiliations", "interests")))  # fmt: skip

    return read


def errors(reading):
    return [str(problem) for problem in reading.errors]


def test_authors_in_order_with_everything_that_is_written(tables):
    people = tables(authors=GOOD, interests=INTERESTS).people
    assert [author.id for author in people.author] == ["berg", "berg-2", "los"]
    berg, anna, single = people.author
    assert (berg.given, berg.particle, berg.family, berg.suffix) == ("Jean-Luc M.", "van der", "Berg", "Jr.")
    assert [(role.role, role.degree) for role in berg.roles] == [
        ("conceptualization", "lead"),
        ("writing-original-draft", None),
        ("writing-review-editing", None),
    ]
    assert berg.confirmed.approval == dt.date(2025, 6, 1)
    assert (berg.corresponding, anna.corresponding) == (True, False)
    assert anna.disclosure.none
    assert single.disclosure is None
    assert [affiliation.name for affiliation in people.affiliation] == ["Northern Hospital", "Southern Hospital"]
    assert anna.affiliations == berg.affiliations[:1] == ("northern-hospital",)
    assert [interest.category for interest in berg.disclosure.interests] == ["advisory-board", "grants"]
    assert berg.disclosure.interests[0].detail == "steering committee"


def test_the_text_of_the_people_file_reads_back(tables, tmp_path):
    people = tables(authors=GOOD, interests=INTERESTS).people
    (tmp_path / "people.toml").write_text(write_people(people), encoding="utf-8")
    assert read_people(tmp_path).people == people


def test_affiliations_of_their_own_table_are_named_by_id(tables):
    people = tables(
        authors="family,affiliations\nSmith,north; south\n",
        affiliations="id,name,city,ror\nnorth,Northern Hospital,Rochester,https://ror.org/02qp3tb03\nsouth,South,,\n",
    ).people
    assert people.author[0].affiliations == ("north", "south")
    assert (people.affiliation[0].city, people.affiliation[1].ror) == ("Rochester", None)


def test_all_problems_at_once_with_their_lines(tables):
    reading = tables(
        authors=(
            "id,given,family,orcid,roles,corresponding,consent_to_be_named,affiliations\n"
            "smith,Jane,Smith,0000-0002-1825-0098,softwear: leader; software: leader,maybe,1.5.2025,nort\n"
            "s mith,Jo,Bell,,,,2025-02-30,\n"
            "x,Ann,Chen\n"
        ),
        affiliations="id,name\nnorth,North\nnorth,South\n,West\n",
        interests="author,category,organization\nsmyth,grants,X\nsmith,gift,Y\nsmith,,Z\n",
    )
    assert reading.people is None
    assert errors(reading) == [
        "affiliations.csv:3: id: 'north' is declared twice",
        "affiliations.csv:4: the key 'id' is missing: Short id that authors refer to.",
        "authors.csv:2: roles: 'softwear: leader' is not a contributor role; did you mean 'software'?",
        "authors.csv:2: roles: 'software: leader' is not a degree; did you mean 'lead'?",
        "authors.csv:2: corresponding: 'maybe' is neither yes nor no",
        "authors.csv:2: consent_to_be_named: '1.5.2025' is not a date; expected year-month-day, such as 2024-04-30",
        "authors.csv:3: consent_to_be_named: '2025-02-30' is not a day of the calendar",
        "authors.csv:3: id: 's mith' does not fit; expected a letter followed by letters, digits, `-` and `_`",
        "authors.csv:4: has 3 cells; expected 8, as in the first line (put a cell that holds a comma in quotation marks)",
        "interests.csv:2: author: unknown author 'smyth'; expected one of smith, s mith (did you mean 'smith'?)",
        "interests.csv:3: category: 'gift' is not a category; expected one of " + CATEGORIES,
        "interests.csv:4: disclosure.interests: the key 'category' is missing: Item of the ICMJE form.",
    ]


CATEGORIES = (
    "support-for-this-work, grants, royalties, consulting, honoraria, expert-testimony, travel, patents, "
    "advisory-board, leadership, stock, equipment and 1 more"
)


def test_rules_of_the_people_file_hold_for_the_lines_of_a_table(tables):
    reading = tables(authors="given,family,orcid\nJane,Smith,0000-0002-1825-0098\nJane,Smith,\n")
    assert errors(reading) == [
        (
            "authors.csv:2: orcid: 0000-0002-1825-0098 has a wrong check digit; these digits end with 7 "
            "(a digit is wrong: copy it from the person's ORCID record)"
        ),
        (
            "authors.csv:3: authors smith, smith-2 have the same published initials 'JS' "
            "(give all but one the key 'initials')"
        ),
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", "authors.csv: is empty; expected a line of column names"),
        ("family\n", "authors.csv:1: has no line below the column names"),
        ("family;given\nSmith;Jane\n", "authors.csv:1: is separated by semicolons; expected commas"),
        ("family,familly\nSmith,x\n", "authors.csv:1: unknown column 'familly'"),
        ("family,family\nSmith,x\n", "authors.csv:1: the column 'family' is there twice"),
        ("family,disclosure_declared\nSmith,2025-01-01\n", "authors.csv:2: disclosure: is no answer"),
        ("family,orcid_authenticated\nSmith,yes\n", "authors.csv:1: unknown column 'orcid_authenticated'"),
    ],
)
def test_tables_of_the_wrong_form(tables, text, expected):
    assert errors(tables(authors=text))[0].startswith(expected)


def test_other_encodings_are_named_or_read(tmp_path):
    path = tmp_path / "a:b.csv"
    path.write_bytes("family\nÖdman\n".encode("utf-16"))
    assert read_people_csv(path).people.author[0].family == "Ödman"
    path.write_bytes("family\nÖdman\n".encode("cp1252"))
    assert errors(read_people_csv(path)) == ["a:b.csv:2: is not UTF-8 (save the table as CSV UTF-8)"]
    assert errors(read_people_csv(tmp_path / "none.csv"))[0].startswith("none.csv: cannot be read")


def test_columns_are_keys_of_an_author_or_explained():
    ours = {"disclosure_declared", "no_interests", *(name for name in AUTHOR_COLUMNS if name.startswith("confirmed_"))}
    assert set(AUTHOR_COLUMNS) - ours <= set(Author.model_fields)
