"""The Charlson comorbidity index."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from cohortium.derivations.determined import Limits, settled, total
from cohortium.derivations.rule import Derived, Tables
from cohortium.derivations.rule_inputs import finding, number
from cohortium.derivations.thresholds import Bands, Threshold
from cohortium.study.derive.frailty import Charlson


@dataclass(frozen=True, slots=True)
class CharlsonRules:
    """Weights of conditions, points of age, and which condition is the graver of two.

    graver   milder condition to the graver one, beside which it is not counted
    """

    weights: Mapping[str, float]
    age: Bands[float]
    graver: Mapping[str, str]


CHARLSON_1987 = CharlsonRules(
    {
        **dict.fromkeys(
            (
                "myocardial_infarction", "heart_failure", "peripheral_vascular", "cerebrovascular", "dementia",
                "pulmonary", "connective_tissue", "ulcer", "mild_liver", "diabetes",
            ),
            1.0,
        ),
        **dict.fromkeys(("hemiplegia", "kidney", "diabetes_with_damage", "tumor", "leukemia", "lymphoma"), 2.0),
        "severe_liver": 3.0,
        "metastatic_tumor": 6.0,
        "aids": 6.0,
    },
    Bands(
        (
            (Threshold(">=", 80.0), 4.0), (Threshold(">=", 70.0), 3.0), (Threshold(">=", 60.0), 2.0),
            (Threshold(">=", 50.0), 1.0),
        ),
        0.0,
    ),
    {"mild_liver": "severe_liver", "diabetes": "diabetes_with_damage", "tumor": "metastatic_tumor"},
)  # fmt: skip
"""Charlson et al. 1987; that the graver of two alone is counted is [M]."""


def charlson(tables: Tables, section: Charlson, rules: CharlsonRules = CHARLSON_1987) -> Derived:
    """The index of every patient where every condition is known, and what it is at least in all."""
    patients = tables.patients
    parts = _conditions(patients, section, rules)
    if section.age_adjusted:
        parts.append(Limits.of_bands(rules.age, number(patients, "age")))
    frame, index = settled(patients, total(parts))
    return Derived(
        frame.select(
            "patient",
            index.determined().cast(pl.Int64).alias(section.name),
            index.least.cast(pl.Int64).alias(f"{section.name}_at_least"),
        )
    )


def _conditions(patients: pl.DataFrame, section: Charlson, rules: CharlsonRules) -> list[Limits]:
    """The limits of the points of each condition, a milder one together with its graver one."""
    milder = {grave: mild for mild, grave in rules.graver.items()} if section.graver_only else {}
    alone = [name for name in rules.weights if name not in milder and name not in milder.values()]
    parts = [Limits.of_flag(_condition(patients, section, name), rules.weights[name]) for name in alone]
    for grave, mild in milder.items():
        has_grave, has_mild = (_condition(patients, section, name) for name in (grave, mild))
        parts.append(
            Limits(
                *(
                    pl.when(has_grave.fill_null(assumed))
                    .then(rules.weights[grave])
                    .when(has_mild.fill_null(assumed))
                    .then(rules.weights[mild])
                    .otherwise(0.0)
                    for assumed in (False, True)
                )
            )
        )
    return parts


def _condition(patients: pl.DataFrame, section: Charlson, name: str) -> pl.Expr:
    if name not in patients.columns and section.not_collected == "absent":
        return pl.lit(False)
    return finding(patients, name)
