"""Sequences of categories: ten patients by hand, percentages and their denominators, what is refused."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from cohortium import sequences
from cohortium.errors import UsageError
from cohortium.estimators.contract import Factor, Rows
from cohortium.estimators.registry import REGISTRY
from cohortium.estimators.sequences.totals import SequencesSpec
from cohortium.results import Results
from cohortium.totals import Params
from estimators.cases import Case, simulated_rows, split, statistics

FIRST = Factor("first", ("a", "b", "c"), ("CAR T cells", "Bispecific antibody", "Other"))
SECOND = Factor("second", ("b", "c", "none"), ("Bispecific antibody", "Other", "No further line"))
THIRD = Factor("third", ("c", "none"), ("Other", "No further line"))
SEX = Factor("sex", ("f", "m", "x"), ("Women", "Men", "Nobody"))
STEPS = (FIRST, SECOND, THIRD)
ENDED = ("No further line",)

# Ten patients, one a column; -1 is not known.
CODES = {
    "first": [0, 0, 0, 0, 1, 1, 1, 2, 2, -1],
    "second": [0, 0, 1, 2, 1, 1, 2, 2, 2, 0],
    "third": [0, 1, 0, 1, 0, 0, 1, 1, 0, -1],
    "sex": [0, 0, 0, 1, 1, 0, 1, 0, -1, 1],
}
# The last one of third is odd: patient 9 has a third line after none.


def rows_of(codes=None, n=10):
    return Rows(n, {}, {name: np.array(values) for name, values in (codes or CODES).items()})


def found(spec, *parts):
    return Results(statistics(Case("x", "sequences", spec), parts or [rows_of()]))


def counted(results, statistic, variable, group=""):
    rows = results.where(statistic=statistic, variable=variable, group=group)
    return {s.level: s.value for s in rows}


def test_ten_patients_by_hand():
    results = found(SequencesSpec(STEPS, ENDED))
    assert results.one(statistic="n").value == 10
    assert counted(results, "count", "first") == {"CAR T cells": 4, "Bispecific antibody": 3, "Other": 2}
    assert counted(results, "missing", "first") == {"": 1}
    assert counted(results, "count", "second") == {"Bispecific antibody": 3, "Other": 3, "No further line": 4}
    assert counted(results, "count", "third") == {"Other": 5, "No further line": 4}
    assert counted(results, "missing", "third") == {"": 1}
    assert counted(results, "flow", "first -> second") == {
        "CAR T cells -> Bispecific antibody": 2,
        "CAR T cells -> Other": 1,
        "CAR T cells -> No further line": 1,
        "Bispecific antibody -> Other": 2,
        "Bispecific antibody -> No further line": 1,
        "Other -> No further line": 2,
        " -> Bispecific antibody": 1,
    }
    assert counted(results, "flow", "second -> third") == {
        "Bispecific antibody -> Other": 1,
        "Bispecific antibody -> No further line": 1,
        "Bispecific antibody -> ": 1,
        "Other -> Other": 3,
        "No further line -> Other": 1,
        "No further line -> No further line": 3,
    }
    assert [s.value for s in results.where(statistic="reached")] == [9, 6, 5]


def test_percentages_are_of_all_and_of_the_level_they_come_from():
    results = found(SequencesSpec(STEPS, ENDED))
    share = results.one(statistic="percent", variable="first", level="CAR T cells")
    assert (share.value, share.n, share.denominator, share.unit) == (40, 10, 10, "percent")
    place = {"variable": "first -> second", "level": "CAR T cells -> Other"}
    flow = results.one(statistic="flow", **place)
    assert (flow.value, flow.n, flow.denominator) == (1, 4, 10)
    of_source = results.one(statistic="flow-percent", **place)
    assert (of_source.value, of_source.denominator, of_source.note) == (25, 4, "of the patients at the step before")
    of_all = results.one(statistic="flow-percent-of-all", **place)
    assert (of_all.value, of_all.denominator, of_all.note) == (10, 10, "of all patients")


def test_groups_and_those_without_one():
    results = found(SequencesSpec(STEPS, ENDED, SEX))
    assert [(s.group, s.value, s.warning) for s in results.where(statistic="n")] == [
        ("", 10, ""),
        ("Women", 5, "1 patient left out: group not known"),
        ("Men", 4, "1 patient left out: group not known"),
        ("Nobody", 0, "1 patient left out: group not known; no patients"),
    ]
    women = counted(results, "flow", "first -> second", "Women")
    assert women == {
        "CAR T cells -> Bispecific antibody": 2,
        "CAR T cells -> Other": 1,
        "Bispecific antibody -> Other": 1,
        "Other -> No further line": 1,
    }
    assert [s.group for s in found(SequencesSpec(STEPS, (), SEX, overall=False)).where(statistic="n")] == [
        "Women",
        "Men",
        "Nobody",
    ]


def test_a_step_after_the_end_is_said():
    results = found(SequencesSpec(STEPS, ENDED))
    odd = [(s.level, s.warning) for s in results.where(statistic="flow") if s.warning]
    assert odd == [("No further line -> Other", "1 patient at a step after the end of the sequence")]
    assert not [s for s in found(SequencesSpec(STEPS)).where(statistic="flow") if s.warning]


def test_an_empty_group_and_a_step_that_nobody_reached_are_refused_by_name():
    results = found(SequencesSpec(STEPS, ENDED, SEX))
    empty = results.where(group="Nobody")
    assert {(s.value, s.warning) for s in empty.where(format="percent")} == {(None, "no patients")}
    assert not len(empty.where(statistic="flow"))
    assert {s.warning for s in empty.where(statistic="reached")} == {"no patients"}
    nobody = rows_of({**CODES, "third": [1] * 9 + [-1]})
    reached = found(SequencesSpec(STEPS, ENDED), nobody).one(statistic="reached", variable="third")
    assert (reached.value, reached.warning) == (0, "no patient is known to have reached third")


def test_totals_are_of_pairs_of_steps_and_of_declared_shape():
    estimator = REGISTRY["sequences"]
    spec = SequencesSpec(STEPS, ENDED, SEX)
    shapes = estimator.shapes(spec, Params({}))
    assert {name: shape.dims for name, shape in shapes.items()} == {"flow_1": (4, 4, 4), "flow_2": (4, 4, 3)}
    assert estimator.size(spec) == 64 + 48
    totals = estimator.summarize(estimator.prepare(rows_of(), spec), Params({}))
    assert totals["flow_1"].sum() == totals["flow_2"].sum() == 10


def test_any_split_into_sites_gives_the_counts_of_a_plain_cross_table():
    """An independent witness: group_by of the rows, levels by their labels."""
    rows = simulated_rows(12, 400)
    steps = tuple(
        Factor(name, tuple("abcd"[:k]), tuple("ABCD"[:k])) for name, k in (("risk", 3), ("grade", 3), ("drug", 2))
    )
    results = found(SequencesSpec(steps), *split(rows, 5))
    frame = pl.DataFrame(
        {f.name: [("ABCD"[code] if code >= 0 else "") for code in rows.codes[f.name].tolist()] for f in steps}
    )
    for one, other in (("risk", "grade"), ("grade", "drug")):
        crossed = {f"{a} -> {b}": n for a, b, n in frame.group_by(one, other).len().iter_rows()}
        assert counted(results, "flow", f"{one} -> {other}") == crossed


FRAME = pl.DataFrame(
    {
        "line_1": ["PI", "PI", "IMiD", None],
        "line_2": ["IMiD", "none", "none", "none"],
        "sex": ["f", "m", "f", None],
    }
)


def test_the_function_gives_the_same_for_one_frame_and_for_several():
    whole = sequences(FRAME, steps=["line_1", "line_2"], by="sex", ended=["none"])
    parts = sequences([FRAME[:1], FRAME[1:1], FRAME[1:]], steps=["line_1", "line_2"], by="sex", ended=["none"])
    assert whole.to_frame().equals(parts.to_frame())
    assert whole.flows().equals(parts.flows())
    overall = whole.flows().filter(pl.col("group") == "Overall")
    assert overall.select("level", "next_level", "n", "percent_of_level", "percent").rows() == [
        ("IMiD", "none", 1, 100.0, 25.0),
        ("PI", "IMiD", 1, 50.0, 25.0),
        ("PI", "none", 1, 50.0, 25.0),
        (None, "none", 1, 100.0, 25.0),
    ]
    assert repr(whole).startswith("4 rows, 2 steps\n  Overall, line_1 to line_2: 4 different flows")


def test_the_function_draws_its_result():
    figure = sequences(FRAME, steps=["line_1", "line_2"], by="sex").plot()
    words = {text.get_text() for axes in figure.axes for text in axes.texts}
    assert {"All patients (N = 4)", "f (N = 2)", "m (N = 1)"} <= words
    with pytest.raises(UsageError, match="no rows to draw"):
        sequences(FRAME[:0], steps=["line_1", "line_2"]).plot()


@pytest.mark.parametrize(
    ("keys", "said"),
    [
        ({"steps": "line_1"}, "expected a list of two column names or more"),
        ({"steps": ["line_1"]}, "expected a list of two column names or more"),
        ({"steps": ["line_1", "line_1"]}, "line_1: given more than once"),
        ({"steps": ["line_1", "line_2"], "by": "line_2"}, "line_2: given more than once"),
        ({"steps": ["line_1", "line_3"]}, "no column line_3"),
        ({"steps": ["line_1", "line_2"], "ended": ["never"]}, "no step has the level never; there are IMiD, PI, none"),
    ],
)
def test_faults_of_a_call(keys, said):
    with pytest.raises(UsageError, match=said):
        sequences(FRAME, **keys)
