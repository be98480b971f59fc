"""Patients assigned to the groups of a trial against the patients that there are."""

from __future__ import annotations

import re
from collections.abc import Iterator

from cohortium.proofreading.counts import leading_total, whole
from cohortium.proofreading.percentages import Remark
from cohortium.proofreading.printed import INTEGER

_ASSIGNED = re.compile(r"\b(?:assigned|allocated|randomi[sz]ed)\b")
_ARM = re.compile(
    rf"(?<![\d./,-])(?P<n>{INTEGER})\s+(?:patients\s+)?(?:were\s+)?(?:randomly\s+)?(?:assigned\s+|allocated\s+|randomi[sz]ed\s+)?"
    r"to\s+[A-Za-z]"
)


def check_arms(sentence: str) -> Iterator[Remark]:
    """`Of 240 patients, 121 were assigned to one group and 129 to the other`."""
    total = leading_total(sentence)
    if total is None or not _ASSIGNED.search(sentence):
        return
    arms = list(_ARM.finditer(sentence))
    numbers = [whole(arm["n"]) for arm in arms]
    if len(arms) > 1 and sum(numbers) != total:
        listed = " + ".join(map(str, numbers))
        what = f"{listed} = {sum(numbers)}"
        yield arms[0].start(), arms[-1].end("n"), "sum-of-groups", what, f"a sum of {total}"
