"""`[[derive]] rule = "time-to-event"`: an endpoint by a named censoring rule."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Literal

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from cohortium.study.derive.censoring import (
    ELEMENTS,
    OF_RESPONDERS,
    PROGRESSION_ENDED,
    ClinicalProgression,
    Death,
    Elements,
    EndpointKind,
    NewTherapy,
    PlannedBridge,
    RuleSetName,
    element_faults,
    elements_of,
)
from cohortium.study.derive.endings import event_levels, reason_levels
from cohortium.study.derive.rule_section import YES_NO_LEVELS, Input, RuleSection
from cohortium.study.section import VariableName
from cohortium.study.variables import Level, Variable

DATES = (
    "start",
    "death_date",
    "last_contact_date",
    "new_therapy_date",
    "planned_bridge_date",
    "clinical_progression_date",
)
"""Keys that name date variables."""
ANSWERS = ("died", "death_from_progression", "baseline_assessed")
"""Keys that name yes-or-no variables."""


class TimeToEvent(RuleSection):
    """`[[derive]] rule = "time-to-event"`: days, event and reason of an endpoint, from dates and responses.

    Makes `<name>_days`, `<name>_event`, `<name>_reason`, and `<name>_applies` where only responders have the endpoint.
    """

    rule: Literal["time-to-event"] = Field(description="Name of the rule.")
    endpoint: EndpointKind = Field(
        description="Progression-free survival, overall survival, duration of response, time to response, time to best "
        "response, time to progression, time to next therapy, or non-relapse mortality with progression competing."
    )
    censoring: RuleSetName = Field(
        default="fda-primary",
        description="Named rule set: `fda-primary` (table A, missed visits not judged), `fda-strict` (table A to the "
        "letter), `fda-sensitivity` (table C, all events), `imwg-2011` (duration of response without other deaths).",
    )
    response: VariableName | None = Field(
        default=None,
        description="Name of the [[derive]] above whose responses it reads; the table `responses`, as the site called "
        "them, when left out.",
    )
    confirmed: bool = Field(
        default=True,
        description="True: derived responses and progressions count when confirmed, on the day of the first sample; "
        "false: as first seen. The site's own calls count as they are.",
    )
    start: VariableName | None = Field(
        default=None, description="Date from which time is counted; the origin when left out."
    )
    death_date: VariableName | None = Field(default=None, description="Date of death; not there: alive.")
    died: VariableName | None = Field(
        default=None,
        description="Variable that says yes or no; with it, a death without a date is not known rather than none.",
    )
    death_from_progression: VariableName | None = Field(
        default=None, description="Variable that says yes or no: whether the patient died from progression."
    )
    last_contact_date: VariableName | None = Field(
        default=None, description="Last date at which the patient was known to be alive."
    )
    baseline_assessed: VariableName | None = Field(
        default=None,
        description="Variable that says yes or no; without a baseline no progression counts and no assessment is adequate.",
    )
    new_therapy_date: VariableName | None = Field(
        default=None,
        description="Date of the first new therapy; rows of `therapies` with the role `subsequent` when left out.",
    )
    planned_bridge_date: VariableName | None = Field(
        default=None,
        description="Date of a planned cellular therapy or transplant; when left out, the first subsequent one in "
        "`therapies` after the study drug was stopped for `planned-bridge`.",
    )
    clinical_progression_date: VariableName | None = Field(
        default=None,
        description="Date of progression in the physician's judgment; the stop of the study drug for `clinical-progression` "
        "in `therapies` when left out. Calls with the basis `clinical` in `responses` count in either case.",
    )
    new_therapy: NewTherapy | None = Field(
        default=None,
        description="New therapy before progression: `censor` at the last adequate assessment before it, `event`, `ignore`.",
    )
    missed_assessments_days: int | None = Field(
        default=None,
        ge=0,
        le=3650,
        description="More days than this without an adequate assessment before a progression or a death: censored at the "
        "last one before; 0 for off.",
    )
    clinical_progression: ClinicalProgression | None = Field(
        default=None,
        description="Progression that is not documented: `censor` at the last adequate assessment before it, `event`, `ignore`.",
    )
    planned_bridge: PlannedBridge | None = Field(
        default=None, description="Planned cellular therapy or transplant: `censor` on its day, or `ignore`."
    )
    death: Death | None = Field(
        default=None,
        description="Death that is not from progression: `event`, `censor` on its day, `censor-at-last-assessment`.",
    )

    @model_validator(mode="after")
    def _elements_fit(self) -> TimeToEvent:
        faults = element_faults(self.endpoint, self.overrides())
        if faults:
            what = "; ".join(f"{name} {fault}" for name, fault in faults)
            raise PydanticCustomError("elements", "{what}", {"what": what})
        return self

    def overrides(self) -> dict[str, Any]:
        """Elements of the rule set that the section sets itself."""
        return {name: getattr(self, name) for name in ELEMENTS if getattr(self, name) is not None}

    @property
    def elements(self) -> Elements:
        """The rule set with what the section sets itself."""
        return elements_of(self.endpoint, self.censoring, self.overrides())

    @property
    def reads_responses(self) -> bool:
        """Whether the endpoint depends on assessments of the disease."""
        return self.endpoint in (*PROGRESSION_ENDED, *OF_RESPONDERS, "nrm")

    @property
    def reads_therapies(self) -> bool:
        """Whether anything is taken from the table of therapies."""
        elements = self.elements
        return (
            (self.reads_new_therapy and self.new_therapy_date is None)
            or (elements.clinical_progression != "ignore" and self.clinical_progression_date is None)
            or (elements.planned_bridge == "censor" and self.planned_bridge_date is None)
        )

    @property
    def reads_new_therapy(self) -> bool:
        """Whether the endpoint depends on new therapy; a response after it is not one to the study drug."""
        return self.elements.new_therapy != "ignore" or self.endpoint in OF_RESPONDERS

    def inputs(self) -> tuple[Input, ...]:
        """Dates and yes-or-no variables that the section names."""
        return tuple(self._inputs())

    def _inputs(self) -> Iterator[Input]:
        for key in DATES:
            if name := getattr(self, key):
                yield Input(key, name, kinds=("date",))
        for key in ANSWERS:
            if name := getattr(self, key):
                yield Input(key, name, kinds=("category",), levels=YES_NO_LEVELS)

    def tables(self) -> tuple[str, ...]:
        """Therapies where they matter, and the site's responses where no [[derive]] gives them."""
        own = ("responses",) if self.reads_responses and self.response is None else ()
        return (*(("therapies",) if self.reads_therapies else ()), *own)

    def records(self) -> tuple[str, ...]:
        """The [[derive]] whose responses it reads."""
        return (self.response,) if self.response is not None and self.reads_responses else ()

    def variables(self) -> tuple[Variable, ...]:
        """Days, event, reason, and whether the endpoint applies where it is one of responders."""
        has_cause = self.death_from_progression is not None
        reasons = reason_levels(self.endpoint, self.elements, has_cause=has_cause)
        made = [
            Variable(f"{self.name}_days", f"{self.label}, days", "integer"),
            _category(f"{self.name}_event", f"{self.label}, event", event_levels(self.endpoint, self.elements)),
            _category(f"{self.name}_reason", f"{self.label}, how it ended", reasons),
        ]
        if self.endpoint in OF_RESPONDERS:
            made.append(_category(f"{self.name}_applies", f"{self.label}, applies", ("yes", "no")))
        return tuple(made)


def _category(name: str, label: str, levels: tuple[str, ...]) -> Variable:
    return Variable(name, label, "category", tuple(Level(text, text) for text in levels))
