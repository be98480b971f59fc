"""From the totals of the first round to where the fit begins, or why there is none."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from cohortium.estimators.logistic.origin import Setting

if TYPE_CHECKING:
    from cohortium.estimators.contract import Integers, Reals
    from cohortium.estimators.logistic.spec import LogisticSpec
    from cohortium.estimators.regression.counts import Counts
    from cohortium.totals import Totals

MOST_CHOICES = 100_000_000
"""Rows times events within strata, of the exact conditional likelihood: some seconds an evaluation."""


def problem_of(spec: LogisticSpec, counts: Counts, totals: Totals) -> str:
    """Why there is no model; empty when there is one."""
    if counts.n == 0:
        return "no patients with complete covariates"
    if counts.n_events == 0:
        return "no events"
    if counts.n_events == counts.n:
        return "every patient has the event"
    if spec.strata and not has_both(totals["stratum_counts"]).any() and spec.penalty != "firth":
        return "no stratum has patients with and without the event"
    if spec.conditional and int(totals["choices"]) > MOST_CHOICES:
        return "the strata are too large for the exact conditional likelihood; give each stratum a constant instead"
    return ""


def has_both(stratum_counts: Integers) -> np.ndarray:
    """Strata with and without the event, shape (k,); the others have nothing to say of the covariates."""
    n, n_events = stratum_counts[:, 0], stratum_counts[:, 1]
    return np.asarray((n_events > 0) & (n_events < n))


def setting_of(spec: LogisticSpec, counts: Counts, totals: Totals, *, all_strata: bool) -> Setting:
    """Where the fit begins.

    all_strata  whether strata without both outcomes count, which with a penalty have a finite constant
    """
    counted = np.ones(spec.n_strata, bool)
    if spec.strata and not all_strata:
        counted = has_both(totals["stratum_counts"])
    weight = totals["weight"]
    ones = np.ones(spec.n_constants)
    center = np.zeros(len(spec.columns)) if spec.conditional else totals["column_sum"] / counts.n
    return Setting(
        counts=counts,
        center=center,
        counted=counted.astype(np.int64),
        mean_square=np.concatenate([ones, totals["square_sum"] / counts.n]),
        n=int(totals["stratum_counts"][counted, 0].sum()),
        mass=float(weight[counted, 0].sum()),
        start=_start(spec, weight, counted, all_strata=all_strata),
        solved=spec.conditional or (not spec.offset and not all_strata),
    )


def _start(spec: LogisticSpec, weight: Reals, counted: np.ndarray, *, all_strata: bool) -> Reals:
    """The constants of the model without covariates, where no offset moves them."""
    start = np.zeros(spec.size)
    if spec.conditional:
        return start
    total, events = weight[counted].sum(axis=0)
    start[0] = np.log(events / (total - events))
    if spec.strata and not all_strata:
        own = np.log(weight[counted, 1] / (weight[counted, 0] - weight[counted, 1]))
        at = np.flatnonzero(counted)
        start[0] = own[0]
        start[at[1:]] = own[1:] - own[0]
    return start
