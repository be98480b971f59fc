import contextlib
import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cohortium.errors import SiteDataError
from cohortium.intake.csv_text import MAX_FAULTS, CsvFile

ENCODINGS = {"utf-8": "utf-8", "utf-8-sig": "utf-8-sig", "utf-16": "utf-16", "utf-16-be": "utf-16-be"}

cells = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=8)
cp1252_cells = st.text(st.characters(codec="cp1252", exclude_characters="\0", exclude_categories=["Cs"]), max_size=8)


def tables(cell):
    return st.integers(1, 4).flatmap(
        lambda width: st.lists(st.lists(cell, min_size=width, max_size=width), min_size=1, max_size=5)
    )


def written(rows, encoding, delimiter=",", lineterminator="\r\n"):
    text = io.StringIO(newline="")
    # Python 3.11's writer does not quote a carriage return when the line end is a line feed.
    quoting = csv.QUOTE_ALL if lineterminator == "\n" else csv.QUOTE_MINIMAL
    csv.writer(text, delimiter=delimiter, lineterminator=lineterminator, quoting=quoting).writerows(rows)
    return text.getvalue().encode(encoding)


def read(data, encoding="utf-8", delimiter=","):
    if isinstance(data, str):
        data = data.encode()
    file = CsvFile(data, encoding, delimiter, "sites/a/patients.csv")
    return file, file.read_rows(range(len(file.header)))


def assert_round_trip(rows, encoding, delimiter, lineterminator):
    header = [f"c{i}" for i in range(len(rows[0]))]
    file, result = read(written([header, *rows], encoding, delimiter, lineterminator), encoding, delimiter)
    assert list(file.header) == header
    assert result.faults == ()
    assert [list(row) for row in result.cells.iter_rows()] == rows


@given(
    tables(cells),
    st.sampled_from(sorted(ENCODINGS)),
    st.sampled_from([",", ";", "\t"]),
    st.sampled_from(["\n", "\r\n"]),
)
def test_any_table_is_read_back_equal(rows, encoding, delimiter, lineterminator):
    assert_round_trip(rows, encoding, delimiter, lineterminator)


@given(tables(cp1252_cells))
def test_any_cp1252_table_is_read_back_equal(rows):
    assert_round_trip(rows, "cp1252", ",", "\r\n")


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(data):
    with contextlib.suppress(SiteDataError):
        read(b"a,b\n" + data.decode("latin-1").encode())


def test_line_numbers_count_comments_quoted_line_ends_and_empty_lines():
    _, rows = read('# made by hand\n#\na,b\n1,"two\nlines"\n\n3,"x\r\n\r\ny"\n5,6\n')
    assert rows.lines.to_list() == [4, 7, 10]
    assert rows.cells["b"].to_list() == ["two\nlines", "x\r\n\r\ny", "6"]


def test_a_hash_after_the_header_is_data():
    _, rows = read("a,b\n#1,2\n")
    assert rows.cells.rows() == [("#1", "2")]


def test_leading_zeros_and_exponents_stay_text():
    _, rows = read("a,b\n001,1e5\n")
    assert rows.cells.rows() == [("001", "1e5")]


def test_every_ragged_line_is_named():
    _, rows = read("a,b,c\n1,2,3\n4,5\n6,7,8,9\n")
    assert [(fault.line, fault.rule, fault.expected) for fault in rows.faults] == [
        (3, "ragged-line", "3 cells, as in the header (line 1); found 2"),
        (4, "ragged-line", "3 cells, as in the header (line 1); found 4"),
    ]


def test_a_file_of_ragged_lines_is_not_listed_without_end():
    _, rows = read("a,b\n" + "1\n" * (MAX_FAULTS + 50))
    assert len(rows.faults) == MAX_FAULTS
    assert rows.faults[-1].expected.endswith("reading stopped here, after 1,000 such lines")


@pytest.mark.parametrize("text", ['a,b\n1,"x"y\n', 'a,b\n1,"never closed\n2,3\n'])
def test_unmatched_quotation_marks_are_named_with_the_line_where_the_row_starts(text):
    _, rows = read(text)
    assert [(fault.line, fault.rule) for fault in rows.faults] == [(2, "broken-quotes")]


def test_mixed_line_ends_are_read_and_noted_once():
    _, rows = read(b"a,b\r\n1,2\r\n3,4\n5,6\n7,8\r9,10")
    assert rows.cells.height == 5
    assert [(remark.line, remark.rule) for remark in rows.remarks] == [(3, "mixed-line-ends")]


def test_line_ends_within_quotes_are_not_mixed_line_ends():
    _, rows = read(b'a,b\r\n1,"x\ny"\r\n2,z\r\n')
    assert rows.remarks == ()


@pytest.mark.parametrize(
    ("data", "what"),
    [
        ("", "the file is empty"),
        ("# only\n# comments\n", "the file is empty"),
        ('a,"b\n', "the header's quotation marks do not match"),
        ("a,b\n1," + "x" * 1_000_001, "is longer than 1,000,000 characters"),
        ('a,b\n1,"' + "x\n" * 100_000, "holds a cell of more than 131,072 characters"),
        (",".join(f"c{i}" for i in range(20_000)) + "\n", "has more than 10,000 columns"),
        (",".join("c" for _ in range(1_000_000)) + "\n", "is longer than 1,000,000 characters"),
        ("a,b\n" + "\n" * 2_000_000, "has more than 2,000,000 lines; expected one row a patient"),
        ("a,b\n1,\0\n", "holds a NUL character"),
    ],
)
def test_what_cannot_be_read_is_refused_by_name(data, what):
    with pytest.raises(SiteDataError, match="sites/a/patients") as refusal:
        read(data)
    assert what in str(refusal.value)


@given(
    st.lists(
        st.sampled_from(["", "a,b", "a,b,c", "a", ",", " ,#", "\u2028,x", '"a",b', "a\r,b", "\x0cb,c"]), max_size=6
    ),
    st.sampled_from(["\n", "\r\n", "\r"]),
    st.booleans(),
)
def test_lines_read_at_once_are_those_read_one_by_one(lines, ending, is_ended):
    """The same rows behind a quoted one, which is read line by line, and without it."""
    text = ending.join(lines) + ending * is_ended
    at_once, one_by_one = read(f"x,y{ending}{text}")[1], read(f'x,y{ending}"q",q{ending}{text}')[1]
    assert one_by_one.cells.rows()[1:] == at_once.cells.rows()
    assert [line - 1 for line in one_by_one.lines.to_list()[1:]] == at_once.lines.to_list()
    assert [(f.line - 1, f.rule) for f in one_by_one.faults] == [(f.line, f.rule) for f in at_once.faults]
    assert [(f.line - 1, f.rule) for f in one_by_one.remarks] == [(f.line, f.rule) for f in at_once.remarks]
