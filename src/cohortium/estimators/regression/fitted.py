"""What the lines of a regression are made of, whatever its likelihood."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy as np

    from cohortium.estimators.contract import Reals
    from cohortium.estimators.regression.counts import Counts
    from cohortium.estimators.regression.terms import Model


class Effect(NamedTuple):
    """An effect on the log scale: estimate, standard error, limits and p-value; or why there is none.

    note   what sets standard error and limits apart, e.g. `robust standard errors`
    """

    value: float
    standard_error: float
    lower: float
    upper: float
    p: float
    test: str
    refusal: str = ""
    caution: str = ""
    note: str = ""


@dataclass(frozen=True)
class TermTest:
    """The likelihood-ratio test of a term against the model without it.

    log_likelihood  of the model without the term
    statistic       twice the difference of the log-likelihoods, NaN when the fit without the term did not converge
    df              columns of the model that carry information, less those of the model without the term
    """

    log_likelihood: float
    statistic: float
    df: int


class Fitted(Protocol):
    """The estimate of a regression as its lines read it."""

    @property
    def method(self) -> str:
        """Name of the method in the results table."""

    @property
    def ratio(self) -> str:
        """Name of the exponential of a coefficient in the results table, e.g. `hazard-ratio`."""

    @property
    def spec(self) -> Model:
        """The specification."""

    @property
    def counts(self) -> Counts:
        """Rows used and left out."""

    @property
    def coefficients(self) -> Reals:
        """Shape (p,), NaN where refused."""

    @property
    def covariance(self) -> Reals:
        """Shape (p, p), NaN where refused."""

    @property
    def refusals(self) -> dict[str, str]:
        """Column name to the reason why it has no estimate."""

    @property
    def problem(self) -> str:
        """Why the whole model was refused; empty when it was not."""

    @property
    def term_tests(self) -> Mapping[str, TermTest]:
        """Term name to its likelihood-ratio test."""

    @property
    def is_penalized(self) -> bool:
        """Whether the coefficients are Firth's."""

    @property
    def error_note(self) -> str:
        """What sets standard errors apart; empty for those of maximum likelihood."""

    def effect(self, j: int) -> Effect:
        """The effect of one column."""

    def wald(self, columns: np.ndarray) -> tuple[float, int]:
        """Wald statistic of some columns together, shape (p,) of truth values, and its degrees of freedom."""
