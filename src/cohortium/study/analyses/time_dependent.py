"""Covariates that begin during follow-up."""

from __future__ import annotations

from pydantic import Field

from cohortium.study.section import Printed, Section, VariableName

PATIENT = "__patient"
"""Column of the episodes with the number of the patient within the site, the same in all episodes of a patient."""

_EPISODES = "/episodes"


class TimeDependent(Section):
    """A covariate that is 0 up to and on a day and 1 after it, such as a transplant."""

    variable: VariableName = Field(description="Date variable at which it begins; not known: it never does.")
    label: Printed = Field(description="Label as printed, e.g. `Transplant`.")


def episodes_of(analysis: str) -> str:
    """Name of the population that holds the episodes of an analysis; no endpoint can have it."""
    return f"{analysis}{_EPISODES}"


def counted_in(population: str) -> str:
    """What a row of a population is: `patient`, or `episode` of the follow-up of one."""
    return "episode" if population.endswith(_EPISODES) else "patient"
