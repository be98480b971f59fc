"""Individual patients: percent changes, or courses with their response and end."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from cohortium.study.analyses.form import AnalysisForm
from cohortium.study.section import Printed, VariableName


class IndividualCourses(AnalysisForm):
    """Every patient as one bar: the change of a measurement (`change`), or the course to an endpoint (`endpoint`)."""

    method: Literal["individual-courses"] = Field(description="Chooses this form of analysis.")
    individual: bool = Field(
        default=False,
        description="True: the study accepts that numbers of single patients are shown; the analysis is refused otherwise.",
    )
    by: VariableName | None = Field(default=None, description="Categorical variable whose levels are the groups.")
    response: VariableName = Field(description="Category by which bars are colored, e.g. the best response.")
    not_evaluable: tuple[Printed, ...] = Field(
        default=(), description="Levels of `response` that say that it could not be assessed; their bars are outlined."
    )
    change: VariableName | None = Field(
        default=None,
        description="Number: best change from the start in percent, -100 or more, for a `waterfall` figure.",
    )
    largest_change: int = Field(
        default=100, ge=10, le=1000, description="Percent at which a larger increase is cut off; it is said."
    )
    endpoint: VariableName | None = Field(
        default=None,
        description="Endpoint whose follow-up is the length of a bar and whose causes are how it ends, for a `swimmer` "
        "figure.",
    )
    first_response: VariableName | None = Field(
        default=None, description="Date of the first response, or days from the origin to it; not known without one."
    )
    unit: Literal["weeks", "months"] = Field(
        default="weeks",
        description="Grid on which courses are counted; a day within a week or month counts at its end.",
    )
    until_months: float | None = Field(
        default=None, gt=0, description="Months after which a course is cut off; the horizon of the study when absent."
    )
