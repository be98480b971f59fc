"""Tail probabilities and quantiles, without the slow import of scipy.stats."""

from __future__ import annotations


def normal_quantile(probability: float) -> float:
    """Quantile of the standard normal distribution."""
    from scipy.special import ndtri

    return float(ndtri(probability))


def normal_two_sided(z: float) -> float:
    """Two-sided p-value of a standard normal statistic."""
    from scipy.special import ndtr

    return float(2 * ndtr(-abs(z)))


def chi_square_tail(statistic: float, df: int) -> float:
    """P-value of a chi-square statistic."""
    from scipy.special import chdtrc

    return float(chdtrc(df, statistic))
