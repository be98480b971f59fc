"""`[[derive]]` sections with a rule: what is said when they do not fit, and what the study knows of them."""

import pytest

from cohortium.errors import StudyFileError
from cohortium.study.load import load_study
from cohortium.study.schema import json_schema

DICTIONARY = """\
field_name,field_type,field_label,field_note,text_validation_type_or_show_slider_number
id,text,Patient,,
start,text,First dose,,date_ymd
b2m,text,Beta-2 microglobulin,mg/L,number_1dp
albumin,text,Albumin,g/L,number_1dp
bare,text,Without unit,,number_1dp
odd,text,Of another unit,stone,number_1dp
"""
STUDY = """\
[study]
name = "small"
title = "Small"
[time]
origin = "start"
horizon_days = 1000
[data]
key = "id"
[[site]]
id = "site-01"
name = "Institution"
[[derive]]
name = "stage"
label = "Stage"
rule = "iss"
beta2_microglobulin = "b2m"
albumin = "albumin"
"""


@pytest.fixture
def load(tmp_path):
    def run(*changes, after=""):
        text = STUDY
        for old, new in changes:
            assert old in text
            text = text.replace(old, new)
        (tmp_path / "dictionary.csv").write_text(DICTIONARY, encoding="utf-8")
        (tmp_path / "study.toml").write_text(text + after, encoding="utf-8")
        return load_study(tmp_path)

    return run


def test_the_variables_of_a_rule_are_known_from_the_study_alone(load):
    stage = load().variables["stage"]
    assert (stage.kind, [level.code for level in stage.levels], stage.line) == ("category", ["I", "II", "III"], 12)


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ('rule = "iss"', 'rule = "is"', "study.toml:15: derive[1].rule: 'is' is not a rule; expected"),
        ('rule = "iss"', 'rul = "iss"', "study.toml:15: derive[1].rul: unknown key; expected one of name, label, cases, "),
        ('albumin = "albumin"', 'albumi = "albumin"', "study.toml:17: derive[1].albumi: unknown key; expected one of name, label, rule, "),
        ('albumin = "albumin"', "", "study.toml:12: derive[1]: the key 'albumin' is missing: Serum albumin, in g/dL"),
        ('= "b2m"', '= "bm2"', "study.toml:16: derive[1].beta2_microglobulin: unknown variable 'bm2' (did you mean 'b2m'?)"),
        ('= "b2m"', '= "start"', "study.toml:16: derive[1].beta2_microglobulin: start is a date; expected a number or a whole number"),
        ('= "b2m"', '= "odd"', ("study.toml:16: derive[1].beta2_microglobulin: odd is in 'stone', which is no unit of the quantity "
         "Beta-2 microglobulin; expected one of mg/L, ug/mL, mg/dL")),
        ('= "b2m"', '= "bare"', "study.toml:16: derive[1].beta2_microglobulin: bare has no unit; expected one of mg/L, ug/mL, mg/dL"),
        ('name = "stage"', 'name = "odd"', "study.toml:13: derive[1].name: 'odd' is already declared in dictionary.csv:7"),
        ('key = "id"', 'key = "id"\n[[data.table]]\nname = "assesments"', ("study.toml:10: data.table[1].name: 'assesments' is not allowed; "
         "expected one of therapies, assessments, events, responses (did you mean 'assessments'?)")),
        ('key = "id"', 'key = "id"\n[[data.table]]\nname = "events"\nfile = "patients.csv"', ("study.toml:11: data.table[1].file: "
         "'patients.csv' is already the file of another table")),
        ('origin = "start"', "\n[[data.table]]\nname = 'events'", "study.toml:6: data.table[1]: its dates are counted from the origin"),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_said_with_its_line(load, old, new, expected):
    if "origin" in expected:
        new, old = f'key = "id"{new}', 'key = "id"'
        with pytest.raises(StudyFileError) as caught:
            load((old, new), ('origin = "start"\n', ""))
        expected = expected.replace("toml:6", "toml:8")
    else:
        with pytest.raises(StudyFileError) as caught:
            load((old, new))
    assert any(str(problem).startswith(expected) for problem in caught.value.problems), caught.value


def test_a_rule_may_read_what_is_derived_above_and_not_below(load):
    below = '[[derive]]\nname = "grams"\nlabel = "Albumin"\nvalue = "albumin / 10"\nunit = "g/dL"\ndecimals = 2\n'
    with pytest.raises(StudyFileError, match=r"study\.toml:17: .*grams is derived in line 18, after its use"):
        load(('= "albumin"', '= "grams"'), after=below)
    above = STUDY.index("[[derive]]")
    assert load((STUDY[above:], below + STUDY[above:].replace('= "albumin"', '= "grams"'))).variables["stage"]


def test_the_schema_knows_every_rule():
    schema = json_schema()
    forms = schema["properties"]["derive"]["items"]
    names = {entry["$ref"].rpartition("/")[2] for entry in forms.get("oneOf", forms.get("anyOf", []))}
    assert {"Derive", "Iss"} <= names
    assert schema["$defs"]["Iss"]["required"] == ["name", "label", "rule", "beta2_microglobulin", "albumin"]
