"""Names of organizations: exact by the table, and suggestions that decide nothing."""

import pytest

from cohortium.governance.interests.normalize import Organization, folded, normalize_organization, table
from cohortium.governance.interests.suggest import suggest_organizations

NAMES = [
    ("BMS", "Bristol Myers Squibb", None),
    ("bristol-myers  SQUIBB", "Bristol Myers Squibb", None),
    ("Johnson & Johnson", "Johnson & Johnson", None),
    ("Johnson and Johnson", "Johnson & Johnson", None),
    ("J&J", "Johnson & Johnson", None),
    ("Janssen", "Janssen", "Johnson & Johnson"),
    ("Kite, a Gilead company", "Kite", "Gilead Sciences"),
    ("Kite, a Gilead Company.", "Kite", "Gilead Sciences"),
    ("Celgene", "Celgene", "Bristol Myers Squibb"),
    ("Juno", "Juno Therapeutics", "Bristol Myers Squibb"),
    ("Genentech®", "Genentech", "Roche"),
    ("F. Hoffmann-La Roche", "Roche", None),
    ("GlaxoSmithKline", "GSK", None),
    ("Legend", "Legend Biotech", None),
    ("MSD", "Merck & Co.", None),
]


@pytest.mark.parametrize(("name", "canonical", "parent"), NAMES)
def test_known_names(name, canonical, parent):
    assert normalize_organization(name) == Organization(canonical, parent, known=True)
    assert suggest_organizations(name) == ()


@pytest.mark.parametrize(
    "name", ["Bristol Meyers Squibb", "Jansen", "Merck", "BMS/Celgene", "University of Nowhere", ""]
)
def test_nothing_is_guessed(name):
    assert normalize_organization(name) == Organization(name, None, known=False)


def test_parents_are_in_the_table_and_nobody_is_its_own():
    organizations = table().organizations
    assert len(organizations) >= 80
    parents = [organization.parent for organization in organizations.values() if organization.parent]
    assert set(parents) <= set(organizations)
    assert all(organization.parent != organization.canonical for organization in organizations.values())


def test_every_alias_is_folded_once():
    names = table().names
    assert all(folded(name) == name for name in names)
    assert set(names.values()) == set(table().organizations)


@pytest.mark.parametrize(
    ("name", "likely"),
    [("Bristol Meyers Squibb", "Bristol Myers Squibb"), ("Jansen", "Janssen"), ("Novartis Oncology", "Novartis")],
)
def test_near_misses_are_suggested(name, likely):
    suggestions = suggest_organizations(name)
    assert suggestions[0].canonical == likely
    assert [s.score for s in suggestions] == sorted((s.score for s in suggestions), reverse=True)
    assert all(60 <= s.score < 100 for s in suggestions)
    assert suggest_organizations(name) == suggestions


@pytest.mark.parametrize("name", ["", "??", "Zzyzx"])
def test_what_resembles_nothing_has_no_suggestion(name):
    assert suggest_organizations(name) == ()


def test_two_companies_of_one_name_are_both_suggested():
    assert {"Merck & Co.", "Merck KGaA"} <= {suggestion.canonical for suggestion in suggest_organizations("Merck")}
