"""Earlier lines of therapy: exposure, refractoriness by days, by response and by reason, BCMA, transplant."""

from __future__ import annotations

from itertools import product

import polars as pl
import pytest

from cohortium.derivations.therapy_history import RULES, prior_therapy
from cohortium.study.derive.prior_therapy import PriorTherapy
from cohortium.study.queries import LINE
from cohortium.study.tables import THERAPIES
from derivations.rule_tables import empty_of, parse, section_of, tables

CLASS = {
    "lenalidomide": "imid", "pomalidomide": "imid", "thalidomide": "imid", "bortezomib": "pi", "carfilzomib": "pi",
    "daratumumab": "anti-cd38", "isatuximab": "anti-cd38", "belantamab": "bcma-adc", "ide-cel": "bcma-car-t",
    "cilta-cel": "bcma-car-t", "elranatamab": "bcma-bispecific", "teclistamab": "bcma-bispecific",
    "autologous": "autologous-transplant", "allogeneic": "allogeneic-transplant",
}  # fmt: skip


def therapies(text):
    """Rows of `therapies`; columns that are not given are those of a drug without incident in line 1."""
    values, _ = parse(text)
    template = empty_of(THERAPIES)
    usual = {"line": 1, "role": "prior", "start": -400, "stop": -300, "best_response": "VGPR", "progression": 0}
    known = {
        name: values[name].cast(template.schema[name]) if name in values.columns
        else pl.Series([usual.get(name)] * values.height, dtype=template.schema[name])
        for name in template.columns
    }  # fmt: skip
    frame = pl.DataFrame(known)
    if "drug_class" not in values.columns:
        frame = frame.with_columns(drug_class=pl.col("drug").replace_strict(CLASS, default=None))
    return frame.with_columns(pl.int_range(2, pl.len() + 2).alias(LINE))


def run(text, patients=None, **keys):
    rows = therapies(text)
    patients = pl.DataFrame({"patient": rows["patient"].unique(maintain_order=True)}) if patients is None else patients
    return prior_therapy(tables(patients, rows), section_of(PriorTherapy, patients.columns, **keys))


def answer(text, variable, **keys):
    return run(text, **keys).columns[f"it_{variable}" if variable else "it"].to_list()


REFRACTORY = """
    patient drug         start stop best_response stop_reason progression || refractory
    -------------------------------------------------------------------------------------
    # Days from the last dose to progression: 59, 60, 61; on the drug; on the last day.
    A       lenalidomide 0     100  PR            completed   159         || yes
    B       lenalidomide 0     100  PR            completed   160         || yes
    C       lenalidomide 0     100  PR            completed   161         || no
    D       lenalidomide 0     100  PR            toxicity    50          || yes
    E       lenalidomide 0     100  PR            completed   100         || yes
    # By best response: less than MR.
    F       lenalidomide 0     100  PD            completed   400         || yes
    G       lenalidomide 0     100  SD            completed   400         || yes
    H       lenalidomide 0     100  MR            completed   400         || no
    I       lenalidomide 0     100  sCR           completed   400         || no
    J       lenalidomide 0     100  NE            completed   400         || ?
    K       lenalidomide 0     100  ?             completed   400         || ?
    L       lenalidomide 0     100  ?             completed   160         || yes
    # By reason; days that are not known.
    M       lenalidomide 0     100  PR            progression ?           || yes
    N       lenalidomide 0     100  PR            clinical-progression ?  || ?
    O       lenalidomide 0     100  PR            completed   ?           || ?
    P       lenalidomide 0     ?    PR            ?           300         || ?
    Q       lenalidomide 0     ?    PR            ?           60          || yes
    R       lenalidomide 0     ?    PR            ?           61          || ?
    S       lenalidomide 0     ?    SD            ?           ?           || yes
    T       lenalidomide ?     ?    PR            ?           10          || ?
    # Another drug, another role.
    U       pomalidomide 0     100  PD            progression 100         || no
"""


def refractory(**keys):
    return answer(REFRACTORY, "refractory_lenalidomide", **keys)


def test_refractory():
    assert refractory() == parse(REFRACTORY)[1]["refractory"].to_list()


@pytest.mark.parametrize("days", [59, 61])
def test_the_window_is_a_key_and_another_changes_an_answer(days):
    expected = parse(REFRACTORY)[1]["refractory"].to_list()
    found = refractory(refractory_within_days=days)
    changed = {
        "ABCDEFGHIJKLMNOPQRSTU"[i] for i, pair in enumerate(zip(found, expected, strict=True)) if len(set(pair)) > 1
    }
    assert changed == ({"B", "L", "Q"} if days == 59 else {"C", "R"})


def test_every_response_and_reason_of_the_keys_matters():
    expected = parse(REFRACTORY)[1]["refractory"].to_list()
    for responses in (("SD",), ("PD",), ("MR", "SD", "PD")):
        assert refractory(refractory_responses=responses) != expected
    assert refractory(refractory_stop_reasons=()) != expected
    assert refractory(refractory_stop_reasons=("progression", "clinical-progression"))[13] == "yes"


def test_a_missing_day_of_progression_may_mean_that_there_was_none():
    found = dict(zip("ABCDEFGHIJKLMNOPQRSTU", refractory(no_progression_day="no-progression"), strict=True))
    assert (found["M"], found["N"], found["O"], found["S"], found["P"]) == ("yes", "no", "no", "yes", None)


def test_records_say_why():
    records = run(REFRACTORY).records
    words = dict(zip(records["patient"], records["explanation"], strict=True))
    assert words["A"] == "progression 59 days after the last dose"
    assert words["C"] == "best response PR, progression 61 days after the last dose"
    assert words["D"] == "progression on the drug"
    assert words["G"] == "best response SD"
    assert words["M"] == "stopped for progression"
    assert words["O"] == "day of progression not known"
    assert words["P"] == "last day of the drug not known"
    assert words["K"] == "best response not known"
    assert (
        run(REFRACTORY, no_progression_day="no-progression").records.row(14)[-1] == "best response PR, no progression"
    )


EXPOSED = """
    patient line drug          role       || lines lenalidomide imid
    ------------------------------------------------------------------
    A       1    lenalidomide  prior      || 2     yes          yes
    A       2    bortezomib    prior      || 2     yes          yes
    A       3    teclistamab   index      || 2     yes          yes
    B       1    Lenalidomide  index      || 0     no           no
    C       1    pomalidomide  prior      || 1     no           yes
    C       1    bortezomib    prior      || 1     no           yes
    D       ?    bortezomib    prior      || ?     no           no
    E       1    lenalidomide  ?          || ?     ?            ?
    F       1    ?             prior      || 1     ?            ?
    G       1    thalidomide   prior      || 2     yes          yes
    G       2    lenalidomide  bridging   || 2     yes          yes
    G       2    LENALIDOMIDE  prior      || 2     yes          yes
"""


def test_lines_and_exposure():
    values, expected = parse(EXPOSED)
    wanted = pl.concat([values.select("patient"), expected], how="horizontal").unique("patient", maintain_order=True)
    assert answer(EXPOSED, "") == wanted["lines"].cast(pl.Int64).to_list()
    assert answer(EXPOSED, "exposed_lenalidomide") == wanted["lenalidomide"].to_list()
    assert answer(EXPOSED, "exposed_imid") == wanted["imid"].to_list()


def test_a_patient_without_rows_is_unknown_throughout():
    patients = pl.DataFrame({"patient": ["Z", "A"]})
    columns = run(EXPOSED, patients).columns
    assert columns["patient"].to_list() == ["Z", "A"]
    assert [
        value for name, value in columns.row(0, named=True).items() if name != "patient" and value is not None
    ] == []
    none = prior_therapy(tables(patients), section_of(PriorTherapy, []))
    assert none.columns.shape == columns.shape


FIVE = ("lenalidomide", "pomalidomide", "bortezomib", "carfilzomib", "daratumumab")


def five_rows(present, best="PD"):
    rows = [f"A {drug} {best} completed 500 || x" for drug in present]
    return "patient drug best_response stop_reason progression || x\n" + "\n".join(rows)


def test_three_classes_and_five_drugs_for_every_subset_of_drugs():
    """Each of the 2^6 - 1 subsets of the five drugs and another anti-CD38 antibody, all refractory."""
    drugs = (*FIVE, "isatuximab")
    subsets = [flags for flags in product([False, True], repeat=6) if any(flags)]
    rows = [
        five_rows([drug for drug, flag in zip(drugs, flags, strict=True) if flag]).replace("\nA ", f"\nP{i} ")
        for i, flags in enumerate(subsets, start=1)
    ]
    text = "\n".join([rows[0].splitlines()[0], *(line for one in rows for line in one.splitlines()[1:])])
    columns = run(text).columns
    for row, (len_, pom, bort, carf, dara, isa) in zip(columns.iter_rows(named=True), subsets, strict=True):
        triple = (len_ or pom) and (bort or carf) and (dara or isa)
        penta = len_ and pom and bort and carf and (dara or isa)
        for kind in ("exposed", "refractory"):
            assert row[f"it_triple_class_{kind}"] == ("yes" if triple else "no")
            assert row[f"it_penta_{kind}"] == ("yes" if penta else "no")


def test_exposed_is_not_refractory():
    row = run(five_rows(FIVE, best="VGPR")).columns.row(0, named=True)
    assert row["it_penta_exposed"] == row["it_triple_class_exposed"] == "yes"
    assert row["it_penta_refractory"] == row["it_triple_class_refractory"] == "no"


def test_five_drugs_where_one_answer_is_not_known():
    unknown = five_rows(FIVE).replace("carfilzomib PD completed 500", "carfilzomib NE completed ?")
    row = run(unknown).columns.row(0, named=True)
    assert (row["it_penta_refractory"], row["it_triple_class_refractory"]) == (None, "yes")
    settled = unknown.replace("lenalidomide PD", "lenalidomide VGPR")
    assert run(settled).columns["it_penta_refractory"].to_list() == ["no"]


def test_lists_of_five_drugs_are_keys():
    given = five_rows(("lenalidomide", "thalidomide", "bortezomib", "carfilzomib", "isatuximab"))
    assert answer(given, "penta_exposed") == ["no"]
    assert answer(given, "penta_exposed", penta_imids=("lenalidomide", "pomalidomide", "thalidomide")) == ["yes"]
    assert answer(given, "penta_exposed", penta_each=1) == ["yes"]
    assert answer(given, "penta_exposed", penta_pis=("bortezomib", "ixazomib"), penta_each=1) == ["yes"]
    assert answer(given, "penta_exposed", penta_each=3, penta_imids=FIVE, penta_pis=FIVE) == ["yes"]


BCMA = """
    patient line drug         start stop  || bcma kind             days
    ---------------------------------------------------------------------
    A       1    bortezomib   -900  -800  || no   none             ?
    B       1    belantamab   -900  -800  || yes  adc-only         ?
    C       1    ide-cel      -270  -270  || yes  car-t-only       270
    D       1    elranatamab  -900  -800  || yes  bispecific-only  ?
    E       1    belantamab   -900  -800  || yes  adc-and-car-t    100
    E       2    cilta-cel    -100  -100  || yes  adc-and-car-t    100
    F       1    ide-cel      -500  -500  || yes  other            500
    F       2    elranatamab  -400  -300  || yes  other            500
    G       1    ide-cel      -500  -500  || yes  car-t-only       90
    G       2    cilta-cel    -90   -90   || yes  car-t-only       90
    H       1    ide-cel      ?     ?     || yes  car-t-only       ?
    H       2    cilta-cel    -90   -90   || yes  car-t-only       ?
    I       1    belantamab   -900  -800  || yes  other            ?
    I       2    elranatamab  -400  -300  || yes  other            ?
"""


def test_bcma():
    values, expected = parse(BCMA)
    wanted = pl.concat([values.select("patient"), expected], how="horizontal").unique("patient", maintain_order=True)
    assert answer(BCMA, "bcma") == wanted["bcma"].to_list()
    assert answer(BCMA, "bcma_kind") == wanted["kind"].to_list()
    assert answer(BCMA, "days_since_bcma_car_t") == wanted["days"].cast(pl.Int64).to_list()


def test_bcma_where_a_class_is_not_known():
    text = """
        patient drug       drug_class      || x
        A       nobody     ?               || x
        B       ide-cel    bcma-car-t      || x
        B       trial      ?               || x
        C       ide-cel    bcma-car-t      || x
        C       ab         bcma-bispecific || x
        C       trial      ?               || x
    """
    assert answer(text, "bcma") == [None, "yes", "yes"]
    assert answer(text, "bcma_kind") == [None, None, "other"]


def test_time_since_car_t_cells_from_the_index_therapy():
    text = """
        patient drug        role  start || x
        A       ide-cel     prior 100   || x
        A       teclistamab index 350   || x
        A       teclistamab index 400   || x
        B       ide-cel     prior 100   || x
        C       ide-cel     prior 100   || x
        C       teclistamab index ?     || x
    """
    assert answer(text, "days_since_bcma_car_t", index="index-therapy") == [250, None, None]
    assert answer(text, "days_since_bcma_car_t") == [-100, -100, -100]


def test_transplants():
    text = """
        patient drug       || x
        A       autologous || x
        B       allogeneic || x
    """
    assert answer(text, "autologous_transplant") == ["yes", "no"]
    assert answer(text, "allogeneic_transplant") == ["no", "yes"]


def test_disagreements_with_what_the_site_entered():
    patients = pl.DataFrame(
        {
            "patient": ["A", "C", "D"],
            "site_n_lines": [3.0, 1.0, 4.0],
            "site_triple_class_exposed": ["yes", "no", None],
            "site_bcma": ["no", "yes", "no"],
        }
    )
    found = run(EXPOSED, patients).listings["disagreements"].rows()
    assert found == [
        ("A", "it", "3", "2"),
        ("A", "it_triple_class_exposed", "yes", "no"),
        ("C", "it_bcma", "yes", "no"),
    ]
    assert run(EXPOSED).listings["disagreements"].height == 0


def test_rows_that_cannot_be_right():
    text = """
        patient line drug         start stop progression || x
        A       1    bortezomib   0     -1   ?           || x
        B       1    bortezomib   0     5    -1          || x
        C       2    ide-cel      10    10   ?           || x
        D       1    bortezomib   -10   -5   0           || x
        D       3    bortezomib   -4    -3   0           || x
        D       3    lenalidomide -4    -3   0           || x
    """
    found = {one.rule: (one.lines.to_list(), one.severity) for one in run(text).findings}
    assert found == {
        "stop-before-start": ([2], "error"),
        "progression-before-start": ([3], "error"),
        "prior-after-index": ([4], "error"),
        "line-gap": ([4, 6], "note"),
    }


def test_columns_are_the_declared_variables_in_any_order_of_rows():
    derived = run(BCMA)
    section = section_of(PriorTherapy, [])
    assert set(derived.columns.columns) == {"patient", *(variable.name for variable in section.variables())}
    for variable in section.variables():
        if variable.kind == "category":
            codes = {level.code for level in variable.levels}
            assert set(derived.columns[variable.name].drop_nulls()) <= codes
    patients = pl.DataFrame({"patient": list("ABCDEFGHI")})
    rows = therapies(BCMA)
    again = prior_therapy(tables(patients, rows.reverse()), section)
    assert again.columns.equals(prior_therapy(tables(patients, rows), section).columns)
    assert again.records.equals(derived.records)
    assert set(RULES) == {"prior-therapy", "regimen-of-line"}


def test_the_word_for_five_drugs_changes_the_label_only():
    section = section_of(PriorTherapy, [], penta_word="Penta-class")
    assert "Penta-class refractory" in [variable.label for variable in section.variables()]
    assert section.tables() == ("therapies",)
