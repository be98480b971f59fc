"""Measured quantities: the one unit in which each is kept, and what other units come to.

A conversion is a factor from the unit as written to the unit that is kept; units are compared without case and spaces.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import polars as pl


@dataclass(frozen=True, slots=True)
class Quantity:
    """A quantity.

    label     as printed
    unit      in which it is kept; empty where the result is in words or a pure number
    factors   other unit to the factor by which its value is multiplied
    in_words  the result is in words, never a number
    """

    label: str
    unit: str = ""
    factors: Mapping[str, float] = field(default_factory=dict)
    in_words: bool = False

    def factor(self, unit: str) -> float | None:
        """The factor from a unit as written; None when the unit does not belong to the quantity."""
        written = plain_unit(unit)
        if not written or written == plain_unit(self.unit):
            return 1.0
        return {plain_unit(other): factor for other, factor in self.factors.items()}.get(written)


def plain_unit(unit: str) -> str:
    """A unit without case, spaces and typographic variants: `10^9/L`, `10*9/L` and `x10E9/l` are one."""
    text = "".join(unit.casefold().split()).replace("µ", "u").replace("μ", "u").replace("²", "^2").replace("⁹", "^9")
    for written in ("x10e9", "x10^9", "10e9", "10*9"):
        text = text.replace(written, "10^9")
    text = text.replace("/24hr", "/24h")
    return text.removesuffix("/d") + "/24h" if text.endswith("/d") else text


def converted(value: pl.Expr, factor: pl.Expr | float) -> pl.Expr:
    """A value times a factor, to 12 significant digits: 34 g/L is 3.4 g/dL and not a little more, so limits hold exactly."""
    return (value * factor).round_sig_figs(12)


_CELLS = {"/uL": 0.001, "cells/uL": 0.001, "K/uL": 1.0, "G/L": 1.0, "/nL": 1.0, "/mm3": 0.001, "10^3/uL": 1.0}
_PER_LITER = {"g/L": 0.1, "mg/dL": 0.001}

QUANTITIES: Mapping[str, Quantity] = {
    "serum-m-protein": Quantity("Serum M-protein", "g/dL", {"g/L": 0.1, "mg/dL": 0.001}),
    "urine-m-protein": Quantity("Urine M-protein", "mg/24 h", {"g/24 h": 1000.0}),
    "flc-kappa": Quantity("Free kappa light chains", "mg/dL", {"mg/L": 0.1}),
    "flc-lambda": Quantity("Free lambda light chains", "mg/dL", {"mg/L": 0.1}),
    "flc-ratio": Quantity("Free light chain ratio"),
    "serum-immunofixation": Quantity("Serum immunofixation", in_words=True),
    "urine-immunofixation": Quantity("Urine immunofixation", in_words=True),
    "iga": Quantity("IgA", "mg/dL", {"g/L": 100.0, "mg/L": 0.1}),
    "igd": Quantity("IgD", "mg/dL", {"g/L": 100.0, "mg/L": 0.1}),
    "igg": Quantity("IgG", "mg/dL", {"g/L": 100.0, "mg/L": 0.1}),
    "marrow-plasma-cells": Quantity("Bone marrow plasma cells", "%"),
    "marrow-clonality-ratio": Quantity("Kappa to lambda ratio of marrow plasma cells"),
    "marrow-clonal-cells": Quantity("Clonal plasma cells in marrow", in_words=True),
    "plasmacytoma-spd": Quantity("Plasmacytomas, sum of products of diameters", "cm^2", {"mm^2": 0.01}),
    "plasmacytoma-longest-diameter": Quantity("Plasmacytoma, longest diameter", "cm", {"mm": 0.1}),
    "plasmacytoma-short-axis": Quantity("Plasmacytoma, short axis", "cm", {"mm": 0.1}),
    "plasmacytoma": Quantity("Plasmacytoma", in_words=True),
    "bone-lesions": Quantity("Bone lesions", in_words=True),
    "imaging": Quantity("Imaging", in_words=True),
    "circulating-plasma-cells": Quantity("Circulating plasma cells", "cells/uL", {"/uL": 1.0, "10^9/L": 1000.0}),
    "mrd": Quantity("Measurable residual disease"),
    "mrd-sensitivity": Quantity("Sensitivity reached of the test for residual disease"),
    "hemoglobin": Quantity("Hemoglobin", "g/dL", {"g/L": 0.1, "mmol/L": 1.6113}),
    "platelets": Quantity("Platelets", "10^9/L", _CELLS),
    "neutrophils": Quantity("Neutrophils", "10^9/L", _CELLS),
    "lymphocytes": Quantity("Lymphocytes", "10^9/L", _CELLS),
    "leukocytes": Quantity("Leukocytes", "10^9/L", _CELLS),
    "creatinine": Quantity("Creatinine", "mg/dL", {"umol/L": 1 / 88.42, "mmol/L": 1000 / 88.42}),
    "bilirubin": Quantity("Bilirubin", "mg/dL", {"umol/L": 1 / 17.1}),
    "alt": Quantity("Alanine aminotransferase", "U/L", {"IU/L": 1.0, "ukat/L": 59.988}),
    "ast": Quantity("Aspartate aminotransferase", "U/L", {"IU/L": 1.0, "ukat/L": 59.988}),
    "ldh": Quantity("Lactate dehydrogenase", "U/L", {"IU/L": 1.0, "ukat/L": 59.988}),
    "albumin": Quantity("Albumin", "g/dL", _PER_LITER),
    "beta2-microglobulin": Quantity("Beta-2 microglobulin", "mg/L", {"ug/mL": 1.0, "mg/dL": 10.0}),
    "calcium": Quantity("Calcium", "mg/dL", {"mmol/L": 4.008}),
    "corrected-calcium": Quantity("Calcium corrected for albumin", "mg/dL", {"mmol/L": 4.008}),
    "fibrinogen": Quantity("Fibrinogen", "mg/dL", {"g/L": 100.0}),
    "ferritin": Quantity("Ferritin", "ng/mL", {"ug/L": 1.0}),
    "crp": Quantity("C-reactive protein", "mg/dL", {"mg/L": 0.1}),
    "ionized-calcium": Quantity("Ionized calcium", "mmol/L", {"mg/dL": 1 / 4.008}),
    "sodium": Quantity("Sodium", "mmol/L", {"mEq/L": 1.0}),
    "potassium": Quantity("Potassium", "mmol/L", {"mEq/L": 1.0}),
    "magnesium": Quantity("Magnesium", "mg/dL", {"mmol/L": 2.4305, "mEq/L": 1.21525}),
    "glucose": Quantity("Glucose", "mg/dL", {"mmol/L": 18.016}),
    "fasting-glucose": Quantity("Fasting glucose", "mg/dL", {"mmol/L": 18.016}),
    "uric-acid": Quantity("Uric acid", "mg/dL", {"umol/L": 1 / 59.48, "mmol/L": 1000 / 59.48}),
    "cholesterol": Quantity("Cholesterol", "mg/dL", {"mmol/L": 38.67}),
    "hdl": Quantity("HDL cholesterol", "mg/dL", {"mmol/L": 38.67}),
    "ldl": Quantity("LDL cholesterol", "mg/dL", {"mmol/L": 38.67}),
    "triglycerides": Quantity("Triglycerides", "mg/dL", {"mmol/L": 88.57}),
    "alkaline-phosphatase": Quantity("Alkaline phosphatase", "U/L", {"IU/L": 1.0, "ukat/L": 59.988}),
    "ggt": Quantity("Gamma-glutamyl transferase", "U/L", {"IU/L": 1.0, "ukat/L": 59.988}),
    "amylase": Quantity("Amylase", "U/L", {"IU/L": 1.0, "ukat/L": 59.988}),
    "lipase": Quantity("Lipase", "U/L", {"IU/L": 1.0, "ukat/L": 59.988}),
    "cpk": Quantity("Creatine phosphokinase", "U/L", {"IU/L": 1.0, "ukat/L": 59.988}),
    "haptoglobin": Quantity("Haptoglobin", "mg/dL", {"g/L": 100.0}),
    "aptt": Quantity("Activated partial thromboplastin time", "s", {"sec": 1.0}),
    "inr": Quantity("International normalized ratio"),
    "blood-ph": Quantity("Blood pH"),
    "cd4-lymphocytes": Quantity("CD4 lymphocytes", "10^9/L", _CELLS),
    "creatinine-clearance": Quantity("Creatinine clearance", "mL/min", {"mL/s": 60.0}),
    "weight": Quantity("Weight", "kg", {"lb": 0.45359237}),
    "age": Quantity("Age", "years"),
}
"""Quantities by the code that `assessments` uses."""
