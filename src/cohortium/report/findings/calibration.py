"""How well predicted risks agree with what was observed, as the results table holds it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from cohortium.report.findings.regression import MULTIVARIABLE
from cohortium.report.findings.warned import warnings_of

if TYPE_CHECKING:
    from cohortium.results import Results, Statistic


@dataclass(frozen=True, slots=True)
class RiskGroup:
    """Patients of neighboring predicted risk: mean predicted risk, and the observed one with its interval, 0 to 1."""

    n: int
    n_events: int
    predicted: float
    observed: float
    lower: float
    upper: float


@dataclass(frozen=True, slots=True)
class Calibration:
    """The groups in order of predicted risk, and rows of the results table; None where there is none."""

    groups: tuple[RiskGroup, ...]
    slope: Statistic | None
    intercept: Statistic | None
    area: Statistic | None
    warnings: tuple[str, ...]


def calibration(results: Results, analysis: str) -> Calibration:
    """The calibration of the multivariable model of a logistic analysis."""
    rows = results.where(analysis=analysis, method="logistic", model=MULTIVARIABLE)
    single = {s.statistic: s for s in rows if s.statistic in ("calibration-slope", "calibration-intercept", "auc")}
    levels = rows.where(statistic="risk-group-observed").distinct("level")
    return Calibration(
        groups=tuple(_group(rows.where(level=level, variable="")) for level in levels),
        slope=single.get("calibration-slope"),
        intercept=single.get("calibration-intercept"),
        area=single.get("auc"),
        warnings=warnings_of(single.values()),
    )


def _group(rows: Results) -> RiskGroup:
    found = {s.statistic: s for s in rows}
    observed = found["risk-group-observed"]
    return RiskGroup(
        n=observed.n or 0,
        n_events=int(found["risk-group-events"].value or 0),
        predicted=found["risk-group-predicted"].value or 0.0,
        observed=observed.value or 0.0,
        lower=observed.lower or 0.0,
        upper=1.0 if observed.upper is None else observed.upper,
    )
