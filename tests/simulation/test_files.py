import csv
import io
import subprocess
import sys
import tomllib
from hashlib import sha256

import pytest

from cohortium.simulation import simulate
from cohortium.simulation.sites.known import HABITS
from cohortium.simulation.sites.render import FIRST_LINE, in_unit

DIGEST = """
from hashlib import sha256
from cohortium.simulation import REFERENCE, simulate
from cohortium.simulation.design.scale import scaled
files = simulate(scaled(REFERENCE, 40, 13), 5).files
print(sha256(b"".join(name.encode() + content for name, content in files.items())).hexdigest())
"""


def decoded(content):
    return content.decode("utf-16") if content[:2] == b"\xff\xfe" else content.decode("utf-8", "replace")


def test_the_same_seed_gives_the_same_bytes_in_another_process(small):
    files = simulate(small, 5).files
    digest = sha256(b"".join(name.encode() + content for name, content in files.items())).hexdigest()
    again = subprocess.run(
        [sys.executable, "-c", DIGEST],
        capture_output=True,
        text=True,
        check=True,
        env={"PYTHONHASHSEED": "1", "PYTHONPATH": ":".join(sys.path)},
    )
    assert again.stdout.strip() == digest


def test_another_seed_gives_other_patients(small):
    assert simulate(small, 5).files != simulate(small, 6).files


def test_every_file_says_that_it_is_simulated(reference):
    made, _ = reference
    assert len(made.files) == 15 * 6 + 5 + 3
    for name, content in made.files.items():
        text = decoded(content)
        if name.endswith("README.md"):
            assert "**Simulated.**" in text
        elif name != "dictionary.csv":  # holds no patient, and REDCap's form has no comments
            assert text.startswith(FIRST_LINE), name
            assert name.rsplit("/", 1)[-1].startswith("simulated-") or name.endswith(("mapping.toml", "study.toml")), (
                name
            )


def test_each_site_writes_its_own_way(reference):
    made, _ = reference
    assert {site.habits for site in made.design.site} == set(HABITS)
    german = made.files["sites/site-02/simulated-assessments-export.csv"].decode("cp1252")
    assert "M-Gradient Serum;" in german
    assert ";g/L;" in german
    registry = made.files["sites/site-10/simulated-patients.csv"]
    assert registry[:2] == b"\xff\xfe"
    assert registry.decode("utf-16").split("\n")[1].startswith("PATIENT_ID\tAGE\t")
    wide = made.files["sites/site-03/simulated-assessments-wide.csv"].decode().split("\n")
    assert wide[1].startswith("ID,DT,SPEP,UPEP,KAPPA,LAMBDA,SIFE,UIFE,BMPC")


def test_every_row_has_as_many_cells_as_the_header(reference):
    made, _ = reference
    delimiters = {site.id: HABITS[site.habits].delimiter for site in made.design.site}
    for name, content in made.files.items():
        if name.startswith("sites/") and name.endswith(".csv"):
            habits = next(HABITS[site.habits] for site in made.design.site if f"/{site.id}/" in name)
            lines = content.decode("utf-16" if habits.encoding == "utf-16" else habits.encoding).split("\n", 1)[1]
            rows = list(csv.reader(io.StringIO(lines), delimiter=delimiters[name.split("/")[1]]))
            assert len({len(row) for row in rows}) == 1, name
            assert len(set(rows[0])) == len(rows[0]), name


def test_mappings_are_toml_and_name_every_file(reference):
    made, _ = reference
    for site in made.design.site:
        mapping = tomllib.loads(made.files[f"sites/{site.id}/mapping.toml"].decode())
        assert {f"sites/{site.id}/{section['file']}" for section in mapping.values()} <= set(made.files)
        for section in mapping.values():
            for codes in section.get("codes", {}).values():
                assert len(set(codes.values())) == len(codes)  # each of our codes once


@pytest.mark.parametrize(
    ("value", "quantity", "unit", "expected"),
    [(3.12, "serum-m-protein", "g/L", 31.2), (412.0, "urine-m-protein", "g/24 h", 0.412), (12.3, "plasmacytoma-spd", "mm^2", 1230.0),
     (0.7, "flc-kappa", "mg/L", 7.0), (1.25, "neutrophils", "/uL", 1250.0), (1.0, "creatinine", "umol/L", 88)],
)  # fmt: skip
def test_values_in_other_units_keep_every_digit(value, quantity, unit, expected):
    assert in_unit(value, quantity, unit) == expected


def test_what_a_site_does_not_know_is_its_missing_code(reference):
    made, _ = reference
    lines = made.files["sites/site-05/simulated-patients.csv"].decode().split("\n")
    ferritin = lines[1].split(",").index("ferritin")
    n_missing = sum(line.split(",")[ferritin] == "-99" for line in lines[2:-1])
    assert 0 < n_missing < 35
