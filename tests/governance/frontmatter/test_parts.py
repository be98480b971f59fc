"""The rules of the reader, one table each."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cohortium.governance.frontmatter.history import date_of
from cohortium.governance.frontmatter.read import read_frontmatter

AUTHORS = "Authors\nAlder, Amos B.\nBrook, Beth\nSmith, John\nStone, James\nPlasma Study Group\n"
PIECES = st.sampled_from([
    AUTHORS, "Competing interests: ", "\nEthics\n", "AB reports ", "ABA reports ", "JS has ", "grants from ", "Pfizer",
    ", ", " and ", ". ", "; ", "(", ")", "no conflicts of interest", "The other authors declare ", "Received: ",
    "30 June 2025", "\n", "\n\n", "Acme, Inc.", "consulting", " for ", "approved by the Hill Clinic (Hilltown)",
    '[interest category "grants" organization "X"]', '[author number "1"]', "é", "https://orcid.org/0000-0002-1825-0097",
])  # fmt: skip


def kinds(text):
    reading = read_frontmatter(text)
    return [proposal.kind for proposal in reading.proposals], [item.kind for item in reading.unresolved]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("30 June 2025", dt.date(2025, 6, 30)),
        ("June 30, 2025", dt.date(2025, 6, 30)),
        ("2025-06-30", dt.date(2025, 6, 30)),
        ("1st Sept. 2025", dt.date(2025, 9, 1)),
        ("3/4/2025", None),
        ("31 June 2025", None),
        ("June 2025", None),
    ],
)
def test_a_date_is_read_only_when_it_is_one_day(text, expected):
    assert date_of(text) == expected


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("Alder, Amos B.", ("Amos B.", "", "Alder", "")),
        ("van der Berg, Jean-Luc, Jr.", ("Jean-Luc", "van der", "Berg", "Jr.")),
        ("Berg, Jan van der", ("Jan", "van der", "Berg", "")),
        ("Øst-Ümber, Łuk III", ("Łuk", "", "Øst-Ümber", "III")),
        ("Dent Jr., David", ("David", "", "Dent", "Jr.")),
        ("Elm, Anna V", ("Anna V", "", "Elm", "")),
        ("Cedar", ("", "", "Cedar", "")),
    ],
)
def test_names(line, name):
    (author,) = (proposal.value for proposal in read_frontmatter(f"Authors\n{line}\n").proposals)
    assert (author.given, author.particle, author.family, author.suffix) == name


def test_what_is_not_read_of_an_author_line_is_listed():
    assert kinds("Authors\nAlder, Amos 1,2*\n") == (["author"], ["text"])
    assert kinds("Authors\nAlder, Amos, MD, PhD\n") == (["author"], ["text"])
    assert kinds("Authors\nAmos Alder\n") == ([], ["author"])
    assert kinds("Authors\nAlder, Amos https://orcid.org/0000-0002-1825-0098\n") == (["author"], ["orcid"])


def test_a_second_date_for_a_step_is_a_question():
    assert kinds("Received: 30 June 2025\nReceived: 1 July 2025\n") == (["history"], ["history"])


def test_the_rest_of_the_authors_leaves_out_whom_another_statement_may_mean():
    text = f"{AUTHORS}\nCompeting interests\nJS reports grants from Pfizer. The other authors declare no conflicts."
    reading = read_frontmatter(text)
    assert [proposal.value.author for proposal in reading.of("disclosure")] == [
        "alder-a",
        "brook-b",
        "plasma-study-group",
    ]


def test_all_authors_is_not_believed_beside_a_tie():
    text = f"{AUTHORS}\nCompeting interests\nBB reports grants from Pfizer. All authors declare no conflicts."
    assert [proposal.value.author for proposal in read_frontmatter(text).of("disclosure")] == ["brook-b"]


def test_boards_named_before_their_institutions():
    text = "Ethics\nIt was approved by the institutional review boards or ethics committees of Hill Clinic (Laketon) and Elm Institute (Elmton)."
    places = [(p.value.name, p.value.city) for p in read_frontmatter(text).of("board")]
    assert places == [("Hill Clinic", "Laketon"), ("Elm Institute", "Elmton")]


def test_two_places_or_none_are_not_a_board_with_its_city():
    text = "Ethics\nIt was approved by: Hill Clinic; Lake Hospital, Laketon, Far, Away; Oakham; and Elm Institute (Elmton)."
    reading = read_frontmatter(text)
    assert [(p.value.name, p.value.city) for p in reading.of("board")] == [("Elm Institute", "Elmton")]
    assert [item.kind for item in reading.unresolved] == ["board", "board", "board"]


@given(st.lists(PIECES, max_size=25).map("".join))
def test_nothing_is_lost_and_nothing_is_counted_twice(source):
    reading = read_frontmatter(source)
    covered = [False] * len(source)
    for span in [*(item.span for item in (*reading.proposals, *reading.unresolved)), *reading.headings]:
        covered[span.start : span.end] = [True] * (span.end - span.start)
    assert [character for at, character in enumerate(source) if not character.isspace() and not covered[at]] == []
    proposed = {proposal.declaration for proposal in reading.of("disclosure")}
    not_resolved = {item.declaration for item in reading.unresolved if item.declaration is not None}
    assert proposed | not_resolved == set(range(reading.n_declarations))
    assert not proposed & not_resolved
