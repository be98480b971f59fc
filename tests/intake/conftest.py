"""Small study directories: a dictionary of a few fields and the text of each site's file."""

import csv
import json

import pytest

from cohortium.intake import read_site, read_sites
from cohortium.study.load import load_study

HEADINGS = (
    "field_name",
    "field_type",
    "field_label",
    "field_note",
    "select_choices_or_calculations",
    "text_validation_type_or_show_slider_number",
    "text_validation_min",
    "text_validation_max",
    "identifier",
    "required_field",
)


def field(validation="", **cells):
    row = {"field_type": "text", "text_validation_type_or_show_slider_number": validation}
    return row | cells


KEY = {"id": field()}


class SmallStudy:
    """A study directory that a test fills."""

    def __init__(self, directory):
        self.directory = directory

    def write(self, fields, sites, *, data="", time="horizon_days = 1000", study="", site_lines=""):
        with (self.directory / "dictionary.csv").open("w", encoding="utf-8", newline="") as lines:
            writer = csv.DictWriter(lines, HEADINGS)
            writer.writeheader()
            for name, cells in (KEY | fields).items():
                writer.writerow({"field_name": name, "field_label": f"Label of {name}"} | cells)
        listed = "".join(f'\n[[site]]\nid = "{site}"\nname = "Name of {site}"\n{site_lines}' for site in sites)
        (self.directory / "study.toml").write_text(
            f'[study]\nname = "small"\ntitle = "Small"\n{study}\n[time]\n{time}\n[data]\nkey = "id"\n{data}\n{listed}',
            encoding="utf-8",
        )
        for site, content in sites.items():
            if content is not None:
                path = self.directory / "sites" / site / "patients.csv"
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return load_study(self.directory)

    def read(self, fields, content, **sections):
        study = self.write(fields, {"site-01": content}, **sections)
        return read_site(study, study.file.site[0])

    def read_all(self, fields, sites, **sections):
        return read_sites(self.write(fields, sites, **sections))

    def column(self, cells, *, name="x", **field_cells):
        """One variable, a value a row: its typed values and the rules broken, by row."""
        rows = "".join(f"P{i},{_quoted(cell)}\n" for i, cell in enumerate(cells, 1))
        sections = field_cells.pop("sections", {})
        intake = self.read({name: field(**field_cells)}, f"id,{name}\n{rows}", **sections)
        rules = ["" for _ in cells]
        for query in intake.queries:
            rules[query.line - 2] = query.rule
        return intake.frame[name].to_list(), rules


def _quoted(cell):
    return json.dumps(cell) if "," in cell else cell


@pytest.fixture
def small(tmp_path):
    return SmallStudy(tmp_path)


@pytest.fixture
def as_field():
    return field
