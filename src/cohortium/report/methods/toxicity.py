"""Adverse events and figures of individual patients in sentences."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from cohortium.report import formats
from cohortium.report.labels import inside_sentence, joined, variable_label

if TYPE_CHECKING:
    from cohortium.study.analyses import AdverseEvents, IndividualCourses
    from cohortium.study.study import Study


def adverse_events(study: Study, analysis: AdverseEvents) -> Iterator[str]:
    """Grading, whom a percentage is of, days, what is not shown."""
    names = [each if isinstance(each, str) else each.variable for each in analysis.events]
    labels = joined([inside_sentence(variable_label(study, name)) for name in names])
    yield f"Adverse events ({labels}) were graded by {analysis.grading}."
    grades = (
        "of any grade, of grades 3 and 4, and of grade 5" if analysis.split else "of any grade and of grade 3 or higher"
    )
    yield f"Each patient counts once per event, at the worst grade: patients with an event {grades}, out of those whose grade is known."
    if any(not isinstance(each, str) and (each.onset or each.duration) for each in analysis.events):
        yield "Days of onset and duration are medians with quartiles of the patients in whom they are known."
    if analysis.at_least_percent:
        least = formats.number_shortest(analysis.at_least_percent)
        yield f"Events of any grade in at least {least}% of the patients of a group are shown."


def individual_courses(study: Study, analysis: IndividualCourses) -> Iterator[str]:
    """What a bar is, how finely it is counted."""
    response = inside_sentence(variable_label(study, analysis.response))
    if analysis.change is not None:
        change = inside_sentence(variable_label(study, analysis.change))
        limit = formats.number_shortest(analysis.largest_change)
        yield f"Individual patients are shown by {change} in whole percent (larger increases than {limit}% cut off) and {response}."
        return
    endpoint = inside_sentence(study.endpoint(analysis.endpoint or "").label)
    first = f", {inside_sentence(variable_label(study, analysis.first_response))}" if analysis.first_response else ""
    yield f"Individual patients are shown by time to {endpoint} or last follow-up, how it ended, {response}{first}."
    yield f"Times are counted in {analysis.unit}, a day within one at its end."
    if analysis.until_months is not None:
        yield f"Courses are cut off at {formats.number_shortest(analysis.until_months)} months."
