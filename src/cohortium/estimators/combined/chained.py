"""A fit whose result the sites need before the next one: propensity weights, imputed values.

The first fit runs as it is. What it found goes to the sites with every round of the second one; there, an installed
function makes new columns of the rows from it, and the second fit reads these.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from cohortium.errors import WireError
from cohortium.estimators.combined.naming import of_owner, owned
from cohortium.estimators.combined.together import Member
from cohortium.estimators.contract import Done, Factor, Next, Rows, Step
from cohortium.totals import Array, Params, Shape, Shapes, Totals

FIRST, SECOND = 0, 1
_STAGE, _OWN, _FOUND = "stage", "own", "found"


@dataclass(frozen=True)
class Refusal:
    """The first fit found nothing that the second could use."""

    reason: str


@dataclass(frozen=True)
class Link:
    """Between the two fits.

    makes     columns that the rows do not have before
    shapes    declared shape of what goes to the sites
    found     the first estimate to what goes to the sites, or why there is nothing
    rows      (rows, what came) -> rows with the new columns
    """

    makes: tuple[str, ...]
    shapes: Mapping[str, Shape]
    found: Callable[[Any], Mapping[str, Array] | Refusal] = field(compare=False)
    rows: Callable[[Rows, Totals], Rows] = field(compare=False)


@dataclass(frozen=True)
class ChainedSpec:
    """Two fits, and the link between them."""

    first: Member
    link: Link
    second: Member
    population: str = "cohort"

    @property
    def factors(self) -> tuple[Factor, ...]:
        """Categorical columns needed, each once."""
        both = (*self.first.spec.factors, *self.second.spec.factors)
        return tuple({factor.name: factor for factor in both if factor.name not in self.link.makes}.values())

    @property
    def numbers(self) -> tuple[str, ...]:
        """Numeric columns needed, each once."""
        both = (*self.first.spec.numbers, *self.second.spec.numbers)
        return tuple(dict.fromkeys(name for name in both if name not in self.link.makes))


@dataclass(frozen=True)
class ChainedEstimate:
    """What the two fits found; the second is None when the first gave it nothing, and `problem` says why."""

    spec: ChainedSpec
    first: Any
    second: Any
    problem: str = ""


@dataclass(frozen=True)
class _Memory:
    inner: Next
    first: Any = None


@dataclass
class _Prepared:
    """Rows, and what was last prepared of them; a new finding of the first fit makes it stale."""

    spec: ChainedSpec
    rows: Rows
    first: Any = None
    found: Totals | None = None
    second: Any = None


def size(spec: ChainedSpec) -> int:
    """Numbers in the larger totals of the two."""
    return max(member.estimator.size(member.spec) for member in (spec.first, spec.second))


def start(spec: ChainedSpec) -> Next:
    """The first round of the first fit."""
    return _next(FIRST, spec.first.estimator.start(spec.first.spec), {}, None)


def asks(spec: ChainedSpec, params: Params) -> Shapes:
    """Declared parameters of the fit whose turn it is, and of what the first one found.

    Raises
        WireError: there is no such round.
    """
    member = _member(spec, params)
    own = owned(_OWN, member.estimator.asks(member.spec, of_owner(_OWN, params)))
    found = owned(_FOUND, spec.link.shapes) if member is spec.second else {}
    return {_STAGE: Shape("int", ()), **own, **found}


def shapes(spec: ChainedSpec, params: Params) -> Shapes:
    """Declared shape of the totals of the fit whose turn it is."""
    member = _member(spec, params)
    return member.estimator.shapes(member.spec, of_owner(_OWN, params))


def prepare(rows: Rows, spec: ChainedSpec) -> _Prepared:
    """The rows; each fit prepares them when its turn comes."""
    return _Prepared(spec, rows)


def summarize(prepared: _Prepared, params: Params) -> Totals:
    """The totals of the fit whose turn it is."""
    spec, own = prepared.spec, of_owner(_OWN, params)
    if int(params[_STAGE]) == FIRST:
        if prepared.first is None:
            prepared.first = spec.first.estimator.prepare(prepared.rows, spec.first.spec)
        return spec.first.estimator.summarize(prepared.first, own)
    found = of_owner(_FOUND, params)
    if prepared.found is None or prepared.found != found:
        made = spec.link.rows(prepared.rows, found)
        prepared.second, prepared.found = spec.second.estimator.prepare(made, spec.second.spec), found
    return spec.second.estimator.summarize(prepared.second, own)


def solve(spec: ChainedSpec, totals: Totals, step: Next) -> Step:
    """The next round of the fit whose turn it is, the first round of the second, or the estimate of both."""
    memory: _Memory = step.memory
    member = _member(spec, step.params)
    after = member.estimator.solve(member.spec, totals, memory.inner)
    if isinstance(after, Next):
        return _next(int(step.params[_STAGE]), after, of_owner(_FOUND, step.params), memory.first)
    if member is spec.second:
        return Done(ChainedEstimate(spec, memory.first, after.estimate))
    found = spec.link.found(after.estimate)
    if isinstance(found, Refusal):
        return Done(ChainedEstimate(spec, after.estimate, None, found.reason))
    return _next(SECOND, spec.second.estimator.start(spec.second.spec), found, after.estimate)


def with_columns(rows: Rows, numbers: Mapping[str, Any]) -> Rows:
    """Rows with numeric columns added or replaced."""
    return replace(rows, numbers={**rows.numbers, **numbers})


def _member(spec: ChainedSpec, params: Params) -> Member:
    stage = params.get(_STAGE)
    if stage is None or stage.shape != () or stage.dtype.kind != "i" or int(stage) not in (FIRST, SECOND):
        raise WireError("the fit has no such round")
    return spec.first if int(stage) == FIRST else spec.second


def _next(stage: int, inner: Next, found: Mapping[str, Array], first: Any) -> Next:
    params = {_STAGE: stage, **owned(_OWN, inner.params), **owned(_FOUND, found)}
    return Next(Params(params), _Memory(inner, first))
