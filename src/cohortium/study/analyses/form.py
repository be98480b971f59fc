"""What every analysis has."""

from __future__ import annotations

from pydantic import Field

from cohortium.study.section import Name, Section


class AnalysisForm(Section):
    """What every analysis has."""

    name: Name = Field(description="Name by which tables, figures and text refer to the analysis.")
    label: str = Field(default="", description="Label as printed; made from the method when empty.")


class ImputableForm(AnalysisForm):
    """What an analysis has that can be made of imputed values."""

    imputation: Name | None = Field(
        default=None,
        description="Name of the imputation of values that are not known; the analysis is made of every imputation and "
        "pooled by Rubin's rules. Of models, the multivariable one is fitted to the complete cases too.",
    )
