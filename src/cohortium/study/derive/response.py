"""`rule = "imwg-response"` and `rule = "imwg-confirmation"`: response of myeloma from laboratory values, or as called."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Literal

from pydantic import Field

from cohortium.study.derive.rule_section import YES_NO_LEVELS, Input, RuleSection
from cohortium.study.section import VariableName
from cohortium.study.tables import RESPONSES
from cohortium.study.variables import Level, Variable

_YES_NO = {"yes": "Yes", "no": "No"}
_TRACKS = {
    "SERUM": "Serum M-protein",
    "URINE": "Urine M-protein",
    "SERUM+URINE": "Serum and urine M-protein",
    "FLC_ONLY": "Free light chains only",
    "BM_ONLY": "Bone marrow only",
    "PLASMACYTOMA_ONLY": "Plasmacytoma only",
    "NOT_MEASURABLE": "Not measurable",
}
_AGREEMENTS = {
    "agrees": "Agrees",
    "derived-better": "Derived better",
    "derived-worse": "Derived worse",
    "not-compared": "Not compared",
}
_RESIDUAL = {"negative": "Negative", "positive": "Positive", "not-assessed": "Not assessed"}
_SENSITIVITIES = {"1e-6": "10^-6", "1e-5": "10^-5"}


class ConfirmationSection(RuleSection):
    """Keys that both rules have: new therapy, death from progression, gaps."""

    new_therapy: VariableName | None = Field(
        default=None,
        description="Date variable of the first new therapy; without it, the first start of a drug with role `subsequent` in "
        "the table `therapies`.",
    )
    after_new_therapy: Literal["stop", "ignore"] = Field(
        default="stop", description="Whether responses count before new therapy only, or new therapy changes nothing."
    )
    progression_death: VariableName | None = Field(
        default=None,
        description="Variable with yes or no: whether the patient died of progression, which confirms a last progression.",
    )
    longest_gap_days: int | None = Field(
        default=None,
        ge=1,
        description="Days after which a later assessment confirms nothing; no limit by default, as in IMWG.",
    )
    warn_gap_days: int = Field(
        default=84, ge=1, description="Days to the confirming assessment from which a visit is listed for review."
    )

    def inputs(self) -> tuple[Input, ...]:
        """The day of new therapy and the cause of death, where they are variables."""
        found = []
        if self.new_therapy is not None:
            found.append(Input("new_therapy", self.new_therapy, kinds=("date", "integer")))
        if self.progression_death is not None:
            found.append(Input("progression_death", self.progression_death, kinds=("category",), levels=YES_NO_LEVELS))
        return tuple(found)

    def _best_variables(self) -> Iterable[Variable]:
        yield _category(self.name, self.label, {code: code for code in RESPONSES})
        yield _category(f"{self.name}_reported", f"{self.label}, not confirmed", {code: code for code in RESPONSES})
        yield _category(f"{self.name}_responder", f"{self.label}: PR or better", _YES_NO)
        yield _day(f"{self.name}_first_response", f"{self.label}: day of first response")
        yield _day(f"{self.name}_best_day", f"{self.label}: day of best response")
        yield _day(f"{self.name}_progression", f"{self.label}: day of progression")


class ImwgConfirmation(ConfirmationSection):
    """Best confirmed IMWG response from the categories that the site called, in the table `responses`."""

    rule: Literal["imwg-confirmation"] = Field(description="Confirms responses as called by the site.")

    def tables(self) -> tuple[str, ...]:
        """The calls; therapies where new therapy is no variable."""
        return ("responses",) if self.new_therapy or self.after_new_therapy == "ignore" else ("responses", "therapies")

    def variables(self) -> tuple[Variable, ...]:
        """Best response, confirmed and reported, and its days."""
        return tuple(self._best_variables())


class ImwgResponse(ConfirmationSection):
    """IMWG response from laboratory values, marrow and imaging, in the table `assessments`."""

    rule: Literal["imwg-response"] = Field(description="Derives responses from laboratory values, marrow and imaging.")
    version: Literal["IMWG2016", "IMWG2011"] = Field(default="IMWG2016", description="Version of the criteria.")
    serum_measurable: float = Field(
        default=1.0, gt=0, le=5, description="Serum M-protein that is measurable, g/dL; newer trials use 0.5."
    )
    urine_measurable: float = Field(
        default=200.0, gt=0, le=2000, description="Urine M-protein that is measurable, mg/24 h."
    )
    flc_measurable: float = Field(
        default=10.0, gt=0, le=100, description="Involved free light chains that are measurable, mg/dL."
    )
    marrow_measurable: float = Field(
        default=30.0,
        gt=0,
        le=100,
        description="Marrow plasma cells that are measurable where nothing else is, percent.",
    )
    vgpr_plasmacytoma_fall: float | None = Field(
        default=None,
        gt=0,
        le=100,
        description="Fall of plasmacytomas needed for VGPR, percent; IMWG needs none, some protocols 90.",
    )
    mr_plasmacytoma_fall: float | None = Field(
        default=None,
        gt=0,
        le=100,
        description="Fall of plasmacytomas needed for MR, percent; by version 50 (2016) or 25 (2011).",
    )
    lowest: Literal["confirmed", "any"] = Field(
        default="confirmed",
        description="Progression is counted from the lowest value that the next one bears out, or from the lowest of all.",
    )
    marrow_for_cr: Literal["required", "if-examined"] = Field(
        default="required", description="Whether complete response needs a marrow examination after the first dose."
    )
    use_immunoglobulin: bool = Field(
        default=False, description="IgA or IgD stands for serum M-protein in patients without it at baseline."
    )
    radiologist_progresses: bool = Field(
        default=True, description="Whether progression in the radiologist's judgment counts."
    )
    visit_window_days: int = Field(
        default=0, ge=0, le=60, description="Days after the first assessment of a visit that belong to the visit."
    )
    baseline_window_days: int | None = Field(
        default=None, ge=0, description="Days before the first dose from which a baseline value may be; any by default."
    )
    compare_with_site: bool = Field(
        default=False, description="Whether the derived response is compared with the site's, in the table `responses`."
    )
    compare_window_days: int = Field(
        default=7,
        ge=0,
        le=60,
        description="Days that a visit may be from the day of the site's call to be compared with it.",
    )
    mrd_sensitivity: float | None = Field(
        default=1e-5, gt=0, lt=1, description="Sensitivity from which a negative test for residual disease counts."
    )
    mrd_sustained_days: int = Field(
        default=365, ge=1, description="Days between negative tests from which negativity is sustained."
    )

    def tables(self) -> tuple[str, ...]:
        """Assessments; therapies where new therapy is no variable; the site's calls where they are compared."""
        therapies = self.new_therapy is None and self.after_new_therapy == "stop"
        return (
            "assessments",
            *(("therapies",) if therapies else ()),
            *(("responses",) if self.compare_with_site else ()),
        )

    def variables(self) -> tuple[Variable, ...]:
        """Best response, confirmed and reported, its days, by what it is measured, agreement, residual disease."""
        name, label = self.name, self.label
        return (
            *self._best_variables(),
            _category(f"{name}_track", f"{label}: measured by", _TRACKS),
            _category(f"{name}_evaluable", f"{label}: evaluable", _YES_NO),
            Variable(f"{name}_best_change", f"{label}: best change", "number", unit="%", minimum=-100, decimals=1),
            _category(f"{name}_agreement", f"{label}: derived and called by the site", _AGREEMENTS),
            _category(f"{name}_mrd", "Measurable residual disease", _RESIDUAL),
            _category(f"{name}_mrd_sensitivity", "Sensitivity of negative tests for residual disease", _SENSITIVITIES),
            _category(f"{name}_mrd_sustained", "Sustained negativity for residual disease", _YES_NO),
        )


def _category(name: str, label: str, levels: Mapping[str, str]) -> Variable:
    return Variable(name, label, "category", levels=tuple(Level(code, text) for code, text in levels.items()))


def _day(name: str, label: str) -> Variable:
    return Variable(name, label, "date")
