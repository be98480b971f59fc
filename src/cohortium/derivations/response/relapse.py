"""Clinical relapse and relapse from complete response: for reports only; neither is a progression by itself.

All thresholds are general knowledge and were not checked against the primary paper [M].
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from cohortium.derivations.response.amounts import Flags, difference, has_risen, is_amount, known, whole
from cohortium.derivations.response.components import CR, PD, SCR
from cohortium.derivations.response.criteria import Bound, above, at_least
from cohortium.derivations.response.records import Course
from cohortium.derivations.response.visits import POSITIVE

_QUANTITIES = ("hemoglobin", "calcium", "corrected-calcium", "creatinine")


@dataclass(frozen=True, slots=True, kw_only=True)
class RelapseCriteria:
    """Thresholds of clinical relapse: g/dL of hemoglobin, mg/dL of calcium and creatinine, percent and cm^2 of size."""

    version: str
    calcium: Bound
    hemoglobin_fall: Bound
    creatinine_rise: Bound
    plasmacytoma_rise: Bound
    plasmacytoma_least: Bound


RELAPSE2016 = RelapseCriteria(
    version="IMWG2016",
    calcium=above(11),
    hemoglobin_fall=at_least(2),
    creatinine_rise=at_least(2),
    plasmacytoma_rise=at_least(50),
    plasmacytoma_least=at_least(1),
)
"""Kumar et al. 2016, as remembered [M]; 2011 does not differ."""


def clinical_relapses(
    assessments: pl.DataFrame, course: Course, criteria: RelapseCriteria = RELAPSE2016
) -> pl.DataFrame:
    """Signs of clinical relapse after the first dose: `patient`, `day`, `finding`, sorted.

    Falls and rises of laboratory values are from baseline. Whether a sign has another cause is for the reviewer.
    """
    lesions, lowest = course.measures.plasmacytoma, course.progression.lowest.plasmacytoma
    grown = has_risen(criteria.plasmacytoma_rise, lesions, lowest) & is_amount(
        criteria.plasmacytoma_least, difference(lesions, lowest)
    )
    signs = [("new lesion", course.progression.new_lesion), ("growth of plasmacytomas", grown)]
    visits = [_at_visits(course, flags).with_columns(finding=pl.lit(text)) for text, flags in signs]
    return pl.concat([*visits, *_of_laboratory(assessments, course.patients, criteria)]).sort(
        "patient", "day", "finding"
    )


def relapses_from_complete(course: Course) -> pl.DataFrame:
    """First day after a confirmed CR on which disease is back: `patient`, `day`, `finding`; for disease-free survival.

    Disease is back with M-protein, positive immunofixation, 5% plasma cells in marrow, or progression.
    """
    visits, measures = course.visits, course.measures
    criteria = course.options.criteria
    held = course.confirmed.level
    before = np.zeros(held.size, bool)
    before[1:] = np.isin(held[:-1], (CR, SCR)) & (visits.patient[1:] == visits.patient[:-1])
    # Once progressed, `held` is PD: the search ends there.
    fixed = np.maximum(visits.findings["serum-immunofixation"], visits.findings["urine-immunofixation"]) >= POSITIVE
    protein = (known(measures.serum) & (measures.serum > 0)) | (known(measures.urine) & (measures.urine > 0))
    cells = known(measures.marrow) & ~is_amount(criteria.cr_marrow, measures.marrow)
    signs = [
        ("progression", course.level == PD),
        ("plasma cells in marrow", cells),
        ("M-protein", protein),
        ("immunofixation", fixed),
    ]
    found = [_at_visits(course, flags & before).with_columns(finding=pl.lit(text)) for text, flags in signs]
    rows = pl.concat(found, how="vertical")
    return rows.sort("patient", "day", maintain_order=True).unique("patient", keep="first", maintain_order=True)


def _at_visits(course: Course, flags: Flags) -> pl.DataFrame:
    chosen = np.flatnonzero(flags)
    days = pl.Series(course.visits.day[chosen], dtype=pl.Int64)
    return pl.DataFrame({"patient": course.patients.gather(course.visits.patient[chosen]), "day": days})


def _of_laboratory(assessments: pl.DataFrame, patients: pl.Series, criteria: RelapseCriteria) -> list[pl.DataFrame]:
    counts = pl.col("quantity").is_in(_QUANTITIES) & pl.col("value").is_not_null() & pl.col("day").is_not_null()
    if "spurious" in assessments.columns:
        counts &= ~pl.col("spurious").fill_null(value=False)
    rows = assessments.filter(counts & pl.col("patient").is_in(patients.implode())).select(
        "patient", pl.col("day").cast(pl.Int64), "quantity", pl.col("value").cast(pl.Float64)
    )
    before = rows.filter(pl.col("day") <= 0).sort("patient", "quantity", "day", "value")
    start = before.group_by("patient", "quantity", maintain_order=True).agg(pl.col("value").last().alias("start"))
    after = rows.filter(pl.col("day") > 0).join(start, on=["patient", "quantity"], how="left", maintain_order="left")
    value, first = (whole(after[name].fill_null(float("nan")).to_numpy()) for name in ("value", "start"))
    quantity = after["quantity"]
    calcium = quantity.is_in(["calcium", "corrected-calcium"]).to_numpy()
    signs = [
        ("calcium high", calcium & is_amount(criteria.calcium, value)),
        ("hemoglobin fell", (quantity == "hemoglobin").to_numpy() & is_amount(criteria.hemoglobin_fall, difference(first, value))),
        ("creatinine rose", (quantity == "creatinine").to_numpy() & is_amount(criteria.creatinine_rise, difference(value, first))),
    ]  # fmt: skip
    return [
        after.filter(pl.Series(flags, dtype=pl.Boolean))
        .select("patient", "day", pl.lit(text).alias("finding"))
        .unique(maintain_order=True)
        for text, flags in signs
    ]
