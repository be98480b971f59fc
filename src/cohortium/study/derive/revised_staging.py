"""R-ISS and R2-ISS by name."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from cohortium.study.derive.reads import FINDING, NUMBER, YES_NO, Reads, category, inputs_of
from cohortium.study.derive.rule_section import Input, RuleSection
from cohortium.study.section import VariableName
from cohortium.study.variables import Variable

UpperLimit = VariableName | Annotated[float, Field(gt=0)]
"""An upper limit of normal: a variable that holds each patient's own, or one number for all."""

_ISS_LEVELS = {
    written: stage
    for number, stage in (("1", "I"), ("2", "II"), ("3", "III"))
    for written in (number, stage.lower(), f"stage {stage.lower()}", f"iss {stage.lower()}", f"stage {number}")
}
_READS = {
    "iss": Reads(levels=_ISS_LEVELS),
    "beta2_microglobulin": Reads("beta2-microglobulin"),
    "albumin": Reads("albumin"),
    "ldh": Reads("ldh"),
    "ldh_upper_limit": Reads("ldh"),
    "ldh_elevated": YES_NO,
    "del_17p": FINDING,
    "t_4_14": FINDING,
}


class StagedByIss(RuleSection):
    """What the two revisions have in common: the ISS, LDH and two lesions."""

    iss: VariableName | None = Field(
        default=None, description="ISS stage as entered; where it is not known, the stage is made of the measurements."
    )
    beta2_microglobulin: VariableName | None = Field(default=None, description="Beta-2 microglobulin, mg/L.")
    albumin: VariableName | None = Field(default=None, description="Serum albumin, g/dL.")
    ldh: VariableName | None = Field(default=None, description="Lactate dehydrogenase, U/L.")
    ldh_upper_limit: UpperLimit | None = Field(
        default=None, description="Its upper limit of normal: a variable, or a number in U/L."
    )
    ldh_elevated: VariableName | None = Field(
        default=None, description="Whether LDH is above normal, as entered; used where the measurement is not known."
    )
    del_17p: VariableName | None = Field(default=None, description="del(17p): positive, negative or not tested.")
    t_4_14: VariableName | None = Field(default=None, description="t(4;14): positive, negative or not tested.")
    computed_at: Literal["diagnosis", "index"] = Field(
        default="diagnosis",
        description="When the values were measured. The systems were made for `diagnosis`; `index` (start of the study "
        "drug) is printed with the label.",
    )

    @property
    def titled(self) -> str:
        """The label with when the stage was computed."""
        return f"{self.label} at {self.computed_at}"


class RIss(StagedByIss):
    """Revised International Staging System (Palumbo 2015)."""

    rule: Literal["r-iss"] = Field(description="Chooses this rule.")
    t_14_16: VariableName | None = Field(default=None, description="t(14;16): positive, negative or not tested.")

    def inputs(self) -> tuple[Input, ...]:
        """Variables of `patients` that the rule reads."""
        return inputs_of(self, {**_READS, "t_14_16": FINDING})

    def variables(self) -> tuple[Variable, ...]:
        """The stage."""
        return (category(self.name, self.titled, {"I": "I", "II": "II", "III": "III"}),)


class R2Iss(StagedByIss):
    """Second Revision of the International Staging System (D'Agostino 2022)."""

    rule: Literal["r2-iss"] = Field(description="Chooses this rule.")
    gain_1q: VariableName | None = Field(default=None, description="1q gain: positive, negative or not tested.")
    copies_1q: VariableName | None = Field(
        default=None, description="Copies of 1q; 3 or more are a gain. Used before `gain_1q` where it is known."
    )

    def inputs(self) -> tuple[Input, ...]:
        """Variables of `patients` that the rule reads."""
        return inputs_of(self, {**_READS, "gain_1q": FINDING, "copies_1q": NUMBER})

    def variables(self) -> tuple[Variable, ...]:
        """The stage and its points."""
        stages = {"I": "I (low)", "II": "II (low-intermediate)", "III": "III (intermediate-high)", "IV": "IV (high)"}
        points = Variable(f"{self.name}_points", f"{self.titled}: points", "number", minimum=0, maximum=5, decimals=1)
        return (category(self.name, self.titled, stages), points)
