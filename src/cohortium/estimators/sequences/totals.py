"""Joint counts of consecutive steps by group.

Totals: for each two consecutive steps, patients by group (one more for those whose group is not known), level of the
one and level of the other (one more each for those whose level is not known). Whole sequences never leave a site.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from math import prod

import numpy as np

from cohortium.estimators.contract import Done, Factor, Integers, Next, Rows, Step
from cohortium.totals import Params, Shape, Shapes, Totals


@dataclass(frozen=True)
class SequencesSpec:
    """Which categories follow each other.

    steps    two categories or more, in order
    ended    printed levels of patients who never reached the step
    by       groups
    overall  whether all patients together are counted too
    """

    steps: tuple[Factor, ...]
    ended: tuple[str, ...] = ()
    by: Factor | None = None
    overall: bool = True
    population: str = "cohort"

    @property
    def factors(self) -> tuple[Factor, ...]:
        """Categorical columns needed."""
        return (*self.steps, self.by) if self.by else self.steps

    @property
    def numbers(self) -> tuple[str, ...]:
        """Numeric columns needed: none."""
        return ()


@dataclass(frozen=True)
class GroupSequences:
    """The flows of one group (empty label for all patients).

    flows   for each two consecutive steps, patients by level of the one and of the other, the last place of both for a
            level that is not known: shape (levels + 1, levels of the next + 1)
    """

    group: str
    flows: tuple[Integers, ...]

    @property
    def n(self) -> int:
        """Patients."""
        return int(self.flows[0].sum())

    def at(self, step: int) -> Integers:
        """Patients at each level of a step, the last place for a level that is not known."""
        return np.asarray(self.flows[0].sum(axis=1) if step == 0 else self.flows[step - 1].sum(axis=0))


@dataclass(frozen=True)
class SequencesEstimate:
    """Every group's flows, and patients whose group is not known."""

    spec: SequencesSpec
    groups: tuple[GroupSequences, ...]
    missing_group: int


def size(spec: SequencesSpec) -> int:
    """Numbers in the totals."""
    return sum(prod(shape.dims) for shape in shapes(spec, Params({})).values())


def start(_spec: SequencesSpec) -> Next:
    """The only round, without parameters."""
    return Next(Params({}))


def shapes(spec: SequencesSpec, _params: Params) -> Shapes:
    """Declared shape of the totals: groups, levels of a step, levels of the next."""
    pairs = enumerate(pairwise(spec.steps), 1)
    return {_name(k): Shape("int", (_n_groups(spec), len(one) + 1, len(other) + 1)) for k, (one, other) in pairs}


def prepare(rows: Rows, spec: SequencesSpec) -> Totals:
    """All counts; nothing depends on the round."""
    n_groups = _n_groups(spec)
    group = _place(rows, spec.by) if spec.by else np.zeros(rows.n, np.int64)
    places = [_place(rows, step) for step in spec.steps]
    arrays = {}
    for k, (one, other) in enumerate(pairwise(range(len(spec.steps))), 1):
        dims = (n_groups, len(spec.steps[one]) + 1, len(spec.steps[other]) + 1)
        flat = np.ravel_multi_index((group, places[one], places[other]), dims)
        arrays[_name(k)] = np.bincount(flat, minlength=prod(dims)).reshape(dims)
    return Totals(arrays)


def summarize(prepared: Totals, _params: Params) -> Totals:
    """The counts."""
    return prepared


def solve(spec: SequencesSpec, totals: Totals, _step: Next) -> Step:
    """The flows of all patients, then of each group."""
    counts = [totals[_name(k)] for k in range(1, len(spec.steps))]
    everyone = GroupSequences("", tuple(count.sum(axis=0) for count in counts))
    if spec.by is None:
        return Done(SequencesEstimate(spec, (everyone,), 0))
    groups = [GroupSequences(label, tuple(count[g] for count in counts)) for g, label in enumerate(spec.by.labels)]
    return Done(SequencesEstimate(spec, (*([everyone] if spec.overall else []), *groups), int(counts[0][-1].sum())))


def _place(rows: Rows, factor: Factor) -> Integers:
    """Place of each row among the levels, the last one where the level is not known."""
    codes = rows.codes[factor.name].astype(np.int64)
    return np.where(codes < 0, len(factor), codes)


def _name(k: int) -> str:
    return f"flow_{k}"


def _n_groups(spec: SequencesSpec) -> int:
    return len(spec.by) + 1 if spec.by else 1
