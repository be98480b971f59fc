"""The IMWG response criteria as data: every threshold with its comparison, in named sets that never change once released.

Sources: Rajkumar et al., Blood 2011;117:4691 (2011); Kumar et al., Lancet Oncol 2016;17:e328 (2016), read in tables
reproduced from it. Figures marked [M] are general knowledge and were not checked against the primary paper.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

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
    vgpr_plasmacytoma_fall: Bound | None = None
    """Not in the IMWG row; some protocols ask for 90 [M]."""
    serum_measurable: Bound
    urine_measurable: Bound
    flc_measurable: Bound
    marrow_measurable: Bound
    ratio_low: Bound
    ratio_high: Bound
    vgpr_serum_fall: Bound
    vgpr_urine: Bound
    vgpr_flc_fall: Bound
    pr_serum_fall: Bound
    pr_urine_fall: Bound
    pr_urine: Bound
    pr_flc_fall: Bound
    pr_marrow_fall: Bound
    pr_plasmacytoma_fall: Bound
    mr_serum_fall: Bound
    mr_urine_fall: Bound
    mr_plasmacytoma_fall: Bound
    cr_marrow: Bound
    scr_kappa_ratio: Bound
    scr_lambda_ratio: Bound
    pd_serum_rise: Bound
    pd_serum_least: Bound
    pd_serum_high_lowest: Bound
    pd_serum_high_least: Bound
    pd_urine_rise: Bound
    pd_urine_least: Bound
    pd_flc_rise: Bound
    pd_flc_least: Bound
    pd_marrow_rise: Bound
    pd_marrow_least: Bound
    pd_marrow_counts: Literal["rise", "value"] = "rise"
    """What the least marrow figure is compared with: the rise, or the percentage itself."""
    pd_plasmacytoma_rise: Bound
    pd_diameter_rise: Bound
    pd_short_axis: Bound
    pd_circulating_rise: Bound
    pd_circulating_least: Bound


IMWG2016 = Criteria(
    version="IMWG2016",
    serum_measurable=at_least(1.0),  # [M]
    urine_measurable=at_least(200),
    flc_measurable=at_least(10),
    marrow_measurable=at_least(30),
    ratio_low=at_least(0.26),
    ratio_high=at_most(1.65),
    vgpr_serum_fall=at_least(90),
    vgpr_urine=below(100),
    vgpr_flc_fall=at_least(90),
    pr_serum_fall=at_least(50),
    pr_urine_fall=at_least(90),
    pr_urine=below(200),
    pr_flc_fall=at_least(50),
    pr_marrow_fall=at_least(50),
    pr_plasmacytoma_fall=at_least(50),
    mr_serum_fall=at_least(25),
    mr_urine_fall=at_least(50),
    mr_plasmacytoma_fall=at_least(50),
    cr_marrow=below(5),
    scr_kappa_ratio=at_most(4),  # [M]
    scr_lambda_ratio=at_least(0.5),  # [M]
    pd_serum_rise=at_least(25),
    pd_serum_least=at_least(0.5),
    pd_serum_high_lowest=at_least(5),
    pd_serum_high_least=at_least(1),
    pd_urine_rise=at_least(25),
    pd_urine_least=at_least(200),
    pd_flc_rise=at_least(25),
    pd_flc_least=above(10),  # mg/dL; a reprint of 2008 has mg/L
    pd_marrow_rise=at_least(25),
    pd_marrow_least=at_least(10),  # [M]
    pd_plasmacytoma_rise=at_least(50),  # [M]
    pd_diameter_rise=at_least(50),  # [M]
    pd_short_axis=above(1),  # [M]
    pd_circulating_rise=at_least(50),  # [M]
    pd_circulating_least=at_least(200),  # [M]
)
"""Kumar et al. 2016."""

IMWG2011 = replace(IMWG2016, version="IMWG2011", mr_plasmacytoma_fall=at_least(25), pd_marrow_counts="value")
"""Rajkumar et al. 2011: minimal response with a fall of plasmacytomas by 25%; marrow of 10% itself."""

VERSIONS: Mapping[str, Criteria] = {criteria.version: criteria for criteria in (IMWG2016, IMWG2011)}
"""Released versions by name. A revision is a further entry; none of these is ever edited."""


def with_least(criteria: Criteria, least: Mapping[str, float | None]) -> Criteria:
    """The criteria with other thresholds of a study, each of which itself counts; None leaves one as it is."""
    changed: dict[str, Any] = {name: at_least(value) for name, value in least.items() if value is not None}
    return replace(criteria, **changed)
