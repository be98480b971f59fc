"""The contract of an estimator: the tuple of pure functions that the registry holds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from cohortium.results import Statistic
    from cohortium.study.study import Study
    from cohortium.totals import Params, Shapes, Totals

Reals = NDArray[np.float64]
Integers = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Factor:
    """A categorical column with its declared levels.

    name    column name
    codes   codes in the data, in order
    labels  how each code is printed
    """

    name: str
    codes: tuple[str, ...]
    labels: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.codes)


@dataclass(frozen=True, slots=True)
class Rows:
    """One site's rows as arrays.

    n        number of rows
    numbers  column name to reals of shape (n,), NaN where not known; for methods that only count also whole numbers or
             truth values, all known
    codes    factor name to positions in the factor's levels, shape (n,), -1 where not known
    """

    n: int
    numbers: Mapping[str, Reals]
    codes: Mapping[str, NDArray[np.integer[Any]]]


class Spec(Protocol):
    """What a specification declares about the columns that it needs."""

    @property
    def population(self) -> str:
        """Which rows: `cohort` (those analyzed) or `received` (all)."""

    @property
    def factors(self) -> tuple[Factor, ...]:
        """Categorical columns needed."""

    @property
    def numbers(self) -> tuple[str, ...]:
        """Numeric columns needed."""


@dataclass(frozen=True, slots=True)
class Next:
    """Another round is needed: `params` go to the sites, `memory` stays at the center."""

    params: Params
    memory: Any = None


@dataclass(frozen=True, slots=True)
class Done:
    """`solve` has finished; a statistic that could not be made is refused inside the estimate, by name."""

    estimate: Any


Step = Next | Done


@dataclass(frozen=True, slots=True)
class Task:
    """One fit of a study: an estimator with its specification.

    key       unique name within the study, e.g. `cox-os/univariable/age`
    method    name in the registry
    spec      the estimator's specification
    analysis  the study-file element it belongs to
    model     `univariable`, `multivariable` or empty
    variable  the printed key of the rows it makes: an endpoint's or a variable's name
    """

    key: str
    method: str
    spec: Any
    analysis: str
    model: str = ""
    variable: str = ""


def no_params(_spec: Any, _params: Params) -> Shapes:
    """The declared parameters of a method with a single round: none."""
    return {}


class Estimator(NamedTuple):
    """A method as pure functions.

    plan       (study, analysis) -> its tasks
    size       spec -> numbers in the largest totals of a round
    asks       (spec, params) -> declared shape of the parameters of that round; a site answers nothing else
    start      spec -> the first round
    shapes     (spec, params) -> declared shape of the totals of that round
    prepare    (rows, spec) -> anything the site keeps, once
    summarize  (prepared, params) -> totals, every round
    solve      (spec, totals, step) -> Next | Done; `step` is what the totals answer
    tabulate   (task, estimate) -> rows of the results table
    """

    name: str
    plan: Callable[[Study, Any], Sequence[Task]]
    size: Callable[[Any], int]
    asks: Callable[[Any, Params], Shapes]
    start: Callable[[Any], Next]
    shapes: Callable[[Any, Params], Shapes]
    prepare: Callable[[Rows, Any], Any]
    summarize: Callable[[Any, Params], Totals]
    solve: Callable[[Any, Totals, Next], Step]
    tabulate: Callable[[Task, Any], list[Statistic]]
