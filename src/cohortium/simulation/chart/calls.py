"""The response as the site called it: mostly the truth, sometimes one category off."""

from __future__ import annotations

from cohortium.simulation.chart.rows import Row, date_on
from cohortium.simulation.course.realize import Realized
from cohortium.simulation.draws import Draws

_ORDER = ("SD", "MR", "PR", "VGPR", "CR", "sCR")
_SHARE_OFF = 0.07


def calls_of(realized: Realized, seed: int) -> list[Row]:
    """Rows of `responses`, one for each visit that could be judged, up to progression."""
    draws = Draws(seed, "calls", realized.plan.seat.number)
    rows: list[Row] = []
    for visit in realized.truth.visits:
        if visit.response == "NE":
            continue
        called = visit.response
        if called in _ORDER and draws.chance(_SHARE_OFF):
            place = _ORDER.index(called) + (1 if draws.chance(0.6) else -1)
            called = _ORDER[min(max(place, 0), len(_ORDER) - 1)]
        rows.append(
            {"day": date_on(realized, visit.day), "response": called, "basis": visit.basis if called == "PD" else ""}
        )
    return rows
