"""Joint counts by group and every axis, and the bars that they are.

Totals: patients by group and place on every axis, whole numbers of declared shape; by group those left out because
something is not known; and those whose group is not known. A cell that one patient is in is that patient.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import prod

import numpy as np

from cohortium.estimators.contract import Done, Next, Rows, Step
from cohortium.estimators.individual.axes import LEFT_OUT
from cohortium.estimators.individual.spec import IndividualSpec
from cohortium.totals import Params, Shape, Shapes, Totals


@dataclass(frozen=True)
class GroupBars:
    """The bars of one group (empty label for all patients).

    places   place on every axis, a tuple a patient, ascending
    left_out patients without a bar because something is not known
    """

    group: str
    places: tuple[tuple[int, ...], ...]
    left_out: int


@dataclass(frozen=True)
class IndividualEstimate:
    """The bars of every group, and patients whose group is not known."""

    spec: IndividualSpec
    groups: tuple[GroupBars, ...]
    missing_group: int


def size(spec: IndividualSpec) -> int:
    """Numbers in the totals."""
    return prod(_dims(spec)) + _n_groups(spec) + 1


def start(_spec: IndividualSpec) -> Next:
    """The only round, without parameters."""
    return Next(Params({}))


def shapes(spec: IndividualSpec, _params: Params) -> Shapes:
    """Declared shape of the totals: groups, then the places of every axis."""
    return {
        "cells": Shape("int", _dims(spec)),
        "left_out": Shape("int", (_n_groups(spec),)),
        "missing_group": Shape("int", (1,)),
    }


def prepare(rows: Rows, spec: IndividualSpec) -> Totals:
    """All counts; nothing depends on the round."""
    dims = _dims(spec)
    group = rows.codes[spec.by.name].astype(np.int64) if spec.by else np.zeros(rows.n, np.int64)
    places = [axis.places(rows) for axis in spec.axes]
    in_group = group >= 0
    known = in_group & np.logical_and.reduce([place != LEFT_OUT for place in places])
    flat = np.ravel_multi_index((group[known], *(place[known] for place in places)), dims)
    return Totals(
        {
            "cells": np.bincount(flat, minlength=prod(dims)).reshape(dims),
            "left_out": np.bincount(group[in_group & ~known], minlength=dims[0]),
            "missing_group": np.array([np.count_nonzero(~in_group)]),
        }
    )


def summarize(prepared: Totals, _params: Params) -> Totals:
    """Patients by group and place."""
    return prepared


def solve(spec: IndividualSpec, totals: Totals, _step: Next) -> Step:
    """A bar a patient."""
    labels = spec.by.labels if spec.by else ("",)
    groups = []
    for label, cells, left_out in zip(labels, totals["cells"], totals["left_out"].tolist(), strict=True):
        taken = np.argwhere(cells)
        bars = np.repeat(taken, cells[tuple(taken.T)], axis=0)
        groups.append(GroupBars(label, tuple(map(tuple, bars.tolist())), left_out))
    return Done(IndividualEstimate(spec, tuple(groups), int(totals["missing_group"][0])))


def _n_groups(spec: IndividualSpec) -> int:
    return len(spec.by) if spec.by else 1


def _dims(spec: IndividualSpec) -> tuple[int, ...]:
    return (_n_groups(spec), *(axis.size for axis in spec.axes))
