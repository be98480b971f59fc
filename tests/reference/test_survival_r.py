"""Agreement with R survival 3.5.3 on the lung, veteran, pbc, gehan and validation data.

The reference files hold R's default `coxph`, whose stopping rule leaves coefficients up to 4e-9 (relative) from
the optimum; `cox_tight.json` holds the same models with a tight rule. Both are compared.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest

from cohortium import cox, kaplan_meier, logrank

# Coefficients and standard errors against R at a tight stopping rule: what is left is rounding.
TIGHT = 1e-9
# The same against R's default rule, which stops early: coefficients in standard errors from the optimum.
DEFAULT = 1e-8
LOG_LIKELIHOOD = 1e-12
# Curves are products of a few hundred factors.
CURVE = 1e-12

COX = {
    "lung": ("lung_ncctg", "cox_ae", "lung", ["age", "sex", "ph.ecog"], None, "efron"),
    "lung_breslow": ("lung_ncctg", "cox_ab", "lung", ["age", "sex", "ph.ecog"], None, "breslow"),
    "lung_by_institution": ("lung_ncctg", "cox_strat_inst", "lung", ["age", "sex", "ph.ecog"], "inst", "efron"),
    "veteran": ("veteran", "cox_efron", "veteran", ["trt", "celltype", "karno", "diagtime", "age", "prior"], None, "efron"),
    "veteran_breslow": (
        "veteran", "cox_breslow", "veteran", ["trt", "celltype", "karno", "diagtime", "age", "prior"], None, "breslow",
    ),
    "veteran_by_cell": (
        "veteran", "cox_strat_cell", "veteran", ["trt", "karno", "diagtime", "age", "prior"], "celltype", "efron",
    ),
    "pbc": ("pbc", "cox5_all418", "pbc", ["age", "edema", "lb", "lp", "la"], None, "efron"),
    "pbc_breslow": ("pbc", "cox5_breslow", "pbc", ["age", "edema", "lb", "lp", "la"], None, "breslow"),
    "pbc_untransformed": ("pbc", "cox_untransformed", "pbc, trial", ["age", "edema", "bili", "protime", "albumin"], None, "efron"),
}  # fmt: skip


class Reference:
    """The data sets and R's results on them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def r(self, name: str) -> dict[str, Any]:
        return dict(json.loads((self.folder / "reference" / f"{name}.json").read_text()))

    def frame(self, name: str) -> pl.DataFrame:
        name, _, trial_only = name.partition(", ")
        path = next(self.folder.glob(f"*/{name}.csv"))
        frame = pl.read_csv(path, null_values=["", "NA"], infer_schema_length=None)
        if name == "lung":
            return frame.with_columns(event=pl.col("status") - 1)
        if name == "veteran":
            cells = pl.Enum(["squamous", "smallcell", "adeno", "large"])
            return frame.with_columns(pl.col("celltype").cast(cells), event=pl.col("status"))
        if name == "pbc":
            logs = {"lb": pl.col("bili").log(), "lp": pl.col("protime").log(), "la": pl.col("albumin").log()}
            if trial_only:
                frame = frame.filter(pl.col("trt").is_not_null())
            return frame.with_columns(event=(pl.col("status") == 2).cast(pl.Int64), **logs)
        return frame.with_columns(event=pl.col("cens"))


@pytest.fixture
def reference(reference_data: Path) -> Reference:
    return Reference(reference_data)


@pytest.mark.parametrize("name", COX)
def test_cox(reference: Reference, name: str) -> None:
    file, entry, data, covariates, strata, ties = COX[name]
    frame = reference.frame(data)
    fit = cox(frame, time="time", event="event", covariates=covariates, strata=strata, ties=ties)  # type: ignore[arg-type]
    usual = reference.r(file)[entry]
    tight = json.loads((Path(__file__).parent / "cox_tight.json").read_text())[name]
    assert (fit.n, fit.n_events) == (tight["n"], tight["nevent"]) == (usual["n"], usual["nevent"])
    found, errors = np.array(list(fit.coefficients.values())), np.array(list(fit.standard_errors.values()))
    assert found == pytest.approx(tight["coef"], rel=TIGHT, abs=0)
    assert errors == pytest.approx(tight["se"], rel=TIGHT, abs=0)
    assert np.abs(found - usual["coef"]).max() <= (DEFAULT * errors).max()
    assert errors == pytest.approx(usual["se"], rel=DEFAULT, abs=0)
    assert fit.log_likelihood == pytest.approx(tight["loglik"], rel=LOG_LIKELIHOOD)
    assert fit.covariance == pytest.approx(np.array(usual["vcov"]), rel=1e-7, abs=1e-13)
    assert fit.score.statistic == pytest.approx(tight["score"][0], rel=1e-11)
    assert fit.wald.statistic == pytest.approx(tight["wald"][0], rel=TIGHT)
    assert fit.likelihood_ratio.statistic == pytest.approx(usual["lr_chisq"], rel=TIGHT)


def test_eighteen_sites_in_any_order_equal_one_site(reference: Reference) -> None:
    """Every number of every method, to 1e-12: what is left is the rounding of sums cut in another way."""
    lung = reference.frame("lung").drop_nulls("inst")
    parts = lung.partition_by("inst")
    assert len(parts) == 18

    def numbers(data: Any, strata: str | None) -> np.ndarray:
        fit = cox(data, time="time", event="event", covariates=["age", "sex", "ph.ecog"], strata=strata)
        test = logrank(data, time="time", event="event", by="sex", strata=strata)
        km = kaplan_meier(data, time="time", event="event", by="sex").table.select(pl.col(pl.Float64)).to_numpy()
        model = [*fit.coefficients.values(), *fit.standard_errors.values(), *fit.log_likelihood, fit.wald.statistic]
        return np.concatenate([model, fit.covariance.ravel(), [test.statistic, test.p_value], km.ravel()])

    for strata in (None, "inst"):
        whole = numbers(lung, strata)
        for order in (parts, parts[::-1], [*parts[7:], lung.clear(), *parts[:7]]):
            assert numbers(order, strata) == pytest.approx(whole, rel=1e-12, abs=0, nan_ok=True)


def test_scores_and_information_of_every_site(reference: Reference) -> None:
    """What each of the 18 institutions sends at R's coefficients is what R computes from its rows alone."""
    from cohortium.estimators.contract import Rows
    from cohortium.estimators.cox.spec import CoxSpec, NumberTerm
    from cohortium.estimators.cox.summaries import SUMS, prepare, summarize
    from cohortium.estimators.grid import Grid
    from cohortium.totals import Params

    parts = reference.r("lung_ncctg")["site_parts_efron_athat"]
    names = ["age", "sex", "ph.ecog"]
    rows = reference.frame("lung").drop_nulls([*names, "inst"])
    spec = CoxSpec("time", "event", Grid.whole(1100), tuple(NumberTerm(name) for name in names), nested=True)
    params = Params({"phase": SUMS, "beta": np.array(parts["beta"]), "center": np.zeros(3)})
    assert len(parts["sites"]) == 18
    for site, expected in parts["sites"].items():
        here = rows.filter(inst=int(site))
        numbers = {name: here[name].cast(pl.Float64).to_numpy() for name in ("time", "event", *names)}
        totals = summarize(prepare(Rows(here.height, numbers, {}), spec), params)
        assert float(totals["log_likelihood"]) == pytest.approx(expected["loglik"], rel=1e-9, abs=1e-12)
        # Differences of sums near 1e4: 1e-9 of the information's own scale.
        assert totals["score"] == pytest.approx(np.array(expected["score"]), rel=1e-9, abs=1e-11)
        information = np.array(expected["info"])
        assert totals["information"] == pytest.approx(information, rel=1e-9, abs=1e-9 * np.abs(information).max())


def test_validation_appendix(reference: Reference) -> None:
    """Six subjects with ties (Therneau and Grambsch 2000, appendix E)."""
    appendix = reference.r("validate_tg_appendix")
    data = appendix["test1"]
    frame = pl.DataFrame({"time": data["time"], "event": data["status"], "x": data["x"]})
    for ties in ("breslow", "efron"):
        fit = cox(frame, time="time", event="event", covariates=["x"], ties=ties)  # type: ignore[arg-type]
        expected = appendix[f"coxph_{ties}"]
        assert fit.coefficients["x"] == pytest.approx(expected["coef"], rel=DEFAULT)
        assert fit.standard_errors["x"] == pytest.approx(expected["se"], rel=DEFAULT)
        assert fit.log_likelihood == pytest.approx((expected["loglik_null"], expected["loglik"]), rel=LOG_LIKELIHOOD)
        assert fit.score.statistic == pytest.approx(expected["score_chisq"], rel=1e-11)
    km = kaplan_meier(frame, time="time", event="event").table
    table = appendix["test1_km"]["table"]
    assert km["survival"].to_list() == pytest.approx(table["surv"], abs=CURVE)
    lower = np.array(table["lower_loglog"], float)
    assert km["lower"].to_numpy() == pytest.approx(lower, abs=CURVE, nan_ok=True)
