"""From a site's rows to the columns of the design matrix, a function a column.

A column is computed for the rows that are asked for, so that no matrix of all rows is made on the way.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np

from cohortium.estimators.regression.terms import FactorTerm, NumberTerm, SplineTerm, cells_of, components_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from cohortium.estimators.contract import Integers, Reals, Rows
    from cohortium.estimators.regression.terms import Column, Model, Term

    ColumnOf = Callable[[slice | Integers], Reals]


def columns_of(rows: Rows, spec: Model, keep: slice | Integers) -> list[ColumnOf]:
    """One function a column of `spec.columns`: positions among the kept rows to values, shape (m,)."""
    return [column_of(rows, column, keep) for column in spec.columns]


def column_of(rows: Rows, column: Column, keep: slice | Integers) -> ColumnOf:
    """The function of one column."""
    if column.parts:
        return partial(_product, [column_of(rows, part, keep) for part in column.parts])
    term = column.term
    if isinstance(term, FactorTerm):
        return partial(_indicator, rows.codes[term.variable][keep], column.level)
    values = rows.numbers[term.variable][keep]
    if isinstance(term, SplineTerm) and column.level:
        return partial(_spline, values, term.knots, column.level)
    return partial(_scaled, values, term.per if isinstance(term, NumberTerm) else 1.0)


def restricted_cubic(values: Reals, knots: Sequence[float], function: int) -> Reals:
    r"""One function of the restricted cubic spline basis, shape as `values`.

    .. math:: \left[(x-t_j)_+^3 - (x-t_{k-1})_+^3\,\frac{t_k-t_j}{t_k-t_{k-1}}
        + (x-t_k)_+^3\,\frac{t_{k-1}-t_j}{t_k-t_{k-1}}\right] / (t_k-t_1)^2

    knots     ascending, shape (k,)
    function  j from 1 to k-2; 0 is the values themselves
    """
    if function == 0:
        return values
    first, before, last = knots[function - 1], knots[-2], knots[-1]

    def cube(knot: float) -> Reals:
        above = np.maximum(values - knot, 0.0)
        return np.asarray(above * above * above)

    bent = cube(first) + (cube(last) * (before - first) - cube(before) * (last - first)) / (last - before)
    return np.asarray(bent / (last - knots[0]) ** 2)


def cell_counts(rows: Rows, spec: Model, keep: slice | Integers, event: np.ndarray) -> Integers:
    """Rows and events in each of `spec.cells`, shape (cells, 2).

    event  shape (n kept,)
    """
    counts = [np.empty((0, 2), np.int64)]
    for term in spec.terms:
        if size := len(cells_of(term)):
            cell = _cell(rows, term, keep)
            counts.append(np.stack([np.bincount(cell, minlength=size), np.bincount(cell[event], minlength=size)], 1))
    return np.concatenate(counts)


def _cell(rows: Rows, term: Term, keep: slice | Integers) -> Integers:
    """Position of each kept row in the term's cells, the first factor varying fastest."""
    cell, stride = np.zeros(1, np.int64), 1
    for part in components_of([term]):
        if isinstance(part, FactorTerm):
            cell = cell + stride * rows.codes[part.variable][keep].astype(np.int64)
            stride *= len(part.factor)
    return cell


def _scaled(values: Reals, per: float, part: slice | Integers) -> Reals:
    return values[part] if per == 1.0 else np.asarray(values[part] / per)


def _indicator(codes: NDArray[np.integer[Any]], level: int | None, part: slice | Integers) -> Reals:
    return np.asarray(codes[part] == level, np.float64)


def _spline(values: Reals, knots: Sequence[float], function: int, part: slice | Integers) -> Reals:
    return restricted_cubic(values[part], knots, function)


def _product(columns: Sequence[ColumnOf], part: slice | Integers) -> Reals:
    product = columns[0](part)
    for column in columns[1:]:
        product = np.asarray(product * column(part))
    return product
