"""The one loop over different transports, the one door, and what crosses between them."""

from __future__ import annotations

import datetime as dt
import json
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cohortium.errors import EstimationError, Problem, RefusedRequestError, SiteDataError, WireError
from cohortium.estimators.contract import Task
from cohortium.federation.answer import Grant, SiteDesk, answer
from cohortium.federation.estimate import estimate
from cohortium.federation.in_process import InProcess
from cohortium.federation.messages import (
    Request,
    Response,
    decode_request,
    decode_response,
    encode_request,
    encode_response,
)
from cohortium.federation.openings import decode_failure, encode_failure
from cohortium.federation.processes import Processes
from cohortium.governance.ethics import Decision
from cohortium.totals import Params, Totals
from estimators.cases import CASES, simulated_rows, split

HASH = "0" * 64
DAY = dt.date(2026, 11, 22)
TASKS = tuple(replace(case.task, key=case.name) for case in CASES if case.uncut is None)
EXAMPLE = Path(__file__).resolve().parents[2] / "examples" / "ncctg-lung"


def _desks(seed: int = 1) -> list[SiteDesk]:
    parts = split(simulated_rows(seed, 200), seed)
    return [SiteDesk(f"s{i}", {"cohort": part, "received": part}) for i, part in enumerate(parts)]


def _grant() -> Grant:
    return Grant.of(HASH, TASKS, {f"s{i}": Decision(allowed=True, reason="", due=None) for i in range(7)}, DAY)


def test_all_tasks_advance_together() -> None:
    """The rounds of a study are those of its longest task, not their sum."""
    grant = _grant()
    alone = [estimate([task], HASH, InProcess(_desks(), grant)).rounds for task in TASKS]
    asked: list[int] = []
    together = estimate(TASKS, HASH, InProcess(_desks(), grant), lambda rounds, _done, _all: asked.append(rounds))
    assert together.rounds == max(alone)
    assert asked == list(range(1, together.rounds + 1))
    assert list(together.estimates) == [task.key for task in TASKS]


def test_a_request_for_another_study_is_refused() -> None:
    request = Request("1" * 64, 1, {})
    with pytest.raises(RefusedRequestError, match="s0: the request is for another study file"):
        answer(request, _desks()[0], _grant())


def test_what_is_not_granted_is_refused() -> None:
    request = Request(HASH, 1, {"all-rows-please": Params({})})
    with pytest.raises(RefusedRequestError, match="s0: not granted: all-rows-please"):
        answer(request, _desks()[0], _grant())


@pytest.mark.parametrize("decisions", [{}, {"s0": Decision(allowed=False, reason="it expired", due=None)}])
def test_a_site_that_is_not_allowed_answers_nothing(decisions: dict[str, Decision]) -> None:
    with pytest.raises(RefusedRequestError, match="s0: nothing is answered on 2026-11-22: it"):
        answer(Request(HASH, 1, {}), _desks()[0], Grant.of(HASH, TASKS, decisions, DAY))


def test_a_process_decides_for_itself_and_reads_no_file_of_a_refused_site(tmp_path: Path) -> None:
    study = tmp_path / "study"
    shutil.copytree(EXAMPLE, study)
    (study / "sites" / "inst-33" / "patients.csv").unlink()
    with pytest.raises(RefusedRequestError) as caught:
        Processes(study, ["inst-33", "inst-99"], 1, dt.date(1990, 1, 1))
    assert [problem.where for problem in caught.value.problems] == ["site inst-33", "site inst-99"]


def test_totals_that_are_not_finite_do_not_leave() -> None:
    task = next(task for task in TASKS if task.method == "cox")
    p = len(task.spec.columns)
    params = Params({"phase": 1, "beta": np.full(p, np.nan), "center": np.zeros(p)})
    with pytest.raises(WireError, match="totals must be finite"):
        answer(Request(HASH, 1, {task.key: params}), _desks()[0], _grant())


class _Losing:
    """A transport that loses the last site's answer."""

    def __init__(self, inner: InProcess) -> None:
        self.inner, self.sites = inner, inner.sites

    def exchange(self, request: Request) -> list[Response]:
        return self.inner.exchange(request)[:-1]


def test_a_site_that_does_not_answer_is_an_error() -> None:
    with pytest.raises(EstimationError, match="not exactly one response from every site \\(missing: s6\\)"):
        estimate(TASKS, HASH, _Losing(InProcess(_desks(), _grant())))


keys = st.text(st.characters(categories=["L", "N"]), min_size=1, max_size=8)
parts = st.dictionaries(
    keys, st.builds(lambda x: Totals({"x": np.array(x)}), st.lists(st.floats(-1e9, 1e9))), max_size=3
)


@given(parts, st.integers(1, 10**6))
def test_messages_are_exact_on_the_wire(totals: dict[str, Totals], number: int) -> None:
    response = Response("site-01", number, totals)
    assert decode_response(encode_response(response)) == response
    request = Request(HASH, number, totals)
    assert decode_request(encode_request(request)) == request


@given(st.binary(max_size=300))
def test_any_bytes_are_refused_by_name(data: bytes) -> None:
    for decoder, start in ((decode_request, b"CREQ1\n"), (decode_response, b"CRES1\n")):
        with pytest.raises(WireError):
            decoder(start + data)


def test_a_failure_keeps_its_family_and_problems() -> None:
    failure = SiteDataError("The site data cannot be read", [Problem("sites/x", "the file is missing", "put it there")])
    back = decode_failure(encode_failure(failure))
    assert type(back) is SiteDataError
    assert back.problems == failure.problems
    assert back.message == failure.message


@pytest.fixture(scope="module")
def tasks_of_example() -> tuple[str, tuple[Task, ...]]:
    from cohortium.estimators.registry import plan_study
    from cohortium.study.load import load_study

    study = load_study(EXAMPLE)
    return study.hash, plan_study(study)


@pytest.fixture(scope="module")
def in_one_process(tasks_of_example: tuple[str, tuple[Task, ...]]) -> list[object]:
    from cohortium.cli.opening import open_sites
    from cohortium.cli.run import tabulate
    from cohortium.study.load import load_study

    study_hash, tasks = tasks_of_example
    with open_sites(load_study(EXAMPLE), tasks, 1, DAY) as sites:
        return list(tabulate(tasks, estimate(tasks, study_hash, sites.transport)))


def test_several_processes_give_the_same_bits(
    tasks_of_example: tuple[str, tuple[Task, ...]], in_one_process: list[object]
) -> None:
    from cohortium.cli.opening import open_sites
    from cohortium.cli.run import tabulate
    from cohortium.study.load import load_study

    study_hash, tasks = tasks_of_example
    with open_sites(load_study(EXAMPLE), tasks, 2, DAY) as sites:
        assert len(sites.openings) == 19
        assert [query.rule for query in sites.queries] == ["institution-missing"]
        assert list(tabulate(tasks, estimate(tasks, study_hash, sites.transport))) == in_one_process


def test_a_missing_file_is_named_by_the_process_that_misses_it(tmp_path: Path) -> None:
    study = tmp_path / "study"
    shutil.copytree(EXAMPLE, study)
    for site in ("inst-03", "inst-33"):
        (study / "sites" / site / "patients.csv").unlink()
    with pytest.raises(SiteDataError) as caught:
        Processes(study, ["inst-01", "inst-03", "inst-33"], 2, DAY)
    assert sorted(problem.where for problem in caught.value.problems) == [
        "sites/inst-03/patients.csv",
        "sites/inst-33/patients.csv",
    ]


def test_a_process_refuses_a_request_for_another_study() -> None:
    with (
        Processes(EXAMPLE, ["inst-33"], 1, DAY) as transport,
        pytest.raises(RefusedRequestError, match="another study file"),
    ):
        transport.exchange(Request("f" * 64, 1, {}))


def test_a_process_that_died_is_an_error_and_not_a_hang() -> None:
    with Processes(EXAMPLE, ["inst-33", "inst-32"], 2, DAY) as transport:
        transport._workers[0].kill()
        transport._workers[0].wait()
        with pytest.raises(EstimationError, match="ended before it answered"):
            transport.exchange(Request("f" * 64, 1, {}))


def test_openings_hold_no_row() -> None:
    """What a site says when it opens names its file and its queries; no cell of a row is in it."""
    from cohortium.federation.openings import encode_openings

    with Processes(EXAMPLE, ["unassigned"], 1, DAY) as transport:
        (opening,) = json.loads(encode_openings(transport.openings))
    assert set(opening) == {"site", "source", "queries", "more"}
    assert set(opening["queries"][0]) == {"site", "file", "line", "key", "variable", "rule", "expected", "severity"}
