"""Arrays of several estimators in one set of totals: each name has its owner in front, `1:score`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from cohortium.totals import Totals

Value = TypeVar("Value")
_MARK = ":"


def owned(owner: str, arrays: Mapping[str, Value]) -> dict[str, Value]:
    """The arrays under names that begin with their owner."""
    return {f"{owner}{_MARK}{name}": array for name, array in arrays.items()}


def owners(arrays: Mapping[str, Any]) -> list[str]:
    """The owners of arrays, in order of first appearance."""
    return list(dict.fromkeys(name.partition(_MARK)[0] for name in arrays if _MARK in name))


def of_owner(owner: str, arrays: Mapping[str, Any]) -> Totals:
    """The arrays of one owner under their own names."""
    start = f"{owner}{_MARK}"
    return Totals({name[len(start) :]: array for name, array in arrays.items() if name.startswith(start)})
