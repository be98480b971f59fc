"""The laws: every registered estimator passes all of them; there is no list of exceptions."""

from __future__ import annotations

import itertools
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from cohortium.errors import WireError
from cohortium.estimators.contract import Factor
from cohortium.estimators.cox.spec import FactorTerm, NumberTerm, ProductTerm
from cohortium.estimators.grid import Grid
from cohortium.estimators.imputation.analyzed import ImputedSpec
from cohortium.estimators.imputation.spec import ImputationSpec
from cohortium.estimators.proportions.outcome import Outcome
from cohortium.estimators.registry import REGISTRY
from cohortium.estimators.weighting.weighted import WeightedSpec
from cohortium.results import Statistic
from cohortium.totals import Totals, add_up, decode, encode
from estimators.cases import (
    ARM,
    CASES,
    DRUG,
    GRADE,
    RISK,
    SITE,
    Case,
    assert_same,
    rounds,
    simulated_rows,
    split,
    statistics,
    take,
    with_numbers,
)

# Sums of reals are rounded differently when rows are cut into sites; the rounding of a sum of a few hundred
# terms is below 1e-13 of its largest term, and Newton's last step is below 1e-9 standard errors.
SPLIT = 1e-11
# Rows of one time are added in the order in which they come, which moves the last bits.
ROW_ORDER = 1e-12
SEEDS = (1, 2, 3)
# Contrasts with the first group, which recoding changes.
MEANS = tuple(f"restricted-mean-{what}{p}" for what in ("difference", "ratio") for p in ("", "-p"))
every_case = pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)


def test_every_registered_estimator_is_under_the_laws() -> None:
    assert {case.method for case in CASES} == set(REGISTRY)


@every_case
@pytest.mark.parametrize("seed", SEEDS)
def test_split(case: Case, seed: int) -> None:
    """Totals of a partition add up to the totals of the whole, in every round."""
    rows = simulated_rows(seed, 300)
    parts = split(rows, seed, case.uncut)
    _, trace = rounds(case, [rows])
    estimator = REGISTRY[case.method]
    prepared = [estimator.prepare(part, case.spec) for part in parts]
    for step in trace:
        whole = step.parts[0]
        added = add_up([estimator.summarize(site, step.step.params) for site in prepared])
        for name in whole:
            if whole[name].dtype.kind == "i":
                assert np.array_equal(added[name], whole[name]), name
            else:
                scale = max(np.abs(whole[name]).max(initial=0.0), 1.0)
                assert np.abs(added[name] - whole[name]).max(initial=0.0) <= SPLIT * scale, name


@every_case
def test_order_of_sites(case: Case) -> None:
    """Any order of sites gives the same bits: of what is added up in each round, which is all that a fit knows."""
    parts = split(simulated_rows(4, 200), 4, case.uncut, n_parts=3)
    estimate, trace = rounds(case, parts)
    for order in itertools.islice(itertools.permutations(range(len(parts))), 0, None, 7):
        for step in trace:
            assert add_up([step.parts[i] for i in order]) == add_up(step.parts)
    assert statistics(case, parts[::-1]) == REGISTRY[case.method].tabulate(case.task, estimate)


@every_case
@pytest.mark.parametrize("seed", SEEDS)
def test_order_of_rows(case: Case, seed: int) -> None:
    """Any order of rows gives the same bits for whole numbers, and reals to rounding."""
    rows = simulated_rows(seed, 250)
    shuffled = take(rows, np.random.default_rng(seed).permutation(rows.n))
    (_, first), (_, second) = rounds(case, [rows]), rounds(case, [shuffled])
    for name, total in first[0].parts[0].items():
        if total.dtype.kind == "i":
            assert np.array_equal(total, second[0].parts[0][name])
    assert_same(statistics(case, [shuffled]), statistics(case, [rows]), ROW_ORDER)


@every_case
def test_wire(case: Case) -> None:
    """decode(encode(t)) is t, to the last bit, for every round's totals and parameters."""
    _, trace = rounds(case, split(simulated_rows(5, 120), 5, case.uncut))
    for step in trace:
        for totals in (step.step.params, *step.parts):
            assert decode(encode(totals)) == totals


@pytest.mark.parametrize("value", [float("nan"), float("inf"), -float("inf")])
def test_wire_refuses_what_is_not_finite(value: float) -> None:
    with pytest.raises(WireError, match="not so: x"):
        encode(Totals({"x": np.array([1.0, value])}))


@every_case
@pytest.mark.parametrize("seed", SEEDS)
def test_federation_of_one(case: Case, seed: int) -> None:
    """Many sites, some empty, one of a single row, give what one site gives."""
    rows = simulated_rows(seed, 300)
    assert_same(statistics(case, split(rows, seed + 10, case.uncut)), statistics(case, [rows]), SPLIT)


@every_case
@pytest.mark.parametrize("n", [0, 1, 2, 40])
def test_declared_shape(case: Case, n: int) -> None:
    """Keys and shapes follow from specification and parameters alone, whatever the rows."""
    _, trace = rounds(case, [simulated_rows(6, 200)])
    estimator = REGISTRY[case.method]
    prepared = estimator.prepare(simulated_rows(7, n), case.spec)
    for step in trace:
        declared = dict(estimator.shapes(case.spec, step.step.params))
        assert estimator.summarize(prepared, step.step.params).shapes == declared


@every_case
def test_invariance_to_the_unit_of_time(case: Case) -> None:
    """Counting time in another unit changes times and nothing else."""
    spec = case.spec.inner.spec if isinstance(case.spec, WeightedSpec) else case.spec
    if not hasattr(spec, "grid"):
        days = statistics(case, [simulated_rows(8, 200)])
        rows = simulated_rows(8, 200)
        scaled = {name: rows.numbers[name] * 7 for name in ("time", "entry")}
        weekly = replace(case, spec=_day_in_weeks(case.spec))
        weeks = statistics(weekly, [with_numbers(rows, scaled)])
        for a, b in zip(days, weeks, strict=True):
            value = _days(b).get("value", b.value)
            if a.statistic != "follow-up":
                assert value == (a.value if a.value is None else pytest.approx(a.value, rel=ROW_ORDER)), a
        return
    rows = simulated_rows(8, 200)
    spec = _in_weeks(spec)
    if isinstance(case.spec, WeightedSpec):
        spec = replace(case.spec, inner=replace(case.spec.inner, spec=spec))
    weekly = replace(case, spec=spec)
    in_days = statistics(case, [rows])
    in_weeks = statistics(weekly, [with_numbers(rows, {name: rows.numbers[name] * 7 for name in ("time", "entry")})])
    back = [
        replace(s, time=None if s.time is None else s.time / 7, **_days(s))
        if s.unit == "days" or s.time is not None
        else s
        for s in in_weeks
    ]
    assert_same(back, in_days, ROW_ORDER)


def _day_in_weeks(spec: Any) -> Any:
    """The days that a specification without a grid of its own names: of a landmark, of a year, of a model in sites."""
    if isinstance(spec, ImputedSpec):
        tasks = tuple(
            replace(t, spec=_in_weeks(t.spec) if hasattr(t.spec, "grid") else _day_in_weeks(t.spec)) for t in spec.tasks
        )
        return replace(spec, imputation=_day_in_weeks(spec.imputation), tasks=tasks)
    if isinstance(spec, ImputationSpec):
        return replace(spec, outcomes=tuple(one._replace(grid=_scaled(one.grid)) for one in spec.outcomes))
    for name in ("day", "year"):
        if hasattr(spec, name):
            spec = replace(spec, **{name: 7 * getattr(spec, name)})
    effect = getattr(spec, "effect", None)
    if hasattr(getattr(effect, "model", None), "grid"):
        model = replace(effect.model, grid=_scaled(effect.model.grid))
        return replace(spec, effect=replace(effect, model=model))
    return replace(spec, effect=replace(effect, grid=_scaled(effect.grid))) if hasattr(effect, "grid") else spec


def _scaled(grid: Grid) -> Grid:
    if grid.points is not None:
        return replace(grid, points=7 * grid.points)
    return Grid.whole(7 * (grid.size - 1))


def _in_weeks(spec: Any) -> Any:
    """The grid of a specification, and the times that it names."""
    spec = replace(spec, grid=_scaled(spec.grid))
    if hasattr(spec, "at"):
        spec = replace(spec, at=tuple((7 * t, label) for t, label in spec.at))
    if getattr(spec, "tau", None) is not None:
        spec = replace(spec, tau=7 * spec.tau)
    return _after_in_weeks(spec)


def _after_in_weeks(spec: Any) -> Any:
    """Times that are asked for after the fit of a Cox model."""
    if getattr(spec, "prediction", None) is not None:
        times = tuple(7 * time for time in spec.prediction.times)
        spec = replace(spec, prediction=replace(spec.prediction, times=times))
    if getattr(spec, "concordance", None) is not None and spec.concordance.tau is not None:
        spec = replace(spec, concordance=replace(spec.concordance, tau=7 * spec.concordance.tau))
    return spec


def _days(s: object) -> dict[str, float | None]:
    if getattr(s, "unit", "") != "days":
        return {}
    return {name: None if (v := getattr(s, name)) is None else v / 7 for name in ("value", "lower", "upper")}


@every_case
def test_invariance_to_recoding(case: Case) -> None:
    """The order of a factor's levels, or the reference level, changes order and contrast, not the fit."""
    rows = simulated_rows(9, 250)
    turn = {factor.name: [*range(1, len(factor)), 0] for factor in (ARM, GRADE, SITE, RISK, DRUG)}
    codes = {name: np.where(c < 0, -1, (c - 1) % len(turn[name])) for name, c in rows.codes.items()}
    turned = replace(case, spec=_recoded(case.spec, turn))
    found = statistics(turned, [type(rows)(rows.n, rows.numbers, codes)])
    expected = statistics(case, [rows])
    contrasts = {
        "coefficient",
        "standard-error",
        "hazard-ratio",
        "p-value",
        "spline-coefficient",
        "spline-standard-error",
    }
    contrasts |= {"ph-curve", "subdistribution-hazard-ratio"}
    if case.method == "propensity":
        contrasts |= set(MEANS)
    if case.method == "imputed":
        contrasts |= {"df", "fraction-missing-information", *MEANS}
    contrasts |= {"odds-ratio", "odds-ratio-profile", "odds-ratio-wald", "constant", "constant-standard-error"}
    counted = contrasts if case.method in ("cox", "fine-gray", "logistic", "imputed", "propensity") else set(MEANS)
    key = lambda s: (s.group, s.variable, s.level, s.statistic, s.time if s.time is not None else -1.0)  # noqa: E731
    kept = [
        sorted((_undirected(s) for s in rows_ if s.statistic not in counted), key=key) for rows_ in (found, expected)
    ]
    assert_same(*kept, SPLIT)


def _undirected(s: Statistic) -> Statistic:
    """A test of two groups whichever is named first; a trend however its scores are listed."""
    if s.statistic.startswith("pairwise") or s.statistic == "df2":
        return replace(s, group=" v ".join(sorted(s.group.split(" v "))))
    return replace(s, note="") if s.statistic.startswith("trend") else s


def _recoded(spec: object, turn: dict[str, list[int]]) -> object:
    def factor(f):  # type: ignore[no-untyped-def]
        order = turn[f.name]
        return replace(f, codes=tuple(f.codes[i] for i in order), labels=tuple(f.labels[i] for i in order))

    def known(k):  # type: ignore[no-untyped-def]
        return factor(k) if isinstance(k, Factor) else k

    if isinstance(spec, WeightedSpec):
        fit, inner = _recoded(spec.weighting.fit, turn), _recoded(spec.inner.spec, turn)
        return WeightedSpec(replace(spec.weighting, fit=fit), replace(spec.inner, spec=inner))  # type: ignore[arg-type]
    if isinstance(spec, ImputedSpec):
        tasks = tuple(replace(t, spec=_recoded(t.spec, turn)) for t in spec.tasks)
        return replace(spec, imputation=_recoded(spec.imputation, turn), tasks=tasks)  # type: ignore[arg-type]
    if isinstance(spec, ImputationSpec):
        helpers = tuple(known(k) for k in spec.helpers)
        return replace(spec, variables=tuple(known(k) for k in spec.variables), helpers=helpers)
    changed: dict[str, object] = {}
    for name in ("by", "site", "censoring", "categories", "response", "treatment"):
        if isinstance(getattr(spec, name, None), Factor):
            changed[name] = factor(getattr(spec, name))
    if hasattr(spec, "strata"):
        changed["strata"] = tuple(factor(f) for f in spec.strata)
    if getattr(spec, "concordance", None) is not None:
        compared = tuple(factor(f) for f in spec.concordance.strata)  # type: ignore[attr-defined]
        changed["concordance"] = replace(spec.concordance, strata=compared)  # type: ignore[attr-defined]
    if getattr(spec, "scores", ()):
        changed["scores"] = tuple(spec.scores[i] for i in turn[spec.by.name])  # type: ignore[attr-defined]
    if hasattr(spec, "terms"):
        changed["terms"] = tuple(_recoded_term(t, factor) for t in spec.terms)
    if hasattr(spec, "events"):
        changed["events"] = tuple(replace(e, grade=factor(e.grade)) for e in spec.events)
    if hasattr(spec, "outcomes"):
        changed["outcomes"] = tuple(replace(o, variable=factor(o.variable)) for o in spec.outcomes)
    if getattr(spec, "effect", None) and not isinstance(spec.effect, str):
        changed["effect"] = _recoded(spec.effect, turn)
    if hasattr(spec, "groups"):
        changed["groups"] = replace(spec.groups, by=factor(spec.groups.by))
    if hasattr(spec, "model") and not isinstance(spec.model, str):
        changed["model"] = _recoded(spec.model, turn)
    if isinstance(getattr(spec, "outcome", None), Outcome):
        changed["outcome"] = replace(spec.outcome, variable=factor(spec.outcome.variable))
    if hasattr(spec, "looked_at"):
        changed["looked_at"] = tuple(known(k) for k in spec.looked_at)
    if hasattr(spec, "variables"):
        changed["variables"] = tuple(factor(v) if isinstance(v, Factor) else v for v in spec.variables)
    return replace(spec, **changed)  # type: ignore[type-var]


def _recoded_term(term, factor):  # type: ignore[no-untyped-def]
    if isinstance(term, ProductTerm):
        return replace(term, parts=tuple(_recoded_term(part, factor) for part in term.parts))
    return FactorTerm(factor(term.factor), 0) if isinstance(term, FactorTerm) else term


@pytest.mark.parametrize("case", [case for case in CASES if case.method == "cox"], ids=lambda case: case.name)
def test_invariance_of_the_cox_model(case: Case) -> None:
    """Another unit of a covariate scales its coefficient; another origin changes nothing."""
    rows = simulated_rows(10, 300)
    age = rows.numbers["age"]
    moved = with_numbers(rows, {"age": age + 1000.0})
    estimate, _ = rounds(case, [rows])
    shifted, _ = rounds(case, [moved])
    assert np.allclose(shifted.coefficients, estimate.coefficients, rtol=1e-10, atol=0, equal_nan=True)
    terms = (NumberTerm("age", per=10.0), *case.spec.terms[1:])
    decades, _ = rounds(replace(case, spec=replace(case.spec, terms=terms)), [rows])
    assert decades.coefficients[0] == pytest.approx(10 * estimate.coefficients[0], rel=1e-11)
    assert decades.standard_errors[0] == pytest.approx(10 * estimate.standard_errors[0], rel=1e-11)
    assert decades.log_likelihood == pytest.approx(estimate.log_likelihood, rel=1e-13)


@every_case
@pytest.mark.parametrize("hard", ["no rows", "one row", "no events", "all at once", "separation", "constant covariate"])
def test_refusal(case: Case, hard: str) -> None:
    """What cannot be estimated is an empty value with a reason; nothing is invented, nothing crashes."""
    rows = simulated_rows(11, {"no rows": 0, "one row": 1}.get(hard, 50))
    event = rows.numbers["event"]
    changed = {
        "no events": {"event": np.zeros(rows.n), "cause": np.zeros(rows.n)},
        "all at once": {"time": np.full(rows.n, 5.0), "event": np.ones(rows.n), "cause": np.ones(rows.n)},
        "separation": {"marker": np.round(np.where(event == 1, 1.0, -1.0) - rows.numbers["time"] / 100, 2)},
        "constant covariate": {"age": np.full(rows.n, 60.0), "marker": np.zeros(rows.n)},
    }.get(hard, {})
    for parts in ([with_numbers(rows, changed)], split(with_numbers(rows, changed), 11, case.uncut, n_parts=2)):
        for s in statistics(case, parts):
            assert s.value is None or np.isfinite(s.value), s
            if s.value is None:
                assert s.warning, s
