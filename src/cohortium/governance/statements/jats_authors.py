"""Contributors and affiliations in JATS."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from lxml.builder import E

from cohortium.governance.people.model import Affiliation, Author, Contribution, People
from cohortium.governance.people.orcid import orcid_of, ror_of
from cohortium.governance.statements.byline import affiliation_numbers
from cohortium.governance.statements.credit import LABELS, VOCABULARY, role_address
from cohortium.governance.statements.xml_text import allowed

if TYPE_CHECKING:
    from lxml import etree


def contributors(people: People) -> etree._Element:
    """The authors in order."""
    numbers = affiliation_numbers(people)
    return E("contrib-group", *(_contributor(author, numbers) for author in people.author), {"content-type": "authors"})


def affiliations(people: People) -> Iterator[etree._Element]:
    """The affiliations that authors have, numbered as in the byline."""
    by_id = {affiliation.id: affiliation for affiliation in people.affiliation}
    for id_, number in affiliation_numbers(people).items():
        yield _affiliation(by_id[id_], number)


def _contributor(author: Author, numbers: dict[str, int]) -> etree._Element:
    element = E.contrib({"contrib-type": "author"})
    if author.corresponding:
        element.set("corresp", "yes")
    if author.equal_contribution:
        element.set("equal-contrib", "yes")
    if bare := orcid_of(author.orcid or ""):
        authenticated = "true" if author.orcid_authenticated else "false"
        known = {"contrib-id-type": "orcid", "authenticated": authenticated}
        element.append(E("contrib-id", f"https://orcid.org/{bare}", known))
    element.append(_name(author))
    element.extend(_role(contribution) for contribution in author.roles)
    for id_ in author.affiliations:
        if id_ in numbers:
            element.append(E.xref(str(numbers[id_]), {"ref-type": "aff", "rid": f"aff-{id_}"}))
    if author.equal_contribution:
        element.append(E.xref("†", {"ref-type": "fn", "rid": "equal"}))
    if author.corresponding:
        element.append(E.xref("*", {"ref-type": "corresp", "rid": f"cor-{author.id}"}))
    return element


def _name(author: Author) -> etree._Element:
    if author.group:
        return E.collab(E.institution(allowed(author.group)))
    family = allowed(" ".join(word for word in (author.particle, author.family) if word))
    if not author.given:
        return E("string-name", E.surname(family), {"name-style": "given-only"})
    name = E.name(E.surname(family), E("given-names", allowed(author.given)), {"name-style": "western"})
    if author.suffix:
        name.append(E.suffix(allowed(author.suffix)))
    return name


def _role(contribution: Contribution) -> etree._Element:
    label = LABELS[contribution.role]
    element = E.role(
        label,
        {
            "vocab": "credit",
            "vocab-identifier": VOCABULARY,
            "vocab-term": label,
            "vocab-term-identifier": role_address(contribution.role),
        },
    )
    if contribution.degree:
        element.set("degree-contribution", contribution.degree)
    return element


def _affiliation(affiliation: Affiliation, number: int) -> etree._Element:
    element = E.aff(E.label(str(number)), id=f"aff-{affiliation.id}")
    if affiliation.department:
        element.append(E.institution(allowed(affiliation.department), {"content-type": "dept"}))
    wrap = E("institution-wrap")
    if bare := ror_of(affiliation.ror or ""):
        wrap.append(E("institution-id", f"https://ror.org/{bare}", {"institution-id-type": "ror"}))
    wrap.append(E.institution(allowed(affiliation.name)))
    element.append(wrap)
    for tag, text in (("city", affiliation.city), ("state", affiliation.region), ("country", affiliation.country)):
        if text:
            element.append(E(tag, allowed(text)))
    return element
