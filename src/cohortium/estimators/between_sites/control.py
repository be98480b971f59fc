"""Control limits: where the outcome of a site lies that differs from all sites together by chance alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cohortium.estimators.proportions.intervals import Limits

if TYPE_CHECKING:
    from collections.abc import Callable


def binomial_control(proportion: float, n: int, confidence: float) -> Limits:
    r"""Exact control limits of a proportion among n patients.

    .. math:: y = \frac{1}{n}\left(r - \frac{F(r) - p}{F(r) - F(r - 1)}\right)

    is the lower limit, with :math:`p` half the share outside, :math:`F` the binomial distribution function and
    :math:`r` the smallest count at which it reaches :math:`p`. The upper limit is that of the patients without the
    outcome, mirrored, so that a site lies outside exactly when a count as extreme as its own has a probability below
    :math:`p`.

    proportion   of all sites together, 0 to 1
    n            patients of the site, at least 1
    confidence   share of sites inside by chance, e.g. 0.95 or 0.998

    References: Spiegelhalter 2005, appendix A.1.1, whose upper limit is not mirrored.
    """
    from scipy.special import bdtr

    if proportion in (0.0, 1.0):
        return Limits(proportion, proportion)
    p = (1.0 - confidence) / 2.0
    lower = _crossing(lambda r: float(bdtr(r, n, proportion)), p, n)
    upper = n - _crossing(lambda r: float(bdtr(r, n, 1.0 - proportion)), p, n)
    return Limits(lower / n, upper / n)


def poisson_control(rate: float, exposure: float, confidence: float) -> Limits:
    """Exact control limits of an event rate over an exposure, from the Poisson distribution in the same way.

    rate       events per unit of exposure of all sites together
    exposure   of the site, above 0
    """
    from scipy.special import gammainc, pdtr

    expected = rate * exposure
    if expected == 0.0:
        return Limits(0.0, 0.0)
    p = (1.0 - confidence) / 2.0
    lower = _crossing(lambda r: float(pdtr(r, expected)), p)

    # The probability of r events or more; 1 for none or more.
    def at_least(r: int) -> float:
        return float(gammainc(r, expected)) if r > 0 else 1.0

    first = _first(lambda r: at_least(r) < p)
    inside, outside = at_least(first - 1), at_least(first)
    upper = first - 1 + (inside - p) / (inside - outside)
    return Limits(lower / exposure, upper / exposure)


def poisson_limits(events: int, exposure: float, confidence: float = 0.95) -> Limits:
    """Exact limits of an event rate (Garwood 1936): quantiles of two gamma distributions."""
    from scipy.special import gammaincinv

    tail = (1.0 - confidence) / 2.0
    lower = 0.0 if events == 0 else float(gammaincinv(events, tail))
    return Limits(lower / exposure, float(gammaincinv(events + 1, 1.0 - tail)) / exposure)


def _crossing(distribution: Callable[[int], float], p: float, most: int | None = None) -> float:
    """Where a distribution function of counts, drawn as straight lines between counts, reaches p; 0 at least."""
    r = _first(lambda count: distribution(count) >= p, most)
    if r == 0:
        return 0.0
    at, before = distribution(r), distribution(r - 1)
    return r - (at - p) / (at - before)


def _first(holds: Callable[[int], bool], most: int | None = None) -> int:
    """The smallest count of 0 or more at which something holds that holds from there on, `most` at the latest."""
    if holds(0):
        return 0
    below, above = 0, 1
    while above != most and not holds(above):
        below, above = above, 2 * above if most is None else min(2 * above, most)
    while above - below > 1:
        middle = (above + below) // 2
        below, above = (below, middle) if holds(middle) else (middle, above)
    return above
