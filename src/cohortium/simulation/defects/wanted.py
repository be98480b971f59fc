"""What `--defects` says: a number for each site, or kinds by name."""

from __future__ import annotations

from cohortium.errors import UsageError
from cohortium.simulation.defects.kinds import KINDS
from cohortium.simulation.defects.plant import Wanted
from cohortium.study.suggest import did_you_mean, one_of, shown

_MOST = 1000


def wanted_defects(text: str) -> Wanted:
    """`3`: three faults a site, of kinds drawn; `wrong-code,no-such-day`: one of each of these a site.

    Raises
        UsageError: neither a number nor known kinds; all unknown kinds at once.
    """
    words = [word.strip() for word in text.split(",") if word.strip()]
    if len(words) == 1 and words[0].isascii() and words[0].isdigit():
        if len(words[0]) > 4 or int(words[0]) > _MOST:
            raise UsageError(f"--defects: expected at most {_MOST} a site")
        return Wanted(int(words[0]))
    unknown = [word for word in words if word not in KINDS]
    if unknown or not words:
        hints = "; ".join(filter(None, (did_you_mean(word, KINDS) for word in unknown)))
        named = ", ".join(map(shown, unknown)) or "nothing"
        raise UsageError(
            f"--defects: {named} is no kind of defect; {one_of(KINDS)}, or a number{f' ({hints})' if hints else ''}"
        )
    return Wanted(len(words), tuple(words))
