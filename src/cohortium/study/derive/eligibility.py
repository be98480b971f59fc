"""Eligibility for a published trial by name, each criterion for itself."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import Field

from cohortium.study.derive.reads import ECOG, FINDING, NUMBER, Reads, category, inputs_of
from cohortium.study.derive.revised_staging import UpperLimit
from cohortium.study.derive.rule_section import Input, RuleSection
from cohortium.study.section import VariableName
from cohortium.study.variables import Variable

Criterion = Literal[
    "age", "myeloma", "prior_lines", "triple_class_exposed", "progressive_measurable", "prior_bcma", "ecog",
    "hemoglobin", "platelets", "neutrophils", "ast", "alt", "bilirubin", "creatinine_clearance", "calcium", "cns",
    "other_plasma_cell_disease", "allogeneic_transplant", "autologous_transplant", "viral_infection",
    "stroke_or_seizure",
]  # fmt: skip

CRITERIA: Mapping[Criterion, str] = {
    "age": "Age",
    "myeloma": "Myeloma by IMWG criteria",
    "prior_lines": "Number of earlier lines",
    "triple_class_exposed": "Not triple-class exposed",
    "progressive_measurable": "Progressive, measurable disease",
    "prior_bcma": "Earlier therapy against BCMA",
    "ecog": "ECOG performance status",
    "hemoglobin": "Hemoglobin",
    "platelets": "Platelets",
    "neutrophils": "Neutrophils",
    "ast": "Aspartate aminotransferase",
    "alt": "Alanine aminotransferase",
    "bilirubin": "Bilirubin",
    "creatinine_clearance": "Kidney function",
    "calcium": "Corrected calcium",
    "cns": "Disease of the central nervous system",
    "other_plasma_cell_disease": "Other plasma cell disease",
    "allogeneic_transplant": "Recent allogeneic transplant",
    "autologous_transplant": "Recent autologous transplant",
    "viral_infection": "Active hepatitis B or C, or HIV",
    "stroke_or_seizure": "Recent stroke or seizure",
}
"""Criteria in the order of the tables, with the reason that is printed where one is not met."""

_READS = {
    **dict.fromkeys(
        ("myeloma", "triple_class_exposed", "progressive_measurable", "prior_bcma", "cns", "other_plasma_cell_disease",
         "allogeneic_transplant", "autologous_transplant", "viral_infection", "stroke_or_seizure"),
        FINDING,
    ),
    **dict.fromkeys(("prior_lines", "creatinine_clearance"), NUMBER),
    "ecog": ECOG,
    "age": Reads("age"),
    "hemoglobin": Reads("hemoglobin"),
    "platelets": Reads("platelets"),
    "neutrophils": Reads("neutrophils"),
    "marrow_plasma_cells": Reads("marrow-plasma-cells"),
    "ast": Reads("ast"), "ast_upper_limit": Reads("ast"),
    "alt": Reads("alt"), "alt_upper_limit": Reads("alt"),
    "bilirubin": Reads("bilirubin"), "bilirubin_upper_limit": Reads("bilirubin"),
    "calcium": Reads("corrected-calcium"),
}  # fmt: skip
LIMITS = (
    "hemoglobin_at_least", "platelets_at_least", "platelets_at_least_in_full_marrow", "full_marrow_from_percent",
    "neutrophils_at_least", "ast_at_most_times_uln", "alt_at_most_times_uln", "bilirubin_at_most_times_uln",
    "creatinine_clearance_at_least", "calcium_at_most",
)  # fmt: skip
"""Keys that set a limit in place of the trial's."""

_AboveZero = Annotated[float, Field(gt=0)]


class TrialEligibility(RuleSection):
    """Whether a patient would have been eligible for a trial; a criterion without a variable is nowhere known."""

    rule: Literal["trial-eligibility"] = Field(description="Chooses this rule.")
    criteria: Literal["majestec-1"] = Field(
        description="The trial's criteria: `majestec-1` (teclistamab, NCT04557098)."
    )
    leave_out: tuple[Criterion, ...] = Field(
        default=(), description="Criteria that are not judged; the number judged is printed with the label."
    )
    age: VariableName | None = Field(default=None, description="Age, years.")
    myeloma: VariableName | None = Field(default=None, description="Myeloma by IMWG criteria: yes or no.")
    prior_lines: VariableName | None = Field(default=None, description="Number of earlier lines of therapy.")
    triple_class_exposed: VariableName | None = Field(
        default=None, description="Exposed to immunomodulatory drug, proteasome inhibitor and anti-CD38 antibody."
    )
    progressive_measurable: VariableName | None = Field(
        default=None, description="Progressive disease that can be measured: yes or no."
    )
    prior_bcma: VariableName | None = Field(default=None, description="Earlier therapy against BCMA: yes or no.")
    ecog: VariableName | None = Field(
        default=None, description="ECOG performance status, a number or a category of them."
    )
    hemoglobin: VariableName | None = Field(default=None, description="Hemoglobin, g/dL.")
    platelets: VariableName | None = Field(default=None, description="Platelets, 10^9/L.")
    marrow_plasma_cells: VariableName | None = Field(
        default=None, description="Plasma cells in marrow, percent; many of them lower the platelets that are needed."
    )
    neutrophils: VariableName | None = Field(default=None, description="Neutrophils, 10^9/L.")
    ast: VariableName | None = Field(default=None, description="Aspartate aminotransferase, U/L.")
    ast_upper_limit: UpperLimit | None = Field(default=None, description="Its upper limit: a variable, or a number.")
    alt: VariableName | None = Field(default=None, description="Alanine aminotransferase, U/L.")
    alt_upper_limit: UpperLimit | None = Field(default=None, description="Its upper limit: a variable, or a number.")
    bilirubin: VariableName | None = Field(default=None, description="Bilirubin, mg/dL.")
    bilirubin_upper_limit: UpperLimit | None = Field(
        default=None, description="Its upper limit: a variable, or a number."
    )
    creatinine_clearance: VariableName | None = Field(
        default=None, description="Creatinine clearance in mL/min, or estimated filtration rate."
    )
    calcium: VariableName | None = Field(default=None, description="Calcium corrected for albumin, mg/dL.")
    cns: VariableName | None = Field(default=None, description="Disease of the central nervous system or meninges.")
    other_plasma_cell_disease: VariableName | None = Field(
        default=None, description="Active plasma cell leukemia, Waldenstrom's, POEMS or AL amyloidosis: yes or no."
    )
    allogeneic_transplant: VariableName | None = Field(
        default=None, description="Allogeneic transplant within 6 months: yes or no."
    )
    autologous_transplant: VariableName | None = Field(
        default=None, description="Autologous transplant within 12 weeks: yes or no."
    )
    viral_infection: VariableName | None = Field(
        default=None, description="Active hepatitis B or C, or HIV: yes or no."
    )
    stroke_or_seizure: VariableName | None = Field(
        default=None, description="Stroke or seizure within 6 months: yes or no."
    )
    hemoglobin_at_least: _AboveZero | None = Field(default=None, description="g/dL [M]; the trial's 8 when left out.")
    platelets_at_least: _AboveZero | None = Field(default=None, description="10^9/L [M]; the trial's 75 when left out.")
    platelets_at_least_in_full_marrow: _AboveZero | None = Field(
        default=None, description="The same where marrow is full of plasma cells [M]; 50 when left out."
    )
    full_marrow_from_percent: _AboveZero | None = Field(
        default=None, description="Plasma cells from which marrow is full [M]; 50 when left out."
    )
    neutrophils_at_least: _AboveZero | None = Field(default=None, description="10^9/L [M]; 1.0 when left out.")
    ast_at_most_times_uln: _AboveZero | None = Field(
        default=None, description="Multiple of the upper limit [M]; 3 when left out."
    )
    alt_at_most_times_uln: _AboveZero | None = Field(
        default=None, description="Multiple of the upper limit [M]; 3 when left out."
    )
    bilirubin_at_most_times_uln: _AboveZero | None = Field(
        default=None, description="Multiple of the upper limit [M]; 2 when left out."
    )
    creatinine_clearance_at_least: _AboveZero | None = Field(default=None, description="mL/min [M]; 40 when left out.")
    calcium_at_most: _AboveZero | None = Field(default=None, description="mg/dL [M]; 14 when left out.")

    @property
    def judged(self) -> tuple[Criterion, ...]:
        """Criteria that are judged, in the order of the tables."""
        return tuple(criterion for criterion in CRITERIA if criterion not in self.leave_out)

    def inputs(self) -> tuple[Input, ...]:
        """Variables of `patients` that the rule reads."""
        return inputs_of(self, _READS)

    def variables(self) -> tuple[Variable, ...]:
        """Eligible or not; how many criteria are not met and not known; the reasons; each criterion."""
        name, judged = self.name, self.judged
        label = f"{self.label} ({len(judged)} of {len(CRITERIA)} criteria)" if self.leave_out else self.label
        reasons: dict[str, str] = {criterion: CRITERIA[criterion] for criterion in judged}
        counts = {"n_not_met": "criteria not met", "n_unknown": "criteria not known"}
        return (
            category(name, label, {"eligible": "Eligible", "ineligible": "Ineligible"}),
            *(
                Variable(f"{name}_{suffix}", f"{label}: {words}", "integer", minimum=0, maximum=len(judged))
                for suffix, words in counts.items()
            ),
            category(f"{name}_first_reason", f"{label}: first reason", {"none": "None", **reasons}),
            category(
                f"{name}_only_reason",
                f"{label}: only reason",
                {"none": "None", **reasons, "several": "Several reasons"},
            ),
            *(
                category(f"{name}_{criterion}", CRITERIA[criterion], {"met": "Met", "not-met": "Not met"})
                for criterion in judged
            ),
        )
