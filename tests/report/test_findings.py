from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from cohortium.errors import OutputError
from cohortium.report.figures.log_axis import log_axis
from cohortium.report.figures.steps import Box, is_free, ticks, track
from cohortium.report.findings.curves import Curve, curves
from cohortium.report.findings.flow import flow
from cohortium.report.findings.sites import site_counts
from cohortium.results import Results

FIVE = Curve(
    label="five patients",
    time_days=(10.0, 20.0, 30.0),
    survival=(0.8, 0.8, 0.4),
    lower=(0.2, 0.2, None),
    upper=(0.97, 0.97, None),
    n_at_risk=(5, 4, 2),
    n_event=(1, 0, 1),
    n_censored=(0, 2, 1),
    n=5,
    n_events=2,
)


def changed(results, place, value):
    def is_it(statistic):
        return all(getattr(statistic, column) == wanted for column, wanted in place.items())

    return Results(replace(s, value=value) if is_it(s) else s for s in results)


@pytest.mark.parametrize(("day", "n"), [(0, 5), (10, 5), (10.5, 4), (20, 4), (25, 2), (30, 2), (30.5, 0)])
def test_at_risk_is_counted_just_before_a_day(day, n):
    assert FIVE.at_risk(day) == n


def test_curves_come_in_the_order_of_the_results(results):
    assert [curve.label for curve in curves(results, "os-ecog")] == ["0", "1", "2", "3"]
    male = curves(results, "os-sex")[0]
    assert (male.n, male.n_events, sum(male.n_event), sum(male.n_censored)) == (72, 60, 60, 12)


def test_a_flow_that_adds_up(results):
    found = flow(results)
    assert (found.n_received, found.n_analyzed, found.n_site_unknown) == (124, 120, 1)
    assert [(s.n_entered, s.n_excluded, s.n_unknown, s.n_remaining) for s in found.steps] == [
        (124, 1, 0, 123),
        (123, 3, 2, 120),
    ]


@pytest.mark.parametrize(
    ("place", "value", "said"),
    [
        ({"statistic": "received"}, 125.0, "124 entered, expected the 125 of Records received"),
        ({"statistic": "excluded", "level": "Adult at study entry"}, 2.0, "123 remain, expected 122"),
        ({"statistic": "remaining", "level": "Adult at study entry"}, 122.0, "123 entered, expected the 122"),
        (
            {"statistic": "excluded-unknown", "level": "Follow-up recorded"},
            4.0,
            "more excluded as unknown than excluded",
        ),
        ({"statistic": "analyzed"}, 119.0, "119 analyzed, expected the 120 of Follow-up recorded"),
    ],
)
def test_a_flow_that_does_not_add_up_is_refused(results, place, value, said):
    with pytest.raises(OutputError, match="does not add up") as caught:
        flow(changed(results, {"analysis": "flow", **place}, value))
    assert said in str(caught.value)


def test_a_flow_with_a_step_missing_is_refused(results):
    without = Results(s for s in results if s.statistic != "remaining")
    with pytest.raises(OutputError, match="not complete"):
        flow(without)


def test_institutions_that_do_not_add_up_are_refused(results):
    with pytest.raises(OutputError, match="add up to 124, expected 125"):
        site_counts(
            changed(results, {"statistic": "received", "level": "", "analysis": "institutions"}, 125.0), "institutions"
        )


def test_a_curve_is_pale_where_fewer_than_ten_are_at_risk(results):
    male = curves(results, "os-sex")[0]
    path = track(male)
    first_few = next(i for i, n in enumerate(male.n_at_risk) if n < 10)
    assert path.few_from == pytest.approx(male.time_days[first_few - 1])
    solid, pale = path.runs(few=False), path.runs(few=True)
    assert (solid[0][-1], solid[1][-1]) == (pale[0][0], pale[1][0])


def test_text_is_not_put_on_a_curve():
    path = track(FIVE)
    assert is_free(Box(12, 98, 30, 100), [path])
    assert not is_free(Box(12, 70, 30, 90), [path])
    assert not is_free(Box(29, 50, 31, 60), [path])
    assert is_free(Box(0, 0, 9, 15), [path])


@pytest.mark.parametrize(
    ("last", "most", "in_months", "expected"),
    [
        ("33.6", 9, True, [0, 6, 12, 18, 24, 30]),
        ("12.0", 9, True, [0, 3, 6, 9, 12]),
        ("2.5", 9, True, [0, 1, 2]),
        ("60.0", 6, True, [0, 12, 24, 36, 48, 60]),
        ("1022.0", 9, False, [0, 200, 400, 600, 800, 1000]),
        ("0.9", 9, False, [0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9]),
        ("0.5", 6, True, [0, 0.1, 0.2, 0.3, 0.4, 0.5]),
        ("18250", 9, True, [0, 5000, 10000, 15000]),
    ],
)
def test_ticks(last, most, in_months, expected):
    assert [float(tick) for tick in ticks(Decimal(last), most, in_months=in_months)] == expected


@pytest.mark.parametrize("in_months", [True, False])
@pytest.mark.parametrize("most", [6, 9])
@pytest.mark.parametrize("last", ["1e-313", "0.03", "0.999", "1", "5400.1", "6e4", "9.99e9", "1e330"])
def test_every_range_has_ticks(last, most, in_months):
    marks = ticks(Decimal(last), most, in_months=in_months)
    assert 1 < len(marks) <= most + 1
    assert marks[-1] <= Decimal(last)


def test_the_log_axis_holds_estimates_and_cuts_runaway_limits():
    axis = log_axis([0.8, 9.3], [0.5, None, 1e9], width_mm=60)
    assert axis.ticks == (0.5, 1.0, 2.0, 4.0, 8.0)
    assert axis.least < 0.5
    assert 9.3 < axis.most < 16
    assert axis.inside(1e9) == axis.most
    assert log_axis([], [], width_mm=60).ticks == (0.5, 1.0, 2.0)
    assert log_axis([1e-9, 1e9], [], width_mm=10).ticks == (1 / 16, 1.0, 16.0)
