"""The regimen of a line: category by precedence, lines counted in three ways, what never was, what is not known."""

from __future__ import annotations

import typing

import polars as pl
import pytest
from pydantic import ValidationError

from cohortium.derivations.therapy_history import regimen_of_line
from cohortium.study.derive.regimen import REGIMENS, AnyClass, Regimen, RegimenOfLine
from cohortium.study.tables import DRUG_CLASSES, THERAPIES
from derivations.rule_tables import empty_of, parse, section_of, tables

LINES = """
    patient line role       drug_class            ||
    ------------------------------------------------
    # Four lines before the study drug, two after it.
    A       1    prior      imid                  ||
    A       1    prior      pi                    ||
    A       1    prior      autologous-transplant ||
    A       2    prior      anti-cd38             ||
    A       2    prior      imid                  ||
    A       3    prior      bcma-car-t            ||
    A       3    prior      alkylator             ||
    A       4    prior      xpo1-inhibitor        ||
    A       5    index      bcma-bispecific       ||
    A       5    supportive other                 ||
    A       6    subsequent gprc5d-bispecific     ||
    A       7    subsequent pi                    ||
    # One line, nothing after.
    B       1    prior      pi                    ||
    B       2    index      bcma-bispecific       ||
    # Only the study drug.
    C       1    index      bcma-bispecific       ||
    # A line is missing between others.
    D       1    prior      imid                  ||
    D       3    prior      pi                    ||
    # No line, no role.
    E       1    prior      imid                  ||
    E       ?    prior      pi                    ||
    F       1    prior      imid                  ||
    F       2    ?          pi                    ||
    # A class that is not known: it cannot change the first category, but could change the last.
    G       1    prior      bcma-car-t            ||
    G       1    prior      ?                     ||
    H       1    prior      imid                  ||
    H       1    prior      ?                     ||
"""


def rows_of(text=LINES):
    values, _ = parse(text)
    template = empty_of(THERAPIES)
    return pl.DataFrame(
        {
            name: values[name].cast(template.schema[name])
            if name in values.columns
            else pl.Series(["drug"] * values.height if name == "drug" else [None] * values.height, dtype=kind)
            for name, kind in template.schema.items()
        }
    )


def run(rows, **keys):
    patients = pl.DataFrame({"patient": [*"ABCDEFGH", "nobody"]})
    return regimen_of_line(tables(patients, rows), section_of(RegimenOfLine, [], **keys))


def answers(**keys):
    found = run(rows_of(), **keys).columns
    return dict(found.iter_rows())


@pytest.mark.parametrize(
    ("counted", "line", "a", "b", "c"),
    [
        ("from-first", 1, "Transplant", "Proteasome inhibitor", "No further line"),
        ("from-first", 2, "Anti-CD38 antibody", "No further line", "No further line"),
        ("from-first", 3, "CAR T cells", "No further line", "No further line"),
        ("from-first", 4, "Other", "No further line", "No further line"),
        ("from-first", 5, "No further line", "No further line", "No further line"),
        ("before-study-drug", 1, "Other", "Proteasome inhibitor", "No earlier line"),
        ("before-study-drug", 2, "CAR T cells", "No earlier line", "No earlier line"),
        ("before-study-drug", 4, "Transplant", "No earlier line", "No earlier line"),
        ("before-study-drug", 5, "No earlier line", "No earlier line", "No earlier line"),
        ("after-study-drug", 1, "Bispecific antibody", "No further therapy", "No further therapy"),
        ("after-study-drug", 2, "Proteasome inhibitor", "No further therapy", "No further therapy"),
        ("after-study-drug", 3, "No further therapy", "No further therapy", "No further therapy"),
    ],
)
def test_lines_counted_in_three_ways(counted, line, a, b, c):
    found = answers(counted=counted, line=line)
    assert (found["A"], found["B"], found["C"]) == (a, b, c)


def test_what_is_not_known():
    first, second = answers(line=1), answers(line=2)
    assert (first["D"], second["D"], answers(line=3)["D"]) == ("Immunomodulatory drug", None, "Proteasome inhibitor")
    assert answers(counted="before-study-drug", line=2)["D"] is None
    assert (first["E"], second["E"], first["F"]) == (None, None, None)
    assert (first["G"], first["H"], second["H"]) == ("CAR T cells", None, "No further line")
    assert first["nobody"] is None


def test_a_row_without_a_line_after_the_study_drug_leaves_earlier_lines_known():
    late = pl.concat([rows_of(), rows_of("patient line role drug_class ||\n B ? subsequent pi ||")])
    assert dict(run(late, line=1).columns.iter_rows())["B"] == "Proteasome inhibitor"
    assert dict(run(late, counted="after-study-drug", line=1).columns.iter_rows())["B"] is None


@pytest.mark.parametrize("drug_class", DRUG_CLASSES)
def test_each_class_by_itself(drug_class):
    found = answers_of_class(drug_class)
    of = [regimen.label for regimen in REGIMENS if drug_class in regimen.any_of]
    assert found == (of[0] if of else "Other")
    assert len(of) <= 1


def answers_of_class(drug_class, **keys):
    rows = rows_of(f"patient line role drug_class ||\n A 1 prior {drug_class} ||")
    return dict(run(rows, line=1, **keys).columns.iter_rows())["A"]


def test_regimens_of_the_study_file_in_order_of_precedence():
    both = Regimen(label="Both", all_of=("imid", "pi"))
    either = Regimen(label="Either", any_of=("imid", "pi"))
    found = answers(line=1, regimens=(both, either), other="Rest", no_line="Never")
    assert (found["A"], found["B"], found["C"], found["H"]) == ("Both", "Either", "Never", None)
    turned = answers(line=1, regimens=(either, both))
    assert turned["A"] == "Either"
    with_both = Regimen(label="Triplet", any_of=("anti-cd38",), all_of=("imid",))
    assert answers(line=2, regimens=(with_both,))["A"] == "Triplet"
    assert answers(line=1, regimens=(with_both,))["A"] == "Other"


def test_any_order_of_rows_gives_the_same():
    rows = rows_of()
    for counted in ("from-first", "after-study-drug"):
        first, again = (run(each, counted=counted, line=1) for each in (rows, rows.reverse()))
        assert first.columns.equals(again.columns)
        assert first.records.equals(again.records)


def test_records_list_the_drugs_of_each_line():
    rows = rows_of().with_columns(drug=pl.col("drug_class"))
    records = run(rows, line=1).records.filter(pl.col("patient") == "A")
    assert records.rows()[0] == ("A", 1, "Transplant", "autologous-transplant, imid, pi")
    assert records["line"].to_list() == [1, 2, 3, 4]


def test_the_classes_are_those_of_the_table():
    assert set(typing.get_args(AnyClass)) == set(DRUG_CLASSES)


@pytest.mark.parametrize(
    ("keys", "said"),
    [
        ({"regimens": ({"label": "Any"},)}, "needs any_of or all_of"),
        ({"other": "Transplant"}, "'Transplant' is given twice"),
        ({"no_line": "Other"}, "'Other' is given twice"),
    ],
)
def test_what_a_section_may_not_say(keys, said):
    with pytest.raises(ValidationError, match=said):
        section_of(RegimenOfLine, [], line=1, **keys)
