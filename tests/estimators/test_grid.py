"""Grids: every declared value has a place, whatever the declared limits."""

from __future__ import annotations

import numpy as np
import pytest

from cohortium.errors import SiteDataError
from cohortium.estimators.grid import Grid


@pytest.mark.parametrize(
    ("minimum", "maximum", "decimals", "values"),
    [
        (0.5, 3, 0, [0, 1, 2, 3]),
        (1.25, 1.5, 1, [1.2, 1.3, 1.4, 1.5]),
        (-0.2, 0.1, 1, [-0.2, -0.1, 0.0, 0.1]),
        (0.1, 0.3, 1, [0.1, 0.2, 0.3]),
    ],
)
def test_limits_are_rounded_outward(minimum: float, maximum: float, decimals: int, values: list[float]) -> None:
    grid = Grid.between(minimum, maximum, decimals)
    assert grid.values.tolist() == values
    assert grid.index(np.array(values)).tolist() == list(range(len(values)))


def test_a_value_off_the_grid_is_refused_without_being_named() -> None:
    with pytest.raises(SiteDataError) as caught:
        Grid.whole(10).index(np.array([3.0, 7.5, 123.0]))
    assert "2 values are not on the declared grid from 0 to 10" in str(caught.value)
    assert "123" not in str(caught.value)


def test_times_at_hand() -> None:
    assert Grid.of([np.array([3.0, 8.0]), np.array([np.nan, 5.0])]).size == 9
    assert Grid.of([np.array([0.5, 2.0])]).values.tolist() == [0.5, 2.0]
    assert Grid.of([np.array([])]).size == 1
    tied = Grid.of([np.array([0.1 + 0.2, 0.3, 0.5])], tied=True)
    assert tied.index(np.array([0.1 + 0.2, 0.3, 0.5])).tolist() == [0, 0, 1]


def test_many_values_in_any_order_have_the_same_places_as_one_by_one() -> None:
    values = np.round(np.random.default_rng(1).normal(size=20_000), 3)
    grid = Grid.of([values])
    assert np.array_equal(grid.index(values), np.searchsorted(np.unique(values), values))
    with pytest.raises(SiteDataError, match="1 values are not on the declared grid"):
        grid.index(np.append(values, 0.12345))
