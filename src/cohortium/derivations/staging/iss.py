"""International Staging System (ISS) of multiple myeloma.

Stage I: beta-2 microglobulin below 3.5 mg/L and albumin of 3.5 g/dL or more; stage III: beta-2 microglobulin of 5.5 mg/L or
more; stage II: neither. The stage is known without albumin wherever beta-2 microglobulin alone decides it.

References: Greipp PR et al., J Clin Oncol 2005;23:3412-3420 [V].
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING

import polars as pl

from cohortium.derivations.determined import settled
from cohortium.derivations.rule import Derived, Tables
from cohortium.derivations.rule_inputs import number
from cohortium.derivations.staging.iss_stage import ISS_2005, STAGES, Iss, iss_limits
from cohortium.study.tables import PATIENT

if TYPE_CHECKING:
    from cohortium.study.derive.staging import Iss as Section

CRITERIA: Mapping[str, Iss] = MappingProxyType({"ISS-2005": ISS_2005})
"""Versions of the criteria; a version never changes once it is released."""


def iss(tables: Tables, section: Section) -> Derived:
    """The rule `iss`: the stage of each patient, null where an unknown value could change it."""
    beta2, albumin = (number(tables.patients, key) for key in ("beta2_microglobulin", "albumin"))
    frame, limits = settled(tables.patients, iss_limits(beta2, albumin, CRITERIA[section.criteria]))
    stage = limits.determined().replace_strict([1.0, 2.0, 3.0], STAGES, default=None, return_dtype=pl.String)
    return Derived(frame.select(PATIENT, stage.alias(section.name)))
