"""Soft-tissue disease as a group, from the two stored facts: true extramedullary and paraskeletal disease."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from cohortium.derivations.rule import Derived, Rule, Tables
from cohortium.derivations.rule_inputs import finding
from cohortium.study.derive.soft_tissue import SoftTissueDisease


def soft_tissue_disease(tables: Tables, section: SoftTissueDisease) -> Derived:
    """The group of every patient; unknown where a fact that is not known could change it."""
    extramedullary, paraskeletal = (finding(tables.patients, key) for key in ("extramedullary", "paraskeletal"))
    has_both = extramedullary & paraskeletal if section.both == "own-group" else pl.lit(False)
    group = (
        pl.when(has_both.is_null())
        .then(None)
        .when(has_both)
        .then(pl.lit("both"))
        .when(extramedullary)
        .then(pl.lit("true-emd"))
        .when(extramedullary.is_null())
        .then(None)
        .when(paraskeletal)
        .then(pl.lit("paraskeletal"))
        .when(~paraskeletal)
        .then(pl.lit("none"))
    )
    return Derived(tables.patients.select("patient", group.alias(section.name)))


RULES: Mapping[str, Rule] = {"soft-tissue-disease": soft_tissue_disease}
