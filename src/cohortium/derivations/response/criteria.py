"""The IMWG response criteria as data: every threshold with its comparison, in named sets that never change once released.

Sources: Rajkumar et al., Blood 2011;117:4691 (2011); Kumar et al., Lancet Oncol 2016;17:e328 (2016), read in tables
reproduced from it. Figures marked [M] are general knowledge and were not checked against the primary paper.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Sign = Literal[">=", ">", "<=", "<"]

STRINGENT, COMPLETE, VERY_GOOD, PARTIAL, MINIMAL, STABLE, PROGRESSIVE, NOT_EVALUABLE = (
    "sCR", "CR", "VGPR", "PR", "MR", "SD", "PD", "NE",
)  # fmt: skip
ALL_CATEGORIES = (STRINGENT, COMPLETE, VERY_GOOD, PARTIAL, MINIMAL, STABLE, PROGRESSIVE, NOT_EVALUABLE)

SERUM, URINE, SERUM_URINE = "SERUM", "URINE", "SERUM+URINE"
FLC_ONLY, BM_ONLY, PLASMACYTOMA_ONLY, NOT_MEASURABLE = "FLC_ONLY", "BM_ONLY", "PLASMACYTOMA_ONLY", "NOT_MEASURABLE"
TRACKS: Mapping[str, str] = {
    SERUM: "Serum M-protein",
    URINE: "Urine M-protein",
    SERUM_URINE: "Serum and urine M-protein",
    FLC_ONLY: "Free light chains only",
    BM_ONLY: "Bone marrow only",
    PLASMACYTOMA_ONLY: "Plasmacytoma only",
    NOT_MEASURABLE: "Not measurable",
}
"""By what the disease is measured, decided at baseline."""


@dataclass(frozen=True, slots=True)
class Bound:
    """A threshold and how a value is compared with it: `Bound(">=", 50)` is fulfilled at 50."""

    sign: Sign
    value: float


def at_least(value: float) -> Bound:
    """The threshold itself counts."""
    return Bound(">=", value)


def below(value: float) -> Bound:
    """The threshold itself does not count."""
    return Bound("<", value)


def above(value: float) -> Bound:
    """The threshold itself does not count."""
    return Bound(">", value)


def at_most(value: float) -> Bound:
    """The threshold itself counts."""
    return Bound("<=", value)


@dataclass(frozen=True, slots=True, kw_only=True)
class Criteria:
    """One version of the criteria. Falls are percent of baseline, rises percent of the lowest value.

    Units: serum g/dL, urine mg/24 h, free light chains mg/dL, marrow %, diameters cm, circulating cells /uL.
    """

    version: str
    categories: tuple[str, ...] = ALL_CATEGORIES
    """Categories that the version has; a response in another one counts as the next lower."""
    serum_measurable: Bound = at_least(1.0)  # [M]
    urine_measurable: Bound = at_least(200)
    flc_measurable: Bound = at_least(10)
    marrow_measurable: Bound = at_least(30)
    ratio_low: Bound = at_least(0.26)
    ratio_high: Bound = at_most(1.65)
    vgpr_serum_fall: Bound = at_least(90)
    vgpr_urine: Bound = below(100)
    vgpr_flc_fall: Bound = at_least(90)
    vgpr_plasmacytoma_fall: Bound | None = None  # not in the IMWG row; some protocols ask 90 [M]
    pr_serum_fall: Bound = at_least(50)
    pr_urine_fall: Bound = at_least(90)
    pr_urine: Bound = below(200)
    pr_flc_fall: Bound = at_least(50)
    pr_marrow_fall: Bound = at_least(50)
    pr_plasmacytoma_fall: Bound = at_least(50)
    mr_serum_fall: Bound = at_least(25)
    mr_urine_fall: Bound = at_least(50)
    mr_plasmacytoma_fall: Bound = at_least(50)
    cr_marrow: Bound = below(5)
    scr_kappa_ratio: Bound = at_most(4)  # [M]
    scr_lambda_ratio: Bound = at_least(0.5)  # [M]
    pd_serum_rise: Bound = at_least(25)
    pd_serum_least: Bound = at_least(0.5)
    pd_serum_high_lowest: Bound = at_least(5)
    pd_serum_high_least: Bound = at_least(1)
    pd_urine_rise: Bound = at_least(25)
    pd_urine_least: Bound = at_least(200)
    pd_flc_rise: Bound = at_least(25)
    pd_flc_least: Bound = above(10)  # mg/dL; a reprint of 2008 has mg/L
    pd_marrow_rise: Bound = at_least(25)
    pd_marrow_least: Bound = at_least(10)  # [M]
    pd_marrow_counts: Literal["rise", "value"] = "rise"
    """What the least marrow figure is compared with: the rise, or the percentage itself."""
    pd_plasmacytoma_rise: Bound = at_least(50)  # [M]
    pd_diameter_rise: Bound = at_least(50)  # [M]
    pd_short_axis: Bound = above(1)  # [M]
    pd_circulating_rise: Bound = at_least(50)  # [M]
    pd_circulating_least: Bound = at_least(200)  # [M]


IMWG2016 = Criteria(version="IMWG2016")
"""Kumar et al. 2016."""

IMWG2011 = Criteria(version="IMWG2011", mr_plasmacytoma_fall=at_least(25), pd_marrow_counts="value")
"""Rajkumar et al. 2011: minimal response with a fall of plasmacytomas by 25%; marrow of 10% itself."""

VERSIONS: Mapping[str, Criteria] = {criteria.version: criteria for criteria in (IMWG2016, IMWG2011)}
"""Released versions by name. A revision is a further entry; none of these is ever edited."""
