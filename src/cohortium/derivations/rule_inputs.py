"""What a rule reads of `patients`, under the names of its keys; a key that the study leaves out is nowhere known."""

from __future__ import annotations

import polars as pl


def number(patients: pl.DataFrame, key: str) -> pl.Expr:
    """A number; null where it is not known or not finite."""
    if key not in patients.columns:
        return pl.lit(None, dtype=pl.Float64)
    value = pl.col(key).cast(pl.Float64)
    return pl.when(value.is_finite()).then(value)


def limit_of_normal(patients: pl.DataFrame, key: str, constant: object) -> pl.Expr:
    """A limit of normal: a number of the study file, or each patient's own."""
    return pl.lit(float(constant)) if isinstance(constant, int | float) else number(patients, key)


def code(patients: pl.DataFrame, key: str) -> pl.Expr:
    """A code; null where it is not known."""
    return pl.col(key).cast(pl.String) if key in patients.columns else pl.lit(None, dtype=pl.String)


def is_code(patients: pl.DataFrame, key: str, yes: str = "yes", no: str = "no") -> pl.Expr:
    """Whether a code is the one that means yes; null where it is neither that nor the one that means no."""
    found = code(patients, key)
    return pl.when(found == yes).then(pl.lit(True)).when(found == no).then(pl.lit(False))


def finding(patients: pl.DataFrame, key: str) -> pl.Expr:
    """Whether a finding is positive; null where it was not looked for or is not known."""
    return is_code(patients, key, "positive", "negative")


def yes_or_no(flag: pl.Expr, yes: str = "yes", no: str = "no") -> pl.Expr:
    """A truth value as a code; null stays null."""
    return pl.when(flag).then(pl.lit(yes)).when(~flag).then(pl.lit(no))
