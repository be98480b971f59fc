"""A whole article of 46 fictional authors with the usual disorder, in hand-made text."""

from pathlib import Path

import pytest

from cohortium.governance.frontmatter.accepted import proposed_people
from cohortium.governance.frontmatter.read import read_frontmatter
from cohortium.governance.people.load import load_people
from cohortium.governance.people.write import write_people

SOURCE = (Path(__file__).parent / "article.txt").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def reading():
    return read_frontmatter(SOURCE)


def ties(reading, author):
    return [
        (interest.category, interest.organization, interest.paid_to, interest.detail)
        for proposal in reading.of("disclosure")
        if proposal.value.author == author
        for interest in proposal.value.disclosure.interests
    ]


def unresolved(reading, start):
    return next(
        item
        for item in reading.unresolved
        if item.declaration is not None and reading.text(item.span).startswith(start)
    )


def test_counts(reading):
    authors = [proposal.value for proposal in reading.of("author")]
    assert (len(authors), sum(author.orcid is not None for author in authors)) == (46, 32)
    assert (len(list(reading.of("board"))), len(list(reading.of("history")))) == (15, 4)
    # 34 statements; one of them speaks of two authors.
    assert reading.n_declarations == 35


def test_every_declaration_is_proposed_or_unresolved_and_never_both(reading):
    proposed = {proposal.declaration for proposal in reading.of("disclosure")}
    not_resolved = {item.declaration for item in reading.unresolved if item.declaration is not None}
    assert proposed | not_resolved == set(range(reading.n_declarations))
    assert not proposed & not_resolved


def test_every_character_has_its_place(reading):
    covered = [False] * len(SOURCE)
    for span in [*(item.span for item in (*reading.proposals, *reading.unresolved)), *reading.headings]:
        covered[span.start : span.end] = [True] * (span.end - span.start)
    lost = [at for at, character in enumerate(SOURCE) if not character.isspace() and not covered[at]]
    assert lost == []


def test_every_organization_stands_in_the_text_of_its_proposal(reading):
    for proposal in reading.of("disclosure"):
        text = " ".join(reading.text(proposal.span).split())
        assert all(interest.organization in text for interest in proposal.value.disclosure.interests)
        assert proposal.value.disclosure.source == reading.text(proposal.span)


@pytest.mark.parametrize(
    ("author", "expected"),
    [
        ("alder-a", [("advisory-board", "BMS", "not stated", ""), ("advisory-board", "Janssen", "not stated", ""),
                     ("grants", "Kite, a Gilead company", "not stated", "")]),
        ("gorse-g", [("consulting", "AbbVie", "not stated", ""), ("consulting", "Pfizer", "not stated", ""),
                     ("grants", "GSK", "institution", "")]),
        ("hazel-h", [("advisory-board", "Johnson and Johnson", "not stated", "")]),
        ("ivy-i", [("honoraria", "Sanofi", "not stated", "speakers bureau"), ("travel", "Sanofi", "not stated", "")]),
        ("juniper-j", [("grants", "Novartis", "institution", ""), ("grants", "Amgen", "institution", ""),
                       ("grants", "Eli Lilly and Company", "institution", "")]),
        ("thistle-u", [("stock", "Amgen", "not stated", "2019-2021"), ("stock", "Novartis", "not stated", "")]),
        ("violet-w", [("consulting", "Takeda", "both", ""), ("royalties", "Nutshell Press, Inc.", "not stated", "")]),
        ("xylem-z", [("advisory-board", "Regeneron", "not stated", "data safety monitoring board")]),
        ("tansy-u", [("travel", "Gilead Sciences", "not stated", ""), ("travel", "Arcellx", "not stated", "")]),
        ("saffron-t", [("equipment", "AstraZeneca", "not stated", "")]),
    ],
)  # fmt: skip
def test_ties_in_their_usual_disorder(reading, author, expected):
    assert ties(reading, author) == expected


@pytest.mark.parametrize(
    ("statement", "reason", "candidates"),
    [
        ("BB reports", "fit 2 authors", ("Bela Birch", "Ben Bramble")),
        ("CD reports", "fit no author exactly", ("Cora D. Cedar", "Cal D. Clover")),
        ("QX reports", "fit no author", ()),
        ("BCZ served", "fits no rule", ("zinnia-b",)),
        ("AY reports no", "declares no interest in one statement", ("yarrow-a",)),
        ("The rest", "who the other authors are is not known", ()),
    ],
)
def test_nothing_is_guessed(reading, statement, reason, candidates):
    item = unresolved(reading, statement)
    assert reason in item.reason
    assert item.candidates == candidates


def test_an_unknown_organization_is_proposed_as_written_with_suggestions(reading):
    item = next(item for item in reading.unresolved if item.kind == "organization" and "Karyofarm" in item.reason)
    assert item.candidates == ("Karyopharm Therapeutics",)
    assert ties(reading, "dogwood-d") == [("consulting", "Karyofarm", "not stated", "")]


def test_the_proposal_is_a_people_file(reading, tmp_path):
    people = proposed_people(reading)
    (tmp_path / "people.toml").write_text(write_people(people), encoding="utf-8")
    assert load_people(tmp_path, None) == people
