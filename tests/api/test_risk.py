"""Clinical rules over frames: columns by name, codes, units as stated, and what is refused."""

from __future__ import annotations

import doctest

import pandas as pd
import polars as pl
import pytest

import cohortium
from cohortium.api import risk, risk_scores
from cohortium.errors import UsageError
from cohortium.study.derive.eligibility import LIMITS, TrialEligibility

LESIONS = {"del_17p": ["no", "Yes", None], "t_4_14": ["no", "no", "no"], "t_14_16": ["no", "no", "Not tested"]}


@pytest.mark.parametrize("module", [risk, risk_scores], ids=["risk", "scores"])
def test_examples(module):
    assert doctest.testmod(module).failed == 0


def classic(frame, **keys):
    return cohortium.high_risk_cytogenetics(frame, set="classic", **keys).to_series().to_list()


def test_polars_and_pandas_give_the_same():
    expected = ["standard-risk", "high-risk", None]
    assert classic(pl.DataFrame(LESIONS)) == expected
    assert classic(pd.DataFrame(LESIONS)) == expected
    as_flags = pl.DataFrame({"del_17p": [False, True, None], "t_4_14": [False] * 3, "t_14_16": [False, False, None]})
    assert classic(as_flags) == expected


def test_columns_of_other_names():
    frame = pl.DataFrame(LESIONS).rename({"del_17p": "FISH 17p"})
    assert classic(frame) == [None, None, None]
    assert classic(frame, columns={"del_17p": "FISH 17p"}) == ["standard-risk", "high-risk", None]


def test_stages_as_numbers():
    lesions = {"del_17p": ["no", "no"], "t_4_14": ["no", "no"], "t_14_16": ["no", "no"], "ldh": [250, 251]}
    frame = pl.DataFrame({"iss": [1, 3], **lesions})
    assert cohortium.r_iss(frame, ldh_upper_limit=250).to_series().to_list() == ["I", "III"]


def test_what_is_refused_names_the_column_and_never_a_value():
    odd = pl.DataFrame({**LESIONS, "del_17p": ["no", "secret", None]})
    with pytest.raises(UsageError, match=r"column del_17p: expected one of positive, yes") as refused:
        classic(odd)
    assert "secret" not in str(refused.value)
    with pytest.raises(UsageError, match=r"column creatinine: expected numbers"):
        cohortium.ckd_epi_2021(pl.DataFrame({"creatinine": ["1.0"], "age": [60], "sex": ["F"]}))
    with pytest.raises(UsageError, match=r"no column for sex; name it in `columns`"):
        cohortium.ckd_epi_2021(pl.DataFrame({"creatinine": [1.0], "age": [60]}))
    with pytest.raises(UsageError, match=r"columns: del17 is not among del_17p"):
        classic(pl.DataFrame(LESIONS), columns={"del17": "del_17p"})
    with pytest.raises(UsageError, match=r"frame 1 has no column fish"):
        classic(pl.DataFrame(LESIONS), columns={"del_17p": "fish"})
    with pytest.raises(UsageError, match=r"set: expected one of 'classic'"):
        cohortium.high_risk_cytogenetics(pl.DataFrame(LESIONS), set="old")
    with pytest.raises(UsageError, match=r"taken_as_negative\.0: input should be 'del_17p'"):
        classic(pl.DataFrame(LESIONS), taken_as_negative=["del17"])


def test_eligibility_with_other_limits():
    frame = pl.DataFrame({"platelets": [60.0], "marrow_plasma_cells": [10.0]})
    columns = ["eligibility_platelets", "eligibility_n_not_met"]
    assert cohortium.trial_eligibility(frame).select(columns).rows() == [("not-met", 1)]
    assert cohortium.trial_eligibility(frame, limits={"platelets_at_least": 60}).select(columns).rows() == [("met", 0)]
    with pytest.raises(UsageError, match=r"limits: ecog is not among hemoglobin_at_least"):
        cohortium.trial_eligibility(frame, limits={"ecog": 2})
    named = [key for key, one in TrialEligibility.model_fields.items() if "[M]" in (one.description or "")]
    assert sorted(named) == sorted(LIMITS)


def test_prior_therapy_from_a_frame_of_other_names():
    rows = pl.DataFrame(
        {
            "id": [1, 1, 2],
            "line": [1, 2, 1],
            "agent": ["bortezomib", "ide-cel", "lenalidomide"],
            "drug_class": ["pi", "bcma-car-t", "imid"],
            "role": ["prior"] * 3,
            "start": [-900, -200, -50],
        }
    )
    found = cohortium.prior_therapy(rows, columns={"patient": "id", "drug": "agent"})
    picked = ["patient", "lines", "lines_bcma_kind", "lines_days_since_bcma_car_t", "lines_refractory_lenalidomide"]
    assert found.patients.select(picked).rows() == [("1", 2, "car-t-only", 200, "no"), ("2", 1, "none", None, None)]
    assert found.drugs["explanation"].to_list()[0] == "day of progression not known"
    with pytest.raises(UsageError, match=r"no column for patient, drug"):
        cohortium.prior_therapy(rows)
    with pytest.raises(UsageError, match=r"expected whole numbers"):
        cohortium.prior_therapy(rows.with_columns(start=pl.lit("May")), columns={"patient": "id", "drug": "agent"})


def test_an_empty_frame():
    assert classic(pl.DataFrame(LESIONS).head(0)) == []
    assert cohortium.trial_eligibility(pl.DataFrame({"ecog": [1, 2]})).height == 2
    assert cohortium.charlson(pl.DataFrame({"other": [1, 2]}), not_collected="absent").rows() == [(0, 0)] * 2
