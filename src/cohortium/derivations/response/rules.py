"""The rules `imwg-response` and `imwg-confirmation`: tidy tables and a section of the study file to variables and records."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import polars as pl

from cohortium.derivations.response.best import best_of
from cohortium.derivations.response.called import called_of, called_records, late_confirmations
from cohortium.derivations.response.criteria import VERSIONS, with_least
from cohortium.derivations.response.options import Confirmation, Options
from cohortium.derivations.response.outcome import Comparison, outcome_of
from cohortium.derivations.response.residual_disease import ResidualOptions
from cohortium.derivations.response.summary import responder
from cohortium.derivations.rule import Derived, Rule, Tables

if TYPE_CHECKING:
    from cohortium.study.derive.response import ConfirmationSection, ImwgConfirmation, ImwgResponse


def imwg_response(tables: Tables, section: ImwgResponse) -> Derived:
    """Response from laboratory values: variables, a record per visit, and listings.

    Listings: `disagreements` with the site's calls, `residual-disease` tests, `confirmations` that are late, signs of
    `clinical-relapse`, and `relapse-from-complete` response.
    """
    patients = with_new_therapy(tables.patients, tables.therapies)
    options = options_of(section)
    comparison = Comparison(
        responses=tables.responses if section.compare_with_site else None, window_days=section.compare_window_days
    )
    residual = ResidualOptions(sensitivity=section.mrd_sensitivity, sustained_days=section.mrd_sustained_days)
    found = outcome_of(tables.assessments, patients, options, comparison, residual, explains=True)
    names = {
        column: f"{section.name}_{column}" for column in found.patients.columns if column not in {"patient", "best"}
    }
    columns = found.patients.rename({**names, "best": section.name})
    listings = {
        "disagreements": found.disagreements,
        "residual-disease": found.tests,
        "confirmations": late_confirmations(found.records, options.confirmation),
        "clinical-relapse": found.relapses,
        "relapse-from-complete": found.from_complete,
    }
    return Derived(
        columns.select("patient", *(variable.name for variable in section.variables())), found.records, listings
    )


def imwg_confirmation(tables: Tables, section: ImwgConfirmation) -> Derived:
    """Confirmation of the site's calls: variables, a record per call, and the listing `confirmations` of late ones."""
    patients = with_new_therapy(tables.patients, tables.therapies)
    options = _confirmation(section)
    called = called_of(tables.responses, patients, options)
    best = best_of(called.patients, called.patient, called.day, called.level, called.confirmed)
    records = called_records(called)
    columns = patients.select("patient").join(best, on="patient", how="left", maintain_order="left")
    columns = columns.with_columns(responder())
    named = [pl.col("best").alias(section.name)] + [
        pl.col(column).alias(f"{section.name}_{column}")
        for column in ("reported", "responder", "first_response", "best_day", "progression")
    ]
    return Derived(columns.select("patient", *named), records, {"confirmations": late_confirmations(records, options)})


def with_new_therapy(patients: pl.DataFrame, therapies: pl.DataFrame) -> pl.DataFrame:
    """The patients with their day of new therapy: their own column, else the first drug after the study drug."""
    if "new_therapy" in patients.columns:
        return patients
    first = (
        therapies.filter(pl.col("role") == "subsequent")
        .group_by("patient")
        .agg(pl.col("start").cast(pl.Int64).min().alias("new_therapy"))
    )
    return patients.join(first, on="patient", how="left", maintain_order="left")


def options_of(section: ImwgResponse) -> Options:
    """The choices of a section."""
    return Options(
        criteria=with_least(VERSIONS[section.version], {name: getattr(section, name) for name in _LEAST}),
        lowest=section.lowest,
        marrow_for_cr=section.marrow_for_cr,
        use_immunoglobulin=section.use_immunoglobulin,
        radiologist_progresses=section.radiologist_progresses,
        visit_window_days=section.visit_window_days,
        baseline_window_days=section.baseline_window_days,
        confirmation=_confirmation(section),
    )


_LEAST = (
    "serum_measurable",
    "urine_measurable",
    "flc_measurable",
    "marrow_measurable",
    "vgpr_plasmacytoma_fall",
    "mr_plasmacytoma_fall",
)


def _confirmation(section: ConfirmationSection) -> Confirmation:
    return Confirmation(
        longest_gap_days=section.longest_gap_days,
        warn_gap_days=section.warn_gap_days,
        new_therapy=section.after_new_therapy,
    )


RULES: Mapping[str, Rule] = {"imwg-response": imwg_response, "imwg-confirmation": imwg_confirmation}
"""The rules of this topic by name."""
