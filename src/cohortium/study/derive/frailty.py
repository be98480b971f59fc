"""Comorbidity and frailty by name: Charlson, simplified and full IMWG frailty."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import Field

from cohortium.study.derive.reads import ECOG, FINDING, NUMBER, Reads, category, inputs_of
from cohortium.study.derive.rule_section import Input, RuleSection
from cohortium.study.section import VariableName
from cohortium.study.variables import Variable

CONDITIONS = (
    "myocardial_infarction", "heart_failure", "peripheral_vascular", "cerebrovascular", "dementia", "pulmonary",
    "connective_tissue", "ulcer", "mild_liver", "diabetes", "hemiplegia", "kidney", "diabetes_with_damage", "tumor",
    "leukemia", "lymphoma", "severe_liver", "metastatic_tumor", "aids",
)  # fmt: skip


class Charlson(RuleSection):
    """Charlson comorbidity index with the weights of 1987; the myeloma under study is not counted [M]."""

    rule: Literal["charlson"] = Field(description="Chooses this rule.")
    myocardial_infarction: VariableName | None = Field(default=None, description="Myocardial infarction: yes or no.")
    heart_failure: VariableName | None = Field(default=None, description="Congestive heart failure.")
    peripheral_vascular: VariableName | None = Field(default=None, description="Peripheral vascular disease.")
    cerebrovascular: VariableName | None = Field(default=None, description="Cerebrovascular disease.")
    dementia: VariableName | None = Field(default=None, description="Dementia.")
    pulmonary: VariableName | None = Field(default=None, description="Chronic pulmonary disease.")
    connective_tissue: VariableName | None = Field(default=None, description="Connective tissue disease.")
    ulcer: VariableName | None = Field(default=None, description="Ulcer disease.")
    mild_liver: VariableName | None = Field(default=None, description="Mild liver disease.")
    diabetes: VariableName | None = Field(default=None, description="Diabetes.")
    hemiplegia: VariableName | None = Field(default=None, description="Hemiplegia.")
    kidney: VariableName | None = Field(default=None, description="Moderate or severe kidney disease.")
    diabetes_with_damage: VariableName | None = Field(default=None, description="Diabetes with end-organ damage.")
    tumor: VariableName | None = Field(default=None, description="Any tumor, the myeloma under study not counted.")
    leukemia: VariableName | None = Field(default=None, description="Leukemia.")
    lymphoma: VariableName | None = Field(default=None, description="Lymphoma, the myeloma under study not counted.")
    severe_liver: VariableName | None = Field(default=None, description="Moderate or severe liver disease.")
    metastatic_tumor: VariableName | None = Field(default=None, description="Metastatic solid tumor.")
    aids: VariableName | None = Field(default=None, description="AIDS.")
    age: VariableName | None = Field(default=None, description="Age, years; read when the index is age-adjusted.")
    age_adjusted: bool = Field(
        default=False, description="Add a point for each decade of age from 50: 50-59 one, 80 and older four."
    )
    graver_only: bool = Field(
        default=True,
        description="Of mild and severe liver disease, diabetes without and with damage, tumor and metastatic tumor "
        "count the graver only [M].",
    )
    not_collected: Literal["unknown", "absent"] = Field(
        default="unknown",
        description="What a condition without a variable is: not known, so that no index is, or absent in all patients.",
    )

    def inputs(self) -> tuple[Input, ...]:
        """Variables of `patients` that the rule reads."""
        return inputs_of(self, {**dict.fromkeys(CONDITIONS, FINDING), "age": Reads("age")})

    def variables(self) -> tuple[Variable, ...]:
        """The index, and what it is at least where some conditions are not known."""
        return (
            Variable(self.name, self.label, "integer", minimum=0),
            Variable(f"{self.name}_at_least", f"{self.label}, at least", "integer", minimum=0),
        )


class _Frailty(RuleSection):
    """What both frailty scores read."""

    age: VariableName | None = Field(default=None, description="Age, years.")
    charlson: VariableName | None = Field(default=None, description="Charlson index, not adjusted for age.")
    charlson_at_least: VariableName | None = Field(
        default=None, description="What the index is at least, where it is not known."
    )

    def _reads(self, others: Mapping[str, Reads]) -> tuple[Input, ...]:
        numbers = dict.fromkeys(("charlson", "charlson_at_least"), NUMBER)
        return inputs_of(self, {"age": Reads("age"), **numbers, **others})


class SimplifiedFrailty(_Frailty):
    """Simplified IMWG frailty from age, comorbidity and ECOG (Facon 2020)."""

    rule: Literal["simplified-frailty"] = Field(description="Chooses this rule.")
    ecog: VariableName | None = Field(
        default=None, description="ECOG performance status, a number or a category of them."
    )

    def inputs(self) -> tuple[Input, ...]:
        """Variables of `patients` that the rule reads."""
        return self._reads({"ecog": ECOG})

    def variables(self) -> tuple[Variable, ...]:
        """The group and its points."""
        return (
            category(self.name, self.label, {"non-frail": "Not frail", "frail": "Frail"}),
            Variable(f"{self.name}_points", f"{self.label}: points", "integer", minimum=0, maximum=5),
        )


class ImwgFrailty(_Frailty):
    """IMWG frailty from age, comorbidity and activities of daily living (Palumbo 2015; cut-points [M])."""

    rule: Literal["imwg-frailty"] = Field(description="Chooses this rule.")
    adl: VariableName | None = Field(default=None, description="Katz index of activities of daily living, 0 to 6.")
    iadl: VariableName | None = Field(
        default=None, description="Lawton index of instrumental activities of daily living, 0 to 8."
    )
    adl_impaired_up_to: Annotated[float, Field(ge=0, le=6)] | None = Field(
        default=None, description="Katz index up to which a point is given [M]; 4 when left out."
    )
    iadl_impaired_up_to: Annotated[float, Field(ge=0, le=8)] | None = Field(
        default=None, description="Lawton index up to which a point is given [M]; 5 when left out."
    )

    def inputs(self) -> tuple[Input, ...]:
        """Variables of `patients` that the rule reads."""
        return self._reads({"adl": NUMBER, "iadl": NUMBER})

    def variables(self) -> tuple[Variable, ...]:
        """The group and its points."""
        levels = {"fit": "Fit", "intermediate": "Intermediate fitness", "frail": "Frail"}
        return (
            category(self.name, self.label, levels),
            Variable(f"{self.name}_points", f"{self.label}: points", "integer", minimum=0, maximum=5),
        )
