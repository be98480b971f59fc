"""A small study and typed rows as intake gives them."""

import json

import polars as pl
import pytest

from cohortium.derivations import derive
from cohortium.study.load import load_study
from cohortium.study.queries import LINE

DICTIONARY = """\
field_name,field_type,field_label,select_choices_or_calculations,text_validation_type_or_show_slider_number
id,text,Patient,,
age,text,Age,,integer
weight,text,Weight,,number_1dp
sex,radio,Sex,"1, Male | 2, Female",
days,text,Follow-up,,integer
status,radio,Status,"0, Alive | 1, Dead",
start,text,First dose,,date_ymd
progression,text,Progression,,date_ymd
death,text,Death,,date_ymd
last,text,Last contact,,date_ymd
scan,text,Last scan,,date_ymd
"""
STUDY = """\
[study]
name = "small"
title = "Small"
[time]
origin = "start"
origin_label = "first dose"
horizon_days = 1000
[data]
key = "id"
[[site]]
id = "site-01"
name = "Institution"
"""
SCHEMA = {
    "id": pl.String,
    "age": pl.Int64,
    "weight": pl.Float64,
    "sex": pl.String,
    "days": pl.Int64,
    "status": pl.String,
    "start": pl.Int64,
    "progression": pl.Int64,
    "death": pl.Int64,
    "last": pl.Int64,
    "scan": pl.Int64,
    "site": pl.String,
    LINE: pl.Int64,
}


@pytest.fixture
def derived(tmp_path):
    """Derive from the given sections of a study file and columns; columns that are not given are unknown."""

    def run(sections, after_origin=(), **columns):
        known_later = f"after_origin = {json.dumps(list(after_origin))}\n[data]"
        (tmp_path / "dictionary.csv").write_text(DICTIONARY, encoding="utf-8")
        (tmp_path / "study.toml").write_text(STUDY.replace("[data]", known_later) + sections, encoding="utf-8")
        study = load_study(tmp_path)
        n_rows = len(next(iter(columns.values())))
        unknown = {name: [None] * n_rows for name in SCHEMA}
        keys = [f"P{i}" for i in range(1, n_rows + 1)]
        given = {"id": keys, "site": ["site-01"] * n_rows, LINE: range(2, n_rows + 2)}
        frame = pl.DataFrame(unknown | given | columns, schema=SCHEMA)
        frames, queries = derive(study, frame, "site-01")
        return frames, queries

    return run
