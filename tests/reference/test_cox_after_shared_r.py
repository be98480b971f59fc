"""All that the shared reference files hold of R's results after a Cox fit, through the Python functions.

R ran at its default stopping rule, which leaves coefficients up to 1e-8 (relative) away from the optimum;
`test_cox_after_r.py` compares with a tight rule.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import polars as pl
import pytest

from cohortium import cox
from cohortium.api.cox_result import CoxResult

# What R's stopping rule leaves: a chi-square moves by its slope in the coefficients.
TEST = 1e-6
# Counts of pairs are whole numbers; value and error follow from them. A pair whose order rests on the last bits is not
# among these data.
CONCORDANCE = 1e-12
# Hazards and residuals move with the coefficients.
CURVE = 1e-7

LUNG, PBC, PBC3 = ["age", "sex", "ph.ecog"], ["age", "edema", "lb", "lp", "la"], ["tment", "alb", "logbili"]
VETERAN = ["trt", "celltype", "karno", "diagtime", "age", "prior"]
BMT, PLATELETS = ["g2", "g3", "z8", "z1c", "z2c", "z1c z2c"], ["g2", "g3", "z8", "platelets"]
HEART = ["age", "surgery", "transplant", "age transplant", "surgery transplant"]


class Entry(NamedTuple):
    """One model of a shared file: its data, columns and options."""

    data: str
    covariates: list[str]
    options: dict[str, Any] = {}


LATE = {"entry": "entry"}
BRESLOW: dict[str, Any] = {"ties": "breslow"}
ENTRIES = {
    "lung_ncctg/cox_ae": Entry("lung", LUNG),
    "lung_ncctg/cox_ab": Entry("lung", LUNG, BRESLOW),
    "lung_ncctg/cox_strat_inst": Entry("lung, inside", LUNG, {"strata": "inst"}),
    "lung_ncctg/cox_cluster_inst": Entry("lung, inside", LUNG, {"cluster": "inst"}),
    "veteran/cox_efron": Entry("veteran", VETERAN),
    "veteran/cox_breslow": Entry("veteran", VETERAN, BRESLOW),
    "veteran/cox_strat_cell": Entry("veteran", [n for n in VETERAN if n != "celltype"], {"strata": "celltype"}),
    "pbc/cox5_all418": Entry("pbc", PBC),
    "pbc/cox5_breslow": Entry("pbc", PBC, BRESLOW),
    "pbc/cox5_trial312": Entry("pbc, trial", PBC),
    "pbc/cox_untransformed": Entry("pbc, trial", ["age", "edema", "bili", "protime", "albumin"]),
    "bmt_4hospitals/cox_KM_table_efron": Entry("bmt", BMT),
    "bmt_4hospitals/cox_KM_table_breslow": Entry("bmt", BMT, BRESLOW),
    "bmt_4hospitals/cox_strat_hosp_efron": Entry("bmt", BMT, {"strata": "z9"}),
    "bmt_4hospitals/cox_strat_hosp_breslow": Entry("bmt", BMT, {"strata": "z9", **BRESLOW}),
    "bmt_4hospitals/cox_td_platelet_efron": Entry("bmt, split", PLATELETS, LATE),
    "bmt_4hospitals/cox_td_platelet_breslow": Entry("bmt, split", PLATELETS, {**LATE, **BRESLOW}),
    "pbc3_6hospitals/cox_tment": Entry("pbc3", PBC3[:1]),
    "pbc3_6hospitals/cox_adj": Entry("pbc3", PBC3),
    "pbc3_6hospitals/cox_adj_strat": Entry("pbc3", PBC3, {"strata": "unit"}),
    "pbc3_6hospitals/cox_adj_strat_breslow": Entry("pbc3", PBC3, {"strata": "unit", **BRESLOW}),
    "pbc3_6hospitals/cox_cluster": Entry("pbc3", PBC3, {"cluster": "unit"}),
    "pbc3_6hospitals/cs_transplant": Entry("pbc3", PBC3, {"event": "transplanted"}),
    "pbc3_6hospitals/cs_death": Entry("pbc3", PBC3, {"event": "died"}),
    "cgd_13centres/cox_first": Entry("cgd, first", ["treat", "age", "inherit", "steroids"]),
    "cgd_13centres/ag": Entry("cgd", ["treat", "age", "inherit", "steroids"], {**LATE, "cluster": "id"}),
    "cgd_13centres/ag_strat_center": Entry("cgd", ["treat"], {**LATE, "strata": "center"}),
    "stanford_heart_startstop/cox_td": Entry("heart", HEART, {**LATE, **BRESLOW}),
    "stanford_heart_startstop/cox_td_efron": Entry("heart", HEART, LATE),
    "stanford_heart_startstop/cox_year": Entry("heart", ["age", "year", "surgery", "transplant"], LATE),
    "validate_tg_appendix/coxph_efron": Entry("test1", ["x"]),
    "validate_tg_appendix/coxph_breslow": Entry("test1", ["x"], BRESLOW),
    "validate_tg_appendix/test2_efron": Entry("test2", ["x"], LATE),
    "validate_tg_appendix/test2_breslow": Entry("test2", ["x"], {**LATE, **BRESLOW}),
    "bmtcrr_scrucca/cs_relapse": Entry("bmtcrr", ["Age", "female", "aml", "CR1", "CR2", "CR3", "blood"]),
    "firth/breast_cox_ml": Entry("breast", ["T", "N", "CD"], BRESLOW),
}


def _read(folder: Path, path: str) -> pl.DataFrame:
    return pl.read_csv(folder / path, null_values=["", "NA"], infer_schema_length=None)


def _lung(folder: Path, part: str) -> pl.DataFrame:
    frame = _read(folder, "survival/lung.csv").with_columns(event=pl.col("status") - 1)
    return frame.drop_nulls([*LUNG, "inst"]) if part else frame


def _veteran(folder: Path, _part: str) -> pl.DataFrame:
    cells = pl.Enum(["squamous", "smallcell", "adeno", "large"])
    return _read(folder, "survival/veteran.csv").with_columns(pl.col("celltype").cast(cells), event="status")


def _pbc(folder: Path, part: str) -> pl.DataFrame:
    frame = _read(folder, "survival/pbc.csv").with_columns(event=pl.col("status") == 2)
    logs = {short: pl.col(name).log() for short, name in (("lb", "bili"), ("lp", "protime"), ("la", "albumin"))}
    return (frame.drop_nulls("trt") if part else frame).with_columns(**logs)


def _bmt(folder: Path, part: str) -> pl.DataFrame:
    frame = _read(folder, "textbook/KMsurv_bmt.csv").with_columns(
        time="t2", event="d3", entry=pl.lit(0), z1c=pl.col("z1") - 28, z2c=pl.col("z2") - 28, platelets=pl.lit(0)
    )
    product = (pl.col("z1c") * pl.col("z2c")).alias("z1c z2c")
    frame = frame.with_columns(product, g2=(pl.col("group") == 2).cast(int), g3=(pl.col("group") == 3).cast(int))
    if not part:
        return frame
    recovers = (pl.col("dp") == 1) & (pl.col("tp") < pl.col("time"))
    before = frame.filter(recovers).with_columns(time="tp", event=pl.lit(0))
    after = frame.filter(recovers).with_columns(entry="tp", platelets=pl.lit(1))
    return pl.concat([frame.filter(~recovers), before, after], how="vertical_relaxed")


def _pbc3(folder: Path, _part: str) -> pl.DataFrame:
    status = pl.col("status")
    columns = {"time": pl.col("days"), "event": status > 0, "transplanted": status == 1, "died": status == 2}
    return _read(folder, "multicentre/pec_Pbc3.csv").with_columns(logbili=pl.col("bili").log(), **columns)


def _cgd(folder: Path, part: str) -> pl.DataFrame:
    # R sorts levels without regard to case.
    inherit = pl.col("inherit").cast(pl.Enum(["autosomal", "X-linked"]))
    frame = _read(folder, "survival/cgd.csv").with_columns(inherit, time="tstop", event="status", entry="tstart")
    return frame.filter(enum=1) if part else frame


def _heart(folder: Path, _part: str) -> pl.DataFrame:
    frame = _read(folder, "survival/heart.csv").with_columns(
        pl.col("transplant").cast(float), time="stop", entry="start"
    )
    return frame.with_columns(
        (pl.col(name) * pl.col("transplant")).alias(f"{name} transplant") for name in ("age", "surgery")
    )


def _bmtcrr(folder: Path, _part: str) -> pl.DataFrame:
    indicators = {
        "event": pl.col("Status") == 1,
        "female": pl.col("Sex") == "F",
        "aml": pl.col("D") == "AML",
        "blood": pl.col("Source") == "PB",
        **{phase: pl.col("Phase") == phase for phase in ("CR1", "CR2", "CR3")},
    }
    frame = _read(folder, "textbook/casebase_bmtcrr.csv").with_columns(time="ftime")
    return frame.with_columns(**{name: column.cast(int) for name, column in indicators.items()})


def _breast(folder: Path, _part: str) -> pl.DataFrame:
    return _read(folder, "logistic/coxphf_breast.csv").with_columns(time="TIME", event="CENS")


def _micro(name: str) -> Callable[[Path, str], pl.DataFrame]:
    def frame(folder: Path, _part: str) -> pl.DataFrame:
        columns = json.loads((folder / "reference" / "validate_tg_appendix.json").read_text())[name]
        roles = {"status": "event", "start": "entry", "stop": "time"}
        return pl.DataFrame({roles.get(key, key): values for key, values in columns.items()})

    return frame


FRAMES: dict[str, Callable[[Path, str], pl.DataFrame]] = {
    "lung": _lung,
    "veteran": _veteran,
    "pbc": _pbc,
    "bmt": _bmt,
    "pbc3": _pbc3,
    "cgd": _cgd,
    "heart": _heart,
    "bmtcrr": _bmtcrr,
    "breast": _breast,
    "test1": _micro("test1"),
    "test2": _micro("test2"),
}


@pytest.fixture(params=ENTRIES)
def case(request: pytest.FixtureRequest, reference_data: Path) -> tuple[CoxResult, dict[str, Any]]:
    """A fit, and R's results of the same model."""
    entry = ENTRIES[request.param]
    file, _, name = request.param.partition("/")
    expected = json.loads((reference_data / "reference" / f"{file}.json").read_text())[name]
    data, _, part = entry.data.partition(", ")
    options = {"time": "time", "event": "event", **entry.options}
    fit = cox(FRAMES[data](reference_data, part), covariates=entry.covariates, **options)  # type: ignore[arg-type]
    assert (fit.n, fit.n_events) == (expected["n"], expected["nevent"])
    assert list(fit.coefficients.values()) == pytest.approx(np.atleast_1d(expected["coef"]), rel=CURVE)
    return fit, expected


def test_after_the_fit(case: tuple[CoxResult, dict[str, Any]]) -> None:
    fit, expected = case
    for transform, r in expected.get("zph", {}).items():
        found = fit.ph_test(transform=transform, smooth_df=0).to_frame()
        assert found["df"].to_list() == r["df"]
        assert found["chi_square"].to_list() == pytest.approx(r["chisq"], rel=TEST)
        assert found["p_value"].to_list() == pytest.approx(r["p"], rel=TEST)
    concordance, r = fit.concordance(), expected["concordance"]
    assert list(concordance.pairs.values()) == list(r["counts"].values())
    assert concordance.value == pytest.approx(r["c"], rel=CONCORDANCE)
    assert concordance.standard_error == pytest.approx(r["se"], rel=CONCORDANCE)
    if "basehaz_uncentered" in expected:
        _compare_hazard(fit.baseline_hazard(), expected["basehaz_uncentered"])
    _compare_residuals(fit, expected["residual_checks"])


def _compare_hazard(found: pl.DataFrame, expected: dict[str, Any]) -> None:
    """R has a row for censorings too, at which the hazard stays."""
    strata = expected["strata"] or [""] * len(expected["time"])
    steps = {key[0]: part for key, part in found.partition_by("stratum", as_dict=True).items()}
    for stratum, time, hazard in zip(strata, expected["time"], expected["hazard"], strict=True):
        until = steps[stratum.rpartition("=")[2]].filter(pl.col("time") <= time)["hazard"]
        assert (until[-1] if until.len() else 0.0) == pytest.approx(hazard, rel=CURVE)


def _compare_residuals(fit: CoxResult, expected: dict[str, Any]) -> None:
    martingale, deviance = (
        fit.residuals(kind)["residual"].drop_nulls().to_numpy() for kind in ("martingale", "deviance")
    )  # type: ignore[call-overload]
    # The rows of the split data stand in another order than those of R's tmerge.
    if "platelets" not in fit.names:
        assert martingale[:10] == pytest.approx(expected["martingale_first10"], rel=CURVE, abs=CURVE)
    assert martingale.sum() == pytest.approx(0.0, abs=1e-10)
    assert martingale @ martingale == pytest.approx(expected["sumsq_mart"], rel=CURVE)
    assert deviance @ deviance == pytest.approx(expected["sumsq_dev"], rel=CURVE)
    schoenfeld = fit.residuals("schoenfeld").drop("row", "time").head(5).to_numpy()  # type: ignore[union-attr]
    r = np.array(expected["schoenfeld_first5"], float).reshape(-1, schoenfeld.shape[1])
    assert schoenfeld == pytest.approx(r, rel=CURVE, abs=CURVE * max(1.0, np.abs(r).max()))
