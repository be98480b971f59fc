import pytest

SEX = {"field_type": "radio", "select_choices_or_calculations": "1, Male | 02, Female"}


@pytest.mark.parametrize("cell", ["1e5", "NA", "#DIV/0!", "1,5", "1.0", "0x1F", "1_000", "٣", "--1", "inf", "1" * 16])
def test_what_is_not_a_whole_number_is_a_query_and_unknown(small, cell):
    assert small.column([cell], validation="integer") == ([None], ["not-a-whole-number"])


def test_whole_numbers(small):
    cells = ["0", "007", "-5", "+5", "-0", "999999999999999"]
    assert small.column(cells, validation="integer") == ([0, 7, -5, 5, 0, 999999999999999], [""] * 6)


@pytest.mark.parametrize("cell", ["1e5", "NA", "#DIV/0!", "1,5", "5.", ".", "nan", "Infinity", "1.5 kg", "1 000", "<5"])
def test_what_is_not_a_plain_decimal_is_a_query_and_unknown(small, cell):
    assert small.column([cell], validation="number") == ([None], ["not-a-number"])


def test_plain_decimals(small):
    cells = ["1", "1.5", ".5", "-0.25", "+2.50", "01.10"]
    assert small.column(cells, validation="number") == ([1.0, 1.5, 0.5, -0.25, 2.5, 1.1], [""] * 6)


def test_a_decimal_comma_only_where_the_dictionary_says_so(small):
    values, rules = small.column(["1,5", "1.5", "2"], validation="number_1dp_comma_decimal")
    assert values == [1.5, None, 2.0]
    assert rules == ["", "not-a-number", ""]


def test_more_decimals_than_declared(small):
    values, rules = small.column(["1.25", "1.20", "1.2"], validation="number_1dp")
    assert values == [None, 1.2, 1.2]
    assert rules == ["too-many-decimals", "", ""]


@pytest.mark.parametrize(
    ("validation", "cell", "expected"),
    [("number_1dp", "1.25", "at most 1 decimal"), ("number_2dp", "1.255", "at most 2 decimals")],
)
def test_the_most_decimals_in_words(small, as_field, validation, cell, expected):
    (query,) = small.read({"x": as_field(validation)}, f"id,x\nA,{cell}\n").queries
    assert query.expected == expected


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [("18", "100", "from 18 to 100"), ("18", "", "at least 18"), ("", "100", "at most 100")],
)
def test_a_value_out_of_range_is_a_query_and_unknown(small, as_field, low, high, expected):
    age = as_field("integer", text_validation_min=low, text_validation_max=high)
    intake = small.read({"age": age}, "id,age\nA,18\nB,100\nC,17\nD,101\n")
    expected_values = [18, 100, None if low else 17, None if high else 101]
    assert intake.frame["age"].to_list() == expected_values
    assert {(query.rule, query.expected) for query in intake.queries} == {("out-of-range", expected)}


def test_a_category_holds_codes_as_they_are_written(small, as_field):
    intake = small.read({"sex": as_field(**SEX)}, "id,sex\nA,1\nB,02\nC,2\nD,Male\nE,\n")
    assert intake.frame["sex"].to_list() == ["1", "02", None, None, None]
    assert [(query.key, query.rule) for query in intake.queries] == [("C", "unknown-level"), ("D", "unknown-level")]
    assert intake.queries[0].expected == "a code of the dictionary, not its label: one of 1, 02"


def test_checkboxes_and_yes_no(small, as_field):
    fields = {
        "symptom": as_field(field_type="checkbox", select_choices_or_calculations="1, Pain | 2, Fever"),
        "relapse": as_field(field_type="yesno"),
    }
    intake = small.read(fields, "id,symptom___1,symptom___2,relapse\nA,0,1,1\nB,1,0,yes\n")
    assert intake.frame["symptom___2"].to_list() == ["1", "0"]
    assert intake.frame["relapse"].to_list() == ["1", None]


def test_only_the_empty_cell_and_declared_codes_are_missing(small):
    cells = ["", "  ", "-99", " -99 ", "NA", "-98"]
    values, rules = small.column(cells, validation="integer", sections={"data": 'missing_codes = ["-99"]'})
    assert values == [None, None, None, None, None, -98]
    assert rules == ["", "", "", "spaces-removed", "not-a-whole-number", ""]


def test_a_required_value_that_is_missing(small):
    values, rules = small.column(["1", "", "x"], validation="integer", required_field="y")
    assert values == [1, None, None]
    assert rules == ["", "required-missing", "not-a-whole-number"]


def test_spaces_around_values_are_taken_off_and_noted_once_a_column(small, as_field):
    intake = small.read({"x": as_field("integer")}, "id,x\nA,1\nB , 2\nC,\u00a03\n")
    assert intake.frame["x"].to_list() == [1, 2, 3]
    assert intake.frame["id"].to_list() == ["A", "B", "C"]
    assert [(query.line, query.variable, query.severity) for query in intake.queries] == [
        (3, "id", "note"),
        (3, "x", "note"),
    ]


def test_a_rule_that_very_many_rows_break_is_listed_in_part_and_counted(small, as_field):
    rows = "".join(f"P{i},x\n" for i in range(1234))
    intake = small.read({"x": as_field("integer")}, f"id,x\n{rows}")
    assert len(intake.queries) == 1001
    assert intake.queries[-1].line is None
    assert intake.queries[-1].expected.endswith("; 234 more rows break this rule")
