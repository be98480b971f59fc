"""The response rules once more, slowly: one patient at a time in plain Python with exact fractions, for IMWG 2016.

Written from the wording of the criteria, not from the program; a visit is a dict of what was measured on the day.
"""

from fractions import Fraction
from itertools import pairwise

ORDER = ["NE", "SD", "MR", "PR", "VGPR", "CR", "sCR", "PD"]
BEST = ["sCR", "CR", "VGPR", "PR", "MR", "SD", "PD", "NE"]


def exact(visit):
    return {name: Fraction(str(value)) if isinstance(value, float | int) else value for name, value in visit.items()}


def ratio_of(visit):
    """Free light chain ratio as a pair; None where it is not known."""
    kappa, light = visit.get("kappa"), visit.get("lambda")
    if kappa is not None and light is not None:
        return None if kappa == light == 0 else (kappa, light)
    return (visit["ratio"], Fraction(1)) if "ratio" in visit else None


def is_normal(pair):
    if pair is None:
        return False
    kappa, light = pair
    return Fraction(26, 100) * light <= kappa <= Fraction(165, 100) * light


def last(visits, name):
    found = None
    for visit in visits:
        if visit.get(name) is not None:
            found = visit[name]
    return found


def dflc(visit, involved):
    kappa, light = visit.get("kappa"), visit.get("lambda")
    if kappa is None or light is None or involved is None:
        return None
    # Below 0 the other light chain is the higher: nothing of the involved one is in excess.
    return max(Fraction(0), kappa - light if involved == "kappa" else light - kappa)


def spd(visit):
    if visit.get("spd") is not None:
        return visit["spd"]
    return Fraction(0) if visit.get("plasmacytoma") == "negative" else None


def baseline_of(visits):
    pair = None
    for visit in visits:
        pair = ratio_of(visit) or pair
    involved = None
    if pair and not is_normal(pair):
        involved = "kappa" if pair[0] > Fraction(165, 100) * pair[1] else "lambda"
    start = {name: last(visits, name) for name in ("serum", "urine", "marrow", "kappa", "lambda", "circulating")}
    with_spd = [{"spd": spd(visit)} for visit in visits]
    with_dflc = [{"dflc": dflc(visit, involved)} for visit in visits]
    start |= {"spd": last(with_spd, "spd"), "dflc": last(with_dflc, "dflc"), "involved": involved, "pair": pair}
    start["had"] = bool(start["spd"]) or last(visits, "plasmacytoma") in ("positive", "new", "increased")
    return start


def track_of(start):
    serum = start["serum"] is not None and start["serum"] >= 1
    urine = start["urine"] is not None and start["urine"] >= 200
    if serum or urine:
        return "SERUM+URINE" if serum and urine else "SERUM" if serum else "URINE"
    light = start["involved"] and start[start["involved"]]
    if light and light >= 10:
        return "FLC_ONLY"
    if start["marrow"] is not None and start["marrow"] >= 30:
        return "BM_ONLY"
    if start["spd"]:
        return "PLASMACYTOMA_ONLY"
    tested = all(start[name] is not None for name in ("serum", "urine")) and any(
        start[name] is not None for name in ("pair",)
    )
    return "NOT_MEASURABLE" if tested else None


def fall(start, now):
    """Percent fall; None where it cannot be given."""
    return None if start is None or now is None or start <= 0 else 100 * (start - now) / start


def lowest(values, start):
    """The lowest confirmed value before now: of two values in a row the higher, baseline included."""
    known = [value for value in [start, *values] if value is not None]
    pairs = [max(one, two) for one, two in pairwise(known)]
    return min([*pairs, *([start] if start is not None else [])], default=None)


def level_of(name, start, now, immunofixation):
    if name == "serum":
        change = fall(start, now)
        if now is None:
            level = None
        elif now == 0 or (change is not None and change >= 90):
            level = "VGPR"
        elif change is not None and change >= 50:
            level = "PR"
        else:
            level = "MR" if change is not None and change >= 25 else "SD"
    else:
        change = fall(start, now)
        if now is None:
            level = None
        elif now < 100:
            level = "VGPR"
        elif now < 200 or (change is not None and change >= 90):
            level = "PR"
        else:
            level = "MR" if change is not None and change >= 50 else "SD"
    return "CR" if immunofixation == "negative" and level in (None, "VGPR") else level


def worse(*levels):
    known = [level for level in levels if level is not None]
    return min(known, key=ORDER.index) if known else None


def progresses(track, start, earlier, now):
    """Basis of a progression at this visit; None where there is none."""

    def rises(name, percent, least, *, strict=False):
        value = now[name]
        floor = lowest([visit[name] for visit in earlier], start[name])
        if value is None or floor is None:
            return False
        rise = value - floor
        enough = rise > least if strict else rise >= least
        return enough and 100 * rise >= percent * floor

    unseen = track in (None, "FLC_ONLY", "BM_ONLY", "PLASMACYTOMA_ONLY", "NOT_MEASURABLE") and track is not None
    sizes = [size for size in [start["spd"], *(visit["spd"] for visit in earlier)] if size is not None]
    if "new" in (now.get("imaging"), now.get("plasmacytoma")) or "increased" in (
        now.get("imaging"),
        now.get("plasmacytoma"),
    ):
        return "imaging"
    if now["spd"] and sizes and 2 * now["spd"] >= 3 * min(sizes):
        return "imaging"
    cells = [cell for cell in [start["marrow"], *(visit["marrow"] for visit in earlier)] if cell is not None]
    only_marrow = track in ("BM_ONLY", "PLASMACYTOMA_ONLY", "NOT_MEASURABLE")
    if only_marrow and now["marrow"] is not None and cells:
        rise = now["marrow"] - min(cells)
        if rise >= 10 and 100 * rise >= 25 * min(cells):
            return "imaging"
    floor = lowest([visit["serum"] for visit in earlier], start["serum"])
    high = now["serum"] is not None and floor is not None and floor >= 5 and now["serum"] - floor >= 1
    if high or rises("serum", 25, Fraction(1, 2)) or rises("urine", 25, 200):
        return "biochemical"
    if unseen and rises("dflc", 25, 10, strict=True):
        return "biochemical"
    if track == "NOT_MEASURABLE" and rises("circulating", 50, 200):
        return "biochemical"
    return None


def own_level(track, start, now, serum, urine, *, immunofixed):
    """The level by what is tracked, and whether the track's own measure allows CR."""
    own = {"SERUM": worse(serum, urine) if serum else None, "URINE": urine, "SERUM+URINE": worse(serum, urine)}.get(
        track
    )
    if track == "FLC_ONLY":
        immunofixed = immunofixed and is_normal(ratio_of(now))
        change = fall(start["dflc"], now["dflc"])
        if now["dflc"] is not None:
            own = "SD" if change is None or change < 50 else "PR" if change < 90 else "VGPR"
    if track == "BM_ONLY" and now["marrow"] is not None:
        own = "PR" if fall(start["marrow"], now["marrow"]) >= 50 else "SD"
        immunofixed = immunofixed and own is not None
    elif track == "BM_ONLY":
        immunofixed = False
    if track == "PLASMACYTOMA_ONLY":
        immunofixed = immunofixed and now["spd"] == 0
        if now["spd"] is not None:
            own = "PR" if fall(start["spd"], now["spd"]) >= 50 else "SD"
    return own, immunofixed


def plasmacytomas(start, so_far):
    """The best level that plasmacytomas allow, and whether those of baseline were not measured again."""
    size, status = last(so_far, "spd"), None
    for visit in so_far:
        if visit["spd"] is not None:
            status = "gone" if visit["spd"] == 0 else "there"
        elif visit.get("plasmacytoma") in ("positive", "new", "increased"):
            status = "there"
    measured = bool(size) and bool(start["spd"])
    allowed = None
    if status == "there":
        allowed = "VGPR"
        if start["had"] and measured and fall(start["spd"], size) < 50:
            allowed = "SD"
    return allowed, start["had"] and status != "gone" and not measured


def respond(track, start, earlier, now):
    """The response at a visit that is no progression."""
    if track in (None, "NOT_MEASURABLE"):
        return "NE"
    so_far = [*earlier, now]
    serum = level_of("serum", start["serum"], now["serum"], now.get("sife"))
    urine = level_of("urine", start["urine"], now["urine"], now.get("uife"))
    missing = False
    own, immunofixed = own_level(track, start, now, serum, urine, immunofixed=serum == urine == "CR")
    if own is None and not immunofixed:
        return "NE"
    level = "CR" if immunofixed else worse(own, "VGPR")
    marrow = last(so_far, "marrow")
    if marrow is not None and marrow >= 5:
        level = worse(level, "VGPR")
    if track != "PLASMACYTOMA_ONLY":
        allowed, missing = plasmacytomas(start, so_far)
        level = worse(level, allowed)
    if level == "CR" and marrow is None:
        missing = True
    lacks = track == "SERUM+URINE" and (serum is None or urine is None)
    if (missing or lacks) and level != "SD":
        level = ORDER[ORDER.index(level) - 1]
    if lacks or (track == "SERUM" and urine is None) or (track == "URINE" and serum is None):
        level = worse(level, "PR")
    if track in ("BM_ONLY", "PLASMACYTOMA_ONLY") and level == "VGPR":
        level = "PR"
    if track in ("BM_ONLY", "FLC_ONLY") and level == "MR":
        level = "SD"
    if level == "CR" and is_normal(ratio_of(now)) and polyclonal(start["involved"], so_far):
        level = "sCR"
    return level


def polyclonal(involved, so_far):
    cells, ratio = last(so_far, "cells"), last(so_far, "clonality")
    if cells is not None:
        return cells == "negative"
    if ratio is None:
        return False
    kappa, light = ratio <= 4, 2 * ratio >= 1
    return {"kappa": kappa, "lambda": light}.get(involved, kappa and light)


def confirm(visits, therapy, died):
    """Confirmed category at each visit, cumulative; visits are (day, response, basis)."""
    found, best = [], "NE"
    for number, (_, response, basis) in enumerate(visits):
        later = [visit for visit in visits[number + 1 :] if visit[1] != "NE"]
        following = later[0] if later else None
        here = "NE"
        if response == "PD":
            second = following is not None and following[1] == "PD"
            death = died and (following is None or second)
            here = "PD" if basis == "imaging" or second or death else "NE"
        elif response == "SD":
            here = "SD"
        elif response != "NE":
            here = "SD"
            if following and following[1] != "PD" and (therapy is None or following[0] <= therapy):
                here = worse(response, following[1])
        best = max(best, here, key=ORDER.index)
        found.append(best)
    return found


def patient_of(visits, therapy=None, died=False):
    """All of one patient: visits are (day, what was measured), in order."""
    visits = [(day, exact(visit)) for day, visit in visits]
    before = [visit for day, visit in visits if day <= 0]
    start = baseline_of(before)
    track = track_of(start)
    earlier, called = [], []
    for day, visit in visits:
        if day <= 0:
            continue
        now = {"serum": None, "urine": None, "marrow": None, "circulating": None, **visit}
        now |= {"spd": spd(visit), "dflc": dflc(visit, start["involved"])}
        basis = progresses(track, start, earlier, now)
        called.append((day, "PD" if basis else respond(track, start, earlier, now), basis))
        earlier.append(now)
    confirmed = confirm(called, therapy, died)
    kept, progressed = [], False
    for (day, response, _), held in zip(called, confirmed, strict=True):
        if not progressed and (therapy is None or day < therapy):
            kept.append((day, response, held))
        progressed = progressed or held == "PD"
    best = min((held for _, _, held in kept), key=BEST.index, default=None)
    reported = min((response for _, response, _ in kept), key=BEST.index, default=None)
    return {"track": track, "visits": called, "confirmed": confirmed, "best": best, "reported": reported}
