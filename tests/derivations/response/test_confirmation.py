"""Confirmation: the 23 published subjects, and the pairs of categories one by one."""

from datetime import date

import polars as pl
import pytest

from cohortium import confirm_responses

# Subject, confirmed category by visit, best confirmed with its date, first PR or better, progression.
PUBLISHED = """
01-701-1015 | PD                  | PD      2014-02-12 | -          | 2014-02-12
01-701-1028 | sCR sCR sCR         | sCR     2013-08-31 | 2013-08-31 | -
01-701-1034 | CR CR CR            | CR      2014-08-11 | 2014-08-11 | -
01-701-1097 | NE                  | MISSING -          | -          | -
01-701-1115 | PD                  | PD      2013-01-10 | -          | 2013-01-10
01-701-1118 | VGPR VGPR VGPR VGPR | VGPR    2014-04-23 | 2014-04-23 | -
01-701-1130 | VGPR VGPR VGPR VGPR | VGPR    2014-03-29 | 2014-03-29 | -
01-701-1133 | PR PR PR PR         | PR      2012-12-11 | 2012-12-11 | -
01-701-1146 | NE                  | NE      2013-06-30 | -          | -
01-701-1148 | PR PR PR PR         | PR      2013-10-03 | 2013-10-03 | -
01-701-1153 | MR MR MR MR MR      | MR      2013-11-04 | -          | -
01-701-1203 | MR MR MR MR         | MR      2013-03-16 | -          | -
01-701-1211 | MR MR               | MR      2012-12-25 | -          | -
01-701-1239 | MR MR MR MR         | MR      2014-02-19 | -          | -
01-701-1275 | MR MR               | MR      2014-03-22 | -          | -
01-701-1287 | PR PR PD PD         | PR      2014-03-06 | 2014-03-06 | 2014-05-29
01-701-1294 | SD SD               | SD      2013-05-08 | -          | -
01-701-1302 | PD PD               | PD      2013-10-08 | -          | 2013-10-08
01-701-1345 | MR MR MR MR         | MR      2013-11-19 | -          | -
01-701-1363 | NE SD               | SD      2013-08-21 | -          | -
01-701-1415 | MR MR MR MR         | MR      2013-11-04 | -          | -
01-702-1082 | NE SD               | SD      2013-11-17 | -          | -
01-703-1076 | SD SD               | SD      2013-12-04 | -          | -
"""
ORIGIN = date(2012, 1, 1)


def lines():
    for line in PUBLISHED.strip().splitlines():
        subject, confirmed, best, first, progression = (cell.strip() for cell in line.split("|"))
        yield subject, confirmed.split(), best.split(), first, progression


def days(text):
    return None if text == "-" else (date.fromisoformat(text) - ORIGIN).days


def published(folder):
    """Calls and patients; a partial date is the last day of its month, as in the published derivation."""
    calls = pl.read_csv(folder / "pharmaversesdtm_rs_onco_imwg.csv", infer_schema=False)
    details = pl.read_csv(folder / "pharmaversesdtm_supprs_onco_imwg.csv", infer_schema=False)
    whole = pl.col("RSDTC") + pl.when(pl.col("RSDTC").str.len_chars() == 7).then(pl.lit("-01")).otherwise(pl.lit(""))
    called = whole.str.to_date()
    called = pl.when(pl.col("RSDTC").str.len_chars() == 7).then(called.dt.month_end()).otherwise(called)
    imaging = details.filter(pl.col("QNAM") == "PDIFL").select(
        "USUBJID", pl.col("IDVARVAL").alias("RSSEQ"), basis=pl.lit("imaging")
    )
    rows = calls.join(imaging, on=["USUBJID", "RSSEQ"], how="left").select(
        pl.col("USUBJID").alias("patient"),
        (called - ORIGIN).dt.total_days().alias("day"),
        pl.col("RSSTRESC").alias("response"),
        "basis",
    )
    therapy = details.filter(pl.col("QNAM") == "NACTDT").group_by("USUBJID").agg(pl.col("QVAL").first())
    died = details.filter(pl.col("QNAM") == "DTHPDFL")["USUBJID"].to_list()
    patients = (
        calls.select(pl.col("USUBJID").unique(maintain_order=True))
        .join(therapy, on="USUBJID", how="left")
        .select(
            pl.col("USUBJID").alias("patient"),
            (pl.col("QVAL").str.to_date() - ORIGIN).dt.total_days().alias("new_therapy"),
            pl.col("USUBJID").is_in(died).alias("progression_death"),
        )
    )
    return rows, patients


def test_the_published_subjects(reference_data):
    found = confirm_responses(*published(reference_data / "cdisc"))
    confirmed = dict(found.visits.group_by("patient", maintain_order=True).agg("confirmed").iter_rows())
    patients = {row["patient"]: row for row in found.patients.iter_rows(named=True)}
    assert len(patients) == len(confirmed) == 23
    for subject, by_visit, (best, best_date), first, progression in lines():
        row = patients[subject]
        assert (subject, confirmed[subject]) == (subject, by_visit)
        assert (subject, row["best"], row["best_day"]) == (
            subject,
            None if best == "MISSING" else best,
            days(best_date),
        )
        assert (subject, row["first_response"], row["progression"]) == (subject, days(first), days(progression))


def confirmed(calls, *, bases=None, samples=None, therapy=None, died=False, **options):
    n = len(calls)
    frame = pl.DataFrame(
        {
            "patient": ["A"] * n,
            "day": [28 * (i + 1) for i in range(n)],
            "response": calls,
            "basis": pl.Series(bases or [None] * n, dtype=pl.String),
            "sample": pl.Series(samples or [None] * n, dtype=pl.String),
        }
    )
    patients = pl.DataFrame(
        {"patient": ["A"], "new_therapy": pl.Series([therapy], dtype=pl.Int64), "progression_death": [died]}
    )
    return confirm_responses(frame, patients, **options)


PAIRS = """
this | next | confirmed
sCR  | sCR  | sCR
sCR  | PR   | PR
PR   | CR   | PR
PR   | MR   | MR
PR   | SD   | SD
PR   | PD   | SD
PR   |      | SD
MR   | MR   | MR
SD   | PD   | SD
SD   |      | SD
PD   | PD   | PD
PD   | PR   | NE
PD   |      | NE
NE   | CR   | NE
"""


@pytest.mark.parametrize("line", PAIRS.strip().splitlines()[1:])
def test_pairs(line):
    this, following, wanted = (cell.strip() for cell in line.split("|"))
    calls = [this, *([following] if following else [])]
    assert confirmed(calls).visits["confirmed"][0] == wanted


def test_what_is_not_evaluable_is_passed_over():
    assert confirmed(["PR", "NE", "NE", "PR"]).visits["confirmed"].to_list() == ["PR"] * 4


def test_one_sample_confirms_nothing():
    assert confirmed(["PR", "PR"], samples=["S1", "S1"]).visits["confirmed"].to_list() == ["SD", "SD"]
    assert confirmed(["PR", "PR", "VGPR"], samples=["S1", "S1", "S2"]).visits["confirmed"].to_list() == ["PR"] * 3


def test_a_gap_confirms_nothing_where_it_is_limited():
    assert confirmed(["PR", "NE", "PR"], longest_gap_days=56).visits["confirmed"][0] == "PR"
    assert confirmed(["PR", "NE", "PR"], longest_gap_days=55).visits["confirmed"][0] == "SD"


def test_new_therapy_on_the_day_of_the_second_sample_still_confirms():
    assert confirmed(["PR", "PR"], therapy=56).patients["best"].to_list() == ["PR"]
    assert confirmed(["PR", "PR"], therapy=55).patients["best"].to_list() == ["SD"]
    assert confirmed(["PR", "PR"], therapy=55, after_new_therapy="ignore").patients["best"].to_list() == ["PR"]


def test_progression_may_be_confirmed_after_new_therapy():
    found = confirmed(["PR", "PR", "PD", "PD"], therapy=85)
    assert (found.patients["best"][0], found.patients["progression"][0]) == ("PR", 84)


def test_death_from_progression_confirms_what_nothing_better_follows():
    assert confirmed(["PD"], died=True).visits["confirmed"].to_list() == ["PD"]
    assert confirmed(["PD", "NE"], died=True).visits["confirmed"].to_list() == ["PD", "PD"]
    assert confirmed(["PD", "PR", "PR"], died=True).visits["confirmed"].to_list() == ["NE", "PR", "PR"]


def test_an_undocumented_progression_needs_a_second():
    assert confirmed(["PD", "SD"], bases=["clinical", None]).visits["confirmed"].to_list() == ["NE", "SD"]
    assert confirmed(["PD", "SD"], bases=["imaging", None]).visits["confirmed"].to_list() == ["PD", "PD"]


@pytest.mark.parametrize(
    ("calls", "counts"), [("VGPR PR", "PR"), ("PR PD", "PD"), ("NE PR", "PR"), ("SD MR sCR", "SD")]
)
def test_of_several_calls_on_a_day_the_worst_evaluable_counts(calls, counts):
    named = calls.split()
    for order in (named, named[::-1]):
        frame = pl.DataFrame({"patient": ["A"] * len(order), "day": [28] * len(order), "response": order})
        assert confirm_responses(frame).visits["response"].to_list() == [counts]


def test_calls_before_the_first_dose_or_after_the_data_cutoff_are_passed_over():
    frame = pl.DataFrame({"patient": ["A"] * 4, "day": [0, 28, 56, 84], "response": ["PD", "PR", "PR", "CR"]})
    found = confirm_responses(frame, pl.DataFrame({"patient": ["A"], "data_cutoff": [83]}))
    assert found.visits["day"].to_list() == [28, 56]


def test_the_program_says_what_it_expects():
    with pytest.raises(Exception, match="column response: expected sCR, CR"):
        confirm_responses(pl.DataFrame({"patient": ["A"], "day": [1], "response": ["good"]}))
    with pytest.raises(Exception, match="responses: no column day"):
        confirm_responses(pl.DataFrame({"patient": ["A"], "response": ["PR"]}))
