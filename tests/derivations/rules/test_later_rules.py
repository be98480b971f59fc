"""What a rule makes of a value that became known after the start was not known at the start."""

import polars as pl

from cohortium.derivations import derive
from cohortium.study.later import later_uses
from cohortium.study.load import load_study
from cohortium.study.queries import LINE

DICTIONARY = """\
field_name,field_type,field_label,field_note,text_validation_type_or_show_slider_number
id,text,Patient,,
start,text,First dose,,date_ymd
days,text,Follow-up,,integer
b2m,text,Beta-2 microglobulin,mg/L,number_1dp
albumin,text,Albumin,g/dL,number_1dp
"""
STUDY = """\
[study]
name = "small"
title = "Small"
[time]
origin = "start"
horizon_days = 1000
after_origin = ["albumin"]
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
[[endpoint]]
name = "os"
label = "Overall survival"
time = "days"
event_where = "days > 10"
[[analysis]]
name = "km"
method = "kaplan-meier"
endpoint = "os"
by = "stage"
"""


def test_a_stage_is_later_where_it_rests_on_a_later_value(tmp_path):
    (tmp_path / "dictionary.csv").write_text(DICTIONARY, encoding="utf-8")
    (tmp_path / "study.toml").write_text(STUDY, encoding="utf-8")
    study = load_study(tmp_path)
    assert [(use.variable, use.sources) for use in later_uses(study)] == [("stage", ("albumin",))]
    frame = pl.DataFrame(
        {"id": ["P1", "P2"], "start": [0, 0], "days": [20, 30], "b2m": [3.0, 6.0], "albumin": [4.0, None]},
    ).with_columns(site=pl.lit("site-01"), **{LINE: pl.Series([2, 3])})
    frames, _ = derive(study, frame, "site-01")
    assert frames.cohort.select("stage", "stage__later").rows() == [("I", True), ("III", False)]
