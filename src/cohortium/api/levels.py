"""Categorical columns of several sites: their levels, and each row's level as a number."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from cohortium.estimators.blocks import over_blocks

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Codes = NDArray[np.int8] | NDArray[np.int32]

_LOOKED_AT = 1000
_AT_ONCE = 1 << 18
_FEW = 6
_FEW_LONG = 2
_SHORT = 12
"""Texts of up to this many bytes lie in the column itself, so that a comparison looks nowhere else."""
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
        split = _texts(column)
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


def _texts(column: pl.Series) -> tuple[list[Any], Codes]:
    """Texts or truth values: the levels of the first rows or, where others follow, of all rows."""
    levels = _known(column.head(_LOOKED_AT))
    codes, n_known = _coded(column, levels)
    if n_known < column.len() - column.null_count():
        levels = _known(column)
        codes, _ = _coded(column, levels)
    return levels, codes


def _known(column: pl.Series) -> list[Any]:
    return sorted(column.unique().drop_nulls().to_list())


def _coded(column: pl.Series, levels: list[Any]) -> tuple[Codes, int]:
    """Each row's place among some levels, -1 where not known, and how many rows have one of them.

    Places are right when all known rows have one.
    """
    codes: NDArray[Any] = np.empty(column.len(), np.int8 if len(levels) <= _NARROW else np.int32)
    is_few = len(levels) <= _FEW and sum(_bytes(level) > _SHORT for level in levels) <= _FEW_LONG
    kind = None if is_few else pl.Enum(levels)

    def one(begin: int) -> int:
        part = column.slice(begin, _AT_ONCE)
        found, n_known = _compared(part, levels) if kind is None else _looked_up(part, kind)
        codes[begin : begin + _AT_ONCE] = found
        return n_known

    return codes, sum(over_blocks(one, range(0, column.len(), _AT_ONCE), column.len()))


def _compared(column: pl.Series, levels: list[Any]) -> tuple[NDArray[Any], int]:
    """Places by comparing all rows with each level but the longest, and the rest with that one.

    Faster than a table as long as levels are few and not more than two of them long.
    """
    *others, last = sorted(range(len(levels)), key=lambda place: _bytes(levels[place]))
    masks = {place: (column == levels[place]).fill_null(value=False) for place in others}
    codes = np.full(column.len(), last, np.int8)
    rest = column.is_not_null()
    if column.null_count():
        codes[~rest.to_numpy()] = -1
    for place, mask in masks.items():
        codes += np.int8(place - last) * mask.to_numpy()
        rest &= ~mask
    n_last = int((column.filter(rest) == levels[last]).sum())
    return codes, n_last + sum(int(mask.sum()) for mask in masks.values())


def _bytes(level: Any) -> int:
    """How long a text is where it lies; truth values are short."""
    return len(level.encode()) if isinstance(level, str) else 1


def _looked_up(column: pl.Series, kind: pl.Enum) -> tuple[NDArray[Any], int]:
    """Places by a table of the levels."""
    found = column.cast(kind, strict=False)
    places = found.to_physical()
    if found.null_count():
        places = places.cast(pl.Int32).fill_null(-1)
    return places.to_numpy(), column.len() - found.null_count()


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
