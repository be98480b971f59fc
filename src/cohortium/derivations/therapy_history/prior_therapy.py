"""The rule `prior-therapy`: from rows of `therapies` to what was given before and what it is refractory to."""

from __future__ import annotations

import polars as pl

from cohortium.derivations.rule import Derived, RecordFinding, Tables
from cohortium.derivations.rule_inputs import yes_or_no
from cohortium.derivations.therapy_history.against_bcma import after_index, against_bcma, bcma_kind, days_since_car_t
from cohortium.derivations.therapy_history.disagreements import disagreements
from cohortium.derivations.therapy_history.exposure import exposure, five_drugs, triple_class
from cohortium.derivations.therapy_history.lines import n_lines, with_gaps
from cohortium.derivations.therapy_history.refractory import with_refractory
from cohortium.study.derive.prior_therapy import PriorTherapy, of_class, of_drug
from cohortium.study.queries import LINE


def prior_therapy(tables: Tables, section: PriorTherapy) -> Derived:
    """Earlier therapy of every patient; a patient without a row of therapy is unknown throughout."""
    rows = with_refractory(tables.therapies.with_columns(is_prior=pl.col("role") == "prior"), section)
    found = exposure(rows, section)
    name = section.name
    answers = (
        found.join(n_lines(rows), on="patient")
        .join(days_since_car_t(rows, section.index), on="patient")
        .select("patient", pl.col("n_lines").alias(name), *_flags(section), _kind(name), _days(name))
    )
    columns = tables.patients.select("patient").join(answers, on="patient", how="left", maintain_order="left")
    listings = {"disagreements": disagreements(tables.patients, columns, section)}
    return Derived(columns, _records(rows), listings, _findings(rows, section))


def _flags(section: PriorTherapy) -> list[pl.Expr]:
    """Truth values as codes, each under its variable's name."""
    suffixes = [*map(of_class, section.classes), *map(of_drug, section.drugs)]
    flags = {
        f"{kind}_{suffix}": pl.col(f"{kind}_{suffix}") for kind in ("exposed", "refractory") for suffix in suffixes
    }
    for kind in ("exposed", "refractory"):
        flags[f"triple_class_{kind}"] = triple_class(kind)
        flags[f"penta_{kind}"] = five_drugs(kind, section)
    flags["bcma"] = against_bcma()
    for transplant in ("autologous_transplant", "allogeneic_transplant"):
        flags[transplant] = pl.col(f"exposed_{transplant}")
    return [yes_or_no(flag).alias(f"{section.name}_{suffix}") for suffix, flag in flags.items()]


def _kind(name: str) -> pl.Expr:
    return bcma_kind().alias(f"{name}_bcma_kind")


def _days(name: str) -> pl.Expr:
    return pl.col("days_since_bcma_car_t").alias(f"{name}_days_since_bcma_car_t")


def _records(rows: pl.DataFrame) -> pl.DataFrame:
    """Every drug before the study drug with whether the myeloma was refractory to it, and why."""
    prior = rows.filter(pl.col("is_prior"))
    return prior.select(
        "patient", "line", "drug", "drug_class", "start", "stop", yes_or_no(pl.col("refractory")).alias("refractory"),
        "explanation",
    ).sort("patient", "line", "start", "drug", nulls_last=True)  # fmt: skip


def _findings(rows: pl.DataFrame, section: PriorTherapy) -> tuple[RecordFinding, ...]:
    """Rows that cannot be right, and gaps in the numbers of lines."""
    if LINE not in rows.columns:
        return ()
    start = pl.col("start")
    checks = (
        (
            "stop",
            "stop-before-start",
            "a last day on or after the first day",
            rows.filter(pl.col("stop") < start),
            False,
        ),
        (
            "progression",
            "progression-before-start",
            "a day of progression on or after the first day of the drug",
            rows.filter(pl.col("progression") < start),
            False,
        ),
        (
            "start",
            "prior-after-index",
            "CAR T cells of role `prior` on or before the index day",
            after_index(rows, section.index),
            False,
        ),
        ("line", "line-gap", "lines numbered 1, 2, 3 ... without a gap", with_gaps(rows), True),
    )
    return tuple(
        RecordFinding("therapies", variable, rule, expected, found[LINE], "note" if is_note else "error")
        for variable, rule, expected, found, is_note in checks
        if found.height
    )
