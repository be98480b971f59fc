"""Curves, intervals, means and robust variances against R survival 3.5.3.

Shared results of R on public data sets, and `survival_extra.json`, which `survival_extra.R` made of the same data.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest

from cohortium import kaplan_meier

# Curves are products of a few hundred factors.
CURVE = 1e-12
# Robust variances are differences of sums of squares, and R's file has 15 digits.
ROBUST = 1e-11
# Means and their variances are sums of products over hundreds of steps.
MEAN = 1e-11
FORMS = {"log-log": "loglog", "log": "log", "plain": "plain", "arcsine": "arcsin"}


def _csv(folder: Path, name: str) -> pl.DataFrame:
    path = next(folder.glob(f"*/{name}.csv"))
    return pl.read_csv(path, null_values=["", "NA"], infer_schema_length=None)


def _frame(folder: Path, name: str) -> pl.DataFrame:
    frame = _csv(folder, name)
    if name == "lung":
        weight = 0.25 + (pl.col("age") % 8) / 8
        return frame.with_columns(event=pl.col("status") - 1, w=weight)
    if name == "veteran":
        cells = pl.Enum(["squamous", "smallcell", "adeno", "large"])
        return frame.with_columns(pl.col("celltype").cast(cells), event=pl.col("status"))
    if name == "pbc":
        return frame.with_columns(event=(pl.col("status") == 2).cast(pl.Int64))
    if name == "KMsurv_bmt":
        return frame.with_columns(time=pl.col("t2"), event=pl.col("d3"))
    if name == "pec_Pbc3":
        return frame.with_columns(time=pl.col("days"), event=(pl.col("status") > 0).cast(pl.Int64))
    if name == "heart":
        return frame.with_columns(time=pl.col("stop"), w=0.5 + (pl.col("id") % 4) / 4)
    if name == "cgd":
        first = frame.filter(pl.col("enum") == 1)
        return first.with_columns(time=pl.col("tstop"), event=pl.col("status"))
    return frame.with_columns(event=pl.col("cens"))


@pytest.fixture
def extra() -> dict[str, Any]:
    return dict(json.loads((Path(__file__).parent / "survival_extra.json").read_text()))


SHARED = {
    "lung": ("lung_ncctg", "km_all", "lung", {}),
    "lung by sex": ("lung_ncctg", "km_sex", "lung", {"by": "sex"}),
    "veteran by treatment": ("veteran", "km_trt", "veteran", {"by": "trt"}),
    "veteran by cell": ("veteran", "km_cell", "veteran", {"by": "celltype"}),
    "pbc by treatment": ("pbc", "km", "pbc", {"by": "trt"}),
    "gehan": ("gehan_6mp", "km", "MASS_gehan", {"by": "treat"}),
    "transplants by group": ("bmt_4hospitals", "km_dfs", "KMsurv_bmt", {"by": "group"}),
    "cirrhosis by treatment": ("pbc3_6hospitals", "km", "pec_Pbc3", {"by": "tment"}),
    "granulomatous disease by treatment": ("cgd_13centres", "km_first", "cgd", {"by": "treat"}),
    "heart transplants, left truncated": (
        "stanford_heart_startstop", "km_td", "heart", {"by": "transplant", "entry": "start"},
    ),
}  # fmt: skip


@pytest.mark.parametrize("interval", FORMS)
@pytest.mark.parametrize("name", SHARED)
def test_curves_and_intervals(reference_data: Path, name: str, interval: str) -> None:
    file, entry, data, options = SHARED[name]
    expected = json.loads((reference_data / "reference" / f"{file}.json").read_text())[entry]
    frame = _frame(reference_data, data)
    km = kaplan_meier(frame, time="time", event="event", interval=interval, **options)  # type: ignore[arg-type]
    short = FORMS[interval]
    columns = {
        "time": "time", "n_risk": "n_risk", "n_event": "n_event", "n_censor": "n_censor", "survival": "surv",
        "standard_error": "se_greenwood", "lower": f"lower_{short}", "upper": f"upper_{short}",
    }  # fmt: skip
    for ours, theirs in columns.items():
        found = km.table[ours].to_numpy()
        assert found == pytest.approx(np.array(expected["table"][theirs], float), abs=CURVE, nan_ok=True), ours
    hazard = km.cumulative_hazard
    assert hazard["hazard"].to_list() == pytest.approx(expected["table"]["cumhaz_na"], abs=CURVE)
    assert hazard["standard_error"].to_list() == pytest.approx(expected["table"]["se_cumhaz"], abs=CURVE)
    if short in expected["quantiles"]:
        _check_quantiles(km, expected, short)
    if short in expected.get("at_times", {}):
        _check_times(km, expected["at_times"][short])


def _check_quantiles(km: Any, expected: dict[str, Any], short: str) -> None:
    for position, curve in enumerate(km.curves.values()):
        for limit, ours in {"quantile": "value", "lower": "lower", "upper": "upper"}.items():
            line = getattr(curve, "survival" if limit == "quantile" else limit)
            if curve.enter_time.size and (np.diff(line[~np.isnan(line)]) > 0).any():
                # Few are at risk early under left truncation, so that a limit rises again: R sorts it first, and its
                # limits of one quantile then disagree between interval forms (16 by log-log, 5 by plain).
                continue
            found = expected["quantiles"][short][limit]
            values = found if isinstance(found, list) else found[expected["strata"][position]]
            assert [getattr(q, ours) for q in curve.quantiles] == pytest.approx(
                np.array(values, float), nan_ok=True, abs=1e-12
            ), (curve.group, limit)


def _check_times(km: Any, expected: dict[str, Any]) -> None:
    times = list(dict.fromkeys(np.atleast_1d(expected["time"]).tolist()))
    at = km.at(times)
    # R extends a curve beyond the last follow-up, where survival is not known.
    known = at["survival"].is_not_nan()
    assert known.any()
    for ours, theirs in {"n_risk": "n_risk", "survival": "surv", "lower": "lower", "upper": "upper"}.items():
        values = np.array(np.atleast_1d(expected[theirs]), float)[known.to_numpy()]
        assert at.filter(known)[ours].to_numpy() == pytest.approx(values, abs=CURVE, nan_ok=True), ours


RESTRICTED = [
    ("lung_ncctg", "km_all", "lung", None),
    ("lung_ncctg", "km_sex", "lung", "sex"),
    ("veteran", "km_trt", "veteran", "trt"),
    ("pbc", "km", "pbc", "trt"),
]


@pytest.mark.parametrize(("file", "entry", "data", "by"), RESTRICTED)
def test_restricted_mean(reference_data: Path, file: str, entry: str, data: str, by: str | None) -> None:
    expected = json.loads((reference_data / "reference" / f"{file}.json").read_text())[entry]["rmst"]
    frame = _frame(reference_data, data)
    km = kaplan_meier(frame, time="time", event="event", by=by, tau=float(expected["tau"]))
    table = expected["table"]
    for row, theirs in zip(
        km.restricted_mean.to_dicts(), table.values() if isinstance(table, dict) else [table], strict=True
    ):
        named = dict(zip(expected["columns"], theirs, strict=True))
        assert row["value"] == pytest.approx(named["rmean"], rel=MEAN)
        assert row["standard_error"] == pytest.approx(named["se(rmean)"], rel=MEAN)


def test_difference_and_ratio_of_restricted_means(reference_data: Path, extra: dict[str, Any]) -> None:
    km = kaplan_meier(_frame(reference_data, "lung"), time="time", event="event", by="sex", tau=365)
    (found,) = km.restricted_mean_contrasts.to_dicts()
    expected = extra["means"]
    assert (found["group"], found["reference"]) == ("2", "1")
    for kind, names in {
        "difference": ("difference", "lower", "upper", "p_value"),
        "ratio": ("ratio", "ratio_lower", "ratio_upper", "ratio_p_value"),
    }.items():
        assert [found[name] for name in names] == pytest.approx(expected[kind], rel=1e-10)


ROBUST_CURVES = {
    "weighted": ("lung", {"by": "sex", "weight": "w"}, 365),
    "clustered": ("lung", {"by": "sex", "cluster": "inst"}, 365),
    "weighted_clustered": ("lung", {"by": "sex", "weight": "w", "cluster": "inst"}, 365),
    "weighted_reverse": ("lung", {"by": "sex", "weight": "w", "reverse": True}, None),
    "truncated": ("heart", {"by": "transplant", "entry": "start"}, None),
    "truncated_weighted": ("heart", {"by": "transplant", "entry": "start", "weight": "w", "cluster": "id"}, 300),
}


@pytest.mark.parametrize("cut", [False, True], ids=["one site", "several sites"])
@pytest.mark.parametrize("name", ROBUST_CURVES)
def test_weights_clusters_and_truncation(reference_data: Path, extra: dict[str, Any], name: str, *, cut: bool) -> None:
    data, options, tau = ROBUST_CURVES[name]
    frame = _frame(reference_data, data)
    frames: Any = frame
    if cut:
        home = pl.col(str(options.get("cluster", "age"))).cast(pl.Int64).fill_null(0) % 3
        frames = [frame.filter(home == k) for k in range(3)] + [frame.clear()]
    for interval in ("log-log", "arcsine"):
        km = kaplan_meier(frames, time="time", event="event", interval=interval, tau=tau, **options)  # type: ignore[arg-type]
        expected, table = extra[name], km.table
        columns = {"time": "time", "survival": "surv", "standard_error": "se"}
        short = FORMS[interval]
        columns |= {"lower": f"lower_{short}", "upper": f"upper_{short}"}
        if "weight" in options:
            columns |= {"weight_risk": "n_risk", "weight_event": "n_event"}
        for ours, theirs in columns.items():
            values = np.array(expected[theirs], float)
            # Where survival is 0 R gives its robust error as 0; there is no interval either way.
            values = np.where(table["survival"].to_numpy() > 0, values, np.nan) if ours == "standard_error" else values
            assert table[ours].to_numpy() == pytest.approx(values, rel=ROBUST, abs=CURVE, nan_ok=True), ours
        hazard = km.cumulative_hazard
        assert hazard["hazard"].to_list() == pytest.approx(expected["cumhaz"], abs=CURVE)
        assert hazard["standard_error"].to_list() == pytest.approx(expected["se_cumhaz"], rel=ROBUST, abs=CURVE)
    if tau is not None:
        for row, mean in zip(km.restricted_mean.to_dicts(), extra[f"{name}_mean"], strict=True):
            assert row["value"] == pytest.approx(mean["value"], rel=MEAN)
            assert row["standard_error"] == pytest.approx(mean["se"], rel=MEAN)


def test_follow_up_by_reverse_kaplan_meier(reference_data: Path) -> None:
    expected = json.loads((reference_data / "reference" / "lung_ncctg.json").read_text())["reverse_km"]
    for interval, short in (("log-log", "loglog"), ("log", "log"), ("plain", "plain")):
        lung = _frame(reference_data, "lung")
        follow_up = kaplan_meier(lung, time="time", event="event", reverse=True, interval=interval)  # type: ignore[arg-type]
        _check_quantiles(follow_up, expected, short)


def test_quantile_on_a_flat_step_by_both_conventions(extra: dict[str, Any]) -> None:
    """R's quantile.survfit takes the middle; the infimum of the times at or below the level is the first day."""
    flat = pl.DataFrame({"t": [1, 2, 4, 9], "e": [1, 1, 1, 0]})
    for rule in ("middle", "first"):
        km = kaplan_meier(flat, time="t", event="e", quantile_rule=rule)  # type: ignore[arg-type]
        assert km.median["all"].value == extra[f"quantile_{rule}"]


def test_r_read_the_same_data(reference_data: Path, extra: dict[str, Any]) -> None:
    for name, digest in extra["_meta"]["md5"].items():
        assert hashlib.md5((reference_data / name).read_bytes()).hexdigest() == digest  # noqa: S324
