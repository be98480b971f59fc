"""Counts of rows by the variables that they do not know."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from cohortium.estimators.contract import Done, Factor, Integers, Next, Rows, Step
from cohortium.totals import Params, Shape, Shapes, Totals

MOST_PATTERNS_OF = 12
"""Variables whose combinations are counted: 4,096 patterns; of more variables only each and each pair."""


@dataclass(frozen=True)
class MissingnessSpec:
    """Which values are looked for.

    looked_at  factors, or names of numbers, in the order in which a complete-case analysis would ask for them
    by         groups; rows whose group is not known count in the column for all alone
    """

    looked_at: tuple[Factor | str, ...]
    by: Factor | None = None
    population: str = "cohort"

    @property
    def factors(self) -> tuple[Factor, ...]:
        """Categorical columns needed."""
        chosen = tuple(one for one in self.looked_at if isinstance(one, Factor))
        return (*chosen, self.by) if self.by else chosen

    @property
    def numbers(self) -> tuple[str, ...]:
        """Numeric columns needed."""
        return tuple(one for one in self.looked_at if isinstance(one, str))

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the variables in order."""
        return tuple(one if isinstance(one, str) else one.name for one in self.looked_at)

    @property
    def has_patterns(self) -> bool:
        """Whether all combinations are counted."""
        return len(self.looked_at) <= MOST_PATTERNS_OF


@dataclass(frozen=True)
class GroupMissing:
    """Counts of one group; an empty label is everybody.

    unknown   shape (k,): rows that do not know each variable
    together  shape (k, k): rows that know neither of two variables
    removed   shape (k,): rows that a complete-case analysis loses at each variable, asked in order
    patterns  variables that are not known (positions in order) to rows, most frequent first; None when not counted
    """

    group: str
    n: int
    unknown: Integers
    together: Integers
    removed: Integers
    patterns: dict[tuple[int, ...], int] | None

    @property
    def n_complete(self) -> int:
        """Rows that know every variable."""
        return self.n - int(self.removed.sum())


@dataclass(frozen=True)
class MissingnessEstimate:
    """Everybody, then each group; and rows whose group is not known."""

    spec: MissingnessSpec
    groups: tuple[GroupMissing, ...]
    missing_group: int


def size(spec: MissingnessSpec) -> int:
    """Numbers in the totals."""
    k = len(spec.looked_at)
    return _n_groups(spec) * (1 + 2 * k + k * k + (2**k if spec.has_patterns else 0))


def start(_spec: MissingnessSpec) -> Next:
    """The only round, without parameters."""
    return Next(Params({}))


def shapes(spec: MissingnessSpec, _params: Params) -> Shapes:
    """Declared shape of the totals: by group, the last one for an unknown group."""
    groups, k = _n_groups(spec), len(spec.looked_at)
    out = {
        "n": Shape("int", (groups,)),
        "unknown": Shape("int", (groups, k)),
        "together": Shape("int", (groups, k, k)),
        "removed": Shape("int", (groups, k)),
    }
    return {**out, "pattern": Shape("int", (groups, 2**k))} if spec.has_patterns else out


def prepare(rows: Rows, spec: MissingnessSpec) -> Totals:
    """All counts; nothing depends on the round."""
    k, n_groups = len(spec.looked_at), _n_groups(spec)
    unknown = np.zeros((rows.n, k), bool)
    for position, one in enumerate(spec.looked_at):
        unknown[:, position] = np.isnan(rows.numbers[one]) if isinstance(one, str) else rows.codes[one.name] < 0
    group = rows.codes[spec.by.name].astype(np.int64) if spec.by else np.zeros(rows.n, np.int64)
    group = np.where(group < 0, n_groups - 1, group)
    first = np.where(unknown.any(axis=1), unknown.argmax(axis=1), k)
    here = [unknown[group == g].astype(np.int64) for g in range(n_groups)]
    arrays = {
        "n": np.array([part.shape[0] for part in here]),
        "unknown": np.array([part.sum(axis=0) for part in here]),
        "together": np.array([part.T @ part for part in here]),
        "removed": np.bincount(group * (k + 1) + first, minlength=n_groups * (k + 1)).reshape(n_groups, -1)[:, :k],
    }
    if spec.has_patterns:
        code = unknown @ (1 << np.arange(k))
        counted = np.bincount(group * 2**k + code, minlength=n_groups * 2**k)
        arrays["pattern"] = counted.reshape(n_groups, 2**k)
    return Totals(arrays)


def summarize(prepared: Totals, _params: Params) -> Totals:
    """The counts."""
    return prepared


def solve(spec: MissingnessSpec, totals: Totals, _step: Next) -> Step:
    """The counts of everybody and of each group."""
    everyone = _group("", {name: totals[name].sum(axis=0) for name in totals})
    labels = spec.by.labels if spec.by else ()
    groups = [_group(label, {name: totals[name][g] for name in totals}) for g, label in enumerate(labels)]
    return Done(MissingnessEstimate(spec, (everyone, *groups), int(totals["n"][-1]) if spec.by else 0))


def _group(label: str, counts: dict[str, Integers]) -> GroupMissing:
    found = None
    if "pattern" in counts:
        k, pattern = counts["unknown"].size, counts["pattern"]
        # Sorting is stable: of patterns that are as frequent, the one with fewer unknown values comes first.
        seen = sorted(np.flatnonzero(pattern).tolist(), key=lambda code: (-pattern[code], code.bit_count(), code))
        found = {tuple(j for j in range(k) if code >> j & 1): int(pattern[code]) for code in seen}
    return GroupMissing(label, int(counts["n"]), counts["unknown"], counts["together"], counts["removed"], found)


def _n_groups(spec: MissingnessSpec) -> int:
    return len(spec.by) + 1 if spec.by else 1
