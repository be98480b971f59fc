"""`propensity`: weights by the propensity score from a frame or a list of frames, one a site."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from cohortium.api.arguments import require_choice, require_distinct, require_known
from cohortium.api.balance_plots import balance_frame, group_frame, love_figure, overlap_figure
from cohortium.api.frames import Sites, other_columns
from cohortium.api.levels import label_of
from cohortium.api.terms import main_term
from cohortium.errors import EstimationError, UsageError
from cohortium.estimators.combined.together import Member
from cohortium.estimators.contract import Factor
from cohortium.estimators.logistic.spec import LogisticSpec
from cohortium.estimators.proportions.outcome import Outcome
from cohortium.estimators.weighting.balance.estimator import BALANCE
from cohortium.estimators.weighting.balance.spec import BalanceSpec
from cohortium.estimators.weighting.model import SCORE, WEIGHT, Weighting
from cohortium.estimators.weighting.weighted import (
    WeightedSpec,
    found_of,
    problem_of,
    score_and_limit,
    weighted_rows,
)
from cohortium.estimators.weighting.weights import Estimand
from cohortium.totals import Totals

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Literal

    from matplotlib.figure import Figure

    from cohortium.api.frames import Frames
    from cohortium.estimators.combined.chained import ChainedEstimate
    from cohortium.estimators.contract import Reals, Rows
    from cohortium.estimators.logistic.estimate import LogisticEstimate
    from cohortium.estimators.weighting.balance.solve import BalanceEstimate

CONSTANT = "(constant)"


@dataclass(frozen=True)
class PropensityResult:
    """Propensity scores and weights of the frames given, and how well they balance the groups.

    spec      the score's model and the weights
    score     the fitted model of treatment
    compared  the groups before and after weighting
    limit     largest weight where weights are truncated; 0 otherwise
    """

    spec: Weighting
    score: LogisticEstimate
    compared: BalanceEstimate
    limit: float
    _given: tuple[pl.DataFrame, ...]
    _rows: tuple[Rows, ...]

    @property
    def coefficients(self) -> Mapping[str, float]:
        """Name to coefficient of the model of treatment, the constant first where there is one."""
        names = [column.name for column in self.score.spec.columns]
        found = dict(zip(names, self.score.coefficients.tolist(), strict=True))
        return found if self.score.constant is None else {CONSTANT: self.score.constant.value, **found}

    @property
    def standard_errors(self) -> Mapping[str, float]:
        """Name to standard error of the coefficient."""
        names = [column.name for column in self.score.spec.columns]
        found = dict(zip(names, self.score.standard_errors.tolist(), strict=True))
        return found if self.score.constant is None else {CONSTANT: self.score.constant.standard_error, **found}

    @property
    def scores(self) -> list[Reals]:
        """Propensity scores of each frame's rows, NaN where a value is not known."""
        return [np.asarray(rows.numbers[SCORE]) for rows in self._rows]

    @property
    def weights(self) -> list[Reals]:
        """Weights of each frame's rows, NaN where a value is not known and 0 outside the range of scores."""
        return [np.asarray(rows.numbers[WEIGHT]) for rows in self._rows]

    def frames(self, *, score: str = "score", weight: str = "weight") -> list[pl.DataFrame]:
        """The frames with the columns that all of them have, and scores and weights under the names given."""
        return [
            frame.with_columns(
                pl.Series(score, found, pl.Float64).fill_nan(None), pl.Series(weight, own, pl.Float64).fill_nan(None)
            )
            for frame, found, own in zip(self._given, self.scores, self.weights, strict=True)
        ]

    @property
    def balance(self) -> pl.DataFrame:
        """A row per covariate and level: variable, level, means before and after by group, differences, variance ratios.

        Columns `control`, `treated`, `difference`, `variance_ratio`, and the same with `weighted_` in front. Differences
        are standardized by the pooled standard deviation before weighting.
        """
        return balance_frame(self.compared)

    @property
    def groups(self) -> pl.DataFrame:
        """A row per group, control first: group, n, trimmed, weight_sum, effective_sample_size, largest_weight."""
        return group_frame(self.compared)

    @property
    def n_missing(self) -> int:
        """Rows without a score: treatment or a covariate not known, or a stratum with one treatment only."""
        return self.compared.n_unscored

    def love_plot(self) -> Figure:
        """Standardized differences before and after weighting, as a matplotlib figure."""
        return love_figure(self.compared)

    def overlap_plot(self) -> Figure:
        """Patients by propensity score, one group up and the other down, as a matplotlib figure."""
        return overlap_figure(self.compared)

    def __repr__(self) -> str:
        lines = [f"{self.spec.phrase}; {self.n_missing} rows without a score"]
        lines += [
            f"  {group.group}: n {group.n}, trimmed {group.n_trimmed}, effective sample size {group.effective:.1f}, "
            f"largest weight {group.largest:.3g}"
            for group in self.compared.groups
        ]
        for compared, _, before, after in self.compared.columns:
            name = " ".join(filter(None, compared))
            change = f"standardized difference {before.difference:.3f}, weighted {after.difference:.3f}"
            lines += [f"  {name}: {change}"]
        return "\n".join(lines)


def propensity(
    frame: Frames,
    *,
    treatment: str,
    covariates: Sequence[str],
    treated: Any = None,
    estimand: Estimand = "ate",
    stabilized: bool = False,
    trim: float = 0.0,
    truncate: float = 1.0,
    strata: str | Sequence[str] | None = None,
    splines: Mapping[str, Sequence[float] | int] | None = None,
    references: Mapping[str, str] | None = None,
    also: Sequence[str] = (),
    penalty: Literal["none", "firth"] = "none",
) -> PropensityResult:
    r"""Weight rows by their propensity score, fitted by logistic regression over all frames.

    .. math:: e(x) = P(\text{treated} \mid x), \qquad w = 1/e \text{ or } 1/(1-e) \text{ for the average effect in all}

    frame       polars or pandas frame, or a list of them, one a site
    treatment   column with two values
    covariates  columns: numbers enter as one term, texts and truth values as categories
    treated     value of `treatment` whose probability is the score; the last one (1, true) when absent
    estimand    `ate` (effect in all), `att` (in the treated), `atc` (in the others) or `overlap` (in those who might
                have had either)
    stabilized  True: weights of `ate` are multiplied by the share of rows with the same treatment
    trim        rows whose score is below this or above one minus this have weight 0; from 0 to 0.2
    truncate    weights above this quantile of all weights are set to it (R's type 3); 1 for none
    strata      column or columns whose combinations have a constant of their own, such as the site
    splines     by column, the knots of a restricted cubic spline, or how many (3 to 7) at Harrell's quantiles
    references  reference level of a category by column, the first level where absent
    also        columns to compare besides the covariates
    penalty     `firth`: the score is fitted with Firth's penalty

    Returns a `PropensityResult`. Its frames have the weights as a column: `cox(found.frames(), ..., weight="weight")`
    and `kaplan_meier(..., weight="weight")` then have robust variances.

    Leaves the site: the totals of a logistic regression; then counts by group and by score in steps of 0.02, sums and
    squares of covariates by group with and without weights, counts of weights by size.

    Raises
        UsageError: a column is missing or does not hold what is expected.
        EstimationError: the model of treatment cannot be fitted, e.g. since a covariate tells the treatments apart.

    References: Rosenbaum and Rubin 1983; Li, Morgan and Zaslavsky 2018 (overlap); Crump et al. 2009 (trimming).

    >>> import polars as pl
    >>> from cohortium import propensity
    >>> frame = pl.DataFrame({"new": [1, 1, 1, 0, 1, 0, 0, 0], "old": ["y", "y", "y", "y", "n", "n", "n", "n"]})
    >>> found = propensity(frame, treatment="new", covariates=["old"])
    >>> [round(float(w), 3) for w in found.weights[0]]
    [1.333, 1.333, 1.333, 4.0, 4.0, 1.333, 1.333, 1.333]
    """
    _require_sense(covariates, estimand, stabilized=stabilized, trim=trim, truncate=truncate)
    strata_names = [strata] if isinstance(strata, str) else list(strata or ())
    columns = [treatment, *covariates, *strata_names]
    require_distinct([*columns, *also])
    require_known("references", references or {}, covariates)
    require_known("splines", splines or {}, covariates)
    sites = Sites(frame, [*columns, *also, *other_columns(frame, [*columns, *also])])
    factor, code = two_treatments(sites, treatment, treated)
    knots, levels = dict(splines or {}), dict(references or {})
    fit = LogisticSpec(
        outcome=Outcome(f"{treatment} {code}", factor, (code,)),
        terms=tuple(main_term(sites, name, knots, levels) for name in covariates),
        strata=tuple(sites.factor(name) for name in strata_names),
        penalty=penalty,
    )
    weighting = Weighting(fit, estimand, stabilized, trim, 0.0 if truncate == 1 else truncate)
    spec = BalanceSpec(factor, code, tuple(column_of(sites, name) for name in [*covariates, *also]))
    estimate = sites.run("balance", WeightedSpec(weighting, Member(BALANCE, spec)))
    return _result(sites, weighting, estimate)


def two_treatments(sites: Sites, treatment: str, treated: Any) -> tuple[Factor, str]:
    """The column of treatment as a category, and the code of its level that is the treatment.

    Raises
        UsageError: it has not two values, or `treated` is none of them.
    """
    factor = sites.factor(treatment)
    if len(factor) != 2:
        raise UsageError(f"treatment: column {treatment} has {len(factor)} values; expected two")
    code = factor.codes[1] if treated is None else label_of(treated)
    if isinstance(treated, bool) and code not in factor.codes:
        code = str(int(treated))
    require_known("treated", [code], factor.codes)
    return factor, code


def _require_sense(
    covariates: Sequence[str], estimand: Estimand, *, stabilized: bool, trim: float, truncate: float
) -> None:
    if not covariates or isinstance(covariates, str):
        raise UsageError('covariates: expected a list of column names, such as ["age", "sex"]')
    require_choice("estimand", estimand, Estimand)
    if stabilized and estimand != "ate":
        raise UsageError(f"stabilized: is for estimand 'ate'; weights of {estimand!r} have their scale already")
    if not 0 <= trim <= 0.2:
        raise UsageError(f"trim: expected a number from 0 to 0.2, got {trim!r}")
    if not 0.5 < truncate <= 1:
        raise UsageError(f"truncate: expected a quantile above 0.5 and up to 1, got {truncate!r}")


def column_of(sites: Sites, name: str) -> str | Factor:
    """A column to compare: a number by its name, or a category."""
    if not sites.is_number(name):
        return sites.factor(name)
    sites.number(name)
    return name


def _result(sites: Sites, weighting: Weighting, estimate: ChainedEstimate) -> PropensityResult:
    score, limit = score_and_limit(estimate.first)
    if problem := problem_of(score):
        raise EstimationError(problem)
    found = Totals(found_of(score, limit))
    rows = tuple(weighted_rows(own, found, weighting) for own in sites.rows())
    return PropensityResult(weighting, score, estimate.second, limit, sites.given, rows)
