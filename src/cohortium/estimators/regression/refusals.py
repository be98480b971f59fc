"""Why a coefficient of a regression has no estimate, by name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cohortium.estimators.regression.counts import level_table

if TYPE_CHECKING:
    import numpy as np

    from cohortium.estimators.regression.counts import Counts
    from cohortium.estimators.regression.terms import Model

DEPENDENT = "no information beyond the covariates before it"
EMPTY = "no patients in this level"
SEPARATED = "separation: the coefficient has no finite maximum-likelihood estimate"


def column_refusals(
    spec: Model,
    counts: Counts,
    dependent: np.ndarray,
    infinite: np.ndarray,
    *,
    only_events: str = "",
    events: str = "events",
) -> dict[str, str]:
    """Column name to the reason why it has no estimate.

    dependent    shape (p,): columns without information of their own
    infinite     shape (p,): columns whose coefficient has no finite maximum
    only_events  what to say of a level in which everybody has the event, where that is a cause of separation
    events       what an event is called
    """
    reasons: dict[str, str] = {}
    levels = level_table(spec, counts)
    for column, is_dependent, is_infinite in zip(spec.columns, dependent, infinite, strict=True):
        n, n_events = levels.get(column.name, (counts.n, counts.n_events))
        if is_dependent:
            reasons[column.name] = DEPENDENT if n else EMPTY
        elif is_infinite:
            why = "" if n_events else f"no {events} in this level; "
            why = f"{only_events}; " if only_events and n_events == n else why
            reasons[column.name] = why + SEPARATED
    return reasons
