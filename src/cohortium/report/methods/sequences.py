"""Sequences of categories in sentences."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from cohortium.report.labels import inside_sentence, joined, variable_label

if TYPE_CHECKING:
    from cohortium.study.analyses import Sequences
    from cohortium.study.study import Study


def sequences(study: Study, analysis: Sequences) -> Iterator[str]:
    """The steps, what a percentage is of, who never reached a step."""
    steps = joined([inside_sentence(variable_label(study, name)) for name in analysis.steps])
    yield f"Patients were counted at each level of {steps}, in this order, and at each pair of levels of two consecutive steps."
    group = " of the group" if analysis.by else ""
    yield (
        f"Percentages of a level are of all patients{group}, those of a flow of the patients at the level it comes from and "
        f"of all patients{group}; patients whose level is not known are a level of their own."
    )
    if analysis.ended:
        ended = joined(
            [
                f"\N{LEFT DOUBLE QUOTATION MARK}{label}\N{RIGHT DOUBLE QUOTATION MARK}"
                for label in _labels(study, analysis)
            ]
        )
        yield f"Patients who never reached a step are counted at it ({ended})."


def _labels(study: Study, analysis: Sequences) -> list[str]:
    levels = [level for name in analysis.steps for level in study.variable(name).levels]
    return list(dict.fromkeys(level.label for level in levels if {level.code, level.label} & set(analysis.ended)))
