"""Charlson index and both frailty scores."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import polars as pl
import pytest

from cohortium.derivations.scores.charlson import CHARLSON_1987, charlson
from cohortium.derivations.scores.frailty import IMWG_2015, SIMPLIFIED_2020, imwg_frailty, simplified_frailty
from cohortium.study.derive.frailty import CONDITIONS, Charlson, ImwgFrailty, SimplifiedFrailty
from derivations.rule_tables import check, section_of, survivors, tables

WEIGHTS = """
    condition              || weight
    --------------------------------
    myocardial_infarction  || 1
    heart_failure          || 1
    peripheral_vascular    || 1
    cerebrovascular        || 1
    dementia               || 1
    pulmonary              || 1
    connective_tissue      || 1
    ulcer                  || 1
    mild_liver             || 1
    diabetes               || 1
    hemiplegia             || 2
    kidney                 || 2
    diabetes_with_damage   || 2
    tumor                  || 2
    leukemia               || 2
    lymphoma               || 2
    severe_liver           || 3
    metastatic_tumor       || 6
    aids                   || 6
"""


def weights():
    lines = [line.split() for line in WEIGHTS.strip().splitlines()[2:]]
    return {line[0]: float(line[2]) for line in lines}


def charlson_table():
    """No condition, each alone, all but one not known, the pairs of mild and grave, and all together."""
    rows = [({}, 0)]
    rows += [({name: "positive"}, weight) for name, weight in weights().items()]
    rows += [({mild: "positive", grave: "positive"}, weights()[grave]) for mild, grave in CHARLSON_1987.graver.items()]
    rows += [(dict.fromkeys(CONDITIONS, "positive"), 1 * 8 + 2 * 5 + 3 + 6 + 6)]
    head = " ".join([*CONDITIONS, "||", "answer"])
    body = [" ".join([*(row.get(name, "negative") for name in CONDITIONS), "||", str(int(sum_))]) for row, sum_ in rows]
    return "\n".join([head, *body])


def test_weights():
    assert dict(CHARLSON_1987.weights) == weights()
    assert set(CONDITIONS) == set(weights())


def test_charlson():
    check(charlson_table(), Charlson, charlson)


def test_every_mutant_of_the_weights_changes_an_index():
    def within(changed):
        return replace(CHARLSON_1987, **changed)

    assert survivors(charlson_table(), Charlson, charlson, {"weights": CHARLSON_1987.weights}, 1.0, within) == []


AGE = """
    age aids     || answer
    ----------------------
    49  negative || 0
    50  negative || 1
    51  negative || 1
    59  negative || 1
    60  negative || 2
    61  negative || 2
    69  negative || 2
    70  negative || 3
    71  negative || 3
    79  negative || 3
    80  negative || 4
    81  positive || 10
    ?   negative || ?
"""


def test_age_adjusted():
    check(AGE, Charlson, charlson, age_adjusted=True, not_collected="absent")
    check("age aids || answer\n80 positive || 6\n? positive || 6", Charlson, charlson, not_collected="absent")


def test_every_mutant_of_the_decades_changes_an_index():
    def within(changed):
        return replace(CHARLSON_1987, **changed)

    found = survivors(
        AGE, Charlson, charlson, {"age": CHARLSON_1987.age}, 1.0, within, age_adjusted=True, not_collected="absent"
    )
    assert found == []


def test_both_of_a_mild_and_a_grave_condition_may_count():
    text = "mild_liver severe_liver || answer\npositive positive || 4"
    check(text, Charlson, charlson, graver_only=False, not_collected="absent")
    check(text.replace("|| 4", "|| 3"), Charlson, charlson, not_collected="absent")


UNKNOWN = """
    mild_liver severe_liver aids     || answer at_least
    --------------------------------------------------
    ?          positive     negative || 3      3
    positive   ?            negative || ?      1
    ?          ?            positive || ?      6
    ?          negative     negative || ?      0
    negative   negative     negative || 0      0
"""


def test_what_is_not_known():
    check(UNKNOWN, Charlson, charlson, not_collected="absent")
    check("aids || answer at_least\npositive || ? 6", Charlson, charlson)


SIMPLIFIED = """
    age  charlson ecog || answer    points
    ---------------------------------------
    75   0        0    || non-frail 0
    76   0        0    || non-frail 1
    80   0        0    || non-frail 1
    81   0        0    || frail     2
    75   1        0    || non-frail 0
    75   2        0    || non-frail 1
    75   0        1    || non-frail 1
    75   0        2    || frail     2
    75   0        3    || frail     2
    76   2        0    || frail     2
    76   2        1    || frail     3
    81   2        4    || frail     5
    # What is not known.
    81   ?        ?    || frail     ?
    75   ?        0    || non-frail ?
    75   ?        1    || ?         ?
    75   1        ?    || ?         ?
    76   2        ?    || frail     ?
    ?    0        2    || frail     ?
    ?    0        0    || ?         ?
"""
FULL = """
    age  charlson adl iadl || answer       points
    ----------------------------------------------
    75   1        6   8    || fit          0
    75   1        5   6    || fit          0
    76   1        6   8    || intermediate 1
    80   1        6   8    || intermediate 1
    81   1        6   8    || frail        2
    75   2        6   8    || intermediate 1
    75   1        4   8    || intermediate 1
    75   1        3   8    || intermediate 1
    75   1        6   5    || intermediate 1
    75   1        6   4    || intermediate 1
    76   2        6   8    || frail        2
    81   2        4   5    || frail        5
    # What is not known.
    75   1        ?   8    || ?            ?
    81   ?        ?   ?    || frail        ?
    75   2        4   ?    || frail        ?
    75   2        ?   8    || ?            ?
"""


def test_simplified_frailty():
    check(SIMPLIFIED, SimplifiedFrailty, simplified_frailty)


def test_imwg_frailty():
    check(FULL, ImwgFrailty, imwg_frailty)


@pytest.mark.parametrize(
    ("text", "model", "rule", "data"),
    [
        (SIMPLIFIED, SimplifiedFrailty, simplified_frailty, SIMPLIFIED_2020),
        (FULL, ImwgFrailty, imwg_frailty, IMWG_2015),
    ],
    ids=["simplified", "imwg"],
)
def test_every_mutant_of_a_frailty_score_changes_an_answer(text, model, rule, data):
    assert survivors(text, model, rule, data) == []


def test_cut_points_of_activities_are_keys():
    text = """
        age charlson adl iadl || answer
        75  1        5   8    || intermediate
        75  1        6   8    || fit
        75  1        6   6    || intermediate
        75  1        6   7    || fit
    """
    check(text, ImwgFrailty, imwg_frailty, adl_impaired_up_to=5, iadl_impaired_up_to=6)


def test_an_index_known_to_be_at_least_two_gives_its_point():
    text = """
        age charlson charlson_at_least ecog || answer    points
        76  ?        2                 0    || frail     2
        76  ?        1                 0    || ?         ?
        76  ?        ?                 0    || ?         ?
        76  1        1                 0    || non-frail 1
    """
    check(text, SimplifiedFrailty, simplified_frailty)


def test_group_unknown_if_and_only_if_completions_differ():
    options = {"age": (70.0, 78.0, 85.0), "charlson": (0.0, 3.0), "ecog": (0.0, 1.0, 2.0)}
    rows = list(product(*((*values, None) for values in options.values())))
    frame = pl.DataFrame(rows, schema=dict.fromkeys(options, pl.Float64), orient="row")
    section = section_of(SimplifiedFrailty, list(options))
    found = dict(zip(rows, simplified_frailty(tables(frame), section).columns["it"].to_list(), strict=True))
    for row, answer in found.items():
        complete = product(
            *((value,) if value is not None else known for value, known in zip(row, options.values(), strict=True))
        )
        possible = {found[one] for one in complete}
        assert answer == (possible.pop() if len(possible) == 1 else None)
