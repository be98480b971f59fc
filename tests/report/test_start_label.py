"""A day count that begins on another day than the origin says so wherever its time is printed."""

from __future__ import annotations

from pathlib import Path

import pytest

from cohortium.report.labels import since
from cohortium.report.methods.endpoints import endpoint_paragraph
from cohortium.results import Results
from cohortium.study.load import load_study

DICTIONARY = """\
field_name,field_type,field_label,select_choices_or_calculations,text_validation_type_or_show_slider_number
id,text,Patient,,
days,text,Days of response,,integer
status,radio,Status,"0, Alive | 1, Dead",
"""
STUDY = """\
[study]
name = "small"
title = "Small"
[time]
origin_label = "first dose"
horizon_days = 1000
[data]
key = "id"
[[site]]
id = "site-01"
name = "Institution"
[[endpoint]]
name = "dor"
label = "Duration of response"
time = "days"
event_where = "status == 'Dead'"
start_label = "First response"
[[endpoint]]
name = "later"
label = "Later"
of = "dor"
[[endpoint]]
name = "os"
label = "Overall survival"
time = "days"
event_where = "status == 'Dead'"
"""


@pytest.mark.parametrize(
    ("endpoint", "wanted"), [("dor", "First response"), ("later", "First response"), ("os", "first dose")]
)
def test_time_is_counted_from_it(tmp_path: Path, endpoint: str, wanted: str) -> None:
    (tmp_path / "dictionary.csv").write_text(DICTIONARY, encoding="utf-8")
    (tmp_path / "study.toml").write_text(STUDY, encoding="utf-8")
    study = load_study(tmp_path)
    assert since(study, endpoint) == wanted
    text = "".join(str(part) for part in endpoint_paragraph(study, Results([]), study.file.endpoint[0])[:1])
    assert text.startswith("Duration of response: days of response from first response on; an event where ")
