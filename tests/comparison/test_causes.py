"""Why numbers changed, where it is known by construction: one or two inputs are changed and the study is estimated again."""

import datetime as dt
import hashlib
import re
import shutil

import pytest

from cohortium.cli.manifest import ethics_record, manifest
from cohortium.cli.opening import open_sites
from cohortium.cli.run import tabulate
from cohortium.comparison import ResultsDirectory, causes_of, changes_between
from cohortium.comparison.reach import ANY_OTHER
from cohortium.estimators.registry import plan_study
from cohortium.federation.estimate import estimate
from cohortium.governance.ethics import period_of
from cohortium.starter.write import write_starter
from cohortium.study.load import load_study

ROUNDING = 1e-9
"""Sums over rows in another order differ in the last bits."""
DAY = dt.date(2026, 1, 1)
PFS = {"pfs-by-ldh", "pfs-logrank", "pfs-cox"}
OS = {"os-by-ldh", "os-logrank", "os-cox", "follow-up", "institutions"}
LDH = {"baseline", "pfs-by-ldh", "os-by-ldh", "pfs-logrank", "os-logrank", "pfs-cox", "os-cox"}


def estimated(folder):
    """What `read_results` would read after a run, without tables, figures and report."""
    import json

    study = load_study(folder)
    tasks = plan_study(study)
    with open_sites(study, tasks, 1, DAY) as sites:
        results = tabulate(tasks, estimate(tasks, study.hash, sites.transport))
        ethics = ethics_record(sites.decisions, period_of(study, DAY))
        (folder / "none").mkdir(exist_ok=True)
        about = manifest(study, sites.openings, 1, folder / "none", ethics, "none")
    texts = {name: (folder / name).read_text(encoding="utf-8") for name in study.inputs}
    return ResultsDirectory(folder, results.to_frame(), json.loads(about), texts)


@pytest.fixture(scope="module")
def base(tmp_path_factory):
    folder = tmp_path_factory.mktemp("causes") / "study"
    write_starter(folder)
    return folder, estimated(folder)


def study_line(before, after, file="study.toml"):
    def change(folder):
        text = (folder / file).read_text(encoding="utf-8")
        assert before in text
        (folder / file).write_text(text.replace(before, after, 1), encoding="utf-8")

    return change


def rows_of(site, edit):
    def change(folder):
        (path,) = (folder / "sites" / site).glob("*.csv")
        remark, head, *rows = path.read_text(encoding="utf-8").splitlines()
        path.write_text("\n".join([remark, head, *edit(rows)]) + "\n", encoding="utf-8")

    return change


def another_site(folder):
    text = (folder / "study.toml").read_text(encoding="utf-8")
    third = text[text.index('[[site]]\nid = "site-03"') : text.index("# ---- who is analyzed")]
    fourth = third.replace("site-03", "site-04").replace("Third", "Fourth")
    (folder / "study.toml").write_text(text.replace(third, third + fourth), encoding="utf-8")
    shutil.copytree(folder / "sites/site-03", folder / "sites/site-04")


def without_third(folder):
    text = (folder / "study.toml").read_text(encoding="utf-8")
    third = text[text.index('[[site]]\nid = "site-03"') : text.index("# ---- who is analyzed")]
    (folder / "study.toml").write_text(text.replace(third, ""), encoding="utf-8")
    shutil.rmtree(folder / "sites/site-03")


def reordered_analyses(folder):
    text = (folder / "study.toml").read_text(encoding="utf-8")
    first = text[text.index('[[analysis]]\nname = "pfs-by-ldh"') : text.index('[[analysis]]\nname = "os-by-ldh"')]
    last = text.index("# ---- tables")
    (folder / "study.toml").write_text(text[:last].replace(first, "") + first + text[last:], encoding="utf-8")


def older(rows):
    """The first patient is a year older."""
    cells = rows[0].split(",")
    cells[1] = str(int(cells[1]) + 1)
    return [",".join(cells), *rows[1:]]


DERIVED_STEP = study_line('where = "age >= 18"', "where = \"age_group == '65 years or older'\"")
# What is changed; the cause that every changed analysis must name; the analyses that may change, None for any.
CASES = {
    "a row is gone": ([rows_of("site-02", lambda rows: rows[:-1])], "data of site-02 (changed)", None),
    "a value": ([rows_of("site-01", older)], "data of site-01 (changed)", {"baseline", "pfs-cox", "os-cox"}),
    "half of the rows": ([rows_of("site-03", lambda rows: rows[::2])], "data of site-03 (changed)", None),
    "the order of rows": ([rows_of("site-01", lambda rows: rows[::-1])], "", set()),
    "a site more": ([another_site], "data of site-04 (new)", None),
    "a site less": ([without_third], "data of site-03 (gone)", None),
    "a site refused": (
        [study_line("approved = 2023-11-20", "approved = 2023-11-20, expires = 2024-01-01")], "data of site-02 (now refused)", None,
    ),
    "months of curves": ([study_line("at_months = [6, 12, 24]", "at_months = [6, 12]")], "analysis pfs-by-ldh (study.toml:", {"pfs-by-ldh"}),
    "an endpoint": (
        [study_line('event = ["progression_date", "death_date"]', 'event = ["progression_date"]')], "endpoint pfs (study.toml:", PFS,
    ),
    "an endpoint of others": ([study_line('event = ["death_date"]', 'event = ["progression_date"]')], "endpoint os (study.toml:", OS),
    "a group": ([study_line("ldh <= 250", "ldh <= 240")], "derive ldh_group (study.toml:", LDH),
    "a group of the baseline": ([study_line("age < 65", "age < 60")], "derive age_group (study.toml:", {"baseline"}),
    "a cohort step": ([study_line('where = "age >= 18"', 'where = "age >= 50"')], "[cohort]", None),
    "a variable of a cohort step": (
        [DERIVED_STEP, study_line('where = "age >= 65"', 'where = "age >= 70"'), study_line('where = "age < 65"', 'where = "age < 70"')],
        "derive age_group (study.toml:", None,
    ),
    "a covariate": ([study_line('"sex", "ecog", "ldh_group"]', '"sex", "ldh_group"]')], "analysis pfs-cox (study.toml:", {"pfs-cox"}),
    "strata": ([study_line('strata = ["site"]                # pat', "# pat")], "analysis pfs-logrank (study.toml:", {"pfs-logrank"}),
    "the month": ([study_line("[time]\n", "[time]\nmonth_days = 30\n")], "[time]", None),
    "a level's label": ([study_line("2, 2 or more", "2, 2 to 4", "dictionary.csv")], "variable ecog (dictionary.csv:", {"baseline", "pfs-cox", "os-cox"}),
    "a renamed analysis": ([study_line('name = "follow-up"', 'name = "time-followed"'), study_line('"follow-up"]', '"time-followed"]')], "", set()),
    "the order of analyses": ([reordered_analyses], "", set()),
    "a comment": ([study_line("[[derive]]", "# A remark.\n\n[[derive]]")], "", set()),
    "a title": ([study_line('title = "Baseline characteristics by LDH"', 'title = "Baseline"')], "", set()),
    "a removed analysis": (
        [
            study_line('[[analysis]]\nname = "follow-up"\nlabel = "Follow-up"\nmethod = "kaplan-meier"\nendpoint = "os"\nreverse = true', ""),
            study_line(', "follow-up"]', "]"),
        ],
        "analysis follow-up (study.toml:", {"follow-up"},
    ),
    "two lines at once": (
        [study_line("age < 65", "age < 60"), study_line("at_months = [6, 12, 24]", "at_months = [6, 12]")], "(study.toml:",
        {"baseline", "pfs-by-ldh"},
    ),
    "a site and a line at once": (
        [rows_of("site-02", lambda rows: rows[:-1]), study_line("ldh <= 250", "ldh <= 240")], "data of site-02 (changed)", None,
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_every_change_has_its_cause(base, tmp_path, name):
    folder, before = base
    edits, cause, may_change = CASES[name]
    shutil.copytree(folder, tmp_path / "study")
    for edit in edits:
        edit(tmp_path / "study")
    after = estimated(tmp_path / "study")
    causes = causes_of(before, after)
    changed = {
        change.key["analysis"] for change in changes_between(before.table, after.table, ROUNDING, causes.renamed)
    }
    assert bool(changed) == bool(cause)
    for analysis in changed:
        assert any(cause in said for said in causes.of(analysis)), (analysis, causes.of(analysis))
    if may_change is not None:
        assert changed <= may_change
        # An analysis that the changed lines do not reach is not said to be reached by them.
        unreached = set(causes.reached) - may_change - set(causes.renamed.values()) - {ANY_OTHER}
        assert not [found for analysis in unreached for found in causes.of(analysis) if not found.startswith("data of")]


def test_a_line_and_a_site_at_once_are_both_named(base, tmp_path):
    folder, before = base
    shutil.copytree(folder, tmp_path / "study")
    for edit in CASES["a site and a line at once"][0]:
        edit(tmp_path / "study")
    causes = causes_of(before, estimated(tmp_path / "study"))
    (place,) = (line.rsplit(": +", 1)[0] for line in causes.lines if ": + " in line)
    assert causes.of("os-by-ldh") == ("data of site-02 (changed)", f"derive ldh_group ({place})")
    assert causes.of("follow-up") == ("data of site-02 (changed)",)


def test_another_version_reaches_everything(base):
    _, before = base
    other = {**before.manifest, "versions": {**before.manifest["versions"], "numpy": "9.9"}}
    causes = causes_of(before, ResultsDirectory(before.path, before.table, other, before.texts))
    assert causes.of("os-cox") == (f"numpy: {before.manifest['versions']['numpy']} to 9.9",)
    different = causes_of(before, ResultsDirectory(before.path, before.table, {**other, "study": "x"}, before.texts))
    assert different.studies == ("starter", "x")


def test_the_seed_and_the_policy_of_a_study_reach_everything(base):
    _, before = base
    text = before.texts["study.toml"].replace("[study]\n", "[study]\ndata_cutoff = 2020-01-01\n", 1)
    text = re.sub(r"(?m)^data_cutoff = 20(?!20-01-01).*$", "", text)
    assert hashlib.sha256(text.encode()).hexdigest() != before.manifest["inputs"]["study.toml"]["sha256"]
    after = ResultsDirectory(before.path, before.table, before.manifest, {**before.texts, "study.toml": text})
    assert causes_of(before, after).whole == ("[study]",)
