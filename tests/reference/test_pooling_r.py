"""What each estimate becomes over imputations, against R on the sets that mice imputed (script in pooling.R)."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from cohortium import (
    baseline_table,
    cumulative_incidence,
    fine_gray,
    gray_test,
    kaplan_meier,
    logrank,
    mantel_haenszel,
    pooled,
    response_rates,
    site_meta_analysis,
)
from cohortium.results import Statistic

# A handful of roundings.
CLOSE = 1e-11
# glm prints the variance of its last step but one; what a meta-analysis makes of it.
META = 1e-7
# crr stops at its own tolerance.
COEFFICIENT = 1e-8


@cache
def reference() -> dict[str, Any]:
    text = Path(__file__).with_name("pooling.json").read_text(encoding="utf-8")
    found: dict[str, Any] = json.loads(text)
    return found


@dataclass(frozen=True)
class Sets:
    """Sets that mice imputed, in place of what `impute` gives."""

    tables: list[pl.DataFrame]

    @property
    def m(self) -> int:
        return len(self.tables)

    def frames(self, i: int) -> list[pl.DataFrame]:
        return [table for _, table in self.tables[i].group_by("site", maintain_order=True)]


@cache
def sets() -> Any:
    frames = [pl.DataFrame(one) for one in reference()["sets"]]
    texts = ("grade", "arm", "site")
    died = (pl.col("event") > 0).alias("died")
    return Sets([frame.with_columns(died, *(pl.col(name).cast(pl.String) for name in texts)) for frame in frames])


def rows(analysis: Any, at: Sequence[float] = (), **criteria: object) -> list[Statistic]:
    return list(pooled(analysis, sets(), at=at).rows.where(**criteria))  # type: ignore[union-attr]


def beside(found: Any, row: Statistic, statistic: str) -> float | None:
    return next(
        one.value
        for one in found
        if (one.statistic, one.group, one.level, one.time) == (statistic, row.group, row.level, row.time)
    )


def is_effect(row: Statistic, expected: dict[str, float], back: Any) -> None:
    """An estimate with its limits, printed on another scale than it is pooled on."""
    limits = sorted(back(expected[name]) for name in ("lower", "upper"))
    assert row.value == pytest.approx(back(expected["estimate"]), rel=CLOSE)
    assert [row.lower, row.upper] == pytest.approx(limits, rel=CLOSE)


def is_d2(found: Any, expected: dict[str, float]) -> None:
    """mitml's F statistic, here on the scale of chi-square, with its p-value."""
    from scipy.stats import f

    statistic = "chi-square" if found.where(statistic="chi-square") else "test-statistic"
    assert found.one(statistic=statistic).value == pytest.approx(expected["k"] * expected["F"], rel=CLOSE)
    assert found.where(statistic="df2")[0].value == pytest.approx(expected["v"], rel=1e-9)
    p_value = found.one(statistic="p-value")
    assert p_value.value == pytest.approx(f.sf(expected["F"], expected["k"], expected["v"]), rel=1e-9)
    assert p_value.note.endswith("pooled chi-square (D2) test")


def test_response_rates() -> None:
    for compare in ("difference", "ratio"):
        found = pooled(
            lambda frames, compare=compare: response_rates(
                frames, outcomes={"yes": {"response": [1]}}, by="arm", compare=compare
            ),
            sets(),
        ).rows  # type: ignore[union-attr]
        within = found.where(population="all-treated")
        for group, expected in zip(("0", "1"), reference()["rates"], strict=True):
            rate = within.one(statistic="percent", group=group)
            numbers = [100 * expected[name] for name in ("rate", "lower", "upper")]
            assert [rate.value, rate.lower, rate.upper] == pytest.approx(numbers, rel=CLOSE)
            assert within.one(statistic="df", group=group).value == pytest.approx(expected["df"], rel=CLOSE)
        contrast, expected = within.one(statistic=compare), reference()[compare]
        test = next(row for row in within.where(statistic="p-value") if row.group)
        assert test.value == pytest.approx(expected["p"], rel=CLOSE)
        if compare == "ratio":
            is_effect(contrast, expected, math.exp)
        else:
            (p0, low0, high0), (p1, low1, high1) = (
                [one[name] for name in ("rate", "lower", "upper")] for one in reference()["rates"]
            )
            lower = p1 - p0 - math.hypot(p1 - low1, high0 - p0)
            upper = p1 - p0 + math.hypot(high1 - p1, p0 - low0)
            assert contrast.value == pytest.approx(100 * expected["estimate"], rel=CLOSE)
            assert [contrast.lower, contrast.upper] == pytest.approx([100 * lower, 100 * upper], rel=1e-10)


def test_survival_at_a_time_and_restricted_means() -> None:
    found = pooled(
        lambda frames: kaplan_meier(frames, time="time", event="died", by="grade", tau=20), sets(), at=[12]
    ).rows  # type: ignore[union-attr]
    for at, group in enumerate("123"):
        is_effect(
            found.one(statistic="survival-at", group=group),
            reference()["survival12"][at],
            lambda x: math.exp(-math.exp(x)),
        )
        is_effect(found.one(statistic="restricted-mean", group=group), reference()["restricted"][at], float)
        assert found.one(statistic="median", group=group).lower is None
    contrast = found.one(statistic="restricted-mean-difference", group="3 v 1")
    expected = reference()["contrast"]
    is_effect(contrast, expected, float)
    assert beside(found, contrast, "restricted-mean-difference-p") == pytest.approx(expected["p"], rel=1e-9)
    assert not found.where(statistic="survival")


def test_cumulative_incidence_at_a_time() -> None:
    at = rows(
        lambda frames: cumulative_incidence(frames, time="time", event="event", by="grade"),
        at=[12],
        statistic="cumulative-incidence-at",
        level="1",
    )
    for row, expected in zip(at, reference()["incidence12"], strict=True):
        is_effect(row, expected, lambda x: math.exp(-math.exp(x)))


def test_logrank() -> None:
    found = pooled(lambda frames: logrank(frames, time="time", event="died", by="grade"), sets()).rows  # type: ignore[union-attr]
    is_d2(found, reference()["logrank"])


def test_gray() -> None:
    found = pooled(lambda frames: gray_test(frames, time="time", event="event", by="grade"), sets()).rows  # type: ignore[union-attr]
    first = found.where(level="1")
    is_d2(first, reference()["gray"])


def test_mantel_haenszel() -> None:
    found = pooled(lambda frames: mantel_haenszel(frames, outcome="response", by="arm", strata="site"), sets()).rows  # type: ignore[union-attr]
    is_effect(found.one(statistic="odds-ratio"), reference()["cmh"], math.exp)
    is_d2(found, reference()["cmh_test"])
    exact = found.one(statistic="exact-p")
    assert exact.value is None
    assert "no pooled form" in exact.warning


def test_baseline_by_three_groups() -> None:
    found = pooled(lambda frames: baseline_table(frames, variables=["age", "arm"], by="grade", tests=True), sets()).rows  # type: ignore[union-attr]
    for variable, name in (("age", "kruskal"), ("arm", "pearson")):
        of = found.where(variable=variable)
        is_d2(of, reference()[name])


def test_baseline_by_two_groups() -> None:
    found = pooled(lambda frames: baseline_table(frames, variables=["age"], by="arm", tests=True), sets()).rows  # type: ignore[union-attr]
    is_d2(found, reference()["wilcoxon"])
    assert found.one(statistic="mean", group="").value == pytest.approx(reference()["mean"], rel=CLOSE)
    assert found.one(statistic="sd", group="").value == pytest.approx(reference()["sd"], rel=CLOSE)
    test = rows(
        lambda frames: baseline_table(frames, variables=["age"], by="arm", tests=True, number_test="mean"),
        statistic="p-value",
    )
    assert test[0].value == pytest.approx(reference()["ttest"]["p"], rel=1e-9)


def test_fine_gray() -> None:
    found = pooled(
        lambda frames: fine_gray(frames, time="time", event="event", covariates=["age", "grade"]), sets()
    ).to_frame()
    for row, expected in zip(found.iter_rows(named=True), reference()["fine_gray"], strict=True):
        assert row["estimate"] == pytest.approx(expected["estimate"], rel=COEFFICIENT, abs=1e-9)
        assert row["standard_error"] == pytest.approx(expected["se"], rel=COEFFICIENT)
        assert row["df"] == pytest.approx(expected["df"], rel=1e-6)


def test_meta_analysis_of_logistic_models() -> None:
    def within(frames: Any, **options: Any) -> Any:
        return site_meta_analysis(
            frames, model="logistic", outcome="response", effect="arm", covariates=["age"], **options
        )

    found = pooled(within, sets()).rows  # type: ignore[union-attr]
    whole = within(sets().frames(0), pooling="dersimonian-laird", hartung_knapp=False).pooled
    for row, expected in (
        (found.one(statistic="odds-ratio", model="reml"), reference()["meta"]),
        (whole, reference()["whole_meta"]),
    ):
        numbers = [expected[name] for name in ("estimate", "lower", "upper")]
        if row is whole:
            assert [row.estimate, row.lower, row.upper] == pytest.approx(numbers, rel=META)
        else:
            assert [math.log(x) for x in (row.value, row.lower, row.upper)] == pytest.approx(numbers, rel=META)
