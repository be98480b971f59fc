"""What a study may choose about the response rule, with the defaults of the literature."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from cohortium.derivations.response.criteria import IMWG2016, Criteria


@dataclass(frozen=True, slots=True, kw_only=True)
class Confirmation:
    """Choices about confirmation.

    longest_gap_days  a later assessment confirms nothing; None for no limit, as in IMWG
    warn_gap_days     a confirmation later than this is listed
    new_therapy       `stop`: responses count before new therapy only; `ignore`: new therapy changes nothing
    """

    longest_gap_days: int | None = None
    warn_gap_days: int = 84
    new_therapy: Literal["stop", "ignore"] = "stop"


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """Choices of the response rule.

    criteria               the thresholds, by version
    lowest                 progression is counted from the lowest value that a second one bears out (`confirmed`), or from
                           the lowest (`any`)
    marrow_for_cr          complete response needs a marrow examination since baseline (`required`), or none where none
                           was made (`if-examined`) [M]
    use_immunoglobulin     IgA or IgD stands for serum M-protein where none was measured at baseline [M]
    radiologist_progresses progression in the radiologist's judgment counts as progression [M]
    visit_window_days      assessments up to so many days after the first of a visit belong to it
    baseline_window_days   how long before the first dose a baseline value may be; None for any time
    """

    criteria: Criteria = IMWG2016
    lowest: Literal["confirmed", "any"] = "confirmed"
    marrow_for_cr: Literal["required", "if-examined"] = "required"
    use_immunoglobulin: bool = False
    radiologist_progresses: bool = True
    visit_window_days: int = 0
    baseline_window_days: int | None = None
    confirmation: Confirmation = Confirmation()
