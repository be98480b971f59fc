"""What the authors declared: an answer for each, in time, that does not contradict itself."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from cohortium.governance.people.findings import Draft, Finding, Rule
from cohortium.governance.people.periods import WINDOW_MONTHS, months_before
from cohortium.study.locate import Path


def answers_are_given(draft: Draft) -> Iterator[Finding]:
    """Every person has answered about competing interests, with the day (else an open point)."""
    for index, author in draft.persons():
        if author.disclosure is None:
            what = f"{author.id} has not answered about competing interests"
            yield draft.open(("author", index), what, "give [author.disclosure]; 'none = true' is an answer")
        elif author.disclosure.declared is None and not _is_dated(draft, index):
            yield draft.open(("author", index, "disclosure"), f"the answer of {author.id} has no date of declaration")


def _is_dated(draft: Draft, index: int) -> bool:
    disclosure = draft.people.author[index].disclosure
    interests = disclosure.interests if disclosure else ()
    return bool(interests) and all(interest.declared for interest in interests)


def answers_are_clear(draft: Draft) -> Iterator[Finding]:
    """An answer is either none or a list of interests."""
    for index, author in enumerate(draft.people.author):
        if author.disclosure is None:
            continue
        path = ("author", index, "disclosure")
        if author.disclosure.none and author.disclosure.interests:
            yield draft.error((*path, "none"), "is true, and there are interests; expected one of the two")
        if not author.disclosure.none and not author.disclosure.interests:
            what = "is no answer; expected 'none = true' or a list of interests"
            yield draft.error(path, what, "remove it until the author has answered")


def answers_are_in_time(draft: Draft) -> Iterator[Finding]:
    """No answer is later than the last version that was sent, or (an open point) older than 36 months at submission."""
    for index, author in enumerate(draft.people.author):
        if author.disclosure is None:
            continue
        path = ("author", index, "disclosure")
        days: list[tuple[Path, dt.date | None]] = [((*path, "declared"), author.disclosure.declared)]
        days += [
            ((*path, "interests", position, "declared"), interest.declared)
            for position, interest in enumerate(author.disclosure.interests)
        ]
        last, submitted = draft.last_version, draft.people.article.submitted
        for at, day in days:
            if day and last and day > last:
                yield draft.error(at, f"{day} is after {last}, the day of the last version that was sent")
            if day and submitted and day < months_before(submitted, WINDOW_MONTHS):
                what = f"{day} is more than {WINDOW_MONTHS} months before the submission on {submitted}"
                yield draft.open(at, what, "ask the author again")


RULES: tuple[Rule, ...] = (answers_are_given, answers_are_clear, answers_are_in_time)
