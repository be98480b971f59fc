"""Names of organizations to canonical names, exactly: by the table `organizations.csv` and nothing else."""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType

from cohortium.governance.people.names import plain_letters

_APOSTROPHES = re.compile("['\u2018\u2019`\u00ae\u2122\u00a9]")
_OTHER = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True)
class Organization:
    """An organization by its canonical name.

    canonical  canonical name, or the name as given when the table does not have it
    parent     canonical name of the company that it belongs to, if any
    known      whether the table has it
    """

    canonical: str
    parent: str | None = None
    known: bool = True


@dataclass(frozen=True, slots=True)
class Table:
    """The table of organizations.

    organizations  organizations by canonical name, in the order of the table
    names          canonical name by folded name, aliases included
    """

    organizations: Mapping[str, Organization]
    names: Mapping[str, str]


def normalize_organization(name: str) -> Organization:
    """The organization that a name stands for; case, punctuation and diacritics do not count, and nothing is guessed.

    >>> normalize_organization("Kite, a Gilead company")
    Organization(canonical='Kite', parent='Gilead Sciences', known=True)
    """
    organizations = table()
    canonical = organizations.names.get(folded(name))
    if canonical is None:
        return Organization(" ".join(name.split()), None, known=False)
    return organizations.organizations[canonical]


def folded(name: str) -> str:
    """A name in small plain letters and digits, `&` as `and`: what is compared."""
    text = _APOSTROPHES.sub("", name).replace("&", " and ")
    return " ".join(_OTHER.sub(" ", plain_letters(text).casefold()).split())


@cache
def table() -> Table:
    """The table of organizations that is shipped with the package."""
    text = (files("cohortium.governance.interests") / "organizations.csv").read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    organizations: dict[str, Organization] = {}
    names: dict[str, str] = {}
    for row in csv.DictReader(lines):
        canonical = row["canonical"]
        organizations.setdefault(canonical, Organization(canonical, row["parent"] or None))
        for name in (canonical, row["alias"]):
            if name and names.setdefault(folded(name), canonical) != canonical:
                raise ValueError(f"organizations.csv: {name!r} stands for two organizations")
    return Table(MappingProxyType(organizations), MappingProxyType(names))
