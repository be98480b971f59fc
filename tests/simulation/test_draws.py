from statistics import median

import pytest

from cohortium.simulation.draws import Draws, normal_quantile


def test_a_stream_is_the_same_on_every_machine():
    # Written down once; a change would change every simulated study.
    draws = Draws(7, "patient", 12)
    assert [draws.uniform() for _ in range(3)] == [0.5977800803756185, 0.6697197465734632, 0.34649549955606584]


def test_streams_of_other_keys_are_other_streams():
    assert Draws(7, "a").uniform() != Draws(7, "b").uniform() != Draws(8, "b").uniform()


def test_spread_has_no_sampling_error():
    assert sorted(Draws(1).spread(4)) == [0.125, 0.375, 0.625, 0.875]


def test_draws_keep_their_bounds_and_weights():
    draws = Draws(3)
    assert {draws.integer(2, 4) for _ in range(200)} == {2, 3, 4}
    assert {draws.pick({"a": 1.0, "b": 0.0}) for _ in range(50)} == {"a"}
    assert sorted(draws.shuffled(range(20))) == list(range(20))
    normals = [draws.normal(10, 2) for _ in range(2000)]
    assert median(normals) == pytest.approx(10, abs=0.2)  # 4 standard errors of the median
    assert sum(draws.exponential(5) for _ in range(2000)) / 2000 == pytest.approx(5, abs=0.5)


def test_the_normal_quantile_has_no_infinity():
    assert normal_quantile(0.5) == 0
    assert -7 < normal_quantile(0.0) < normal_quantile(1.0) < 7
