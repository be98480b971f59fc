"""The sections `[time]`, `[data]` and `[[site]]` against the dictionary."""

from __future__ import annotations

from collections.abc import Iterator

from cohortium.errors import Problem
from cohortium.study.draft import Draft, Rule
from cohortium.study.suggest import shown
from cohortium.study.variables import Kind, Variable

_KEY_KINDS: tuple[Kind, ...] = ("text", "integer", "number", "category")


def key_is_declared(draft: Draft) -> Iterator[Problem]:
    """The patient key stands in the dictionary and identifies nobody outside the study."""
    key = draft.file.data.key
    yield from draft.check_variable(("data", "key"), key, _KEY_KINDS, "the study's code of a patient", _declared(draft))


def origin_is_a_date(draft: Draft) -> Iterator[Problem]:
    """Day 0 is a date of the dictionary."""
    origin = draft.file.time.origin
    if origin is not None:
        yield from draft.check_variable(("time", "origin"), origin, ("date",), "a date variable", _declared(draft))


def _declared(draft: Draft) -> dict[str, Variable]:
    return {name: variable for name, variable in draft.dictionary.items() if not variable.identifier}


def missing_codes_are_no_levels(draft: Draft) -> Iterator[Problem]:
    """A text that means `not known` is not also a declared level."""
    for index, code in enumerate(draft.file.data.missing_codes):
        for variable in draft.dictionary.values():
            if any(level.code == code for level in variable.levels):
                what = f"{shown(code)} is also a level of {variable.name} (dictionary.csv:{variable.line})"
                yield draft.problem(("data", "missing_codes", index), what, "remove it here or there")
                break


def one_site_is_assigned(draft: Draft) -> Iterator[Problem]:
    """At least one site is an institution."""
    kept = draft.positions.get(("site",), ())
    # A site that is left out for a fault of its own may be the institution.
    if all(site.unassigned for site in draft.file.site) and kept == tuple(range(len(kept))):
        yield draft.problem(("site",), "every site is unassigned; expected at least one institution")


RULES: tuple[Rule, ...] = (key_is_declared, origin_is_a_date, missing_codes_are_no_levels, one_site_is_assigned)
