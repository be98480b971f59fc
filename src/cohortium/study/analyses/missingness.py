"""Which values are not known."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from cohortium.study.analyses.form import AnalysisForm
from cohortium.study.section import VariableName


class Missingness(AnalysisForm):
    """Values that are not known: by variable, in pairs, by pattern, and whom a complete-case analysis loses."""

    method: Literal["missingness"] = Field(description="Chooses this form of analysis.")
    variables: tuple[VariableName, ...] = Field(
        min_length=1,
        max_length=100,
        description="Variables in the order in which a complete-case analysis would ask for them; the combinations of "
        "up to 12 are counted.",
    )
    by: VariableName | None = Field(
        default=None, description="Categorical variable whose levels are counted too; `site` is the institution."
    )
