"""Files that are no study: each is refused by name and line, without a traceback and without being read to the end."""

import os

import pytest

from cohortium.errors import StudyFileError
from cohortium.study.files import MAX_BYTES
from cohortium.study.load import load_study


def problems_of(study_dir):
    with pytest.raises(StudyFileError) as caught:
        load_study(study_dir)
    return [str(problem) for problem in caught.value.problems]


TOO_DEEP = "is nested too deep to be read; at most 32 levels are allowed"
TOO_LARGE = "holds a whole number of more than 64 bits (write a smaller number)"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("\n" + ".".join("a" * 900) + " = 1\n", f"study.toml:2: {TOO_DEEP}"),
        ("\n\n" + ".".join("a" * 200_000) + " = 1\n", f"study.toml:3: {TOO_DEEP}"),
        ("\n[" + " . ".join(['"b c"'] * 2000) + "]\n", f"study.toml:2: {TOO_DEEP}"),
        ("x = {" + ".".join("a" * 900) + " = 1}\n", f"study.toml:1: {TOO_DEEP}"),
        ("x = [" + "\n[" * 50 + "1" + "]" * 51, f"study.toml:33: {TOO_DEEP}"),
        ("x = " + "{a=" * 60 + "1" + "}" * 60, f"study.toml:1: {TOO_DEEP}"),
        ("a = 1\nb = " + "1" * 5000, f"study.toml:2: {TOO_LARGE}"),
        ("a = 1\nb = [ 0x" + "f" * 5000 + " ]", f"study.toml:2: {TOO_LARGE}"),
        ("a = 1\nb = " + "9" * 40, f"study.toml:2: {TOO_LARGE}"),
    ],
    ids=range(9),
)
def test_deep_or_huge_values_have_their_line(study_dir, text, message):
    (study_dir / "study.toml").write_text(text)
    assert problems_of(study_dir) == [message]


@pytest.mark.parametrize("name", ["study.toml", "dictionary.csv"])
def test_only_plain_files_of_a_sensible_size_are_opened(study_dir, name):
    path = study_dir / name
    path.unlink()
    os.mkfifo(path)
    assert problems_of(study_dir) == [f"{name}: cannot be read: it is a pipe, a device or a socket; expected a file"]
    path.unlink()
    path.symlink_to("/dev/zero")
    assert problems_of(study_dir) == [f"{name}: cannot be read: it is a pipe, a device or a socket; expected a file"]
    path.unlink()
    path.mkdir()
    assert problems_of(study_dir) == [f"{name}: cannot be read: it is a directory; expected a file"]
    path.rmdir()
    path.touch()
    os.truncate(path, MAX_BYTES + 1)
    assert problems_of(study_dir) == [f"{name}: is larger than 16 MB (patients' rows belong in the sites' files)"]


@pytest.mark.parametrize("code", ["0000", "0007", "001b", "007f", "0084", "fffe", "ffff"])
def test_what_cannot_be_printed_is_refused(problems, code):
    found = problems(("A small study", f"A \\u{code} study"), ("Northern", f"N\\u{code}"), ('"fit",', f'"f\\u{code}",'))
    what = f"holds the character U+{code.upper()}, which cannot be printed (remove it; it may have come along from another program)"
    assert [problem for problem in found if "cannot be printed" in problem] == [
        f"study.title: {what}",
        f"site[1].name: {what}",
        *(problem for problem in found if problem.startswith("derive[1]")),
    ]
    assert len(found) == 3


def test_an_unknown_key_is_printed_without_its_control_characters(problems):
    assert problems(('name = "small"', 'name = "small"\n"x\\u001b[2J" = 1'))[0].startswith("study.x\\u001b[2J: unknown")


def test_a_label_of_the_dictionary_that_cannot_be_printed_is_refused(problems):
    assert problems(dictionary=(("Weight", "We\x07ight"), ("1, One | 2, Two", "1, One | 2, T\ufffewo"))) == [
        "dictionary.csv:11: holds the character U+0007, which cannot be printed (type the cell again)",
        "dictionary.csv:14: holds the character U+FFFE, which cannot be printed (type the cell again)",
    ]


@pytest.mark.parametrize(
    ("old", "new", "place"),
    [
        ("Northern Hospital", " ", "site[1].name"),
        ("Northern Hospital", "Northern ", "site[1].name"),
        ('"frail", otherwise', '" frail", otherwise', "derive[1].cases[2].level"),
        ('"Adults"', '" Adults"', "cohort.step[1].label"),
    ],
)
def test_blanks_at_the_ends_of_what_is_printed(problems, old, new, place):
    (problem,) = problems((old, new))
    assert problem.startswith(f"{place}: '")
    assert problem.endswith("does not fit; expected a text that neither begins nor ends with a blank")


def test_more_than_the_allowed_number(problems):
    steps = "".join(f'[[cohort.step]]\nlabel = "Step {i}"\nwhere = "age > {i}"\n' for i in range(100))
    assert problems(add=steps) == ["cohort.step: expected at most 100 elements"]


@pytest.mark.parametrize(("mark", "name"), [(";", "semicolons"), ("\t", "tabs")])
def test_a_dictionary_with_other_separators(study_dir, mark, name):
    path = study_dir / "dictionary.csv"
    path.write_text(path.read_text().replace(",", mark))
    assert problems_of(study_dir) == [
        f"dictionary.csv:1: is separated by {name}; expected commas (save it as comma-separated (CSV UTF-8))"
    ]


def test_one_bracket_for_two_above_two(problems):
    (problem,) = problems(("[[site]]", "[site]"))
    assert problem.endswith("sections that repeat have two brackets each time, such as [[site]])")
