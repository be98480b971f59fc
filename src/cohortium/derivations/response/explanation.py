"""The response of each visit in words: `PR: serum M-protein fell 61% from 3.1 to 1.2 g/dL; urine not measured, so not VGPR`.

Percentages are cut to whole ones, so that 49.9% never reads as 50%.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from cohortium.derivations.response.amounts import PER_UNIT, UNKNOWN, Flags, Whole, known
from cohortium.derivations.response.baseline import BM, FLC, NO_TRACK, NONE, PLASMACYTOMA, SU, S, U
from cohortium.derivations.response.components import CR, LEVEL_NAMES, NE, PD, SCR, VGPR
from cohortium.derivations.response.records import Course, named
from cohortium.derivations.response.visits import NEGATIVE, POSITIVE


@dataclass(frozen=True, slots=True)
class _Measure:
    name: str
    label: str
    unit: str


_SERUM = _Measure("serum", "serum M-protein", " g/dL")
_URINE = _Measure("urine", "urine M-protein", " mg/24 h")
_DFLC = _Measure("dflc", "difference of free light chains", " mg/dL")
_MARROW = _Measure("marrow", "marrow plasma cells", "%")
_PLASMACYTOMA = _Measure("plasmacytoma", "plasmacytomas", " cm^2")
_DIAMETER = _Measure("diameter", "longest diameter of a plasmacytoma", " cm")
_CIRCULATING = _Measure("circulating", "circulating plasma cells", " cells/uL")


def explain(course: Course) -> pl.Series:
    """A sentence for each visit."""
    parts = [*_progressions(course), *_measures(course), *_findings(course), *_shortfalls(course)]
    said = {f"part{i}": part for i, part in enumerate(parts) if part.null_count() < part.len()}
    frame = pl.DataFrame({"level": named(LEVEL_NAMES, course.level), **said})
    reasons = pl.concat_str(list(said), separator="; ", ignore_nulls=True) if said else pl.lit("")
    return frame.select(pl.concat_str("level", pl.lit(": "), reasons).alias("explanation")).to_series()


def _progressions(course: Course) -> list[pl.Series]:
    """What shows the progression."""
    seen, lowest = course.progression, course.progression.lowest
    counted = ((seen.serum, _SERUM), (seen.urine, _URINE), (seen.dflc, _DFLC), (seen.marrow, _MARROW),
               (seen.plasmacytoma, _PLASMACYTOMA), (seen.diameter, _DIAMETER), (seen.circulating, _CIRCULATING))  # fmt: skip
    which = "lowest confirmed" if course.options.lowest == "confirmed" else "lowest"
    parts = [
        _changed(
            course, measure, flags, getattr(lowest, measure.name), f" ({which if measure in _BY_BLOOD else 'lowest'})"
        )
        for flags, measure in counted
        if flags.any()
    ]
    parts += [_said("new lesion", seen.new_lesion), _said("growth in the radiologist's judgment", seen.radiologist)]
    return parts


_BY_BLOOD = (_SERUM, _URINE, _DFLC, _CIRCULATING)


def _measures(course: Course) -> list[pl.Series]:
    """Changes of what is tracked, where the visit is not a progression."""
    track, other = course.track, course.level != PD
    start = course.baseline.measures
    patient = course.visits.patient
    tracked = (
        (_SERUM, (S, SU)), (_URINE, (U, SU)), (_DFLC, (FLC,)), (_MARROW, (BM,)), (_PLASMACYTOMA, (PLASMACYTOMA,)),
    )  # fmt: skip
    parts = [
        _changed(course, measure, other & np.isin(track, tracks), getattr(start, measure.name)[patient])
        for measure, tracks in tracked
    ]
    had = course.baseline.had_plasmacytoma[patient] & other & (track != PLASMACYTOMA)
    parts.append(_changed(course, _PLASMACYTOMA, had, start.plasmacytoma[patient]))
    parts.append(_is(course, _URINE, other & (track == S) & (course.level > NE)))
    return parts


def _findings(course: Course) -> list[pl.Series]:
    """What a complete response rests on."""
    complete = (course.level == CR) | (course.level == SCR)
    findings, measures = course.visits.findings, course.measures
    other = ~complete & (course.level > NE) & (course.level != PD)
    alone = [
        _said(
            f"{name} immunofixation negative, amount not measured",
            other & ~known(amount) & np.isin(course.track, tracks) & (findings[f"{name}-immunofixation"] == NEGATIVE),
        )
        for name, amount, tracks in (("serum", measures.serum, (S, SU)), ("urine", measures.urine, (U, SU)))
    ]
    return [
        *alone,
        _said("serum and urine immunofixation negative", complete),
        _is(course, _MARROW, complete & (course.track != BM)),
        _said("light chain ratio normal and no clonal plasma cells", course.level == SCR),
    ]


def _shortfalls(course: Course) -> list[pl.Series]:
    """What kept the response from being better, or from being judged."""
    judged, track, level = course.judged, course.track, course.level
    other, unjudged = level != PD, level == NE
    is_vgpr, findings = level == VGPR, course.visits.findings
    missing = [
        ("urine not measured, so not VGPR", judged.no_other_m_protein & (track == S)),
        ("serum not measured, so not VGPR", judged.no_other_m_protein & (track == U)),
        ("serum or urine not measured, so one level lower", judged.no_tracked),
        ("plasmacytomas not measured again, so one level lower", judged.no_plasmacytoma),
        ("marrow not examined, so not CR", judged.no_marrow),
        ("too many plasma cells in marrow, so not CR", judged.has_cells),
        ("plasmacytoma not gone, so not CR", judged.has_plasmacytoma),
        ("plasmacytomas did not shrink by enough, so not better", judged.held_by_plasmacytoma),
        *(
            (f"{name} immunofixation positive, so not CR", is_vgpr & (findings[f"{name}-immunofixation"] == POSITIVE))
            for name in ("serum", "urine")
        ),
        ("immunofixation not complete, so not CR", judged.no_immunofixation),
        ("not shown to be stringent", judged.not_stringent),
    ]
    parts = [_said(text, flags & other) for text, flags in missing if flags.any()]
    reasons = [(S, "serum M-protein not measured"), (U, "urine M-protein not measured"),
               (SU, "neither serum nor urine M-protein measured"), (FLC, "free light chains not measured"),
               (BM, "marrow not examined"), (PLASMACYTOMA, "plasmacytomas not measured"),
               (NONE, "disease not measurable at baseline"),
               (NO_TRACK, "too little measured at baseline to count response by")]  # fmt: skip
    parts += [_said(text, unjudged & (track == number)) for number, text in reasons]
    parts.append(_said("method differs from baseline", course.method_differs))
    return parts


def _said(text: str, flags: Flags) -> pl.Series:
    """A text where the flag is up."""
    if not flags.any():
        return _silent(flags.size)
    return named((text,), np.where(flags, 0, -1))


def _silent(n_visits: int) -> pl.Series:
    return pl.Series([None], dtype=pl.String).new_from_index(0, n_visits)


def _is(course: Course, measure: _Measure, flags: Flags) -> pl.Series:
    """An amount, where it is known and the flag is up."""
    amount = getattr(course.measures, measure.name)
    chosen = np.flatnonzero(flags & known(amount))
    text = pl.format(f"{measure.label} {{}}{measure.unit}", _shown("amount"))
    return _placed(_amounts(amount=amount[chosen]).select(text).to_series(), chosen, flags.size)


def _changed(course: Course, measure: _Measure, flags: Flags, start: Whole, after: str = "") -> pl.Series:
    """A change from one amount to another, where both are known and the flag is up."""
    amount = getattr(course.measures, measure.name)
    chosen = np.flatnonzero(flags & known(amount, start))
    if not chosen.size:
        return _silent(flags.size)
    old, new = start[chosen], amount[chosen]
    percent = np.where(old > 0, 100 * np.abs(new - old) // np.where(old > 0, old, 1), -1)
    frame = _amounts(old=old, new=new).with_columns(pl.Series("percent", percent), pl.Series("risen", new > old))
    verb = pl.when(pl.col("risen")).then(pl.lit("rose")).otherwise(pl.lit("fell"))
    share = pl.when(pl.col("percent") >= 0).then(pl.format(" {}%", "percent")).otherwise(pl.lit(""))
    moved = pl.format(
        f"{measure.label} {{}}{{}} from {{}}{after} to {{}}{measure.unit}", verb, share, _shown("old"), _shown("new")
    )
    same = pl.format(f"{measure.label} unchanged at {{}}{measure.unit}", _shown("new"))
    texts = frame.select(pl.when(pl.col("old") == pl.col("new")).then(same).otherwise(moved).alias("part")).to_series()
    return _placed(texts, chosen, flags.size)


def _placed(texts: pl.Series, chosen: Whole, n_visits: int) -> pl.Series:
    """Texts at their visits; nothing elsewhere."""
    place = np.full(n_visits, texts.len(), np.int64)
    place[chosen] = np.arange(chosen.size)
    return texts.append(pl.Series([None], dtype=pl.String)).gather(place)


def _amounts(**columns: Whole) -> pl.DataFrame:
    """Amounts in their unit; null where not known."""
    return pl.DataFrame(
        {name: np.where(column == UNKNOWN, np.nan, column / PER_UNIT) for name, column in columns.items()}
    ).fill_nan(None)


def _shown(name: str) -> pl.Expr:
    return pl.col(name).round(6).cast(pl.String).str.strip_suffix(".0")
