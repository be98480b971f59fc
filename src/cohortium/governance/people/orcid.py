"""Check digits of ORCID iDs and ROR ids."""

from __future__ import annotations

import re

_ORCID = re.compile(r"(?:https?://orcid\.org/)?([0-9]{4}-[0-9]{4}-[0-9]{4}-[0-9]{3}[0-9X])")
_ROR = re.compile(r"(?:https?://)?(?:ror\.org/)?(0[0-9a-hjkmnp-tv-z]{6})([0-9]{2})")
_CROCKFORD = "0123456789abcdefghjkmnpqrstvwxyz"
_BLOCKS = (range(15_000_000, 35_000_001), range(900_000_000_000, 900_100_000_001))
"""The blocks of ISNI numbers that ORCID hands out, as the first 15 digits."""


def orcid_check_digit(first15: str) -> str:
    """The last character of an ORCID iD by ISO 7064 MOD 11-2.

    first15  the first 15 digits, hyphens allowed

    Returns a digit or `X` for ten.

    Raises
        ValueError: when there are not 15 digits.

    >>> orcid_check_digit("0000-0002-1825-009")
    '7'
    """
    digits = first15.replace("-", "")
    if not re.fullmatch(r"[0-9]{15}", digits):
        raise ValueError("expected 15 digits")
    total = 0
    for digit in digits:
        total = (total + int(digit)) * 2
    value = (12 - total % 11) % 11
    return "X" if value == 10 else str(value)


def orcid_of(text: str) -> str | None:
    """The bare iD of `0000-0002-1825-0097` or `https://orcid.org/...`, or None when it has not that form.

    The check digit is not looked at: see `is_orcid`.
    """
    match = _ORCID.fullmatch(text.strip())
    return match[1] if match else None


def is_orcid(text: str) -> bool:
    """Whether a text is an ORCID iD, bare or as its address, with the right check digit.

    >>> is_orcid("0000-0002-1694-233X"), is_orcid("0000-0002-1694-2330")
    (True, False)
    """
    bare = orcid_of(text)
    return bare is not None and orcid_check_digit(bare[:-1]) == bare[-1]


def is_in_orcid_block(text: str) -> bool:
    """Whether an ORCID iD lies in the blocks of numbers that ORCID hands out; 0000-0000-0000-0001 does not."""
    bare = orcid_of(text)
    return bare is not None and any(int(bare[:-1].replace("-", "")) in block for block in _BLOCKS)


def ror_of(text: str) -> str | None:
    """The bare ROR id of `02yrq0923` or `https://ror.org/02yrq0923`, or None when it has not that form."""
    match = _ROR.fullmatch(text.strip())
    return match[1] + match[2] if match else None


def is_ror(text: str) -> bool:
    """Whether a text is a ROR id with the right two check digits (ISO 7064 MOD 97-10 over Crockford's base 32).

    >>> is_ror("https://ror.org/02yrq0923"), is_ror("https://ror.org/02yrq0932")
    (True, False)
    """
    bare = ror_of(text)
    if bare is None:
        return False
    number = 0
    for character in bare[:-2]:
        number = number * 32 + _CROCKFORD.index(character)
    return 98 - number * 100 % 97 == int(bare[-2:])
