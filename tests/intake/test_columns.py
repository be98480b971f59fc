import pytest

from cohortium.errors import SiteDataError
from cohortium.study.queries import LINE


def problems(small, fields, content, **sections):
    with pytest.raises(SiteDataError) as refusal:
        small.read(fields, content, **sections)
    return [str(problem) for problem in refusal.value.problems]


def test_missing_columns_are_all_named_with_a_suggestion(small, as_field):
    fields = {"ph_ecog": as_field("integer"), "age": as_field("integer")}
    assert problems(small, fields, "# made by hand\nid,ph.ecog,height\nA,1,2\n") == [
        "sites/site-01/patients.csv:2: the column 'ph_ecog' is missing (did you mean 'ph.ecog'?)",
        "sites/site-01/patients.csv:2: the column 'age' is missing (export the site's rows again with this column)",
    ]


def test_a_missing_key_column(small, as_field):
    (problem,) = problems(small, {"age": as_field("integer")}, "ID,age\nA,1\n")
    assert problem == "sites/site-01/patients.csv:1: the column 'id' is missing (did you mean 'ID'?)"


def test_a_file_without_a_header_does_not_give_away_its_first_patient(small, as_field):
    (problem,) = problems(small, {"age": as_field("integer")}, "Doe,50\nRoe,60\n")
    assert "holds none of the dictionary's column names" in problem
    assert "Doe" not in problem


def test_a_wrong_delimiter_is_named(small, as_field):
    (problem,) = problems(small, {"age": as_field("integer")}, "id;age\nA;1\n")
    assert "also check [data] delimiter" in problem


def test_repeated_columns_are_named(small, as_field):
    fields = {"age": as_field("integer")}
    assert problems(small, fields, "id,age,x,age,x\nA,1,2,3,4\n") == [
        "sites/site-01/patients.csv:1: the column 'age' stands there 2 times (columns 2, 4) (keep one of them)",
        "sites/site-01/patients.csv:1: a column name stands there 2 times (columns 3, 5) (keep one of them)",
    ]


def test_columns_that_are_not_declared_are_noted_and_not_read(small, as_field):
    intake = small.read({"age": as_field("integer")}, "id,extra,age,=cmd|x,,\nA,1,2,3,,\n")
    assert intake.frame.columns == ["id", "age", "site", LINE]
    assert [(query.line, query.variable, query.rule, query.severity) for query in intake.queries] == [
        (1, "extra", "undeclared-column", "note"),
        (1, "column 4", "undeclared-column", "note"),
    ]


def test_identifiers_and_texts_are_never_read_and_may_be_absent(small, as_field):
    fields = {"name": as_field(identifier="y"), "notes": as_field(field_type="notes"), "mrn": as_field(identifier="y")}
    intake = small.read(fields, "name,id,notes\nDoe,A,seen\n")
    assert intake.frame.columns == ["id", "site", LINE]
    assert intake.queries == ()


def test_columns_come_in_the_order_of_the_dictionary(small, as_field):
    fields = {"b": as_field("integer"), "a": as_field("integer")}
    intake = small.read(fields, "a,id,b\n1,A,2\n")
    assert intake.frame.rows() == [("A", 2, 1, "site-01", 2)]
