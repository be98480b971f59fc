"""Statistics on a coarse grid stay within their printed bounds of those in days."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from cohortium.estimators.competing.incidence.grid_bound import incidences_between
from cohortium.estimators.competing.incidence.spec import IncidenceSpec
from cohortium.estimators.contract import Rows
from cohortium.estimators.grid import Grid
from cohortium.estimators.kaplan_meier import KaplanMeierSpec
from cohortium.estimators.kaplan_meier.grid_bound import between, largest_difference
from cohortium.estimators.logrank import LogRankSpec
from cohortium.estimators.logrank.grid_bound import expected_between
from estimators.cases import ARM, GRADE, Case, rounds, simulated_rows, statistics, take, with_numbers

LAST = 360
DAYS = Grid.whole(LAST)
GRIDS = (Grid.ends_of("weeks", LAST, 30.4375), Grid.ends_of("months", LAST, 30.4375))
# A bound is attained when the order of days is the worst; only rounding may then pass it.
ROUNDING = 1e-9
SEEDS = range(12)
both_grids = pytest.mark.parametrize("grid", GRIDS, ids=lambda grid: grid.unit)


def in_days(seed: int, n: int = 150) -> Rows:
    """Rows with follow-up spread over the days of a year."""
    rows = simulated_rows(seed, n)
    days = np.minimum(rows.numbers["time"] * 6 + np.random.default_rng(seed).integers(0, 6, n), LAST)
    return with_numbers(rows, {"time": days})


def test_ends_of_weeks_and_months() -> None:
    assert Grid.ends_of("weeks", 20, 30.4375).values.tolist() == [0, 7, 14, 20]
    assert Grid.ends_of("months", 92, 30.4375).values.tolist() == [0, 30, 60, 91, 92]
    weeks = Grid.ends_of("weeks", 20, 30.4375)
    assert weeks.index(np.array([0.0, 1, 7, 8, 14, 15, 20])).tolist() == [0, 1, 1, 2, 2, 3, 3]
    assert weeks.is_single_day.tolist() == [True, False, False, False]
    assert (weeks.note, DAYS.note) == ("follow-up counted in weeks", "")


def test_one_unit_in_closed_form() -> None:
    """Two of ten die in a week in which three are censored: 1 - 2/10 as counted, 1 - 2/7 at worst."""
    time = np.array([3.0, 4, 1, 2, 5, 14, 14, 14, 14, 14])
    event = np.array([1.0, 1, 0, 0, 0, 0, 0, 0, 0, 0])
    rows = Rows(10, {"time": time, "event": event}, {})
    spec = KaplanMeierSpec("time", "event", Grid.ends_of("weeks", 14, 30.4375))
    estimate, _ = rounds(Case("", "kaplan-meier", spec), [rows])
    curve = estimate.curves[0]
    bounds = between(spec.grid, curve.time, curve.weight_risk, curve.weight_event)
    assert largest_difference(bounds) == pytest.approx(2 / 7 - 2 / 10, abs=1e-15)


@both_grids
@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("reverse", [False, True])
def test_survival_quantiles_and_mean(grid: Grid, seed: int, reverse: bool) -> None:
    rows = in_days(seed)
    spec = KaplanMeierSpec(
        "time", "event", DAYS, by=ARM, reverse=reverse, at=((91.3, "3"), (182.0, "6"), (200.5, "x")), tau=200.0
    )
    exact = statistics(Case("", "kaplan-meier", spec), [rows])
    coarse = statistics(Case("", "kaplan-meier", replace(spec, grid=grid)), [rows])
    bounds = [s for s in coarse if s.statistic == "grid-bound"]
    assert {s.level.split()[0] for s in bounds} >= {"survival", "survival-at", "median", "quantile", "restricted-mean"}
    for bound in bounds:
        if bound.level == "survival":
            continue
        name, _, probability = bound.level.partition(" ")
        wanted = {"statistic": name, "group": bound.group}
        if name == "survival-at":
            wanted["time"] = bound.time
        if probability:
            wanted["level"] = probability
        a, b = (
            next(s for s in found if all(getattr(s, k) == v for k, v in wanted.items())) for found in (exact, coarse)
        )
        if bound.value is None:
            assert b.value is None
        elif b.value is None or a.value is None:
            assert name == "survival-at" or a.value is b.value
        else:
            assert abs(a.value - b.value) <= bound.value + ROUNDING, (bound.group, bound.level)
    for s in coarse:
        if s.statistic == "survival":
            steps = [e for e in exact if e.statistic == "survival" and e.group == s.group and e.time <= s.time]
            most = next(b.value for b in bounds if b.level == "survival" and b.group == s.group)
            assert abs((steps[-1].value if steps else 1.0) - s.value) <= most + ROUNDING


@both_grids
@pytest.mark.parametrize("seed", SEEDS)
def test_cumulative_incidence(grid: Grid, seed: int) -> None:
    rows = in_days(seed)
    spec = IncidenceSpec("time", "cause", DAYS, ("One", "Two"), by=ARM, at=((91.3, "3"), (182.0, "6"), (200.5, "x")))
    case = Case("", "cumulative-incidence", spec)
    exact, _ = rounds(case, [rows])
    coarse, _ = rounds(replace(case, spec=replace(spec, grid=grid)), [rows])
    for days, units in zip(exact.groups, coarse.groups, strict=True):
        if units.n:
            low, high = incidences_between(grid, units)
            ends = np.searchsorted(days.time, grid.values, side="right") - 1
            for k, cause in enumerate(days.causes):
                found = np.where(ends >= 0, cause.incidence[ends], 0.0)
                assert np.all((found >= low[k] - ROUNDING) & (found <= high[k] + ROUNDING))
    table = statistics(replace(case, spec=replace(spec, grid=grid)), [rows])
    in_table = {(s.group, s.level, s.time): s.value for s in statistics(case, [rows]) if s.statistic.endswith("-at")}
    units = {(s.group, s.level, s.time): s.value for s in table if s.statistic == "cumulative-incidence-at"}
    bounds = [s for s in table if s.statistic == "grid-bound" and s.time is not None]
    assert len(bounds) == 2 * 2 * 3
    for bound in bounds:
        key = (bound.group, bound.level.partition(", ")[2], bound.time)
        if in_table[key] is not None and units[key] is not None:
            assert abs(in_table[key] - units[key]) <= bound.value + ROUNDING


@both_grids
@pytest.mark.parametrize("seed", SEEDS)
def test_expected_events(grid: Grid, seed: int) -> None:
    rows = in_days(seed)
    for strata in ((), (GRADE,)):
        spec = LogRankSpec("time", "event", DAYS, by=ARM, strata=strata)
        exact, _ = rounds(Case("", "logrank", spec), [rows])
        coarse, _ = rounds(Case("", "logrank", replace(spec, grid=grid)), [rows])
        assert coarse.expected_bound is not None
        assert np.all(np.abs(exact.expected - coarse.expected) <= coarse.expected_bound + ROUNDING)


def test_expected_events_reach_their_bounds_in_the_worst_orders() -> None:
    """Group a leaves a week before or after the event of group b."""
    grid = Grid.ends_of("weeks", 14, 30.4375)
    codes = np.array([0, 0, 0, 1, 1])
    for days, side in (([1.0, 1, 14, 2, 14], 0), ([7.0, 7, 14, 2, 14], 1)):
        rows = Rows(5, {"time": np.array(days), "event": np.array([0.0, 0, 0, 1, 0])}, {"arm": codes})
        spec = LogRankSpec("time", "event", Grid.whole(14), by=ARM)
        exact, _ = rounds(Case("", "logrank", spec), [rows])
        _, trace = rounds(Case("", "logrank", replace(spec, grid=grid)), [rows])
        limits = expected_between(grid, trace[0].parts[0]["counts"])
        assert limits[side][0] == pytest.approx(exact.expected[0], abs=1e-15)
    assert [limits[0][0], limits[1][0]] == pytest.approx([1 / 3, 3 / 5])


def test_days_have_no_bound() -> None:
    rows = in_days(1)
    spec = KaplanMeierSpec("time", "event", DAYS)
    assert not [s for s in statistics(Case("", "kaplan-meier", spec), [rows]) if s.statistic == "grid-bound"]
    empty = Case("", "kaplan-meier", replace(spec, grid=GRIDS[0]))
    assert not [s for s in statistics(empty, [take(rows, np.empty(0, int))]) if s.statistic == "grid-bound"]
