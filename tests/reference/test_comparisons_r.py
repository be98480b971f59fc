"""Agreement of tests, stratified tables and pooled estimates with base R and metafor."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from cohortium.estimators.between_sites.pooling import pool
from cohortium.estimators.comparisons.contingency import pearson, trend
from cohortium.estimators.comparisons.fisher import fisher_exact
from cohortium.estimators.comparisons.means import compare_means
from cohortium.estimators.comparisons.ranks import kruskal_wallis, wilcoxon
from cohortium.estimators.proportions.intervals import proportion_limits
from cohortium.estimators.proportions.stratified import exact_conditional, mantel_haenszel

# Sums of a few hundred terms in another order; R prints 15 digits.
CLOSE = 1e-11
# Fisher's p-values are sums over tables whose logarithms carry some 1e-13.
SUMS_OF_TABLES = 1e-10
# R finds exact limits and odds ratios with uniroot, to 1e-4 of their logarithm at worst; ours are found to rounding.
UNIROOT = 2e-5
# metafor solves for tau squared by iteration.
ITERATED = 1e-9
R = json.loads((Path(__file__).parent / "comparisons.json").read_text())


@pytest.mark.parametrize("case", R["categories"], ids=lambda case: f"{len(case['table'])} rows")
def test_categories(case: dict) -> None:
    table = np.array(case["table"])
    assert fisher_exact(table) == pytest.approx(case["fisher"], rel=SUMS_OF_TABLES)
    assert fisher_exact(table.T) == pytest.approx(case["fisher"], rel=SUMS_OF_TABLES)
    assert pearson(table).statistic == pytest.approx(case["pearson"], rel=CLOSE)


def test_ranks_and_means() -> None:
    expected, y, g = R["numbers"], np.array(R["numbers"]["y"]), np.array(R["numbers"]["g"])
    values = np.unique(y)
    counts = np.array([[((y == value) & (g == k)).sum() for value in values] for k in range(3)])
    rank = kruskal_wallis(counts)
    assert [rank.statistic, rank.p_value] == pytest.approx(expected["kruskal"], rel=CLOSE)
    assert wilcoxon(counts[:2]).p_value == pytest.approx(expected["wilcoxon_p"], rel=CLOSE)
    n = np.bincount(g).astype(float)
    mean = np.array([y[g == k].mean() for k in range(3)])
    variance = np.array([y[g == k].var(ddof=1) for k in range(3)])
    anova, welch = compare_means(n, mean, variance), compare_means(n, mean, variance, welch=True)
    assert [anova.statistic, anova.p_value] == pytest.approx(expected["anova"], rel=CLOSE)
    assert [welch.statistic, welch.df[1], welch.p_value] == pytest.approx(expected["welch_anova"], rel=CLOSE)
    two = (n[:2], mean[:2], variance[:2])
    student, welch = compare_means(*two), compare_means(*two, welch=True)
    assert [student.statistic, student.p_value] == pytest.approx(expected["t"], rel=CLOSE)
    assert [welch.statistic, welch.df[0], welch.p_value] == pytest.approx(expected["welch_t"], rel=CLOSE)


def test_trend() -> None:
    """R's prop.trend.test is the same statistic."""
    assert trend(np.array([[15, 15], [10, 25], [5, 25]])).statistic == pytest.approx(R["trend"], rel=CLOSE)


@pytest.mark.parametrize(("model", "name"), [("common", "FE"), ("dersimonian-laird", "DL"), ("reml", "REML")])
@pytest.mark.parametrize("knapp_hartung", [False, True])
def test_pooling(model: str, name: str, knapp_hartung: bool) -> None:
    key = f"{name} {'knha' if knapp_hartung and model != 'common' else 'z'}"
    estimates, variances = np.array(R["effects"]["y"]), np.array(R["effects"]["v"])
    found = pool(estimates, variances, model, knapp_hartung=knapp_hartung)
    values = [
        found.estimate,
        found.standard_error,
        found.lower,
        found.upper,
        found.p_value,
        found.tau2,
        found.q,
        found.q_p,
    ]
    assert values == pytest.approx(R["pooled"][key], rel=ITERATED)


def test_exact_limits_of_a_proportion(reference_data: Path) -> None:
    for row in _multicentre(reference_data)["binom_ci"]:
        for interval, name in (("exact", "clopper_pearson"), ("wilson", "wilson")):
            assert list(proportion_limits(row["x"], row["n"], interval)) == pytest.approx(row[name], rel=CLOSE)


def test_eight_centers_of_beitler_and_landis(reference_data: Path) -> None:
    expected = _multicentre(reference_data)["beitler_landis"]
    centers = expected["data"]
    columns = ("s_drug", "n_drug", "s_ctl", "n_ctl")
    tables = np.array([[[a, n - a], [c, m - c]] for a, n, c, m in zip(*(centers[k] for k in columns), strict=True)])
    found, exact = mantel_haenszel(tables), exact_conditional(tables)
    values = [found.statistic, found.p_value, found.odds_ratio, found.lower, found.upper]
    assert values == pytest.approx([expected["cmh"], expected["p"], expected["or_mh"], *expected["ci"]], rel=CLOSE)
    assert exact.p_value == pytest.approx(expected["exact_p"], rel=CLOSE)
    assert exact.odds_ratio == pytest.approx(expected["exact_or"], rel=UNIROOT)


def test_indomethacin_trial_over_its_sites(reference_data: Path) -> None:
    """27/295 v 52/307, P = 0.005 in print; over sites as R's mantelhaen.test, which drops a site without both groups."""
    expected = _multicentre(reference_data)
    rows = pl.read_csv(reference_data / "logistic" / "medicaldata_indo_rct.csv")
    counted = rows.with_columns(
        treated=pl.col("rx").str.starts_with("1"), pancreatitis=pl.col("outcome").str.starts_with("1")
    )
    tables = np.array(
        [
            [
                [counted.filter(site=site, treated=t, pancreatitis=o).height for o in (True, False)]
                for t in (True, False)
            ]
            for site in sorted(rows["site"].unique())
        ]
    )
    whole = tables.sum(0)
    assert whole.tolist() == [[27, 268], [52, 255]]
    assert round(pearson(whole).p_value, 3) == 0.005
    assert fisher_exact(whole) == pytest.approx(expected["twoxtwo"]["fisher_p"], rel=SUMS_OF_TABLES)
    found, exact, cmh = mantel_haenszel(tables), exact_conditional(tables), expected["cmh"]
    assert [found.statistic, found.corrected, found.odds_ratio, found.lower, found.upper] == pytest.approx(
        [cmh["chisq"], cmh["chisq_cc"], cmh["or"], *cmh["ci"]], rel=CLOSE
    )
    assert exact.p_value == pytest.approx(cmh["exact_p"], rel=CLOSE)
    assert [exact.odds_ratio, exact.lower, exact.upper] == pytest.approx(
        [cmh["exact_or"], *cmh["exact_ci"]], rel=UNIROOT
    )


def _multicentre(folder: Path) -> dict:
    return json.loads((folder / "reference" / "logistic_multicentre.json").read_text())
