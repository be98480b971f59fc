"""The IMWG 2016 response at a visit, progression apart."""

from __future__ import annotations

from collections.abc import Sequence

from cohortium.simulation.truth.reading import Reading
from cohortium.simulation.truth.track import BOTH, FLC, LESION, MARROW, NONE, SERUM, URINE, Start, has_normal_ratio

NE, SD, MR, PR, VGPR, CR, SCR, PD = range(8)
NAMES = ("NE", "SD", "MR", "PR", "VGPR", "CR", "sCR", "PD")


def level_of(start: Start, so_far: Sequence[Reading]) -> int:
    """The level at the last of the readings since the first dose; marrow and lesions stand until examined again."""
    now, base = so_far[-1], start.reading
    serum, urine = _serum(now, base), _urine(now, base)
    own = _own(start, now, serum, urine)
    is_complete = _is_complete(start, now, serum, urine)
    if (own is None and not is_complete) or start.track == NONE:
        return NE
    level = CR if is_complete else min(own or NE, VGPR)
    marrow = _last(so_far, "marrow")
    if marrow is not None and marrow >= 500:
        level = min(level, VGPR)
    limit, is_unseen = _lesions(start, so_far)
    level = min(level, limit)
    lacks_tracked = start.track == BOTH and (serum is None or urine is None)
    if ((level == CR and marrow is None) or lacks_tracked or is_unseen) and level > SD:
        level -= 1
    lacks_other = (start.track == SERUM and urine is None) or (start.track == URINE and serum is None)
    if (lacks_other and level >= PR) or (lacks_tracked and level > PR):
        level = PR
    if level == VGPR and start.track in {MARROW, LESION}:
        level = PR
    if level == MR and start.track in {FLC, MARROW}:
        level = SD
    is_stringent = level == CR and has_normal_ratio(now) is True and _has_no_clone(so_far)
    return SCR if is_stringent else level


def _serum(now: Reading, base: Reading) -> int | None:
    level = None
    if now.serum is not None:
        if now.serum == 0 or _fell(now.serum, base.serum, 90):
            level = VGPR
        else:
            level = PR if _fell(now.serum, base.serum, 50) else MR if _fell(now.serum, base.serum, 25) else SD
    return CR if level in {VGPR, None} and now.serum_fixed == "negative" else level


def _urine(now: Reading, base: Reading) -> int | None:
    level = None
    if now.urine is not None:
        if now.urine < 100_00:
            level = VGPR
        elif now.urine < 200_00 or _fell(now.urine, base.urine, 90):
            level = PR
        else:
            level = MR if _fell(now.urine, base.urine, 50) else SD
    return CR if level in {VGPR, None} and now.urine_fixed == "negative" else level


def _own(start: Start, now: Reading, serum: int | None, urine: int | None) -> int | None:
    """The level by what is tracked."""
    if start.track == SERUM:
        return None if serum is None else serum if urine is None else min(serum, urine)
    if start.track == URINE:
        return urine
    if start.track == BOTH:
        return min((level for level in (serum, urine) if level is not None), default=None)
    if start.track == FLC:
        return _fallen(start.light_chains(now), start.light_chains(start.reading), very_good=VGPR)
    if start.track == MARROW:
        return _fallen(now.marrow, start.reading.marrow, very_good=PR)
    if start.track == LESION:
        return (
            CR
            if now.lesion == 0
            else None
            if now.lesion is None
            else VGPR
            if _fell(now.lesion, start.reading.lesion, 50)
            else SD
        )
    return None


def _fallen(amount: int | None, base: int | None, *, very_good: int) -> int | None:
    if amount is None:
        return None
    return very_good if _fell(amount, base, 90) else PR if _fell(amount, base, 50) else SD


def _fell(amount: int, base: int | None, percent: int) -> bool:
    return base is not None and base > 0 and 100 * (base - amount) >= percent * base


def _is_complete(start: Start, now: Reading, serum: int | None, urine: int | None) -> bool:
    if serum != CR or urine != CR:
        return False
    if start.track == FLC:
        return has_normal_ratio(now) is True
    if start.track == MARROW:
        return now.marrow is not None
    return start.track != LESION or now.lesion == 0


def _lesions(start: Start, so_far: Sequence[Reading]) -> tuple[int, bool]:
    """The best level that plasmacytomas as last seen allow; whether those of baseline were not seen again."""
    size = _last(so_far, "lesion")
    if not start.reading.lesion or start.track == LESION:
        return SCR, False
    if size is None:
        return SCR, True
    return (SCR if size == 0 else VGPR if _fell(size, start.reading.lesion, 50) else SD), False


def _has_no_clone(so_far: Sequence[Reading]) -> bool:
    return next((reading.clone for reading in reversed(so_far) if reading.clone is not None), None) == "negative"


def _last(so_far: Sequence[Reading], name: str) -> int | None:
    return next((value for reading in reversed(so_far) if (value := getattr(reading, name)) is not None), None)
