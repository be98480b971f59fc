"""Rules about endpoints with causes, grids and time-dependent covariates that need more than one section."""

from __future__ import annotations

from pathlib import Path

import pytest

from cohortium.errors import StudyFileError
from cohortium.study.load import load_study

DICTIONARY = """\
field_name,field_type,field_label,select_choices_or_calculations,text_validation_type_or_show_slider_number
id,text,Patient,,
age,text,Age,,integer
start,text,Start,,date_ymd
enter,text,Entry,,date_ymd
change,text,Change,,date_ymd
relapse,text,Relapse,,date_ymd
death,text,Death,,date_ymd
last,text,Last contact,,date_ymd
"""
HEAD = """\
[study]
name = "small"
title = "Small"
[time]
origin = "start"
horizon_days = 1825
{time}
[data]
key = "id"
[[site]]
id = "site-01"
name = "Institution"
[[endpoint]]
name = "first"
label = "First event"
censor = "last"
{endpoint}
causes = [{{ label = "Relapse", event = ["relapse"] }}, {{ label = "Death", event = ["death"] }}]
[[endpoint]]
name = "efs"
label = "EFS"
of = "first"
[[analysis]]
name = "a"
{analysis}
"""
COX = 'method = "cox"\nendpoint = "efs"\n'


def problems(directory: Path, analysis: str, time: str = "", endpoint: str = "") -> list[str]:
    (directory / "dictionary.csv").write_text(DICTIONARY, encoding="utf-8")
    text = HEAD.format(analysis=analysis, time=time, endpoint=endpoint)
    (directory / "study.toml").write_text(text, encoding="utf-8")
    try:
        load_study(directory)
    except StudyFileError as error:
        return [problem.what for problem in error.problems]
    return []


@pytest.mark.parametrize("method", ["kaplan-meier", "cox"])
def test_a_single_event_method_has_one_event(tmp_path: Path, method: str) -> None:
    rest = 'covariates = ["age"]\n' if method == "cox" else ""
    found = problems(tmp_path, f'method = "{method}"\nendpoint = "first"\n{rest}')
    assert found == [f"analysis[1].endpoint: first has 2 competing causes; {method} has one event"]
    assert problems(tmp_path, f'method = "{method}"\nendpoint = "efs"\n{rest}') == []


@pytest.mark.parametrize(
    ("keys", "expected"),
    [
        ("", "analysis[1].covariates: is empty; expected at least one covariate"),
        (
            'time_dependent = [{ variable = "age", label = "Age" }]',
            "analysis[1].time_dependent[1].variable: age is a whole number; expected the date at which the covariate begins",
        ),
        (
            'time_dependent = [{ variable = "chnge", label = "Change" }]',
            "analysis[1].time_dependent[1].variable: unknown variable 'chnge'",
        ),
        (
            'time_dependent = [{ variable = "start", label = "Start" }]',
            "analysis[1].time_dependent[1].variable: start is day 0 of every patient; expected a later date",
        ),
        ('time_dependent = [{ variable = "change", label = "Change" }]', None),
    ],
)
def test_time_dependent_covariates(tmp_path: Path, keys: str, expected: str | None) -> None:
    assert problems(tmp_path, COX + keys) == ([expected] if expected else [])


def test_what_needs_whole_days(tmp_path: Path) -> None:
    cut = COX + 'time_dependent = [{ variable = "change", label = "Change" }]\n'
    assert problems(tmp_path, cut, 'grid = "weeks"') == [
        "analysis[1].time_dependent: needs whole days; the study counts weeks"
    ]
    assert problems(tmp_path, cut + 'strata = ["site"]', 'grid = "weeks"') == []
    assert problems(tmp_path, COX + 'covariates = ["age"]', 'grid = "months"', 'entry = "enter"') == [
        "endpoint[1].entry: needs whole days; the study counts months, in which entry and end may be the same"
    ]
    assert problems(tmp_path, COX + 'covariates = ["age"]', 'grid = "fortnights"') == [
        "time.grid: 'fortnights' is not allowed; expected one of days, weeks, months"
    ]


def test_landmark_is_reserved_for_the_flow_to_landmarks(tmp_path: Path) -> None:
    found = problems(tmp_path, (COX + 'covariates = ["age"]').replace("method", "label = 'x'\nmethod"))
    assert found == []
    (tmp_path / "study.toml").write_text(
        (tmp_path / "study.toml").read_text(encoding="utf-8").replace('name = "a"', 'name = "landmark"'),
        encoding="utf-8",
    )
    with pytest.raises(StudyFileError, match="'landmark' is reserved for the flow to landmarks"):
        load_study(tmp_path)
