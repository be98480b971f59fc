"""`landmark`: who is still at risk at a landmark, with time counted from it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from cohortium.api.arguments import require_distinct
from cohortium.api.frames import Sites
from cohortium.errors import UsageError
from cohortium.estimators.landmark import LandmarkSpec, places

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from cohortium.api.frames import Frame, Frames
    from cohortium.estimators.contract import Reals
    from cohortium.estimators.landmark import LandmarkEstimate


@dataclass(frozen=True)
class LandmarkResult:
    """The rows at risk at a landmark.

    frames  a frame for each frame given, of its kind: the rows at risk with all their columns, time counted from the
            landmark
    """

    estimate: LandmarkEstimate
    frames: Sequence[Any]

    @property
    def frame(self) -> Any:
        """The rows at risk of the only frame; LookupError when several were given."""
        if len(self.frames) != 1:
            raise LookupError(f"{len(self.frames)} frames were given; take them from `frames`")
        return self.frames[0]

    @property
    def flow(self) -> Mapping[str, int]:
        """Rows at the origin and where they are at the landmark; the counts after the first add up to the first."""
        found = self.estimate
        return {
            "at origin": found.n,
            "not known": found.unknown,
            "event before": int(found.event_before.sum()),
            "censored before": found.censored_before,
            "entered after": found.entered_after,
            "at risk": found.at_risk,
        }

    def to_frame(self) -> pl.DataFrame:
        """The flow as a frame: step, n."""
        return pl.DataFrame({"step": list(self.flow), "n": list(self.flow.values())})

    def __repr__(self) -> str:
        counts = ", ".join(f"{step} {n}" for step, n in self.flow.items() if n or step == "at risk")
        return f"Landmark at {self.estimate.spec.day:g}: {counts}"


def landmark(frame: Frames, *, time: str, event: str, at: float, entry: str | None = None) -> LandmarkResult:
    """Keep the rows that are event-free and under observation at a landmark, and count their time from it.

    frame   polars or pandas frame, or a list of them, one a site
    time    column of follow-up times, 0 or more, any unit
    event   column with 0 or false for censoring, 1 or true for the event; 1, 2, ... for competing causes
    at      the landmark, above 0, in the unit of `time`; what happens on it has happened before
    entry   column of times at which rows come under observation; None when all are from the origin

    Returns a `LandmarkResult` with the rows and the flow.

    Leaves the site: the number of rows in each step of the flow. The rows stay where they are.

    Raises
        UsageError: a column is missing or does not hold what is expected, or the landmark is not above 0.

    References: Anderson, Cain and Gelber 1983; van Houwelingen 2007.

    >>> import polars as pl
    >>> from cohortium import landmark
    >>> frame = pl.DataFrame({"day": [10, 20, 30, 40], "died": [1, 0, 1, 0], "responded_by_25": [0, 1, 1, 0]})
    >>> left = landmark(frame, time="day", event="died", at=25)
    >>> left
    Landmark at 25: at origin 4, event before 1, censored before 1, at risk 2
    >>> left.frame["day"].to_list()
    [5, 15]
    """
    columns = [time, event, *([entry] if entry else [])]
    require_distinct(columns)
    if not (at > 0 and np.isfinite(at)):
        raise UsageError(f"at: expected a landmark above 0, in the unit of {time}, got {at!r}")
    sites = Sites(frame, columns)
    sites.time(time)
    n_causes = _n_causes(sites.number(event), event)
    if entry:
        sites.number(entry)
    labels = tuple(str(k) for k in range(1, n_causes + 1)) if n_causes > 1 else ("",)
    spec = LandmarkSpec(time, event, at, f"{at:g}", labels, entry or "")
    given = list(frame) if isinstance(frame, list | tuple) else [frame]
    kept = [_kept(one, spec, *(sites.number(name)[i] for name in columns)) for i, one in enumerate(given)]
    return LandmarkResult(sites.run("landmark", spec), kept)


def _n_causes(columns: Sequence[Reals], name: str) -> int:
    known = np.concatenate([column[~np.isnan(column)] for column in columns])
    if known.size and (known.min() < 0 or bool((known != np.floor(known)).any()) or known.max() > 100):
        raise UsageError(f"column {name}: expected 0 for censoring and 1, or 1, 2, ... for causes; recode it first")
    return max(1, int(known.max(initial=1)))


def _kept(frame: Frame, spec: LandmarkSpec, time: Reals, event: Reals, entry: Reals | None = None) -> Frame:
    start = np.full(time.size, -np.inf) if entry is None else entry
    k = len(spec.causes)
    stays = (places(time, event, start, spec.day, k) == k + 2) & (start <= spec.day)
    if isinstance(frame, pl.DataFrame):
        return frame.filter(pl.Series(stays, dtype=pl.Boolean)).with_columns(pl.col(spec.time) - _whole(spec.day))
    return frame[stays].assign(**{spec.time: lambda rows: rows[spec.time] - _whole(spec.day)})


def _whole(day: float) -> float | int:
    # Whole times stay whole.
    return int(day) if float(day).is_integer() else day
