"""Laboratory criteria of CTCAE 5.0 and 6.0: one row a term, as data that never change.

Sources: National Cancer Institute, Common Terminology Criteria for Adverse Events, versions 5.0 (2017) and 6.0 (2025), as
the criteria tables of the pharmaverse package admiral give them [V2]. Where the criteria ask for symptoms or treatment
beside the value, the worst case is assumed, as there. Grade 4 anemia and grade 5 do not follow from a laboratory value.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from cohortium.derivations.toxicity.ctcae_criterion import Comparison, Criterion, Step, When

Pair = tuple[float, float]
"""A limit in conventional units and as printed in SI units."""


def _numbers(comparison: Comparison, limits: Mapping[int, float | Pair]) -> tuple[Step, ...]:
    pairs = {grade: limit if isinstance(limit, tuple) else (limit, limit) for grade, limit in limits.items()}
    return tuple(Step(grade, comparison, us, si) for grade, (us, si) in pairs.items())


def _upper(limits: Mapping[int, float], when: When = "always") -> tuple[Step, ...]:
    return tuple(Step(grade, ">", x, x, "upper-limit", when) for grade, x in limits.items())


def _lower(limits: Mapping[int, float]) -> tuple[Step, ...]:
    return tuple(Step(grade, "<", x, x, "lower-limit") for grade, x in limits.items())


def _baseline(limits: Mapping[int, tuple[Comparison, float]], when: When = "always") -> tuple[Step, ...]:
    return tuple(Step(grade, sign, x, x, "baseline", when) for grade, (sign, x) in limits.items())


def _by_baseline(normal: Mapping[int, float], high: Mapping[int, tuple[Comparison, float]]) -> tuple[Step, ...]:
    """Multiples of the upper limit of normal after a baseline that was not high, of the baseline after a high one."""
    return _upper(normal, "baseline-not-high") + _baseline(high, "baseline-high")


_BELOW = _lower({1: 1.0})
_ABOVE = _upper({1: 1.0})
_SYMPTOMS = "signs and symptoms"
_LIVER: Mapping[int, tuple[Comparison, float]] = {4: (">", 20.0), 3: (">", 5.0)}
_FIBRINOGEN = (
    *_numbers("<", {4: (50.0, 0.5)}),
    *_lower({4: 0.25, 3: 0.5, 2: 0.75, 1: 1.0}),
    *_baseline({4: ("<=", 0.25), 3: ("<=", 0.5), 2: ("<=", 0.75)}, "below-lower-limit"),
)
_INR = (
    *_numbers(">", {3: 2.5, 2: 1.5, 1: 1.2}),
    *_baseline({3: (">", 2.5), 2: (">", 1.5), 1: (">", 1.0)}),
)
_HEMOGLOBIN_ABOVE = (
    Step(3, ">", 4.0, 40.0, "above-upper-limit"),
    Step(2, ">", 2.0, 20.0, "above-upper-limit"),
    Step(1, ">", 0.0, 0.0, "above-upper-limit"),
)

_BOTH: Mapping[str, Criterion] = {
    "anemia": Criterion(
        "Anemia", "hemoglobin", _numbers("<", {3: (8.0, 80.0), 2: (10.0, 100.0)}) + _BELOW, "g/L"
    ),
    "leukocytosis": Criterion("Leukocytosis", "leukocytes", _numbers(">", {3: 100.0})),
    "aptt-prolonged": Criterion(
        "Activated partial thromboplastin time prolonged", "aptt", _upper({3: 2.5, 2: 1.5, 1: 1.0})
    ),
    "ldh-increased": Criterion("Blood lactate dehydrogenase increased", "ldh", _ABOVE),
    "cd4-decreased": Criterion(
        "CD4 lymphocytes decreased", "cd4-lymphocytes", _numbers("<", {4: 0.05, 3: 0.2, 2: 0.5}) + _BELOW
    ),
    "cholesterol-high": Criterion(
        "Cholesterol high", "cholesterol",
        _numbers(">", {4: (500.0, 12.92), 3: (400.0, 10.34), 2: (300.0, 7.75)}) + _ABOVE, "mmol/L",
    ),
    "fibrinogen-decreased": Criterion("Fibrinogen decreased", "fibrinogen", _FIBRINOGEN, "g/L"),
    "haptoglobin-decreased": Criterion("Haptoglobin decreased", "haptoglobin", _BELOW),
    "hemoglobin-increased": Criterion("Hemoglobin increased", "hemoglobin", _HEMOGLOBIN_ABOVE, "g/L"),
    "inr-increased": Criterion("INR increased", "inr", _INR, assumes="on anticoagulation"),
    "lymphocytes-increased": Criterion(
        "Lymphocyte count increased", "lymphocytes", _numbers(">", {3: 20.0, 2: 4.0})
    ),
    "amylase-increased": Criterion(
        "Serum amylase increased", "amylase", _upper({4: 5.0, 3: 2.0, 2: 1.5, 1: 1.0}), assumes=_SYMPTOMS
    ),
    "leukocytes-decreased": Criterion(
        "White blood cell decreased", "leukocytes", _numbers("<", {4: 1.0, 3: 2.0, 2: 3.0}) + _BELOW
    ),
    "acidosis": Criterion("Acidosis", "blood-ph", _numbers("<", {3: 7.3}) + _BELOW),
    "alkalosis": Criterion("Alkalosis", "blood-ph", _numbers(">", {3: 7.5}) + _ABOVE),
    "hypercalcemia": Criterion(
        "Hypercalcemia", "corrected-calcium",
        _numbers(">", {4: (13.5, 3.4), 3: (12.5, 3.1), 2: (11.5, 2.9)}) + _ABOVE, "mmol/L",
    ),
    "hypercalcemia-ionized": Criterion(
        "Hypercalcemia (Ionized)", "ionized-calcium", _numbers(">", {4: 1.8, 3: 1.6, 2: 1.5}) + _ABOVE
    ),
    "hyperkalemia": Criterion("Hyperkalemia", "potassium", _numbers(">", {4: 7.0, 3: 6.0, 2: 5.5}) + _ABOVE),
    "hypermagnesemia": Criterion(
        "Hypermagnesemia", "magnesium", _numbers(">", {4: (8.0, 3.3), 3: (3.0, 1.23)}) + _ABOVE, "mmol/L"
    ),
    "hypernatremia": Criterion("Hypernatremia", "sodium", _numbers(">", {4: 160.0, 3: 155.0, 2: 150.0}) + _ABOVE),
    "hypertriglyceridemia": Criterion(
        "Hypertriglyceridemia", "triglycerides",
        _numbers(">", {4: (1000.0, 11.4), 3: (500.0, 5.7), 2: (300.0, 3.42), 1: (150.0, 1.71)}), "mmol/L",
    ),
    "hyperuricemia": Criterion(
        "Hyperuricemia", "uric-acid", _upper({3: 1.0}), assumes="physiologic consequences"
    ),
    "hypoalbuminemia": Criterion(
        "Hypoalbuminemia", "albumin", _numbers("<", {3: (2.0, 20.0), 2: (3.0, 30.0)}) + _BELOW, "g/L"
    ),
    "hypocalcemia": Criterion(
        "Hypocalcemia", "corrected-calcium",
        _numbers("<", {4: (6.0, 1.5), 3: (7.0, 1.75), 2: (8.0, 2.0)}) + _BELOW, "mmol/L",
    ),
    "hypocalcemia-ionized": Criterion(
        "Hypocalcemia (Ionized)", "ionized-calcium", _numbers("<", {4: 0.8, 3: 0.9, 2: 1.0}) + _BELOW
    ),
    "hypoglycemia": Criterion(
        "Hypoglycemia", "glucose", _numbers("<", {4: (30.0, 1.7), 3: (40.0, 2.2), 2: (55.0, 3.0)}) + _BELOW, "mmol/L"
    ),
    "hypokalemia": Criterion(
        "Hypokalemia", "potassium", _numbers("<", {4: 2.5, 3: 3.0}) + _lower({2: 1.0}), assumes="symptomatic"
    ),
    "hypomagnesemia": Criterion(
        "Hypomagnesemia", "magnesium",
        _numbers("<", {4: (0.7, 0.3), 3: (0.9, 0.4), 2: (1.2, 0.5)}) + _BELOW, "mmol/L",
    ),
}  # fmt: skip

_V5: Mapping[str, Criterion] = {
    **_BOTH,
    **{
        f"{code}-increased": Criterion(
            f"{name} aminotransferase increased",
            code,
            _by_baseline({4: 20.0, 3: 5.0, 2: 3.0, 1: 1.0}, {**_LIVER, 2: (">", 3.0), 1: (">=", 1.5)}),
        )
        for code, name in (("alt", "Alanine"), ("ast", "Aspartate"))
    },
    "alp-increased": Criterion(
        "Alkaline phosphatase increased", "alkaline-phosphatase",
        _by_baseline({4: 20.0, 3: 5.0, 2: 2.5, 1: 1.0}, {**_LIVER, 2: (">", 2.5), 1: (">=", 2.0)}),
    ),
    "bilirubin-increased": Criterion(
        "Blood bilirubin increased", "bilirubin",
        _by_baseline(
            {4: 10.0, 3: 3.0, 2: 1.5, 1: 1.0}, {4: (">", 10.0), 3: (">", 3.0), 2: (">", 1.5), 1: (">", 1.0)}
        ),
    ),
    "ggt-increased": Criterion(
        "GGT increased", "ggt",
        _by_baseline({4: 20.0, 3: 5.0, 2: 2.5, 1: 1.0}, {**_LIVER, 2: (">", 2.5), 1: (">", 2.0)}),
    ),
    "cpk-increased": Criterion("CPK increased", "cpk", _upper({4: 10.0, 3: 5.0, 2: 2.5, 1: 1.0})),
    "creatinine-increased": Criterion(
        "Creatinine increased", "creatinine",
        _upper({4: 6.0, 3: 3.0, 2: 1.5, 1: 1.0}) + _baseline({3: (">", 3.0), 2: (">", 1.5)}),
    ),
    "lipase-increased": Criterion(
        "Lipase increased", "lipase", _upper({4: 5.0, 3: 2.0, 2: 1.5, 1: 1.0}), assumes=_SYMPTOMS
    ),
    "lymphocytes-decreased": Criterion(
        "Lymphocyte count decreased", "lymphocytes", _numbers("<", {4: 0.2, 3: 0.5, 2: 0.8}) + _BELOW
    ),
    "neutrophils-decreased": Criterion(
        "Neutrophil count decreased", "neutrophils", _numbers("<", {4: 0.5, 3: 1.0, 2: 1.5}) + _BELOW
    ),
    "platelets-decreased": Criterion(
        "Platelet count decreased", "platelets", _numbers("<", {4: 25.0, 3: 50.0, 2: 75.0}) + _BELOW
    ),
    "hyponatremia": Criterion(
        "Hyponatremia", "sodium",
        (Step(4, "<", 120.0, 120.0), Step(3, "<=", 129.0, 129.0), *_BELOW), assumes="symptomatic",
    ),
}  # fmt: skip

_V6: Mapping[str, Criterion] = {
    **_BOTH,
    **{
        f"{code}-increased": Criterion(
            f"{name} aminotransferase increased",
            code,
            _by_baseline(
                {4: 20.0, 3: 5.0, 2: 3.0, 1: 1.0}, {4: (">", 4.0), 3: (">", 2.0), 2: (">", 1.5), 1: (">=", 1.0)}
            ),
        )
        for code, name in (("alt", "Alanine"), ("ast", "Aspartate"))
    },
    "alp-increased": Criterion(
        "Alkaline phosphatase increased", "alkaline-phosphatase", _upper({1: 1.0}, "above-baseline")
    ),
    "bilirubin-increased": Criterion(
        "Blood bilirubin increased", "bilirubin",
        _by_baseline(
            {4: 10.0, 3: 3.0, 2: 1.5, 1: 1.0}, {4: (">", 10.0), 3: (">", 2.5), 2: (">", 1.5), 1: (">=", 1.0)}
        ),
    ),
    "ggt-increased": Criterion(
        "GGT increased", "ggt",
        _by_baseline(
            {4: 20.0, 3: 5.0, 2: 2.5, 1: 1.0}, {4: (">", 10.0), 3: (">", 3.0), 2: (">", 1.5), 1: (">=", 1.0)}
        ),
    ),
    "creatinine-increased": Criterion(
        "Creatinine increased", "creatinine",
        (
            *_upper({4: 6.0, 1: 1.0}),
            *_upper({3: 3.0, 2: 1.5}, "baseline-not-low"),
            *_baseline({3: (">", 3.0), 2: (">", 1.5)}, "baseline-low"),
        ),
    ),
    "creatinine-clearance-decreased": Criterion(
        "Creatinine clearance decreased", "creatinine-clearance",
        (Step(None, "<", 10.0, 10.0), Step(3, "<=", 25.0, 25.0), Step(2, "<=", 49.0, 49.0)),
    ),
    "hdl-decreased": Criterion("HDL decreased", "hdl", _BELOW),
    "ldl-increased": Criterion("LDL increased", "ldl", _ABOVE),
    "lipase-increased": Criterion(
        "Lipase increased", "lipase", _upper({4: 5.0, 3: 3.0, 2: 1.5, 1: 1.0}), assumes=_SYMPTOMS
    ),
    "neutrophils-decreased": Criterion(
        "Neutrophil count decreased", "neutrophils", _numbers("<", {4: 0.1, 3: 0.5, 2: 1.0, 1: 1.5})
    ),
    "platelets-decreased": Criterion(
        "Thrombocytopenia", "platelets", _numbers("<", {4: 10.0, 3: 50.0, 2: 75.0}) + _BELOW
    ),
    "hyperglycemia": Criterion("Hyperglycemia", "glucose", _numbers(">", {4: (500.0, 27.8), 3: (250.0, 13.9)}), "mmol/L"),
    "hyperglycemia-fasting": Criterion(
        "Hyperglycemia (Fasting)", "fasting-glucose",
        _numbers(">", {4: (500.0, 27.8), 3: (250.0, 13.9), 2: (160.0, 8.9)}) + _ABOVE, "mmol/L",
    ),
    "hyponatremia": Criterion(
        "Hyponatremia", "sodium", _numbers("<", {4: 120.0, 3: 130.0}) + _BELOW, assumes="symptomatic"
    ),
}  # fmt: skip

CRITERIA: Mapping[str, Mapping[str, Criterion]] = MappingProxyType(
    {"5.0": MappingProxyType(_V5), "6.0": MappingProxyType(_V6)}
)
"""Criteria by version and code of the term; a version never changes once it is released."""
