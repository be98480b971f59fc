"""Scores of toxicity and of relapse by name: EASIX, CAR-HEMATOTOX, MyCARe."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from cohortium.study.derive.reads import FINDING, Reads, category, inputs_of
from cohortium.study.derive.revised_staging import UpperLimit
from cohortium.study.derive.rule_section import LESION_LEVELS, Input, RuleSection
from cohortium.study.section import VariableName
from cohortium.study.variables import Variable

_RISK = {
    **LESION_LEVELS,
    "high risk": "positive", "high-risk": "positive", "high": "positive",
    "standard risk": "negative", "standard-risk": "negative", "standard": "negative",
}  # fmt: skip


class Easix(RuleSection):
    """Endothelial Activation and Stress Index, as it is and as its logarithm to base 2."""

    rule: Literal["easix"] = Field(description="Chooses this rule.")
    variant: Literal["easix", "m-easix", "s-easix"] = Field(
        default="easix",
        description="`easix`: LDH x creatinine / platelets; `m-easix`: C-reactive protein in place of creatinine; "
        "`s-easix`: LDH / platelets.",
    )
    ldh: VariableName = Field(description="Lactate dehydrogenase, U/L.")
    platelets: VariableName = Field(description="Platelets, 10^9/L.")
    creatinine: VariableName | None = Field(default=None, description="Serum creatinine, mg/dL; read by `easix`.")
    crp: VariableName | None = Field(default=None, description="C-reactive protein, mg/dL; read by `m-easix`.")

    def inputs(self) -> tuple[Input, ...]:
        """Variables of `patients` that the rule reads."""
        return inputs_of(self, {key: Reads(key) for key in ("ldh", "platelets", "creatinine", "crp")})

    def variables(self) -> tuple[Variable, ...]:
        """The index and its logarithm."""
        return (
            Variable(self.name, self.label, "number", minimum=0, decimals=2),
            Variable(f"{self.name}_log2", f"{self.label}, log2", "number", decimals=2),
        )


class CarHematotox(RuleSection):
    """CAR-HEMATOTOX before lymphodepletion, 0 to 7 points, and its group."""

    rule: Literal["car-hematotox"] = Field(description="Chooses this rule.")
    platelets: VariableName | None = Field(default=None, description="Platelets, 10^9/L.")
    neutrophils: VariableName | None = Field(default=None, description="Neutrophils, 10^9/L.")
    hemoglobin: VariableName | None = Field(default=None, description="Hemoglobin, g/dL.")
    crp: VariableName | None = Field(default=None, description="C-reactive protein, mg/dL.")
    ferritin: VariableName | None = Field(default=None, description="Ferritin, ng/mL.")
    neutrophils_at_limit: Literal[0, 1] | None = Field(
        default=None,
        description="Points of neutrophils of exactly 1.2 x 10^9/L, which sources do not settle [M]; 0 when left out.",
    )
    hemoglobin_at_limit: Literal[0, 1] | None = Field(
        default=None,
        description="Points of hemoglobin of exactly 9.0 g/dL, which sources do not settle [M]; 0 when left out.",
    )
    crp_at_limit: Literal[0, 1] | None = Field(
        default=None,
        description="Points of C-reactive protein of exactly 3.0 mg/dL, which sources do not settle [M]; 1 when left out.",
    )

    def inputs(self) -> tuple[Input, ...]:
        """Variables of `patients` that the rule reads."""
        return inputs_of(
            self, {key: Reads(key) for key in ("platelets", "neutrophils", "hemoglobin", "crp", "ferritin")}
        )

    def variables(self) -> tuple[Variable, ...]:
        """The points and the group."""
        return (
            Variable(self.name, self.label, "integer", minimum=0, maximum=7),
            category(f"{self.name}_group", f"{self.label}: group", {"low": "Low (0-1)", "high": "High (2-7)"}),
        )


class MyCare(RuleSection):
    """MyCARe before CAR T cells, 0 to 4 points, and its group (Gagelmann 2024)."""

    rule: Literal["mycare"] = Field(description="Chooses this rule.")
    extramedullary: VariableName | None = Field(default=None, description="Extramedullary disease: yes or no.")
    plasma_cell_leukemia: VariableName | None = Field(default=None, description="Plasma cell leukemia: yes or no.")
    lenalidomide_refractory: VariableName | None = Field(
        default=None, description="Refractory to lenalidomide: yes or no."
    )
    high_risk_cytogenetics: VariableName | None = Field(
        default=None, description="High-risk cytogenetics: a variable of the rule of that name, or yes and no."
    )
    ferritin: VariableName | None = Field(default=None, description="Ferritin at lymphodepletion, ng/mL.")
    ferritin_upper_limit: UpperLimit | None = Field(
        default=None, description="Its upper limit of normal [M]: a variable, or a number in ng/mL."
    )

    def inputs(self) -> tuple[Input, ...]:
        """Variables of `patients` that the rule reads."""
        findings = dict.fromkeys(("extramedullary", "plasma_cell_leukemia", "lenalidomide_refractory"), FINDING)
        ferritin = dict.fromkeys(("ferritin", "ferritin_upper_limit"), Reads("ferritin"))
        return inputs_of(self, {**findings, "high_risk_cytogenetics": Reads(levels=_RISK), **ferritin})

    def variables(self) -> tuple[Variable, ...]:
        """The points and the group."""
        levels = {"low": "Low (0-1)", "intermediate": "Intermediate (2-3)", "high": "High (4)"}
        return (
            Variable(self.name, self.label, "integer", minimum=0, maximum=4),
            category(f"{self.name}_group", f"{self.label}: group", levels),
        )
