"""Stages at diagnosis: the section of the International Staging System."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from cohortium.study.derive.rule_section import Input, RuleSection
from cohortium.study.section import VariableName
from cohortium.study.variables import Level, Variable

ISS_STAGES = ("I", "II", "III")


class Iss(RuleSection):
    """International Staging System: I, II or III by beta-2 microglobulin and albumin."""

    rule: Literal["iss"] = Field(description="The rule: International Staging System.")
    beta2_microglobulin: VariableName = Field(
        description="Serum beta-2 microglobulin, in mg/L or a unit convertible to it."
    )
    albumin: VariableName = Field(description="Serum albumin, in g/dL or a unit convertible to it.")
    criteria: Literal["ISS-2005"] = Field(default="ISS-2005", description="Version of the criteria.")

    def inputs(self) -> tuple[Input, ...]:
        """Beta-2 microglobulin and albumin."""
        return (
            Input("beta2_microglobulin", self.beta2_microglobulin, quantity="beta2-microglobulin"),
            Input("albumin", self.albumin, quantity="albumin"),
        )

    def variables(self) -> tuple[Variable, ...]:
        """The stage."""
        return (Variable(self.name, self.label, "category", tuple(Level(stage, stage) for stage in ISS_STAGES)),)
