"""A meta-analysis of imputed rows: each site's estimates by Rubin's rules first, then those of the sites together.

Reference: Burgess, White, Resche-Rigon and Wood 2013.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from cohortium.estimators.between_sites.meta import MetaEstimate, over_sites
from cohortium.estimators.between_sites.own import Own, without
from cohortium.estimators.between_sites.tabulate import tabulate
from cohortium.estimators.imputation.pooling import rubin

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cohortium.estimators.contract import Task
    from cohortium.results import Statistic


def rows(task: Task, _of_each: Sequence[Sequence[Statistic]], estimates: Sequence[MetaEstimate]) -> list[Statistic]:
    """Rows of the results table."""
    first = estimates[0]
    own = tuple(pooled_own([estimate.own[at] for estimate in estimates]) for at in range(len(first.own)))
    return tabulate(task, over_sites(replace(first.spec, note=_note(first.spec.note)), own, first.no_site))


def pooled_own(found: Sequence[Own]) -> Own:
    """A site's own estimate over imputations; one that is missing in an imputation is missing."""
    n, n_events, n_missing = (round(float(np.mean([one[at] for one in found]))) for at in (2, 3, 4))
    refused = [one.reason for one in found if one.reason]
    if refused:
        return without(refused[0], n, n_events, n_missing)
    pooled = rubin(np.array([[one.estimate] for one in found]), np.array([[one.variance] for one in found]))
    return Own(float(pooled.estimate[0]), float(pooled.total[0]), n, n_events, n_missing, 0)


def _note(note: str) -> str:
    return "; ".join(filter(None, [note, "each site's estimates pooled over imputations first"]))
