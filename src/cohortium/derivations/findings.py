"""Rows in which a derived value cannot be used, as found on the frame."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from cohortium.study.queries import Severity

if TYPE_CHECKING:
    import polars as pl


@dataclass(frozen=True, slots=True)
class Finding:
    """A rule of a derived variable or of dates; `fails` is true in the rows that break it.

    variable    the columns concerned, joined by `, `
    """

    variable: str
    rule: str
    expected: str
    fails: pl.Expr
    severity: Severity = "error"
