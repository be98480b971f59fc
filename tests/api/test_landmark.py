"""`landmark` over frames."""

from __future__ import annotations

import pandas as pd
import polars as pl
import pytest

from cohortium import landmark
from cohortium.errors import UsageError

FRAME = pl.DataFrame(
    {
        "id": ["a", "b", "c", "d", "e", "f"],
        "day": [10, 20, 25, 30, 40, None],
        "died": [1, 0, 1, 1, 0, 1],
        "entry": [0, 0, 0, 0, 30, 0],
    }
)


def test_rows_at_risk_and_the_flow() -> None:
    found = landmark(FRAME, time="day", event="died", at=25)
    assert found.frame.rows() == [("d", 5, 1, 0), ("e", 15, 0, 30)]
    assert found.flow == {
        "at origin": 6, "not known": 1, "event before": 2, "censored before": 1, "entered after": 0, "at risk": 2,
    }  # fmt: skip
    assert found.to_frame()["n"].sum() == 2 * 6
    assert repr(found) == ("Landmark at 25: at origin 6, not known 1, event before 2, censored before 1, at risk 2")


def test_who_enters_later_is_not_at_risk() -> None:
    found = landmark(FRAME, time="day", event="died", at=25, entry="entry")
    assert found.frame["id"].to_list() == ["d"]
    assert found.flow["entered after"] == 1


def test_sites_and_kinds_of_frames() -> None:
    found = landmark(
        [FRAME[:3], pd.DataFrame(FRAME[3:].to_dict(as_series=False)), FRAME[:0]], time="day", event="died", at=25
    )
    assert found.flow == landmark(FRAME, time="day", event="died", at=25).flow
    assert isinstance(found.frames[1], pd.DataFrame)
    assert found.frames[1]["day"].tolist() == [5, 15]
    assert [len(frame) for frame in found.frames] == [0, 2, 0]
    with pytest.raises(LookupError, match="3 frames were given"):
        _ = found.frame


def test_causes_and_a_landmark_that_is_not_whole() -> None:
    frame = FRAME.with_columns(died=pl.Series([2, 0, 1, 1, 0, 1]))
    found = landmark(frame, time="day", event="died", at=12.5)
    assert found.estimate.event_before.tolist() == [0, 1]
    assert found.frame["day"].to_list() == [7.5, 12.5, 17.5, 27.5]


def test_a_landmark_beyond_follow_up_leaves_nobody() -> None:
    found = landmark(FRAME, time="day", event="died", at=1000)
    assert found.flow["at risk"] == found.frame.height == 0


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"at": 0}, "at: expected a landmark above 0"),
        ({"at": float("nan")}, "at: expected a landmark above 0"),
        ({"time": "dya"}, "no column dya"),
        ({"event": "day"}, "given more than once"),
        ({"event": "id"}, "column id: expected numbers"),
        ({"time": "died", "event": "day", "entry": None}, "column day: expected 0 for censoring|up to"),
    ],
)
def test_what_is_wrong_is_said(options: dict[str, object], message: str) -> None:
    given = {"time": "day", "event": "died", "at": 25, **options}
    frame = FRAME.with_columns(pl.col("day") + 0.5) if options.get("event") == "day" else FRAME
    with pytest.raises(UsageError, match=message):
        landmark(frame, **given)
