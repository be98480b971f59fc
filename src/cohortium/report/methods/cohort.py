"""Who was included, and how time is counted, in sentences."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from cohortium.report import formats
from cohortium.report.ethics import institutions_used, sites_used
from cohortium.report.labels import inside_sentence, joined, months_phrase, variable_label

if TYPE_CHECKING:
    from cohortium.results import Results
    from cohortium.study.study import Study


def population_sentences(study: Study, results: Results) -> Iterator[str]:
    """Institutions and inclusion steps."""
    yield f"Retrospective data from {formats.plural(len(institutions_used(study, results)), 'institution')}."
    if any(site.unassigned for site in sites_used(study, results)):
        yield (
            "Records without a known institution count in unstratified analyses and are left out where an "
            "analysis is stratified by institution."
        )
    if study.file.cohort.step:
        steps = joined([f"({i}) {step.label}" for i, step in enumerate(study.file.cohort.step, 1)])
        yield f"Included in this order: {steps}."
        yield "A record for which a step cannot be judged because a value is missing is excluded at that step."
    else:
        yield "All records received are included."


def time_sentences(study: Study) -> Iterator[str]:
    """Origin, horizon, unit of time, data cutoff, and what is known only after the origin."""
    time = study.file.time
    horizon = formats.number(formats.in_months(time.horizon_days, time.month_days), 1)
    yield f"Time is counted in whole days from {time.origin_label}, up to {formats.count(time.horizon_days)} days"
    yield f"({horizon} months). {months_phrase(study)}"
    if time.grid != "days":
        yield (
            f"Follow-up leaves the sites in whole {time.grid}: a day within one counts at its end. The largest "
            "possible difference from whole days is printed with the numbers; analyses stratified by institution "
            "keep whole days."
        )
    if time.after_origin:
        # Labels of responses have commas of their own.
        names = "; ".join(inside_sentence(variable_label(study, name)) for name in time.after_origin)
        yield f"Known only after the origin: {names}. As a baseline group or covariate it would give immortal time."
    if study.file.study.data_cutoff:
        yield f"The data were cut on {study.file.study.data_cutoff.isoformat()}."
