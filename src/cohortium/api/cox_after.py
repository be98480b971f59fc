"""What can be asked of a fitted Cox model whose rows are at hand; the methods of `CoxResult` call these functions."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from cohortium.api.arguments import require_choice, require_level, require_room
from cohortium.errors import EstimationError, UsageError
from cohortium.estimators.contract import Task
from cohortium.estimators.cox.after.concordance import ACROSS_SITES, Concordance, ConcordanceIndex, Kind
from cohortium.estimators.cox.after.concordance_rounds import CONCORDANCE
from cohortium.estimators.cox.after.curves import Interval
from cohortium.estimators.cox.after.points import scaled_points
from cohortium.estimators.cox.after.prediction import Origin, Prediction
from cohortium.estimators.cox.after.prediction_rounds import PREDICTION
from cohortium.estimators.cox.after.proportional import ProportionalHazards
from cohortium.estimators.cox.after.proportional_rounds import PROPORTIONAL
from cohortium.estimators.cox.after.run import run_stage
from cohortium.estimators.cox.after.tabulate import stratum_labels
from cohortium.estimators.cox.after.transforms import Transform
from cohortium.estimators.cox.prepare import PreparedCox, prepare
from cohortium.estimators.cox.residuals import EventKind, RowKind, event_residuals, row_residuals
from cohortium.estimators.cox.stages import Refused
from cohortium.estimators.cox.tabulate import tabulate
from cohortium.estimators.distributions import normal_quantile

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from matplotlib.figure import Figure

    from cohortium.estimators.contract import Reals, Rows
    from cohortium.estimators.cox.after.prediction import Baseline
    from cohortium.estimators.cox.after.proportional import ProportionalTests
    from cohortium.estimators.cox.estimate import CoxEstimate
    from cohortium.estimators.cox.spec import CoxSpec
    from cohortium.estimators.cox.stages import Fit, Stage

_NAME = "cox"
_ROW_KINDS = ("martingale", "deviance", "score", "dfbeta", "dfbetas")
_EVENT_KINDS = ("schoenfeld", "scaled-schoenfeld")


@dataclass(frozen=True)
class FittedRows:
    """A fit with the rows that it was made from, by frame."""

    estimate: CoxEstimate
    rows: tuple[Rows, ...]

    @property
    def fit(self) -> Fit:
        """The fit; EstimationError when there is none."""
        if self.estimate.fit is None:
            raise EstimationError(f"Cox model: {self.estimate.problem}")
        return self.estimate.fit

    @cached_property
    def prepared(self) -> tuple[PreparedCox, ...]:
        """The rows of each frame, prepared once for all that is asked."""
        return tuple(prepare(rows, self.estimate.spec) for rows in self.rows)

    def run(self, stage: Stage, spec: CoxSpec) -> Any:
        """The result of a stage; EstimationError with the reason when it is refused."""
        found = run_stage(stage, self.prepared, spec, self.fit)
        if isinstance(found, Refused):
            raise EstimationError(f"Cox model: {found.reason}")
        return found


@dataclass(frozen=True)
class ProportionalHazardsTest:
    """Score tests of proportional hazards, a row a term and `GLOBAL` for all together."""

    fitted: FittedRows
    tests: ProportionalTests

    @cached_property
    def points(self) -> pl.DataFrame:
        """Scaled Schoenfeld residuals of every row with the event: time and a column for each coefficient.

        Null where the covariate does not vary within the stratum.
        """
        fitted = self.fitted
        spec = fitted.estimate.spec
        found = scaled_points(fitted.prepared, spec, fitted.fit, self.tests.mean_information)
        names = [column.name for column in spec.columns]
        frames = [pl.DataFrame({"time": part.time} | dict(zip(names, part.values.T, strict=True))) for part in found]
        return pl.concat(frames).sort("time", maintain_order=True).with_columns(pl.col(names).fill_nan(None))

    def to_frame(self) -> pl.DataFrame:
        """A row per term: chi_square, df, p_value; null where the test cannot be made."""
        tests = self.tests.tests
        return pl.DataFrame(
            {
                "term": [test.term for test in tests],
                "chi_square": pl.Series([test.statistic for test in tests], dtype=pl.Float64).fill_nan(None),
                "df": [test.df for test in tests],
                "p_value": pl.Series([test.p_value for test in tests], dtype=pl.Float64).fill_nan(None),
            }
        )

    def smooth(self) -> pl.DataFrame:
        """The smoothed residuals: name, time, value, and two standard errors either way."""
        parts = [
            pl.DataFrame({"time": curve.time, "value": curve.value, "lower": curve.lower, "upper": curve.upper}).select(
                pl.lit(curve.column).alias("name"), pl.all()
            )
            for curve in self.tests.curves
        ]
        schema = {"name": pl.String, **dict.fromkeys(("time", "value", "lower", "upper"), pl.Float64)}
        return pl.concat(parts) if parts else pl.DataFrame(schema=schema)

    def plot(self) -> Figure:
        """Smoothed scaled Schoenfeld residuals with their points, a panel for each coefficient."""
        from cohortium.api.schoenfeld_plot import schoenfeld_plot

        asked = ProportionalHazards(self.tests.transform)
        estimate = self.fitted.estimate
        spec = replace(estimate.spec, proportional=asked)
        estimate = replace(estimate, spec=spec, after={**estimate.after, "proportional": self.tests})
        return schoenfeld_plot(tabulate(Task(_NAME, _NAME, spec, _NAME), estimate), self.points)

    def __repr__(self) -> str:
        lines = [f"Test of proportional hazards, {self.tests.transform} scale of time"]
        width = max(len(test.term) for test in self.tests.tests)
        for test in self.tests.tests:
            if test.problem:
                lines.append(f"  {test.term:<{width}}  not made ({test.problem})")
            else:
                lines.append(
                    f"  {test.term:<{width}}  chi-square {test.statistic:.4g}, df {test.df}, p {test.p_value:.3g}"
                )
        return "\n".join(lines)


@dataclass(frozen=True)
class ConcordanceResult:
    """A concordance with its interval; `pairs` names the weighted pairs behind it."""

    index: ConcordanceIndex
    confidence: float

    @property
    def value(self) -> float:
        """The concordance, 0.5 when the model tells nothing."""
        return self.index.value

    @property
    def standard_error(self) -> float:
        """Infinitesimal jackknife."""
        return self.index.standard_error

    @property
    def lower(self) -> float:
        """Lower limit, 0 or more."""
        return max(self.value - normal_quantile(0.5 + self.confidence / 2) * self.standard_error, 0.0)

    @property
    def upper(self) -> float:
        """Upper limit, 1 or less."""
        return min(self.value + normal_quantile(0.5 + self.confidence / 2) * self.standard_error, 1.0)

    @property
    def pairs(self) -> Mapping[str, float]:
        """Weighted pairs: concordant, discordant, tied in risk, in time, in both."""
        names = ("concordant", "discordant", "tied_risk", "tied_time", "tied_both")
        return {name: getattr(self.index, name) for name in names}

    def __repr__(self) -> str:
        limits = f"({self.lower:.4g} to {self.upper:.4g})"
        return f"Concordance ({self.index.kind}) {self.value:.4g} {limits}, standard error {self.standard_error:.3g}"


def ph_test(fitted: FittedRows, *, transform: Transform = "km", smooth_df: int = 4) -> ProportionalHazardsTest:
    """Test whether the effect of each term changes with time (R's `cox.zph`).

    transform  `km`, `rank`, `identity` or `log`: the scale of time on which a trend is looked for
    smooth_df  degrees of freedom of the smoothed residuals, 2 to 10; 0 for none
    """
    require_choice("transform", transform, Transform)
    if smooth_df != 0 and not 2 <= smooth_df <= 10:
        raise UsageError(f"smooth_df: expected 0 or a whole number from 2 to 10, got {smooth_df!r}")
    spec = replace(fitted.estimate.spec, proportional=ProportionalHazards(transform, smooth_df))
    tests: ProportionalTests = fitted.run(PROPORTIONAL, spec)
    return ProportionalHazardsTest(fitted, tests)


def concordance(
    fitted: FittedRows, *, kind: Kind = "harrell", tau: float | None = None, confidence: float = 0.95
) -> ConcordanceResult:
    """Concordance of the linear predictor, over pairs within the strata of the model.

    kind  `harrell`, or `uno` with weights from the censoring distribution of all rows
    tau   events after this time are not counted
    """
    require_choice("kind", kind, Kind)
    require_level(confidence)
    spec = fitted.estimate.spec
    if not spec.nested:
        raise UsageError(f"concordance: {ACROSS_SITES}")
    asked = replace(spec, concordance=Concordance((kind,), nested=True, tau=tau))
    (index,) = fitted.run(CONCORDANCE, asked)
    if index.problem:
        raise EstimationError(f"concordance: {index.problem}")
    return ConcordanceResult(index, confidence)


def baseline_hazard(fitted: FittedRows, *, centered: bool = False) -> pl.DataFrame:
    """Cumulative baseline hazard at the event times: stratum, time, hazard.

    centered  False: of a patient with all covariates 0; True: at their means, as in R
    """
    origin: Origin = "mean" if centered else "zero"
    baseline = _baseline(fitted)
    hazard = baseline.at_origin(origin)
    return _steps(fitted, baseline, lambda stratum: {"hazard": hazard[stratum]})


def predict(
    fitted: FittedRows,
    values: Sequence[Sequence[float]],
    labels: Sequence[str],
    *,
    confidence: float = 0.95,
    interval: Interval = "log",
) -> pl.DataFrame:
    """Predicted survival of patients at the event times: profile, stratum, time, survival, limits, hazard.

    values      of the columns of the model, a sequence for each patient
    labels      one for each patient
    interval    `log` (as in R), `log-log` or `plain`
    """
    require_choice("interval", interval, Interval)
    require_level(confidence)
    baseline = _baseline(fitted)
    covariance = fitted.estimate.covariance
    frames = []
    for label, profile in zip(labels, values, strict=True):

        def columns(stratum: int, profile: Sequence[float] = profile) -> dict[str, Reals]:
            curve = baseline.curve(stratum, profile, covariance, confidence, interval)
            return {
                "survival": curve.survival,
                "lower": curve.lower,
                "upper": curve.upper,
                "hazard": curve.hazard,
                "standard_error": curve.standard_error,
            }

        steps = _steps(fitted, baseline, columns)
        frames.append(steps.select(pl.lit(label).alias("profile"), pl.all()))
    return pl.concat(frames)


def _baseline(fitted: FittedRows) -> Baseline:
    spec = fitted.estimate.spec
    require_room(spec.n_strata, spec.grid.size, len(spec.columns) + 2)
    found: Baseline = fitted.run(PREDICTION, replace(spec, prediction=Prediction()))
    return found


def _steps(fitted: FittedRows, baseline: Baseline, columns: Any) -> pl.DataFrame:
    """A row for each event time of each stratum that has events."""
    frames = []
    for stratum, label in enumerate(stratum_labels(fitted.estimate.spec)):
        at = baseline.steps(stratum)
        if at.size:
            made = {name: column[at] for name, column in columns(stratum).items()}
            frames.append(
                pl.DataFrame({"time": baseline.times[at], **made}).select(pl.lit(label).alias("stratum"), pl.all())
            )
    return pl.concat(frames)


def residuals(fitted: FittedRows, kind: RowKind | EventKind = "martingale") -> list[pl.DataFrame]:
    """Residuals of the rows of each frame, as R's `residuals.coxph`.

    kind  `martingale`, `deviance`: a column `residual` for every row of the frame, null where the row was left out.
          `score`, `dfbeta`, `dfbetas`: a column for each coefficient.
          `schoenfeld`, `scaled-schoenfeld`: the rows with the event in order of stratum and time, with `row` and `time`
    """
    if kind not in (*_ROW_KINDS, *_EVENT_KINDS):
        raise UsageError(f"kind: expected one of {', '.join(map(repr, (*_ROW_KINDS, *_EVENT_KINDS)))}, got {kind!r}")
    spec, prepared = fitted.estimate.spec, fitted.prepared
    names = [column.name for column in spec.columns]
    if kind in _EVENT_KINDS:
        events = event_residuals(prepared, spec, fitted.fit, kind)  # type: ignore[arg-type]
        return [
            pl.DataFrame(
                {"row": _kept(site)[part.row], "time": part.time} | dict(zip(names, part.values.T, strict=True))
            )
            for site, part in zip(prepared, events, strict=True)
        ]
    found = row_residuals(prepared, spec, fitted.fit, kind)  # type: ignore[arg-type]
    frames = []
    for site, rows, values in zip(prepared, fitted.rows, found, strict=True):
        every = np.full((rows.n, *values.shape[1:]), np.nan)
        every[site.choice.keep] = values
        columns = {"residual": every} if every.ndim == 1 else dict(zip(names, every.T, strict=True))
        frames.append(pl.DataFrame(columns).with_columns(pl.all().fill_nan(None)))
    return frames


def _kept(site: PreparedCox) -> np.ndarray:
    """Positions in the frame of the rows that were used."""
    keep = site.choice.keep
    return np.arange(site.usable.n) if isinstance(keep, slice) else keep
