"""Per patient: what was given before, and to what the myeloma was refractory; null where rows do not tell."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import polars as pl

from cohortium.derivations.determined import Limits, total
from cohortium.derivations.thresholds import Threshold
from cohortium.study.derive.prior_therapy import TRIPLE, PriorTherapy, of_class, of_drug

BCMA_CLASSES = ("bcma-adc", "bcma-car-t", "bcma-bispecific")
TRANSPLANTS = ("autologous-transplant", "allogeneic-transplant")
ANTI_CD38 = "anti-cd38"


def exposure(rows: pl.DataFrame, section: PriorTherapy) -> pl.DataFrame:
    """Per patient who has rows, `exposed_<class or drug>` and `refractory_<class or drug>` as truth values or null.

    rows   with `is_prior` (null where the role is not known) and `refractory`
    """
    drug = pl.col("drug").str.strip_chars().str.to_lowercase()
    drugs = dict.fromkeys([*section.drugs, *section.penta_imids, *section.penta_pis])
    classes = dict.fromkeys([*section.classes, *TRIPLE, *BCMA_CLASSES, *TRANSPLANTS])
    matches: Mapping[str, pl.Expr] = {
        **{of_class(name): pl.col("drug_class") == name for name in classes},
        **{of_drug(name): drug == name for name in drugs},
    }
    kinds = {"exposed": pl.lit(True), "refractory": pl.col("refractory")}
    flags = {
        f"{prefix}_{suffix}": pl.col("is_prior") & match & holds
        for prefix, holds in kinds.items()
        for suffix, match in matches.items()
    }
    # Yes is 2, not known 1, no 0: the largest of a patient's rows is what any of them says.
    ranked = rows.select(
        "patient", *((flag.cast(pl.Int8) * 2).fill_null(1).alias(name) for name, flag in flags.items())
    )
    largest = ranked.group_by("patient", maintain_order=True).max()
    return largest.select(
        "patient", *(pl.when(pl.col(name) != 1).then(pl.col(name) == 2).alias(name) for name in flags)
    )


def triple_class(prefix: str) -> pl.Expr:
    """Whether it is so for an immunomodulatory drug, a proteasome inhibitor and an anti-CD38 antibody."""
    return pl.all_horizontal([pl.col(f"{prefix}_{of_class(name)}") for name in TRIPLE])


def five_drugs(prefix: str, section: PriorTherapy) -> pl.Expr:
    """Whether it is so for enough drugs of both lists and an anti-CD38 antibody."""
    enough = Threshold(">=", float(section.penta_each))

    def of_list(drugs: Sequence[str]) -> pl.Expr:
        count = total([Limits.of_flag(pl.col(f"{prefix}_{of_drug(name)}")) for name in drugs])
        return count.through(enough.holds).determined()

    return of_list(section.penta_imids) & of_list(section.penta_pis) & pl.col(f"{prefix}_{of_class(ANTI_CD38)}")
