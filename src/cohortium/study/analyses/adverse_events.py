"""Adverse events at their worst grade."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from cohortium.study.analyses.form import AnalysisForm
from cohortium.study.section import Printed, Section, VariableName


class AdverseEvent(Section):
    """An event with the days on which it began and how long it lasted."""

    variable: VariableName = Field(description="Category of the worst grade, with codes among 0 to 5; 0 is none.")
    onset: VariableName | None = Field(
        default=None, description="Number: day on which the event began, not known in patients without it."
    )
    duration: VariableName | None = Field(
        default=None, description="Number: days that the event lasted, not known in patients without it."
    )


class AdverseEvents(AnalysisForm):
    """Patients with each adverse event at its worst grade: any grade, grade 3 or higher, by group."""

    method: Literal["adverse-events"] = Field(description="Chooses this form of analysis.")
    events: tuple[VariableName | AdverseEvent, ...] = Field(
        min_length=1,
        max_length=200,
        description='Events: names of categories of the worst grade, or `{ variable = "crs", onset = "crs_onset", '
        'duration = "crs_duration" }`.',
    )
    grading: Printed = Field(description="The grading and its version as printed, e.g. `CTCAE version 5.0`.")
    by: VariableName | None = Field(default=None, description="Categorical variable whose levels are the groups.")
    overall: bool = Field(default=True, description="Whether all patients together are shown too.")
    split: bool = Field(
        default=False, description="True: grades 3 and 4 and grade 5 are shown apart, not grade 3 or higher."
    )
    order: Literal["frequency", "listed"] = Field(
        default="frequency", description="Order of the events: the most frequent of any grade first, or as listed."
    )
    at_least_percent: float = Field(
        default=0,
        ge=0,
        le=100,
        description="Events of any grade in fewer patients than this percentage, in every group, are not shown.",
    )
