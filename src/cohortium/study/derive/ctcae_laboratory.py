"""Laboratory values graded by CTCAE by name: terms, version and limits of normal."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from cohortium.study.derive.grades import grades_of, yes_no
from cohortium.study.derive.rule_section import Input, RuleSection
from cohortium.study.quantities import QUANTITIES
from cohortium.study.section import Section, VariableName
from cohortium.study.variables import Variable

CtcaeVersion = Literal["5.0", "6.0"]
UnitSystem = Literal["us", "si"]

_BOTH: Mapping[str, str] = {
    "anemia": "Anemia",
    "leukocytosis": "Leukocytosis",
    "aptt-prolonged": "Activated partial thromboplastin time prolonged",
    "alt-increased": "Alanine aminotransferase increased",
    "alp-increased": "Alkaline phosphatase increased",
    "ast-increased": "Aspartate aminotransferase increased",
    "bilirubin-increased": "Blood bilirubin increased",
    "ldh-increased": "Blood lactate dehydrogenase increased",
    "cd4-decreased": "CD4 lymphocytes decreased",
    "cholesterol-high": "Cholesterol high",
    "creatinine-increased": "Creatinine increased",
    "fibrinogen-decreased": "Fibrinogen decreased",
    "ggt-increased": "GGT increased",
    "haptoglobin-decreased": "Haptoglobin decreased",
    "hemoglobin-increased": "Hemoglobin increased",
    "inr-increased": "INR increased",
    "lipase-increased": "Lipase increased",
    "lymphocytes-increased": "Lymphocyte count increased",
    "neutrophils-decreased": "Neutrophil count decreased",
    "amylase-increased": "Serum amylase increased",
    "leukocytes-decreased": "White blood cell decreased",
    "acidosis": "Acidosis",
    "alkalosis": "Alkalosis",
    "hypercalcemia": "Hypercalcemia",
    "hypercalcemia-ionized": "Hypercalcemia (Ionized)",
    "hyperkalemia": "Hyperkalemia",
    "hypermagnesemia": "Hypermagnesemia",
    "hypernatremia": "Hypernatremia",
    "hypertriglyceridemia": "Hypertriglyceridemia",
    "hyperuricemia": "Hyperuricemia",
    "hypoalbuminemia": "Hypoalbuminemia",
    "hypocalcemia": "Hypocalcemia",
    "hypocalcemia-ionized": "Hypocalcemia (Ionized)",
    "hypoglycemia": "Hypoglycemia",
    "hypokalemia": "Hypokalemia",
    "hypomagnesemia": "Hypomagnesemia",
    "hyponatremia": "Hyponatremia",
}

CTCAE_TERMS: Mapping[CtcaeVersion, Mapping[str, str]] = {
    "5.0": {
        **_BOTH,
        "cpk-increased": "CPK increased",
        "lymphocytes-decreased": "Lymphocyte count decreased",
        "platelets-decreased": "Platelet count decreased",
    },
    "6.0": {
        **_BOTH,
        "platelets-decreased": "Thrombocytopenia",
        "creatinine-clearance-decreased": "Creatinine clearance decreased",
        "hdl-decreased": "HDL decreased",
        "ldl-increased": "LDL increased",
        "hyperglycemia": "Hyperglycemia",
        "hyperglycemia-fasting": "Hyperglycemia (Fasting)",
    },
}
"""Terms that follow from laboratory values alone, by version: code and the criteria's own name."""

CtcaeTerm = Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]*$", max_length=40)]
HIGHEST = 4
"""No laboratory value is a grade 5."""

CYTOPENIAS: tuple[str, ...] = ("neutrophils-decreased", "anemia", "platelets-decreased", "lymphocytes-decreased")


class Limits(Section):
    """Limits of normal of a quantity, for rows that have none of their own."""

    quantity: str = Field(description="Code of the quantity, e.g. `hemoglobin`.")
    lower: float | None = Field(default=None, description="Lower limit of normal, in the quantity's own unit.")
    upper: float | None = Field(default=None, description="Upper limit of normal, in the quantity's own unit.")
    sex: Literal["female", "male"] | None = Field(
        default=None, description="Patients whom the limits concern; all when left out."
    )


class CtcaeLaboratory(RuleSection):
    """Worst grade of each laboratory term after day 0, with when severe grades came and whether they lasted."""

    rule: Literal["ctcae-laboratory"] = Field(description="The rule: laboratory values graded by CTCAE.")
    version: CtcaeVersion = Field(
        default="5.0", description="Version of the Common Terminology Criteria for Adverse Events, printed in labels."
    )
    terms: tuple[CtcaeTerm, ...] = Field(
        default=CYTOPENIAS, min_length=1, max_length=50, description="Terms to grade, by code."
    )
    unit_system: UnitSystem = Field(
        default="us",
        description="Whose limits grade every value where the criteria's two unit systems are rounded differently: `us` "
        "(e.g. calcium 11.5 mg/dL) or `si` (2.9 mmol/L). Values may be in any unit.",
    )
    limits: tuple[Limits, ...] = Field(
        default=(), max_length=100, description="Limits of normal for rows that have none of their own; the first fits."
    )
    sex: VariableName | None = Field(default=None, description="Sex, where `limits` differ by it.")
    from_day: int = Field(default=1, ge=-30, le=3650, description="First day that counts.")
    to_day: int | None = Field(default=None, ge=0, le=3650, description="Last day that counts; no limit when left out.")
    baseline_from_day: int = Field(
        default=-30, ge=-3650, le=0, description="Earliest day of a baseline value; the last known one counts [M]."
    )
    baseline_to_day: int = Field(default=0, ge=-3650, le=30, description="Latest day of a baseline value.")
    without_baseline: Literal["unknown", "normal"] = Field(
        default="unknown",
        description="What a missing baseline means where a grade depends on it: not known, or within normal limits, "
        "comparisons with it left out.",
    )
    severe_by_days: tuple[Annotated[int, Field(ge=1, le=3650)], ...] = Field(
        default=(), max_length=10, description="Days by which a grade of 3 or higher is looked for, e.g. [30, 90]."
    )
    ongoing_at_days: tuple[Annotated[int, Field(ge=1, le=3650)], ...] = Field(
        default=(), max_length=10, description="Days at which a grade of 3 or higher is looked for, e.g. [30, 90]."
    )
    ongoing_within_days: int = Field(
        default=14,
        ge=0,
        le=366,
        description="How old the last value may be that tells the grade at such a day [M].",
    )

    @model_validator(mode="after")
    def _known(self) -> Self:
        known = CTCAE_TERMS[self.version]
        unknown = [term for term in self.terms if term not in known]
        if unknown:
            raise ValueError(f"CTCAE {self.version} has no laboratory term {', '.join(unknown)}")
        if len(set(self.terms)) < len(self.terms):
            raise ValueError("a term is named twice")
        strange = [limits.quantity for limits in self.limits if limits.quantity not in QUANTITIES]
        if strange:
            raise ValueError(f"limits of {', '.join(strange)}: there is no such quantity")
        if self.sex is None and any(limits.sex for limits in self.limits):
            raise ValueError("limits by sex need the key sex")
        return self

    def inputs(self) -> tuple[Input, ...]:
        """Sex, where limits of normal differ by it."""
        levels = {"female": "female", "f": "female", "woman": "female", "male": "male", "m": "male", "man": "male"}
        return (Input("sex", self.sex, ("category",), levels=levels),) if self.sex else ()

    def tables(self) -> tuple[str, ...]:
        """Tidy tables that the rule reads."""
        return ("assessments",)

    def variables(self) -> tuple[Variable, ...]:
        """The worst of all terms; then for each term worst grade, any, severe, and severe by and at the named days."""
        found = list(grades_of(self.name, f"{self.label} (CTCAE {self.version})", HIGHEST))
        for term in self.terms:
            name = f"{self.name}_{term.replace('-', '_')}"
            label = f"{CTCAE_TERMS[self.version][term]} (CTCAE {self.version})"
            found += grades_of(name, label, HIGHEST)
            found += [yes_no(f"{name}_by_{day}", f"{label}, grade 3 or 4 by day {day}") for day in self.severe_by_days]
            found += [yes_no(f"{name}_at_{day}", f"{label}, grade 3 or 4 at day {day}") for day in self.ongoing_at_days]
        return tuple(found)
