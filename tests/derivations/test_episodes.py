"""Follow-up cut where a time-dependent covariate begins."""

from __future__ import annotations

import polars as pl

from cohortium.derivations.episodes import episodes
from cohortium.study.analyses.time_dependent import PATIENT
from cohortium.study.endpoints import Endpoint

OS = Endpoint(name="os", label="OS", event=("death",), censor="last")
SECTIONS = """\
[[endpoint]]
name = "os"
label = "OS"
event = ["death"]
censor = "last"
[[endpoint]]
name = "late"
label = "Late"
of = "os"
landmark_months = 1
[[analysis]]
name = "model"
method = "cox"
endpoint = "{endpoint}"
time_dependent = [{{ variable = "progression", label = "Progressed" }}]
"""


def table(text):
    """Rows of an ASCII table; `-` is not known."""
    head, *lines = (line.split() for line in text.strip().splitlines())
    columns = zip(*([None if cell == "-" else int(cell) for cell in line] for line in lines), strict=True)
    return pl.DataFrame(dict(zip(head, columns, strict=True)), schema=dict.fromkeys(head, pl.Int64))


def cut(rows, *dates):
    found = episodes(rows, OS, dates).with_columns(pl.col(pl.Float64).cast(pl.Int64))
    return found.select(PATIENT, "os__entry", "os__time", "os__event", *dates)


def test_a_covariate_is_0_up_to_and_on_its_day_and_1_after_it():
    rows = table("""
        os__time os__event transplant
        50       1         20
        50       1         -
        50       0         50
        50       1         60
        50       1         0
        50       1         -7
        -        -         10
        0        1         -
    """)
    expected = table("""
        __patient os__entry os__time os__event transplant
        0         0         20       0         0
        0         20        50       1         1
        1         0         50       1         0
        2         0         50       0         0
        3         0         50       1         0
        4         0         50       1         1
        5         0         50       1         1
        6         0         -        -         0
        7         0         0        1         0
    """)
    assert cut(rows, "transplant").equals(expected)


def test_several_covariates_cut_at_every_day_once():
    rows = table("""
        os__time os__event transplant relapse
        50       2         20         30
        50       2         20         20
    """)
    expected = table("""
        __patient os__entry os__time os__event transplant relapse
        0         0         20       0         0          0
        0         20        30       0         1          0
        0         30        50       2         1          1
        1         0         20       0         0          0
        1         20        50       2         1          1
    """)
    assert cut(rows, "transplant", "relapse").equals(expected)


def test_late_entry_begins_the_first_episode():
    rows = table("""
        os__time os__event os__entry transplant
        50       1         10        20
        50       1         20        20
        50       1         30        20
    """)
    expected = table("""
        __patient os__entry os__time os__event transplant
        0         10        20       0         0
        0         20        50       1         1
        1         20        50       1         1
        2         30        50       1         1
    """)
    assert cut(rows, "transplant").equals(expected)


def test_no_rows():
    rows = table("os__time os__event transplant\n5 1 2").head(0)
    assert cut(rows, "transplant").height == 0


def test_the_event_stays_true_or_false(derived):
    frames, _ = derived(SECTIONS.format(endpoint="os"), progression=[10, None], death=[40, None], last=[40, 40])
    rows = frames.populations["model/episodes"]
    assert rows["os__event"].to_list() == [False, True, False]
    assert rows["progression"].to_list() == [0.0, 1.0, 0.0]
    assert frames.cohort["progression"].to_list() == [10, None]


def test_episodes_of_a_landmark_are_counted_from_it(derived):
    frames, _ = derived(
        SECTIONS.format(endpoint="late"), progression=[40, 20, 5], death=[50, 60, 10], last=[50, 60, 10]
    )
    rows = frames.populations["model/episodes"]
    found = rows.select("id", "late__entry", "late__time", "progression").rows()
    assert found == [("P1", 0, 10, 0.0), ("P1", 10, 20, 1.0), ("P2", 0, 30, 1.0)]
