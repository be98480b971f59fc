"""What a logistic model fits: outcome, terms, strata, and what is asked of the fit."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Literal

import numpy as np

from cohortium.estimators.proportions.outcome import Outcome
from cohortium.estimators.regression.terms import (
    Column,
    FactorTerm,
    Term,
    cells_of,
    components_of,
    product_with,
    terms_columns,
)
from cohortium.estimators.strata import count_strata

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cohortium.estimators.contract import Factor, Rows
    from cohortium.estimators.cox.spec import Penalty
    from cohortium.estimators.regression.terms import MainTerm
    from cohortium.estimators.weighting.e_value_rows import EValueOf

Interval = Literal["wald", "profile"]
Errors = Literal["information", "augmented"]


@dataclass(frozen=True)
class LogisticSpec:
    """A logistic model.

    outcome      name of a numeric column with 1 and 0, or a category with the levels that count
    terms        covariates and products of them, in order
    strata       factors whose combinations have each a constant of their own
    conditional  True: the likelihood given the number of events of each stratum, without constants; no stratum has rows
                 at two sites
    weight       numeric column of weights above 0, each as if a row occurred that often; empty for none
    offset       numeric column added to the linear predictor; empty for none
    penalty      `none`, `firth` (Jeffreys penalty) or `if-needed` (when a coefficient runs away)
    interval     of the coefficients: `wald`, `profile`, or as suits the fit (None): profile likelihood when it is
                 penalized, else Wald
    profile      whether profile likelihood limits are sought for a fit whose interval is Wald's, too
    errors       standard errors of a penalized fit: from the information, or from that of the augmented data, which R's
                 logistf prints
    term_tests   likelihood-ratio test of every term
    risk_groups  number of groups by predicted risk for the calibration, with which discrimination comes; 0 for neither
    confidence   level of intervals
    note         how the model is named in print
    population   which rows
    e_value      covariate whose E-values are wanted; None when not asked for
    """

    outcome: str | Outcome
    terms: tuple[Term, ...]
    strata: tuple[Factor, ...] = ()
    conditional: bool = False
    weight: str = ""
    offset: str = ""
    penalty: Penalty = "none"
    interval: Interval | None = None
    profile: bool = False
    errors: Errors = "information"
    term_tests: bool = False
    risk_groups: int = 0
    confidence: float = 0.95
    note: str = ""
    population: str = "cohort"
    e_value: EValueOf | None = None

    # Cached properties write to the instance's own dictionary, which a frozen dataclass leaves alone.
    @cached_property
    def columns(self) -> tuple[Column, ...]:
        """Columns of the covariates in order."""
        return terms_columns(self.terms)

    @cached_property
    def components(self) -> tuple[MainTerm, ...]:
        """The numbers, categories and splines that the terms are made of; one in several terms comes several times."""
        return tuple(components_of(self.terms))

    @cached_property
    def factors(self) -> tuple[Factor, ...]:
        """Categorical columns needed, each once."""
        covariates = [part.factor for part in self.components if isinstance(part, FactorTerm)]
        outcome = [] if isinstance(self.outcome, str) else [self.outcome.variable]
        named: dict[str, Factor] = {}
        for factor in (*covariates, *self.strata, *outcome):
            named.setdefault(factor.name, factor)
        return tuple(named.values())

    @cached_property
    def numbers(self) -> tuple[str, ...]:
        """Numeric columns needed, each once."""
        roles = (self.outcome if isinstance(self.outcome, str) else "", self.weight, self.offset)
        covariates = (part.variable for part in self.components if not isinstance(part, FactorTerm))
        return tuple(dict.fromkeys(name for name in (*roles, *covariates) if name))

    @cached_property
    def cells(self) -> tuple[str, ...]:
        """Names of what is counted: levels of each category and of each product of categories, references included."""
        return tuple(name for term in self.terms for name in cells_of(term))

    @cached_property
    def n_strata(self) -> int:
        """Number of declared strata; 1 without strata."""
        return count_strata(self.strata)

    @property
    def n_constants(self) -> int:
        """Coefficients before those of the covariates: the constant, then how each other stratum differs from it."""
        return 0 if self.conditional else self.n_strata

    @property
    def size(self) -> int:
        """Number of all coefficients, q."""
        return self.n_constants + len(self.columns)

    @property
    def is_robust(self) -> bool:
        """Standard errors are those of the model."""
        return False

    @property
    def tested_terms(self) -> tuple[Term, ...]:
        """Terms with a likelihood-ratio test; one within a product of the model has none."""
        if not self.term_tests:
            return ()
        return tuple(term for term in self.terms if product_with(term, self.terms) is None)

    def event_of(self, rows: Rows) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
        """Whether each row has the event, and whether that is known, shape (n,) each."""
        if isinstance(self.outcome, str):
            values = rows.numbers[self.outcome]
            return np.asarray(values == 1.0), np.asarray(~np.isnan(values))
        return self.outcome.has(rows), self.outcome.is_evaluable(rows)
