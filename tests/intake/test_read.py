import hashlib
import traceback
from pathlib import Path

import polars as pl
import pytest

from cohortium.errors import SiteDataError
from cohortium.intake import read_sites
from cohortium.study.load import load_study
from cohortium.study.queries import LINE

CANARY = "Kanarienvogel"


def test_types_source_and_site(small, as_field):
    fields = {
        "sex": as_field(field_type="radio", select_choices_or_calculations="1, Male | 2, Female"),
        "age": as_field("integer"),
        "weight": as_field("number_1dp"),
        "start": as_field("date_ymd"),
    }
    content = "id,sex,age,weight,start\n001,1,50,70.5,2024-01-01\n"
    intake = small.read(fields, content, time='horizon_days = 9\norigin = "start"')
    assert intake.frame.schema == {
        "id": pl.String,
        "sex": pl.String,
        "age": pl.Int64,
        "weight": pl.Float64,
        "start": pl.Int64,
        "site": pl.String,
        LINE: pl.Int64,
    }
    assert intake.frame.rows() == [("001", "1", 50, 70.5, 0, "site-01", 2)]
    source = intake.source
    assert (source.path, source.encoding, source.n_rows) == ("sites/site-01/patients.csv", "utf-8", 1)
    assert source.sha256 == hashlib.sha256(content.encode()).hexdigest()


@pytest.mark.parametrize(
    ("content", "encoding"),
    [
        ("id,x\nÄ1,2\n".encode("utf-8-sig"), "utf-8-sig"),
        ("id,x\nÄ1,2\n".encode("cp1252"), "cp1252"),
        ("id,x\nÄ1,2\n".encode("utf-16"), "utf-16"),
        ("id;x\nÄ1;2\n".encode(), "utf-8"),
    ],
)
def test_the_encoding_that_was_used_is_recorded(small, as_field, content, encoding):
    delimiter = ";" if b";" in content else ","
    intake = small.read({"x": as_field("integer")}, content, data=f'delimiter = "{delimiter}"')
    assert intake.frame.rows() == [("Ä1", 2, "site-01", 2)]
    assert intake.source.encoding == encoding


def test_a_file_with_a_ragged_line_is_not_used_at_all(small, as_field):
    intake = small.read({"x": as_field("integer")}, "id,x\nA,1\nB\nC,not a number\n")
    assert intake.frame.is_empty()
    assert intake.frame.columns == ["id", "x", "site", LINE]
    assert [str(query) for query in intake.queries] == [
        "sites/site-01/patients.csv:3: ragged-line: expected 2 cells, as in the header (line 1); found 1"
    ]


def test_a_query_as_it_is_printed(small, as_field):
    (query,) = small.read({"x": as_field("integer")}, '# SIMULATED DATA\nid,x\n"A",1.5\n').queries
    assert query.is_error
    assert str(query) == (
        "sites/site-01/patients.csv:3: patient A, x: not-a-whole-number: "
        "expected a whole number in digits (at most 15), such as 42"
    )


def test_a_header_without_rows_is_a_problem(small):
    with pytest.raises(SiteDataError, match="holds a header and no rows"):
        small.read({}, "id\n\n")


def test_queries_come_in_the_order_of_the_file(small, as_field):
    fields = {"x": as_field("integer"), "y": as_field("integer")}
    queries = small.read(fields, "id,x,y\nA,1,bad\nB,bad,bad\nA,bad,1\n").queries
    assert [(query.line, query.variable) for query in queries] == [(2, "y"), (3, "x"), (3, "y"), (4, "x"), (4, "id")]


def test_rows_without_an_institution_are_found_and_noted(small, as_field):
    small.write({"x": as_field("integer")}, {"a": "id,x\nP1,1\n", "unknown": "id,x\nP2,2\n"})
    text = (small.directory / "study.toml").read_text()
    (small.directory / "study.toml").write_text(f"{text}unassigned = true\n")
    study = load_study(small.directory)
    intake = read_sites(study)
    assert intake.sites[1].frame["site"].to_list() == [None]
    (query,) = intake.queries
    assert (query.site, query.key, query.rule, query.severity) == ("unknown", "P2", "institution-missing", "note")


def test_the_problems_of_all_sites_are_reported_at_once(small, as_field):
    sites = {"site-01": None, "site-02": "id\n1\n", "site-03": "", "site-04": "id,x\n1,2\n"}
    small.write({"x": as_field("integer")}, sites)
    (small.directory / "sites" / "site-4").mkdir()
    (small.directory / "sites" / ".cache").mkdir()
    with pytest.raises(SiteDataError) as refusal:
        small.read_all({"x": as_field("integer")}, sites)
    assert [problem.where for problem in refusal.value.problems] == [
        "sites/site-4",
        "sites/site-01",
        "sites/site-02/patients.csv:1",
        "sites/site-03/patients.csv",
    ]
    # site-04 has its directory; site-01 has none.
    assert refusal.value.problems[0].hint == "did you mean 'site-01'?"


def test_what_must_be_settled_at_other_sites_is_reported_with_what_cannot_be_read(small, as_field):
    sites = {"site-01": "id\n1\n", "site-02": "id,x\nA,bad\nB,1\n", "site-03": None, "site-04": "id,x\nB, 2\n"}
    with pytest.raises(SiteDataError) as refusal:
        small.read_all({"x": as_field("integer")}, sites)
    assert [(problem.where, problem.what.partition(": exp")[0]) for problem in refusal.value.problems] == [
        ("sites/site-01/patients.csv:1", "the column 'x' is missing"),
        ("sites/site-03", "the site's directory is missing"),
        ("sites/site-02/patients.csv:2", "patient A, x: not-a-whole-number"),
        ("sites/site-04/patients.csv:2", "patient B, id: duplicate-key"),
    ]


def test_each_row_carries_the_line_on_which_it_starts(small, as_field):
    intake = small.read({"x": as_field("number")}, '# comment\nid,x,y\nA,1,"two\nlines"\n\nB,2,z\n')
    assert intake.frame[LINE].to_list() == [3, 6]


def test_a_directory_of_sites_that_may_not_be_listed_is_named(small, monkeypatch):
    study = small.write({}, {"site-01": "id\n1\n"})

    def refuse(_path):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "iterdir", refuse)
    with pytest.raises(SiteDataError, match=r"sites/: cannot be read: Permission denied \(check the directory's"):
        read_sites(study)


def test_a_study_without_site_directories(small):
    study = small.write({}, {"site-01": None})
    with pytest.raises(SiteDataError, match=r"sites/: the directory is missing \(put each site's file at sites/<id>/"):
        read_sites(study)


def test_no_message_and_no_repr_holds_a_value(small, as_field):
    fields = {
        "name": as_field(identifier="y"),
        "note": as_field(field_type="notes"),
        "sex": as_field(field_type="radio", select_choices_or_calculations="1, Male | 2, Female"),
        "age": as_field("integer", required_field="y", text_validation_min="18"),
        "weight": as_field("number_1dp"),
        "start": as_field("date_ymd"),
    }
    row = ",".join([f"{CANARY} {CANARY}", *[CANARY] * 6])
    content = (
        f"id,name,note,sex,age,weight,start\n{row}\n{row}\nA,{CANARY},,,19{CANARY},1.5{CANARY},2024-01-01{CANARY}\n"
    )
    intake = small.read_all(fields, {"site-01": content}, time='horizon_days = 9\norigin = "start"')
    assert len(intake.queries) >= 11
    assert CANARY not in repr(intake)
    assert not any(CANARY in str(query) for query in intake.queries)
    assert CANARY not in repr(intake.sites[0].frame.drop("id").rows())


@pytest.mark.parametrize(
    "content",
    [
        f"{CANARY},{CANARY}x\n1,2\n",
        f"id,{CANARY},{CANARY}\n1,2,3\n",
        f'id,x\n1,"{CANARY}\n',
        f"id,x\n{CANARY},2,{CANARY}\n",
        f"id,x\n1,{CANARY}\n".encode() + b"\x81\xff",
        f"id,x\n1,\0{CANARY}\n".encode(),
        f"id,{CANARY * 100_000}\n",
        f"id,x\n1,{CANARY * 11_000}\n",
    ],
)
def test_no_refusal_holds_a_value(small, as_field, content):
    try:
        printed = str(small.read({"x": as_field("integer")}, content).queries)
    except SiteDataError as error:
        printed = "".join(traceback.format_exception(error)) + repr(error.problems)
    assert CANARY not in printed
    assert "sites/site-01/patients.csv" in printed


@pytest.mark.slow
def test_a_large_file_is_read_fast_in_one_pass(small, as_field):
    fields = {f"v{i}": as_field("integer") for i in range(29)}
    rows = "".join(f"P{i:06d}," + ",".join(str((i * j) % 997) for j in range(29)) + "\n" for i in range(100_000))
    intake = small.read(fields, "id," + ",".join(fields) + "\n" + rows)
    assert intake.frame.shape == (100_000, 32)
    assert intake.queries == ()
