"""The grading of hematotoxicity again, one patient and one day at a time, as slow and plain as the published words."""

from __future__ import annotations

from fractions import Fraction


def daily(values: dict[int, float], first: int, last: int, end: int, longest: int) -> list[Fraction | None]:
    """One value a day from first to last; gaps of up to `longest` days are filled."""
    known = {day: Fraction(str(value)) for day, value in values.items() if first <= day <= last}
    end = max(end, *known) if known else end
    days = [known.get(day) if day <= end else None for day in range(first, last + 1)]
    filled = list(days)
    i = 0
    while i < len(days):
        if days[i] is not None or i + first > end:
            i += 1
            continue
        j = i
        while j < len(days) and days[j] is None and j + first <= end:
            j += 1
        before = days[i - 1] if i > 0 else None
        after = days[j] if j < len(days) else None
        if j - i <= longest and (before is not None or after is not None):
            for k in range(i, j):
                if before is None or after is None:
                    filled[k] = after if before is None else before
                else:
                    filled[k] = before + (after - before) * Fraction(k - i + 1, j - i + 1)
        i = j
    return filled


def runs(low: list[bool], joined: int) -> list[tuple[int, int]]:
    """First and last day of every run, runs with few days between them joined."""
    found: list[tuple[int, int]] = []
    for day, is_low in enumerate(low):
        if not is_low:
            continue
        if found and day - found[-1][1] - 1 <= joined:
            found[-1] = (found[-1][0], day)
        else:
            found.append((day, day))
    return found


def early(values: dict[int, float], end: int, longest: int = 7, joined: int = 2, open_by: int = 3) -> int | None:
    """Early grade by neutrophils per microliter."""
    if not any(0 <= day <= 30 for day in values):
        return None
    days = [None if x is None else round(x / 10) * 10 for x in daily(values, 0, 30, end, longest)]
    last = max(day for day, value in enumerate(days) if value is not None)
    runs_500 = runs([value is not None and value <= 500 for value in days], joined)
    runs_100 = runs([value is not None and value <= 100 for value in days], joined)
    d500 = max((b - a + 1 for a, b in runs_500), default=0)
    d100 = max((b - a + 1 for a, b in runs_100), default=0)
    if d500 >= 31 or d100 >= 14 or any(a <= open_by and b == last for a, b in runs_500):
        return 4
    if d500 >= 14 or d100 >= 7:
        return 3
    if d500 >= 7:
        return 2
    return 1 if d500 >= 1 else 0


def late(values: dict[int, float], end: int) -> int | None:
    """Late grade by neutrophils per microliter."""
    found = sorted(value for day, value in values.items() if 31 <= day <= end)
    if not found:
        return None
    if len(found) > 1 and found[1] > 1500:
        return 0
    for limit, grade in ((100, 4), (500, 3), (1000, 2), (1500, 1)):
        if found[0] <= limit:
            return grade
    return 0


def platelets(values: dict[int, float], end: int, longest: int = 7) -> int | None:
    """Early grade by platelets."""
    days = [value for value in daily(values, 0, 30, end, longest) if value is not None]
    if not days:
        return None
    below_50, below_20 = sum(v < 50 for v in days), sum(v < 20 for v in days)
    if below_20 >= 14:
        return 4
    if below_20 >= 1:
        return 3
    if below_50 >= 7:
        return 2
    return 1 if below_50 >= 1 else 0


def late_platelets(values: dict[int, float], end: int, longest: int = 7) -> int | None:
    """Late grade by platelets."""
    inside = {day: value for day, value in values.items() if day <= end}
    days = [value for value in daily(inside, 31, 100, end, longest) if value is not None]
    if not days:
        return None
    below = {limit: sum(v < limit for v in days) for limit in (100, 50, 20)}
    if below[20] >= 14:
        return 4
    if below[20] >= 1:
        return 3
    if below[50] >= 1:
        return 2
    return 1 if below[100] >= 1 else 0
