"""The REDCap data dictionary becomes variables."""

import pytest

from cohortium.study.dictionary import read_dictionary
from cohortium.study.variables import Level

EXPORTED = (
    '"Variable / Field Name","Form Name","Section Header","Field Type","Field Label",'
    '"Choices, Calculations, OR Slider Labels","Field Note","Text Validation Type OR Show Slider Number",'
    '"Text Validation Min","Text Validation Max",Identifier?,"Branching Logic (Show field only if...)",'
    '"Required Field?","Custom Alignment","Question Number (surveys only)","Matrix Group Name","Matrix Ranking?",'
    '"Field Annotation"\n'
)
FROM_API = (
    "field_name,field_type,field_label,select_choices_or_calculations,field_note,"
    "text_validation_type_or_show_slider_number,text_validation_min,text_validation_max,identifier,required_field\n"
)


@pytest.fixture
def read(tmp_path):
    def from_text(text, encoding="utf-8"):
        path = tmp_path / "dictionary.csv"
        path.write_bytes(text.encode(encoding))
        variables, problems = read_dictionary(path)
        return variables, [str(problem) for problem in problems]

    return from_text


@pytest.fixture
def variable(read):
    def of(line):
        (only,), problems = read(FROM_API + line)
        assert problems == []
        return only

    return of


def test_headings_of_the_export_page_are_understood(read):
    variables, problems = read(EXPORTED + "age,base,,text,Age,,years,integer,18,100,,,y,,,,,\n")
    assert problems == []
    (age,) = variables
    assert (age.name, age.label, age.kind, age.unit, age.minimum, age.maximum) == (
        "age",
        "Age",
        "integer",
        "years",
        18,
        100,
    )
    assert (age.required, age.identifier, age.line) == (True, False, 2)


@pytest.mark.parametrize(
    ("validation", "kind", "decimals", "decimal_comma"),
    [
        ("", "text", 0, False),
        ("integer", "integer", 0, False),
        ("number", "number", 2, False),
        ("number_1dp", "number", 1, False),
        ("number_4dp", "number", 4, False),
        ("number_comma_decimal", "number", 2, True),
        ("number_3dp_comma_decimal", "number", 3, True),
        ("email", "text", 0, False),
        ("our_own_code", "text", 0, False),
    ],
)
def test_validation_type_decides_the_kind(variable, validation, kind, decimals, decimal_comma):
    made = variable(f"x,text,X,,,{validation},,,,\n")
    assert (made.kind, made.decimals, made.decimal_comma) == (kind, decimals, decimal_comma)


@pytest.mark.parametrize("prefix", ["date", "datetime", "datetime_seconds"])
@pytest.mark.parametrize("order", ["ymd", "mdy", "dmy"])
def test_a_date_keeps_the_order_of_its_parts(variable, prefix, order):
    made = variable(f"x,text,X,,,{prefix}_{order},,,,\n")
    assert (made.kind, made.date_order) == ("date", order)


@pytest.mark.parametrize("field_type", ["radio", "dropdown"])
def test_choices_are_levels_and_labels_may_hold_commas(variable, field_type):
    made = variable(f'x,{field_type},X,"1, One | 02,Two, and more|c, <b>Three</b>",,,,,,\n')
    assert made.kind == "category"
    assert made.levels == (Level("1", "One"), Level("02", "Two, and more"), Level("c", "Three"))


@pytest.mark.parametrize("field_type", ["yesno", "truefalse"])
def test_yes_or_no_is_a_category(variable, field_type):
    assert variable(f"x,{field_type},X,,,,,,,\n").levels == (Level("0", "No"), Level("1", "Yes"))


def test_each_choice_of_a_checkbox_is_a_variable_named_as_redcap_exports_it(read):
    variables, problems = read(FROM_API + 'x,checkbox,Therapy,"1, Drug | B, Radiation | -9, Other",,,,,,y\n')
    assert problems == []
    assert [made.name for made in variables] == ["x___1", "x___b", "x____9"]
    assert variables[0].label == "Therapy: Drug"
    assert variables[0].levels == (Level("0", "No"), Level("1", "Yes"))


@pytest.mark.parametrize("field_type", ["notes", "file", "sql"])
def test_other_fields_are_text(variable, field_type):
    assert variable(f"x,{field_type},X,,,,,,,\n").kind == "text"


def test_a_slider_has_a_range_and_a_calculation_is_a_number(variable):
    slider = variable("x,slider,X,low | high,,,,,,\n")
    assert (slider.kind, slider.minimum, slider.maximum) == ("integer", 0, 100)
    assert variable("x,calc,X,[a]+[b],,,,,,\n").kind == "number"


def test_descriptive_text_is_no_variable(read):
    variables, problems = read(FROM_API + "x,descriptive,Hello,,,,,,,\ny,text,Y,,,,,,,\n")
    assert ([made.name for made in variables], problems) == (["y"], [])


def test_a_long_field_note_is_an_explanation_and_no_unit(variable):
    assert not variable("x,text,X,,This field is measured in the morning,number,,,,\n").unit


def test_a_decimal_comma_is_read_in_the_range_too(variable):
    made = variable('x,text,X,,,number_1dp_comma_decimal,"0,5","9,5",,\n')
    assert (made.minimum, made.maximum) == (0.5, 9.5)


FAULTS = [
    ("x,txt,X,,,,,,,", "dictionary.csv:2: x: unknown field type 'txt'; expected one of text, notes, radio, dropdown, yesno, truefalse, checkbox, calc, slider, descriptive, file, sql (did you mean 'text'?)"),
    ("x,text,X,,,intger,,,,", "dictionary.csv:2: x: unknown text validation type 'intger' (did you mean 'integer'?)"),
    ("x,text,X,,,integer,low,9,,", "dictionary.csv:2: x: Text Validation Min 'low' is not a number"),
    ("x,text,X,,,integer,9,1,,", "dictionary.csv:2: x: Text Validation Min 9 is above Text Validation Max 1"),
    ("x,radio,X,,,,,,,", "dictionary.csv:2: x: has no choices (write for example: 1, Male | 2, Female)"),
    ("x,radio,X,One | Two,,,,,,", "dictionary.csv:2: x: the choice 'One' is not a code, a comma and a label (write for example: 1, Male)"),
    ('x,radio,X,"1, One | 1, Two",,,,,,', "dictionary.csv:2: x: the code '1' stands for 2 choices"),
    ('x,radio,X,"1, One | 2, One",,,,,,', "dictionary.csv:2: x: the label 'One' stands for 2 choices (printed tables could not tell them apart)"),
    ("Age at entry,text,X,,,,,,,", "dictionary.csv:2: 'Age at entry' is not a field name; expected a lower-case letter followed by lower-case letters, digits and underscores"),
    ("site,text,X,,,,,,,", "dictionary.csv:2: the name 'site' is reserved for the institution (rename the field, e.g. site_code)"),
    ("x,text,X,,,,,,,\nx,text,X,,,,,,,", "dictionary.csv:3: x is declared twice, first in line 2 (remove one)"),
    ("x,text,X", "dictionary.csv:2: has 3 cells; expected 10, as in the first line"),
]  # fmt: skip


@pytest.mark.parametrize(("line", "message"), FAULTS)
def test_fault_has_its_line(read, line, message):
    assert message in read(FROM_API + line + "\n")[1]


def test_lines_are_those_of_the_file_when_a_label_runs_over_several(read):
    _, problems = read(FROM_API + '\nx,text,"two\nlines",,,,,,,\ny,txt,Y,,,,,,,\n')
    assert problems[0].startswith("dictionary.csv:5: y:")


@pytest.mark.parametrize(
    ("text", "encoding", "message"),
    [
        ("", "utf-8", "dictionary.csv: is empty (export the data dictionary from REDCap, or write one)"),
        (FROM_API, "utf-8", "dictionary.csv:1: declares no field (add a line for each column of the sites' files)"),
        (
            "field_nam,field_type,field_label\n",
            "utf-8",
            "dictionary.csv:1: has no column 'Variable / Field Name' (or 'field_name') (did you mean 'field_nam'?)",
        ),
        (FROM_API + "x,text,Größe,,,,,,,\n", "cp1252", "dictionary.csv:2: is not UTF-8 (save the file as CSV UTF-8)"),
    ],
)
def test_an_unusable_file_is_one_problem(read, text, encoding, message):
    assert read(text, encoding) == ((), [message])


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_byte_order_marks_are_understood(read, encoding):
    variables, problems = read(FROM_API + "x,text,Größe,,,,,,,\n", encoding)
    assert (variables[0].label, problems) == ("Größe", [])


def test_published_redcap_dictionaries_are_read_whole(reference_data):
    paths = sorted((reference_data / "redcap").glob("*/dictionary.csv"))
    assert paths
    for path in paths:
        variables, problems = read_dictionary(path)
        assert problems == [], path.parent.name
        assert variables, path.parent.name


def test_a_published_dictionary_has_the_kinds_it_declares(reference_data):
    variables, _ = read_dictionary(reference_data / "redcap" / "validation-types-1" / "dictionary.csv")
    by_name = {made.name: made for made in variables}
    assert by_name["v_number_3dp_comma_decimal"].decimals == 3
    assert by_name["v_datetime_seconds_mdy"].date_order == "mdy"
    assert by_name["f_checkbox___2"].label == "Checkboxes: Two"
    assert (by_name["f_slider"].minimum, by_name["f_slider"].maximum) == (-1, 101)
    assert "f_descriptive" not in by_name


def test_a_file_that_cannot_be_read_is_named(tmp_path):
    (tmp_path / "dictionary.csv").mkdir()
    variables, problems = read_dictionary(tmp_path / "dictionary.csv")
    assert variables == ()
    assert str(problems[0]).startswith("dictionary.csv: cannot be read: ")


def test_an_endless_cell_is_named(read):
    assert read(FROM_API + 'x,text,"' + "x" * 140_000)[1] == [
        "dictionary.csv:2: is not CSV: field larger than field limit (131072) (close every quotation mark)"
    ]
