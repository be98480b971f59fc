"""Worked patients in words: what is said of a visit, what stands for what, and what is passed over."""

import numpy as np
import pandas as pd
import polars as pl
import pytest

from cohortium import imwg_response
from cohortium.derivations.response.visits import _days_of
from cohortium.errors import UsageError

SERUM, URINE = "serum-m-protein", "urine-m-protein"
KAPPA, LAMBDA = "flc-kappa", "flc-lambda"


def table(*rows, **more):
    """Rows of (day, quantity, value or result) of one patient."""
    made = [("A", day, name, None if isinstance(v, str) else float(v), v if isinstance(v, str) else None) for day, name, v in rows]  # fmt: skip
    schema = {"patient": pl.String, "day": pl.Int64, "quantity": pl.String, "value": pl.Float64, "result": pl.String}
    frame = pl.DataFrame(made, schema=schema, orient="row")
    return frame.with_columns(**{name: pl.Series(values) for name, values in more.items()})


def explanations(*rows, **options):
    return imwg_response(table(*rows), **options).visits["explanation"].to_list()


SAID = [
    ([(0, SERUM, 3.1), (28, SERUM, 1.2)], "PR: serum M-protein fell 61% from 3.1 to 1.2 g/dL; urine not measured, so not VGPR"),
    ([(0, SERUM, 2), (28, SERUM, 2)], "SD: serum M-protein unchanged at 2 g/dL"),
    ([(0, SERUM, 10), (28, SERUM, 5.04)], "MR: serum M-protein fell 49% from 10 to 5.04 g/dL"),
    ([(0, SERUM, 2), (28, SERUM, 2.6)], "PD: serum M-protein rose 30% from 2 (lowest confirmed) to 2.6 g/dL"),
    ([(0, SERUM, 1), (28, URINE, 10)], "NE: serum M-protein not measured"),
    ([(0, SERUM, 0.2), (0, URINE, 0), (0, "flc-ratio", 1), (28, SERUM, 0)], "NE: disease not measurable at baseline"),
    ([(28, SERUM, 0.4)], "NE: too little measured at baseline to count response by"),
    ([(0, SERUM, 3), (28, SERUM, 1), (28, "imaging", "new")], "PD: new lesion"),
    ([(0, SERUM, 3), (28, SERUM, 1), (28, "imaging", "increased")], "PD: growth in the radiologist's judgment"),
    ([(0, SERUM, 3), (0, URINE, 500), (28, SERUM, 0.1)],
     "PR: serum M-protein fell 96% from 3 to 0.1 g/dL; serum or urine not measured, so one level lower"),
    ([(0, SERUM, 3), (0, "plasmacytoma-spd", 9), (28, SERUM, 1), (28, URINE, 10)],
     "MR: serum M-protein fell 66% from 3 to 1 g/dL; urine M-protein 10 mg/24 h; plasmacytomas not measured again, so one level lower"),
    ([(0, SERUM, 0), (0, URINE, 0), (0, KAPPA, 40), (0, LAMBDA, 1), (28, KAPPA, 2), (28, LAMBDA, 1)],
     "VGPR: difference of free light chains fell 97% from 39 to 1 mg/dL"),
    ([(0, SERUM, 3), (28, SERUM, 0), (28, URINE, 0), (28, "serum-immunofixation", "negative")],
     "VGPR: serum M-protein fell 100% from 3 to 0 g/dL; urine M-protein 0 mg/24 h; immunofixation not complete, so not CR"),
]  # fmt: skip
COMPLETE = [
    (28, SERUM, 0),
    (28, URINE, 0),
    (28, "serum-immunofixation", "negative"),
    (28, "urine-immunofixation", "negative"),
]


@pytest.mark.parametrize(("rows", "said"), SAID, ids=[said[:40] for _, said in SAID])
def test_a_visit_in_words(rows, said):
    assert explanations(*rows) == [said]


def test_complete_response_in_words():
    base = [(0, SERUM, 3), *COMPLETE]
    told = "serum M-protein fell 100% from 3 to 0 g/dL; urine M-protein 0 mg/24 h; "
    assert explanations(*base) == [f"VGPR: {told}marrow not examined, so not CR"]
    assert explanations(*base, (28, "marrow-plasma-cells", 7)) == [
        f"VGPR: {told}too many plasma cells in marrow, so not CR"
    ]
    both = "serum and urine immunofixation negative; "
    assert explanations(*base, marrow_for_cr="if-examined") == [f"CR: {told}{both}not shown to be stringent"]
    marrow = (28, "marrow-plasma-cells", 2)
    assert explanations(*base, marrow) == [f"CR: {told}{both}marrow plasma cells 2%; not shown to be stringent"]
    stringent = [marrow, (28, "flc-ratio", 1), (28, "marrow-clonal-cells", "negative")]
    found = f"sCR: {told}{both}marrow plasma cells 2%; light chain ratio normal and no clonal plasma cells"
    assert explanations(*base, *stringent) == [found]


def test_a_marrow_stands_until_the_next():
    rows = [(0, SERUM, 3), (20, "marrow-plasma-cells", 2), *COMPLETE]
    assert imwg_response(table(*rows)).visits["response"].to_list() == ["NE", "CR"]


def test_the_baseline_is_the_last_value_up_to_the_first_dose():
    rows = [(-40, SERUM, 9), (0, SERUM, 2), (1, SERUM, 1)]
    found = imwg_response(table(*rows)).visits
    assert (found["day"].to_list(), found["serum_change"].to_list()) == ([1], [-50.0])


def test_an_old_baseline_may_be_refused():
    rows = [(-40, SERUM, 9), (28, SERUM, 2)]
    assert imwg_response(table(*rows), baseline_window_days=39).patients["track"].to_list() == [None]
    assert imwg_response(table(*rows), baseline_window_days=40).patients["track"].to_list() == ["SERUM"]


def test_a_spurious_value_is_passed_over():
    rows = table((0, SERUM, 2), (28, SERUM, 9), (28, SERUM, 1), spurious=[None, True, False])
    assert imwg_response(rows).visits["response"].to_list() == ["PR"]


def test_progression_from_the_lowest_value_of_all():
    rows = [(0, SERUM, 3), (28, SERUM, 1), (56, SERUM, 1.6)]
    assert imwg_response(table(*rows)).visits["response"].to_list() == ["PR", "MR"]
    found = imwg_response(table(*rows), lowest="any").visits
    assert found["response"].to_list() == ["PR", "PD"]
    assert found["explanation"][1] == "PD: serum M-protein rose 60% from 1 (lowest) to 1.6 g/dL"


def test_immunoglobulin_stands_for_serum_m_protein_where_there_is_none():
    rows = table((0, "iga", 2400), (28, "iga", 1100), (28, SERUM, 0.1))
    assert imwg_response(rows).patients["track"].to_list() == [None]
    found = imwg_response(rows, use_immunoglobulin=True)
    assert found.patients["track"].to_list() == ["SERUM"]
    assert found.visits["serum"].to_list() == [1.1]


def test_days_of_one_visit():
    rows = [(0, SERUM, 3), (28, SERUM, 0.2), (30, URINE, 10), (31, URINE, 10)]
    assert imwg_response(table(*rows)).visits["response"].to_list() == ["PR", "NE", "NE"]
    found = imwg_response(table(*rows), visit_window_days=2).visits
    assert (found["day"].to_list(), found["response"].to_list()) == ([28, 31], ["VGPR", "NE"])


def test_of_two_values_of_a_day_the_worse_counts():
    rows = [(0, SERUM, 3), (28, SERUM, 1), (28, SERUM, 2)]
    assert imwg_response(table(*rows)).visits["serum"].to_list() == [2.0]


def test_another_method_is_told():
    rows = table((0, SERUM, 3), (28, SERUM, 1), method=["SPEP", "mass-spectrometry"])
    found = imwg_response(rows).visits
    assert found["method_differs"].to_list() == [True]
    assert found["explanation"][0].endswith("; method differs from baseline")


def test_after_the_data_cutoff_nothing_counts():
    rows = table((0, SERUM, 3), (28, SERUM, 1), (56, SERUM, 1))
    patients = pl.DataFrame({"patient": ["A"], "data_cutoff": [28]})
    assert imwg_response(rows, patients).visits["day"].to_list() == [28]


def test_units_are_converted_and_wrong_ones_refused_without_repeating_them():
    rows = table((0, SERUM, 30), (28, SERUM, 15), unit=["g/L", "g/L"])
    assert imwg_response(rows).visits["serum"].to_list() == [1.5]
    with pytest.raises(UsageError, match=r"column unit.*serum-m-protein in g/dL") as refused:
        imwg_response(table((0, SERUM, 30), unit=["furlong"]))
    assert "furlong" not in str(refused.value)
    with pytest.raises(UsageError, match="column quantity") as refused:
        imwg_response(table((0, "jane-doe", 30)))
    assert "jane" not in str(refused.value)


def test_patients_without_rows_stay_unknown():
    found = imwg_response(table((0, SERUM, 3)), pl.DataFrame({"patient": ["B", "A"]})).patients
    assert found["patient"].to_list() == ["B", "A"]
    assert found["best"].to_list() == [None, None]
    assert found["responder"].to_list() == [None, None]
    assert found["evaluable"].to_list() == ["no", "no"]
    assert found["mrd"].to_list() == ["not-assessed", "not-assessed"]


def test_no_rows_at_all():
    found = imwg_response(table().clear(), pl.DataFrame({"patient": ["A"]}))
    assert (found.visits.height, found.patients["track"].to_list()) == (0, [None])


def test_pandas_frames():
    rows = table((0, SERUM, 3), (28, SERUM, 1), (56, SERUM, 1)).drop("result")
    assert repr(imwg_response(pd.DataFrame(rows.to_dict(as_series=False)))) == "IMWG2016, best confirmed response: PR 1"


@pytest.mark.parametrize("last_day", [9, 10**6])
def test_days_in_any_order_are_those_of_a_sort(last_day):
    """A few days, found by their cell, and days so far apart that they are sorted."""
    rng = np.random.default_rng(6)
    key = rng.integers(0, 4, 60) * 2**32 + rng.integers(-5, last_day, 60) + 2**31
    for given in (key, np.sort(key)):
        days, place = _days_of(given)
        assert days.tolist() == sorted(set(given.tolist()))
        assert days[place].tolist() == given.tolist()


def test_an_explanation_says_what_keeps_a_level_down():
    rows = [
        ("A", 0, "serum-m-protein", 3.0, None), ("A", 0, "plasmacytoma-spd", 10.0, None),
        ("A", 28, "serum-m-protein", 0.2, None), ("A", 28, "urine-m-protein", 0.0, None),
        ("A", 28, "plasmacytoma-spd", 5.1, None),
        ("B", 0, "serum-m-protein", 3.0, None), ("B", 28, "serum-m-protein", 0.0, None),
        ("B", 28, "urine-m-protein", 0.0, None), ("B", 28, "serum-immunofixation", None, "positive"),
    ]  # fmt: skip
    frame = pl.DataFrame(rows, schema=["patient", "day", "quantity", "value", "result"], orient="row")
    said = imwg_response(frame).visits["explanation"].to_list()
    assert said[0].startswith("SD: ")
    assert said[0].endswith("; plasmacytomas did not shrink by enough, so not better")
    assert said[1].startswith("VGPR: ")
    assert said[1].endswith("; serum immunofixation positive, so not CR")
