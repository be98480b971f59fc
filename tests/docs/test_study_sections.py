"""The sections of a study file that the how-to pages show are accepted as written."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from cohortium.study.load import load_study

HOW_TO = Path(__file__).resolve().parents[2] / "docs" / "how-to"
DICTIONARY = """\
field_name,field_type,field_label,select_choices_or_calculations,text_validation_type_or_show_slider_number
id,text,Patient,,
age,text,Age,,integer
days,text,Days,,integer
status,radio,Status,"0, Alive | 1, Relapse | 2, Dead",
diagnosis_date,text,Diagnosis,,date_ymd
referral_date,text,Referral,,date_ymd
response_date,text,Response,,date_ymd
transplant_date,text,Transplant,,date_ymd
relapse_date,text,Relapse,,date_ymd
death_date,text,Death,,date_ymd
last_contact,text,Last contact,,date_ymd
"""
HEAD = """\
[study]
name = "small"
title = "Small"
[time]
origin = "diagnosis_date"
horizon_days = 1825
[data]
key = "id"
[[site]]
id = "site-01"
name = "Institution"
"""
OS = '[[endpoint]]\nname = "os"\nlabel = "OS"\nevent = ["death_date"]\ncensor = "last_contact"\n'
FIRST = (
    '[[endpoint]]\nname = "first_event"\nlabel = "First"\ntime = "days"\n'
    'causes = [{ label = "Relapse", where = "status == \'Relapse\'" }, { label = "Dead", where = "status == \'Dead\'" }]\n'
)


def shown(page: str) -> list[str]:
    text = (HOW_TO / f"{page}.md").read_text(encoding="utf-8")
    return re.findall(r"^```toml\n(.*?)^```$", text, flags=re.DOTALL | re.MULTILINE)


@pytest.mark.parametrize("page", ["landmark", "competing-endpoints", "time-dependent", "left-truncation"])
def test_sections_are_accepted(page: str, tmp_path: Path) -> None:
    blocks = shown(page)
    assert blocks
    for block in blocks:
        needed = (OS if 'endpoint = "os"' in block else "") + (FIRST if 'of = "first_event"' in block else "")
        (tmp_path / "dictionary.csv").write_text(DICTIONARY, encoding="utf-8")
        (tmp_path / "study.toml").write_text(HEAD + needed + block, encoding="utf-8")
        load_study(tmp_path)


TOXICITY = """\
field_name,field_type,field_label,select_choices_or_calculations,text_validation_type_or_show_slider_number
id,text,Patient,,
dose_date,text,First dose,,date_ymd
plasmacytoma,radio,Plasmacytoma,"0, No | 1, Yes",
"""
GRADES = "".join(
    f'{name},radio,{name},"0, 0 | 1, 1 | 2, 2 | 3, 3 | 4, 4 | 5, 5",\n' for name in ("pneumonia", "sepsis", "covid")
)


def test_the_sections_of_adverse_events_are_accepted(tmp_path: Path) -> None:
    text = (HOW_TO.parent / "methods" / "adverse-events.md").read_text(encoding="utf-8")
    (block,) = re.findall(r"^```toml\n(.*?)^```$", text, flags=re.DOTALL | re.MULTILINE)
    (tmp_path / "dictionary.csv").write_text(TOXICITY + GRADES, encoding="utf-8")
    head = HEAD.replace("diagnosis_date", "dose_date") + '[[data.table]]\nname = "events"\nfile = "events.csv"\n'
    (tmp_path / "study.toml").write_text(head + block, encoding="utf-8")
    study = load_study(tmp_path)
    assert {"crs_onset", "icans_duration"} <= set(study.variables)
