"""A fit of weighted rows: the propensity score over all sites, weights where the rows are, then the fit itself."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any

import numpy as np

from cohortium.estimators.combined import chained
from cohortium.estimators.combined.chained import ChainedEstimate, ChainedSpec, Link, with_columns
from cohortium.estimators.combined.together import Member
from cohortium.estimators.contract import Estimator
from cohortium.estimators.logistic.estimator import ESTIMATOR as LOGISTIC
from cohortium.estimators.weighting.model import SCORE, WEIGHT, ScoreFound, Weighting, weights_of
from cohortium.estimators.weighting.truncation import LIMIT, LimitSpec
from cohortium.totals import Shape

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from cohortium.estimators.contract import Factor, Rows, Task
    from cohortium.estimators.logistic.estimate import LogisticEstimate
    from cohortium.results import Statistic
    from cohortium.study.study import Study
    from cohortium.totals import Array, Totals


@dataclass(frozen=True)
class WeightedSpec:
    """A fit of weighted rows.

    weighting  how patients are weighted
    inner      the fit, which reads the columns `SCORE` and `WEIGHT`
    """

    weighting: Weighting
    inner: Member

    @property
    def population(self) -> str:
        """Which rows: those of the fit; the score is fitted to the same ones."""
        return str(self.inner.spec.population)

    @property
    def factors(self) -> tuple[Factor, ...]:
        """Categorical columns needed."""
        return self.chain.factors

    @property
    def numbers(self) -> tuple[str, ...]:
        """Numeric columns needed."""
        return self.chain.numbers

    @cached_property
    def chain(self) -> ChainedSpec:
        """The score, where weights are truncated their limit, then the fit."""
        score = Member(LOGISTIC, self.weighting.fit)
        if self.weighting.truncate:
            limit = Member(LIMIT, LimitSpec(self.weighting, self.population))
            whole = self._link(lambda estimate: found_of(estimate, 0.0))
            score = Member(_CHAINED, ChainedSpec(score, whole, limit, self.population))
        return ChainedSpec(score, self._link(lambda estimate: found_of(*score_and_limit(estimate))), self.inner)

    def _link(self, found: Callable[[Any], Mapping[str, Array]]) -> Link:
        fit = self.weighting.fit
        shapes = {
            "coefficients": Shape("float", (fit.size,)),
            "counted": Shape("int", (fit.n_strata,)),
            "share_treated": Shape("float", ()),
            "limit": Shape("float", ()),
            "usable": Shape("int", ()),
        }
        return Link((SCORE, WEIGHT), shapes, found, partial(weighted_rows, weighting=self.weighting))


def score_and_limit(first: LogisticEstimate | ChainedEstimate) -> tuple[LogisticEstimate, float]:
    """The fitted score, and the limit of the weights; 0 for none."""
    if isinstance(first, ChainedEstimate):
        return first.first, float(first.second)
    return first, 0.0


def problem_of(score: LogisticEstimate) -> str:
    """Why there are no weights; empty when there are."""
    if score.problem:
        return f"no propensity score: {score.problem}"
    if score.has_risks:
        return ""
    # A level that nobody has, or a column that follows from the others, takes nothing from anybody's score.
    refused = [
        f"{name} ({why})"
        for column, left in zip(score.spec.columns, score.dependent, strict=True)
        if not left and (why := score.refusals.get(name := column.name))
    ]
    what = f"no propensity score: its model has no finite estimate of {', '.join(refused)}"
    return f"{what}; combine levels, leave it out, or use penalty = 'firth'"


def found_of(score: LogisticEstimate, limit: float) -> dict[str, Array]:
    """What goes to the sites; without a score nobody has a weight there."""
    usable = not problem_of(score)
    spec, counts = score.spec, score.counts
    return {
        "coefficients": np.asarray(score.score if usable else np.zeros(spec.size)),
        "counted": np.asarray(score.counted if usable else np.zeros(spec.n_strata, np.int64)),
        "share_treated": np.asarray(counts.n_events / counts.n if counts.n else 0.0),
        "limit": np.asarray(limit),
        "usable": np.asarray(int(usable)),
    }


def weighted_rows(rows: Rows, found: Totals, weighting: Weighting) -> Rows:
    """Rows with their scores and weights; both are NaN everywhere when there is no score."""
    if not int(found["usable"]):
        unknown = np.full(rows.n, np.nan)
        return with_columns(rows, {SCORE: unknown, WEIGHT: unknown})
    fitted = ScoreFound(found["coefficients"], found["counted"], float(found["share_treated"]))
    score, weight = weights_of(rows, weighting, fitted, float(found["limit"]))
    return with_columns(rows, {SCORE: score, WEIGHT: weight})


def weighted_estimator(
    name: str,
    plan: Callable[[Study, Any], list[Task]],
    tabulate: Callable[[Task, ChainedEstimate], list[Statistic]],
) -> Estimator:
    """An entry of the registry whose specifications are `WeightedSpec`."""
    return Estimator(
        name,
        plan,
        lambda spec: chained.size(spec.chain),
        lambda spec, params: chained.asks(spec.chain, params),
        lambda spec: chained.start(spec.chain),
        lambda spec, params: chained.shapes(spec.chain, params),
        lambda rows, spec: chained.prepare(rows, spec.chain),
        chained.summarize,
        lambda spec, totals, step: chained.solve(spec.chain, totals, step),
        tabulate,
    )


def _nothing(*_arguments: Any) -> list[Any]:
    return []


_CHAINED = Estimator(
    "chained",
    _nothing,
    chained.size,
    chained.asks,
    chained.start,
    chained.shapes,
    chained.prepare,
    chained.summarize,
    chained.solve,
    _nothing,
)
