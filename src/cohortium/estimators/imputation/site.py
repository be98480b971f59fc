"""A site's rows with the values drawn so far."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from cohortium.errors import WireError
from cohortium.estimators.combined.naming import owned
from cohortium.estimators.contract import Factor, Integers, Reals, Rows
from cohortium.estimators.imputation import hazard, multinomial
from cohortium.estimators.imputation.columns import Layout, by_code, columns_of, layout_of
from cohortium.estimators.imputation.philox import Purpose, Words, normals, uniforms
from cohortium.estimators.imputation.rounds import LOOK, sequence
from cohortium.estimators.imputation.spec import ImputationSpec, Known, Quantity
from cohortium.totals import Params, Totals


@dataclass
class SiteRows:
    """The rows that can be imputed, those with every value known apart from the others.

    used     positions of the rows
    key      shape (n,): names of the patients
    values   name to values as they are: numbers with NaN, categories by `by_code` with -1
    whole    positions within `used` of rows with every variable known; `partial` of the others
    drawn    what has been drawn, and from which parameters
    """

    spec: ImputationSpec
    layout: Layout
    rows: Rows
    used: Integers
    key: Words
    values: dict[str, Any]
    whole: Integers
    partial: Integers
    drawn: Drawn | None = field(default=None)


@dataclass
class Drawn:
    """The rows as columns of the design matrix, the values drawn last included.

    params    parameters from which they were drawn
    visits    how many of the draws in `params` have been made
    complete  shape (rows with every variable known, columns)
    held      shape (m, other rows, columns)
    values    name to what was drawn last, shape (m, rows that miss the variable)
    gram      sums of products over the rows with every variable known, the same in all imputations
    """

    params: Params
    visits: int
    complete: Reals
    held: Reals
    values: dict[str, Any]
    gram: Reals


def prepare(rows: Rows, spec: ImputationSpec) -> SiteRows:
    """The rows that can be imputed: those whose helpers, follow-up and key are known."""
    values = {known.name: _values(rows, known) for known in (*spec.variables, *spec.helpers)}
    usable = ~np.isnan(rows.numbers[spec.patient].astype(np.float64))
    for known in spec.helpers:
        usable &= _is_known(values[known.name])
    for outcome in spec.outcomes:
        usable &= hazard.follow_up_known(rows, outcome)
    used = np.flatnonzero(usable)
    here = {name: column[used] for name, column in values.items()}
    all_known = np.ones(used.size, bool)
    for known in spec.variables:
        all_known &= _is_known(here[known.name])
    key = rows.numbers[spec.patient][used].astype(np.int64).astype(np.uint64)
    whole, partial = np.flatnonzero(all_known), np.flatnonzero(~all_known)
    return SiteRows(spec, layout_of(spec), rows, used, key, here, whole, partial)


def summarize(prepared: SiteRows, params: Params) -> Totals:
    """The totals of a round."""
    if int(params["phase"]) == LOOK:
        return _look(prepared)
    drawn = up_to_date(prepared, params)
    turn = int(params["turn"])
    known = prepared.spec.variables[turn]
    seen = _is_known(prepared.values[known.name])
    others = drawn.held[:, seen[prepared.partial]]
    if isinstance(known, Quantity):
        return Totals({"gram": drawn.gram + np.matmul(others.transpose(0, 2, 1), others)})
    return _logistic(prepared, drawn, others, turn, params)


def imputed_rows(prepared: SiteRows, found: Params) -> Rows:
    """All rows with a column `x#i` for each imputed variable x and each imputation i, counted from 0.

    Rows that cannot be imputed keep their unknown values.
    """
    drawn = up_to_date(prepared, found)
    numbers, codes = dict(prepared.rows.numbers), dict(prepared.rows.codes)
    for known in prepared.spec.variables:
        missing = prepared.used[~_is_known(prepared.values[known.name])]
        for i in range(prepared.spec.m):
            made, name = drawn.values[known.name][i], f"{known.name}#{i}"
            if isinstance(known, Factor):
                column = prepared.rows.codes[known.name].copy()
                column[missing] = np.argsort(by_code(known))[made]
                codes[name] = column
            else:
                reals = prepared.rows.numbers[known.name].astype(np.float64)
                reals[missing] = made
                numbers[name] = reals
    return replace(prepared.rows, numbers=numbers, codes=codes)


def one_imputation(rows: Rows, names: tuple[str, ...], i: int) -> Rows:
    """The rows with the values of one imputation in place of the unknown ones."""
    numbers = {name: rows.numbers[f"{name}#{i}"] for name in names if f"{name}#{i}" in rows.numbers}
    codes = {name: rows.codes[f"{name}#{i}"] for name in names if f"{name}#{i}" in rows.codes}
    return replace(rows, numbers={**rows.numbers, **numbers}, codes={**rows.codes, **codes})


def up_to_date(prepared: SiteRows, params: Params) -> Drawn:
    """The rows after all draws that the parameters hold; only those not yet made are made."""
    visits = sequence(prepared.spec, [bool(some) for some in params["missing"]])
    n = int(params["visits"])
    if not 0 <= n <= len(visits):
        raise WireError("the imputation has no such visit")
    drawn = prepared.drawn
    if drawn is None or not _goes_on(prepared.spec, drawn, params, visits):
        drawn = _first_values(prepared, params)
    for iteration, position in visits[drawn.visits : n]:
        known = prepared.spec.variables[position]
        _draw(prepared, drawn, position, iteration, params[f"draws:{known.name}"][iteration - 1])
    drawn.params, drawn.visits = params, n
    prepared.drawn = drawn
    return drawn


def _goes_on(spec: ImputationSpec, drawn: Drawn, params: Params, visits: list[tuple[int, int]]) -> bool:
    """Whether the parameters begin with those that have been used."""
    fixed = ["missing", *(f"hazard:{number}" for number in range(len(spec.outcomes)))]
    fixed += [f"start:{known.name}" for known in spec.variables]
    if int(params["visits"]) < drawn.visits or any(not np.array_equal(drawn.params[n], params[n]) for n in fixed):
        return False
    return all(
        np.array_equal(drawn.params[name][t - 1], params[name][t - 1])
        for t, position in visits[: drawn.visits]
        for name in [f"draws:{spec.variables[position].name}"]
    )


def _first_values(prepared: SiteRows, params: Params) -> Drawn:
    """The columns with values drawn from the distribution of each variable alone."""
    spec, layout = prepared.spec, prepared.layout
    base = np.zeros((prepared.used.size, layout.n_columns))
    base[:, 0] = 1.0
    for known, at in zip((*spec.variables, *spec.helpers), layout.places, strict=False):
        base[:, at] = columns_of(known, prepared.values[known.name])
    for number, outcome in enumerate(spec.outcomes):
        at = layout.places[len(spec.variables) + len(spec.helpers) + number]
        base[:, at] = hazard.outcome_columns(prepared.rows, outcome, prepared.used, params[f"hazard:{number}"])
    complete = base[prepared.whole]
    held = np.repeat(base[prepared.partial][None], spec.m, axis=0)
    drawn = Drawn(params, 0, complete, held, {}, complete.T @ complete)
    for position, known in enumerate(spec.variables):
        start = params[f"start:{known.name}"]
        key = prepared.key[~_is_known(prepared.values[known.name])]
        made: Any
        if isinstance(known, Quantity):
            made = rounded(known, start[0] + start[1] * normals(spec.seed, Purpose(0, position), spec.m, key))
        else:
            chances = np.broadcast_to(start, (spec.m, key.size, start.size))
            made = chosen_level(chances, uniforms(spec.seed, Purpose(0, position), spec.m, key))
        _keep(prepared, drawn, position, made)
    return drawn


def _draw(prepared: SiteRows, drawn: Drawn, position: int, iteration: int, parameters: Reals) -> None:
    """Draw the unknown values of one variable in all imputations."""
    spec, known = prepared.spec, prepared.spec.variables[position]
    at = ~_is_known(prepared.values[known.name])
    design = drawn.held[:, at[prepared.partial]][:, :, prepared.layout.others(position)]
    purpose, key = Purpose(iteration, position), prepared.key[at]
    made: Any
    if isinstance(known, Quantity):
        mean = np.matmul(design, parameters[:, :-1, None])[:, :, 0]
        scaled = mean + parameters[:, -1:] * normals(spec.seed, purpose, spec.m, key)
        made = rounded(known, known.middle + known.half * scaled)
    else:
        chances = multinomial.probabilities(design, parameters, drawn.params[f"start:{known.name}"])
        made = chosen_level(chances, uniforms(spec.seed, purpose, spec.m, key))
    _keep(prepared, drawn, position, made)


def _keep(prepared: SiteRows, drawn: Drawn, position: int, made: Any) -> None:
    known = prepared.spec.variables[position]
    at = ~_is_known(prepared.values[known.name])
    drawn.values[known.name] = made
    # One index and one slice beside each other keep the order of the axes.
    drawn.held[:, at[prepared.partial], prepared.layout.places[position]] = columns_of(known, made)


def rounded(known: Quantity, values: Reals) -> Reals:
    """Values within the declared range, to the declared decimals."""
    inside = np.clip(values, known.low, known.high) if known.bounded else values
    return inside if known.decimals is None else np.asarray(np.round(inside, known.decimals))


def chosen_level(chances: Reals, uniform: Reals) -> Integers:
    """The level in whose share of (0, 1) a number falls: shares of shape (..., levels), numbers of shape (...)."""
    upto = np.cumsum(chances, axis=-1)
    # The last share that is above 0 takes what rounding leaves.
    last = chances.shape[-1] - 1 - np.argmax(chances[..., ::-1] > 0, axis=-1)
    return np.asarray(np.minimum((uniform[..., None] >= upto).sum(axis=-1), last))


def _logistic(prepared: SiteRows, drawn: Drawn, others: Reals, turn: int, params: Params) -> Totals:
    spec, known = prepared.spec, prepared.spec.variables[turn]
    level = prepared.values[known.name]
    level = np.concatenate([level[prepared.whole], level[prepared.partial][_is_known(level)[prepared.partial]]])
    columns, start = prepared.layout.others(turn), params[f"start:{known.name}"]
    found, totals, squares = [], [], []
    for i in range(spec.m):
        design = np.concatenate([drawn.complete, others[i]])[:, columns]
        found.append(multinomial.sums(design, level, params["beta"][i], start))
        totals.append(design.sum(axis=0))
        squares.append(np.square(design).sum(axis=0))
    arrays = {name: np.array([getattr(one, name) for one in found]) for name in multinomial.Sums._fields}
    return Totals({**arrays, "total": np.array(totals), "square": np.array(squares)})


def _look(prepared: SiteRows) -> Totals:
    spec = prepared.spec
    arrays: dict[str, Any] = {"n": prepared.used.size, "left_out": prepared.rows.n - prepared.used.size}
    arrays["known"] = np.array([_is_known(prepared.values[known.name]).sum() for known in spec.variables])
    for known in spec.variables:
        values = prepared.values[known.name]
        values = values[_is_known(values)]
        if isinstance(known, Factor):
            arrays[f"start:{known.name}"] = np.bincount(values, minlength=len(known))
        else:
            scaled = (values - known.middle) / known.half
            arrays[f"start:{known.name}"] = np.array([scaled.sum(), scaled @ scaled])
    for number, outcome in enumerate(spec.outcomes):
        arrays |= owned(f"outcome{number}", hazard.hazard_counts(prepared.rows, outcome, prepared.used))
    return Totals(arrays)


def _values(rows: Rows, known: Known) -> Any:
    if isinstance(known, Quantity):
        return rows.numbers[known.name].astype(np.float64)
    code = rows.codes[known.name].astype(np.int64)
    return np.where(code < 0, -1, by_code(known)[code])


def _is_known(values: Any) -> Any:
    return values >= 0 if values.dtype.kind == "i" else ~np.isnan(values)
