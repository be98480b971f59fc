"""The transition table as a drawing in text, for the documentation."""

from __future__ import annotations

from cohortium.governance.signoff.rules import (
    OWN_FIRST,
    RESTS_ON,
    SECOND_PERSON,
    TRANSITIONS,
    in_words,
    roles_for,
)


def diagram() -> str:
    """Every state with its ways out, and beside each who may take it and what it needs."""
    lines: list[str] = []
    for kind in dict.fromkeys(kind for kind, *_ in TRANSITIONS):
        rows = [(start, action, end) for of, start, action, end in TRANSITIONS if of == kind]
        width = max(len(f"{start} --{action}--> {end}") for start, action, end in rows)
        lines += ["", kind] if lines else [kind]
        for start, action, end in rows:
            lines.append(f"  {f'{start} --{action}--> {end}':<{width}}   {', '.join(_terms(kind, action))}")
    return "\n".join(lines) + "\n"


def _terms(kind: str, action: str) -> list[str]:
    terms = [" or ".join(in_words(role) for role in roles_for(kind, action))]
    terms += [f"not who did {before}" for of, does, before in SECOND_PERSON if (of, does) == (kind, action)]
    terms += [f"every {below} {state}" for of, does, below, state in RESTS_ON if (of, does) == (kind, action)]
    terms += [f"own {first} of {below} first" for of, does, below, first in OWN_FIRST if (of, does) == (kind, action)]
    return terms
