"""High-risk cytogenetics: members of each set, thresholds, and unknown exactly where completions differ."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import numpy as np
import polars as pl
import pytest

from cohortium.derivations.cytogenetics import RULES, cytogenetic_hits, high_risk_cytogenetics, lesions
from cohortium.derivations.cytogenetics.hits import HITS
from cohortium.derivations.cytogenetics.risk import RISK_SETS
from cohortium.study.derive.cytogenetics import CytogeneticHits, HighRiskCytogenetics
from derivations.rule_tables import check, mutants, section_of, survivors, tables

CLASSIC = """
    del_17p    t_4_14     t_14_16    t_14_20  gain_1q  || answer
    ----------------------------------------------------------------
    negative   negative   negative   positive positive || standard-risk
    positive   negative   negative   negative negative || high-risk
    negative   positive   negative   negative negative || high-risk
    negative   negative   positive   negative negative || high-risk
    negative   negative   not-tested negative negative || ?
    negative   negative   ?          negative negative || ?
    not-tested positive   not-tested negative negative || high-risk
"""

EXTENDED = """
    del_17p  t_4_14   t_14_16  t_14_20    gain_1q  del_1p32 copies_1q || answer
    --------------------------------------------------------------------------
    negative negative negative negative   negative negative ?         || standard-risk
    positive negative negative negative   negative negative ?         || high-risk
    negative positive negative negative   negative negative ?         || high-risk
    negative negative positive negative   negative negative ?         || high-risk
    negative negative negative positive   negative negative ?         || high-risk
    negative negative negative negative   positive negative ?         || high-risk
    negative negative negative negative   negative positive ?         || high-risk
    negative negative negative negative   ?        negative 2         || standard-risk
    negative negative negative negative   ?        negative 3         || high-risk
    negative negative negative negative   ?        negative 4         || high-risk
    negative negative negative negative   negative negative 3         || high-risk
    negative negative negative not-tested negative negative ?         || ?
"""

# b2m: beta-2 microglobulin in mg/L; cr: creatinine in mg/dL. Columns are named in full below.
CONSENSUS = """
    del_17p    %    tp53       t_4_14     t_14_16    t_14_20    gain_1q    del_1p32   both       b2m  cr   || answer
    -------------------------------------------------------------------------------------------------------------------
    negative   0    negative   negative   negative   negative   negative   negative   negative   5.4  1.1  || standard-risk
    positive   19.9 negative   negative   negative   negative   negative   negative   negative   5.4  1.1  || standard-risk
    positive   20   negative   negative   negative   negative   negative   negative   negative   5.4  1.1  || high-risk
    positive   20.1 negative   negative   negative   negative   negative   negative   negative   5.4  1.1  || high-risk
    positive   ?    negative   negative   negative   negative   negative   negative   negative   5.4  1.1  || ?
    negative   0    positive   negative   negative   negative   negative   negative   negative   5.4  1.1  || high-risk
    negative   0    negative   positive   negative   negative   negative   negative   negative   5.4  1.1  || standard-risk
    negative   0    negative   positive   negative   negative   positive   negative   negative   5.4  1.1  || high-risk
    negative   0    negative   positive   negative   negative   negative   positive   negative   5.4  1.1  || high-risk
    negative   0    negative   negative   positive   negative   positive   negative   negative   5.4  1.1  || high-risk
    negative   0    negative   negative   negative   positive   positive   negative   negative   5.4  1.1  || high-risk
    negative   0    negative   negative   negative   negative   positive   negative   negative   5.4  1.1  || standard-risk
    negative   0    negative   negative   negative   negative   negative   positive   negative   5.4  1.1  || standard-risk
    negative   0    negative   negative   negative   negative   positive   positive   negative   5.4  1.1  || high-risk
    negative   0    negative   negative   negative   negative   negative   positive   positive   5.4  1.1  || high-risk
    negative   0    negative   negative   negative   negative   negative   ?          positive   5.4  1.1  || high-risk
    negative   0    negative   negative   negative   negative   negative   positive   ?          5.4  1.1  || ?
    negative   0    negative   negative   negative   negative   negative   negative   ?          5.4  1.1  || standard-risk
    negative   0    negative   negative   negative   negative   negative   negative   negative   5.5  1.1  || high-risk
    negative   0    negative   negative   negative   negative   negative   negative   negative   5.6  1.1  || high-risk
    negative   0    negative   negative   negative   negative   negative   negative   negative   5.5  1.19 || high-risk
    negative   0    negative   negative   negative   negative   negative   negative   negative   5.5  1.2  || standard-risk
    negative   0    negative   negative   negative   negative   negative   negative   negative   5.5  1.21 || standard-risk
    negative   0    negative   negative   negative   negative   negative   negative   negative   ?    1.3  || standard-risk
    negative   0    negative   negative   negative   negative   negative   negative   negative   5.5  ?    || ?
    negative   0    not-tested negative   negative   negative   negative   negative   negative   5.4  1.1  || ?
    negative   0    negative   not-tested not-tested not-tested negative   negative   negative   5.4  1.1  || standard-risk
    negative   0    negative   not-tested negative   negative   positive   negative   negative   5.4  1.1  || ?
    negative   0    negative   positive   negative   negative   not-tested negative   negative   5.4  1.1  || ?
"""
for short, name in (
    (" %  ", " del_17p_percent "), (" tp53 ", " tp53_mutation "), (" both ", " del_1p32_biallelic "),
    (" b2m ", " beta2_microglobulin "), (" cr ", " creatinine "),
):  # fmt: skip
    CONSENSUS = CONSENSUS.replace(short, name, 1)

TABLES = {"classic": CLASSIC, "extended": EXTENDED, "ims-imwg-2025": CONSENSUS}


@pytest.mark.parametrize("name", TABLES)
def test_set(name):
    check(TABLES[name], HighRiskCytogenetics, high_risk_cytogenetics, set=name)


@pytest.mark.parametrize("name", TABLES)
def test_every_mutant_of_a_set_changes_an_answer(name):
    data = RISK_SETS[name]
    if name != "ims-imwg-2025":
        data = {"any_of": data.any_of}

    def within(changed):
        return {name: replace(RISK_SETS[name], **changed) if isinstance(changed, dict) else changed}

    step = {20.0: 0.1, 5.5: 0.1, 1.2: 0.01}
    found = survivors(TABLES[name], HighRiskCytogenetics, high_risk_cytogenetics, data, step.get, within, set=name)
    assert found == []


LESION = ("negative", "positive", "not-tested")
STATES = {
    **dict.fromkeys(("del_17p", "t_4_14", "t_14_16", "t_14_20", "gain_1q", "del_1p32"), LESION),
    **dict.fromkeys(("tp53_mutation", "del_1p32_biallelic"), LESION),
    "del_17p_percent": (10.0, 50.0, None),
    "beta2_microglobulin": (3.0, 6.0, None),
    "creatinine": (1.5, 1.0, None),
}
"""What can be known of each finding: against high risk, for it, not known."""
READ = {
    "classic": ("del_17p", "t_4_14", "t_14_16"),
    "extended": ("del_17p", "t_4_14", "t_14_16", "t_14_20", "gain_1q", "del_1p32"),
    "ims-imwg-2025": tuple(STATES),
}


@pytest.mark.parametrize("name", READ)
def test_unknown_if_and_only_if_completions_differ(name):
    """All 3 to the power of k combinations, against the lowest and highest answer of their completions."""
    keys = READ[name]
    kinds = {key: pl.String if STATES[key] is LESION else pl.Float64 for key in keys}
    frame = pl.DataFrame(list(product(*(STATES[key] for key in keys))), schema=kinds, orient="row")
    section = section_of(HighRiskCytogenetics, list(keys), set=name)
    answer = high_risk_cytogenetics(tables(frame), section).columns["it"]
    found = (answer == "high-risk").cast(pl.Float64).to_numpy().reshape((3,) * len(keys))
    possible = np.ones(found.shape, bool)
    if "del_1p32_biallelic" in keys:  # Both copies of 1p32 are not lost where none is.
        at = [slice(None)] * len(keys)
        at[keys.index("del_1p32")], at[keys.index("del_1p32_biallelic")] = 0, 1
        possible[tuple(at)] = False
    complete = np.where(possible, found, np.nan)[(slice(0, 2),) * len(keys)]
    least, most = np.where(np.isnan(complete), np.inf, complete), np.where(np.isnan(complete), -np.inf, complete)
    for axis in range(len(keys)):
        least = np.concatenate([least, least.min(axis, keepdims=True)], axis)
        most = np.concatenate([most, most.max(axis, keepdims=True)], axis)
    expected = np.where(least == most, least, np.nan)
    assert np.isfinite(complete[possible[(slice(0, 2),) * len(keys)]]).all()
    np.testing.assert_array_equal(found[possible], expected[possible])
    assert 0 < np.isnan(expected[possible]).sum() < possible.sum()


def test_the_share_of_cells_is_a_key():
    text = """
        del_17p  t_4_14   t_14_16  del_17p_percent || answer
        positive negative negative 54              || standard-risk
        positive negative negative 55              || high-risk
        positive negative negative ?               || ?
        negative negative negative ?               || standard-risk
    """
    check(text, HighRiskCytogenetics, high_risk_cytogenetics, set="classic", del_17p_percent_at_least=55)


def test_what_was_not_tested_may_be_taken_as_negative_openly():
    text = """
        del_17p    t_4_14   t_14_16    || answer
        negative   negative not-tested || standard-risk
        not-tested negative not-tested || ?
        negative   negative positive   || high-risk
    """
    check(text, HighRiskCytogenetics, high_risk_cytogenetics, set="classic", taken_as_negative=("t_14_16",))
    section = section_of(HighRiskCytogenetics, [], set="classic", taken_as_negative=("t_14_16",))
    assert section.variables()[0].label == "It (untested t(14;16) taken as negative)"


HIT = """
    del_17p    tp53_mutation t_4_14     t_14_16  t_14_20  gain_1q    || answer n
    ------------------------------------------------------------------------------
    negative   negative      negative   negative negative negative   || none   0
    positive   negative      negative   negative negative negative   || single 1
    positive   positive      negative   negative negative negative   || double 2
    negative   negative      positive   negative negative positive   || double 2
    negative   negative      negative   positive positive positive   || triple 3
    positive   positive      positive   negative negative negative   || triple 3
    positive   positive      positive   negative negative positive   || triple 4
    positive   positive      positive   ?        ?        ?          || triple ?
    positive   positive      negative   negative negative not-tested || ?      ?
    not-tested negative      negative   negative negative negative   || ?      ?
"""


def test_hits():
    check(HIT, CytogeneticHits, cytogenetic_hits)


def test_every_mutant_of_the_hits_changes_an_answer():
    assert survivors(HIT, CytogeneticHits, cytogenetic_hits, HITS) == []


def test_lesions_that_are_counted_are_a_key():
    text = """
        del_17p  gain_1q  del_1p32   || answer n
        positive positive negative   || double 2
        positive positive not-tested || double 2
    """
    check(text, CytogeneticHits, cytogenetic_hits, lesions=("del_17p", "gain_1q"))
    check(
        text.replace("not-tested || double 2", "not-tested || ? ?"),
        CytogeneticHits, cytogenetic_hits, lesions=("del_17p", "gain_1q", "del_1p32"),
    )  # fmt: skip
    section = section_of(CytogeneticHits, [], taken_as_negative=("del_17p",))
    assert [variable.name for variable in section.variables()] == ["it", "it_n"]
    check(
        text.replace("not-tested || double 2", "not-tested || double 2"), CytogeneticHits, cytogenetic_hits,
        lesions=("del_17p", "gain_1q", "del_1p32"), taken_as_negative=("del_1p32",),
    )  # fmt: skip


def test_default_lesions_are_those_of_msmart():
    assert section_of(CytogeneticHits, []).lesions == (
        "del_17p", "tp53_mutation", "t_4_14", "t_14_16", "t_14_20", "gain_1q",
    )  # fmt: skip


def test_levels_of_inputs():
    section = section_of(HighRiskCytogenetics, ["gain_1q", "del_17p", "beta2_microglobulin"], set="extended")
    read = {one.key: one for one in section.inputs()}
    assert read["gain_1q"].levels["gain (3 copies)"] == "positive"
    assert read["del_17p"].levels["not done"] == "not-tested"
    assert read["beta2_microglobulin"].quantity == "beta2-microglobulin"
    assert set(RULES) == {"high-risk-cytogenetics", "cytogenetic-hits"}


def test_every_mutant_of_the_copies_of_a_gain_changes_an_answer(monkeypatch):
    for _, changed in mutants(lesions.GAIN_1Q_COPIES, lambda _: 1):
        monkeypatch.setattr(lesions, "GAIN_1Q_COPIES", changed)
        with pytest.raises(AssertionError):
            check(EXTENDED, HighRiskCytogenetics, high_risk_cytogenetics, set="extended")
