"""Totals: named arrays that add up, the only thing that ever crosses between sites.

A total is a mapping from names to arrays of declared shape. Adding totals does not depend on the order of
the sites, to the last bit. The wire form is plain bytes: a JSON header and little-endian numbers; nothing
in it can run code.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from cohortium.errors import WireError

Array = NDArray[Any]

MAGIC = b"CTOT1\n"
_DTYPES = {"int": np.dtype("<i8"), "float": np.dtype("<f8")}
_HEADER_LIMIT = 1_000_000
_DIMENSIONS_LIMIT = 8
_LARGEST_DIMENSION = 2**31


class Shape(NamedTuple):
    """The declared form of one array: its kind of number and its dimensions."""

    kind: str
    dims: tuple[int, ...]


Shapes = Mapping[str, Shape]


class Totals(Mapping[str, Array]):
    """An immutable mapping of names to read-only arrays of whole numbers (int64) or reals (float64)."""

    __slots__ = ("_arrays",)

    def __init__(self, arrays: Mapping[str, Any]) -> None:
        self._arrays = {name: _freeze(name, arrays[name]) for name in sorted(arrays)}

    def __getitem__(self, name: str) -> Array:
        return self._arrays[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._arrays)

    def __len__(self) -> int:
        return len(self._arrays)

    def __add__(self, other: Totals) -> Totals:
        return add_up([self, other])

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Totals):
            return NotImplemented
        return self.shapes == other.shapes and all(np.array_equal(self[name], other[name]) for name in self)

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return f"Totals({', '.join(f'{name}: {s.kind}{list(s.dims)}' for name, s in self.shapes.items())})"

    @property
    def shapes(self) -> dict[str, Shape]:
        """The form of every array."""
        return {name: Shape(_kind(array), array.shape) for name, array in self._arrays.items()}

    def replace(self, **arrays: Any) -> Totals:
        """The same totals with some arrays replaced or added."""
        return Totals({**self._arrays, **arrays})


Params = Totals
"""What the center sends to the sites for a round: named arrays too, but never added."""


def zero(shapes: Shapes) -> Totals:
    """The totals of no rows: zeros of the declared shapes."""
    return Totals({name: np.zeros(shape.dims, _DTYPES[shape.kind]) for name, shape in shapes.items()})


def add_up(parts: Sequence[Totals]) -> Totals:
    """Add totals element by element; the bits do not depend on the order of the parts.

    Whole numbers add exactly. Reals are sorted within each element and added with a running compensation
    (Neumaier 1974), so that the sum is a function of the set of parts alone.

    Raises
        WireError: the parts are not of one shape, or there are none.
    """
    if not parts:
        raise WireError("no totals to add")
    first = parts[0].shapes
    if any(part.shapes != first for part in parts[1:]):
        raise WireError("totals of different shape cannot be added; were they made from the same study file?")
    return Totals({name: _sum([part[name] for part in parts]) for name in first})


def encode(totals: Totals) -> bytes:
    """The wire form of totals.

    Raises
        WireError: a value is not finite.
    """
    require_finite(totals)
    header = {name: [shape.kind, list(shape.dims)] for name, shape in totals.shapes.items()}
    text = json.dumps(header, sort_keys=True, separators=(",", ":")).encode()
    body = b"".join(np.ascontiguousarray(totals[name], _DTYPES[_kind(totals[name])]).tobytes() for name in totals)
    return MAGIC + len(text).to_bytes(4, "little") + text + body


def decode(data: bytes) -> Totals:
    """The totals that `encode` wrote.

    Raises
        WireError: the bytes are not the wire form of finite totals.
    """
    prefix = len(MAGIC) + 4
    if data[: len(MAGIC)] != MAGIC or len(data) < prefix:
        raise WireError("not the wire form of totals")
    size = int.from_bytes(data[len(MAGIC) : prefix], "little")
    if size > _HEADER_LIMIT or len(data) < prefix + size:
        raise WireError("the header of totals is cut off or too long")
    shapes = _read_header(data[prefix : prefix + size])
    arrays: dict[str, Array] = {}
    offset = prefix + size
    for name, shape in shapes.items():
        dtype = _DTYPES[shape.kind]
        count = _count(shape)
        end = offset + count * dtype.itemsize
        if end > len(data):
            raise WireError("the body of totals is cut off")
        arrays[name] = np.frombuffer(data, dtype, count, offset).reshape(shape.dims)
        offset = end
    if offset != len(data):
        raise WireError("there are bytes after the end of totals")
    totals = Totals(arrays)
    require_finite(totals)
    return totals


def require_finite(totals: Totals) -> None:
    """Refuse not-a-number and infinity.

    Raises
        WireError: names the arrays that hold one.
    """
    bad = [name for name in totals if not np.isfinite(totals[name]).all()]
    if bad:
        raise WireError(f"totals must be finite; not so: {', '.join(bad)}")


def _count(shape: Shape) -> int:
    count = 1
    for size in shape.dims:
        count *= size
    return count


def _freeze(name: str, value: Any) -> Array:
    array = np.asarray(value)
    if array.dtype.kind in "biu":
        array = array.astype(np.int64, copy=False)
    elif array.dtype.kind == "f":
        array = array.astype(np.float64, copy=False)
    else:
        raise WireError(f"the total {name} is neither whole numbers nor reals")
    view = array.view()
    view.flags.writeable = False
    return view


def _kind(array: Array) -> str:
    return "int" if array.dtype.kind == "i" else "float"


def _sum(arrays: Sequence[Array]) -> Array:
    if len(arrays) == 1:
        return arrays[0]
    if arrays[0].dtype.kind == "i":
        return np.asarray(np.sum(arrays, axis=0, dtype=np.int64))
    stack = np.sort(np.stack(arrays), axis=0)
    total = np.zeros_like(stack[0])
    lost = np.zeros_like(stack[0])
    for term in stack:
        new = total + term
        lost += np.where(np.abs(total) >= np.abs(term), (total - new) + term, (term - new) + total)
        total = new
    return np.asarray(total + lost)


def _read_header(text: bytes) -> dict[str, Shape]:
    try:
        header = json.loads(text)
        shapes = {str(name): Shape(kind, tuple(dims)) for name, (kind, dims) in header.items()}
    except (ValueError, TypeError, AttributeError, RecursionError) as error:
        raise WireError("the header of totals is not readable") from error
    for shape in shapes.values():
        sizes_are_counts = all(type(size) is int and 0 <= size <= _LARGEST_DIMENSION for size in shape.dims)
        if (
            type(shape.kind) is not str
            or shape.kind not in _DTYPES
            or not sizes_are_counts
            or len(shape.dims) > _DIMENSIONS_LIMIT
        ):
            raise WireError("the header of totals declares an unknown form")
    return shapes
