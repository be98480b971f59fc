"""A table or figure of an analysis that cannot give what it shows is a problem with a way out."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from cohortium.errors import StudyFileError
from cohortium.study.load import load_study

EXAMPLE = Path(__file__).resolve().parents[2] / "examples" / "mgus2-competing"
CHANGES = [
    (
        ("nelson_aalen = true\n", ""),
        "a cumulative-hazard figure shows (add nelson_aalen = true to the analysis)",
    ),
    (
        ('kind = "landmark-flow"\nanalysis = "landmark-by-spike"', 'kind = "landmark-flow"\nanalysis = "os-by-sex"'),
        "the endpoint of os-by-sex is not counted from a landmark (such as 'landmark-by-spike')",
    ),
    (
        ("quantiles = [0.25]", "quantiles = [0.1]"),
        "0.1 is not among the quantiles of os-by-sex, efs-overall, landmark-by-spike, follow-up (add it to the",
    ),
    (
        ('kind = "forest"', 'kind = "predicted-survival"'),
        "fine-gray is a fine-gray analysis; a predicted-survival figure shows cox (such as 'cause-specific')",
    ),
    (
        ('kind = "forest"\nanalysis = "fine-gray"', 'kind = "subgroups"\nanalysis = "cause-specific"'),
        "cause-specific estimates no effect in subgroups, which a subgroups figure shows",
    ),
    (
        ('tests = ["gray-sex"]', 'tests = ["landmark-test"]'),
        "landmark-test is a logrank analysis; a panel of tests shows gray (such as 'gray-sex')",
    ),
    (
        ('analyses = ["incidence", "incidence-by-sex", "gray-sex"]', 'analyses = ["gray-sex"]'),
        "only tests are named; a competing-risks table needs a cumulative-incidence analysis",
    ),
    (
        ('analysis = "landmark-by-spike"\ntests', 'analysis = "landmark-by-spike"\nrestricted_mean = true\ntests'),
        "landmark-by-spike does not estimate the restricted mean (add restricted_mean_months to the analysis)",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("change", "said"), CHANGES, ids=[said[:40] for _, said in CHANGES])
def test_what_is_shown_must_be_estimated(change, said, tmp_path):
    study = shutil.copytree(EXAMPLE, tmp_path / "study")
    text = (study / "study.toml").read_text(encoding="utf-8")
    old, new = change
    assert text.count(old) == 1
    (study / "study.toml").write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(StudyFileError) as caught:
        load_study(study)
    assert said in str(caught.value)


def test_the_example_has_no_problem():
    assert len(load_study(EXAMPLE).file.figure) == 7
