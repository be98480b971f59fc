"""Comparisons of a baseline table through the Python function."""

from __future__ import annotations

from itertools import pairwise

import polars as pl
import pytest

from cohortium import baseline_table
from cohortium.errors import UsageError


def _patients() -> pl.DataFrame:
    return pl.DataFrame(
        {
            "arm": ["A"] * 193 + ["B"] * 192,
            "response": ["yes"] * 94 + ["no"] * 99 + ["yes"] * 118 + ["no"] * 74,
            "age": [50.0 + (i % 31) for i in range(385)],
        }
    )


def test_published_response_rates() -> None:
    """94/193 v 118/192: p = 0.0119, Pearson without correction (Dima 2025 prints 0.012)."""
    found = baseline_table(_patients(), variables=["response", "age"], by="arm").comparisons
    assert found["test"].to_list() == ["Pearson chi-square test", "Wilcoxon rank sum test"]
    assert found["p_value"][0] == pytest.approx(0.011890370268381, rel=1e-12)


def test_small_tables_are_exact() -> None:
    frame = pl.DataFrame({"arm": ["A"] * 6 + ["B"] * 4, "grade": list("LLLLLHHHHH")})
    found = baseline_table(frame, variables=["grade"], by="arm").comparisons
    assert found["test"].to_list() == ["Fisher's exact test"]
    # 5 of 6 against 0 of 4: (1 x 6 + 0) of C(10, 5) = 252 ways are no likelier, on both sides 6 + 6.
    assert found["p_value"][0] == pytest.approx(12 / 252, rel=1e-12)


def test_sites_and_pooled_rows_agree_to_the_bit() -> None:
    frame = _patients()
    parts = [frame[:1], frame[1:150], frame[150:150], frame[150:]]
    arguments = {"variables": ["response", "age"], "by": "arm", "standardized_differences": True}
    assert baseline_table(parts, **arguments).comparisons.equals(baseline_table(frame, **arguments).comparisons)


def test_nothing_is_compared_without_groups() -> None:
    assert baseline_table(_patients(), variables=["age"]).comparisons.is_empty()


def test_a_trend_needs_a_category() -> None:
    with pytest.raises(UsageError, match="trend: age is not among response"):
        baseline_table(_patients(), variables=["age", "response"], by="arm", trend=["age"])


@pytest.mark.parametrize("n_sites", [1, 2, 7, 18])
@pytest.mark.parametrize("number_test", ["rank", "mean"])
def test_medians_and_tests_do_not_depend_on_the_number_of_sites(n_sites: int, number_test: str) -> None:
    """Sites of unequal size, the last with one patient, and an empty one."""
    frame = _patients().with_columns(weight=pl.Series([60 + (i * 37 % 101) / 7 for i in range(385)]))
    edges = [0, *sorted({(k * k * 384) // (n_sites * n_sites) for k in range(1, n_sites)}), 384, 385, 385]
    parts = [frame[first:last] for first, last in pairwise(edges)]
    arguments = {"variables": ["response", "age", "weight"], "by": "arm", "number_test": number_test}
    found, expected = baseline_table(parts, **arguments), baseline_table(frame, **arguments)
    assert found.to_frame().equals(expected.to_frame())
    assert found.comparisons.equals(expected.comparisons)
