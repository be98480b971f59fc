"""The habits that a design may name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from cohortium.simulation.sites.columns import COLUMNS
from cohortium.simulation.sites.habits import Habits
from cohortium.simulation.sites.words import capitals, digits, german, short, spoken

_LITER = {
    "serum-m-protein": "g/L",
    "urine-m-protein": "g/24 h",
    "flc-kappa": "mg/L",
    "flc-lambda": "mg/L",
    "hemoglobin": "g/L",
}
_SI_PATIENT = {
    "albumin": ("albumin", "g/L"),
    "hemoglobin": ("hemoglobin", "g/L"),
    "creatinine": ("creatinine", "umol/L"),
}
_SELDOM = {"crp": 0.18, "ferritin": 0.16, "b2_microglobulin": 0.1, "charlson": 0.08, "weight": 0.06, "race": 0.04}
_OFTEN = {
    "crp": 0.4,
    "ferritin": 0.35,
    "b2_microglobulin": 0.22,
    "charlson": 0.3,
    "weight": 0.12,
    "ldh": 0.1,
    "race": 0.08,
}
_MOSTLY = {"crp": 0.05, "ferritin": 0.05, "b2_microglobulin": 0.04}

_GERMAN = Habits(
    "european", delimiter=";", encoding="cp1252", has_decimal_comma=True, date_order="dmy", date_form="%d.%m.%Y", missing="k.A.",
    words=german(), units={**_LITER, "plasmacytoma-spd": "mm^2", "plasmacytoma-longest-diameter": "mm", "plasmacytoma-short-axis": "mm"}, patient_units=_SI_PATIENT, names_units=True,
    file_form="simulated-{table}-export.csv", left_out=_SELDOM,
)  # fmt: skip
_SHORT = Habits(
    "terse", date_order="mdy", date_form="%m/%d/%Y", missing=".", words=short(),
    units={"flc-kappa": "mg/L", "flc-lambda": "mg/L", "neutrophils": "/uL", "lymphocytes": "/uL"}, left_out=_OFTEN,
    left_out_if_well={"ferritin": 0.1},
)  # fmt: skip

_ALL = (
    Habits("redcap", words=digits(), left_out=_SELDOM),
    _GERMAN,
    replace(_SHORT, name="wide", is_wide=True, missing="NA", file_form="simulated-{table}-wide.csv", left_out=_SELDOM),
    _SHORT,
    Habits(
        "metric", units={**_LITER, "plasmacytoma-spd": "mm^2", "hemoglobin": "g/L"}, names_units=True, missing="-99",
        patient_units={**_SI_PATIENT, "calcium": ("calcium", "mmol/L")}, left_out=_MOSTLY, left_out_if_well={"crp": 0.1},
    ),
    Habits("tabbed", delimiter="\t", date_order="dmy", date_form="%d/%m/%Y", units={"flc-kappa": "mg/L", "flc-lambda": "mg/L"}, missing="n/a", left_out=_OFTEN),
    Habits(
        "legacy", delimiter="|", encoding="cp1252", words=digits(), date_order="mdy", date_form="%m-%d-%Y", missing="999",
        units={"platelets": "/uL", "neutrophils": "/uL", "lymphocytes": "/uL"}, left_out=_OFTEN, left_out_if_well={"ferritin": 0.12},
    ),
    Habits("spoken", words=spoken(), date_order="mdy", date_form="%m/%d/%Y", missing="unknown", names_units=True, left_out=_SELDOM),
    replace(_GERMAN, name="wide-european", is_wide=True, names_units=False, encoding="utf-8", file_form="simulated-{table}-breit.csv"),
    Habits("registry", encoding="utf-16", delimiter="\t", words=capitals(COLUMNS), units=_LITER, names_units=True, missing="NK", left_out=_MOSTLY),
    Habits("dotted", delimiter=";", date_order="dmy", date_form="%d.%m.%Y", has_decimal_comma=True, missing="-", units={"serum-m-protein": "mg/dL"}, left_out=_SELDOM),
    Habits("shouting", words=capitals(COLUMNS), date_order="mdy", date_form="%m/%d/%Y", missing="MISSING", left_out=_OFTEN),
    Habits("plain", left_out=_MOSTLY),
)  # fmt: skip

HABITS: Mapping[str, Habits] = {habits.name: habits for habits in _ALL}
"""Habits by name."""
