"""To how many of the patients analyzed an endpoint applies."""

from __future__ import annotations

from dataclasses import dataclass

from cohortium.results import Results


@dataclass(frozen=True, slots=True)
class Applies:
    """The patients of an endpoint: `n` of `of_n`; of `unknown` others it is not known."""

    n: int
    of_n: int
    unknown: int


def applies_to(results: Results, endpoint: str) -> Applies | None:
    """The counts of an endpoint; None for one of all patients."""
    rows = results.where(method="among", variable=endpoint)
    found = {row.statistic: row for row in rows}
    if "applies" not in found:
        return None
    row = found["applies"]
    unknown = found.get("applies-unknown")
    return Applies(int(row.value or 0), int(row.denominator or 0), int(unknown.value or 0) if unknown else 0)
