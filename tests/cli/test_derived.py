"""What a site's rows are derived to, for its own eyes, and hand-made patients that a study must derive as expected."""

import json
import stat

import pytest
from typer.testing import CliRunner

from cohortium.cli.commands import app
from cohortium.cli.derived import FIRST_LINE, WARNING
from cohortium.errors import OutputError, RefusedRequestError, StudyFileError, UsageError

DICTIONARY = """\
field_name,field_type,field_label,field_note,text_validation_type_or_show_slider_number
id,text,Patient,,
start,text,First dose,,date_ymd
death,text,Death,,date_ymd
last,text,Last contact,,date_ymd
b2m,text,Beta-2 microglobulin,mg/L,number_1dp
albumin,text,Albumin,g/L,number_1dp
"""
STUDY = """\
[study]
name = "small"
title = "Small"
[time]
origin = "start"
horizon_days = 1000
[data]
key = "id"
[[data.table]]
name = "assessments"
[[site]]
id = "a"
name = "A"
ethics = { board = "B", decision = "approved", number = "1", approved = 2023-01-01, expires = 2099-01-01, consent = "waived", consent_basis = "45 CFR 46.116(f)" }
[[site]]
id = "b"
name = "B"
[[cohort.step]]
label = "Followed"
where = "is_known(last)"
[[derive]]
name = "stage"
label = "Stage"
rule = "iss"
beta2_microglobulin = "b2m"
albumin = "albumin"
[[endpoint]]
name = "os"
label = "Overall survival"
event = ["death"]
censor = "last"
[[analysis]]
name = "km"
method = "kaplan-meier"
endpoint = "os"
by = "stage"
"""
HEADER = "id,start,death,last,b2m,albumin\n"
ROWS = "P1,2023-01-01,,2024-01-01,3.4,35\nP2,2023-01-01,2023-02-01,2023-02-01,5.5,\nP3,2023-01-01,,2024-01-01,3.4,\n"
EXPECTED = """\
patient,variable,expected,note
P1,stage,I,
P2,stage,III,whatever the albumin
P3,stage,unknown,I or II
P2,os.days,31,
P2,os.event,yes,
P1,os.event,no,
P1,albumin,35.0,
P1,cohort,yes,
"""


@pytest.fixture
def study(tmp_path):
    directory = tmp_path / "study"
    site = directory / "sites" / "a"
    site.mkdir(parents=True)
    (directory / "dictionary.csv").write_text(DICTIONARY, encoding="utf-8")
    (directory / "study.toml").write_text(STUDY, encoding="utf-8")
    (site / "patients.csv").write_text(HEADER + ROWS, encoding="utf-8")
    (site / "assessments.csv").write_text(
        "patient,day,quantity,value,unit\nP1,2023-01-05,albumin,35,g/L\n", encoding="utf-8"
    )
    return directory


@pytest.fixture
def tested(study):
    directory = study / "test-patients"
    directory.mkdir()
    (directory / "patients.csv").write_text(HEADER + ROWS, encoding="utf-8")
    (directory / "expected.csv").write_text(EXPECTED, encoding="utf-8")
    return directory


def cohortium(*arguments):
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


def test_what_is_derived_is_written_for_the_owner_alone(study, tmp_path):
    out = tmp_path / "out"
    done = cohortium("derived", study, "--site", "a", "--out", out, "--on", "2024-06-01")
    assert done.exit_code == 0
    assert WARNING in done.stdout
    first, header, *rows = (out / "patients.csv").read_text(encoding="utf-8").splitlines()
    assert first == FIRST_LINE
    assert header == "id,start,death,last,b2m,albumin,site,stage,os__time,os__event,flow_step,flow_unknown"
    assert [row.split(",")[7] for row in rows] == ["I", "III", ""]
    assert stat.S_IMODE((out / "patients.csv").stat().st_mode) == 0o600
    assert stat.S_IMODE(out.stat().st_mode) == 0o700


def test_a_plan_does_nothing(study, tmp_path):
    done = cohortium(
        "derived", study, "--site", "a", "--out", tmp_path / "out", "--on", "2024-06-01", "--dry-run", "--json"
    )
    assert json.loads(done.stdout)["reads"] == ["sites/a/patients.csv", "sites/a/assessments.csv"]
    assert not (tmp_path / "out").exists()


def test_a_second_time_replaces_its_own_files_and_no_others(study, tmp_path):
    out = tmp_path / "out"
    assert [cohortium("derived", study, "--site", "a", "--out", out).exit_code for _ in range(2)] == [0, 0]
    (out / "mine.txt").write_text("mine", encoding="utf-8")
    assert isinstance(cohortium("derived", study, "--site", "a", "--out", out).exception, OutputError)
    assert sorted(path.name for path in out.iterdir()) == ["mine.txt", "patients.csv"]


@pytest.mark.parametrize(
    ("site", "out", "error"),
    [("c", "out", UsageError), ("b", "out", RefusedRequestError), ("a", "study/derived", OutputError)],
)
def test_what_is_refused(study, tmp_path, site, out, error):
    assert isinstance(cohortium("derived", study, "--site", site, "--out", tmp_path / out).exception, error)
    assert not (tmp_path / out).exists()


def test_test_patients_that_pass_are_counted_and_are_in_no_result(study, tested, tmp_path):
    done = cohortium("check", study)
    assert done.exit_code == 0
    assert done.stdout.splitlines()[-2:] == [
        "3 test patients: 8 of 8 expected values derived",
        "small: 3 rows from 1 site files, 0 queries, 1 refused; ready to run",
    ]
    without = tmp_path / "without"
    assert cohortium("run", study, "--out", tmp_path / "with").exit_code == 0
    tested.rename(tmp_path / "elsewhere")
    assert cohortium("run", study, "--out", without).exit_code == 0
    assert (tmp_path / "with" / "results.csv").read_bytes() == (without / "results.csv").read_bytes()


def test_every_mismatch_is_told_at_once_and_the_study_does_not_run(study, tested):
    wrong = [
        "P3,stage,II,not decided",
        "P9,stage,II,",
        "P3,stge,II,",
        "P3,stage,IV,",
        "P3,os.days,soon,",
        "P1,albumin,35.1,",
        "P1,os.event,yes,",
    ]
    (tested / "expected.csv").write_text(EXPECTED + "\n".join(wrong) + "\n", encoding="utf-8")
    done = cohortium("check", study)
    assert done.exit_code == StudyFileError.exit_code
    assert [line.removeprefix("error: test-patients/expected.csv:") for line in done.stdout.splitlines()[1:8]] == [
        "10: patient P3, stage: expected II, derived unknown (not decided)",
        "11: no patient 'P9' is in the file of test patients",
        "12: unknown variable 'stge' (did you mean 'stage'?)",
        "13: 'IV' is no level of stage; expected one of I, II, III, unknown",
        "14: 'soon' is no number; expected a number such as 1.5, or unknown",
        "15: patient P1, albumin: expected 35.1, derived 35.0",
        "16: patient P1, os.event: expected yes, derived no",
    ]
    refused = cohortium("run", study)
    assert isinstance(refused.exception, StudyFileError)
    assert len(refused.exception.problems) == len(wrong)
    assert not (study / "results").exists()


def test_a_fault_in_their_own_files_is_told_too(study, tested):
    (tested / "patients.csv").write_text(HEADER + ROWS.replace("3.4,35", "3.4,x"), encoding="utf-8")
    (tested / "expected.csv").unlink()
    done = cohortium("check", study)
    assert done.exit_code == StudyFileError.exit_code
    assert "error: test-patients/expected.csv: the file is missing" in done.stdout


def test_rounding_is_to_the_decimals_that_are_stated(study, tested):
    (tested / "patients.csv").write_text(HEADER + ROWS.replace("3.4,35", "3.4,35.5"), encoding="utf-8")
    lines = "patient,variable,expected\nP1,albumin,36\nP1,albumin,35.5\nP1,albumin,35.50\nP1,albumin,35\n"
    (tested / "expected.csv").write_text(lines, encoding="utf-8")
    assert "3 test patients: 3 of 4 expected values derived" in cohortium("check", study).stdout


def test_a_site_in_a_process_of_its_own_gives_the_same(study, tmp_path):
    """The worker reads the tables and applies the rules itself; the manifest names every file of the site."""
    for name, processes in (("here", 1), ("there", 2)):
        assert cohortium("run", study, "--out", tmp_path / name, "--processes", processes).exit_code == 0
    assert (tmp_path / "here" / "results.csv").read_bytes() == (tmp_path / "there" / "results.csv").read_bytes()
    manifest = json.loads((tmp_path / "there" / "manifest.json").read_text(encoding="utf-8"))
    assert [name for name in manifest["inputs"] if name.startswith("sites/")] == [
        "sites/a/assessments.csv",
        "sites/a/patients.csv",
    ]


def test_an_endpoint_by_rule_that_is_not_known_names_what_the_site_can_correct(study):
    text = STUDY.replace(
        'event = ["death"]\ncensor = "last"\n', 'time = "alive_days"\nevent_where = "alive_event != \'censored\'"\n'
    ).replace(
        "[[endpoint]]",
        '[[derive]]\nname = "alive"\nlabel = "Survival"\nrule = "time-to-event"\nendpoint = "os"\n'
        'death_date = "death"\nlast_contact_date = "last"\n[[endpoint]]',
    )
    (study / "study.toml").write_text(text.replace("is_known(last)", "is_known(b2m)"), encoding="utf-8")
    (study / "sites" / "a" / "patients.csv").write_text(f"{HEADER}P1,2023-01-01,,,3.4,35\n", encoding="utf-8")
    told = cohortium("check", study, "--on", "2024-06-01").output
    assert "endpoint-missing" in told
    assert "alive_reason, as `cohortium derived` writes it, says what is missing: correct death, last" in told
