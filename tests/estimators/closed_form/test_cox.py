"""The Cox model on the validation data of Therneau and Grambsch, and against its definition written out.

Log partial likelihood, score and information as algebra in r = exp(beta), after the appendix of Therneau and
Grambsch (2000) and the validation vignette of R's survival package; then the same, and the sandwich, by loops over
event times and rows that know nothing of sums by day.
"""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np
import pytest

from cohortium.errors import SiteDataError, WireError
from cohortium.estimators.contract import Factor, Rows
from cohortium.estimators.cox.sequence import STAGES, phase_of
from cohortium.estimators.cox.spec import CoxSpec, NumberTerm
from cohortium.estimators.cox.summaries import SUMS, asks, prepare, summarize
from cohortium.estimators.grid import Grid
from cohortium.totals import Params
from estimators.cases import Case, rounds

# Closed forms are evaluated in doubles: a few roundings.
EXACT = 1e-14
# Loops and sums by day add the same few hundred numbers in another order.
LOOPS = 1e-12
# A covariance is that of where Newton's method stopped, at most 1e-9 standard errors from the maximum.
STOPPED = 1e-9
# Loops, where a handful are at risk between thousands who left and thousands who come.
LATE = 1e-12

BETAS = (-1.3, 0.0, 0.7)


class Data(NamedTuple):
    """Rows with one covariate."""

    time: list[float]
    event: list[float]
    x: list[float]
    entry: list[float] | None = None
    weight: list[float] | None = None


SECOND = Data(
    time=[2, 3, 6, 7, 8, 9, 9, 9, 14, 17],
    event=[1, 1, 1, 1, 1, 1, 1, 0, 0, 0],
    x=[1, 0, 0, 1, 0, 1, 1, 1, 0, 0],
    entry=[1, 2, 5, 2, 1, 7, 3, 4, 8, 8],
)
THIRD = Data(
    time=[1, 1, 2, 2, 2, 2, 3, 4, 5],
    event=[1, 0, 1, 1, 1, 0, 0, 1, 0],
    x=[2, 0, 1, 1, 0, 1, 0, 1, 0],
    weight=[1, 2, 3, 4, 3, 2, 1, 2, 1],
)


def _rows(data: Data) -> tuple[Rows, dict[str, str]]:
    columns = {name: values for name, values in data._asdict().items() if values is not None}
    numbers = {name: np.array(values, float) for name, values in columns.items()}
    return Rows(len(data.time), numbers, {}), {name: name for name in ("entry", "weight") if name in columns}


def _likelihood(data: Data, ties: str, beta: float) -> tuple[float, float, float]:
    rows, names = _rows(data)
    spec = CoxSpec("time", "event", Grid.whole(20), (NumberTerm("x"),), nested=True, ties=ties, **names)  # type: ignore[arg-type]
    params = Params({"phase": SUMS, "beta": np.array([beta]), "center": np.zeros(1)})
    totals = summarize(prepare(rows, spec), params)
    return float(totals["log_likelihood"]), float(totals["score"][0]), float(totals["information"][0, 0])


def _fit(data: Data, ties: str, **options: Any) -> Any:
    rows, names = _rows(data)
    spec = CoxSpec("time", "event", Grid.whole(20), (NumberTerm("x"),), ties=ties, **{**names, **options})  # type: ignore[arg-type]
    return rounds(Case("cox", "cox", spec), [rows])[0]


def _binary(r: float, first: float, terms: list[tuple[float, float, float]]) -> tuple[float, float, float]:
    """Sums over terms (w, a, b): w log(a r + b), with the derivatives; the covariate is 0 or 1."""
    log_likelihood = first * math.log(r) - sum(w * math.log(a * r + b) for w, a, b in terms)
    score = first - sum(w * a * r / (a * r + b) for w, a, b in terms)
    information = sum(w * a * b * r / (a * r + b) ** 2 for w, a, b in terms)
    return log_likelihood, score, information


@pytest.mark.parametrize("beta", BETAS)
@pytest.mark.parametrize("ties", ["breslow", "efron"])
def test_start_stop(ties: str, beta: float) -> None:
    """log L = 4 beta - log(r+1) - log(r+2) - 2 log(3r+1) - 3 log(3r+2); Efron has log(2r+2) for the last of three."""
    last = (1, 3, 2) if ties == "breslow" else (1, 2, 2)
    terms = [(1, 1, 1), (1, 1, 2), (2, 3, 1), (2, 3, 2), last]
    expected = _binary(math.exp(beta), 4, terms)
    assert _likelihood(SECOND, ties, beta) == pytest.approx(expected, rel=EXACT)


def test_start_stop_at_zero() -> None:
    """U(0) = -2/15 and I(0) = 2821/1800 with Breslow's ties."""
    _, score, information = _likelihood(SECOND, "breslow", 0.0)
    assert score == pytest.approx(-2 / 15, rel=EXACT)
    assert information == pytest.approx(2821 / 1800, rel=EXACT)


def test_start_stop_estimate() -> None:
    """The maximum is where the score vanishes: r = 0.9189477 with Breslow's ties."""
    beta = float(_fit(SECOND, "breslow").coefficients[0])
    assert math.exp(beta) == pytest.approx(0.9189477, abs=5e-8)
    terms = [(1, 1, 1), (1, 1, 2), (2, 3, 1), (3, 3, 2)]
    assert abs(_binary(math.exp(beta), 4, [*terms])[1]) < EXACT * 10


def _weighted(ties: str, beta: float) -> tuple[float, float, float]:
    r = math.exp(beta)
    n1 = r**2 + 11 * r + 7
    mean1 = (2 * r**2 + 11 * r) / n1
    averaged = [(10 / 3, 11, 5), (10 / 3, 26 / 3, 4), (10 / 3, 19 / 3, 3)]
    tied = [(10, 11, 5)] if ties == "breslow" else averaged
    rest = _binary(r, 0, [*tied, (2, 2, 1)])
    first = (11 * beta - math.log(n1), 11 - mean1, (4 * r**2 + 11 * r) / n1 - mean1**2)
    return first[0] + rest[0], first[1] + rest[1], first[2] + rest[2]


@pytest.mark.parametrize("beta", BETAS)
@pytest.mark.parametrize("ties", ["breslow", "efron"])
def test_weights(ties: str, beta: float) -> None:
    """log L = 11 beta - log(r^2 + 11r + 7) - 10 log(11r + 5) - 2 log(2r + 1); Efron: the three tied share weight 10/3."""
    assert _likelihood(THIRD, ties, beta) == pytest.approx(_weighted(ties, beta), rel=EXACT)


def test_weighted_efron_estimate() -> None:
    """The vignette's numbers: LL(0) = -30.29218, LL = -29.41678 at beta = 0.87260425, I = 1.969447."""
    found = _fit(THIRD, "efron")
    assert found.coefficients[0] == pytest.approx(0.87260425, abs=5e-9)
    assert found.log_likelihood_null == pytest.approx(-30.29218, abs=5e-6)
    assert found.log_likelihood == pytest.approx(-29.41678, abs=5e-6)
    assert 1 / found.naive_covariance[0, 0] == pytest.approx(1.969447, abs=5e-7)


def test_robust_score_of_the_weighted_data() -> None:
    """At beta = 0 the scores are those of the vignette: (x - 13/19), (x - 11/16), (x - 2/3) times dM, with weights."""
    a, b, c = 1 / 19, 5 / 8, 2 / 3
    scores = [
        (2 - 13 / 19) * (1 - a), (0 - 13 / 19) * -a,
        (1 - 13 / 19) * -a + (1 - 11 / 16) * (1 - b), (1 - 13 / 19) * -a + (1 - 11 / 16) * (1 - b),
        (0 - 13 / 19) * -a + (0 - 11 / 16) * (1 - b), (1 - 13 / 19) * -a + (1 - 11 / 16) * -b,
        (0 - 13 / 19) * -a + (0 - 11 / 16) * -b, (1 - 13 / 19) * -a + (1 - 11 / 16) * -b + (1 - 2 / 3) * (1 - c),
        (0 - 13 / 19) * -a + (0 - 11 / 16) * -b + (0 - 2 / 3) * -c,
    ]  # fmt: skip
    weighted = np.array(scores) * np.array(THIRD.weight)
    expected = weighted.sum() ** 2 / (weighted**2).sum()
    assert _fit(THIRD, "breslow").robust.score_test == pytest.approx(expected, rel=EXACT * 10)


def test_a_weight_is_a_number_of_equal_rows_with_breslow_ties() -> None:
    """Whole-number weights with Breslow's ties give what the repeated rows give."""
    copies = [int(w) for w in THIRD.weight or []]
    repeated = Data(*([v for v, n in zip(values, copies, strict=True) for _ in range(n)] for values in THIRD[:3]))
    by_weight, by_rows = _fit(THIRD, "breslow"), _fit(repeated, "breslow")
    assert by_weight.coefficients == pytest.approx(by_rows.coefficients, rel=LOOPS)
    assert by_weight.naive_covariance == pytest.approx(by_rows.covariance, rel=LOOPS)
    assert by_weight.log_likelihood == pytest.approx(by_rows.log_likelihood, rel=LOOPS)


class Definition(NamedTuple):
    """The log partial likelihood with its derivatives, and the weighted score residuals of the rows."""

    log_likelihood: float
    score: np.ndarray
    information: np.ndarray
    residuals: np.ndarray


def definition(numbers: dict[str, np.ndarray], x: np.ndarray, beta: np.ndarray, ties: str) -> Definition:
    """The model as it is defined: at every event time, over every row at risk; in extended precision where there is."""
    time, event, entry = numbers["time"], numbers["event"] == 1, numbers["entry"]
    x = x.astype(np.longdouble)
    eta = x @ beta + numbers["offset"]
    weight = numbers["weight"].astype(np.longdouble)
    theta = weight * np.exp(eta)
    p = beta.size
    total, score, information = np.longdouble(0), np.zeros(p, np.longdouble), np.zeros((p, p), np.longdouble)
    residuals = np.zeros(x.shape, np.longdouble)
    for stratum in np.unique(numbers["stratum"]):
        here = numbers["stratum"] == stratum
        for t in np.unique(time[event & here]):
            risk = np.flatnonzero(here & (entry < t) & (t <= time))
            dead = np.flatnonzero(here & event & (time == t))
            d, mean_weight = dead.size, weight[dead].mean()
            total += weight[dead] @ eta[dead]
            score += weight[dead] @ x[dead]
            for k in range(d):
                share = k / np.longdouble(d) if ties == "efron" else np.longdouble(0)
                part = theta[risk] * np.where(np.isin(risk, dead), 1 - share, 1)
                s0 = part.sum()
                mean = part @ x[risk] / s0
                away = x[risk] - mean
                total -= mean_weight * np.log(s0)
                score -= mean_weight * mean
                information += mean_weight * (part[:, None] * away).T @ away / s0
                residuals[risk] -= mean_weight * part[:, None] / s0 * away
                residuals[dead] += weight[dead, None] * (x[dead] - mean) / d
    return Definition(float(total), *(np.asarray(a, float) for a in (score, information, residuals)))


def _random(seed: int, n: int) -> tuple[Rows, np.ndarray]:
    rng = np.random.default_rng(seed)
    time = rng.integers(1, 25, n).astype(float)
    x = np.round(np.column_stack([rng.normal(60, 10, n), rng.integers(0, 2, n)]), 1)
    numbers = {
        "time": time,
        "event": (rng.random(n) < 0.7).astype(float),
        "entry": np.floor(time * rng.random(n) * rng.integers(0, 2, n)),
        "weight": rng.uniform(0.2, 3, n),
        "offset": np.round(rng.normal(0, 0.5, n), 2),
        "cluster": rng.integers(0, n // 3, n).astype(float),
        "stratum": rng.integers(0, 3, n).astype(float),
        "a": x[:, 0],
        "b": x[:, 1],
    }
    return Rows(n, numbers, {"stratum": numbers["stratum"].astype(np.int64)}), x


@pytest.mark.parametrize("ties", ["breslow", "efron"])
@pytest.mark.parametrize("nested", [False, True])
@pytest.mark.parametrize("seed", range(3))
def test_everything_at_once_is_its_definition(seed: int, nested: bool, ties: str) -> None:
    """Late entry, weights, offset, strata and clusters: the estimate solves the written-out score, with its sandwich."""
    rows, x = _random(seed, 120)
    names = {name: name for name in ("entry", "weight", "offset", "cluster")}
    strata = (Factor("stratum", ("0", "1", "2"), ("0", "1", "2")),)
    terms = (NumberTerm("a"), NumberTerm("b"))
    spec = CoxSpec("time", "event", Grid.whole(25), terms, strata, nested=nested, ties=ties, **names)  # type: ignore[arg-type]
    found = rounds(Case("cox", "cox", spec), [rows])[0]
    numbers = dict(rows.numbers)
    null = definition(numbers, x - x.mean(axis=0), np.zeros(2), ties)
    there = definition(numbers, x - x.mean(axis=0), found.coefficients, ties)
    assert found.log_likelihood_null == pytest.approx(null.log_likelihood, rel=LOOPS)
    assert found.log_likelihood == pytest.approx(there.log_likelihood, rel=LOOPS)
    covariance = np.linalg.inv(there.information)
    assert np.abs(covariance @ there.score).max() <= LOOPS
    assert found.naive_covariance == pytest.approx(covariance, rel=STOPPED, abs=LOOPS)
    cluster = numbers["cluster"].astype(int)
    for definition_, name in ((there, "covariance"), (null, "score")):
        by_cluster = np.zeros((cluster.max() + 1, 2))
        np.add.at(by_cluster, cluster, definition_.residuals)
        middle = by_cluster.T @ by_cluster
        if name == "covariance":
            sandwich = covariance @ middle @ covariance
            assert found.covariance == pytest.approx(sandwich, rel=STOPPED, abs=LOOPS)
            wald = found.coefficients @ np.linalg.solve(sandwich, found.coefficients)
            assert found.robust.wald_test == pytest.approx(wald, rel=STOPPED)
        else:
            assert found.robust.score_test == pytest.approx(null.score @ np.linalg.solve(middle, null.score), rel=LOOPS)


@pytest.mark.parametrize("nested", [False, True])
@pytest.mark.parametrize("ties", ["breslow", "efron"])
def test_few_at_risk_before_between_and_after_thousands(ties: str, nested: bool) -> None:
    """Risk sets of three, then of two thousand, then of three, then of two thousand, then of three keep their digits."""
    rng = np.random.default_rng(5)
    spans = [(0, 40, 3), (40, 80, 2000), (75, 130, 3), (125, 170, 2000), (160, 220, 3)]
    entry = np.concatenate([rng.integers(a, a + 5, n) for a, _, n in spans])
    time = np.concatenate([rng.integers(b - 15, b, n) for _, b, n in spans])
    n = time.size
    x = np.column_stack([rng.normal(0, 1.5, n), rng.integers(0, 2, n)])
    numbers = {
        "time": time.astype(float), "event": (rng.random(n) < 0.8).astype(float), "entry": entry.astype(float),
        "a": x[:, 0], "b": x[:, 1], "weight": np.ones(n), "offset": np.zeros(n), "stratum": np.zeros(n),
    }  # fmt: skip
    spec = CoxSpec(
        "time", "event", Grid.whole(220), (NumberTerm("a"), NumberTerm("b")), entry="entry", nested=nested, ties=ties  # type: ignore[arg-type]
    )  # fmt: skip
    found = rounds(Case("cox", "cox", spec), [Rows(n, numbers, {})])[0]
    there = definition(numbers, x, found.coefficients, ties)
    covariance = np.linalg.inv(there.information)
    errors = np.sqrt(np.diag(covariance))
    assert np.abs(covariance @ there.score / errors).max() <= LATE
    assert found.standard_errors == pytest.approx(errors, rel=STOPPED)
    assert found.log_likelihood == pytest.approx(there.log_likelihood, rel=LATE)


def test_time_at_or_before_entry_is_left_out_and_counted() -> None:
    data = SECOND._replace(entry=[2, 5, 5, 2, 1, 7, 3, 4, 8, 8])
    counts = _fit(data, "efron").counts
    assert (counts.n, counts.n_events, counts.invalid_entry) == (8, 5, 2)
    weights = THIRD._replace(weight=[0, -1, 3, 4, 3, 2, math.nan, 2, 1])
    counts = _fit(weights, "efron").counts
    assert (counts.n, counts.invalid_weight, counts.missing) == (6, 2, 1)


def test_fewer_clusters_than_coefficients() -> None:
    """A sandwich of two clusters has no test of three coefficients; the reason is given."""
    rows, _ = _random(1, 60)
    numbers = {**rows.numbers, "cluster": np.arange(60) % 2.0, "c": np.arange(60) % 7.0}
    terms = tuple(NumberTerm(name) for name in "abc")
    spec = CoxSpec("time", "event", Grid.whole(25), terms, cluster="cluster")
    found = rounds(Case("cox", "cox", spec), [Rows(60, numbers, {})])[0]
    assert math.isnan(found.robust.wald_test)
    assert math.isnan(found.robust.score_test)
    assert found.robust.problem == "fewer independent rows or clusters than coefficients"


@pytest.mark.parametrize("scale", [1e-7, 1e-3, 1e4])
@pytest.mark.parametrize("nested", [False, True])
def test_only_relative_weights_matter(nested: bool, scale: float) -> None:
    """Weights that add up to 1, as those of inverse probabilities may, give the same coefficients and robust errors."""
    rows, _ = _random(2, 200)
    terms = (NumberTerm("a"), NumberTerm("b"))
    spec = CoxSpec("time", "event", Grid.whole(25), terms, entry="entry", weight="weight", nested=nested)
    scaled = Rows(rows.n, {**rows.numbers, "weight": scale * rows.numbers["weight"]}, {})
    found, expected = (rounds(Case("cox", "cox", spec), [data])[0] for data in (scaled, rows))
    assert found.coefficients == pytest.approx(expected.coefficients, rel=LOOPS)
    assert found.covariance == pytest.approx(expected.covariance, rel=LOOPS)
    assert scale * found.naive_covariance == pytest.approx(expected.naive_covariance, rel=LOOPS)
    assert found.robust.score_test == pytest.approx(expected.robust.score_test, rel=LOOPS)


@pytest.mark.parametrize("move", [-50.0, 50.0])
def test_a_constant_offset_changes_nothing(move: float) -> None:
    rows, _ = _random(2, 200)
    terms = (NumberTerm("a"), NumberTerm("b"))
    spec = CoxSpec("time", "event", Grid.whole(25), terms, offset="offset")
    moved = Rows(rows.n, {**rows.numbers, "offset": rows.numbers["offset"] + move}, {})
    found, expected = (rounds(Case("cox", "cox", spec), [data])[0] for data in (moved, rows))
    assert found.coefficients == pytest.approx(expected.coefficients, rel=LOOPS)
    assert found.covariance == pytest.approx(expected.covariance, rel=LOOPS)
    assert found.log_likelihood == pytest.approx(expected.log_likelihood, rel=LOOPS)


def test_an_offset_that_is_no_log_hazard_is_refused() -> None:
    rows, _ = _random(2, 20)
    spec = CoxSpec("time", "event", Grid.whole(25), (NumberTerm("a"),), offset="offset")
    far = Rows(20, {**rows.numbers, "offset": rows.numbers["offset"] + 1000}, {})
    with pytest.raises(SiteDataError, match="offset: an offset is added to the log hazard and lies within ±200"):
        prepare(far, spec)


def test_a_single_cluster_has_no_robust_error() -> None:
    """All rows in one cluster: its scores add up to zero, so that every standard error is refused with the reason."""
    rows, _ = _random(3, 60)
    spec = CoxSpec("time", "event", Grid.whole(25), (NumberTerm("a"), NumberTerm("b")), cluster="stratum")
    single = Rows(60, {**rows.numbers, "stratum": np.zeros(60)}, {})
    found = rounds(Case("cox", "cox", spec), [single])[0]
    assert np.isnan(found.covariance).all()
    assert np.isfinite(found.naive_covariance).all()
    assert set(found.refusals) == {"a", "b"}
    assert all(reason.startswith("no robust standard error") for reason in found.refusals.values())


def test_a_site_answers_no_round_that_the_specification_does_not_have() -> None:
    spec = CoxSpec("time", "event", Grid.whole(25), (NumberTerm("a"),), nested=True)
    for phase in (2, 3, 9, 10, 11, 20, 29, 1000, -1):
        params = Params({"phase": phase, "beta": np.zeros(1), "center": np.zeros(1)})
        with pytest.raises(WireError, match="no such round"):
            asks(spec, params)
    assert asks(replace(spec, robust=True), Params({"phase": _robust_phase()}))["beta"].dims == (1,)


def _robust_phase() -> int:
    return phase_of([stage.name for stage in STAGES].index("robust"), 0)


def test_entry_and_end_in_one_month() -> None:
    """On a grid of months a row that enters and ends within one is at risk at its end; nobody is left out for the grid."""
    grid = Grid.ends_of("months", 300, 30.0)
    days = Data(time=[20, 55, 90, 100], event=[1, 1, 1, 1], x=[1, 0, 1, 0], entry=[5, 0, 35, 91])
    months = Data(time=[1, 2, 3, 4], event=[1, 1, 1, 1], x=[1, 0, 1, 0], entry=[0, 0, 2, 3])
    rows, _ = _rows(days)
    spec = CoxSpec("time", "event", grid, (NumberTerm("x"),), entry="entry")
    coarse = rounds(Case("cox", "cox", spec), [rows])[0]
    assert coarse.counts.invalid_entry == 0
    assert coarse.log_likelihood_null == pytest.approx(_fit(months, "efron").log_likelihood_null, rel=EXACT)
