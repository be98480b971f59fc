"""What a test of a comparison gives."""

from __future__ import annotations

from typing import NamedTuple


class Comparison(NamedTuple):
    """A test with its name.

    name       as printed in footnotes, e.g. `Pearson chi-square test`
    statistic  NaN for a test without one (Fisher's) or that was refused
    df         degrees of freedom; the second one is that of a denominator, infinite where there is none
    p_value    NaN when refused
    problem    why the test was refused; empty when it was not
    """

    name: str
    statistic: float
    df: tuple[float, float]
    p_value: float
    problem: str = ""


def refused(name: str, problem: str) -> Comparison:
    """A test that could not be made."""
    nan = float("nan")
    return Comparison(name, nan, (nan, nan), nan, problem)
