"""A study directory becomes a `Study`, or one error with all its problems."""

import hashlib

import pytest

from cohortium.errors import StudyFileError
from cohortium.study.load import load_study
from cohortium.study.variables import Level


def problems_of(directory):
    with pytest.raises(StudyFileError) as caught:
        load_study(directory)
    return [str(problem) for problem in caught.value.problems]


def test_a_good_study_is_read(study_dir):
    study = load_study(study_dir)
    assert study.file.study.name == "small"
    assert study.directory == study_dir
    assert study.endpoint("os").time == "days"
    assert study.analysis("os-test").method == "logrank"
    assert study.label_of("sex", "2") == "Female"
    assert study.variable("age").title == "Age, years"


def test_hash_is_of_both_files(study_dir):
    both = (study_dir / "study.toml").read_bytes() + (study_dir / "dictionary.csv").read_bytes()
    assert load_study(study_dir).hash == hashlib.sha256(both).hexdigest()


def test_variables_are_those_that_analyses_can_use(study_dir):
    study = load_study(study_dir)
    assert "birth_date" in [variable.name for variable in study.dictionary]
    assert "birth_date" not in study.variables
    assert study.variable("site").label == "Institution"
    assert study.variable("site").levels == (Level("north", "Northern Hospital"), Level("south", "Southern Hospital"))
    assert study.variable("fit").levels == (Level("fit", "fit"), Level("frail", "frail"))
    assert (study.variable("waited").kind, study.variable("waited").maximum) == ("number", 1000)


def test_variables_cannot_be_changed(study_dir):
    with pytest.raises(TypeError):
        load_study(study_dir).variables["age"] = None


@pytest.mark.parametrize(
    ("look_up", "message"),
    [
        (lambda study: study.variable("agee"), "the study has no variable 'agee' did you mean 'age'?"),
        (lambda study: study.analysis("os-tets"), "the study has no analysis 'os-tets' did you mean 'os-test'?"),
        (lambda study: study.endpoint("zzz"), "the study has no endpoint 'zzz'"),
        (lambda study: study.label_of("sex", "9"), "a code of sex is not among its declared levels"),
    ],
)
def test_look_up_of_an_unknown_name_fails(study_dir, look_up, message):
    with pytest.raises(LookupError) as caught:
        look_up(load_study(study_dir))
    assert str(caught.value) == message


def test_problems_of_both_files_come_at_once_in_order(study_dir):
    toml = (
        (study_dir / "study.toml").read_text().replace("age >= 18", "agee >= 18").replace("kaplan-meier", "kaplan", 1)
    )
    (study_dir / "study.toml").write_text(toml)
    table = (study_dir / "dictionary.csv").read_text().replace("sex,radio", "sex,raido")
    (study_dir / "dictionary.csv").write_text(table)
    assert problems_of(study_dir) == [
        (
            "dictionary.csv:13: sex: unknown field type 'raido'; expected one of text, notes, radio, dropdown, yesno, "
            "truefalse, checkbox, calc, slider, descriptive, file, sql (did you mean 'radio'?)"
        ),
        "study.toml:27: cohort.step[1].where: unknown variable 'agee' (did you mean 'age'?)",
        (
            "study.toml:62: analysis[2].method: 'kaplan' is not a method; expected one of baseline, balance, "
            "missingness, response-rates, cmh, kaplan-meier, logrank, cox, logistic, cumulative-incidence, gray, "
            "fine-gray and 6 more (did you mean 'kaplan-meier'?)"
        ),
    ]


def test_message_counts_the_problems(study_dir):
    (study_dir / "study.toml").unlink()
    with pytest.raises(StudyFileError) as caught:
        load_study(study_dir)
    assert caught.value.message == f"The study in {study_dir} has 1 problem:"
    assert caught.value.exit_code == 3


def test_missing_files_are_named(tmp_path):
    assert problems_of(tmp_path / "nowhere") == [
        "dictionary.csv: is missing (export the data dictionary from REDCap into the study directory)",
        "study.toml: is missing (give the study directory, or make one with `cohortium new DIR`)",
    ]


def test_a_missing_dictionary_does_not_make_every_name_a_problem(study_dir):
    (study_dir / "dictionary.csv").unlink()
    assert len(problems_of(study_dir)) == 1


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a = yes\n", ("study.toml:1: is not TOML: Invalid value at column 5 "
         "(put texts in quotation marks; write true and false small)")),
        ("[study]\nname = 1\nname = 2\n", ("study.toml:3: is not TOML: Cannot overwrite a value at column 9 "
         "(a key is given twice)")),
        ("[site]\n\n[site]\n", ("study.toml:3: is not TOML: Cannot declare ('site',) twice at column 6 "
         "(a section is declared twice; sections that repeat have two brackets each time, such as [[site]])")),
        ("[study]\nname\n", ("study.toml:2: is not TOML: Expected '=' after a key in a key/value pair at column 5 "
         "(write key = value)")),
        ('[study]\nname = "a\n', ("study.toml:2: is not TOML: Illegal character '\\n' at column 10 "
         "(close the quotation mark on the same line, or use three for a text over several lines)")),
        ("a = [\n1,\n", ("study.toml:2: is not TOML: Invalid value at the end of the file "
         "(close the quotation mark or the bracket that is still open)")),
        ("a = " + "[" * 3000, "study.toml:1: is nested too deep to be read; at most 32 levels are allowed"),
    ],
)  # fmt: skip
def test_syntax_errors_have_their_line(study_dir, text, message):
    (study_dir / "study.toml").write_text(text)
    assert problems_of(study_dir) == [message]


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ("[study]".encode("utf-16"), "study.toml:1: is UTF-16; expected UTF-8 (save the file as UTF-8)"),
        (b"[study]\ntitle = '\xe9'", "study.toml:2: is not UTF-8 (save the file as UTF-8)"),
    ],
)
def test_wrong_encodings_are_named(study_dir, data, message):
    (study_dir / "study.toml").write_bytes(data)
    assert problems_of(study_dir) == [message]


def test_a_byte_order_mark_and_windows_line_ends_are_read(study_dir):
    text = (study_dir / "study.toml").read_text()
    (study_dir / "study.toml").write_bytes(b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode())
    assert load_study(study_dir).file.study.name == "small"
