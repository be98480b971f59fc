"""`people.toml` as frozen models: authors in order, affiliations, the article's own records."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

Id = Annotated[str, Field(pattern=r"^[A-Za-z][A-Za-z0-9_-]*$", max_length=64)]
Text = Annotated[str, Field(min_length=1)]

Role = Literal[
    "conceptualization", "data-curation", "formal-analysis", "funding-acquisition", "investigation", "methodology",
    "project-administration", "resources", "software", "supervision", "validation", "visualization",
    "writing-original-draft", "writing-review-editing",
]  # fmt: skip
"""The 14 contributor roles of ANSI/NISO Z39.104-2022 (CRediT)."""

Category = Literal[
    "support-for-this-work", "grants", "royalties", "consulting", "honoraria", "expert-testimony", "travel", "patents",
    "advisory-board", "leadership", "stock", "equipment", "other",
]  # fmt: skip
"""The 13 items of the ICMJE disclosure form; the first has no time limit, the others cover the past 36 months."""

PaidTo = Literal["person", "institution", "both", "not stated"]


class Section(BaseModel):
    """A section of `people.toml`: frozen, and an unknown key is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Affiliation(Section):
    """`[[affiliation]]`: an institution as printed under the author list."""

    id: Id = Field(description="Short id that authors refer to.")
    name: Text = Field(description="Institution as printed.")
    department: str = Field(default="", description="Department or division.")
    city: str = Field(default="", description="City.")
    region: str = Field(default="", description="State or region.")
    country: str = Field(default="", description="Country.")
    ror: str | None = Field(default=None, description="ROR id, e.g. https://ror.org/02yrq0923.")


class Contribution(Section):
    """One contributor role with its degree."""

    role: Role = Field(description="CRediT role.")
    degree: Literal["lead", "equal", "supporting"] | None = Field(default=None, description="Degree of contribution.")


class Confirmations(Section):
    """The four criteria of the ICMJE, each with the day on which the author confirmed it."""

    contribution: dt.date | None = Field(default=None, description="Substantial contribution to the work.")
    drafting: dt.date | None = Field(default=None, description="Drafting or critical review.")
    approval: dt.date | None = Field(default=None, description="Final approval of the version to be published.")
    accountability: dt.date | None = Field(default=None, description="Accountability for all aspects of the work.")


class Interest(Section):
    """One tie with an organization."""

    category: Category = Field(description="Item of the ICMJE form.")
    organization: Text = Field(description="Organization as declared.")
    paid_to: PaidTo = Field(default="not stated", description="Who received it.")
    declared: dt.date | None = Field(default=None, description="Day of declaration; the disclosure's own when absent.")
    expires: dt.date | None = Field(default=None, description="Day on which the tie ended or will end.")
    detail: str = Field(default="", description="The author's own words for it, e.g. `speakers bureau`.")


class Disclosure(Section):
    """An author's answer about competing interests; `none = true` is an answer, no disclosure is not."""

    declared: dt.date | None = Field(default=None, description="Day on which the author answered.")
    none: bool = Field(default=False, description="True: the author declares no competing interest.")
    interests: tuple[Interest, ...] = Field(default=(), description="Ties, in the author's order.")
    source: str = Field(default="", description="Original text from which the answer was taken, if any.")


class Author(Section):
    """`[[author]]`: a person (`family`, with or without `given`) or a group (`group`), in the order of the byline."""

    id: Id = Field(description="Short id that signatures and statements refer to.")
    given: str = Field(default="", description="Given names and middle initials as published.")
    particle: str = Field(default="", description="Particle before the family name, e.g. `van der`.")
    family: str = Field(default="", description="Family name, or the single name of a person who has one.")
    suffix: str = Field(default="", description="Suffix such as `Jr.` or `III`.")
    group: str = Field(default="", description="Name of a group author.")
    initials: str = Field(default="", description="Published initials where they differ from those of the name.")
    orcid: str | None = Field(default=None, description="ORCID iD, e.g. 0000-0002-1825-0097.")
    orcid_authenticated: bool = Field(default=False, description="True only when the person logged in with ORCID.")
    email: str | None = Field(default=None, description="E-mail; never published.")
    affiliations: tuple[Id, ...] = Field(default=(), description="Ids of affiliations in order.")
    site: str | None = Field(default=None, description="Id of the study's site that the author belongs to.")
    roles: tuple[Contribution, ...] = Field(default=(), description="Contributor roles.")
    confirmed: Confirmations = Field(default=Confirmations(), description="The four ICMJE criteria.")
    corresponding: bool = Field(default=False, description="Whether the author answers for the article.")
    equal_contribution: bool = Field(default=False, description="Whether the author shares first place equally.")
    consent_to_be_named: dt.date | None = Field(default=None, description="Day of consent to be named.")
    disclosure: Disclosure | None = Field(default=None, description="Answer about competing interests.")


class History(Section):
    """The article's dates."""

    received: dt.date | None = Field(default=None, description="Day on which the journal received it.")
    revised: tuple[dt.date, ...] = Field(default=(), description="Days of revision, in order.")
    accepted: dt.date | None = Field(default=None, description="Day of acceptance.")
    published_online: dt.date | None = Field(default=None, description="Day of first publication online.")


class Funding(Section):
    """One source of funding."""

    funder: Text = Field(description="Funder as printed.")
    award: str = Field(default="", description="Award number.")
    funder_id: str | None = Field(default=None, description="Open Funder Registry or ROR id.")
    recipients: tuple[Id, ...] = Field(default=(), description="Ids of the authors who received it.")


class Deposit(Section):
    """`[article] deposit`: the account that deposits with Crossref; not a person of the study."""

    name: Text = Field(description="Name of the depositor.")
    email: Text = Field(description="Address to which Crossref reports; it stands in the deposit and nowhere else.")
    registrant: Text = Field(description="Organization that owns the metadata.")
    version: int = Field(default=1, ge=1, le=9999, description="Raised with every deposit of the same article.")


class Article(Section):
    """`[article]`: what is printed around the article."""

    title: str = Field(default="", description="Title as printed.")
    journal: str = Field(default="", description="Journal.")
    journal_id: str = Field(default="", description="Abbreviated title of the journal in JATS, e.g. `J Ex Med`.")
    issn: tuple[Annotated[str, Field(pattern=r"^[0-9]{4}-[0-9]{3}[0-9X]$")], ...] = Field(
        default=(), description="ISSNs of the journal's electronic editions, e.g. 1234-5679."
    )
    doi: str | None = Field(default=None, description="DOI, e.g. 10.1000/182.")
    url: str = Field(default="", description="Address of the article's page, to which the DOI leads.")
    deposit: Deposit | None = Field(default=None, description="Who deposits the article's metadata with Crossref.")
    submitted: dt.date | None = Field(default=None, description="Day of submission; declarations are dated against it.")
    study_drug: str = Field(default="", description="Study drug as printed.")
    study_drug_maker: str = Field(default="", description="Organization that makes it; several are separated by `;`.")
    history: History = Field(default=History(), description="Dates of the article.")
    funding: tuple[Funding, ...] = Field(default=(), description="Sources of funding.")
    no_funding: bool = Field(default=False, description="True: the work had no funding, which is an answer too.")
    acknowledgments: str = Field(default="", description="Acknowledgments as printed.")
    data_availability: str = Field(default="", description="Statement of data availability as printed.")
    keywords: tuple[Text, ...] = Field(default=(), max_length=20, description="Keywords in order.")
    copyright: str = Field(default="", description="Statement of copyright as printed, e.g. `© 2025 The Authors`.")
    license: str = Field(
        default="", description="Address of the license, e.g. https://creativecommons.org/licenses/by/4.0/."
    )


class People(Section):
    """The whole of `people.toml`."""

    article: Article = Article()
    affiliation: tuple[Affiliation, ...] = ()
    author: tuple[Author, ...] = ()
