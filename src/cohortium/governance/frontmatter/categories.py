"""The words in which authors name the items of the ICMJE form."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple

from cohortium.governance.people.model import Category

PRINTED: Mapping[Category, str] = {
    "support-for-this-work": "support for this work from",
    "grants": "grants from",
    "royalties": "royalties or licenses from",
    "consulting": "consulting fees from",
    "honoraria": "honoraria from",
    "expert-testimony": "expert testimony for",
    "travel": "travel support from",
    "patents": "patents with",
    "advisory-board": "advisory board role for",
    "leadership": "leadership role at",
    "stock": "stock or stock options in",
    "equipment": "equipment or medical writing from",
    "other": "other interests with",
}
"""How the generated statement names each item."""

_WORDS: Mapping[Category, str] = {
    "support-for-this-work": (
        r"(?:financial )?(?:support|funding) for (?:this|the present|the submitted) (?:work|study"
        r"|manuscript)"
    ),
    "grants": (
        r"(?:research|clinical trials?|trial|study|grant|institutional)(?: (?:research|grant"
        r"|trial))? (?:fundings?|supports?|grants?|contracts?)|grants?(?: (?:or"
        r"|and) contracts?)?(?: support| funding)?|contracted research|contracts?|research|funding"
    ),
    "royalties": (
        r"royalt(?:y|ies)(?: (?:or|and) (?:licen[sc]es?|licensing fees))?(?: payments?)?|licen[sc](?:es?"
        r"|ing fees)"
    ),
    "consulting": (
        r"consult(?:ing|ancy|ant|ation|ed|s)(?: (?:or|and) advisory)?(?: (?:fees?|roles?|services?|work"
        r"|payments?))?"
    ),
    "honoraria": (
        r"honorari(?:a|um)(?: fees?)?|speakers?['’]?s?['’]?(?: bureaus?| fees?| honorari(?:a|um))?"
        r"|(?:lecture|speaking|speaker)(?: fees?| engagements?)?|lectures"
    ),
    "expert-testimony": r"expert (?:testimony|witness)",
    "travel": (
        r"travel(?:, accommodations?,(?: and| or)? (?:other )?expenses|(?: and"
        r"| or)? accommodations?(?: expenses)?|(?: and| or)? meeting)?(?: (?:support|expenses|grants?"
        r"|fees|funding|costs|reimbursement|assistance))?|meeting attendance"
    ),
    "patents": r"patents?(?: (?:applications?|pending|planned|issued|licensed))*|intellectual property",
    "advisory-board": (
        r"(?:(?:independent )?data[- ](?:and )?safety[- ](?:and )?(?:monitoring )?(?:boards?|committees?)"
        r"|dsmb|dmc|(?:scientific |clinical |medical )*(?:advisory|steering)(?: (?:boards?|committees?"
        r"|panels?|councils?|roles?))?|advisors?|advisers?)(?: (?:roles?|member(?:ship)?|consultants?"
        r"|consulting|participation|fees|honoraria|work|meetings?))*"
    ),
    "leadership": r"(?:leadership|fiduciary)(?: (?:or fiduciary )?roles?| positions?)?|board of directors|officer",
    "stock": (
        r"(?:stocks?|equity|shares|ownership)(?: (?:(?:or|and) (?:other )?(?:stock )?)?(?:options?"
        r"|ownership|interests?|holdings?))*"
    ),
    "equipment": (
        r"(?:equipment|medical writing|drug suppl(?:y|ies)|gifts|study drug"
        r"|materials)(?: or medical writing)?(?: support| assistance)?"
    ),
    "other": r"(?:other )?(?:employment|employees?|personal fees)|other(?: interests| services| relationships)?",
}
_KEEP_WORDS = re.compile(r"employ|personal fees|services|bureau|dsmb|safety", re.IGNORECASE)
_PAID = r"(?:paid |made |all )?(?:to|through) (?:the|his|her|their|my|our|its) (?:institution|university|hospital)"
_LEAD = re.compile(
    r"(?:(?:and|or|as well as|also|a|an|the|as|that|he|she|they|to|has|have|had|been|being|is|was|are|be|on|in|of|for|"
    r"having|serv(?:es|ed|ing)|sits?|acts?|acting|act(?:ed)? as|receiv(?:es|ed|ing)|receipt|participat(?:ed|ing|ion)|"
    r"payments?|fees|member(?:ship)?|paid|unpaid|personal|institutional(?! (?:research |grant )?(?:funding|support"
    r"|grants?))|compensated|hold(?:s|ing)?|own(?:s|ing)?|financial|role|a role|works?|support for(?= (?:travel"
    r"|attending)))\s+)*",
    re.IGNORECASE,
)
_PAID_BEFORE = rf"(?:\s+(?P<paid>{_PAID})|\s*\((?P<bracketed>(?:paid )?to (?:the |his |her |their )?institution)\))?"
_CONNECTOR = rf"{_PAID_BEFORE}(?:\s*(?P<mark>:|\()\s*|\s+(?:for|from|with|of|by|at|in|on|to)(?=\s)\s*|$)"
_PATTERNS = [
    (re.compile(rf"(?:{words})(?=\W|$)".replace(" ", r"\s+"), re.IGNORECASE), c) for c, words in _WORDS.items()
]
_CONNECTOR_PATTERN = re.compile(_CONNECTOR.replace(" ", r"\s+"), re.IGNORECASE)


class Named(NamedTuple):
    """A category at the start of a piece of text.

    words       where its words start and end, from the start of the piece
    rest        where the organizations start
    to_institution  whether the words say that the institution was paid
    is_open     whether a word such as `from` follows, so that organizations must
    in_brackets  whether the organizations stand in brackets
    """

    category: Category
    words: tuple[int, int]
    rest: int
    to_institution: bool
    is_open: bool
    in_brackets: bool


def named_category(piece: str) -> Named | None:
    """The category that a piece of a declaration starts with, or None."""
    lead = _LEAD.match(piece)
    start = lead.end() if lead else 0
    best: Named | None = None
    for pattern, category in _PATTERNS:
        match = pattern.match(piece, start)
        follows = match and _CONNECTOR_PATTERN.match(piece, match.end())
        if not match or not follows or (best and best.words[1] >= match.end()):
            continue
        to_institution = (
            bool(follows["paid"] or follows["bracketed"]) or "institutional" in piece[: match.end()].lower()
        )
        is_open = follows.end() < len(piece) or follows["mark"] is not None
        best = Named(
            category, (match.start(), match.end()), follows.end(), to_institution, is_open, follows["mark"] == "("
        )
    return best


def kept_words(category: Category, words: str) -> str:
    """The author's own words where the category alone would lose their meaning, else nothing."""
    printed = PRINTED[category].lower().startswith(words.lower())
    return "" if printed or not _KEEP_WORDS.search(words) else " ".join(words.split())
