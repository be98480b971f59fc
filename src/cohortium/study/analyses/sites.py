"""Patients and events per institution."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from cohortium.study.analyses.form import AnalysisForm
from cohortium.study.section import VariableName


class Sites(AnalysisForm):
    """Patients and events per institution."""

    method: Literal["sites"] = Field(description="Chooses this form of analysis.")
    endpoint: VariableName = Field(description="Endpoint whose events and follow-up are counted.")
