"""A whole number made of a patient's key, from which the random numbers of a patient follow."""

from __future__ import annotations

import hashlib

import polars as pl

from cohortium.study.imputation import PATIENT_KEY

BITS = 53
"""Whole numbers of this many bits are exact as reals."""


def key_number(text: str) -> int:
    """The first 53 bits of the SHA-256 of a key."""
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big") >> (64 - BITS)


def patient_key(keys: pl.Series, study_name: str) -> pl.Series:
    """The column `PATIENT_KEY`, null where there is no key; it stays at the site.

    keys        shape (n,), texts
    study_name  so that a patient has other numbers in another study
    """
    numbers = [None if key is None else key_number(f"{study_name}\n{key}") for key in keys.cast(pl.String).to_list()]
    return pl.Series(PATIENT_KEY, numbers, dtype=pl.Int64)
