"""True extramedullary and paraskeletal disease as a group."""

from __future__ import annotations

from cohortium.derivations.soft_tissue import RULES, soft_tissue_disease
from cohortium.study.derive.soft_tissue import SoftTissueDisease
from derivations.rule_tables import check, section_of

DEFAULT = """
    extramedullary paraskeletal || answer
    ----------------------------------------
    positive       negative     || true-emd
    positive       positive     || true-emd
    positive       ?            || true-emd
    negative       positive     || paraskeletal
    negative       negative     || none
    negative       not-tested   || ?
    not-tested     positive     || ?
    ?              negative     || ?
    ?              ?            || ?
"""
OWN_GROUP = """
    extramedullary paraskeletal || answer
    ----------------------------------------
    positive       negative     || true-emd
    positive       positive     || both
    positive       ?            || ?
    negative       positive     || paraskeletal
    negative       negative     || none
    negative       not-tested   || ?
    not-tested     positive     || ?
    ?              negative     || ?
    ?              ?            || ?
"""


def test_both_kinds_are_true_extramedullary_disease():
    check(DEFAULT, SoftTissueDisease, soft_tissue_disease)


def test_both_kinds_as_a_group_of_their_own():
    check(OWN_GROUP, SoftTissueDisease, soft_tissue_disease, both="own-group")


def test_levels_follow_from_the_key():
    columns = ["extramedullary", "paraskeletal"]
    for both, codes in (("true-emd", 3), ("own-group", 4)):
        (variable,) = section_of(SoftTissueDisease, columns, both=both).variables()
        assert len(variable.levels) == codes
    assert [read.levels["yes"] for read in section_of(SoftTissueDisease, columns).inputs()] == ["positive"] * 2
    assert set(RULES) == {"soft-tissue-disease"}
