"""Agreement of the Cox fit with R survival 3.5.3: late entry, weights, offset, strata, robust variance, tests of terms.

`cox_core.R` runs each model at a tight stopping rule; the shared reference files hold R's default, which leaves
coefficients up to 1e-8 (relative) away from the optimum.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import polars as pl
import pytest

from cohortium.estimators.contract import Factor, Rows
from cohortium.estimators.cox.solve import CoxEstimate
from cohortium.estimators.cox.spec import CoxSpec, NumberTerm
from cohortium.estimators.grid import Grid
from cohortium.estimators.registry import REGISTRY
from estimators.cases import Case, rounds, take

# Coefficients, in units of their standard errors, and standard errors, relative: what is left is rounding.
COEFFICIENT = 1e-10
STANDARD_ERROR = 1e-10
LOG_LIKELIHOOD = 1e-12
TEST = 1e-10
# R's default stopping rule: the same, in standard errors.
DEFAULT = 1e-7
# Scores and information of one site against R's, of their own size: differences of sums near 1e4.
SITE = 1e-9
# A federated fit against the pooled one.
SPLIT = 1e-10

HERE = Path(__file__).parent
HEART = ["age", "surgery", "transplant", "age x transplant", "surgery x transplant"]
YEAR = ["age", "year", "surgery", "transplant"]
CGD = ["treated", "age", "linked", "steroids"]
LUNG = ["age", "sex", "ph.ecog"]
PBC3 = ["tment", "alb", "logbili"]
BMT = ["g2", "g3", "z8", "z1c", "z2c", "z1c x z2c"]
PLATELETS = ["g2", "g3", "z8", "platelets"]
MGUS = ["age", "male", "hgb", "creat"]
PLASMA = ["age", "male", "mspike"]
BMTCRR = ["Age", "female", "aml", "CR1", "CR2", "CR3", "blood"]


class Model(NamedTuple):
    """A model of `cox_core.R`: its data, its columns, and where the shared files have it at R's default rule."""

    data: str
    terms: list[str]
    options: dict[str, Any]
    shared: tuple[str, str] | None = None


def _both(name: str, data: str, terms: list[str], shared: str = "", **options: Any) -> dict[str, Model]:
    """A model with either kind of ties; `shared` names the file and its entries, `{}` for the ties."""
    file, _, entry = shared.partition("/")
    return {
        name.format(ties): Model(data, terms, {**options, "ties": ties}, (file, entry.format(ties)) if entry else None)
        for ties in ("efron", "breslow")
    }


MODELS = {
    "heart_efron": Model("heart", HEART, {}, ("stanford_heart_startstop", "cox_td_efron")),
    "heart_breslow": Model("heart", HEART, {"ties": "breslow"}, ("stanford_heart_startstop", "cox_td")),
    "heart_year": Model("heart", YEAR, {"term_tests": True}, ("stanford_heart_startstop", "cox_year")),
    "heart_cluster": Model("heart", YEAR, {"cluster": "id"}),
    "cgd_efron": Model("cgd", CGD, {"cluster": "id"}, ("cgd_13centres", "ag")),
    "cgd_breslow": Model("cgd", CGD, {"cluster": "id", "ties": "breslow"}),
    **_both("cgd_rows_{}", "cgd", CGD, robust=True),
    **_both("cgd_weighted_{}", "cgd", CGD, cluster="id", weight="w"),
    **_both("cgd_centers_{}", "cgd", CGD, cluster="id", weight="w", strata="center"),
    "cgd_first": Model("cgd, first", CGD, {"entry": ""}, ("cgd_13centres", "cox_first")),
    "cgd_by_center": Model("cgd", ["treated"], {"strata": "center"}, ("cgd_13centres", "ag_strat_center")),
    "lung_cluster_efron": Model("lung", LUNG, {"cluster": "inst"}, ("lung_ncctg", "cox_cluster_inst")),
    "lung_cluster_breslow": Model("lung", LUNG, {"cluster": "inst", "ties": "breslow"}),
    **_both("lung_rows_{}", "lung", LUNG, robust=True),
    **_both("lung_weighted_{}", "lung", LUNG, weight="w"),
    **_both("lung_offset_{}", "lung", LUNG[1:], offset="o"),
    **_both("lung_offset_rows_{}", "lung", LUNG[1:], offset="o", robust=True),
    **_both("lung_all_{}", "lung", LUNG[1:], offset="o", weight="w", strata="inst", cluster="inst"),
    "lung_terms": Model("lung", LUNG, {"term_tests": True}),
    "lung_terms_by_institution": Model(
        "lung", LUNG, {"term_tests": True, "strata": "inst"}, ("lung_ncctg", "cox_strat_inst")
    ),
    "pbc3_treatment": Model("pbc3", PBC3[:1], {}, ("pbc3_6hospitals", "cox_tment")),
    "pbc3_adjusted": Model("pbc3", PBC3, {}, ("pbc3_6hospitals", "cox_adj")),
    "pbc3_by_hospital": Model("pbc3", PBC3, {"strata": "unit"}, ("pbc3_6hospitals", "cox_adj_strat")),
    "pbc3_by_hospital_breslow": Model(
        "pbc3", PBC3, {"strata": "unit", "ties": "breslow"}, ("pbc3_6hospitals", "cox_adj_strat_breslow")
    ),
    "pbc3_cluster": Model("pbc3", PBC3, {"cluster": "unit"}, ("pbc3_6hospitals", "cox_cluster")),
    "pbc3_transplant": Model("pbc3", PBC3, {"event": "transplanted"}, ("pbc3_6hospitals", "cs_transplant")),
    "pbc3_death": Model("pbc3", PBC3, {"event": "died"}, ("pbc3_6hospitals", "cs_death")),
    **_both("bmt_{}", "bmt", BMT, "bmt_4hospitals/cox_KM_table_{}"),
    **_both("bmt_by_hospital_{}", "bmt", BMT, "bmt_4hospitals/cox_strat_hosp_{}", strata="z9"),
    **_both("bmt_platelets_{}", "bmt, split", PLATELETS, "bmt_4hospitals/cox_td_platelet_{}", entry="start"),
    **_both("mgus_{}", "mgus", MGUS),
    **_both("mgus_age_scale_{}", "mgus", MGUS[1:], entry="born", time="end", robust=True),
    "mgus_malignancy": Model("mgus, causes", PLASMA, {"event": "malignant"}, ("mgus2_competing", "cs_pcm")),
    "mgus_death_before": Model("mgus, causes", PLASMA, {"event": "died"}, ("mgus2_competing", "cs_death")),
    "bmtcrr_relapse": Model("bmtcrr", BMTCRR, {}, ("bmtcrr_scrucca", "cs_relapse")),
    "mgus_age_scale_by_sex": Model(
        "mgus", MGUS[2:], {"entry": "born", "time": "end", "strata": "male", "term_tests": True}
    ),
}


def _read(folder: Path, path: str) -> pl.DataFrame:
    return pl.read_csv(folder / path, null_values=["", "NA"], infer_schema_length=None)


def _heart(folder: Path) -> pl.DataFrame:
    frame = _read(folder, "survival/heart.csv").with_columns(pl.col("transplant").cast(pl.Float64), time="stop")
    crossed = {f"{name} x transplant": pl.col(name) * pl.col("transplant") for name in ("age", "surgery")}
    return frame.with_columns(entry="start", **crossed)


def _cgd(folder: Path) -> pl.DataFrame:
    return _read(folder, "survival/cgd.csv").with_columns(
        time="tstop",
        event="status",
        entry="tstart",
        treated=pl.col("treat") == "rIFN-g",
        linked=pl.col("inherit") == "X-linked",
        w=0.5 + (pl.col("id") % 5) / 4,
    )


def _lung(folder: Path) -> pl.DataFrame:
    frame = _read(folder, "survival/lung.csv").with_columns(
        event=pl.col("status") - 1,
        w=0.25 + (pl.int_range(1, pl.len() + 1) % 7) / 3,
        o=0.02 * (pl.col("age") - 40),
    )
    return frame.drop_nulls([*LUNG, "inst"])


def _pbc3(folder: Path) -> pl.DataFrame:
    status = pl.col("status")
    columns = {"time": "days", "event": status > 0, "transplanted": status == 1, "died": status == 2}
    return _read(folder, "multicentre/pec_Pbc3.csv").with_columns(logbili=pl.col("bili").log(), **columns)


def _bmt(folder: Path) -> pl.DataFrame:
    frame = _read(folder, "textbook/KMsurv_bmt.csv").with_columns(
        time="t2",
        event="d3",
        start=pl.lit(0),
        g2=pl.col("group") == 2,
        g3=pl.col("group") == 3,
        z1c=pl.col("z1") - 28,
        z2c=pl.col("z2") - 28,
        platelets=pl.lit(0),
    )
    return frame.with_columns((pl.col("z1c") * pl.col("z2c")).alias("z1c x z2c"))


def _bmt_split(folder: Path) -> pl.DataFrame:
    """A row before and a row after the platelets recover."""
    frame = _bmt(folder)
    recovers = (pl.col("dp") == 1) & (pl.col("tp") < pl.col("time"))
    before = frame.filter(recovers).with_columns(time="tp", event=pl.lit(0))
    after = frame.filter(recovers).with_columns(start="tp", platelets=pl.lit(1))
    return pl.concat([frame.filter(~recovers), before, after], how="vertical_relaxed")


def _mgus(folder: Path) -> pl.DataFrame:
    frame = _read(folder, "survival/mgus2.csv").filter(pl.col("futime") > 0)
    born = 12 * pl.col("age")
    columns = {"male": pl.col("sex") == "M", "born": born, "end": born + pl.col("futime")}
    return frame.with_columns(time="futime", event="death", **columns).drop_nulls(MGUS)


def _mgus_causes(folder: Path) -> pl.DataFrame:
    """Months to a plasma cell malignancy, or to death before it."""
    malignant = pl.col("pstat") == 1
    complete = _read(folder, "survival/mgus2.csv").drop_nulls(["hgb", "creat", "mspike"])
    return complete.with_columns(
        time=pl.when(malignant).then("ptime").otherwise("futime"),
        malignant=malignant,
        died=~malignant & (pl.col("death") == 1),
        male=pl.col("sex") == "M",
    )


def _bmtcrr(folder: Path) -> pl.DataFrame:
    frame = _read(folder, "textbook/casebase_bmtcrr.csv").with_columns(
        time="ftime",
        event=pl.col("Status") == 1,
        female=pl.col("Sex") == "F",
        aml=pl.col("D") == "AML",
        blood=pl.col("Source") == "PB",
    )
    return frame.with_columns((pl.col("Phase") == phase).alias(phase) for phase in ("CR1", "CR2", "CR3"))


FRAMES = {
    "heart": _heart,
    "cgd": _cgd,
    "cgd, first": lambda folder: _cgd(folder).filter(enum=1),
    "lung": _lung,
    "pbc3": _pbc3,
    "bmt": _bmt,
    "bmt, split": _bmt_split,
    "mgus": _mgus,
    "mgus, causes": _mgus_causes,
    "bmtcrr": _bmtcrr,
}
ENTRY = {"heart": "entry", "cgd": "entry"}


def task(folder: Path, model: Model, *, nested: bool) -> tuple[Case, Rows]:
    """The model as a specification, and the rows of its data."""
    frame = FRAMES[model.data](folder)
    options = {"time": "time", "event": "event", "entry": ENTRY.get(model.data, ""), **model.options}
    strata = options.pop("strata", "")
    factors, codes = (), {}
    if strata:
        column = frame[strata].cast(pl.String)
        values = sorted(column.unique())
        factors = (Factor(strata, tuple(values), tuple(values)),)
        codes = {strata: column.cast(pl.Enum(values)).to_physical().to_numpy().astype(np.int64)}
    grid = Grid.of([frame[name].to_numpy() for name in (options["time"], options["entry"]) if name])
    spec = CoxSpec(
        grid=grid, terms=tuple(NumberTerm(name) for name in model.terms), strata=factors, nested=nested, **options
    )
    numbers = {name: frame[name].cast(pl.Float64).to_numpy() for name in spec.numbers}
    return Case("cox", "cox", spec), Rows(frame.height, numbers, codes)


def _tight() -> dict[str, Any]:
    return dict(json.loads((HERE / "cox_core.json").read_text()))


def assert_agrees(found: CoxEstimate, expected: dict[str, Any]) -> None:
    """Every number that R prints."""
    se = np.array(expected["se"])
    assert (found.counts.n, found.counts.n_events) == (expected["n"], expected["nevent"])
    assert np.abs((found.coefficients - expected["coef"]) / se).max() <= COEFFICIENT
    assert found.standard_errors == pytest.approx(se, rel=STANDARD_ERROR, abs=0)
    spread = np.outer(se, se)
    assert found.covariance / spread == pytest.approx(
        np.array(expected["var"]).reshape(spread.shape) / spread, abs=STANDARD_ERROR
    )
    log_likelihoods = [found.log_likelihood_null, found.log_likelihood]
    assert log_likelihoods == pytest.approx(expected["loglik"], rel=LOG_LIKELIHOOD, abs=0)
    assert found.score_test == pytest.approx(expected["score"][0], rel=TEST)
    if found.robust is None:
        assert found.wald_test == pytest.approx(expected["wald"][0], rel=TEST)
    else:
        assert found.robust.wald_test == pytest.approx(expected["wald"][0], rel=TEST)
        naive = np.sqrt(np.diag(found.naive_covariance))
        assert naive == pytest.approx(np.array(expected["naive_se"]), rel=STANDARD_ERROR, abs=0)
        assert found.robust.score_test == pytest.approx(expected["robust_score"][0], rel=TEST)
    without = [test.log_likelihood for test in found.term_tests.values()]
    assert without == pytest.approx(expected.get("without", []), rel=LOG_LIKELIHOOD, abs=0)


@pytest.mark.parametrize("nested", [False, True], ids=["shared risk sets", "risk sets in sites"])
@pytest.mark.parametrize("name", MODELS)
def test_against_r(reference_data: Path, name: str, nested: bool) -> None:
    case, rows = task(reference_data, MODELS[name], nested=nested)
    estimate, _ = rounds(case, [rows])
    assert_agrees(estimate, _tight()[name])


@pytest.mark.parametrize("name", [name for name, model in MODELS.items() if model.shared is not None])
def test_against_the_shared_results_of_r(reference_data: Path, name: str) -> None:
    file, entry = MODELS[name].shared  # type: ignore[misc]
    expected = json.loads((reference_data / "reference" / f"{file}.json").read_text())[entry]
    case, rows = task(reference_data, MODELS[name], nested=False)
    found, _ = rounds(case, [rows])
    errors = np.atleast_1d(expected["robust_se"] if "robust_se" in expected else expected["se"])
    assert np.abs((found.coefficients - expected["coef"]) / errors).max() <= DEFAULT
    assert found.standard_errors == pytest.approx(errors, rel=DEFAULT, abs=0)
    log_likelihoods = [found.log_likelihood_null, found.log_likelihood]
    assert log_likelihoods == pytest.approx([expected["loglik_null"], expected["loglik"]], rel=LOG_LIKELIHOOD)
    assert found.likelihood_ratio == pytest.approx(expected["lr_chisq"], rel=TEST)
    assert found.score_test == pytest.approx(expected["score_chisq"], rel=TEST)


@pytest.mark.parametrize("name", MODELS)
def test_sites_in_any_cut_equal_one_site(reference_data: Path, name: str) -> None:
    """An empty site and a site of one cluster or row included; clusters are never cut."""
    case, rows = task(reference_data, MODELS[name], nested=False)
    cluster = rows.numbers[case.spec.cluster].astype(int) if case.spec.cluster else np.arange(rows.n)
    home = np.random.default_rng(1).integers(0, 4, cluster.max() + 1)
    home[cluster[0]] = 5
    parts = [take(rows, np.flatnonzero(home[cluster] == site)) for site in range(6)]
    (found, _), (whole, _) = rounds(case, parts), rounds(case, [rows])
    assert_equal(found, whole)


@pytest.mark.parametrize("name", [name for name, model in MODELS.items() if "strata" in model.options])
def test_strata_in_sites_equal_one_site(reference_data: Path, name: str) -> None:
    case, rows = task(reference_data, MODELS[name], nested=True)
    home = next(iter(rows.codes.values()))
    # A patient of the CGD trial is in one center, an institution is a cluster: no cluster is cut.
    parts = [take(rows, np.flatnonzero(home % 3 == site)) for site in range(4)]
    (found, _), (whole, _) = rounds(case, parts), rounds(replace(case, spec=replace(case.spec, nested=False)), [rows])
    assert_equal(found, whole)


def assert_equal(found: CoxEstimate, whole: CoxEstimate) -> None:
    for name in ("coefficients", "standard_errors", "naive_covariance"):
        expected = getattr(whole, name)
        assert getattr(found, name) == pytest.approx(expected, rel=SPLIT, abs=SPLIT * np.abs(expected).max())
    for name in ("log_likelihood", "log_likelihood_null", "score_test", "wald_test"):
        assert getattr(found, name) == pytest.approx(getattr(whole, name), rel=SPLIT)
    if whole.robust is not None and found.robust is not None:
        assert found.robust.wald_test == pytest.approx(whole.robust.wald_test, rel=SPLIT)
        assert found.robust.score_test == pytest.approx(whole.robust.score_test, rel=SPLIT)
        assert found.robust.n_clusters == whole.robust.n_clusters
    for term, test in whole.term_tests.items():
        assert found.term_tests[term].statistic == pytest.approx(test.statistic, rel=SPLIT, abs=1e-9)
        assert found.term_tests[term].df == test.df


@pytest.mark.parametrize(
    ("file", "part", "name"),
    [
        ("pbc3_6hospitals", "site_parts_efron_at0", "pbc3_by_hospital"),
        ("pbc3_6hospitals", "site_parts_efron_athat", "pbc3_by_hospital"),
        ("cgd_13centres", "site_parts_efron_athat", "cgd_by_center"),
    ],
)
def test_what_each_hospital_sends(reference_data: Path, file: str, part: str, name: str) -> None:
    """Log-likelihood, score and information of each hospital at R's coefficients are what R computes from its rows."""
    from cohortium.estimators.cox.summaries import SUMS
    from cohortium.totals import Params

    expected = json.loads((reference_data / "reference" / f"{file}.json").read_text())[part]
    case, rows = task(reference_data, MODELS[name], nested=True)
    beta = np.atleast_1d(np.array(expected["beta"], float))
    params = Params({"phase": SUMS, "beta": beta, "center": np.zeros(beta.size)})
    (factor,) = case.spec.strata
    estimator = REGISTRY["cox"]
    for position, site in enumerate(factor.codes):
        here = take(rows, np.flatnonzero(rows.codes[factor.name] == position))
        totals = estimator.summarize(estimator.prepare(here, case.spec), params)
        there = expected["sites"][site]
        assert float(totals["log_likelihood"]) == pytest.approx(there["loglik"], rel=SITE, abs=1e-12)
        information = np.atleast_2d(there["info"])
        scale = max(np.abs(information).max(), 1.0)
        assert totals["score"] == pytest.approx(np.atleast_1d(there["score"]), rel=SITE, abs=SITE * scale)
        assert totals["information"] == pytest.approx(information, rel=SITE, abs=SITE * scale)


def test_the_data_are_those_that_r_read(reference_data: Path) -> None:
    for name, digest in _tight()["_meta"]["md5"].items():
        assert hashlib.md5((reference_data / name).read_bytes()).hexdigest() == digest  # noqa: S324
