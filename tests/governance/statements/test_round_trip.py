"""Plain front matter, read again, gives the same records: for names and organizations of any characters."""

import datetime as dt
import typing

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from cohortium.governance.frontmatter.accepted import proposed_people
from cohortium.governance.frontmatter.read import read_frontmatter
from cohortium.governance.people.model import Article, Author, Category, Disclosure, History, Interest, PaidTo, People
from cohortium.governance.people.names import published_initials
from cohortium.governance.people.orcid import orcid_check_digit
from cohortium.governance.statements.build import build_document
from cohortium.governance.statements.plain import plain_text

ANYTHING = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=12)
ORGANIZATIONS = ANYTHING | st.sampled_from([
    "Pfizer", "Kite, a Gilead company", "Johnson & Johnson", "Foo and Bar", "Acme, Inc.", "Research Corp", "St. Jude Medical",
    "X. AB reports none", "BMS (to institution)", "Grants from Y", "the other authors", "A; B", "[interest]", "Accepted: 1 May 2025",
])  # fmt: skip
NAMES = ANYTHING | st.sampled_from([
    "Alder", "Beth", "Jean-Luc M.", "O'Neil", "Ng", "van Dyk", "Funding", "Authors", "Received: 3 May 2025", "Smith Jr", "MD",
])  # fmt: skip
NOTHING = st.just("")
DATES = st.dates(dt.date(1990, 1, 1), dt.date(2030, 1, 1))
INTERESTS = st.builds(
    Interest,
    category=st.sampled_from(typing.get_args(Category)),
    organization=ORGANIZATIONS,
    paid_to=st.sampled_from(typing.get_args(PaidTo)),
    detail=NOTHING | ORGANIZATIONS,
)
DISCLOSURES = (
    st.none()
    | st.just(Disclosure(none=True))
    | st.builds(Disclosure, interests=st.lists(INTERESTS, min_size=1, max_size=4).map(tuple))
)
HISTORIES = st.builds(
    History,
    received=st.none() | DATES,
    revised=st.lists(DATES, max_size=2).map(tuple),
    accepted=st.none() | DATES,
    published_online=st.none() | DATES,
)
ARTICLES = st.builds(
    Article,
    title=NOTHING | ORGANIZATIONS,
    acknowledgments=NOTHING | ORGANIZATIONS,
    data_availability=NOTHING | ORGANIZATIONS,
    history=HISTORIES,
)


def orcid(digits):
    whole = digits + orcid_check_digit(digits)
    return "-".join(whole[at : at + 4] for at in range(0, 16, 4))


ORCIDS = st.none() | st.text("0123456789", min_size=15, max_size=15).map(orcid)
PERSONS = st.fixed_dictionaries(
    {
        "given": NOTHING | NAMES,
        "particle": st.sampled_from(["", "van der", "Von", "de la"]),
        "family": NAMES,
        "suffix": st.sampled_from(["", "Jr.", "III"]),
    }
)
AUTHORS = st.builds(
    lambda name, initials, orcid, disclosure: Author(
        id="x", initials=initials, orcid=orcid, disclosure=disclosure, **name
    ),
    PERSONS | st.fixed_dictionaries({"group": NAMES}),
    NOTHING | NAMES,
    ORCIDS,
    DISCLOSURES,
)


def carried(people):
    """What the text carries of a people file."""
    article = people.article
    authors = [
        (a.given, a.particle, a.family, a.suffix, a.group, a.initials, a.orcid, a.disclosure and said(a.disclosure))
        for a in people.author
    ]
    return article.history, article.title, article.acknowledgments, article.data_availability, authors


def said(answer):
    return answer.none, [(i.category, i.organization, i.paid_to, i.detail) for i in answer.interests]


@settings(deadline=None)
@given(ARTICLES, st.lists(AUTHORS, max_size=5))
def test_rendering_and_reading_again_is_the_identity(article, authors):
    numbered = tuple(author.model_copy(update={"id": f"a{at}"}) for at, author in enumerate(authors))
    people = People(article=article, author=numbered)
    initials = {text.casefold() for text in published_initials(people).values()}
    assume(len(initials) == len(numbered))
    text = plain_text(build_document(people, ()))
    assert carried(proposed_people(read_frontmatter(text))) == carried(people)


def test_an_ordinary_file_needs_no_brackets(people, sites):
    text = plain_text(build_document(people, sites))
    reading = read_frontmatter(text)
    assert carried(proposed_people(reading)) == carried(people)
    assert "[" not in text.replace('[interest category "grants" organization "Smith and Sons"]', "")
