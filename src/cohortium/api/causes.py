"""The event column of competing risks: which code or text is a censored follow-up, which a cause."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, TypeAlias

from cohortium.api.levels import label_of
from cohortium.errors import UsageError

if TYPE_CHECKING:
    from cohortium.api.frames import Sites

Code: TypeAlias = str | int | bool
Causes: TypeAlias = Mapping[Code, str] | Sequence[Code]

_NO_EVENT = ("0", "False")
_MOST = 50


def take_causes(sites: Sites, event: str, causes: Causes | None, censored: Code | None) -> dict[str, str]:
    """Take the event column as numbers, 0 censored and 1..K the causes in order.

    causes    code of each cause to its label, or the codes in order; all codes but that of censoring when None
    censored  code of a censored follow-up; 0 or false when None

    Returns the codes of the causes as printed to their labels, in order.

    Raises
        UsageError: texts without `censored`, a code that is neither, or too many codes to be causes.
    """
    levels = sites.factor(event, narrow=True).labels
    if censored is None and not sites.is_coded(event):
        raise UsageError(
            f"column {event}: expected whole numbers with 0 for a censored follow-up; for texts, name that of a "
            'censored follow-up, such as censored="alive"'
        )
    never = _NO_EVENT if censored is None else (label_of(censored),)
    if causes is None:
        named = {level: level for level in levels if level not in never}
    elif isinstance(causes, Mapping):
        named = {label_of(code): label for code, label in causes.items()}
    else:
        named = {label_of(code): label_of(code) for code in causes}
    _require_causes(event, named, levels, never)
    numbers = {code: number for number, code in enumerate(named, 1)} | dict.fromkeys(never, 0)
    sites.outcomes(event, [numbers[level] for level in levels])
    return named


def number_of(causes: Mapping[str, str], cause: Code) -> int:
    """The number of a cause, by its code or its label; UsageError when it is none."""
    codes, labels, wanted = list(causes), list(causes.values()), label_of(cause)
    if wanted in codes:
        return codes.index(wanted) + 1
    if wanted in labels:
        return labels.index(wanted) + 1
    raise UsageError(f"cause: {cause!r} is not among {', '.join(codes)}")


def _require_causes(event: str, named: Mapping[str, str], levels: Sequence[str], never: Sequence[str]) -> None:
    both = [code for code in named if code in never]
    if both:
        raise UsageError(f"causes: {', '.join(both)} is the code of a censored follow-up")
    other = [level for level in levels if level not in named and level not in never]
    if len(levels) > _MOST:
        raise UsageError(f"column {event}: {len(levels)} different values; expected at most {_MOST} causes")
    if other:
        raise UsageError(
            f"column {event}: {', '.join(other)} is neither a cause nor a censored follow-up; name it in causes"
        )
    if not named:
        raise UsageError(f"column {event}: every follow-up is censored; name the causes in causes")
    if len(set(named.values())) < len(named):
        raise UsageError("causes: two causes have the same label")
