"""Every method gives for an endpoint of some patients what it gives where the cohort is these patients."""

from __future__ import annotations

from pathlib import Path

import pytest

from cohortium.cli.opening import open_sites, refuse_errors
from cohortium.cli.run import tabulate
from cohortium.estimators.registry import plan_study
from cohortium.federation.estimate import estimate
from cohortium.report.build import build_report
from cohortium.results import Results
from cohortium.study.load import load_study
from federation.test_populations import DAY, DICTIONARY, ETHICS, SITES, STUDY, patients

RESPONDERS = "responder == 'Yes'"
HEAD = STUDY[: STUDY.index("[[endpoint]]")].format(time="")
ENDPOINTS = """\
[[endpoint]]
name = "first"
label = "First event"
censor = "last"
{among}
[[endpoint.causes]]
label = "Relapse"
event = ["relapse"]
[[endpoint.causes]]
label = "Death"
event = ["death"]
[[endpoint]]
name = "efs"
label = "Event-free survival"
of = "first"
[[endpoint]]
name = "landmark_efs"
label = "Event-free survival from 3 months"
of = "efs"
landmark_months = 3
[[propensity]]
name = "score"
treatment = "arm"
treated = "New"
covariates = ["age"]
"""
METHODS = {
    "sites": 'endpoint = "efs"',
    "kaplan-meier": 'endpoint = "efs"\nby = "arm"\nat_months = [6]\nrestricted_mean_months = 12\nnelson_aalen = true',
    "logrank": 'endpoint = "efs"\nby = "arm"',
    "cox": 'endpoint = "efs"\ncovariates = ["age", "arm"]',
    "cumulative-incidence": 'endpoint = "first"\nby = "arm"',
    "gray": 'endpoint = "first"\nby = "arm"',
    "fine-gray": 'endpoint = "first"\ncause = "Relapse"\ncovariates = ["age"]',
    "meta-analysis": 'endpoint = "efs"\nmodel = "cox"\neffect = "age"\ncovariates = ["age"]',
    "site-outcomes": 'endpoint = "efs"',
}
OTHERS = """\
[[analysis]]
name = "from-landmark"
method = "kaplan-meier"
endpoint = "landmark_efs"
[[analysis]]
name = "weighted"
method = "cox"
endpoint = "efs"
covariates = ["arm"]
weighting = "score"
[[analysis]]
name = "cut"
method = "cox"
endpoint = "efs"
covariates = ["age"]
time_dependent = [{ variable = "referred", label = "Referral" }]
"""
EXHIBITS = """\
[[table]]
name = "survival"
kind = "survival"
analyses = ["m-kaplan-meier"]
title = "Survival"
[[table]]
name = "sites"
kind = "sites"
analyses = ["m-sites"]
title = "Institutions"
[[figure]]
name = "curves"
kind = "kaplan-meier"
analysis = "m-kaplan-meier"
title = "Curves"
[[figure]]
name = "incidence"
kind = "cumulative-incidence"
analysis = "m-cumulative-incidence"
title = "Incidence"
[[figure]]
name = "landmark"
kind = "landmark-flow"
analysis = "from-landmark"
title = "Landmark"
"""


def write(directory: Path, *, among: str = "", step: str = "") -> None:
    """A study of three sites whose endpoint, or whose cohort, is of responders."""
    ethics = "".join(ETHICS.format(id=site) for site in SITES)
    arm = (
        '[[derive]]\nname = "arm"\nlabel = "Arm"\ncases = [{ level = "New", where = "age >= 55" }, '
        '{ level = "Old", otherwise = true }]\n'
    )
    analyses = "".join(f'[[analysis]]\nname = "m-{m}"\nmethod = "{m}"\n{keys}\n' for m, keys in METHODS.items())
    steps = f'[[cohort.step]]\nlabel = "Responders"\nwhere = "{step}"\n' if step else ""
    condition = f'among = "{among}"' if among else ""
    head = HEAD.replace("[[derive]]", ethics + steps + "[[derive]]", 1)
    text = head + arm + ENDPOINTS.format(among=condition) + analyses + OTHERS + EXHIBITS
    (directory / "study.toml").write_text(text, encoding="utf-8")
    (directory / "dictionary.csv").write_text(DICTIONARY, encoding="utf-8")
    for number, site in enumerate(SITES):
        folder = directory / "sites" / site
        folder.mkdir(parents=True, exist_ok=True)
        patients(number + 1, (80, 60, 25)[number]).write_csv(folder / "patients.csv")


def run(directory: Path, n_processes: int = 1) -> Results:
    """The results of a study as written."""
    study = load_study(directory)
    tasks = plan_study(study)
    with open_sites(study, tasks, n_processes, DAY) as sites:
        refuse_errors(sites)
        return tabulate(tasks, estimate(tasks, study.hash, sites.transport))


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Results, Results]:
    """The directory and results with `among`, and the results of the cohort of responders."""
    folder, other = tmp_path_factory.mktemp("among"), tmp_path_factory.mktemp("step")
    write(folder, among=RESPONDERS)
    write(other, step=RESPONDERS)
    return folder, run(folder), run(other)


def numbers(results: Results, analysis: str) -> list[tuple[object, ...]]:
    # Records received are all records either way; who is in the cohort is the difference between the two studies.
    return [
        (
            row.model,
            row.group,
            row.variable,
            row.level,
            row.time,
            row.statistic,
            row.value,
            row.lower,
            row.upper,
            row.warning,
        )
        for row in results.where(analysis=analysis)
        if row.statistic != "received"
    ]


@pytest.mark.parametrize("analysis", [*(f"m-{method}" for method in METHODS), "from-landmark", "weighted", "cut"])
def test_each_method_counts_the_patients_to_whom_it_applies(both: tuple[Path, Results, Results], analysis: str) -> None:
    _, among, cohort = both
    found = numbers(among, analysis)
    assert found
    assert found == numbers(cohort, analysis)


def test_the_flow_to_a_landmark_begins_with_them(both: tuple[Path, Results, Results]) -> None:
    _, among, cohort = both
    assert numbers(among, "landmark") == numbers(cohort, "landmark")


def test_the_counts_are_in_the_results_table(both: tuple[Path, Results, Results]) -> None:
    _, among, cohort = both
    row = among.one(method="among", variable="efs", statistic="applies")
    assert row.denominator == row.n == 165
    assert row.value == cohort.one(analysis="flow", statistic="analyzed", variable="").value
    assert not cohort.where(method="among")


def test_both_transports_give_the_same_rows(both: tuple[Path, Results, Results]) -> None:
    folder, among, _ = both
    assert list(run(folder, 2)) == list(among)


def test_what_is_printed_says_of_how_many(both: tuple[Path, Results, Results], tmp_path: Path) -> None:
    folder, among, _ = both
    build_report(load_study(folder), among, (), tmp_path, lambda _: None)
    n = int(among.one(method="among", variable="efs", statistic="applies").value or 0)
    said = f"{n} of 165 patients"
    for name in ("survival", "sites"):
        assert f"Event-free survival: applies to {said}." in (tmp_path / "tables" / f"{name}.html").read_text("utf-8")
    report = (tmp_path / "report.html").read_text("utf-8")
    assert f"First event: applies to {said}." in report
    assert f"Event-free survival from 3 months: applies to {said}." in report
    assert report.count("applies to the patients where") == 3
    assert f"Number at risk, {said}" in (tmp_path / "figures" / "curves.svg").read_text("utf-8")
    assert f"Number at risk, {said}" in (tmp_path / "figures" / "incidence.svg").read_text("utf-8")
