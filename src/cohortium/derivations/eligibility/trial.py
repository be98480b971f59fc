"""The rule `trial-eligibility`: each criterion met, not met or not known; ineligible when any is not met."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import polars as pl

from cohortium.derivations.eligibility.criteria import TRIALS, TrialCriteria, with_keys
from cohortium.derivations.rule import Derived, Tables
from cohortium.derivations.rule_inputs import finding, limit_of_normal, number, yes_or_no
from cohortium.study.derive.eligibility import TrialEligibility


def trial_eligibility(
    tables: Tables, section: TrialEligibility, trials: Mapping[str, TrialCriteria] = TRIALS
) -> Derived:
    """Whether every patient would have been eligible, and why not.

    Eligible: every criterion is met. Ineligible: one is not met, whatever is not known. Otherwise not known.
    """
    criteria = with_keys(trials[section.criteria], section)
    judged = section.judged
    met = tables.patients.select(
        "patient", *(_met(tables.patients, section, criteria, one).alias(one) for one in judged)
    )
    name = section.name
    n_not_met, n_unknown = _count([~pl.col(one) for one in judged]), _count([pl.col(one).is_null() for one in judged])
    first = pl.coalesce([pl.when(~pl.col(one)).then(pl.lit(one)) for one in judged])
    eligible = pl.all_horizontal(judged)
    only = (
        pl.when(n_not_met > 1)
        .then(pl.lit("several"))
        .when(n_unknown > 0)
        .then(None)
        .otherwise(pl.coalesce(first, pl.lit("none")))
    )
    columns = met.select(
        "patient",
        yes_or_no(eligible, "eligible", "ineligible").alias(name),
        n_not_met.alias(f"{name}_n_not_met"),
        n_unknown.alias(f"{name}_n_unknown"),
        pl.coalesce(first, pl.when(eligible).then(pl.lit("none"))).alias(f"{name}_first_reason"),
        only.alias(f"{name}_only_reason"),
        *(yes_or_no(pl.col(one), "met", "not-met").alias(f"{name}_{one}") for one in judged),
    )
    return Derived(columns, listings={"reasons": _reasons(met, judged)})


def _met(patients: pl.DataFrame, section: TrialEligibility, criteria: TrialCriteria, name: str) -> pl.Expr:
    """Whether a criterion is met; null where that is not known. One that the trial does not have is met by all."""
    if name == "platelets":
        return _platelets(patients, criteria)
    if name in criteria.numbers:
        return criteria.numbers[name].holds(number(patients, name))
    if name in criteria.times_uln:
        limit = limit_of_normal(patients, f"{name}_upper_limit", getattr(section, f"{name}_upper_limit"))
        return criteria.times_uln[name].holds_against(number(patients, name), limit)
    if name in criteria.present:
        return finding(patients, name)
    return ~finding(patients, name) if name in criteria.absent else pl.lit(True)


def _platelets(patients: pl.DataFrame, criteria: TrialCriteria) -> pl.Expr:
    """Enough platelets, or enough where marrow is full of plasma cells."""
    platelets = number(patients, "platelets")
    is_full = criteria.full_marrow.holds(number(patients, "marrow_plasma_cells"))
    enough, enough_if_full = (
        threshold.holds(platelets) for threshold in (criteria.numbers["platelets"], criteria.platelets_in_full_marrow)
    )
    return enough | (is_full & enough_if_full)


def _count(flags: Sequence[pl.Expr]) -> pl.Expr:
    return pl.sum_horizontal([flag.fill_null(False).cast(pl.Int64) for flag in flags])


def _reasons(met: pl.DataFrame, judged: Sequence[str]) -> pl.DataFrame:
    """A row for each patient and criterion that is not met or not known, for the site's own eyes."""
    long = met.unpivot(judged, index="patient", variable_name="criterion", value_name="met").filter(
        ~pl.col("met").fill_null(False)
    )
    answer = pl.when(pl.col("met").is_null()).then(pl.lit("not known")).otherwise(pl.lit("not met"))
    return long.select("patient", "criterion", answer.alias("answer")).sort("patient", maintain_order=True)
