"""The reference page of `people.toml`, made from the models, the rules and the columns of the CSV tables."""

from __future__ import annotations

import inspect
from collections.abc import Iterator, Mapping

from cohortium.governance.people.check import RULES
from cohortium.governance.people.csv_import import AFFILIATION_COLUMNS, AUTHOR_COLUMNS, INTEREST_COLUMNS
from cohortium.governance.people.judge import REPEATED
from cohortium.governance.people.model import People
from cohortium.study.schema import sections

_INTRODUCTION = """\
# The people file

`people.toml` in the study directory holds the authors of the article in the order of the byline, their affiliations,
what each did, confirmed and declared, and the article's own records. It is [TOML](https://toml.io), like the
[study file](study-file.md). Everything wrong is reported at once, with its line; elements of a list are counted from 1,
so `author[2].orcid` is the ORCID iD of the second author.
"""

_NAMES = """\
## Names and initials

Initials follow the printed name, as plain capitals without full stops: every word and every part of a hyphenated word
of the given names, the particle in the case in which it is written, every word of the family name. Suffixes are left
out. `Jean-Luc M. van der Berg Jr.` is `JLMvdB`. Diacritics are dropped: `Łukasz Öztürk-Peña` is `LOP`. Two or three
capitals written together are initials: `AJ O'Brien` is `AJO`. A person with a single name has it in `family`; a group
stands with its name. Journals that want it otherwise are followed with the key `initials`, which is taken as it is.

Where two authors would have the same initials, they are published with the fewest further letters that tell all of
them apart: letters of the family name's last word (`JSm`, `JSa`), and where the family names are the same, of the
first given name (`JaS`, `JoS`). The check notes it. Authors whose names are the same letter by letter need the key
`initials`: without it they are an error.
"""

_CHECKS = """\
## Checks

A check has three kinds of findings. An **error** is something that cannot be, and nothing is made from a file that has
one. An **open point** is something that is still to be collected from an author. A **note** is worth knowing. Of a
group author no contribution, confirmation, consent or declaration is asked: its members give theirs.

Each of these must hold; where it does not, it is an error unless the line says otherwise:
"""

_CSV = """\
## Tables for import

`cohortium people import-csv` reads these comma-separated tables. Columns may stand in any order. Only `id` and `name` of
affiliations and `author`, `category` and `organization` of interests must be there, and one that is not listed here is
an error. Dates are written year-month-day. Nothing is guessed: institutions that are written differently are
different affiliations, and a contributor role must be one of the fourteen, in whichever case and punctuation.
"""


def people_file_reference() -> str:
    """The reference page of the people file, as MyST Markdown."""
    lines = [
        _INTRODUCTION,
        *sections(People, REPEATED),
        _NAMES,
        _CHECKS,
        *(f"- {' '.join((inspect.getdoc(rule) or '').split())}" for rule in RULES),
        "",
        _CSV,
        *_columns("Authors", AUTHOR_COLUMNS),
        *_columns("Affiliations (`--affiliations`)", AFFILIATION_COLUMNS),
        *_columns("Interests (`--interests`)", INTEREST_COLUMNS),
    ]
    return "\n".join(lines)


def _columns(title: str, columns: Mapping[str, str]) -> Iterator[str]:
    yield from (f"### {title}", "", "| Column | Holds |", "|---|---|")
    yield from (f"| `{name}` | {meaning} |" for name, meaning in columns.items())
    yield ""
