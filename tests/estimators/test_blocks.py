"""Work in blocks and threads gives what one block in one thread gives."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from cohortium import cox, logistic
from cohortium.api import levels
from cohortium.api.levels import code_levels
from cohortium.estimators import blocks
from cohortium.estimators.blocks import over_blocks
from cohortium.estimators.cox import rows, sums, ties
from cohortium.estimators.logistic import sums as logistic_sums

# Sums over blocks are rounded differently.
BLOCKS = 1e-11


def _frame(n: int = 600) -> pl.DataFrame:
    rng = np.random.default_rng(8)
    x, z = rng.normal(size=n), rng.integers(0, 2, n)
    time = np.ceil(rng.exponential(60 * np.exp(-0.4 * x - 0.3 * z))) + 1
    return pl.DataFrame(
        {
            "time": time,
            "entry": np.minimum(rng.integers(0, 30, n), time - 1),
            "event": rng.random(n) < 0.8,
            "x": x,
            "z": z,
            "weight": rng.uniform(0.5, 2.0, n),
            "hospital": rng.choice(["a", "b", "c", "d", "e"], n),
        }
    )


def _small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(blocks, "MANY_ROWS", 0)
    monkeypatch.setattr(rows, "BLOCK_ROWS", 37)
    monkeypatch.setattr(rows, "MOVED_ROWS", 23)
    monkeypatch.setattr(sums, "PIECE_BYTES", 240)
    monkeypatch.setattr(ties, "KEYS_AT_ONCE", 50)


@pytest.mark.parametrize("options", [{}, {"entry": "entry"}, {"weight": "weight"}, {"ties": "breslow"}])
@pytest.mark.parametrize("strata", [None, "hospital"])
def test_blocks_of_few_rows_in_threads(
    options: dict[str, str], strata: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    frame = _frame()

    def fitted() -> np.ndarray:
        fit = cox(frame, time="time", event="event", covariates=["x", "z"], strata=strata, **options)  # type: ignore[arg-type]
        return np.array([*fit.coefficients.values(), *fit.standard_errors.values(), *fit.log_likelihood])

    expected = fitted()
    _small(monkeypatch)
    np.testing.assert_allclose(fitted(), expected, rtol=BLOCKS)


def test_results_come_in_block_order_and_errors_come_through(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(blocks, "MANY_ROWS", 0)
    assert over_blocks(lambda at: at * at, range(50), 50) == [at * at for at in range(50)]
    assert over_blocks(lambda at: at, [], 50) == []
    with pytest.raises(ZeroDivisionError):
        over_blocks(lambda at: 1 // (at - 30), range(50), 50)


@pytest.mark.parametrize("options", [{}, {"weight": "weight"}, {"strata": "hospital"}, {"penalty": "firth"}])
def test_logistic_blocks_in_threads(options: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    frame = _frame()

    def fitted() -> np.ndarray:
        fit = logistic(frame, outcome="event", covariates=["x", "z"], **options)  # type: ignore[arg-type]
        return np.array([*fit.coefficients.values(), *fit.standard_errors.values(), *fit.log_likelihood])

    expected = fitted()
    monkeypatch.setattr(logistic_sums, "BLOCK_ROWS", 64)
    one_thread = fitted()
    np.testing.assert_allclose(one_thread, expected, rtol=BLOCKS)
    monkeypatch.setattr(blocks, "MANY_ROWS", 0)
    monkeypatch.setattr(logistic_sums, "HELD_NUMBERS", 50)
    # Blocks are added in the order of the rows, whichever thread ends first.
    np.testing.assert_array_equal(fitted(), one_thread)


@pytest.mark.parametrize("size", [1, 2, 3, 6, 7, 40, 300])
@pytest.mark.parametrize("length", [1, 11, 12, 13, 30])
@pytest.mark.parametrize("unknown", [False, True])
def test_texts_become_codes(*, size: int, length: int, unknown: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(levels, "_AT_ONCE", 256)
    rng = np.random.default_rng(size)
    # Texts of two lengths; the last two rows hold levels that the first rows did not.
    names = [f"{at:0{length + at % 2}d}" for at in range(size)]
    values: list[str | None] = [*rng.choice(names, 1200).tolist(), "late", "a level longer than the others"]
    if unknown:
        values = [None if draw < 0.1 else value for draw, value in zip(rng.random(len(values)), values, strict=True)]
    column = pl.Series(values, dtype=pl.String)
    found, (codes,) = code_levels([column])
    assert found == sorted({value for value in values if value is not None})
    assert [None if code < 0 else found[code] for code in codes.tolist()] == values
