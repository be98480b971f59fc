"""The tidy tables beside `patients`: what a row is, which columns there are, which codes a column may hold.

After intake every date is a whole day from the patient's origin, and a laboratory value is in the one unit of its quantity.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from cohortium.study.quantities import QUANTITIES

PATIENT = "patient"
"""Column that holds the patient's key in every table that a derivation reads."""

PATIENTS = "patients"

TableName = Literal["therapies", "assessments", "events", "responses"]

ColumnKind = Literal["text", "code", "integer", "number", "date", "flag"]


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a tidy table.

    name      column name
    kind      `code`: one of `codes`; `flag`: yes or no; `date`: whole days from the origin after intake
    meaning   one sentence, for the reference page
    codes     code and what it means
    required  a missing value is a query
    minimum, maximum   range of a number
    """

    name: str
    kind: ColumnKind
    meaning: str
    codes: Mapping[str, str] | None = None
    required: bool = False
    minimum: float | None = None
    maximum: float | None = None


@dataclass(frozen=True, slots=True)
class TidyTable:
    """A table with several rows a patient; the column `patient` comes first and is not repeated here."""

    name: str
    row: str
    columns: tuple[Column, ...]

    def column(self, name: str) -> Column:
        """The column of that name; LookupError when there is none."""
        for column in self.columns:
            if column.name == name:
                return column
        raise LookupError(f"the table {self.name} has no column {name}")


DRUG_CLASSES: Mapping[str, str] = {
    "imid": "immunomodulatory drug",
    "pi": "proteasome inhibitor",
    "anti-cd38": "anti-CD38 antibody",
    "bcma-adc": "antibody-drug conjugate against BCMA",
    "bcma-car-t": "CAR T cells against BCMA",
    "bcma-bispecific": "bispecific antibody against BCMA",
    "gprc5d-bispecific": "bispecific antibody against GPRC5D",
    "gprc5d-car-t": "CAR T cells against GPRC5D",
    "fcrh5-bispecific": "bispecific antibody against FcRH5",
    "alkylator": "alkylating agent",
    "anthracycline": "anthracycline",
    "corticosteroid": "corticosteroid",
    "anti-slamf7": "anti-SLAMF7 antibody",
    "xpo1-inhibitor": "exportin-1 inhibitor",
    "bcl2-inhibitor": "BCL-2 inhibitor",
    "autologous-transplant": "high-dose therapy and autologous transplant",
    "allogeneic-transplant": "allogeneic transplant",
    "radiotherapy": "radiotherapy",
    "investigational": "investigational drug",
    "other": "other",
}

RESPONSES: Mapping[str, str] = {
    "sCR": "stringent complete response",
    "CR": "complete response",
    "VGPR": "very good partial response",
    "PR": "partial response",
    "MR": "minimal response",
    "SD": "stable disease",
    "PD": "progressive disease",
    "NE": "not evaluable",
}
"""IMWG response categories, best first."""

STOP_REASONS: Mapping[str, str] = {
    "completed": "planned course completed",
    "progression": "documented progression",
    "clinical-progression": "progression in the physician's judgment, not documented",
    "toxicity": "adverse event",
    "planned-bridge": "planned bridge to cellular therapy or transplant reached",
    "patient-choice": "choice of the patient",
    "death": "death",
    "other": "other",
}

RESULTS: Mapping[str, str] = {
    "negative": "negative, absent, or gone",
    "positive": "positive or present",
    "new": "new lesion",
    "increased": "progression in the radiologist's judgment",
    "not-done": "not done",
    "not-evaluable": "done, not evaluable",
}

_BY_NAME = {name: quantity.label for name, quantity in QUANTITIES.items()}

THERAPIES = TidyTable(
    "therapies",
    "one drug within a line of therapy",
    (
        Column("line", "integer", "Number of the line of therapy, from 1; the study drug's line included.", minimum=1, maximum=40),
        Column("drug", "text", "Generic name of the drug in lower case.", required=True),
        Column("drug_class", "code", "Class of the drug.", DRUG_CLASSES, required=True),
        Column("role", "code", "Role in the study.", {
            "prior": "before the study drug", "index": "the study drug", "bridging": "planned bridging",
            "subsequent": "after the study drug", "supportive": "not against myeloma",
        }, required=True),
        Column("start", "date", "First day of the drug."),
        Column("stop", "date", "Last day of the drug; unknown while ongoing."),
        Column("best_response", "code", "Best response to the line.", RESPONSES),
        Column("stop_reason", "code", "Why the drug was stopped.", STOP_REASONS),
        Column("progression", "date", "Day of progression during or after the drug."),
    ),
)  # fmt: skip

ASSESSMENTS = TidyTable(
    "assessments",
    "one measured quantity of a patient on a day",
    (
        Column("day", "date", "Day of the sample or the image.", required=True),
        Column("quantity", "code", "What was measured.", _BY_NAME, required=True),
        Column(
            "value", "number", "The number, in `unit`; unknown where the quantity has a result in words.", minimum=0
        ),
        Column("unit", "text", "Unit of the value as the site writes it; the quantity's own unit when left out."),
        Column("result", "code", "The result where it is not a number.", RESULTS),
        Column("method", "text", "Method, e.g. `ngs`, `ngf`, `pet-ct`, `aspirate`, `biopsy`."),
        Column("sample", "text", "Sample that the value is from; two assessments of one sample confirm nothing."),
        Column("lower_limit", "number", "Lower limit of normal, in `unit`.", minimum=0),
        Column("upper_limit", "number", "Upper limit of normal, in `unit`.", minimum=0),
        Column("spurious", "flag", "Flagged by the reviewer as spurious; not used."),
    ),
)

YES_NO: Mapping[str, str] = {"yes": "yes", "no": "no"}

EVENTS = TidyTable(
    "events",
    "one adverse event",
    (
        Column("term", "text", "Term in lower case, e.g. `crs`, `icans`, `pneumonia`.", required=True),
        Column("onset", "date", "First day."),
        Column("end", "date", "Last day; unknown while ongoing."),
        Column("grade", "integer", "Highest grade as the site graded it.", minimum=1, maximum=5),
        Column("temperature", "number", "Highest temperature, degrees Celsius.", minimum=30, maximum=45),
        Column("hypotension", "code", "Blood pressure support.", {
            "none": "none", "no-pressor": "hypotension without vasopressor", "one-pressor": "one vasopressor, with or "
            "without vasopressin", "several-pressors": "several vasopressors, vasopressin not counted",
        }),
        Column("oxygen", "code", "Highest oxygen support.", {
            "none": "none", "low-flow": "nasal cannula up to 6 L/min or blow-by", "high-flow": "high-flow nasal cannula, "
            "face mask, non-rebreather or Venturi mask", "positive-pressure": "CPAP, BiPAP or ventilation",
        }),
        Column("ice", "integer", "Lowest ICE score.", minimum=0, maximum=10),
        Column("consciousness", "code", "Worst level of consciousness.", {
            "awake": "awakens spontaneously, alert", "spontaneous": "drowsy, awakens spontaneously", "voice": "awakens to voice",
            "tactile": "awakens only to tactile stimulus", "unarousable": "unarousable, or to vigorous or repeated stimuli only",
        }),
        Column("seizure", "code", "Seizures.", {
            "none": "none", "resolved": "clinical seizure that resolves rapidly, or on EEG with intervention",
            "prolonged": "longer than 5 minutes, or repeated without return to baseline",
        }),
        Column("motor", "code", "Motor findings.", {"none": "none", "deep-focal": "deep focal weakness"}),
        Column("edema", "code", "Raised intracranial pressure, cerebral edema.", {
            "none": "none", "focal": "focal edema on imaging", "diffuse": "diffuse edema, posturing, papilledema or palsy",
        }),
        Column("intervention", "code", "Highest level of treatment.", {
            "none": "none", "local": "local", "oral": "oral", "intravenous": "intravenous",
            "procedure": "radiologic, endoscopic or operative", "urgent": "urgent, life-threatening",
        }),
        Column("infection_class", "code", "Class of the organism.", {
            "bacterial": "bacterial", "viral": "viral", "fungal": "fungal", "protozoal": "protozoal", "unknown": "not identified",
        }),
        Column("organism", "text", "Organism."),
        Column("infection_site", "text", "Site of an infection, e.g. `lung`, `blood`, `urinary tract`."),
        Column("tocilizumab", "flag", "Tocilizumab given."),
        Column("corticosteroids", "flag", "Corticosteroids given for the event."),
        Column("hospitalized", "flag", "Led to, or prolonged, a stay in hospital."),
        Column("attributed", "flag", "False when the finding has another cause than the event of this term."),
        Column("outcome", "code", "Outcome.", {
            "recovered": "recovered", "ongoing": "not recovered", "sequelae": "recovered with sequelae", "fatal": "fatal",
        }),
    ),
)  # fmt: skip

RESPONSES_TABLE = TidyTable(
    "responses",
    "one response as the site called it, on a day",
    (
        Column("day", "date", "Day of the assessment.", required=True),
        Column("response", "code", "Category as called by the site.", RESPONSES, required=True),
        Column("basis", "code", "What a progression rests on.", {
            "biochemical": "serum or urine", "imaging": "imaging, marrow or clinical examination", "clinical": "not documented",
        }),
    ),
)  # fmt: skip

TIDY_TABLES: Mapping[str, TidyTable] = {
    table.name: table for table in (THERAPIES, ASSESSMENTS, EVENTS, RESPONSES_TABLE)
}
"""The tables by name; `patients` is declared by dictionary.csv instead."""
