"""`match`: controls for treated rows by propensity score, for rows that are on this machine."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

import numpy as np
import polars as pl

from cohortium.api.arguments import require_choice, require_distinct
from cohortium.api.balance_plots import balance_frame, group_frame, love_figure
from cohortium.api.frames import Sites, other_columns
from cohortium.api.propensity import column_of, propensity, two_treatments
from cohortium.errors import UsageError
from cohortium.estimators.contract import Done, Factor, Rows
from cohortium.estimators.weighting.balance.estimator import BALANCE
from cohortium.estimators.weighting.balance.spec import BalanceSpec
from cohortium.estimators.weighting.matching import MatchingOrder, match_nearest
from cohortium.estimators.weighting.matching_score import CaliperUnit, MatchingScale, on_scale, width_of
from cohortium.estimators.weighting.model import SCORE, WEIGHT
from cohortium.totals import add_up

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.figure import Figure

    from cohortium.api.frames import Frames
    from cohortium.estimators.contract import Integers, Reals
    from cohortium.estimators.weighting.balance.solve import BalanceEstimate

Within = Literal["site"]


class _Sets(NamedTuple):
    """One frame's rows: score, number of their set (0 for none), weight."""

    score: Reals
    number: Integers
    weight: Reals


@dataclass(frozen=True)
class MatchResult:
    """Matched sets of the frames given.

    compared     the groups before and after matching
    n_matched    treated rows with a control
    n_unmatched  treated rows without one
    caliper      largest distance, in the unit of the scale; None for none
    """

    compared: BalanceEstimate
    n_matched: int
    n_unmatched: int
    caliper: float | None
    _given: tuple[pl.DataFrame, ...]
    _sets: tuple[_Sets, ...]

    def frames(self, *, score: str = "score", number: str = "set", weight: str = "weight") -> list[pl.DataFrame]:
        """The matched rows of each frame, with their score, the number of their set, and their weight.

        A treated row has weight 1, each of its k controls 1/k.
        """
        found = []
        for frame, own in zip(self._given, self._sets, strict=True):
            made = (pl.Series(score, own.score), pl.Series(number, own.number), pl.Series(weight, own.weight))
            found.append(frame.with_columns(*made).filter(pl.col(number) > 0))
        return found

    @property
    def balance(self) -> pl.DataFrame:
        """A row per covariate and level, with the columns of `PropensityResult.balance`; `weighted_` means matched."""
        return balance_frame(self.compared)

    @property
    def groups(self) -> pl.DataFrame:
        """A row per group, control first, with the columns of `PropensityResult.groups`; not matched is `trimmed`."""
        return group_frame(self.compared)

    def love_plot(self) -> Figure:
        """Standardized differences before and after matching, as a matplotlib figure."""
        return love_figure(self.compared, "matching")

    def __repr__(self) -> str:
        total = self.n_matched + self.n_unmatched
        lines = [f"{self.n_matched} of {total} treated rows matched"]
        for column in self.compared.columns:
            name = " ".join(filter(None, column.compared))
            before, after = column.before.difference, column.after.difference
            lines.append(f"  {name}: standardized difference {before:.3f}, matched {after:.3f}")
        return "\n".join(lines)


def match(
    frame: Frames,
    *,
    treatment: str,
    covariates: Sequence[str],
    treated: Any = None,
    score: str | None = None,
    ratio: int = 1,
    caliper: float | None = None,
    caliper_unit: CaliperUnit = "sd",
    scale: MatchingScale = "probability",
    order: MatchingOrder = "largest",
    exact: Sequence[str] = (),
    within: Within | None = None,
) -> MatchResult:
    """Match each treated row to the nearest controls by propensity score, each control once.

    frame         polars or pandas frame; a list of them only with `within`
    treatment     column with two values
    covariates    columns of the score, and to compare
    treated       value of `treatment` that is matched; the last one (1, true) when absent
    score         column with a score to match on; fitted from the covariates by logistic regression when absent
    ratio         controls for each treated row; all get their first before any gets its second
    caliper       largest distance; none when absent
    caliper_unit  of the caliper: `sd`, standard deviations of the distance pooled over the groups, or `absolute`
    scale         distance between probabilities (as R's MatchIt) or between their log odds, `logit`
    order         in which treated rows choose: by falling score, by rising score (`smallest`), or as in the `data`
    exact         columns whose values must be the same
    within        `site`: each frame is a site, and rows are matched inside it

    Returns a `MatchResult`. Its rows have a weight and the number of their set: `cox(found.frames(), ...,
    weight="weight", cluster="set")` takes both into account.

    Leaves the site: without `within` all rows are in one frame, so nothing does. With it, the totals of the score's
    logistic regression and of balance; who is matched with whom stays at the site.

    Raises
        UsageError: a column is missing or does not hold what is expected, or several frames would be matched across.
        EstimationError: the model of treatment cannot be fitted.

    References: Rosenbaum and Rubin 1985; Austin 2011 (caliper).

    >>> import polars as pl
    >>> from cohortium import match
    >>> frame = pl.DataFrame({"new": [1, 1, 0, 0, 0], "age": [60, 70, 61, 69, 40], "score": [0.6, 0.7, 0.59, 0.68, 0.3]})
    >>> match(frame, treatment="new", covariates=["age"], score="score").frames()[0]["age"].to_list()
    [60, 70, 61, 69]
    """
    _require_sense(frame, covariates, ratio, caliper, within)
    _require_choices(scale, caliper_unit, order)
    columns = [treatment, *covariates, *([score] if score else [])]
    require_distinct(columns)
    named = list(dict.fromkeys([*columns, *exact]))
    sites = Sites(frame, [*named, *other_columns(frame, named)])
    factor, code = two_treatments(sites, treatment, treated)
    if score is None:
        scores = propensity(frame, treatment=treatment, covariates=covariates, treated=treated).scores
    else:
        scores = [np.asarray(column, np.float64) for column in sites.number(score)]
        _require_scores(score, scores, scale)
    spec = BalanceSpec(factor, code, tuple(column_of(sites, name) for name in covariates))
    cells = [sites.factor(name) for name in exact]
    rows = sites.rows()
    place = factor.codes.index(code)
    known = [own.codes[treatment] >= 0 for own in rows]
    distances = [np.where(k, on_scale(s, scale), np.nan) for s, k in zip(scores, known, strict=True)]
    is_treated = [own.codes[treatment] == place for own in rows]
    width = _width(caliper, caliper_unit, distances, is_treated)
    sets = _all_sets(rows, cells, scores, distances, is_treated, (ratio, width, order))
    compared = _compare(rows, spec, sets)
    n_matched = sum(int((flags & (own.number > 0)).sum()) for flags, own in zip(is_treated, sets, strict=True))
    n_treated = sum(int((f & ~np.isnan(d)).sum()) for f, d in zip(is_treated, distances, strict=True))
    return MatchResult(compared, n_matched, n_treated - n_matched, width, sites.given, tuple(sets))


def _require_sense(
    frame: Frames, covariates: Sequence[str], ratio: int, caliper: float | None, within: Within | None
) -> None:
    if not covariates or isinstance(covariates, str):
        raise UsageError('covariates: expected a list of column names, such as ["age", "sex"]')
    if not _is_whole(ratio) or ratio < 1:
        raise UsageError(f"ratio: expected a whole number of controls, 1 or more, got {ratio!r}")
    if caliper is not None and not 0 <= caliper < math.inf:
        raise UsageError(f"caliper: expected a distance of 0 or more, got {caliper!r}")
    if within is not None:
        require_choice("within", within, Within)
    elif isinstance(frame, list | tuple) and len(frame) > 1:
        raise UsageError(
            "several frames: matching compares rows with rows, so the rows of all sites would have to be in one place; "
            'give within="site" to match inside each frame, or weight by propensity, which needs sums only'
        )


def _is_whole(value: object) -> bool:
    return isinstance(value, int | np.integer) and not isinstance(value, bool)


def _require_choices(scale: MatchingScale, caliper_unit: CaliperUnit, order: MatchingOrder) -> None:
    for name, value, allowed in (
        ("scale", scale, MatchingScale),
        ("caliper_unit", caliper_unit, CaliperUnit),
        ("order", order, MatchingOrder),
    ):
        require_choice(name, value, allowed)


def _require_scores(name: str, scores: Sequence[Reals], scale: MatchingScale) -> None:
    every = np.concatenate(scores)
    known = every[~np.isnan(every)]
    if scale == "logit" and not bool(((known > 0) & (known < 1)).all()):
        raise UsageError(f"column {name}: expected probabilities between 0 and 1 for scale 'logit'")


def _width(
    caliper: float | None, unit: CaliperUnit, distances: Sequence[Reals], treated: Sequence[np.ndarray]
) -> float | None:
    every, flags = np.concatenate(distances), np.concatenate(treated)
    known = ~np.isnan(every)
    width = width_of(caliper, unit, every[known], flags[known])
    if width is not None and math.isnan(width):
        raise UsageError(
            "caliper: a group has a single row, so there is no standard deviation; give caliper_unit='absolute'"
        )
    return width


def _all_sets(
    rows: Sequence[Rows],
    cells: Sequence[Factor],
    scores: Sequence[Reals],
    distances: Sequence[Reals],
    treated: Sequence[np.ndarray],
    how: tuple[int, float | None, MatchingOrder],
) -> list[_Sets]:
    """The sets of every frame; their numbers go on from frame to frame."""
    found, last = [], 0
    for own, score, distance, flags in zip(rows, scores, distances, treated, strict=True):
        number, weight = np.zeros(own.n, np.int64), np.zeros(own.n)
        cell = np.zeros(own.n, np.int64)
        usable = np.isfinite(distance)
        for factor in cells:
            usable &= own.codes[factor.name] >= 0
            cell = cell * len(factor) + own.codes[factor.name]
        for value in np.unique(cell[usable]):
            chosen = np.flatnonzero(usable & (cell == value))
            matched = match_nearest(distance[chosen], flags[chosen], *how)
            weight[chosen] = matched.weights(chosen.size)
            for row, controls in zip(matched.treated, matched.controls, strict=True):
                last += 1
                number[chosen[[row, *controls[controls >= 0]]]] = last
        found.append(_Sets(score, number, np.where(np.isnan(distance), np.nan, weight)))
    return found


def _compare(rows: Sequence[Rows], spec: BalanceSpec, sets: Sequence[_Sets]) -> BalanceEstimate:
    """Balance with the weights of matching in place of those of a score."""
    prepared = [
        BALANCE.prepare(Rows(own.n, {**own.numbers, SCORE: s.score, WEIGHT: s.weight}, own.codes), spec)
        for own, s in zip(rows, sets, strict=True)
    ]
    step = BALANCE.start(spec)
    while True:
        after = BALANCE.solve(spec, add_up([BALANCE.summarize(one, step.params) for one in prepared]), step)
        if isinstance(after, Done):
            estimate: BalanceEstimate = after.estimate
            return estimate
        step = after
