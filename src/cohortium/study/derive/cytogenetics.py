"""High-risk cytogenetics and the number of high-risk lesions by name."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from cohortium.study.derive.reads import FINDING, NUMBER, Reads, category, inputs_of
from cohortium.study.derive.rule_section import LESION_LEVELS, Input, RuleSection
from cohortium.study.section import VariableName
from cohortium.study.variables import Variable

Lesion = Literal["del_17p", "tp53_mutation", "t_4_14", "t_14_16", "t_14_20", "gain_1q", "del_1p32"]
Finding = Literal[
    "del_17p", "tp53_mutation", "t_4_14", "t_14_16", "t_14_20", "gain_1q", "del_1p32", "del_1p32_biallelic",
    "high_beta2_microglobulin",
]  # fmt: skip

_GAIN_LEVELS = {
    **LESION_LEVELS,
    "gain": "positive",
    "gain (3 copies)": "positive",
    "amplification": "positive",
    "amplification (>= 4 copies)": "positive",
    "amplification (4 or more copies)": "positive",
}
_READS = {
    "del_17p": FINDING,
    "tp53_mutation": FINDING,
    "t_4_14": FINDING,
    "t_14_16": FINDING,
    "t_14_20": FINDING,
    "gain_1q": Reads(levels=_GAIN_LEVELS),
    "copies_1q": NUMBER,
    "del_1p32": FINDING,
    "del_1p32_biallelic": FINDING,
}


class LesionFindings(RuleSection):
    """Findings in plasma cells, each positive, negative or not tested; a key that is left out was nowhere tested."""

    del_17p: VariableName | None = Field(default=None, description="del(17p).")
    tp53_mutation: VariableName | None = Field(default=None, description="Mutation of TP53.")
    t_4_14: VariableName | None = Field(default=None, description="t(4;14).")
    t_14_16: VariableName | None = Field(default=None, description="t(14;16).")
    t_14_20: VariableName | None = Field(default=None, description="t(14;20).")
    gain_1q: VariableName | None = Field(default=None, description="Gain or amplification of 1q.")
    copies_1q: VariableName | None = Field(
        default=None, description="Copies of 1q; 3 or more are a gain. Used before `gain_1q` where it is known."
    )
    del_1p32: VariableName | None = Field(default=None, description="del(1p32), of one copy or both.")
    del_1p32_biallelic: VariableName | None = Field(default=None, description="del(1p32) of both copies.")


class HighRiskCytogenetics(LesionFindings):
    """High-risk cytogenetics by a named set; unknown where a lesion that was not tested could change the answer."""

    rule: Literal["high-risk-cytogenetics"] = Field(description="Chooses this rule.")
    set: Literal["classic", "extended", "ims-imwg-2025"] = Field(
        description="`classic`: any of del(17p), t(4;14), t(14;16). `extended`: also t(14;20), gain of 1q, del(1p32). "
        "`ims-imwg-2025`: the consensus definition of the International Myeloma Society and Working Group."
    )
    del_17p_percent: VariableName | None = Field(default=None, description="Share of cells with del(17p), in percent.")
    del_17p_percent_at_least: Annotated[float, Field(gt=0, le=100)] | None = Field(
        default=None,
        description="Share of cells from which del(17p) counts, in percent. Left out: 20 in `ims-imwg-2025`, and as the "
        "laboratory called it in the other sets.",
    )
    beta2_microglobulin: VariableName | None = Field(
        default=None, description="Beta-2 microglobulin, mg/L; read by `ims-imwg-2025`."
    )
    creatinine: VariableName | None = Field(
        default=None, description="Serum creatinine, mg/dL; read by `ims-imwg-2025`."
    )
    taken_as_negative: tuple[Finding, ...] = Field(
        default=(),
        description="Findings that count as negative where they were not tested; printed with the label.",
    )

    def inputs(self) -> tuple[Input, ...]:
        """Variables of `patients` that the rule reads."""
        measured = {
            "del_17p_percent": NUMBER,
            "beta2_microglobulin": Reads("beta2-microglobulin"),
            "creatinine": Reads("creatinine"),
        }
        return inputs_of(self, _READS | measured)

    def variables(self) -> tuple[Variable, ...]:
        """Whether the cytogenetics are high-risk."""
        label = _with_assumed(self.label, self.taken_as_negative)
        return (category(self.name, label, {"standard-risk": "Standard risk", "high-risk": "High risk"}),)


class CytogeneticHits(LesionFindings):
    """Number of high-risk lesions: double and triple hit as in mSMART 3 [M]."""

    rule: Literal["cytogenetic-hits"] = Field(description="Chooses this rule.")
    lesions: tuple[Lesion, ...] = Field(
        default=("del_17p", "tp53_mutation", "t_4_14", "t_14_16", "t_14_20", "gain_1q"),
        min_length=1,
        description="Lesions that are counted [M].",
    )
    taken_as_negative: tuple[Lesion, ...] = Field(
        default=(), description="Lesions that count as negative where they were not tested; printed with the label."
    )

    def inputs(self) -> tuple[Input, ...]:
        """Variables of `patients` that the rule reads."""
        return inputs_of(self, _READS)

    def variables(self) -> tuple[Variable, ...]:
        """The hits and the number of lesions."""
        label = _with_assumed(self.label, self.taken_as_negative)
        levels = {"none": "None", "single": "Single hit", "double": "Double hit", "triple": "Triple hit or more"}
        n_lesions = Variable(f"{self.name}_n", f"{label}: lesions", "integer", minimum=0, maximum=len(self.lesions))
        return (category(self.name, label, levels), n_lesions)


_PRINTED = {
    "del_17p": "del(17p)",
    "tp53_mutation": "TP53 mutation",
    "t_4_14": "t(4;14)",
    "t_14_16": "t(14;16)",
    "t_14_20": "t(14;20)",
    "gain_1q": "gain of 1q",
    "del_1p32": "del(1p32)",
    "del_1p32_biallelic": "del(1p32) of both copies",
    "high_beta2_microglobulin": "high beta-2 microglobulin",
}


def _with_assumed(label: str, negative: tuple[str, ...]) -> str:
    """The label with what was taken as negative."""
    return (
        f"{label} (untested {', '.join(_PRINTED[name] for name in negative)} taken as negative)" if negative else label
    )
