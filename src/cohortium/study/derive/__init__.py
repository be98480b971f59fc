"""The `[[derive]]` sections: made from variables by expressions, or by a clinical rule that is named; a module a topic.

To add a rule: write its model in the module of its topic and name it in `AnyDerive` with its rule as tag.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Annotated, get_args

from pydantic import Discriminator, Tag

from cohortium.study.derive.adverse_events import AdverseEvents
from cohortium.study.derive.ctcae_laboratory import CtcaeLaboratory
from cohortium.study.derive.cytogenetics import CytogeneticHits, HighRiskCytogenetics
from cohortium.study.derive.eligibility import TrialEligibility
from cohortium.study.derive.endpoints import TimeToEvent
from cohortium.study.derive.frailty import Charlson, ImwgFrailty, SimplifiedFrailty
from cohortium.study.derive.from_variables import Case, Derive
from cohortium.study.derive.icaht import Icaht
from cohortium.study.derive.kidney import CkdEpi2021, CockcroftGault
from cohortium.study.derive.prior_therapy import PriorTherapy
from cohortium.study.derive.regimen import RegimenOfLine
from cohortium.study.derive.response import ImwgConfirmation, ImwgResponse
from cohortium.study.derive.revised_staging import R2Iss, RIss
from cohortium.study.derive.rule_section import RuleSection
from cohortium.study.derive.scores import CarHematotox, Easix, MyCare
from cohortium.study.derive.soft_tissue import SoftTissueDisease
from cohortium.study.derive.staging import Iss
from cohortium.study.derive.toxicity import Crs, Icans

EXPRESSION = "expression"
"""Tag of the form without `rule`."""


def _form(value: object) -> str:
    """Which of the forms is written, so that an error speaks of that one only."""
    rule = value.get("rule") if isinstance(value, dict) else getattr(value, "rule", None)
    return EXPRESSION if rule is None else str(rule)


AnyDerive = Annotated[
    Annotated[Derive, Tag(EXPRESSION)]
    | Annotated[ImwgConfirmation, Tag("imwg-confirmation")]
    | Annotated[ImwgResponse, Tag("imwg-response")]
    | Annotated[TimeToEvent, Tag("time-to-event")]
    | Annotated[Iss, Tag("iss")]
    | Annotated[RIss, Tag("r-iss")]
    | Annotated[R2Iss, Tag("r2-iss")]
    | Annotated[HighRiskCytogenetics, Tag("high-risk-cytogenetics")]
    | Annotated[CytogeneticHits, Tag("cytogenetic-hits")]
    | Annotated[SoftTissueDisease, Tag("soft-tissue-disease")]
    | Annotated[PriorTherapy, Tag("prior-therapy")]
    | Annotated[RegimenOfLine, Tag("regimen-of-line")]
    | Annotated[TrialEligibility, Tag("trial-eligibility")]
    | Annotated[Easix, Tag("easix")]
    | Annotated[CarHematotox, Tag("car-hematotox")]
    | Annotated[MyCare, Tag("mycare")]
    | Annotated[CkdEpi2021, Tag("ckd-epi-2021")]
    | Annotated[CockcroftGault, Tag("cockcroft-gault")]
    | Annotated[Charlson, Tag("charlson")]
    | Annotated[SimplifiedFrailty, Tag("simplified-frailty")]
    | Annotated[ImwgFrailty, Tag("imwg-frailty")]
    | Annotated[Crs, Tag("crs")]
    | Annotated[Icans, Tag("icans")]
    | Annotated[CtcaeLaboratory, Tag("ctcae-laboratory")]
    | Annotated[AdverseEvents, Tag("adverse-events")]
    | Annotated[Icaht, Tag("icaht")],
    Discriminator(_form),
]

RULE_SECTIONS: Mapping[str, type[RuleSection]] = MappingProxyType(
    {
        tag.tag: model
        for model, tag in (get_args(form) for form in get_args(get_args(AnyDerive)[0]))
        if tag.tag != EXPRESSION
    }
)
"""Model of each rule by its name."""

__all__ = ["EXPRESSION", "RULE_SECTIONS", "AnyDerive", "Case", "Derive", "RuleSection"]
