"""Random numbers by counter: a number depends on its key and its place alone.

Philox4x32-10 of Salmon, Moraes, Dror and Shaw (Parallel random numbers: as easy as 1, 2, 3; SC11, 2011), on arrays. A
value drawn for a patient is the same wherever the patient's row is, in whatever order and company.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from cohortium.estimators.contract import Reals

Words = NDArray[np.uint64]

_LOW = np.uint64(0xFFFFFFFF)
_HALF = np.uint64(32)
_MULTIPLIERS = (np.uint64(0xD2511F53), np.uint64(0xCD9E8D57))
_WEYL = (0x9E3779B9, 0xBB67AE85)
_ROUNDS = 10


class Purpose(NamedTuple):
    """What numbers are for.

    iteration, variable   counted from 0; each below 65,536
    kind                  0: values of patients; 1: parameters of a model
    """

    iteration: int
    variable: int
    kind: int = 0


def philox(counter: tuple[Words, Words, Words, Words], key: tuple[int, int]) -> tuple[Words, Words, Words, Words]:
    """Four words of 32 random bits for every counter of four words of 32 bits."""
    a, b, c, d = counter
    low, high = key
    for _ in range(_ROUNDS):
        first, second = a * _MULTIPLIERS[0], c * _MULTIPLIERS[1]
        a, b, c, d = (
            (second >> _HALF) ^ b ^ np.uint64(low),
            second & _LOW,
            (first >> _HALF) ^ d ^ np.uint64(high),
            first & _LOW,
        )
        low, high = (low + _WEYL[0]) & 0xFFFFFFFF, (high + _WEYL[1]) & 0xFFFFFFFF
    return a, b, c, d


def uniforms(seed: int, purpose: Purpose, m: int, places: Words) -> Reals:
    """Numbers above 0 and below 1, shape (m, n): of each imputation, one for each place.

    places   shape (n,): a patient's key, or the position of a parameter
    """
    which = np.arange(m, dtype=np.uint64)[:, None] | np.uint64(purpose.iteration << 16)
    what = np.uint64(purpose.variable | purpose.kind << 16)
    shape = (m, places.size)
    counter = (
        np.broadcast_to(places & _LOW, shape),
        np.broadcast_to(places >> _HALF, shape),
        np.broadcast_to(which, shape),
        np.broadcast_to(what, shape),
    )
    a, b, _, _ = philox(counter, (seed & 0xFFFFFFFF, seed >> 32 & 0xFFFFFFFF))
    # 53 bits, and a half so that neither 0 nor 1 is drawn.
    whole = (a >> np.uint64(5)) * np.uint64(1 << 26) + (b >> np.uint64(6))
    return np.asarray(np.minimum((whole.astype(np.float64) + 0.5) / 2.0**53, 1 - 2.0**-53))


def normals(seed: int, purpose: Purpose, m: int, places: Words) -> Reals:
    """Standard normal numbers, shape (m, n)."""
    from scipy.special import ndtri

    return np.asarray(ndtri(uniforms(seed, purpose, m, places)))


def chi_squares(seed: int, purpose: Purpose, m: int, place: int, df: float) -> Reals:
    """Chi-square numbers, shape (m,)."""
    from scipy.special import gammaincinv

    (uniform,) = uniforms(seed, purpose, m, np.array([place], np.uint64)).T
    return np.asarray(2.0 * gammaincinv(df / 2.0, uniform))
