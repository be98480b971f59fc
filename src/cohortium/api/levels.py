"""Categorical columns of several sites: their levels, and each row's level as a number."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Codes = NDArray[np.int8] | NDArray[np.int32]

_LOOKED_AT = 1000
_FEW = 6
_NARROW = 126
"""Whole numbers within a range as narrow as this are looked up, not sorted; one byte holds their places."""


def code_levels(columns: Sequence[pl.Series]) -> tuple[list[Any], list[Codes]]:
    """The levels of a column in declared, numeric or alphabetical order, and the codes at every site.

    columns   one a site

    Returns levels, and positions in the levels of shape (n,) a site, -1 where not known, in one byte where they fit.
    """
    first = next((column for column in columns if not is_unknown(column)), columns[0])
    if isinstance(first.dtype, pl.Enum) and all(
        column.dtype == first.dtype or is_unknown(column) for column in columns
    ):
        return list(first.dtype.categories), [_physical(column) for column in columns]
    parts = [_split(column) for column in columns]
    levels = sorted({level for found, _ in parts for level in found}, key=lambda level: (isinstance(level, str), level))
    place = {level: position for position, level in enumerate(levels)}
    return levels, [_placed(found, codes, place) for found, codes in parts]


def is_unknown(column: pl.Series) -> bool:
    """Whether a column holds nothing."""
    return column.null_count() == column.len()


def _placed(found: list[Any], codes: Codes, place: dict[Any, int]) -> Codes:
    """Codes in one site's levels as codes in everybody's."""
    places = [place[level] for level in found]
    if places == list(range(len(places))):
        return codes
    # The last place is that of -1.
    table = [*places, -1]
    return np.asarray(table, np.int8)[codes] if len(place) <= _NARROW else np.asarray(table, np.int32)[codes]


def _physical(column: pl.Series) -> Codes:
    if is_unknown(column):
        return np.full(column.len(), -1, np.int32)
    physical = column.to_physical()
    if physical.dtype == pl.UInt8 and not column.null_count() and len(column.dtype.categories) <= _NARROW:  # type: ignore[attr-defined]
        return physical.to_numpy().view(np.int8)
    return physical.cast(pl.Int32).fill_null(-1).to_numpy()


def _split(column: pl.Series) -> tuple[list[Any], Codes]:
    """The levels of one site and each row's place among them."""
    if is_unknown(column):
        return [], np.full(column.len(), -1, np.int32)
    if column.dtype in (pl.Categorical, pl.Enum):
        column = column.cast(pl.String)
    split = None
    if column.dtype.is_integer() and not column.null_count():
        split = _narrow(column)
    elif column.dtype in (pl.String, pl.Boolean):
        split = _few(column)
    return split or _any(column)


def _narrow(column: pl.Series) -> tuple[list[Any], Codes] | None:
    """Whole numbers of a narrow range, by a table of what occurs; None for a wide range."""
    values = column.to_numpy()
    low, high = int(values.min()), int(values.max())
    if high - low > _NARROW:
        return None
    at = np.subtract(values, low, dtype=np.int8, casting="unsafe")
    occurs = np.zeros(high - low + 1, bool)
    occurs[at[:_LOOKED_AT]] = True
    if np.count_nonzero(~occurs) <= _FEW:
        for place in np.flatnonzero(~occurs):
            occurs[place] = (at == place).any()
    else:
        occurs[at] = True
    levels = (np.flatnonzero(occurs) + low).tolist()
    return levels, at if occurs.all() else (np.cumsum(occurs) - 1).astype(np.int8)[at]


def _few(column: pl.Series) -> tuple[list[Any], Codes] | None:
    """Few distinct texts or truth values, by comparing with each; None when there are others than at the start.

    Much faster than sorting or hashing the texts of many rows.
    """
    levels = sorted(column.head(_LOOKED_AT).unique().drop_nulls().to_list())
    if len(levels) > _FEW:
        return None
    masks = [column == level for level in levels]
    if sum(int(mask.sum()) for mask in masks) != column.len() - column.null_count():
        return None
    if len(masks) == 2 and not column.null_count():
        return levels, masks[1].cast(pl.Int8).to_numpy()
    codes = np.full(column.len(), -1, np.int8)
    for place, mask in enumerate(masks):
        codes += np.int8(place + 1) * mask.fill_null(value=False).cast(pl.Int8).to_numpy()
    return levels, codes


def _any(column: pl.Series) -> tuple[list[Any], Codes]:
    """Any column."""
    if column.dtype.is_float():
        column = column.fill_nan(None)
    levels = column.unique().drop_nulls().sort().to_list()
    if not column.dtype.is_numeric():
        mapped = column.replace_strict(levels, list(range(len(levels))), default=-1, return_dtype=pl.Int32)
        return levels, mapped.fill_null(-1).to_numpy()
    values, known = column.cast(pl.Float64).fill_null(float("nan")).to_numpy(), np.asarray(levels, np.float64)
    if not levels:
        return levels, np.full(values.size, -1, np.int32)
    # Unknown numbers are compared as NaN, which is no level.
    at = np.minimum(np.searchsorted(known, values), known.size - 1)
    return levels, np.where(known[at] == values, at, -1).astype(np.int32)


def label_of(level: Any) -> str:
    """A level as printed: `1` for 1.0."""
    if isinstance(level, float) and level.is_integer():
        return str(int(level))
    return str(level)
