"""Families of p-values: from rows of the results table to rows with the p-values adjusted together."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from cohortium.estimators.multiplicity import ADJUST
from cohortium.results import Statistic
from cohortium.study.families import form_of

if TYPE_CHECKING:
    from cohortium.study.families import Family, PValues

ADJUSTED = "-adjusted"
"""Ends the name of an adjusted p-value: `p-value-adjusted`."""

NAMES = {"holm": "Holm's method", "benjamini-hochberg": "Benjamini and Hochberg's method", "bonferroni": "Bonferroni"}


def adjusted_rows(families: Iterable[Family], rows: Sequence[Statistic]) -> list[Statistic]:
    """A row for each p-value of each family, beside which it stands with the name `<statistic>-adjusted`.

    families   of the study file
    rows       of all analyses

    A p-value that could not be given counts in its family as if it were 1, so that no other one is adjusted by less
    than was planned; it has no adjusted value. The note names family, method and number of p-values.
    """
    return [row for family in families for row in _adjusted(family, rows)]


def _adjusted(family: Family, rows: Sequence[Statistic]) -> Iterator[Statistic]:
    found: dict[int, Statistic] = {}
    unmatched: list[PValues] = []
    for wanted in map(form_of, family.p_values):
        own = {id(row): row for row in rows if _is_wanted(row, wanted)}
        found |= own
        unmatched += [] if own else [wanted]
    members = list(found.values())
    n_refused = sum(row.value is None for row in members) + len(unmatched)
    # One that is not there counts as 1, which is never below another.
    values = [1.0 if row.value is None else row.value for row in members] + [1.0] * len(unmatched)
    note = f"{NAMES[family.method]}, {len(values)} p-values: {family.label}"
    said = ""
    if n_refused:
        said = f"{n_refused} of the {len(values)} p-values of the family could not be given and count as 1"
    for row, value in zip(members, ADJUST[family.method](values), strict=False):
        known = row.value is not None
        yield replace(
            row,
            statistic=f"{row.statistic}{ADJUSTED}",
            value=float(value) if known else None,
            note=note,
            warning=said if known else f"no p-value to adjust: {row.warning}",
        )
    for wanted in unmatched:
        yield Statistic(
            wanted.analysis,
            "family",
            f"{wanted.statistic}{ADJUSTED}",
            None,
            variable=wanted.variable or "",
            level=wanted.level or "",
            group=wanted.group or "",
            format="p",
            note=note,
            warning="no p-value to adjust: the analysis gave none there",
        )


def _is_wanted(row: Statistic, wanted: PValues) -> bool:
    if (row.analysis, row.statistic) != (wanted.analysis, wanted.statistic):
        return False
    places = ("model", "population", "variable", "level", "group")
    return all(getattr(wanted, place) in (None, getattr(row, place)) for place in places)
