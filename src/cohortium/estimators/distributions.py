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


def beta_quantile(probability: float, a: float, b: float) -> float:
    """Quantile of the beta distribution."""
    from scipy.special import betaincinv

    return float(betaincinv(a, b, probability))


def student_quantile(probability: float, df: float) -> float:
    """Quantile of Student's t distribution; of the normal distribution when df is infinite."""
    from scipy.special import ndtri, stdtrit

    return float(ndtri(probability) if df == float("inf") else stdtrit(df, probability))


def student_two_sided(t: float, df: float) -> float:
    """Two-sided p-value of Student's t; of a normal statistic when df is infinite."""
    from scipy.special import betainc, ndtr

    if df == float("inf"):
        return float(2 * ndtr(-abs(t)))
    return float(betainc(df / 2, 0.5, df / (df + t * t)))


def f_tail(statistic: float, df1: float, df2: float) -> float:
    """P-value of an F statistic."""
    from scipy.special import fdtrc

    return float(fdtrc(df1, df2, statistic))
