"""What rows of the results table say beside their numbers: who is counted, what errors are, what a ratio is for."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from cohortium.estimators.competing.gray.spec import GraySpec
from cohortium.estimators.cox.spec import CoxSpec
from cohortium.estimators.fine_gray.spec import FineGraySpec
from cohortium.estimators.grid import Grid
from cohortium.estimators.kaplan_meier.spec import KaplanMeierSpec
from cohortium.estimators.wording import left_out
from cohortium.study.analyses.time_dependent import counted_in, episodes_of
from cohortium.study.endpoints import months_in_words
from estimators.cases import ARM, CAUSES, COMPETING, GRADE, GRID, TERMS, Case, simulated_rows, statistics


def test_who_is_left_out_is_named_in_the_singular_and_in_the_plural() -> None:
    assert left_out((1, "a"), (0, "b"), (2, "c")) == "1 patient left out: a; 2 patients left out: c"
    assert left_out((1, "a"), what="episode") == "1 episode left out: a"
    assert left_out((3, "a"), what="episode") == "3 episodes left out: a"
    assert [counted_in(each) for each in ("cohort", episodes_of("model"))] == ["patient", "episode"]


def test_a_model_of_episodes_leaves_out_episodes() -> None:
    rows = simulated_rows(1, 200)
    unknown = int(np.isnan(rows.numbers["age"]).sum())
    spec = CoxSpec("time", "event", GRID, TERMS[:1])
    for population, what in (("cohort", "patients"), (episodes_of("model"), "episodes")):
        found = statistics(Case("model", "cox", replace(spec, population=population)), [rows])
        (said,) = {row.warning for row in found if row.statistic == "model-n"}
        assert said == f"{unknown} {what} left out: a value not known"


def test_fine_gray_rows_say_what_their_standard_errors_are() -> None:
    found = statistics(Case("fg", "fine-gray", FineGraySpec(**COMPETING, terms=TERMS)), [simulated_rows(2, 200)])
    of = [row for row in found if row.statistic in ("coefficient", "standard-error", "subdistribution-hazard-ratio")]
    notes = {row.note for row in of} - {"reference"}
    assert notes == {"robust standard errors, the estimated distribution of censoring allowed for"}


def test_quantiles_of_a_group_without_patients_were_not_sought_in_vain() -> None:
    rows = simulated_rows(3, 60)
    rows.codes["arm"][:] = 0
    found = statistics(Case("km", "kaplan-meier", KaplanMeierSpec("time", "event", GRID, by=ARM)), [rows])
    said = {row.warning for row in found if row.group == ARM.labels[1] and row.statistic in ("median", "quantile")}
    assert said == {"no patients in this group"}


def test_a_bound_says_of_what_it_is() -> None:
    weeks = Grid.ends_of("weeks", int(GRID.values[-1]), 30.4375)
    rows = [simulated_rows(4, 120)]
    gray = statistics(Case("gray", "gray", GraySpec(**{**CAUSES, "grid": weeks}, by=GRADE)), rows)
    assert [row.level for row in gray if row.statistic == "grid-bound"] == ["chi-square, Relapse", "chi-square, Death"]
    curve = statistics(Case("km", "kaplan-meier", KaplanMeierSpec("time", "event", weeks)), rows)
    (note,) = [row.note for row in curve if row.statistic == "grid-bound" and row.level == "survival"]
    assert note == "largest difference from whole days at the ends of weeks; follow-up counted in weeks"


@pytest.mark.parametrize(("months", "words"), [(1.0, "1 month"), (6.0, "6 months"), (1.5, "1.5 months")])
def test_months(months: float, words: str) -> None:
    assert months_in_words(months) == words
