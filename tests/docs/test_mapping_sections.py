"""The mappings that the how-to page shows fit the model of a mapping."""

import re
import tomllib
from pathlib import Path

from cohortium.intake.mapping_rules import mapping_faults
from cohortium.study.load import load_study
from cohortium.study.shape import read_shape_of
from cohortium.study.site_mapping import MappingFile

PAGE = Path(__file__).resolve().parents[2] / "docs" / "how-to" / "site-files.md"
DICTIONARY = """\
field_name,field_type,field_label,field_note,select_choices_or_calculations,text_validation_type_or_show_slider_number
record_id,text,Patient,,,
first_dose,text,First dose,,,date_ymd
sex,radio,Sex,,"1, Male | 2, Female",
albumin,text,Albumin,g/L,,number_1dp
"""
STUDY = """\
[study]
name = "small"
title = "Small"
[time]
origin = "first_dose"
horizon_days = 1000
[data]
key = "record_id"
[[site]]
id = "site-01"
name = "Institution"
"""


def test_every_mapping_on_the_page_is_accepted(tmp_path):
    blocks = re.findall(r"^```toml\n(.*?)^```$", PAGE.read_text(encoding="utf-8"), flags=re.DOTALL | re.MULTILINE)
    declared, *mappings = blocks
    (tmp_path / "dictionary.csv").write_text(DICTIONARY, encoding="utf-8")
    (tmp_path / "study.toml").write_text(STUDY + declared, encoding="utf-8")
    study = load_study(tmp_path)
    assert len(mappings) == 3
    for block in mappings:
        mapping, faults = read_shape_of(MappingFile, (), tomllib.loads(block))
        assert faults == []
        assert list(mapping_faults(study, mapping)) == []
