"""Who has ties with the maker, whose declaration is missing or old, which organizations are unknown."""

import datetime as dt

import pytest

from cohortium.governance.interests.listing import COLUMNS, interests_rows, interests_text
from cohortium.governance.interests.normalize import normalize_organization
from cohortium.governance.interests.report import relation_with, report_interests
from cohortium.governance.people.model import Article, Author, Disclosure, Interest, People

SUBMITTED = dt.date(2025, 6, 30)
DECLARED = dt.date(2025, 6, 1)


def author(id_, *interests, declared=DECLARED, none=False):
    disclosure = Disclosure(declared=declared, none=none, interests=interests)
    return Author(id=id_, given=id_[:1], family=id_.title(), disclosure=disclosure)


def tie(organization, category="consulting", **keys):
    return Interest(category=category, organization=organization, **keys)


def people(*authors, maker="Janssen", submitted=SUBMITTED):
    return People(article=Article(submitted=submitted, study_drug="drug", study_drug_maker=maker), author=authors)


@pytest.mark.parametrize(
    ("organization", "maker", "relation"),
    [
        ("Janssen Biotech, Inc.", "Janssen", "maker"),
        ("J&J", "Janssen", "parent"),
        ("Janssen", "J&J", "subsidiary"),
        ("Celgene", "Juno", "same group"),
        ("Kite", "Janssen", None),
        ("Pfizer", "Amgen", None),
        ("A new company", "a new Company", "maker"),
        ("A new company", "Another", None),
    ],
)
def test_relations(organization, maker, relation):
    assert relation_with(normalize_organization(organization), normalize_organization(maker)) == relation


def test_ties_are_listed_with_their_relation():
    report = report_interests(people(author("adams", tie("Janssen"), tie("Johnson and Johnson"), tie("Pfizer"))))
    assert [(found.initials, found.relation, found.canonical) for found in report.ties] == [
        ("AA", "maker", "Janssen"),
        ("AA", "parent", "Johnson & Johnson"),
    ]


def test_a_drug_may_have_two_makers():
    report = report_interests(people(author("adams", tie("Legend")), maker="Janssen; Legend Biotech"))
    assert [maker.canonical for maker in report.makers] == ["Janssen", "Legend Biotech"]
    assert [found.relation for found in report.ties] == ["maker"]


@pytest.mark.parametrize(
    ("expires", "category", "in_window"),
    [
        (dt.date(2022, 6, 29), "consulting", False),
        (dt.date(2022, 6, 30), "consulting", True),
        (None, "consulting", True),
        (dt.date(2010, 1, 1), "support-for-this-work", True),
    ],
)
def test_a_tie_that_ended_before_the_window_says_so(expires, category, in_window):
    report = report_interests(people(author("adams", tie("Janssen", category, expires=expires))))
    assert [found.in_window for found in report.ties] == [in_window]


def test_declarations_that_are_missing_undated_or_old():
    report = report_interests(
        people(
            author("adams", none=True),
            author("brown", none=True, declared=dt.date(2022, 6, 29)),
            author("chen", none=True, declared=None),
            author("diaz", tie("Amgen", declared=dt.date(2020, 1, 1)), tie("Pfizer")),
            author("evans", tie("Amgen"), declared=None),
            Author(id="fox", given="F", family="Fox"),
            Author(id="group", group="The Group"),
        )
    )
    assert [(gap.author, gap.gap, gap.declared) for gap in report.declarations] == [
        ("brown", "outdated", dt.date(2022, 6, 29)),
        ("chen", "undated", None),
        ("diaz", "outdated", dt.date(2020, 1, 1)),
        ("evans", "undated", None),
        ("fox", "missing", None),
    ]
    assert (report.n_persons, report.n_none) == (6, 3)


def test_another_day_changes_what_is_old():
    found = people(author("adams", none=True), submitted=None)
    assert report_interests(found).declarations == ()
    assert report_interests(found).on is None
    assert [gap.gap for gap in report_interests(found, dt.date(2028, 6, 2)).declarations] == ["outdated"]


def test_unknown_organizations_with_who_named_them():
    report = report_interests(people(author("adams", tie("Jansen")), author("brown", tie("JANSEN"), tie("X Y Z"))))
    assert [(unknown.organization, unknown.authors) for unknown in report.unknown] == [
        ("Jansen", ("adams", "brown")),
        ("X Y Z", ("brown",)),
    ]
    assert report.unknown[0].suggestions[0].canonical == "Janssen"
    assert report.ties == ()


def test_the_report_as_text_and_as_rows():
    report = report_interests(
        people(
            author("adams", tie("Janssen", paid_to="person"), tie("J&J", expires=dt.date(2020, 1, 1)), tie("Jansen")),
            author("brown", none=True, declared=None),
        )
    )
    text = interests_text(report)
    assert "2 authors, 1 with no competing interest; declarations dated against 2025-06-30" in text
    assert "Ties with the maker of drug (Janssen): 1 by 1 author\n  AA  a Adams: consulting, Janssen" in text
    assert "Johnson & Johnson (parent), declared as J&J, ended on 2020-01-01, before the 36 months" in text
    assert "brown" not in text
    assert "  BB  b Brown: no date of declaration" in text
    assert "  Jansen, declared by adams; perhaps Janssen (" in text
    rows = [dict(zip(COLUMNS, row, strict=True)) for row in interests_rows(report)]
    assert [row["finding"] for row in rows] == ["tie", "tie", "undated", "unknown organization"]
    assert rows[3]["suggestions"].startswith("Janssen (")


def test_without_a_maker_the_report_says_so():
    text = interests_text(report_interests(People()))
    assert "it is not given, see article.study_drug_maker: none" in text
    assert "not dated: give article.submitted or --on" in text
