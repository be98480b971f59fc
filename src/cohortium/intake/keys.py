"""The patient key: present, fit to print, once in a site's file and once in the study."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import polars as pl

from cohortium.intake.locate import Rows
from cohortium.study.queries import KEY_FORM, Query

_EXPECTED_FORM = "a code of letters, digits and . _ - / (at most 64, no spaces), which names no person"


def key_queries(rows: Rows, variable: str) -> Iterator[Query]:
    """Keys that are missing, not fit to print, or repeated within the file."""
    keys = rows.keys
    yield from rows.queries(keys.is_null(), variable, "key-missing", "the patient's key")
    malformed = (~keys.str.contains(rf"^(?:{KEY_FORM})$")).fill_null(value=False)
    yield from rows.queries(malformed, variable, "invalid-key", _EXPECTED_FORM)
    repeated = ~keys.is_first_distinct() & keys.is_not_null()
    yield from rows.queries(repeated, variable, "duplicate-key", "each patient in one row only")


def keys_across_sites(files: Sequence[Rows], variable: str) -> Iterator[Query]:
    """Keys that an earlier site has already used; `files` are the sites' rows in declared order."""
    seen = pl.Series("key", [], dtype=pl.String)
    for rows in files:
        keys = rows.keys
        shared = (keys.is_in(seen.implode()) & keys.is_first_distinct()).fill_null(value=False)
        yield from rows.queries(shared, variable, "duplicate-key", "a key that no other site of the study uses")
        seen = pl.concat([seen, keys.drop_nulls().unique()])
