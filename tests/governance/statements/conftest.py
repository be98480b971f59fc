"""A complete article of fictional people, and the schemas."""

import datetime as dt
from functools import cache
from pathlib import Path

import pytest
from lxml import etree

from cohortium.governance.people.model import (
    Affiliation,
    Article,
    Author,
    Confirmations,
    Contribution,
    Deposit,
    Disclosure,
    Funding,
    History,
    Interest,
    People,
)
from cohortium.study.ethics import Agreement, Ethics
from cohortium.study.model import Site

SCHEMAS = Path(__file__).parent / "schemas"
MATHML = "http://www.w3.org/Math/XMLSchema/mathml3/mathml3.xsd"
DAY = dt.date(2025, 6, 1)
CONFIRMED = Confirmations(contribution=DAY, drafting=DAY, approval=DAY, accountability=DAY)


class Local(etree.Resolver):
    """Schemas come from the directory beside the tests, never from the network."""

    def resolve(self, url, public_id, context):
        if url == MATHML:
            return self.resolve_filename(str(SCHEMAS / "standard-modules/mathml3/mathml3.xsd"), context)
        if url.startswith(("http:", "https:")):
            raise LookupError(url)
        return None


@cache
def load(name):
    parser = etree.XMLParser(no_network=True, resolve_entities=False)
    parser.resolvers.add(Local())
    return etree.XMLSchema(etree.parse(str(SCHEMAS / name), parser))


@pytest.fixture(scope="session")
def jats_schema():
    return load("jats.xsd")


@pytest.fixture(scope="session")
def crossref_schema():
    return load("crossref5.3.1.xsd")


def site(id_, **ethics):
    known = {"board": f"{id_.title()} Review Board", "approved": DAY, "decision": "approved", "consent": "waived"}
    known["consent_basis"] = "45 CFR 46.116(f)"
    return Site(id=id_, name=f"{id_.title()} Hospital", city=f"{id_.title()}ville", ethics=Ethics(**(known | ethics)))


@pytest.fixture
def sites():
    return (
        site("north", number="N-1"),
        site("south", decision="exempt", consent="not-required", consent_basis="45 CFR 46.104(d)(4)"),
        site("east", decision="reliance", relies_on="north"),
        site("west", consent="obtained", consent_basis="", city="Westport").model_copy(
            update={"agreement": Agreement(kind="limited", signed=DAY)}
        ),
    )


def author(id_, given, family, **more):
    known = {
        "affiliations": ("north",),
        "confirmed": CONFIRMED,
        "consent_to_be_named": DAY,
        "disclosure": Disclosure(none=True),
        "roles": (Contribution(role="investigation"),),
    }
    return Author(id=id_, given=given, family=family, **(known | more))


@pytest.fixture
def people():
    ties = (
        Interest(category="grants", organization="Pfizer", paid_to="institution"),
        Interest(category="grants", organization="Smith and Sons"),
        Interest(category="consulting", organization="Kite, a Gilead company", detail="2023"),
    )
    return People(
        article=Article(
            title="A fictional study of <nothing> & more",
            journal="Journal of Examples",
            journal_id="J Ex",
            issn=("1234-5679",),
            doi="10.5555/example.1",
            url="https://example.org/1",
            deposit=Deposit(name="Example Press", email="deposits@example.org", registrant="Example Press"),
            history=History(
                received=dt.date(2025, 6, 30),
                revised=(dt.date(2025, 8, 1),),
                accepted=dt.date(2025, 9, 1),
                published_online=dt.date(2025, 10, 2),
            ),
            funding=(Funding(funder="Example Fund", award="EF-1", funder_id="https://ror.org/02yrq0923", recipients=("a",)),),
            acknowledgments="We thank everyone.",
            data_availability="Data are available on request.",
        ),
        affiliation=(
            Affiliation(id="north", name="North Hospital", department="Medicine", city="Northville", country="USA",
                        ror="https://ror.org/02yrq0923"),
            Affiliation(id="south", name="South Hospital"),
        ),
        author=(
            author("a", "Amos B.", "Alder", orcid="0000-0002-1825-0097", orcid_authenticated=True, email="amos@example.org",
                   equal_contribution=True, corresponding=True, disclosure=Disclosure(interests=ties),
                   roles=(Contribution(role="writing-original-draft", degree="lead"), Contribution(role="software"))),
            author("b", "Beth", "Elm", particle="van der", suffix="Jr.", orcid="0000-0001-5109-3700",
                   affiliations=("south", "north"), equal_contribution=True),
            author("c", "", "Cedar"),
            Author(id="g", group="Plasma Study Group", roles=(Contribution(role="resources"),), disclosure=Disclosure(none=True)),
        ),
    )  # fmt: skip
