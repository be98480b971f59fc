"""Cells of the CSV tables to values; what does not fit is said in words, and nothing is guessed."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from typing import get_args

from cohortium.governance.people.model import Category, PaidTo, Role
from cohortium.governance.people.names import plain_letters
from cohortium.study.suggest import did_you_mean, one_of

_DEGREES: tuple[str, ...] = ("lead", "equal", "supporting")
_ISO_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def date_of(text: str) -> dt.date:
    """A date written as year-month-day.

    Raises
        ValueError: when it is written otherwise, or there is no such day.
    """
    try:
        if _ISO_DATE.fullmatch(text):
            return dt.date.fromisoformat(text)
    except ValueError as error:
        raise ValueError("is not a day of the calendar") from error
    raise ValueError("is not a date; expected year-month-day, such as 2024-04-30")


def truth_of(text: str) -> bool:
    """`yes` or `no`.

    Raises
        ValueError: when it is neither.
    """
    answers = {"yes": True, "no": False}
    if text.casefold() not in answers:
        raise ValueError("is neither yes nor no")
    return answers[text.casefold()]


def role_of(text: str) -> dict[str, str]:
    """A contributor role and its degree: `Formal analysis: lead`.

    Raises
        ValueError: when the role is not one of CRediT or the degree is none of the three.
    """
    role, _, degree = text.partition(":")
    contribution = {"role": _one_of(role, get_args(Role), "a contributor role")}
    if degree.strip():
        contribution["degree"] = _one_of(degree, _DEGREES, "a degree")
    return contribution


def category_of(text: str) -> str:
    """An item of the ICMJE form.

    Raises
        ValueError: when it is none.
    """
    return _one_of(text, get_args(Category), "a category")


def paid_to_of(text: str) -> str:
    """Who received it.

    Raises
        ValueError: when it is none of the answers.
    """
    return _one_of(text, get_args(PaidTo), "a recipient")


def parts_of(text: str) -> list[str]:
    """Parts of a cell that are separated by `;`."""
    return [part.strip() for part in text.split(";") if part.strip()]


def _one_of(text: str, options: Iterable[str], thing: str) -> str:
    known = {_folded(option): option for option in options}
    if _folded(text) not in known:
        hint = did_you_mean(text.strip(), known.values())
        raise ValueError(f"is not {thing}; {hint or one_of(known.values())}")
    return known[_folded(text)]


def _folded(text: str) -> str:
    """Small letters without what stands between words: `Writing – original draft` is `writing-original-draft`."""
    words = re.sub(r"[^a-z]+", " ", plain_letters(text).casefold().replace("&", " ")).split()
    return " ".join(word for word in words if word != "and")
