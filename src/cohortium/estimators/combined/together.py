"""Several fits side by side, a round at a time, and what is made of all their estimates.

A round holds the members that have not ended; a site answers each of them by its own declared shapes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from cohortium.errors import WireError
from cohortium.estimators.combined.naming import of_owner, owned, owners
from cohortium.estimators.contract import Done, Estimator, Factor, Next, Rows, Step
from cohortium.totals import Params, Shape, Shapes, Totals

_TURN = "turn"


@dataclass(frozen=True)
class Member:
    """One fit: an estimator with its specification.

    view  what of the rows it reads, such as the values of one imputation; None for the rows as they are
    """

    estimator: Estimator
    spec: Any
    view: Callable[[Rows], Rows] | None = field(default=None, compare=False)


@dataclass(frozen=True)
class TogetherSpec:
    """Fits side by side.

    members  name, without a colon, to fit
    finish   the members' estimates, by name, to the estimate of all
    """

    members: Mapping[str, Member]
    finish: Callable[[Mapping[str, Any]], Any] = field(compare=False)
    population: str = "cohort"

    @property
    def factors(self) -> tuple[Factor, ...]:
        """Categorical columns needed, each once."""
        found = {factor.name: factor for member in self.members.values() for factor in member.spec.factors}
        return tuple(found.values())

    @property
    def numbers(self) -> tuple[str, ...]:
        """Numeric columns needed, each once."""
        return tuple(dict.fromkeys(name for member in self.members.values() for name in member.spec.numbers))


@dataclass(frozen=True)
class _Running:
    """Members under way with the step each has asked for, and the estimates of those that have ended."""

    steps: Mapping[str, Next]
    estimates: Mapping[str, Any]


@dataclass
class _Prepared:
    spec: TogetherSpec
    rows: Rows
    members: dict[str, Any] = field(default_factory=dict)


def size(spec: TogetherSpec) -> int:
    """Numbers in the totals of a round of all members."""
    return sum(member.estimator.size(member.spec) for member in spec.members.values())


def start(spec: TogetherSpec) -> Next:
    """The first round of every member."""
    steps = {name: member.estimator.start(member.spec) for name, member in spec.members.items()}
    return _next(_Running(steps, {}))


def asks(spec: TogetherSpec, params: Params) -> Shapes:
    """Declared parameters of the members that the round holds.

    Raises
        WireError: a member is not declared.
    """
    return _of_members(
        spec, params, lambda member, own: {_TURN: Shape("int", ()), **member.estimator.asks(member.spec, own)}
    )


def shapes(spec: TogetherSpec, params: Params) -> Shapes:
    """Declared shape of the totals of the members that the round holds."""
    return _of_members(spec, params, lambda member, own: member.estimator.shapes(member.spec, own))


def prepare(rows: Rows, spec: TogetherSpec) -> _Prepared:
    """The rows; each member prepares its own at its first question."""
    return _Prepared(spec, rows)


def summarize(prepared: _Prepared, params: Params) -> Totals:
    """The totals of the members that the round holds."""
    out: dict[str, Any] = {}
    for name in owners(params):
        member = prepared.spec.members[name]
        if name not in prepared.members:
            rows = prepared.rows if member.view is None else member.view(prepared.rows)
            prepared.members[name] = member.estimator.prepare(rows, member.spec)
        out |= owned(name, member.estimator.summarize(prepared.members[name], _own(name, params)))
    return Totals(out)


def solve(spec: TogetherSpec, totals: Totals, step: Next) -> Step:
    """The next round of the members that go on, or the estimate of all."""
    running: _Running = step.memory
    steps, estimates = {}, dict(running.estimates)
    for name, asked in running.steps.items():
        member = spec.members[name]
        after = member.estimator.solve(member.spec, of_owner(name, totals), asked)
        if isinstance(after, Done):
            estimates[name] = after.estimate
        else:
            steps[name] = after
    if steps:
        return _next(_Running(steps, estimates))
    return Done(spec.finish({name: estimates[name] for name in spec.members}))


def _next(running: _Running) -> Next:
    params: dict[str, Any] = {}
    for name, step in running.steps.items():
        # A member may have no parameters, so its turn is said by an array of its own.
        params |= owned(name, {_TURN: 1, **step.params})
    return Next(Params(params), running)


def _own(name: str, params: Params) -> Params:
    found = of_owner(name, params)
    return Params({key: found[key] for key in found if key != _TURN})


def _of_members(spec: TogetherSpec, params: Params, declared: Callable[[Member, Params], Shapes]) -> Shapes:
    unknown = [name for name in owners(params) if name not in spec.members]
    if unknown:
        raise WireError("the fit has no such member")
    out: dict[str, Any] = {}
    for name in owners(params):
        out |= owned(name, declared(spec.members[name], _own(name, params)))
    return out
