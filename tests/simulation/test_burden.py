import math

import pytest

from cohortium.simulation.course.burden import Burden, burden_through

DAY = pytest.approx  # bisection of 60 halvings: far below any reported digit


@pytest.mark.parametrize("depth", [0.0004, 0.05, 0.3, 0.8])
@pytest.mark.parametrize("crossing", [90, 400])
def test_the_burden_has_the_depth_and_crosses_the_threshold(depth, crossing):
    burden = burden_through(depth, math.log(1 / depth) / 40 * 1.3 + 0.02, crossing, depth + 0.3)
    assert burden.at(crossing) == DAY(depth + 0.3, rel=1e-6)
    assert burden.deepest() == DAY(depth, rel=1e-6)
    assert burden.at(0) == burden.at(-10) == 1.0


def test_refractory_disease_only_grows():
    burden = burden_through(1.0, 0.05, 20, 1.5)
    assert burden.at(20) == DAY(1.5)
    assert burden.deepest() == 1.0


def test_the_deepest_point_is_where_the_slope_is_zero():
    burden = Burden(resistant=0.1, kill=0.1, growth=0.02)
    lowest = min(burden.at(day / 100) for day in range(10_000))
    assert burden.deepest() == DAY(lowest, rel=1e-6)
