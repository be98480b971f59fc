"""E-values of a regression, as the results table holds them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from cohortium.report import formats
from cohortium.report.labels import term_label

COMPLETE_CASES = "complete cases"
"""Model of the patients of whom every value is known, beside one of imputed values."""

if TYPE_CHECKING:
    from cohortium.results import Results
    from cohortium.study.study import Study


def e_value_notes(study: Study, results: Results, analysis: str) -> Iterator[str]:
    """`E-value of sex, Female: 2.23, and 1.54 of the confidence limit that is nearer to 1.`"""
    for row in results.where(analysis=analysis, statistic="e-value"):
        limit = results.one(
            analysis=analysis, statistic="e-value-limit", model=row.model, variable=row.variable, level=row.level
        )
        whole = COMPLETE_CASES if row.model == COMPLETE_CASES else ""
        name = ", ".join(filter(None, [term_label(study, row.variable), row.level, whole]))
        if row.value is None:
            yield f"E-value of {name}: {formats.NOT_ESTIMABLE}, {row.warning}."
            continue
        values = f"{formats.number(row.value, 2)}, and {formats.number(limit.value, 2)}"
        yield f"E-value of {name}: {values} of the confidence limit that is nearer to 1."
