"""Tables of tests, regressions, proportional hazards, subgroups and competing risks, in plain text."""

from __future__ import annotations

from dataclasses import replace

from cohortium.report.build import TABLES
from cohortium.report.render import text
from cohortium.results import Results


def shown(study, results, name):
    spec = next(table for table in study.file.table if table.name == name)
    return text.render(TABLES[spec.kind](study, results, spec))


def line(study, results, name, start):
    found = [part for part in shown(study, results, name).splitlines() if part.strip().startswith(start)]
    return " ".join(found[0].split())


def test_every_test_has_a_line_and_pairs_their_adjusted_p(wide_study, wide):
    assert line(wide_study, wide, "tests", "Log-rank test ") == "Log-rank test 119 21.96 2 <0.001"
    assert line(wide_study, wide, "tests", "Log-rank test, trend").endswith("scores 1, 2, 3 119 17.90 1 <0.001")
    assert line(wide_study, wide, "tests", "0 vs 1") == "0 vs 1 80 3.46 1 0.06 0.13"
    assert line(wide_study, wide, "tests", "Death without") == "Death without relapse, Gray's test 120 11.70 1 <0.001"


def test_restricted_means_and_quantiles_stand_beside_the_median(wide_study, wide):
    lines = shown(wide_study, wide, "survival").splitlines()
    assert "First quartile, months (95% CI)" in lines[2]
    assert "Mean up to 24 months, months (95% CI)" in lines[2]
    assert line(wide_study, wide, "survival", "Female").endswith("14.0 (13.0 to 15.0)")
    assert (
        "Overall survival by sex, difference of means up to 24 months, Female vs Male: 4.0 (2.0 to 6.0) months, "
        "p < 0.001."
    ) in lines
    assert any("arcsine intervals" in part for part in lines)


def test_immortal_time_is_noted_at_the_analysis(wide_study, wide):
    assert "gives immortal time." in shown(wide_study, wide, "survival")


def test_a_variable_of_several_levels_is_tested_as_a_whole(wide_study, wide):
    assert line(wide_study, wide, "regression", "ECOG performance status") == "ECOG performance status <0.001"
    notes = shown(wide_study, wide, "regression")
    assert "p beside a variable's name from the penalized likelihood-ratio test of all its levels." in notes


def test_without_a_likelihood_ratio_test_the_wald_test_is_named(wide_study, wide):
    robust = Results(
        replace(s, value=None, warning="rows are not independent") if s.statistic == "term-likelihood-ratio-p" else s
        for s in wide
    )
    assert "from the Wald test of all its levels" in shown(wide_study, robust, "regression")


def test_the_regression_table_names_what_sets_estimates_apart(wide_study, wide):
    notes = shown(wide_study, wide, "regression")
    assert "HR or sHR (95% CI)" in notes
    assert "HR, hazard ratio; sHR, subdistribution hazard ratio." in notes
    assert "Firth penalized. Profile likelihood limits." in notes
    assert "Concordance (Harrell, within institution) 0.65 (95% CI, 0.60 to 0.70)." in notes
    assert (
        "Fine-Gray proportional subdistribution hazards of relapse, unstratified, robust standard errors that allow for the "
        "estimated distribution of censoring; covariates: Sex." in notes
    )


def test_proportional_hazards_end_in_the_global_test(wide_study, wide):
    assert line(wide_study, wide, "ph", "ECOG") == "ECOG performance status 0.01 2 0.50"
    assert line(wide_study, wide, "ph", "All terms") == "All terms together 4.46 4 0.22"


def test_subgroups_have_their_counts_and_the_interaction(wide_study, wide):
    assert line(wide_study, wide, "subgroups", "All patients") == "All patients 40 28 0.58 (0.39 to 0.87)"
    assert line(wide_study, wide, "subgroups", "ECOG") == "ECOG performance status 0.43"
    assert line(wide_study, wide, "subgroups", "1 ") == "1 40 28 0.45 (0.30 to 0.67)"
    notes = shown(wide_study, wide, "subgroups")
    assert "Hazard ratio: sex, Female vs Male; adjusted for the other covariates of the model" in notes
    assert "p of interaction: Wald test that the ratio is the same at every level." in notes


def test_competing_risks_stand_by_cause_with_gray_s_p(wide_study, wide):
    assert line(wide_study, wide, "competing", "Relapse  ") == "Relapse 0.04"
    assert line(wide_study, wide, "competing", "Male") == "Male 60 12 10.0 (5.0 to 15.0)"
    assert (
        "Relapse or death by sex, death without relapse: Gray's test, chi-square 11.7, 1 degree of freedom, p < 0.001."
    ) in shown(wide_study, wide, "competing")
