"""International Staging System (ISS) of multiple myeloma.

Stage I: beta-2 microglobulin below 3.5 mg/L and albumin of 3.5 g/dL or more; stage III: beta-2 microglobulin of 5.5 mg/L or
more; stage II: neither. The stage is known without albumin wherever beta-2 microglobulin alone decides it.

References: Greipp PR et al., J Clin Oncol 2005;23:3412-3420 [V].
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

import polars as pl

from cohortium.derivations.rule import Derived, Tables
from cohortium.study.tables import PATIENT

if TYPE_CHECKING:
    from cohortium.study.derive.staging import Iss


@dataclass(frozen=True, slots=True)
class IssCriteria:
    """Limits of the stages.

    low_beta2_microglobulin    mg/L; stage I is below it
    albumin                    g/dL; stage I has at least this
    high_beta2_microglobulin   mg/L; stage III has at least this
    """

    low_beta2_microglobulin: float
    albumin: float
    high_beta2_microglobulin: float


ISS_CRITERIA: Mapping[str, IssCriteria] = MappingProxyType({"ISS-2005": IssCriteria(3.5, 3.5, 5.5)})
"""Versions of the criteria; a version never changes once it is released."""


def iss_stage(beta2_microglobulin: pl.Expr, albumin: pl.Expr, criteria: IssCriteria) -> pl.Expr:
    """The stage `I`, `II` or `III`, null where an unknown value could change it.

    beta2_microglobulin   mg/L
    albumin               g/dL
    """
    is_high = beta2_microglobulin >= criteria.high_beta2_microglobulin
    is_low = beta2_microglobulin < criteria.low_beta2_microglobulin
    is_first = is_low & (albumin >= criteria.albumin)
    return (
        pl.when(is_high)
        .then(pl.lit("III"))
        .when(is_first)
        .then(pl.lit("I"))
        .when(~is_high & ~is_first)
        .then(pl.lit("II"))
    )


def iss(tables: Tables, section: Iss) -> Derived:
    """The rule `iss`: the stage of each patient."""
    stage = iss_stage(pl.col("beta2_microglobulin"), pl.col("albumin"), ISS_CRITERIA[section.criteria])
    return Derived(tables.patients.select(PATIENT, stage.alias(section.name)))
