"""The algebra of totals: adding does not depend on the order, the wire form is exact, bad bytes are refused."""

from __future__ import annotations

import itertools
import math
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from cohortium.errors import WireError
from cohortium.totals import Shape, Totals, add_up, decode, encode, zero

finite = st.floats(-1e12, 1e12, allow_subnormal=False)
reals = hnp.arrays(np.float64, 3, elements=finite)
wholes = hnp.arrays(np.int64, (2, 2), elements=st.integers(-(2**40), 2**40))
totals = st.builds(lambda a, b: Totals({"score": a, "counts": b}), reals, wholes)


@given(st.lists(totals, min_size=1, max_size=4))
def test_any_order_gives_the_same_bits(parts: list[Totals]) -> None:
    whole = add_up(parts)
    assert all(add_up(list(order)) == whole for order in itertools.permutations(parts))


@given(st.lists(totals, min_size=2, max_size=6))
def test_the_sum_is_exact_to_rounding(parts: list[Totals]) -> None:
    whole = add_up(parts)
    for i in range(3):
        exact = sum((Fraction(float(part["score"][i])) for part in parts), Fraction(0))
        largest = max(abs(float(part["score"][i])) for part in (*parts, whole))
        assert abs(Fraction(float(whole["score"][i])) - exact) <= Fraction(math.ulp(largest))


@given(totals)
def test_zero_adds_nothing(part: Totals) -> None:
    assert part + zero(part.shapes) == part


@given(totals)
def test_the_wire_form_is_exact(part: Totals) -> None:
    assert decode(encode(part)) == part


@given(st.binary(max_size=200))
def test_any_bytes_are_decoded_or_refused(data: bytes) -> None:
    for candidate in (data, encode(zero({"x": Shape("int", (2,))}))[: len(data)] + data):
        try:
            decode(candidate)
        except WireError:
            continue


@given(totals, st.integers(0, 10_000), st.integers(1, 255))
def test_a_damaged_wire_form_never_crashes(part: Totals, place: int, change: int) -> None:
    data = bytearray(encode(part))
    data[place % len(data)] ^= change
    try:
        decode(bytes(data))
    except WireError:
        return


def test_totals_of_different_shape_are_not_added() -> None:
    with pytest.raises(WireError, match="different shape"):
        add_up([Totals({"x": np.zeros(2)}), Totals({"x": np.zeros(3)})])
    with pytest.raises(WireError, match="no totals"):
        add_up([])


def test_totals_are_read_only() -> None:
    part = Totals({"x": np.zeros(2)})
    with pytest.raises(ValueError, match="read-only"):
        part["x"][0] = 1.0


def test_only_numbers_are_totals() -> None:
    with pytest.raises(WireError, match="neither whole numbers nor reals"):
        Totals({"x": np.array(["a"])})
