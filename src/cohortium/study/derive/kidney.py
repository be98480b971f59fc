"""Kidney function by name: CKD-EPI 2021, Cockcroft-Gault."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from cohortium.study.derive.reads import SEX, Reads, inputs_of
from cohortium.study.derive.rule_section import Input, RuleSection
from cohortium.study.section import VariableName
from cohortium.study.variables import Variable

_READS = {"creatinine": Reads("creatinine"), "age": Reads("age"), "sex": SEX, "weight": Reads("weight")}


class _Filtration(RuleSection):
    """What both formulas read."""

    creatinine: VariableName = Field(description="Serum creatinine, mg/dL.")
    age: VariableName = Field(description="Age, years.")
    sex: VariableName = Field(description="Sex: female or male.")

    def inputs(self) -> tuple[Input, ...]:
        """Variables of `patients` that the rule reads."""
        return inputs_of(self, {key: reads for key, reads in _READS.items() if key in type(self).model_fields})


class CkdEpi2021(_Filtration):
    """Estimated glomerular filtration rate, CKD-EPI 2021 without race."""

    rule: Literal["ckd-epi-2021"] = Field(description="Chooses this rule.")

    def variables(self) -> tuple[Variable, ...]:
        """The rate."""
        return (Variable(self.name, self.label, "number", unit="mL/min/1.73 m²", minimum=0, decimals=1),)


class CockcroftGault(_Filtration):
    """Creatinine clearance by Cockcroft and Gault."""

    rule: Literal["cockcroft-gault"] = Field(description="Chooses this rule.")
    weight: VariableName = Field(description="Body weight, kg.")

    def variables(self) -> tuple[Variable, ...]:
        """The clearance."""
        return (Variable(self.name, self.label, "number", unit="mL/min", minimum=0, decimals=1),)
