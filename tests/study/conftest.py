"""A small study that passes every check, to be changed by one thing a test."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from cohortium.errors import StudyFileError
from cohortium.study.load import load_study

STUDY = """\
[study]
name = "small"
title = "A small study"

[time]
origin = "entry_date"
horizon_days = 1000

[data]
key = "patient_id"

[[site]]
id = "north"
name = "Northern Hospital"

[[site]]
id = "south"
name = "Southern Hospital"

[[site]]
id = "unknown"
name = "Institution not recorded"
unassigned = true

[[cohort.step]]
label = "Adults"
where = "age >= 18"

[[derive]]
name = "fit"
label = "Fitness"
cases = [ { level = "fit", where = "ecog <= 1" }, { level = "frail", otherwise = true } ]

[[derive]]
name = "waited"
label = "Time to therapy"
value = "therapy_date - entry_date"
unit = "days"
minimum = 0
maximum = 1000

[[endpoint]]
name = "os"
label = "Overall survival"
time = "days"
event_where = "status == 'Dead'"

[[endpoint]]
name = "ttp"
label = "Time to progression"
event = ["progression_date"]
censor = "last_date"

[[analysis]]
name = "table-one"
method = "baseline"
by = "sex"
variables = ["age", "ecog", "waited"]

[[analysis]]
name = "os-by-sex"
method = "kaplan-meier"
endpoint = "os"
by = "sex"
at_months = [12, 24]

[[analysis]]
name = "os-test"
method = "logrank"
endpoint = "os"
by = "sex"
strata = ["site"]

[[analysis]]
name = "os-model"
method = "cox"
endpoint = "os"
covariates = [
  "sex",
  { variable = "age", per = 10 },
  { variable = "ecog", as_number = true },
  { variable = "fit", reference = "frail" },
]

[[analysis]]
name = "institutions"
method = "sites"
endpoint = "os"

[[table]]
name = "table1"
kind = "baseline"
analyses = ["table-one"]
title = "Baseline"

[[figure]]
name = "figure1"
kind = "kaplan-meier"
analysis = "os-by-sex"
tests = ["os-test"]
model = "os-model"
title = "Survival"

[[figure]]
name = "figure2"
kind = "flow"
title = "Patients"
"""

DICTIONARY = """\
field_name,field_type,field_label,select_choices_or_calculations,field_note,text_validation_type_or_show_slider_number,text_validation_min,text_validation_max,identifier,required_field
patient_id,text,Patient,,,,,,,y
birth_date,text,Date of birth,,,date_ymd,,,y,
entry_date,text,Study entry,,,date_ymd,,,,y
therapy_date,text,Start of therapy,,,date_ymd,,,,
progression_date,text,Progression,,,date_ymd,,,,
last_date,text,Last visit,,,date_ymd,,,,
days,text,Follow-up,,days,integer,0,1000,,
status,radio,Status,"1, Alive | 2, Dead",,,,,,
age,text,Age,,years,integer,18,100,,
weight,text,Weight,,kg,number_1dp,,,,
height,text,Height,,m,number,0,9000,,
sex,radio,Sex,"1, Male | 2, Female",,,,,,
ecog,dropdown,ECOG,"0, Zero | 1, One | 2, Two",,,,,,
arm,radio,Arm,"A, Control | B, New",,,,,,
only,radio,Only,"1, One",,,,,,
diabetes,yesno,Diabetes,,,,,,,
remarks,notes,Remarks,,,,,,,
"""


@pytest.fixture
def study_dir(tmp_path: Path) -> Path:
    """A study directory that passes every check."""
    (tmp_path / "study.toml").write_text(STUDY, encoding="utf-8")
    (tmp_path / "dictionary.csv").write_text(DICTIONARY, encoding="utf-8")
    return tmp_path


@pytest.fixture
def problems(study_dir: Path) -> Callable[..., list[str]]:
    """Change the good study, load it, and return its problems as printed, with line numbers of study.toml left out."""

    def load(*changes: tuple[str, str], add: str = "", dictionary: tuple[tuple[str, str], ...] = ()) -> list[str]:
        for name, replacements in (("study.toml", changes), ("dictionary.csv", dictionary)):
            text = (study_dir / name).read_text(encoding="utf-8")
            for old, new in replacements:
                assert old in text, f"{old} is not in {name}"
                text = text.replace(old, new, 1)
            (study_dir / name).write_text(text + (add if name == "study.toml" else ""), encoding="utf-8")
        try:
            load_study(study_dir)
        except StudyFileError as error:
            return [re.sub(r"study\.toml:\d+: ", "", str(problem)) for problem in error.problems]
        return []

    return load
