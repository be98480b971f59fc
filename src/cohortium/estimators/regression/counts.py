"""Who a regression counts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cohortium.estimators.contract import Integers
    from cohortium.estimators.regression.terms import Model
    from cohortium.totals import Totals


@dataclass(frozen=True)
class Counts:
    """Rows used and rows left out.

    level_counts     shape (levels, 2): patients and events of each level of the categorical covariates
    invalid_entry    rows whose time is not after their entry
    invalid_weight   rows whose weight is not above 0
    """

    n: int
    n_events: int
    missing: int
    missing_stratum: int
    level_counts: Integers
    invalid_entry: int = 0
    invalid_weight: int = 0


def read_counts(totals: Totals) -> Counts:
    """The counts in the totals of the first round."""
    return Counts(
        n=int(totals["n"]),
        n_events=int(totals["n_events"]),
        missing=int(totals["missing"]),
        missing_stratum=int(totals["missing_stratum"]),
        level_counts=totals["level_counts"],
        invalid_entry=int(totals.get("invalid_entry", 0)),
        invalid_weight=int(totals.get("invalid_weight", 0)),
    )


def level_table(spec: Model, counts: Counts) -> dict[str, tuple[int, int]]:
    """Patients and events of every cell of the specification (`sex[Female]`), references included."""
    return {name: (int(n), int(n_events)) for name, (n, n_events) in zip(spec.cells, counts.level_counts, strict=True)}
