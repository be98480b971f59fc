"""Progression at a visit: any one criterion, counted from the lowest value that a second one bears out."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

from cohortium.simulation.truth.reading import Reading
from cohortium.simulation.truth.track import FLC, LESION, MARROW, NONE, Start

BIOCHEMICAL, SEEN = "biochemical", "imaging"


def progression_of(start: Start, so_far: Sequence[Reading]) -> str | None:
    """What shows progression at the last of the readings since the first dose: `imaging` (marrow too), `biochemical`, or None."""
    now, base, before = so_far[-1], start.reading, so_far[:-1]
    if now.image == "new" or now.plasmacytoma == "new":
        return SEEN
    if now.lesion and (lowest := _lowest(before, base.lesion, "lesion")) is not None and 2 * now.lesion >= 3 * lowest:
        return SEEN
    if _is_longer(now, base, before):
        return SEEN
    if start.track in {MARROW, LESION, NONE} and _marrow_rises(now, base, before):
        return SEEN
    return BIOCHEMICAL if _is_biochemical(start, now, before) else None


def _is_longer(now: Reading, base: Reading, before: Sequence[Reading]) -> bool:
    """A lesion of more than 1 cm in short axis when last measured, longer by half."""
    lowest = _lowest(before, base.longest, "longest")
    axes = [one.short_axis for one in (base, *before) if one.short_axis is not None]
    if now.longest is None or lowest is None or not axes or axes[-1] <= 100:
        return False
    return now.longest > lowest and 2 * now.longest >= 3 * lowest


def _marrow_rises(now: Reading, base: Reading, before: Sequence[Reading]) -> bool:
    lowest = _lowest(before, base.marrow, "marrow")
    if now.marrow is None or lowest is None:
        return False
    return 4 * now.marrow >= 5 * lowest and now.marrow - lowest >= 1000


def _is_biochemical(start: Start, now: Reading, before: Sequence[Reading]) -> bool:
    serum = _confirmed_lowest([reading.serum for reading in before], start.reading.serum)
    if now.serum is not None and serum is not None:
        rise = now.serum - serum
        if (4 * now.serum >= 5 * serum and rise >= 50) or (serum >= 500 and rise >= 100):
            return True
    urine = _confirmed_lowest([reading.urine for reading in before], start.reading.urine)
    if now.urine is not None and urine is not None and 4 * now.urine >= 5 * urine and now.urine - urine >= 200_00:
        return True
    if start.track not in {FLC, MARROW, LESION, NONE}:
        return False
    chains = start.light_chains(now)
    lowest = _confirmed_lowest([start.light_chains(reading) for reading in before], start.light_chains(start.reading))
    if chains is None or lowest is None:
        return False
    return 4 * chains >= 5 * max(lowest, 0) and chains - lowest > 10_00


def _lowest(before: Sequence[Reading], base: int | None, name: str) -> int | None:
    """The lowest ever; marrow and imaging need no confirmation."""
    return min((value for value in (base, *(getattr(one, name) for one in before)) if value is not None), default=None)


def _confirmed_lowest(values: Sequence[int | None], base: int | None) -> int | None:
    """The lowest amount that the next one bears out: of two in a row, the higher; baseline included."""
    known = [value for value in (base, *values) if value is not None]
    pairs = [max(pair) for pair in itertools.pairwise(known)]
    return min([*known[:1], *pairs], default=None) if base is not None else min(pairs, default=None)
