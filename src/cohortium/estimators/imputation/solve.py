"""The center's part of the chain: from totals to the next draw of parameters."""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from cohortium.estimators.combined.naming import of_owner
from cohortium.estimators.contract import Done, Factor, Next, Reals, Step
from cohortium.estimators.imputation import multinomial
from cohortium.estimators.imputation.columns import layout_of
from cohortium.estimators.imputation.hazard import nelson_aalen
from cohortium.estimators.imputation.linear import draw_linear
from cohortium.estimators.imputation.philox import Purpose
from cohortium.estimators.imputation.rounds import FIT, LOOK, found_shapes, sequence
from cohortium.estimators.imputation.spec import ImputationSpec
from cohortium.totals import Params, Totals, zero


@dataclass(frozen=True)
class Imputation:
    """What the chain found.

    found      everything that makes the imputed values, for the sites; empty when there is a problem
    n          rows that are imputed where values are missing
    left_out   rows that keep their unknown values, since a helper, the follow-up or the key is not known
    missing    values imputed, by variable
    problem    why nothing can be imputed; empty when it can
    """

    spec: ImputationSpec
    found: Totals
    n: int
    left_out: int
    missing: dict[str, int]
    problem: str = ""


@dataclass(frozen=True)
class _Memory:
    """fits: one of each imputation, of the logistic model whose turn it is; last: estimates by variable."""

    known: tuple[int, ...]
    n: int
    left_out: int
    found: dict[str, Any]
    fits: tuple[multinomial.Fit, ...] = ()
    steps: int = 0
    last: dict[str, Reals] = field(default_factory=dict)


def start(_spec: ImputationSpec) -> Next:
    """The round that looks."""
    return Next(Params({"phase": LOOK}))


def solve(spec: ImputationSpec, totals: Totals, step: Next) -> Step:
    """The next round, or what the chain found."""
    if int(step.params["phase"]) == LOOK:
        return _after_look(spec, totals)
    turn, memory = int(step.params["turn"]), step.memory
    known = spec.variables[turn]
    visits = _visits(spec, memory)
    iteration, _ = visits[int(memory.found["visits"])]
    if isinstance(known, Factor):
        return _after_logistic(spec, totals, turn, iteration, memory)
    layout = layout_of(spec)
    at, others = layout.places[turn].start, layout.others(turn)
    purpose = Purpose(iteration, turn)
    draws = draw_linear(totals["gram"], at, others, memory.known[turn], spec.seed, purpose)
    return _next_visit(spec, _with_draws(spec, memory, turn, iteration, draws))


def _after_look(spec: ImputationSpec, totals: Totals) -> Step:
    n, known = int(totals["n"]), totals["known"]
    missing = {one.name: n - int(count) for one, count in zip(spec.variables, known, strict=True)}
    nowhere = [name for name, count in missing.items() if count == n and n]
    if nowhere:
        problem = f"no known value of {', '.join(nowhere)} to impute from"
        return Done(Imputation(spec, Totals({}), n, int(totals["left_out"]), missing, problem))
    found = dict(zero(found_shapes(spec)))
    found["missing"] = np.array([count > 0 for count in missing.values()], np.int64)
    for number in range(len(spec.outcomes)):
        found[f"hazard:{number}"] = nelson_aalen(of_owner(f"outcome{number}", totals))
    for one, count in zip(spec.variables, known.tolist(), strict=True):
        sums = totals[f"start:{one.name}"]
        if isinstance(one, Factor):
            found[f"start:{one.name}"] = sums / max(count, 1)
        else:
            mean = sums[0] / max(count, 1)
            deviation = math.sqrt(max(sums[1] - count * mean**2, 0.0) / max(count - 1, 1))
            found[f"start:{one.name}"] = np.array([one.middle + one.half * mean, one.half * deviation])
    memory = _Memory(tuple(known.tolist()), n, int(totals["left_out"]), found)
    return _next_visit(spec, memory)


def _after_logistic(spec: ImputationSpec, totals: Totals, turn: int, iteration: int, memory: _Memory) -> Step:
    known = spec.variables[turn]
    seen, n = memory.found[f"start:{known.name}"], memory.known[turn]
    fits = []
    for i, fit in enumerate(memory.fits):
        if fit.ended:
            fits.append(fit)
            continue
        design, level, weight = multinomial.added_rows(totals["total"][i], totals["square"][i], n, seen)
        own = multinomial.Sums(*(totals[name][i] for name in multinomial.Sums._fields))
        added = multinomial.sums(design, level, fit.beta, seen, weight)
        fits.append(multinomial.advance(fit, multinomial.both(own, added), seen))
    memory = replace(memory, fits=tuple(fits), steps=memory.steps + 1)
    if not all(fit.ended for fit in fits) and memory.steps < multinomial.MAX_STEPS:
        return _round(spec, memory, turn)
    draws = multinomial.draw_coefficients(fits, seen, spec.seed, Purpose(iteration, turn))
    last = {**memory.last, known.name: np.array([fit.beta for fit in fits])}
    return _next_visit(spec, _with_draws(spec, replace(memory, last=last), turn, iteration, draws))


def _next_visit(spec: ImputationSpec, memory: _Memory) -> Step:
    visits, n = _visits(spec, memory), int(memory.found["visits"])
    if n == len(visits):
        missing = {one.name: memory.n - count for one, count in zip(spec.variables, memory.known, strict=True)}
        return Done(Imputation(spec, Totals(memory.found), memory.n, memory.left_out, missing))
    _, turn = visits[n]
    known = spec.variables[turn]
    if isinstance(known, Factor):
        # The estimate of the iteration before is near.
        shape = (spec.m, len(known), layout_of(spec).others(turn).size)
        begin = memory.last.get(known.name, np.zeros(shape))
        memory = replace(memory, fits=tuple(multinomial.start_fit(beta) for beta in begin), steps=0)
    return _round(spec, memory, turn)


def _round(spec: ImputationSpec, memory: _Memory, turn: int) -> Next:
    params = {"phase": FIT, "turn": turn, **memory.found}
    if isinstance(spec.variables[turn], Factor):
        params["beta"] = np.array([fit.beta for fit in memory.fits])
    return Next(Params(params), memory)


def _with_draws(spec: ImputationSpec, memory: _Memory, turn: int, iteration: int, draws: Reals) -> _Memory:
    name = f"draws:{spec.variables[turn].name}"
    history = memory.found[name].copy()
    history[iteration - 1] = draws
    return replace(memory, found={**memory.found, name: history, "visits": int(memory.found["visits"]) + 1})


def _visits(spec: ImputationSpec, memory: _Memory) -> list[tuple[int, int]]:
    return sequence(spec, [bool(some) for some in memory.found["missing"]])
