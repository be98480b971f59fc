"""Nearest-neighbor matching against a search over all pairs, and its edges."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cohortium.estimators.weighting.matching import match_nearest


def _by_search(score: np.ndarray, treated: np.ndarray, ratio: int, caliper: float | None) -> list[list[int]]:
    """The same rule by looking at every free control each time."""
    rows = np.flatnonzero(treated)
    rows = rows[np.argsort(-score[rows], kind="stable")]
    free = [int(row) for row in np.flatnonzero(~treated)]
    sets: list[list[int]] = [[] for _ in rows]
    for turn in range(ratio):
        for own, row in zip(sets, rows, strict=True):
            if not free or len(own) < turn:
                continue
            nearest = min(free, key=lambda control: _key(score, int(row), control))
            if caliper is None or abs(score[nearest] - score[row]) <= caliper:
                own.append(nearest)
                free.remove(nearest)
    return [own for own in sets if own]


def _key(score: np.ndarray, row: int, control: int) -> tuple[float, bool, int]:
    """Nearest first; below before above; the later of those below, the earlier of those above."""
    is_below = (score[control], control) < (score[row], row)
    return abs(score[control] - score[row]), not is_below, -control if is_below else control


@given(
    st.lists(st.tuples(st.integers(0, 12), st.booleans()), min_size=1, max_size=40),
    st.integers(1, 3),
    st.sampled_from([None, 0.0, 1.0, 2.5]),
)
def test_every_choice_is_the_nearest_free_control(
    rows: list[tuple[int, bool]], ratio: int, caliper: float | None
) -> None:
    score = np.array([float(value) for value, _ in rows])
    treated = np.array([flag for _, flag in rows])
    found = match_nearest(score, treated, ratio, caliper)
    assert [[int(c) for c in own if c >= 0] for own in found.controls] == _by_search(score, treated, ratio, caliper)
    assert len(found.treated) + len(found.unmatched) == treated.sum()


def test_weights_of_controls_share_one() -> None:
    found = match_nearest(np.array([0.5, 0.4, 0.45, 0.9]), np.array([True, False, False, False]), ratio=2)
    assert found.weights(4).tolist() == pytest.approx([1.0, 0.5, 0.5, 0.0])
