"""High-risk cytogenetics by a named set; unknown when a lesion that was not tested could change the answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from cohortium.derivations.cytogenetics.lesions import lesion
from cohortium.derivations.rule import Derived, Tables
from cohortium.derivations.rule_inputs import number, yes_or_no
from cohortium.derivations.thresholds import Threshold
from cohortium.study.derive.cytogenetics import HighRiskCytogenetics

_HIGH_BETA2, _NORMAL_CREATININE = Threshold(">=", 5.5), Threshold("<", 1.2)


@dataclass(frozen=True, slots=True)
class RiskSet:
    """A set of findings that make a myeloma high-risk.

    any_of   combinations, one of which is enough; a combination holds when every group of it has a positive finding
    del_17p_percent      share of cells that del(17p) needs, in percent; None: as the laboratory called it
    beta2, creatinine    thresholds of `high_beta2_microglobulin` (mg/L) and `normal_creatinine` (mg/dL)
    """

    any_of: tuple[tuple[tuple[str, ...], ...], ...]
    del_17p_percent: Threshold | None = None
    beta2: Threshold = _HIGH_BETA2
    creatinine: Threshold = _NORMAL_CREATININE


_CLASSIC = ((("del_17p",),), (("t_4_14",),), (("t_14_16",),))

RISK_SETS: Mapping[str, RiskSet] = {
    "classic": RiskSet(_CLASSIC),
    "extended": RiskSet((*_CLASSIC, (("t_14_20",),), (("gain_1q",),), (("del_1p32",),))),
    "ims-imwg-2025": RiskSet(
        (
            (("del_17p",),),
            (("tp53_mutation",),),
            (("t_4_14", "t_14_16", "t_14_20"), ("gain_1q", "del_1p32")),
            (("del_1p32",), ("gain_1q",)),
            (("del_1p32_biallelic",),),
            (("high_beta2_microglobulin",), ("normal_creatinine",)),
        ),
        del_17p_percent=Threshold(">=", 20.0),
    ),
}
"""The sets by name; a set never changes once released."""


def high_risk_cytogenetics(
    tables: Tables, section: HighRiskCytogenetics, sets: Mapping[str, RiskSet] = RISK_SETS
) -> Derived:
    """Whether the cytogenetics of every patient are high-risk.

    A combination uses no negation, so that three-valued logic is exact: the answer is null if and only if completing
    what was not tested can give either.
    """
    rules = _with_keys(sets[section.set], section)
    patients = tables.patients
    is_high = pl.any_horizontal([_combination(patients, section, rules, groups) for groups in rules.any_of])
    answer = yes_or_no(is_high, "high-risk", "standard-risk").alias(section.name)
    return Derived(patients.select("patient", answer))


def _with_keys(rules: RiskSet, section: HighRiskCytogenetics) -> RiskSet:
    """The set with the share of cells that the study file asks for."""
    if section.del_17p_percent_at_least is None:
        return rules
    asked = Threshold(">=", section.del_17p_percent_at_least)
    return RiskSet(rules.any_of, asked, rules.beta2, rules.creatinine)


def _combination(
    patients: pl.DataFrame, section: HighRiskCytogenetics, rules: RiskSet, groups: tuple[tuple[str, ...], ...]
) -> pl.Expr:
    return pl.all_horizontal(
        [pl.any_horizontal([_found(patients, section, rules, name) for name in group]) for group in groups]
    )


def _found(patients: pl.DataFrame, section: HighRiskCytogenetics, rules: RiskSet, name: str) -> pl.Expr:
    """Whether one finding of a set is there."""
    if name == "high_beta2_microglobulin":
        found = rules.beta2.holds(number(patients, "beta2_microglobulin"))
    elif name == "normal_creatinine":
        found = rules.creatinine.holds(number(patients, "creatinine"))
    elif name == "del_17p" and rules.del_17p_percent is not None:
        found = lesion(patients, name) & rules.del_17p_percent.holds(number(patients, "del_17p_percent"))
    else:
        found = lesion(patients, name)
    return found.fill_null(False) if name in section.taken_as_negative else found
