"""Terms of a regression: a number, a category, a restricted cubic spline, a product of these; and their columns."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING, NamedTuple, Protocol, TypeVar

if TYPE_CHECKING:
    from cohortium.estimators.contract import Factor

Part = TypeVar("Part")

JOIN = " x "
"""Between the parts of a product's name: `age x sex[Female]`."""


@dataclass(frozen=True, slots=True)
class NumberTerm:
    """A numeric covariate with one linear term; its hazard ratio is for `per` units."""

    variable: str
    per: float = 1.0
    note: str = ""

    @property
    def name(self) -> str:
        """Name of the term."""
        return self.variable


@dataclass(frozen=True, slots=True)
class FactorTerm:
    """A categorical covariate with an indicator for each level but the reference."""

    factor: Factor
    reference: int = 0

    @property
    def variable(self) -> str:
        """Name of the variable."""
        return self.factor.name

    @property
    def name(self) -> str:
        """Name of the term."""
        return self.factor.name


@dataclass(frozen=True, slots=True)
class SplineTerm:
    """A numeric covariate as a restricted cubic spline, linear outside its outer knots.

    knots  at least three, ascending, in the variable's unit
    """

    variable: str
    knots: tuple[float, ...]
    note: str = ""

    @property
    def name(self) -> str:
        """Name of the term."""
        return self.variable


MainTerm = NumberTerm | FactorTerm | SplineTerm


@dataclass(frozen=True, slots=True)
class ProductTerm:
    """An interaction: the products of the columns of two or more terms."""

    parts: tuple[MainTerm, ...]
    note: str = ""

    @property
    def name(self) -> str:
        """Name of the term, `age x sex`."""
        return JOIN.join(part.variable for part in self.parts)

    @property
    def variable(self) -> str:
        """The same as the name: a product has no variable of its own."""
        return self.name


Term = MainTerm | ProductTerm


class Column(NamedTuple):
    """One column of the design matrix.

    term   the term it belongs to
    level  a factor's level, a spline's basis function (0 is linear), None for a number and a product
    parts  the columns whose product it is; empty when it is no product
    """

    term: Term
    level: int | None = None
    parts: tuple[Column, ...] = ()

    @property
    def name(self) -> str:
        """`age`, `sex[Female]`, `age''` for the third function of a spline, `age x sex[Female]`."""
        if self.parts:
            return JOIN.join(part.name for part in self.parts)
        if isinstance(self.term, FactorTerm) and self.level is not None:
            return f"{self.term.variable}[{self.term.factor.labels[self.level]}]"
        return self.term.variable + "'" * (self.level or 0)

    @property
    def label(self) -> str:
        """The level as printed within its term: `Female`, `Female x Arm B`, empty for a number."""
        if self.parts:
            return JOIN.join(part.label for part in self.parts if part.label)
        if isinstance(self.term, FactorTerm) and self.level is not None:
            return self.term.factor.labels[self.level]
        return "" if self.level is None else self.name


class Model(Protocol):
    """What the specification of a regression says about its terms."""

    @property
    def terms(self) -> tuple[Term, ...]:
        """Covariates and products of them, in order."""

    @property
    def columns(self) -> tuple[Column, ...]:
        """Columns of the terms in order."""

    @property
    def cells(self) -> tuple[str, ...]:
        """Names of what is counted: levels of categories and of their products, references included."""

    @property
    def confidence(self) -> float:
        """Level of intervals."""

    @property
    def term_tests(self) -> bool:
        """Whether terms are tested by likelihood ratio."""

    @property
    def tested_terms(self) -> tuple[Term, ...]:
        """Terms that have a likelihood-ratio test."""

    @property
    def is_robust(self) -> bool:
        """Whether standard errors are those of the sandwich."""


def terms_columns(terms: Iterable[Term]) -> tuple[Column, ...]:
    """Columns of all terms, in the order of the terms."""
    return tuple(column for term in terms for column in columns_of_term(term))


def columns_of_term(term: Term) -> list[Column]:
    """Columns of one term; those of a product in R's order, the first part's varying fastest."""
    if isinstance(term, NumberTerm):
        return [Column(term)]
    if isinstance(term, SplineTerm):
        return [Column(term, level) for level in range(len(term.knots) - 1)]
    if isinstance(term, FactorTerm):
        return [Column(term, level) for level in range(len(term.factor)) if level != term.reference]
    return [Column(term, parts=parts) for parts in first_fastest([columns_of_term(part) for part in term.parts])]


def components_of(terms: Iterable[Term]) -> list[MainTerm]:
    """The numbers, categories and splines that terms are made of."""
    return [part for term in terms for part in (term.parts if isinstance(term, ProductTerm) else (term,))]


def product_with(term: Term, terms: Iterable[Term]) -> ProductTerm | None:
    """The first product among the terms that holds all parts of this one and more."""
    parts = {part.variable for part in components_of([term])}
    for other in terms:
        if isinstance(other, ProductTerm) and parts < {part.variable for part in other.parts}:
            return other
    return None


def cells_of(term: Term) -> list[str]:
    """Names of the levels of a category, or of a product of categories; none for a term with a number in it."""
    factors = [part.factor for part in components_of([term]) if isinstance(part, FactorTerm)]
    if len(factors) < len(components_of([term])):
        return []
    names = [[f"{factor.name}[{label}]" for label in factor.labels] for factor in factors]
    return [JOIN.join(parts) for parts in first_fastest(names)]


def first_fastest(choices: Sequence[Sequence[Part]]) -> list[tuple[Part, ...]]:
    """All combinations of one element of each, the first varying fastest, as R orders an interaction."""
    return [parts[::-1] for parts in product(*choices[::-1])]
