"""ISS, R-ISS and R2-ISS: every threshold, both unit systems, and what is not known."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import polars as pl
import pytest

from cohortium.derivations.staging import RULES, r2_iss, r_iss
from cohortium.derivations.staging.iss_stage import ISS_2005, iss_limits
from cohortium.derivations.staging.revised import R2_ISS_2022, R_ISS_2015
from cohortium.study.derive.revised_staging import R2Iss, RIss
from derivations.rule_tables import OTHER, check, mutants, parse, section_of, survivors, tables

TENTH = 0.1

ISS = """
    beta2_microglobulin  albumin || answer
    ---------------------------------
    3.4                  3.4     || 2
    3.4                  3.5     || 1
    3.4                  3.6     || 1
    3.5                  3.6     || 2
    3.6                  3.6     || 2
    5.4                  2.0     || 2
    5.5                  3.6     || 3
    5.6                  2.0     || 3
    3.4                  ?       || ?
    3.5                  ?       || 2
    5.5                  ?       || 3
    ?                    3.4     || ?
    ?                    3.5     || ?
    ?                    ?       || ?
"""

R_ISS = """
    beta2_microglobulin albumin del_17p    t_4_14     t_14_16    ldh ldh_upper_limit || answer
    ------------------------------------------------------------------------------
    3.4                 3.5     negative   negative   negative   249 250 || I
    3.4                 3.5     negative   negative   negative   250 250 || I
    3.4                 3.5     negative   negative   negative   251 250 || II
    3.4                 3.4     negative   negative   negative   250 250 || II
    3.4                 3.6     negative   negative   negative   250 250 || I
    3.5                 3.5     negative   negative   negative   250 250 || II
    3.4                 3.5     positive   negative   negative   250 250 || II
    3.4                 3.5     negative   positive   negative   250 250 || II
    3.4                 3.5     negative   negative   positive   250 250 || II
    5.4                 3.5     positive   positive   positive   251 250 || II
    5.5                 3.5     negative   negative   negative   250 250 || II
    5.5                 3.5     positive   negative   negative   250 250 || III
    5.5                 3.5     negative   positive   negative   250 250 || III
    5.5                 3.5     negative   negative   positive   250 250 || III
    5.5                 3.5     negative   negative   negative   251 250 || III
    5.6                 3.5     negative   negative   negative   251 250 || III
    # One lesion settles III, stage II of the ISS settles II; nothing else is a default.
    5.5                 ?       positive   not-tested not-tested ?   250 || III
    5.5                 ?       not-tested not-tested not-tested 251 250 || III
    5.5                 3.5     negative   negative   not-tested 250 250 || ?
    5.5                 3.5     negative   negative   negative   ?   250 || ?
    5.5                 3.5     negative   negative   negative   251 ?   || ?
    3.5                 3.5     not-tested ?          ?          ?   250 || II
    3.4                 3.5     not-tested negative   negative   250 250 || ?
    3.4                 3.5     negative   negative   negative   ?   250 || ?
    3.4                 3.5     negative   negative   negative   251 250 || II
    3.4                 ?       not-tested negative   negative   251 250 || II
    ?                   3.5     negative   negative   negative   250 250 || ?
    ?                   3.4     negative   negative   negative   250 250 || II
    ?                   3.4     negative   negative   negative   251 250 || ?
"""


R2_ISS = """
    beta2_microglobulin albumin del_17p    t_4_14     gain_1q    ldh ldh_upper_limit || answer points
    -----------------------------------------------------------------------------------------------
    3.4                 3.5     negative   negative   negative   249 250 || I   0
    3.4                 3.5     negative   negative   negative   250 250 || I   0
    3.4                 3.6     negative   negative   negative   250 250 || I   0
    3.4                 3.5     negative   negative   positive   250 250 || II  0.5
    3.4                 3.4     negative   negative   negative   250 250 || II  1
    3.5                 3.5     negative   negative   negative   250 250 || II  1
    3.4                 3.5     positive   negative   negative   250 250 || II  1
    3.4                 3.5     negative   positive   negative   250 250 || II  1
    3.4                 3.5     negative   negative   negative   251 250 || II  1
    5.4                 3.5     negative   negative   negative   250 250 || II  1
    5.5                 3.5     negative   negative   negative   250 250 || III 1.5
    5.6                 3.5     negative   negative   negative   250 250 || III 1.5
    5.4                 3.5     positive   negative   negative   250 250 || III 2
    5.5                 3.5     positive   negative   negative   250 250 || III 2.5
    5.4                 3.5     positive   negative   positive   250 250 || III 2.5
    3.4                 3.5     positive   positive   positive   251 250 || IV  3.5
    3.4                 3.5     positive   positive   negative   251 250 || IV  3
    5.5                 3.5     positive   negative   positive   250 250 || IV  3
    5.5                 3.5     positive   positive   positive   251 250 || IV  5
    # What is not known, where it cannot change the group and where it can.
    5.5                 3.5     positive   positive   not-tested 250 250 || IV  ?
    5.5                 ?       negative   negative   not-tested 250 250 || III ?
    5.5                 3.5     not-tested negative   negative   250 250 || III ?
    5.5                 3.5     not-tested negative   positive   250 250 || ?   ?
    5.5                 3.5     not-tested negative   not-tested 250 250 || ?   ?
    3.4                 3.5     negative   negative   not-tested 250 250 || ?   ?
    3.5                 3.5     negative   negative   not-tested 250 250 || ?   ?
    3.4                 3.5     negative   positive   negative   ?   250 || ?   ?
    ?                   3.4     negative   negative   negative   250 250 || ?   ?
    ?                   ?       positive   positive   negative   251 250 || IV  ?
    ?                   3.5     positive   positive   negative   251 250 || IV  ?
"""


def _stages(rules=ISS_2005):
    values, expected = parse(ISS)
    limits = iss_limits(pl.col("beta2_microglobulin"), pl.col("albumin"), rules)
    return values.select(limits.determined()).to_series().to_list(), expected["answer"].to_list()


def test_iss():
    found, expected = _stages()
    assert found == expected


def test_every_mutant_of_the_iss_changes_a_stage():
    expected = _stages()[1]
    assert [name for name, rules in mutants(ISS_2005, lambda _: TENTH) if _stages(rules)[0] == expected] == []


def test_r_iss():
    check(R_ISS, RIss, r_iss)


def test_r2_iss():
    check(R2_ISS, R2Iss, r2_iss)


def step(limit: float) -> float:
    """Multiples of the upper limit of 250 U/L move by 1 U/L, everything else by the resolution of its table."""
    return 1 / 250 if limit == 1.0 else TENTH


def test_every_mutant_of_the_r_iss_changes_a_stage():
    assert survivors(R_ISS, RIss, r_iss, R_ISS_2015, step) == []


def test_every_mutant_of_the_r2_iss_changes_a_stage_or_points():
    # Sums of points come in halves, so that the limits of groups move by one half.
    data = {name: getattr(R2_ISS_2022, name) for name in ("iss", "stage_points", "lesion_points", "ldh_points")}

    def within(changed):
        return replace(R2_ISS_2022, **changed)

    assert survivors(R2_ISS, R2Iss, r2_iss, data, TENTH, within) == []
    high = {"ldh_times_uln": R2_ISS_2022.ldh_times_uln}
    assert survivors(R2_ISS, R2Iss, r2_iss, high, 1 / 250, within) == []
    assert survivors(R2_ISS, R2Iss, r2_iss, {"groups": R2_ISS_2022.groups}, 0.5, within) == []


ENTERED = """
    iss  beta2_microglobulin albumin del_17p  t_4_14   t_14_16  ldh_elevated || answer
    --------------------------------------------------------------------
    I    ?                   ?       negative negative negative no           || I
    I    5.5                 3.0     negative negative negative no           || I
    II   ?                   ?       ?        ?        ?        ?            || II
    III  ?                   ?       ?        ?        ?        yes          || III
    III  ?                   ?       negative negative negative ?            || ?
    ?    5.5                 3.0     negative negative negative yes          || III
    ?    ?                   ?       negative negative negative no           || ?
"""


def test_a_stage_and_ldh_as_entered():
    check(ENTERED, RIss, r_iss)


def test_one_upper_limit_for_all():
    text = """
        iss del_17p  t_4_14   t_14_16  ldh || answer
        I   negative negative negative 250 || I
        I   negative negative negative 251 || II
    """
    check(text, RIss, r_iss, ldh_upper_limit=250)


COPIES = """
    iss del_17p  t_4_14   gain_1q  copies_1q ldh_elevated || answer points
    I   negative negative ?        2         no           || I      0
    I   negative negative ?        3         no           || II     0.5
    I   negative negative ?        4         no           || II     0.5
    I   negative negative negative 3         no           || II     0.5
    I   negative negative positive ?         no           || II     0.5
    I   negative negative ?        ?         no           || ?      ?
"""


def test_1q_by_its_copies():
    check(COPIES, R2Iss, r2_iss)


def test_unknown_if_and_only_if_completions_differ():
    """Every combination of known and not known: null exactly where two completions give different stages."""
    names = ["iss", "del_17p", "t_4_14", "t_14_16", "gain_1q", "ldh_elevated"]
    known = [["I", "II", "III"], *[["negative", "positive"]] * 4, ["no", "yes"]]
    every = [(*options, None) for options in known]
    for model, rule, columns in ((RIss, r_iss, [0, 1, 2, 3, 5]), (R2Iss, r2_iss, [0, 1, 2, 4, 5])):
        picked = [names[i] for i in columns]
        rows = list(product(*(every[i] for i in columns)))
        frame = pl.DataFrame(rows, schema=dict.fromkeys(picked, pl.String), orient="row")
        found = dict(zip(rows, rule(tables(frame), section_of(model, picked)).columns["it"].to_list(), strict=True))
        for row, answer in found.items():
            complete = product(
                *([value] if value is not None else known[i] for value, i in zip(row, columns, strict=True))
            )
            possible = {found[one] for one in complete}
            assert answer == (possible.pop() if len(possible) == 1 else None)


def test_the_label_says_when_the_stage_was_computed():
    for at, label in (("diagnosis", "R-ISS at diagnosis"), ("index", "R-ISS at index")):
        section = RIss(name="stage", label="R-ISS", rule="r-iss", computed_at=at)
        assert section.variables()[0].label == label


def test_inputs_and_levels():
    section = RIss(
        name="stage", label="R-ISS", rule="r-iss", iss="iss_chart", ldh_upper_limit=240.0, del_17p="fish_17p"
    )
    assert [(read.key, read.variable, read.kinds[0]) for read in section.inputs()] == [
        ("iss", "iss_chart", "category"),
        ("del_17p", "fish_17p", "category"),
    ]
    assert section.inputs()[0].levels["stage iii"] == "III"
    assert set(RULES) == {"iss", "r-iss", "r2-iss"}
    assert set(OTHER) == {"<", "<=", ">", ">="}


@pytest.mark.parametrize("model", [RIss, R2Iss])
def test_levels_that_come_out_are_declared(model):
    rule = model.model_fields["rule"].annotation.__args__[0]
    declared = {level.code for level in model(name="a", label="A", rule=rule).variables()[0].levels}
    assert declared == {
        row.split("||")[1].split()[0] for row in (R_ISS if model is RIss else R2_ISS).splitlines() if "||" in row
    } - {"?", "answer"}
