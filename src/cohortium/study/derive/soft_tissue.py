"""Groups of soft-tissue disease by name."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from cohortium.study.derive.reads import FINDING, category, inputs_of
from cohortium.study.derive.rule_section import Input, RuleSection
from cohortium.study.section import VariableName
from cohortium.study.variables import Variable


class SoftTissueDisease(RuleSection):
    """Soft-tissue plasmacytoma as a group: not contiguous with bone, contiguous with it, or none."""

    rule: Literal["soft-tissue-disease"] = Field(description="Chooses this rule.")
    extramedullary: VariableName = Field(
        description="Plasmacytoma not contiguous with bone (true extramedullary disease): yes, no or not done."
    )
    paraskeletal: VariableName = Field(description="Plasmacytoma contiguous with bone: yes, no or not done.")
    both: Literal["true-emd", "own-group"] = Field(
        default="true-emd",
        description="Patients with both kinds: counted as true extramedullary disease, or a group of their own.",
    )

    def inputs(self) -> tuple[Input, ...]:
        """Variables of `patients` that the rule reads."""
        return inputs_of(self, {"extramedullary": FINDING, "paraskeletal": FINDING})

    def variables(self) -> tuple[Variable, ...]:
        """The group."""
        levels = {
            "true-emd": "True extramedullary disease",
            "paraskeletal": "Paraskeletal disease",
            "both": "Extramedullary and paraskeletal disease",
            "none": "No soft-tissue plasmacytoma",
        }
        if self.both == "true-emd":
            del levels["both"]
        return (category(self.name, self.label, levels),)
