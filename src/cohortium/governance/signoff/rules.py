"""The rules of sign-off as tables. Nothing else in the program knows them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

Kind = Literal["site", "study", "results", "manuscript"]
Action = Literal["lock", "release", "responsibility", "review", "approval", "access"]
Role = Literal["data-manager", "site-investigator", "statistician", "principal-investigator", "author"]

MEANINGS: tuple[Action, ...] = ("responsibility", "review", "approval", "access")
"""What a signature can mean; the other actions belong to the data manager."""

START = "open"
CHANGED = "changed"
"""State of a thing whose files are no longer those that its last entry names."""

TRANSITIONS: tuple[tuple[Kind, str, Action, str], ...] = (
    # thing       from        action            to
    ("site", "open", "lock", "locked"),
    ("site", "locked", "responsibility", "signed"),
    ("site", "locked", "release", "open"),
    ("site", "signed", "release", "open"),
    ("site", "changed", "lock", "locked"),
    ("site", "changed", "release", "open"),
    ("study", "open", "review", "reviewed"),
    ("study", "reviewed", "approval", "approved"),
    ("study", "changed", "review", "reviewed"),
    ("results", "open", "review", "reviewed"),
    ("results", "reviewed", "approval", "approved"),
    ("results", "reviewed", "access", "reviewed"),
    ("results", "approved", "access", "approved"),
    ("results", "changed", "review", "reviewed"),
    ("manuscript", "open", "approval", "approved"),
    ("manuscript", "approved", "approval", "approved"),
    ("manuscript", "changed", "approval", "approved"),
)

OWNERS: tuple[tuple[Kind, Action, Role], ...] = (
    # thing       action            who
    ("site", "lock", "data-manager"),
    ("site", "release", "data-manager"),
    ("site", "responsibility", "site-investigator"),
    ("study", "review", "statistician"),
    ("study", "approval", "principal-investigator"),
    ("results", "review", "statistician"),
    ("results", "approval", "principal-investigator"),
    ("results", "access", "author"),
    ("results", "access", "principal-investigator"),
    ("manuscript", "approval", "author"),
    ("manuscript", "approval", "principal-investigator"),
)

SECOND_PERSON: tuple[tuple[Kind, Action, Action], ...] = (
    # thing       action            by another person than who did
    ("site", "responsibility", "lock"),
    ("study", "approval", "review"),
    ("results", "approval", "review"),
)

RESTS_ON: tuple[tuple[Kind, Action, Kind, str], ...] = (
    # thing       action            needs every  in state
    ("results", "review", "site", "signed"),
    ("results", "approval", "study", "approved"),
)

OWN_FIRST: tuple[tuple[Kind, Action, Kind, Action], ...] = (
    # thing       action            of a       the same person's
    ("manuscript", "approval", "results", "access"),
)

STATEMENTS: Mapping[tuple[Kind, Action], str] = {
    ("site", "lock"): "These data are final for the analysis; a change needs a new lock with its reason.",
    ("site", "release"): "The lock is released so that the data can be corrected.",
    ("site", "responsibility"): "The data of this site are accurate and complete, and I am responsible for them.",
    ("study", "review"): "I have reviewed the study file and dictionary; they state the analysis as planned.",
    ("study", "approval"): "I approve the study file and dictionary.",
    ("results", "review"): "I have reviewed these results and the data queries that they rest on.",
    ("results", "approval"): "I approve these results for publication.",
    ("results", "access"): "I had access to these results and took part in their interpretation.",
    ("manuscript", "approval"): (
        "I approve this version for publication, I am accountable for all aspects of the work, "
        "and I confirm its accuracy and completeness."
    ),
}
"""What a person states by an action; it is shown before it is recorded, and recorded with it."""


def next_state(kind: str, state: str, action: str) -> str | None:
    """The state to which an action leads, or None where it is not possible."""
    for of, start, does, end in TRANSITIONS:
        if (of, start, does) == (kind, state, action):
            return end
    return None


def roles_for(kind: str, action: str) -> tuple[Role, ...]:
    """The roles that may do it."""
    return tuple(role for of, does, role in OWNERS if (of, does) == (kind, action))


def in_words(name: str) -> str:
    """A role as read: `site-investigator` is a site investigator."""
    return name.replace("-", " ")
