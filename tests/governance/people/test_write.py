"""What is written is read back as it was, for any people."""

import datetime as dt
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import get_args

from hypothesis import given, settings
from hypothesis import strategies as st

from cohortium.governance.people.load import read_people
from cohortium.governance.people.model import (
    Affiliation,
    Article,
    Author,
    Category,
    Confirmations,
    Contribution,
    Deposit,
    Disclosure,
    Funding,
    History,
    Interest,
    PaidTo,
    People,
    Role,
)
from cohortium.governance.people.write import write_people

ID = st.from_regex(r"[A-Za-z][A-Za-z0-9_-]{0,8}", fullmatch=True)
TEXT = st.text(st.characters(codec="utf-8"), max_size=12)
NAME = st.text(st.characters(codec="utf-8"), min_size=1, max_size=12)
DAY = st.dates(dt.date(2000, 1, 1), dt.date(2030, 1, 1))
MAYBE_DAY = st.none() | DAY


def several(element):
    return st.lists(element, max_size=2).map(tuple)


INTEREST = st.builds(
    Interest,
    category=st.sampled_from(get_args(Category)),
    organization=NAME,
    paid_to=st.sampled_from(get_args(PaidTo)),
    declared=MAYBE_DAY,
    expires=MAYBE_DAY,
    detail=TEXT,
)
AUTHOR = st.builds(
    Author,
    id=ID,
    given=TEXT,
    particle=TEXT,
    family=TEXT,
    group=TEXT,
    orcid=st.none() | TEXT,
    orcid_authenticated=st.booleans(),
    email=st.none() | TEXT,
    affiliations=several(ID),
    roles=several(
        st.builds(Contribution, role=st.sampled_from(get_args(Role)), degree=st.sampled_from([None, "lead"]))
    ),
    confirmed=st.builds(Confirmations, contribution=MAYBE_DAY, approval=MAYBE_DAY),
    corresponding=st.booleans(),
    consent_to_be_named=MAYBE_DAY,
    disclosure=st.none()
    | st.builds(Disclosure, declared=MAYBE_DAY, none=st.booleans(), interests=several(INTEREST), source=TEXT),
)
ARTICLE = st.builds(
    Article,
    title=TEXT,
    doi=st.none() | TEXT,
    issn=st.sampled_from([(), ("1234-5679",)]),
    deposit=st.none() | st.builds(Deposit, name=NAME, email=NAME, registrant=NAME, version=st.integers(1, 9)),
    submitted=MAYBE_DAY,
    history=st.builds(History, received=MAYBE_DAY, revised=several(DAY), accepted=MAYBE_DAY),
    funding=several(st.builds(Funding, funder=NAME, award=TEXT, recipients=several(ID))),
    acknowledgments=TEXT,
)
PEOPLE = st.builds(
    People,
    article=ARTICLE,
    affiliation=several(st.builds(Affiliation, id=ID, name=NAME, city=TEXT, ror=st.none() | TEXT)),
    author=several(AUTHOR),
)


@settings(deadline=None, max_examples=60)
@given(PEOPLE)
def test_what_is_written_is_read_back(people):
    with TemporaryDirectory() as directory:
        (Path(directory) / "people.toml").write_text(write_people(people), encoding="utf-8", newline="")
        assert read_people(Path(directory)).people == people


def test_the_text_is_stable_and_short():
    author = Author(
        id="smith",
        given="Jane",
        family='Smith "Jo"\n',
        roles=(Contribution(role="software", degree="lead"),),
        confirmed=Confirmations(approval=dt.date(2025, 6, 1)),
        disclosure=Disclosure(declared=dt.date(2025, 6, 1), none=True),
    )
    people = People(article=Article(history=History(revised=(dt.date(2025, 9, 1),))), author=(author,))
    assert write_people(people) == (
        "[article]\n\n"
        "[article.history]\nrevised = [2025-09-01]\n\n"
        '[[author]]\nid = "smith"\ngiven = "Jane"\nfamily = "Smith \\"Jo\\"\\n"\n'
        'roles = [\n  { role = "software", degree = "lead" },\n]\nconfirmed = { approval = 2025-06-01 }\n\n'
        "[author.disclosure]\ndeclared = 2025-06-01\nnone = true\n"
    )
    assert write_people(People()) == ""
