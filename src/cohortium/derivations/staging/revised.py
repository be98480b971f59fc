"""R-ISS and R2-ISS; a stage is given only when what is not known cannot change it."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from cohortium.derivations.cytogenetics.lesions import lesion
from cohortium.derivations.determined import Limits, settled, total
from cohortium.derivations.rule import Derived, Tables
from cohortium.derivations.rule_inputs import code, is_code, limit_of_normal, number
from cohortium.derivations.staging.iss_stage import ISS_2005, STAGES, Iss, iss_limits
from cohortium.derivations.thresholds import Bands, Threshold
from cohortium.study.derive.revised_staging import R2Iss, RIss, StagedByIss


@dataclass(frozen=True, slots=True)
class Revised:
    """The R-ISS: stage I and III of the ISS moved to II where lesions and LDH do not agree with them.

    lesions        any of them is high-risk
    ldh_times_uln  LDH that is high, in multiples of the upper limit of normal
    """

    iss: Iss
    lesions: tuple[str, ...]
    ldh_times_uln: Threshold


R_ISS_2015 = Revised(ISS_2005, ("del_17p", "t_4_14", "t_14_16"), Threshold(">", 1.0))
"""Palumbo et al. 2015."""


@dataclass(frozen=True, slots=True)
class SecondRevision:
    """The R2-ISS: points and the groups that they make.

    stage_points    points of ISS stages I, II and III
    lesion_points   points of each lesion
    groups          stage by the sum of points
    """

    iss: Iss
    stage_points: tuple[float, float, float]
    lesion_points: tuple[tuple[str, float], ...]
    ldh_times_uln: Threshold
    ldh_points: float
    groups: Bands[str]


R2_ISS_2022 = SecondRevision(
    ISS_2005,
    stage_points=(0.0, 1.0, 1.5),
    lesion_points=(("del_17p", 1.0), ("t_4_14", 1.0), ("gain_1q", 0.5)),
    ldh_times_uln=Threshold(">", 1.0),
    ldh_points=1.0,
    groups=Bands(((Threshold("<=", 0.0), "I"), (Threshold("<=", 1.0), "II"), (Threshold("<=", 2.5), "III")), "IV"),
)
"""D'Agostino et al. 2022, with the erratum of the same year."""


def r_iss(tables: Tables, section: RIss, rules: Revised = R_ISS_2015) -> Derived:
    """The R-ISS of every patient."""
    patients = tables.patients
    stage = _iss(patients, section, rules.iss)
    lesions = pl.any_horizontal([lesion(patients, name) for name in rules.lesions])
    risk = total([Limits.of_flag(lesions), Limits.of_flag(_high_ldh(patients, section, rules.ldh_times_uln))])
    found = Limits(_revised(stage.least, risk.least), _revised(stage.most, risk.most)).determined()
    return Derived(patients.select("patient", _printed(found).alias(section.name)))


def r2_iss(tables: Tables, section: R2Iss, rules: SecondRevision = R2_ISS_2022) -> Derived:
    """The R2-ISS and its points of every patient."""
    patients = tables.patients
    stage = _iss(patients, section, rules.iss)
    parts = [
        stage.through(lambda one: _stage_points(one, rules.stage_points)),
        *(Limits.of_flag(lesion(patients, name), points) for name, points in rules.lesion_points),
        Limits.of_flag(_high_ldh(patients, section, rules.ldh_times_uln), rules.ldh_points),
    ]
    frame, points = settled(patients, total(parts))
    return Derived(
        frame.select(
            "patient",
            points.through(rules.groups.of).determined().alias(section.name),
            points.determined().alias(f"{section.name}_points"),
        )
    )


def _iss(patients: pl.DataFrame, section: StagedByIss, rules: Iss) -> Limits:
    """The limits of the ISS, from the stage as entered where that is known."""
    entered = code(patients, "iss").replace_strict(dict(zip(STAGES, (1.0, 2.0, 3.0), strict=True)), default=None)
    measured = iss_limits(number(patients, "beta2_microglobulin"), number(patients, "albumin"), rules)
    if section.iss is None:
        return measured
    return Limits(entered.fill_null(measured.least), entered.fill_null(measured.most))


def _high_ldh(patients: pl.DataFrame, section: StagedByIss, high: Threshold) -> pl.Expr:
    """Whether LDH is high: measured against its limit where both are known, as entered otherwise."""
    limit = limit_of_normal(patients, "ldh_upper_limit", section.ldh_upper_limit)
    return pl.coalesce(high.holds_against(number(patients, "ldh"), limit), is_code(patients, "ldh_elevated"))


def _revised(stage: pl.Expr, n_high: pl.Expr) -> pl.Expr:
    """The R-ISS from the ISS and how many of lesions and LDH are high; it never falls as either rises."""
    is_high = n_high > 0
    return pl.when((stage == 3) & is_high).then(3.0).when((stage == 1) & ~is_high).then(1.0).otherwise(2.0)


def _stage_points(stage: pl.Expr, points: tuple[float, float, float]) -> pl.Expr:
    return pl.when(stage == 1).then(points[0]).when(stage == 2).then(points[1]).otherwise(points[2])


def _printed(stage: pl.Expr) -> pl.Expr:
    return stage.replace_strict(dict(zip((1.0, 2.0, 3.0), STAGES, strict=True)), default=None, return_dtype=pl.String)
