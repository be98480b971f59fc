"""What a Kaplan-Meier analysis is asked to estimate."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cohortium.estimators.contract import Factor
    from cohortium.estimators.grid import Grid
    from cohortium.estimators.kaplan_meier.limits import Interval
    from cohortium.estimators.kaplan_meier.quantiles import QuantileRule


@dataclass(frozen=True)
class KaplanMeierSpec:
    """What to estimate.

    time, event    names of numeric columns: follow-up on the grid, 1 for an event
    by             groups; None for one curve
    reverse        True: censoring is the event, so that the quantiles describe the follow-up
    quantiles      probabilities of having had the event; 0.5 is the median
    quantile_rule  which point of a step that lies on a quantile's level is the quantile
    at             times at which survival is tabulated, with their labels
    entry          numeric column: under observation after this time (left truncation); empty when from the origin
    weight         numeric column of case weights above 0; the variance is then robust. Empty for no weights
    cluster        numeric column of whole numbers that name what belongs together, each within one site; the
                   variance is then robust. Empty when every row stands for itself
    tau            time up to which the restricted mean is taken; None for none
    tau_label      how tau is printed, e.g. `60 months`
    nelson_aalen   whether the cumulative hazard is tabulated
    """

    time: str
    event: str
    grid: Grid
    by: Factor | None = None
    reverse: bool = False
    interval: Interval = "log-log"
    confidence: float = 0.95
    quantiles: tuple[float, ...] = (0.25, 0.5, 0.75)
    at: tuple[tuple[float, str], ...] = ()
    population: str = "cohort"
    entry: str = ""
    weight: str = ""
    cluster: str = ""
    tau: float | None = None
    tau_label: str = ""
    nelson_aalen: bool = False
    quantile_rule: QuantileRule = "middle"

    @property
    def factors(self) -> tuple[Factor, ...]:
        """Categorical columns needed."""
        return (self.by,) if self.by else ()

    @property
    def numbers(self) -> tuple[str, ...]:
        """Numeric columns needed."""
        return tuple(name for name in (self.time, self.event, self.entry, self.weight, self.cluster) if name)

    @property
    def labels(self) -> tuple[str, ...]:
        """Groups as printed; one empty label when there are no groups."""
        return self.by.labels if self.by else ("",)

    @property
    def robust(self) -> bool:
        """Whether variances are robust, which needs a second round."""
        return bool(self.weight or self.cluster)

    @property
    def n_kinds(self) -> int:
        """Curves and means whose robust variance is asked: survival, cumulative hazard, restricted mean."""
        return 2 + (self.tau is not None)
