"""One case or more of every registered estimator, on simulated rows, for the laws."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from cohortium.estimators.baseline.spec import BaselineSpec, Number
from cohortium.estimators.contract import Done, Factor, Next, Rows, Task
from cohortium.estimators.cox.spec import CoxSpec, FactorTerm, NumberTerm
from cohortium.estimators.flow import FlowSpec
from cohortium.estimators.grid import Grid
from cohortium.estimators.kaplan_meier import KaplanMeierSpec
from cohortium.estimators.logrank import LogRankSpec
from cohortium.estimators.proportions.cmh import CmhSpec
from cohortium.estimators.proportions.outcome import Outcome
from cohortium.estimators.proportions.rates import RatesSpec
from cohortium.estimators.registry import REGISTRY
from cohortium.estimators.sites import SitesSpec
from cohortium.results import Statistic
from cohortium.totals import Totals, add_up

HORIZON = 60
GRID = Grid.whole(HORIZON)
ARM = Factor("arm", ("a", "b", "never"), ("Arm A", "Arm B", "Never seen"))
GRADE = Factor("grade", ("1", "2", "3"), ("Low", "Middle", "High"))
SITE = Factor("site", ("s1", "s2", "s3", "s4"), ("One", "Two", "Three", "Four"))
SURVIVAL = {"time": "time", "event": "event", "grid": GRID}
AT_LEAST_MIDDLE = Outcome("At least middle", GRADE, ("2", "3"))
HIGH = Outcome("High", GRADE, ("3",), not_evaluable=("1",))
TERMS = (NumberTerm("age"), NumberTerm("marker"), FactorTerm(GRADE, reference=1))


@dataclass(frozen=True)
class Case:
    """An estimator with a specification; rows of one value of `uncut` stay at one site."""

    name: str
    method: str
    spec: Any
    uncut: str | None = None

    @property
    def task(self) -> Task:
        return Task(self.name, self.method, self.spec, self.name, variable="os")


CASES: tuple[Case, ...] = (
    Case("flow", "flow", FlowSpec(("Adults", "Treated"), ("children", ""), "Analyzed", SITE)),
    Case("sites", "sites", SitesSpec("time", "event", SITE, n_steps=2)),
    Case(
        "baseline",
        "baseline",
        BaselineSpec((Number("age", Grid.between(18, 95, 0)), GRADE, Number("marker", Grid.between(-9, 9, 2))), ARM),
    ),
    Case(
        "baseline with ranks",
        "baseline",
        BaselineSpec(
            (Number("age", Grid.between(18, 95, 0)), GRADE, Factor("arm", ARM.codes, ARM.labels)),
            GRADE,
            tests=True,
            differences=True,
            quantile_type="type-2",
        ),
    ),
    Case(
        "baseline with means",
        "baseline",
        BaselineSpec(
            (Number("age", Grid.between(18, 95, 0)), Number("marker", Grid.between(-9, 9, 2)), GRADE),
            ARM,
            tests=True,
            number_test="welch",
            differences=True,
        ),
    ),
    Case("baseline without groups", "baseline", BaselineSpec((GRADE, ARM))),
    Case("response-rates", "response-rates", RatesSpec((AT_LEAST_MIDDLE, HIGH), ARM, reference="a")),
    Case(
        "response-rates as ratios",
        "response-rates",
        RatesSpec((Outcome("A", ARM, ("a",)),), GRADE, overall=False, interval="wilson", compare="ratio", reference="2"),
    ),
    Case("response-rates of all", "response-rates", RatesSpec((HIGH,), interval="jeffreys")),
    Case(
        "response-rates by score limits",
        "response-rates",
        RatesSpec((HIGH,), ARM, ("response-evaluable",), difference_interval="miettinen-nurminen", reference="b"),
    ),
    Case("cmh, shared strata", "cmh", CmhSpec(Outcome("A", ARM, ("a",)), SITE, ("s1", "s3"), (GRADE,))),
    Case("cmh, strata in sites", "cmh", CmhSpec(AT_LEAST_MIDDLE, ARM, ("b", "a"), (SITE,)), "site"),
    Case("cmh, not exact", "cmh", CmhSpec(HIGH, ARM, ("b", "a"), (SITE,), exact=False)),
    Case("kaplan-meier", "kaplan-meier", KaplanMeierSpec(**SURVIVAL, at=((12.0, "12"), (59.5, "59.5")))),
    Case("kaplan-meier by arm", "kaplan-meier", KaplanMeierSpec(**SURVIVAL, by=ARM, interval="log")),
    Case("reverse kaplan-meier", "kaplan-meier", KaplanMeierSpec(**SURVIVAL, reverse=True, interval="plain")),
    Case("logrank", "logrank", LogRankSpec(**SURVIVAL, by=ARM)),
    Case("logrank, shared strata", "logrank", LogRankSpec(**SURVIVAL, by=ARM, strata=(GRADE,))),
    Case("logrank, strata in sites", "logrank", LogRankSpec(**SURVIVAL, by=GRADE, strata=(SITE,), nested=True), "site"),
    Case("cox", "cox", CoxSpec(**SURVIVAL, terms=TERMS)),
    Case("cox, Breslow", "cox", CoxSpec(**SURVIVAL, terms=TERMS, ties="breslow")),
    Case("cox, shared strata", "cox", CoxSpec(**SURVIVAL, terms=TERMS[:2], strata=(GRADE,))),
    Case("cox, strata in sites", "cox", CoxSpec(**SURVIVAL, terms=TERMS, strata=(SITE,), nested=True), "site"),
)


def simulated_rows(seed: int, n: int) -> Rows:
    """Rows with ties, censoring, unknown values, and a declared level that nobody has."""
    rng = np.random.default_rng(seed)
    age = rng.integers(18, 96, n).astype(float)
    marker = np.round(rng.normal(0, 1, n), 2)
    grade = rng.integers(0, 3, n)
    hazard = 0.03 * np.exp(0.02 * (age - 60) + 0.4 * marker + 0.3 * grade)
    time = np.minimum(np.floor(rng.exponential(1 / hazard)), rng.integers(1, HORIZON + 1, n))
    step = rng.choice([0, 1, 2], n, p=[0.1, 0.1, 0.8])
    return Rows(
        n,
        numbers={
            "time": time,
            "event": (rng.random(n) < 0.7).astype(float),
            "age": np.where(rng.random(n) < 0.03, np.nan, age),
            "marker": marker,
            "flow_step": step.astype(float),
            "flow_unknown": ((step < 2) & (rng.random(n) < 0.3)).astype(float),
        },
        codes={
            "arm": np.where(rng.random(n) < 0.03, -1, rng.integers(0, 2, n)),
            "grade": grade,
            "site": np.where(rng.random(n) < 0.02, -1, rng.integers(0, 4, n)),
        },
    )


def take(rows: Rows, index: np.ndarray) -> Rows:
    """Some of the rows."""
    pick = {name: column[index] for name, column in rows.numbers.items()}
    return Rows(len(index), pick, {name: column[index] for name, column in rows.codes.items()})


def split(rows: Rows, seed: int, uncut: str | None = None, n_parts: int = 5) -> list[Rows]:
    """A partition into sites of unequal size, an empty one and a site of one row included."""
    rng = np.random.default_rng(seed)
    if uncut is None:
        part = rng.choice(n_parts, rows.n, p=rng.dirichlet(np.ones(n_parts)))
        if rows.n:
            part[rng.integers(rows.n)] = n_parts
    else:
        values = rows.codes[uncut]
        home = rng.integers(0, n_parts, values.max(initial=0) + 2)
        part = home[values]
    return [take(rows, np.flatnonzero(part == k)) for k in [*range(n_parts + 1), -1]]


@dataclass(frozen=True)
class Round:
    """One round of a run: what was asked, what each part answered."""

    step: Next
    parts: Sequence[Totals]


def rounds(case: Case, parts: Sequence[Rows]) -> tuple[Any, list[Round]]:
    """The estimate over some parts, and every round on the way."""
    estimator = REGISTRY[case.method]
    prepared = [estimator.prepare(part, case.spec) for part in parts]
    step, trace = estimator.start(case.spec), []
    while True:
        answers = [estimator.summarize(site, step.params) for site in prepared]
        trace.append(Round(step, answers))
        after = estimator.solve(case.spec, add_up(answers), step)
        if isinstance(after, Done):
            return after.estimate, trace
        step = after


def statistics(case: Case, parts: Sequence[Rows]) -> list[Statistic]:
    """Rows of the results table over some parts."""
    estimate, _ = rounds(case, parts)
    return REGISTRY[case.method].tabulate(case.task, estimate)


def assert_same(found: Sequence[Statistic], expected: Sequence[Statistic], relative: float) -> None:
    """The same rows with the same numbers to a relative tolerance.

    Numbers below 0.01 (coefficients near zero, differences of larger sums) are compared as if they were 0.01.
    """
    assert [_identity(s) for s in found] == [_identity(s) for s in expected]
    for a, b in zip(found, expected, strict=True):
        for column in ("value", "lower", "upper"):
            x, y = getattr(a, column), getattr(b, column)
            close = x is y is None or (x is not None and y is not None and abs(x - y) <= relative * max(abs(y), 1e-2))
            assert close, (_identity(a), column, x, y)


def _identity(s: Statistic) -> Statistic:
    return replace(s, value=None, lower=None, upper=None)


def with_numbers(rows: Rows, changed: Mapping[str, np.ndarray]) -> Rows:
    """The rows with some numeric columns replaced."""
    return Rows(rows.n, {**rows.numbers, **changed}, rows.codes)
