"""The penalized fit as a stage: which totals leave a site, in which round.

step 0  the search for the maximum; strata inside sites: log likelihood, score, information, its derivative;
        otherwise sums of theta and theta * x by (stratum, time)
step 1  only when strata are shared between sites: second and third moments over rows
step 2  as step 0, for the tests and limits of all coefficients at once
step 3  as step 1
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from cohortium.estimators.cox.firth.fit import FirthFit, Progress, begin, onward
from cohortium.estimators.cox.firth.moments import row_moments
from cohortium.estimators.cox.firth.risk_sets import RiskSets, Tables, risk_sets
from cohortium.estimators.cox.stages import AskFor, Fit, Found, Stage
from cohortium.estimators.cox.sums import event_sum, leaving_sums
from cohortium.estimators.regression.newton import Evaluation
from cohortium.estimators.regression.penalty import Likelihood
from cohortium.totals import Shape

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from cohortium.estimators.contract import Integers, Reals
    from cohortium.estimators.cox.prepare import PreparedCox
    from cohortium.estimators.cox.spec import CoxSpec, Term
    from cohortium.estimators.cox.ties import Ties
    from cohortium.totals import Params, Shapes, Totals

NAME = "firth"
MOST_NUMBERS = 20_000_000
"""Numbers in the largest totals of a penalized fit: 160 MB."""
HOPELESS = -1e300
"""The log likelihood of coefficients so far out that their sums are not finite; the step is halved."""

_BY_ROWS = 1
_PROFILES = 2


@dataclass(frozen=True)
class _Memory:
    """What the center keeps between rounds: the fit, the sums of its candidates, and their risk sets.

    peak  the fit at the penalized maximum as the stages after it see it; None until it is found
    """

    progress: Progress
    peak: Fit | None = None
    tables: Totals | None = None
    sets: tuple[RiskSets, ...] = ()
    log_likelihoods: tuple[float, ...] = ()
    scores: tuple[Reals, ...] = ()


def firth_refusal(spec: CoxSpec) -> str:
    """Why this model has no penalized fit; empty when it can have one."""
    if spec.is_robust:
        return "Firth's penalty is not defined with case weights or a robust variance"
    if (size := _size(spec)) > MOST_NUMBERS:
        return (
            f"Firth's penalty would need totals of {size:,} numbers, more than {MOST_NUMBERS:,}: stratify by site, use "
            "fewer covariates or a coarser time grid"
        )
    return ""


def declared(spec: CoxSpec) -> bool:
    """Whether the specification has a penalized fit at all; one that was asked for is never left out for its size."""
    if spec.penalty == "firth":
        return not spec.is_robust
    return spec.penalty == "if-needed" and not firth_refusal(spec)


def wanted(spec: CoxSpec, fit: Fit) -> bool:
    """Whether the penalized fit runs: always when asked for, or when a coefficient has no finite estimate."""
    if not declared(spec):
        return False
    return bool(fit.infinite.any()) or (spec.penalty == "firth" and not fit.dependent.all())


def start(spec: CoxSpec, fit: Fit) -> AskFor:
    """The first evaluation, at beta = 0."""
    return _ask(_Memory(begin(~fit.dependent, _groups(spec), spec.confidence)))


def asks(spec: CoxSpec, step: int) -> Shapes:
    """Declared parameters besides phase, coefficients and origin."""
    m, p, k = _candidates(spec, step), len(spec.columns), spec.n_strata * spec.grid.size
    candidates = {"candidates": Shape("float", (m, p))}
    if not step & _BY_ROWS:
        return candidates
    scalars = dict.fromkeys(("hazard", "death_part"), Shape("float", (m, k)))
    return {**candidates, **scalars, **dict.fromkeys(("mean_hazard", "mean_death"), Shape("float", (m, k, p)))}


def shapes(spec: CoxSpec, step: int) -> Shapes:
    """Declared totals."""
    m, p, k = _candidates(spec, step), len(spec.columns), spec.n_strata * spec.grid.size
    third = {"third": Shape("float", (m, p, p, p))}
    if step & _BY_ROWS:
        return {"gram": Shape("float", (m, p, p)), **third}
    if spec.nested:
        return {
            "log_likelihood": Shape("float", (m,)),
            "score": Shape("float", (m, p)),
            "information": Shape("float", (m, p, p)),
            **third,
        }
    return {
        **dict.fromkeys(_tables(spec), Shape("float", (m, k, p + 1))),
        "n_deaths": Shape("int", (k,)),
        "eta_deaths": Shape("float", (m,)),
        "event_sum": Shape("float", (p,)),
    }


def summarize(prepared: PreparedCox, step: int, params: Params) -> dict[str, Any]:
    """The totals of one round."""
    center, candidates = params["center"], params["candidates"]
    if step & _BY_ROWS:
        tables = zip(*(params[name] for name in Tables._fields), strict=True)
        sent = (Tables(*(table[prepared.rows.keys] for table in one)) for one in tables)
        found = [row_moments(prepared.rows, beta, center, one) for beta, one in zip(candidates, sent, strict=True)]
        return {"gram": np.stack([gram for gram, _ in found]), "third": np.stack([third for _, third in found])}
    if prepared.spec.nested:
        at = [_likelihood(prepared, beta, center) for beta in candidates]
        return {name: np.stack([getattr(one, name) for one in at]) for name in shapes(prepared.spec, step)}
    return _shared_tables(prepared, candidates, center)


def _shared_tables(prepared: PreparedCox, candidates: Reals, center: Reals) -> dict[str, Any]:
    """Sums at every declared (stratum, time), for each of the candidates."""
    rows, spec = prepared.rows, prepared.spec
    k = spec.n_strata * spec.grid.size
    sums = [leaving_sums(rows, beta, center) for beta in candidates]
    found: dict[str, Any] = {"n_deaths": np.zeros(k, np.int64)}
    found["n_deaths"][rows.keys] = rows.deaths
    for name in _tables(spec):
        found[name] = np.zeros((len(sums), k, candidates.shape[1] + 1))
        found[name][:, rows.keys] = np.stack([getattr(one, name) for one in sums])
    return {**found, "eta_deaths": np.array([one.eta_deaths for one in sums]), "event_sum": event_sum(rows, center)}


def advance(spec: CoxSpec, fit: Fit, asked: AskFor, totals: Totals) -> AskFor | Found:
    """The next round, or the fit."""
    memory: _Memory = asked.memory
    if spec.nested:
        return _after(fit, memory, list(_of_sites(memory.progress, totals)))
    if asked.step & _BY_ROWS:
        return _after(fit, memory, list(_of_rows(memory, totals)))
    return _ask_rows(spec, asked.step, memory, totals)


def _after(fit: Fit, memory: _Memory, found: Sequence[Likelihood]) -> AskFor | Found:
    after = onward(memory.progress, found)
    if isinstance(after, FirthFit):
        return Found(after, memory.peak)
    if after.profiles and memory.peak is None:
        memory = replace(memory, peak=_at_peak(fit, after, found[0], memory.tables))
    return _ask(replace(memory, progress=after))


def _at_peak(fit: Fit, progress: Progress, found: Likelihood, tables: Totals | None) -> Fit:
    """The fit with the penalized coefficients, which are finite where they carry information."""
    block = np.ix_(progress.free, progress.free)
    beta, covariance = np.zeros_like(fit.beta), np.full_like(fit.covariance, np.nan)
    beta[progress.free] = progress.peak.proposal
    covariance[block] = np.linalg.inv(found.information[block])
    moment = np.diag(found.information)
    final = Evaluation(found.beta, found.log_likelihood, found.score, found.information, moment)
    both = None
    if tables is not None and fit.tables is not None:
        leading = (*(name for name in tables if name in ("all_rows", "deaths", "entering")), "eta_deaths")
        both = (fit.tables[0], tables.replace(**{name: tables[name][0] for name in leading}))
    nowhere = np.zeros_like(fit.infinite)
    return replace(fit, beta=beta, covariance=covariance, infinite=nowhere, final=final, tables=both)


def _ask(memory: _Memory) -> AskFor:
    progress = memory.progress
    return AskFor(_PROFILES if progress.profiles else 0, {"candidates": progress.candidates}, memory)


def _ask_rows(spec: CoxSpec, step: int, memory: _Memory, totals: Totals) -> AskFor:
    """From sums by time to the risk sets' means, which the sites need to weigh their rows."""
    starts = np.arange(spec.n_strata + 1) * spec.grid.size
    sets = []
    for one in zip(*(totals[name] for name in _tables(spec)), strict=True):
        all_rows, deaths, *entering = one
        sets.append(_finite_sets(all_rows, deaths, totals["n_deaths"], starts, spec.ties, *entering))
    tables = {name: np.stack([getattr(one.tables, name) for one in sets]) for name in Tables._fields}
    memory = replace(
        memory,
        tables=totals,
        sets=tuple(sets),
        log_likelihoods=tuple(float(eta) - one.log_sum for eta, one in zip(totals["eta_deaths"], sets, strict=True)),
        scores=tuple(totals["event_sum"] - one.mean_sum for one in sets),
    )
    return AskFor(step | _BY_ROWS, {"candidates": memory.progress.candidates, **tables}, memory)


def _of_sites(progress: Progress, totals: Totals) -> Iterator[Likelihood]:
    names = ("log_likelihood", "score", "information", "third")
    for beta, *values in zip(progress.candidates, *(totals[name] for name in names), strict=True):
        yield Likelihood(beta, float(values[0]), *values[1:])


def _of_rows(memory: _Memory, totals: Totals) -> Iterator[Likelihood]:
    rows = zip(memory.progress.candidates, totals["gram"], totals["third"], strict=True)
    center = zip(memory.sets, memory.log_likelihoods, memory.scores, strict=True)
    for (beta, gram, third), (sets, log_likelihood, score) in zip(rows, center, strict=True):
        yield Likelihood(beta, log_likelihood, score, gram - sets.outer, third + 2 * sets.triple)


def _likelihood(prepared: PreparedCox, beta: Reals, center: Reals) -> Likelihood:
    """A site's own log partial likelihood with three derivatives, its strata being its own."""
    rows = prepared.rows
    sums = leaving_sums(rows, beta, center)
    sets = _finite_sets(sums.all_rows, sums.deaths, rows.deaths, rows.stratum_starts, prepared.spec.ties, sums.entering)
    gram, third = row_moments(rows, beta, center, sets.tables)
    score = event_sum(rows, center) - sets.mean_sum
    return Likelihood(beta, sums.eta_deaths - sets.log_sum, score, gram - sets.outer, third + 2 * sets.triple)


def _finite_sets(
    all_rows: Reals,
    deaths: Reals,
    n_deaths: Integers,
    starts: Integers,
    ties: Ties,
    entering: Reals | None = None,
) -> RiskSets:
    """The risk sets, or nothing but a hopeless log likelihood where a sum is not finite."""
    with np.errstate(all="ignore"):
        sets = risk_sets(all_rows, deaths, n_deaths, starts, ties, entering)
    if all(np.isfinite(part).all() for part in (*sets[:-1], *sets.tables)):
        return sets
    mean_sum, outer, triple = (np.zeros_like(part) for part in (sets.mean_sum, sets.outer, sets.triple))
    return RiskSets(-HOPELESS, mean_sum, outer, triple, Tables(*map(np.zeros_like, sets.tables)))


def _tables(spec: CoxSpec) -> tuple[str, ...]:
    return ("all_rows", "deaths", "entering") if spec.entry else ("all_rows", "deaths")


def _groups(spec: CoxSpec) -> np.ndarray:
    """Columns of each term with several, which are tested together, shape (g, p)."""
    chosen = tested_together(spec)
    member = [[column.term is term for column in spec.columns] for term in chosen]
    return np.array(member, bool).reshape(len(chosen), len(spec.columns))


def tested_together(spec: CoxSpec) -> list[Term]:
    """Terms with several columns, where tests of terms are asked for."""
    return [term for term in spec.tested_terms if sum(column.term is term for column in spec.columns) > 1]


def _candidates(spec: CoxSpec, step: int) -> int:
    return 3 * len(spec.columns) + len(tested_together(spec)) if step & _PROFILES else 1


def _size(spec: CoxSpec) -> int:
    p, m = len(spec.columns), _candidates(spec, _PROFILES)
    if spec.nested:
        return m * (1 + p + p**2 + p**3)
    return m * max((3 if spec.entry else 2) * spec.n_strata * spec.grid.size * (p + 1), p**2 + p**3)


FIRTH = Stage(NAME, 4, declared, wanted, start, asks, shapes, summarize, advance)
