"""What every analysis has."""

from __future__ import annotations

from pydantic import Field

from cohortium.study.section import Name, Section


class AnalysisForm(Section):
    """What every analysis has."""

    name: Name = Field(description="Name by which tables, figures and text refer to the analysis.")
    label: str = Field(default="", description="Label as printed; made from the method when empty.")
