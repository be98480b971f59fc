"""Hostile requests and bytes at the door: refused by name, never answered, never a traceback with a value."""

from __future__ import annotations

import datetime as dt
import io
import json
from pathlib import Path

import numpy as np
import pytest

from cohortium.errors import WireError
from cohortium.estimators.cox.spec import CoxSpec
from cohortium.federation.answer import Grant, SiteDesk, answer
from cohortium.federation.frames import FAILURE, OPENING, REQUEST, read_frame, write_frame
from cohortium.federation.messages import Request, decode_request, encode_request
from cohortium.federation.openings import decode_failure
from cohortium.federation.worker import serve
from cohortium.totals import Params, decode
from estimators.cases import CASES, simulated_rows

HASH = "0" * 64
EXAMPLE = Path(__file__).resolve().parents[2] / "examples" / "ncctg-lung"
COX = {case.name: case for case in CASES if isinstance(case.spec, CoxSpec)}


def _asked(name: str, **params: object) -> None:
    case = COX[name]
    rows = simulated_rows(1, 60)
    desk = SiteDesk("s1", {"cohort": rows})
    request = Request(HASH, 1, {case.name: Params(params)})
    answer(request, desk, Grant.of_own_rows(HASH, [case.task], ["s1"]))


def _good(name: str, phase: object) -> dict[str, object]:
    p = len(COX[name].spec.columns)
    return {"phase": phase, "beta": np.zeros(p), "center": np.zeros(p)}


def test_strata_inside_sites_have_no_gram_round() -> None:
    """A Gram matrix with weights of the asker's choice would give the covariates of single patients."""
    spec = COX["cox, strata in sites"].spec
    k = spec.n_strata * spec.grid.size
    one_hot = np.zeros(k)
    one_hot[3] = 1.0
    with pytest.raises(WireError, match="no such round"):
        _asked("cox, strata in sites", **_good("cox, strata in sites", 2), hazard=one_hot, death_part=np.zeros(k))


@pytest.mark.parametrize("phase", [-1, 3, 99, 1.0, np.array([1]), np.array([0, 1])])
def test_rounds_that_do_not_exist(phase: object) -> None:
    with pytest.raises(WireError, match="no such round"):
        _asked("cox", **_good("cox", phase))


@pytest.mark.parametrize(
    "change",
    [
        {"beta": np.zeros(2)}, {"center": 0.0}, {"beta": np.array([1, 2, 3, 4])}, {"extra": 1.0}, {"hazard": np.zeros(3)},
    ],
)  # fmt: skip
def test_parameters_of_another_shape(change: dict[str, object]) -> None:
    with pytest.raises(WireError, match="the parameters of cox are not of the declared shape"):
        _asked("cox", **{**_good("cox", 1), **change})


def test_parameters_that_are_not_finite() -> None:
    with pytest.raises(WireError, match="must be finite"):
        _asked("cox", **{**_good("cox", 1), "beta": np.full(4, np.nan)})


@pytest.mark.parametrize(
    "header",
    [
        '{"x": ["float", [0, 4611686018427387904]]}', '{"x": [["float"], [1]]}', '{"x": [{"a": 1}, [1]]}',
        '{"x": ["float", [-1]]}', '{"x": ["float", [true]]}', '{"x": ["float", [1e400]]}', '{"x": 3}', "[]", "7",
    ],
)  # fmt: skip
def test_headers_of_totals(header: str) -> None:
    data = header.encode()
    with pytest.raises(WireError):
        decode(b"CTOT1\n" + len(data).to_bytes(4, "little") + data)


@pytest.mark.parametrize("length", ["Infinity", "1e400", "-3", "true", '"7"', "2.0", "99999999999999999999"])
def test_headers_of_requests(length: str) -> None:
    data = f'{{"study": "x", "round": 1, "parts": [["a", {length}]]}}'.encode()
    with pytest.raises(WireError):
        decode_request(b"CREQ1\n" + len(data).to_bytes(4, "little") + data)


def _served(*frames: tuple[bytes, bytes], raw: bytes = b"") -> tuple[int, str]:
    requests, responses = io.BytesIO(), io.BytesIO()
    for kind, data in frames:
        write_frame(requests, kind, data)
    requests.write(raw)
    requests.seek(0)
    code = serve(EXAMPLE, dt.date(2026, 1, 1), ["inst-33"], requests, responses)
    responses.seek(0)
    kind, data = read_frame(responses) or (b"", b"")
    assert kind == OPENING
    last = read_frame(responses)
    if last is None:
        return code, ""
    assert last[0] == FAILURE
    return code, str(decode_failure(last[1]))


def test_a_process_ends_well_when_nobody_asks() -> None:
    assert _served() == (0, "")


@pytest.mark.parametrize(
    "raw", [b"X", b"Q" + (2**40).to_bytes(8, "little"), b"Q" + (50).to_bytes(8, "little") + b"short"]
)
def test_a_process_refuses_what_is_no_frame(raw: bytes) -> None:
    code, said = _served(raw=raw)
    assert code == WireError.exit_code
    assert "pipe" in said


def test_a_process_refuses_other_kinds_of_frames() -> None:
    code, said = _served((OPENING, json.dumps([]).encode()))
    assert (code, said) == (WireError.exit_code, "a site's process takes requests only")


def test_a_process_says_its_refusal_and_no_value() -> None:
    """A wrong hash of the study, and a defect of the program, are both sent by kind."""
    code, said = _served((REQUEST, encode_request(Request("f" * 64, 1, {}))))
    assert code == 5
    assert said.startswith("inst-33: the request is for another study file")


def test_a_defect_is_sent_by_its_kind_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    from cohortium.federation import worker

    def broken(*_: object) -> None:
        raise IndexError("CANARY-VALUE-22")

    monkeypatch.setattr(worker, "answer", broken)
    code, said = _served((REQUEST, encode_request(Request("f" * 64, 1, {}))))
    assert code == 6
    assert said == "unexpected IndexError in a site's process; this is a defect of the program"
