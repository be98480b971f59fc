"""Columns of every file in order."""

from __future__ import annotations

from cohortium.study.tables import PATIENT, TIDY_TABLES

PATIENT_COLUMNS = (
    "patient_id", "age", "sex", "race", "weight", "diagnosis_date", "isotype", "light_chain", "extramedullary", "paraskeletal",
    "cns_disease", "plasma_cell_leukemia", "ecog", "charlson", "b2_microglobulin", "albumin", "ldh", "ldh_upper_limit",
    "creatinine", "calcium", "hemoglobin", "platelets", "neutrophils", "lymphocytes", "bilirubin", "alt", "ast", "crp",
    "ferritin", "ferritin_upper_limit", "del17p", "t_4_14", "t_14_16", "t_14_20", "gain_1q", "del_1p32", "t_11_14",
    "prior_lines", "prior_bcma", "first_dose", "n_doses", "last_contact", "vital_status", "death_date", "death_cause",
)  # fmt: skip

_NOT_WRITTEN = {"assessments": {"sample"}}

COLUMNS: dict[str, tuple[str, ...]] = {
    "patients": PATIENT_COLUMNS,
    **{
        name: (PATIENT, *(column.name for column in table.columns if column.name not in _NOT_WRITTEN.get(name, set())))
        for name, table in TIDY_TABLES.items()
    },
}
"""Our column names by table."""
