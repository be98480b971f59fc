"""EASIX, CAR-HEMATOTOX, MyCARe and kidney function: published vectors, both unit systems, every threshold."""

from __future__ import annotations

from dataclasses import replace

import polars as pl
import pytest

from cohortium.derivations.scores import RULES
from cohortium.derivations.scores.car_hematotox import CAR_HEMATOTOX_2021, car_hematotox
from cohortium.derivations.scores.easix import easix
from cohortium.derivations.scores.kidney import CKD_EPI_2021, COCKCROFT_GAULT_1976, ckd_epi_2021, cockcroft_gault
from cohortium.derivations.scores.mycare import MYCARE_2024, mycare
from cohortium.study.derive.kidney import CkdEpi2021, CockcroftGault
from cohortium.study.derive.scores import CarHematotox, Easix, MyCare
from cohortium.study.quantities import QUANTITIES
from derivations.rule_tables import check, mutants, parse, section_of, survivors, tables

# Answers of a table are compared after rounding to two decimals, as the vectors are published.

EASIX_VECTORS = """
    variant  ldh creatinine crp platelets || answer log2
    --------------------------------------------------
    easix    250 1.0        2.0 150       || 1.67   0.74
    m-easix  250 1.0        2.0 150       || 3.33   1.74
    s-easix  250 1.0        2.0 150       || 1.67   0.74
    easix    250 ?          2.0 150       || ?      ?
    m-easix  250 1.0        ?   150       || ?      ?
    s-easix  250 ?          ?   150       || 1.67   0.74
    easix    ?   1.0        2.0 150       || ?      ?
    easix    250 1.0        2.0 ?         || ?      ?
    easix    250 1.0        2.0 0         || ?      ?
    easix    0   1.0        2.0 150       || 0      ?
"""


@pytest.mark.parametrize("variant", ["easix", "m-easix", "s-easix"])
def test_easix(variant):
    head, _, *rows = EASIX_VECTORS.strip().splitlines()
    mine = "\n".join([head, *(row for row in rows if row.split()[0] == variant)])
    check(mine, Easix, easix, variant=variant)


def test_easix_to_the_last_digits():
    """250 x 1.0 / 150 = 5/3, and 250 x 2.0 / 150 = 10/3."""
    frame = pl.DataFrame({"ldh": [250.0], "creatinine": [1.0], "crp": [2.0], "platelets": [150.0]})
    for variant, exact in (("easix", 5 / 3), ("m-easix", 10 / 3), ("s-easix", 5 / 3)):
        found = easix(tables(frame), section_of(Easix, frame.columns, variant=variant)).columns
        assert found["it"].item() == pytest.approx(exact, rel=1e-15)


HEMATOTOX = """
    platelets neutrophils hemoglobin crp ferritin || answer group
    ------------------------------------------------------------
    220       3.40        12.4       0.8 180      || 0      low
    130       1.80        10.5       1.4 320      || 1      low
    110       0.95        10.1       4.2 540      || 3      high
    60        0.70        8.5        2.4 1400     || 5      high
    40        0.40        7.8        9.5 3200     || 7      high
    # Each limit: just below, at, just above.
    74        3.40        12.4       0.8 180      || 2      high
    75        3.40        12.4       0.8 180      || 1      low
    76        3.40        12.4       0.8 180      || 1      low
    174       3.40        12.4       0.8 180      || 1      low
    175       3.40        12.4       0.8 180      || 1      low
    176       3.40        12.4       0.8 180      || 0      low
    220       1.19        12.4       0.8 180      || 1      low
    220       1.20        12.4       0.8 180      || 0      low
    220       1.21        12.4       0.8 180      || 0      low
    220       3.40        8.9        0.8 180      || 1      low
    220       3.40        9.0        0.8 180      || 0      low
    220       3.40        9.1        0.8 180      || 0      low
    220       3.40        12.4       2.9 180      || 0      low
    220       3.40        12.4       3.0 180      || 1      low
    220       3.40        12.4       3.1 180      || 1      low
    220       3.40        12.4       0.8 649      || 0      low
    220       3.40        12.4       0.8 650      || 1      low
    220       3.40        12.4       0.8 651      || 1      low
    220       3.40        12.4       0.8 1999     || 1      low
    220       3.40        12.4       0.8 2000     || 1      low
    220       3.40        12.4       0.8 2001     || 2      high
    # What is not known: two points are high whatever the rest is.
    74        ?           ?          ?   ?        || ?      high
    220       3.40        12.4       0.8 ?        || ?      ?
    220       3.40        12.4       ?   180      || ?      low
    110       3.40        12.4       ?   180      || ?      ?
    110       0.95        12.4       ?   180      || ?      high
"""


def test_car_hematotox():
    check(HEMATOTOX, CarHematotox, car_hematotox)


def test_every_mutant_of_car_hematotox_changes_an_answer():
    step = {1.2: 0.01, 9.0: 0.1, 3.0: 0.1}
    found = survivors(HEMATOTOX, CarHematotox, car_hematotox, CAR_HEMATOTOX_2021, lambda limit: step.get(limit, 1.0))
    assert found == []


AT_LIMIT = """
    platelets neutrophils hemoglobin crp ferritin || answer
    220       1.19        12.4       0.8 180      || 1
    220       1.20        12.4       0.8 180      || 1
    220       1.21        12.4       0.8 180      || 0
    220       3.40        9.0        0.8 180      || 1
    220       3.40        9.1        0.8 180      || 0
    220       3.40        12.4       3.0 180      || 0
    220       3.40        12.4       3.1 180      || 1
"""
OTHER = {"neutrophils_at_limit": 1, "hemoglobin_at_limit": 1, "crp_at_limit": 0}


def test_points_at_exactly_the_limit_are_a_key():
    check(AT_LIMIT, CarHematotox, car_hematotox, **OTHER)
    check(HEMATOTOX, CarHematotox, car_hematotox, neutrophils_at_limit=0, hemoglobin_at_limit=0, crp_at_limit=1)
    for key, other in OTHER.items():
        with pytest.raises(AssertionError):
            check(AT_LIMIT, CarHematotox, car_hematotox, **{**OTHER, key: 1 - other})


MYCARE = """
    extramedullary plasma_cell_leukemia lenalidomide_refractory high_risk_cytogenetics ferritin ferritin_upper_limit || answer group
    ---------------------------------------------------------------------------------------------------------------
    negative       negative             negative                negative               299      300 || 0 low
    negative       negative             negative                negative               300      300 || 0 low
    negative       negative             negative                negative               301      300 || 1 low
    positive       negative             negative                negative               300      300 || 1 low
    negative       positive             negative                negative               300      300 || 1 low
    positive       positive             negative                negative               300      300 || 1 low
    negative       negative             positive                negative               300      300 || 1 low
    negative       negative             negative                positive               300      300 || 1 low
    negative       negative             positive                positive               300      300 || 2 intermediate
    positive       negative             positive                positive               300      300 || 3 intermediate
    positive       negative             positive                positive               301      300 || 4 high
    # What is not known.
    positive       ?                    positive                positive               301      300 || 4 high
    negative       ?                    positive                positive               301      300 || ? ?
    negative       ?                    positive                positive               300      300 || ? intermediate
    negative       negative             positive                negative               ?        300 || ? ?
    negative       negative             positive                negative               301      ?   || ? ?
    negative       negative             negative                negative               ?        300 || ? low
"""  # fmt: skip


def test_mycare():
    check(MYCARE, MyCare, mycare)


def test_every_mutant_of_mycare_changes_an_answer():
    assert (
        survivors(MYCARE, MyCare, mycare, {"ferritin_times_uln": MYCARE_2024.ferritin_times_uln}, 1 / 300, _mycare)
        == []
    )
    rest = {name: getattr(MYCARE_2024, name) for name in ("findings", "groups")}
    assert survivors(MYCARE, MyCare, mycare, rest, 1.0, _mycare) == []


def _mycare(changed):
    return replace(MYCARE_2024, **changed)


def test_high_risk_as_the_rule_of_that_name_gives_it():
    section = section_of(MyCare, ["high_risk_cytogenetics"])
    assert [section.inputs()[0].levels[word] for word in ("high risk", "standard risk", "yes", "not tested")] == [
        "positive", "negative", "positive", "not-tested",
    ]  # fmt: skip


KIDNEY = """
    creatinine age weight sex    || egfr   clearance
    ------------------------------------------------
    1.0        60  70     female || 64.50  66.11
    1.0        60  70     male   || 86.16  77.78
    0.6        72  55     female || 95.31  73.59
    2.4        68  80     male   || 28.67  33.33
    0.6        72  55     male   || 102.56 86.57
    0.9        50  75     male   || 104.05 104.17
    # At the knots of the two sexes.
    0.7        60  70     female || 98.95  94.44
    0.9        60  70     male   || 97.78  86.42
    0          60  70     male   || ?      ?
    1.0        ?   70     male   || ?      ?
    1.0        60  70     ?      || ?      ?
    1.0        60  ?      male   || 86.16  ?
    1.0        139 70     male   || 52.72  0.97
    1.0        140 70     male   || 52.39  ?
"""


def kidney(which):
    values, expected = parse(KIDNEY)
    rows = pl.concat([values, expected], how="horizontal").select(*values.columns, pl.col(which).alias("answer"))
    lines = [" ".join([*values.columns, "||", "answer"])]
    lines += [" ".join("?" if v is None else str(v) for v in (*r[:-1], "||", r[-1])) for r in rows.rows()]
    return "\n".join(lines)


def test_ckd_epi_2021():
    check(kidney("egfr"), CkdEpi2021, ckd_epi_2021)


def test_cockcroft_gault():
    check(kidney("clearance"), CockcroftGault, cockcroft_gault)


def test_every_constant_of_the_kidney_formulas_changes_an_answer():
    step = {CKD_EPI_2021.per_year: 1e-4, CKD_EPI_2021.mu: 0.1}
    found = survivors(kidney("egfr"), CkdEpi2021, ckd_epi_2021, CKD_EPI_2021, lambda value: step.get(value, 1e-3))
    assert found == []
    factor = COCKCROFT_GAULT_1976
    assert survivors(kidney("clearance"), CockcroftGault, cockcroft_gault, factor, 1e-3) == []


SI_VECTORS = """
    creatinine_umol age sex    || egfr
    ---------------------------------
    88.42           60  female || 64.50
    88.42           60  male   || 86.16
    53.052          72  female || 95.31
    212.208         68  male   || 28.67
    79.578          50  male   || 104.05
"""


def test_vectors_in_micromoles():
    values, expected = parse(SI_VECTORS)
    factor = QUANTITIES["creatinine"].factor("µmol/L")
    frame = values.with_columns(creatinine=pl.col("creatinine_umol") * factor)
    found = ckd_epi_2021(tables(frame), section_of(CkdEpi2021, ["creatinine", "age", "sex"])).columns
    assert found["it"].round(2).to_list() == expected["egfr"].to_list()


def test_hematotox_vectors_in_si_units():
    """The published vectors with neutrophils per microliter, hemoglobin in g/L and C-reactive protein in mg/L."""
    si = {"neutrophils": "/uL", "hemoglobin": "g/L", "crp": "mg/L"}
    frame = pl.DataFrame(
        {
            "platelets": [220.0, 130, 110, 60, 40],
            "neutrophils": [3400.0, 1800, 950, 700, 400],
            "hemoglobin": [124.0, 105, 101, 85, 78],
            "crp": [8.0, 14, 42, 24, 95],
            "ferritin": [180.0, 320, 540, 1400, 3200],
        }
    ).with_columns(pl.col(key) * QUANTITIES[key].factor(unit) for key, unit in si.items())
    found = car_hematotox(tables(frame), section_of(CarHematotox, frame.columns)).columns
    assert found["it"].to_list() == [0, 1, 3, 5, 7]


def test_rules_and_declared_variables():
    assert set(RULES) == {
        "car-hematotox", "charlson", "ckd-epi-2021", "cockcroft-gault", "easix", "imwg-frailty", "mycare",
        "simplified-frailty",
    }  # fmt: skip
    for model, rule, text in ((CarHematotox, car_hematotox, HEMATOTOX), (MyCare, mycare, MYCARE)):
        values, _ = parse(text)
        section = section_of(model, values.columns)
        found = rule(tables(values), section).columns
        assert found.columns == ["patient", *(variable.name for variable in section.variables())]
        group = section.variables()[1]
        assert set(found[group.name].drop_nulls()) == {level.code for level in group.levels}


def test_there_are_mutants_of_everything():
    """The walk over a rule's data reaches every limit: both sides and the comparison of each."""
    n_limits = 7 + 1
    n_points = 7 + 5
    names = [name for name, _ in mutants(CAR_HEMATOTOX_2021, lambda _: 1.0)]
    assert sum("opened or closed" in name for name in names) == n_limits
    assert len(names) >= 3 * n_limits + 2 * n_points
