"""Earlier lines of therapy by name: exposure, refractoriness, cells and antibodies against BCMA, transplant."""

from __future__ import annotations

import re
from typing import Annotated, Literal

from pydantic import Field

from cohortium.study.derive.reads import NUMBER, YES_NO, category, inputs_of
from cohortium.study.derive.rule_section import Input, RuleSection
from cohortium.study.section import VariableName
from cohortium.study.tables import DRUG_CLASSES
from cohortium.study.variables import Variable

Drug = Annotated[str, Field(pattern=r"^[a-z][a-z0-9 -]*$", max_length=30)]
DrugClass = Literal[
    "imid", "pi", "anti-cd38", "bcma-adc", "bcma-car-t", "bcma-bispecific", "gprc5d-bispecific", "gprc5d-car-t",
    "fcrh5-bispecific", "alkylator", "anthracycline", "corticosteroid", "anti-slamf7", "xpo1-inhibitor", "bcl2-inhibitor",
]  # fmt: skip

TRIPLE: tuple[DrugClass, ...] = ("imid", "pi", "anti-cd38")
YES = {"yes": "Yes", "no": "No"}
BCMA_KINDS = {
    "none": "None",
    "adc-only": "Antibody-drug conjugate only",
    "car-t-only": "CAR T cells only",
    "bispecific-only": "Bispecific antibody only",
    "adc-and-car-t": "Antibody-drug conjugate and CAR T cells",
    "other": "Other combination",
}


class PriorTherapy(RuleSection):
    """Earlier therapy from the rows of `therapies`, a drug within a line each."""

    rule: Literal["prior-therapy"] = Field(description="Chooses this rule.")
    classes: tuple[DrugClass, ...] = Field(
        default=TRIPLE, description="Classes for which exposure and refractoriness are variables of their own."
    )
    drugs: tuple[Drug, ...] = Field(
        default=("lenalidomide", "pomalidomide", "bortezomib", "carfilzomib", "daratumumab"),
        description="Drugs for which exposure and refractoriness are variables of their own, generic names in lower case.",
    )
    refractory_within_days: Annotated[int, Field(ge=0, le=366)] = Field(
        default=60,
        description="Progression on the drug, or within so many days of its last dose, the last day included [M].",
    )
    refractory_responses: tuple[Literal["MR", "SD", "PD"], ...] = Field(
        default=("SD", "PD"), description="Best responses to a line that make its drugs refractory: less than MR [M]."
    )
    refractory_stop_reasons: tuple[Literal["progression", "clinical-progression"], ...] = Field(
        default=("progression",), description="Reasons for stopping a drug that mean progression on it."
    )
    no_progression_day: Literal["unknown", "no-progression"] = Field(
        default="unknown",
        description="What a missing day of progression means: not known whether there was one, or that there was none "
        "(for sites that enter every progression).",
    )
    penta_imids: tuple[Drug, ...] = Field(
        default=("lenalidomide", "pomalidomide"), description="Immunomodulatory drugs that count for five drugs [M]."
    )
    penta_pis: tuple[Drug, ...] = Field(
        default=("bortezomib", "carfilzomib"), description="Proteasome inhibitors that count for five drugs [M]."
    )
    penta_each: Annotated[int, Field(ge=1, le=5)] = Field(
        default=2, description="How many of either list are needed, beside one anti-CD38 antibody [M]."
    )
    penta_word: Literal["Penta-drug", "Penta-class", "Penta"] = Field(
        default="Penta-drug", description="The word printed for it; papers differ, the rule does not."
    )
    index: Literal["origin", "index-therapy"] = Field(
        default="origin",
        description="Day to which the time since the last CAR T cells is counted: the origin of the study's time, or the "
        "first day of the therapy with role `index`.",
    )
    site_n_lines: VariableName | None = Field(
        default=None, description="Number of lines as the site entered it; disagreements are listed."
    )
    site_triple_class_exposed: VariableName | None = Field(
        default=None, description="The same for triple-class exposure."
    )
    site_triple_class_refractory: VariableName | None = Field(
        default=None, description="The same for triple-class refractory disease."
    )
    site_penta_exposed: VariableName | None = Field(default=None, description="The same for exposure to five drugs.")
    site_penta_refractory: VariableName | None = Field(
        default=None, description="The same for disease refractory to five drugs."
    )
    site_bcma: VariableName | None = Field(default=None, description="The same for earlier therapy against BCMA.")

    def inputs(self) -> tuple[Input, ...]:
        """Variables of `patients` that the rule reads: those with which its answers are compared."""
        flags = {f"site_{name}": YES_NO for name in COMPARED if name != "n_lines"}
        return inputs_of(self, {"site_n_lines": NUMBER, **flags})

    def tables(self) -> tuple[str, ...]:
        """Tidy tables that the rule reads."""
        return ("therapies",)

    def variables(self) -> tuple[Variable, ...]:
        """Number of lines, then exposure and refractoriness by class, by drug, of three classes, of five drugs."""
        named = [(of_class(one), DRUG_CLASSES[one]) for one in self.classes]
        named += [(of_drug(one), one) for one in self.drugs]
        each = [
            category(f"{self.name}_{prefix}_{suffix}", f"{word} {printed}", YES)
            for prefix, word in (("exposed", "Exposed to"), ("refractory", "Refractory to"))
            for suffix, printed in named
        ]
        flags = {
            "triple_class_exposed": "Triple-class exposed",
            "triple_class_refractory": "Triple-class refractory",
            "penta_exposed": f"{self.penta_word} exposed",
            "penta_refractory": f"{self.penta_word} refractory",
            "bcma": "Earlier therapy against BCMA",
            "autologous_transplant": "Earlier autologous transplant",
            "allogeneic_transplant": "Earlier allogeneic transplant",
        }
        return (
            Variable(self.name, self.label, "integer", minimum=0, maximum=40),
            *each,
            *(category(f"{self.name}_{suffix}", label, YES) for suffix, label in flags.items()),
            category(f"{self.name}_bcma_kind", "Earlier therapy against BCMA, by kind", BCMA_KINDS),
            Variable(
                f"{self.name}_days_since_bcma_car_t",
                "Time since the last CAR T cells against BCMA",
                "integer",
                unit="days",
            ),
        )


COMPARED = (
    "n_lines", "triple_class_exposed", "triple_class_refractory", "penta_exposed", "penta_refractory", "bcma",
)  # fmt: skip
"""What a site may have entered itself, by the end of the key and, but for the number of lines, of the variable."""


def of_class(drug_class: str) -> str:
    """The end of a variable's name for a class."""
    return drug_class.replace("-", "_")


def of_drug(drug: str) -> str:
    """The end of a variable's name for a drug."""
    return re.sub(r"[^a-z0-9]", "_", drug)
