"""`dictionary.csv` of a simulated study, in REDCap's form."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass

_HEADINGS = (
    "Variable / Field Name", "Form Name", "Section Header", "Field Type", "Field Label",
    "Choices, Calculations, OR Slider Labels", "Field Note", "Text Validation Type OR Show Slider Number", "Text Validation Min",
    "Text Validation Max", "Identifier?", "Branching Logic (Show field only if...)", "Required Field?", "Custom Alignment",
    "Question Number (surveys only)", "Matrix Group Name", "Matrix Ranking?", "Field Annotation",
)  # fmt: skip
_YES_NO = "yes, Yes | no, No"
_TESTED = "positive, Positive | negative, Negative | not tested, Not tested"


@dataclass(frozen=True, slots=True)
class _Field:
    name: str
    form: str
    label: str
    validation: str = ""
    choices: str = ""
    unit: str = ""
    low: str = ""
    high: str = ""
    is_required: bool = False

    def cells(self) -> tuple[str, ...]:
        kind = "radio" if self.choices else "text"
        return (
            self.name, self.form, "", kind, self.label, self.choices, self.unit, self.validation, self.low, self.high, "", "",
            "y" if self.is_required else "", "", "", "", "", "",
        )  # fmt: skip


_FIELDS = (
    _Field("patient_id", "baseline", "Study code of the patient", is_required=True),
    _Field("age", "baseline", "Age at first dose", "integer", unit="years", low="18", high="100", is_required=True),
    _Field("sex", "baseline", "Sex", choices="female, Female | male, Male"),
    _Field("race", "baseline", "Race", choices="white, White | black, Black | asian, Asian | other, Other"),
    _Field("weight", "baseline", "Weight", "number_1dp", unit="kg", low="30", high="250"),
    _Field("diagnosis_date", "baseline", "Date of diagnosis", "date_ymd"),
    _Field("isotype", "baseline", "Heavy chain", choices="IgG, IgG | IgA, IgA | IgD, IgD | light chain, Light chain only | non-secretory, Non-secretory"),
    _Field("light_chain", "baseline", "Light chain", choices="kappa, Kappa | lambda, Lambda"),
    _Field("extramedullary", "baseline", "Plasmacytoma not contiguous with bone", choices=_YES_NO),
    _Field("paraskeletal", "baseline", "Plasmacytoma contiguous with bone", choices=_YES_NO),
    _Field("cns_disease", "baseline", "Disease of the central nervous system", choices=_YES_NO),
    _Field("plasma_cell_leukemia", "baseline", "Plasma cell leukemia", choices=_YES_NO),
    _Field("ecog", "baseline", "ECOG performance status", choices="0, 0 | 1, 1 | 2, 2 | 3, 3 | 4, 4"),
    _Field("charlson", "baseline", "Charlson comorbidity index", "integer", low="0", high="30"),
    _Field("b2_microglobulin", "baseline", "Beta-2 microglobulin", "number_1dp", unit="mg/L", low="0.1", high="100"),
    _Field("albumin", "baseline", "Albumin", "number_1dp", unit="g/dL", low="0.5", high="7"),
    _Field("ldh", "baseline", "Lactate dehydrogenase", "integer", unit="U/L", low="20", high="20000"),
    _Field("ldh_upper_limit", "baseline", "LDH, upper limit of normal", "integer", unit="U/L", low="50", high="1000"),
    _Field("creatinine", "baseline", "Creatinine", "number_2dp", unit="mg/dL", low="0.1", high="25"),
    _Field("calcium", "baseline", "Calcium", "number_1dp", unit="mg/dL", low="4", high="20"),
    _Field("hemoglobin", "baseline", "Hemoglobin", "number_1dp", unit="g/dL", low="2", high="22"),
    _Field("platelets", "baseline", "Platelets", "integer", unit="10^9/L", low="0", high="2000"),
    _Field("neutrophils", "baseline", "Neutrophils", "number_2dp", unit="10^9/L", low="0", high="100"),
    _Field("lymphocytes", "baseline", "Lymphocytes", "number_2dp", unit="10^9/L", low="0", high="100"),
    _Field("bilirubin", "baseline", "Bilirubin", "number_1dp", unit="mg/dL", low="0", high="60"),
    _Field("alt", "baseline", "Alanine aminotransferase", "integer", unit="U/L", low="0", high="20000"),
    _Field("ast", "baseline", "Aspartate aminotransferase", "integer", unit="U/L", low="0", high="20000"),
    _Field("crp", "baseline", "C-reactive protein", "number_2dp", unit="mg/dL", low="0", high="100"),
    _Field("ferritin", "baseline", "Ferritin", "integer", unit="ng/mL", low="0", high="200000"),
    _Field("ferritin_upper_limit", "baseline", "Ferritin, upper limit of normal", "integer", unit="ng/mL", low="50", high="1000"),
    _Field("del17p", "baseline", "del(17p)", choices=_TESTED),
    _Field("t_4_14", "baseline", "t(4;14)", choices=_TESTED),
    _Field("t_14_16", "baseline", "t(14;16)", choices=_TESTED),
    _Field("t_14_20", "baseline", "t(14;20)", choices=_TESTED),
    _Field("gain_1q", "baseline", "Gain of 1q", choices=_TESTED),
    _Field("del_1p32", "baseline", "del(1p32)", choices=_TESTED),
    _Field("t_11_14", "baseline", "t(11;14)", choices=_TESTED),
    _Field("prior_lines", "baseline", "Prior lines of therapy", "integer", low="0", high="30"),
    _Field("prior_bcma", "baseline", "Prior BCMA-directed therapy", choices=_YES_NO),
    _Field("first_dose", "course", "Date of first step-up dose", "date_ymd"),
    _Field("n_doses", "course", "Doses received", "integer", low="0", high="500"),
    _Field("last_contact", "course", "Date of last contact", "date_ymd"),
    _Field("vital_status", "course", "Vital status at last contact", choices="alive, Alive | dead, Dead"),
    _Field("death_date", "course", "Date of death", "date_ymd"),
    _Field(
        "death_cause", "course", "Cause of death",
        choices="progression, Progression | infection, Infection | cardiac, Cardiac | second cancer, Second cancer | other, Other | unknown, Unknown",
    ),
)  # fmt: skip


def dictionary_text() -> str:
    """The whole dictionary."""
    text = io.StringIO()
    lines = csv.writer(text, lineterminator="\n")
    lines.writerow(_HEADINGS)
    lines.writerows(field.cells() for field in _FIELDS)
    return text.getvalue()
