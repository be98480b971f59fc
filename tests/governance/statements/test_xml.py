"""JATS and Crossref: valid against the schemas, and each record in its element."""

import pytest
from lxml import etree

from cohortium.governance.people.model import People
from cohortium.governance.statements.crossref import crossref, missing_for_crossref
from cohortium.governance.statements.jats import jats, missing_for_jats

CROSSREF = {"c": "http://www.crossref.org/schema/5.3.1", "fr": "http://www.crossref.org/fundref.xsd"}


def parsed(data):
    return etree.fromstring(data)


def draft_2(data):
    """The schema at hand is that of JATS 1.3d2, the last draft before 1.3, and knows its own number only."""
    root = parsed(data)
    assert root.get("dtd-version") == "1.3"
    root.set("dtd-version", "1.3d2")
    return root


def test_jats_is_valid(people, sites, jats_schema):
    jats_schema.assertValid(draft_2(jats(people, sites)))


def test_a_draft_of_nothing_is_valid_where_it_has_an_author(people, sites, jats_schema):
    bare = People(author=(people.author[2].model_copy(update={"affiliations": (), "disclosure": None, "roles": ()}),))
    draft = jats(bare, [site.model_copy(update={"ethics": None}) for site in sites])
    jats_schema.assertValid(draft_2(draft))
    assert b"[MISSING: author c: has no answer about competing interests]" in draft


def test_orcid_ids_say_whether_the_person_logged_in(people, sites):
    ids = parsed(jats(people, sites)).findall(".//contrib-id")
    assert [(element.get("authenticated"), element.text) for element in ids] == [
        ("true", "https://orcid.org/0000-0002-1825-0097"),
        ("false", "https://orcid.org/0000-0001-5109-3700"),
    ]


def test_names_single_names_and_groups(people, sites):
    contributors = parsed(jats(people, sites)).findall(".//contrib")
    assert contributors[2].findtext("string-name/surname") == "Cedar"
    assert contributors[1].findtext("name/surname") == "van der Elm"
    assert contributors[1].findtext("name/suffix") == "Jr."
    assert contributors[3].findtext("collab/institution") == "Plasma Study Group"
    assert [contributor.get("equal-contrib") for contributor in contributors] == ["yes", "yes", None, None]


def test_roles_carry_the_vocabulary(people, sites):
    role = parsed(jats(people, sites)).find(".//role")
    assert dict(role.attrib) == {
        "vocab": "credit",
        "vocab-identifier": "https://credit.niso.org/",
        "vocab-term": "Writing – original draft",
        "vocab-term-identifier": "https://credit.niso.org/contributor-roles/writing-original-draft/",
        "degree-contribution": "lead",
    }


def test_the_rest_of_the_front_and_back_matter(people, sites):
    root = parsed(jats(people, sites))
    assert root.findtext(".//aff/institution-wrap/institution-id") == "https://ror.org/02yrq0923"
    assert "ABA reports grants from Pfizer" in root.findtext(".//fn[@fn-type='coi-statement']/p")
    kinds = [date.get("date-type") for date in root.findall(".//history/date")]
    assert kinds == ["received", "rev-recd", "accepted"]
    assert root.find(".//pub-history/event/date/year").text == "2025"
    assert root.findtext(".//award-group/award-id") == "EF-1"
    assert root.findtext("back/ack/p") == "We thank everyone."
    assert "Westport" in root.findtext("back/sec[@sec-type='ethics-statement']/p")
    assert {xref.get("rid") for xref in root.iter("xref")} <= {
        element.get("id") for element in root.iter() if element.get("id")
    }


def test_crossref_is_valid(people, crossref_schema):
    assert list(missing_for_crossref(people)) == []
    root = parsed(crossref(people))
    crossref_schema.assertValid(root)
    assert root.findtext(".//c:ORCID", namespaces=CROSSREF) == "https://orcid.org/0000-0002-1825-0097"
    assert root.findtext(".//c:timestamp", namespaces=CROSSREF) == "202510020001"


def test_what_a_deposit_needs_is_listed_at_once(people):
    problems = list(missing_for_crossref(People(author=people.author)))
    assert len(problems) == 7
    named = people.author[0].model_copy(update={"given": "Amos 2"})
    assert [
        "no digits" in problem.what for problem in missing_for_crossref(people.model_copy(update={"author": (named,)}))
    ] == [True]
    assert [problem.hint for problem in missing_for_jats(People().article)] == [
        "add 'journal'", "add 'journal_id'", "add 'issn'", "add 'doi'",
    ]  # fmt: skip


@pytest.mark.parametrize("text", ["]]>", "<script>&amp;", "\x00\ud800 \ufffe", "\u202e", "'\"><x y='"])
def test_every_character_of_a_record_is_text(people, sites, jats_schema, text):
    people = people.model_copy(update={"article": people.article.model_copy(update={"title": text})})
    root = draft_2(jats(people, sites))
    jats_schema.assertValid(root)
    assert len(root.find(".//article-title")) == 0


def test_an_email_is_in_no_form(people, sites):
    assert b"amos@example.org" not in jats(people, sites) + crossref(people)
