"""Names and initials as journals print them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cohortium.governance.people.model import Author, People
from cohortium.governance.people.names import (
    citation_name,
    initials_of,
    published_initials,
    published_name,
    sorted_name,
)

NAMES = [
    # given, particle, family, suffix: name, citation, initials
    (("Jane M.", "", "Smith", ""), "Jane M. Smith", "Smith JM", "JMS"),
    (("Jean-Luc", "", "Petit", ""), "Jean-Luc Petit", "Petit J-L", "JLP"),
    (("Jean-Luc M.", "van der", "Berg", "Jr."), "Jean-Luc M. van der Berg Jr.", "van der Berg J-LM Jr.", "JLMvdB"),
    (("Juan", "de la", "Rubia", ""), "Juan de la Rubia", "de la Rubia J", "JdlR"),
    (("Juan", "", "de la Rubia", ""), "Juan de la Rubia", "de la Rubia J", "JdlR"),
    (("Łukasz", "", "Öztürk-Peña", ""), "Łukasz Öztürk-Peña", "Öztürk-Peña L", "LOP"),
    (("Ángela", "", "García Márquez", ""), "Ángela García Márquez", "García Márquez A", "AGM"),
    (("J.A.", "", "McDonald", "III"), "J.A. McDonald III", "McDonald JA III", "JAM"),
    (("AJ", "", "O'Brien", ""), "AJ O'Brien", "O'Brien AJ", "AJO"),
    (("WEI", "", "LI", ""), "WEI LI", "LI W", "WL"),
    (("Ali", "al-", "Rashid", ""), "Ali al-Rashid", "al-Rashid A", "AaR"),
    (("Jeanne", "d’", "Arc", ""), "Jeanne d’Arc", "d’Arc J", "JdA"),
    (("민수", "", "김", ""), "민수 김", "김 민", "민김"),
    (("", "", "Suharto", ""), "Suharto", "Suharto", "S"),
    (("Gerard", "'t", "Hooft", ""), "Gerard 't Hooft", "'t Hooft G", "GtH"),
]


def author(id_="a", **keys):
    return Author(id=id_, **keys)


def published(*names):
    authors = [author(f"a{i}", given=given, family=family) for i, (given, family) in enumerate(names)]
    return list(published_initials(People(author=tuple(authors))).values())


@pytest.mark.parametrize(("parts", "name", "citation", "initials"), NAMES)
def test_names(parts, name, citation, initials):
    given, particle, family, suffix = parts
    person = author(given=given, particle=particle, family=family, suffix=suffix)
    assert published_name(person) == name
    assert citation_name(person) == citation
    assert initials_of(person) == initials


def test_the_family_name_first():
    person = author(given="Jean-Luc", particle="van der", family="Berg", suffix="Jr.")
    assert sorted_name(person) == "van der Berg, Jean-Luc, Jr."


def test_a_group_stands_with_its_name():
    group = author(group="Myeloma Consortium")
    assert published_name(group) == citation_name(group) == initials_of(group) == "Myeloma Consortium"


def test_initials_of_the_file_are_taken_as_they_are():
    assert initials_of(author(given="Jane", family="Smith", initials="J.S.")) == "J.S."


@pytest.mark.parametrize(
    ("names", "initials"),
    [
        ([("Jane", "Smith"), ("John", "Sawyer")], ["JSm", "JSa"]),
        ([("Jane", "Smith"), ("John", "Smith")], ["JaS", "JoS"]),
        ([("Wei", "Li"), ("Wen", "Lin")], ["WLi", "WLin"]),
        ([("Ana", "Silva"), ("Ana", "Silva")], ["AS", "AS"]),
        ([("Zoë", "Ödman"), ("Zoe", "Olsen")], ["ZOd", "ZOl"]),
        ([("Jane", "Smith"), ("John", "Smith"), ("Joan", "Sawyer")], ["JaSm", "JoSm", "JoSa"]),
        ([("JANE", "SMITH"), ("John", "Sawyer")], ["JSm", "JSa"]),
        ([("Ann", "Bell"), ("Bo", "Chen")], ["AB", "BC"]),
    ],
)
def test_colliding_initials_are_extended(names, initials):
    found = published(*names)
    assert found == initials


def test_an_extension_avoids_initials_that_are_taken():
    authors = (
        author("a", given="Jane", family="Smith"),
        author("b", given="John", family="Sawyer"),
        author("c", given="Jo", family="X", initials="JSm"),
    )
    found = published_initials(People(author=authors))
    assert found["c"] == "JSm"
    assert len({text.casefold() for text in found.values()}) == 3


WORD = st.text("ABCabcéØł- .'", min_size=1, max_size=8).filter(lambda text: any(map(str.isalpha, text)))


@given(st.lists(st.tuples(WORD, WORD), max_size=6))
def test_published_initials_are_deterministic_and_plain(names):
    found = published(*names)
    assert found == published(*names)
    assert all(text.isascii() and text.isalpha() for text in found)


@given(st.permutations([("Jane", "Smith"), ("John", "Sawyer"), ("Jo", "Stone"), ("Ann", "Bell")]))
def test_the_order_of_the_byline_does_not_change_initials(names):
    assert dict(zip(names, published(*names), strict=True)) == {
        ("Jane", "Smith"): "JSm",
        ("John", "Sawyer"): "JSa",
        ("Jo", "Stone"): "JSt",
        ("Ann", "Bell"): "AB",
    }
