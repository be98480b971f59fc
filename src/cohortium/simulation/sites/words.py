"""Words that sites use: columns and codes in several dialects."""

from __future__ import annotations

from collections.abc import Mapping

from cohortium.simulation.sites.habits import TableWords, Words

FLAGS = ("extramedullary", "paraskeletal", "cns_disease", "plasma_cell_leukemia", "prior_bcma")
LESIONS = ("del17p", "t_4_14", "t_14_16", "t_14_20", "gain_1q", "del_1p32", "t_11_14")
_EVENT_FLAGS = ("tocilizumab", "corticosteroids", "hospitalized", "attributed")

_SHORT_QUANTITIES: Words = {
    "serum-m-protein": "SPEP", "urine-m-protein": "UPEP", "flc-kappa": "KAPPA", "flc-lambda": "LAMBDA",
    "serum-immunofixation": "SIFE", "urine-immunofixation": "UIFE", "marrow-plasma-cells": "BMPC", "marrow-clonal-cells": "MFC",
    "plasmacytoma-spd": "SPD", "plasmacytoma": "STP", "imaging": "IMG", "hemoglobin": "HGB", "platelets": "PLT",
    "neutrophils": "ANC", "lymphocytes": "ALC",
}  # fmt: skip
_LONG_QUANTITIES: Words = {
    "serum-m-protein": "M-spike (serum)", "urine-m-protein": "M-protein, 24 h urine", "flc-kappa": "Free kappa",
    "flc-lambda": "Free lambda", "serum-immunofixation": "IFE serum", "urine-immunofixation": "IFE urine",
    "marrow-plasma-cells": "Plasma cells, marrow", "marrow-clonal-cells": "Flow cytometry, marrow",
    "plasmacytoma-spd": "Plasmacytomas (SPD)", "plasmacytoma": "Plasmacytomas", "imaging": "PET/CT", "hemoglobin": "Hemoglobin",
    "platelets": "Platelets", "neutrophils": "Neutrophils (abs.)", "lymphocytes": "Lymphocytes (abs.)",
}  # fmt: skip
GERMAN_QUANTITIES: Words = {
    "serum-m-protein": "M-Gradient Serum", "urine-m-protein": "M-Protein Urin", "flc-kappa": "FLC Kappa", "flc-lambda": "FLC Lambda",
    "serum-immunofixation": "IFE Serum", "urine-immunofixation": "IFE Urin", "marrow-plasma-cells": "Plasmazellen KM",
    "marrow-clonal-cells": "Durchflußzytometrie", "plasmacytoma-spd": "Plasmozytome SPD", "plasmacytoma": "Plasmozytome",
    "imaging": "Bildgebung", "hemoglobin": "Hämoglobin", "platelets": "Thrombozyten", "neutrophils": "Neutrophile",
    "lymphocytes": "Lymphozyten",
}  # fmt: skip
_SPOKEN_RESPONSES: Words = {
    "sCR": "stringent CR", "CR": "complete", "VGPR": "very good partial", "PR": "partial", "MR": "minimal", "SD": "stable",
    "PD": "progression",
}  # fmt: skip


def _same(columns: tuple[str, ...], words: Words) -> dict[str, Words]:
    return dict.fromkeys(columns, words)


def short() -> Mapping[str, TableWords]:
    """Terse: initials and digits."""
    yes_no: Words = {"yes": "1", "no": "0"}
    return {
        "patients": TableWords(
            {
                "patient_id": "ID", "age": "AGE", "sex": "SEX", "race": "RACE", "weight": "WT", "diagnosis_date": "DX_DT",
                "isotype": "HC", "light_chain": "LC", "extramedullary": "EMD", "paraskeletal": "PSK", "cns_disease": "CNS",
                "plasma_cell_leukemia": "PCL", "ecog": "PS", "charlson": "CCI", "b2_microglobulin": "B2M", "albumin": "ALB",
                "ldh": "LDH", "creatinine": "CR", "hemoglobin": "HB", "platelets": "PLT", "neutrophils": "ANC",
                "first_dose": "C1D1", "last_contact": "LFU", "death_date": "DOD", "death_cause": "COD", "n_doses": "NDOSE",
                "vital_status": "VS",
            },
            {
                "sex": {"female": "F", "male": "M"}, **_same(FLAGS, yes_no),
                **_same(LESIONS, {"positive": "1", "negative": "0", "not tested": "9"}), "vital_status": {"alive": "A", "dead": "D"},
                "light_chain": {"kappa": "K", "lambda": "L"},
            },
        ),
        "therapies": TableWords(
            {"patient": "ID", "line": "LOT", "drug": "AGENT", "start": "ST", "stop": "EN", "best_response": "BOR", "progression": "PD_DT"},
            {"role": {"prior": "P", "index": "I", "subsequent": "S", "supportive": "X"}},
        ),
        "assessments": TableWords(
            {"patient": "ID", "day": "DT", "quantity": "TEST", "value": "RES", "unit": "U", "result": "QUAL"},
            {"quantity": _SHORT_QUANTITIES, "result": {"positive": "POS", "negative": "NEG", "new": "NEW"}},
        ),
        "events": TableWords(
            {"patient": "ID", "term": "AE", "onset": "ST", "end": "EN", "grade": "GR", "temperature": "TMAX", "ice": "ICE"},
            _same(_EVENT_FLAGS, yes_no),
        ),
        "responses": TableWords({"patient": "ID", "day": "DT", "response": "RSP"}),
    }  # fmt: skip


def spoken() -> Mapping[str, TableWords]:
    """Columns as a person would say them."""
    yes_no: Words = {"yes": "Yes", "no": "No"}
    return {
        "patients": TableWords(
            {
                "patient_id": "Study number", "age": "Age at first dose", "sex": "Gender", "race": "Race", "weight": "Weight (kg)",
                "diagnosis_date": "Date of diagnosis", "isotype": "Heavy chain", "light_chain": "Light chain",
                "extramedullary": "Soft tissue, away from bone?", "paraskeletal": "Soft tissue, from bone?", "ecog": "ECOG",
                "b2_microglobulin": "Beta-2 microglobulin", "albumin": "Albumin", "first_dose": "First step-up dose",
                "last_contact": "Last seen", "death_date": "Date of death", "death_cause": "Why died",
            },
            {
                "sex": {"female": "Woman", "male": "Man"}, **_same(FLAGS, yes_no),
                **_same(LESIONS, {"positive": "detected", "negative": "not detected", "not tested": "not done"}),
            },
        ),
        "therapies": TableWords(
            {"patient": "Study number", "line": "Line", "drug": "Drug", "drug_class": "Class", "start": "From", "stop": "To"},
            {"best_response": _SPOKEN_RESPONSES, "role": {"prior": "before", "index": "study drug", "subsequent": "after"}},
        ),
        "assessments": TableWords(
            {"patient": "Study number", "day": "Date", "quantity": "Test", "value": "Number", "unit": "Unit", "result": "In words"},
            {"quantity": _LONG_QUANTITIES, "result": {"positive": "seen", "negative": "not seen", "new": "new lesion"}},
        ),
        "events": TableWords(
            {"patient": "Study number", "term": "Event", "onset": "First day", "end": "Last day", "grade": "Grade"},
            _same(_EVENT_FLAGS, yes_no),
        ),
        "responses": TableWords(
            {"patient": "Study number", "day": "Date", "response": "Response"}, {"response": _SPOKEN_RESPONSES}
        ),
    }  # fmt: skip


def german() -> Mapping[str, TableWords]:
    """A site that writes German."""
    yes_no: Words = {"yes": "ja", "no": "nein"}
    return {
        "patients": TableWords(
            {
                "patient_id": "Pat.-Nr.", "age": "Alter", "sex": "Geschlecht", "weight": "Körpergewicht", "diagnosis_date": "Erstdiagnose",
                "extramedullary": "EMM", "paraskeletal": "paraskelettal", "hemoglobin": "Hämoglobin", "platelets": "Thrombozyten",
                "first_dose": "Erste Gabe", "last_contact": "Letzter Kontakt", "death_date": "Todesdatum", "death_cause": "Todesursache",
                "prior_lines": "Vortherapien", "creatinine": "Kreatinin",
            },
            {
                "sex": {"female": "weiblich", "male": "männlich"}, **_same(FLAGS, yes_no),
                **_same(LESIONS, {"positive": "positiv", "negative": "negativ", "not tested": "nicht untersucht"}),
                "vital_status": {"alive": "lebt", "dead": "verstorben"},
            },
        ),
        "therapies": TableWords(
            {"patient": "Pat.-Nr.", "line": "Linie", "drug": "Substanz", "start": "Beginn", "stop": "Ende"},
            {"role": {"prior": "Vortherapie", "index": "Studie", "subsequent": "Folgetherapie", "supportive": "supportiv"}},
        ),
        "assessments": TableWords(
            {"patient": "Pat.-Nr.", "day": "Datum", "quantity": "Parameter", "value": "Wert", "unit": "Einheit", "result": "Befund"},
            {"quantity": GERMAN_QUANTITIES, "result": {"positive": "positiv", "negative": "negativ", "new": "neue Läsion"}},
        ),
        "events": TableWords(
            {"patient": "Pat.-Nr.", "term": "Ereignis", "onset": "Beginn", "end": "Ende", "grade": "Grad"},
            _same(_EVENT_FLAGS, yes_no),
        ),
        "responses": TableWords({"patient": "Pat.-Nr.", "day": "Datum", "response": "Ansprechen"}),
    }  # fmt: skip


def capitals(columns: Mapping[str, tuple[str, ...]]) -> Mapping[str, TableWords]:
    """Our names in capitals."""
    return {table: TableWords({name: name.upper() for name in names}) for table, names in columns.items()}


def digits() -> Mapping[str, TableWords]:
    """Our names, with numbers for codes, as an old database exports them."""
    yes_no: Words = {"yes": "1", "no": "2"}
    return {
        "patients": TableWords(
            {"patient_id": "record_id"},
            {
                "sex": {"male": "1", "female": "2"}, "race": {"white": "1", "black": "2", "asian": "3", "other": "4"},
                **_same(FLAGS, yes_no), **_same(LESIONS, {"positive": "1", "negative": "2", "not tested": "3"}),
            },
        ),
        "therapies": TableWords({"patient": "record_id"}, {"role": {"prior": "1", "index": "2", "subsequent": "3", "supportive": "4"}}),
        "assessments": TableWords({"patient": "record_id"}, {"result": {"positive": "1", "negative": "2", "new": "3"}}),
        "events": TableWords({"patient": "record_id"}, _same(_EVENT_FLAGS, yes_no)),
        "responses": TableWords({"patient": "record_id"}),
    }  # fmt: skip
