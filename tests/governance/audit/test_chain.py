"""Appending: one chain whatever happens at once or breaks off."""

import datetime as dt
import hashlib
import json
import os
import random
import signal
import subprocess
import sys
from collections import Counter

import pytest

from cohortium.errors import AuditError, OutputError, UsageError
from cohortium.governance.audit import Verified, append, head_of, locked, read_entries, verify
from cohortium.governance.audit.chain import REPAIR

N_WRITERS = 8
N_APPENDS = 500

WRITER = """
import sys
from pathlib import Path
from cohortium.governance.audit import Act, append
path, actor, n = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
for number in range(n):
    act = Act(actor, actor, "author", "approval", "manuscript", "m.md", (("m.md", "ab" * 32),), "", str(number), "")
    print(append(path, act).number, flush=True)
"""


def writer(path, actor, n):
    command = [sys.executable, "-c", WRITER, str(path), actor, str(n)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


def test_a_line_is_canonical_json_with_everything_in_it(chain_of):
    path = chain_of(2)
    first, second = path.read_bytes().splitlines()
    raw = json.loads(second)
    assert second == json.dumps(raw, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()
    assert raw["previous"] == json.loads(first)["sha256"]
    assert (raw["number"], raw["time"], raw["actor"], raw["action"]) == (2, "2025-06-30T12:00:00Z", "rivera", "lock")
    assert raw["thing"] == {"kind": "site", "id": "site-01"}
    assert raw["hash"] == hashlib.sha256(f"{'ab' * 32}  study.toml\n".encode()).hexdigest()
    own = raw.pop("sha256")
    text = json.dumps(raw, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    assert own == hashlib.sha256(text.encode()).hexdigest() == head_of(path)


def test_time_is_utc(tmp_path, act):
    east = dt.datetime(2025, 6, 30, 1, 0, tzinfo=dt.timezone(dt.timedelta(hours=9)))
    assert append(tmp_path / "audit.jsonl", act(), east).time == "2025-06-29T16:00:00Z"


@pytest.mark.slow
def test_many_writers_make_one_chain_and_lose_nothing(tmp_path):
    path = tmp_path / "audit.jsonl"
    writers = [writer(path, f"writer{number}", N_APPENDS) for number in range(N_WRITERS)]
    told = [int(line) for process in writers for line in process.communicate()[0].split()]
    found = verify(path)
    assert isinstance(found, Verified)
    assert found.n_entries == N_WRITERS * N_APPENDS
    assert sorted(told) == list(range(1, N_WRITERS * N_APPENDS + 1))
    written = [(entry.act.actor, int(entry.act.why)) for entry in read_entries(path)]
    assert set(Counter(written).values()) == {1}
    for number in range(N_WRITERS):
        assert [n for actor, n in written if actor == f"writer{number}"] == list(range(N_APPENDS))


@pytest.mark.slow
def test_killed_writers_lose_nothing_that_they_were_told_was_recorded(tmp_path, act, noon):
    path, told, chance = tmp_path / "audit.jsonl", 0, random.Random(20251122)  # noqa: S311 - moments to kill at
    for round_ in range(12):
        process = writer(path, f"round{round_}", 10_000)
        lines = [process.stdout.readline() for _ in range(chance.randint(1, 12))]
        process.send_signal(signal.SIGKILL)
        lines += process.stdout.read().splitlines(keepends=True)
        process.wait()
        process.stdout.close()
        told = max(int(line) for line in lines if line.endswith("\n"))
        entries = read_entries(path)
        assert len(entries) >= told
        assert append(path, act(), noon).number > told
        assert isinstance(verify(path), Verified)


def test_any_torn_last_line_is_cut_and_the_cut_recorded(chain_of, act, noon):
    path = chain_of(2)
    whole = path.read_bytes()
    start = whole.rindex(b"\n", 0, -1) + 1
    for end in range(start + 1, len(whole)):
        path.write_bytes(whole[:end])
        append(path, act("chen"), noon)
        assert isinstance(verify(path), Verified)
        first, repair, last = read_entries(path)
        assert (repair.act.action, repair.act.actor, last.act.actor) == (REPAIR, "cohortium", "chen")
        assert repair.act.files[0][1] == hashlib.sha256(whole[start:end]).hexdigest()
        assert f" {end - start} bytes" in repair.act.statement
        assert whole.startswith(path.read_bytes()[:start])
        assert first.number == 1


@pytest.mark.parametrize("torn", [b"x", b"\0" * 5000, b"{" * 200_000])
@pytest.mark.parametrize("n_before", [0, 1])
def test_a_torn_line_of_any_length(chain_of, tmp_path, act, noon, torn, n_before):
    path = chain_of(n_before) if n_before else tmp_path / "audit.jsonl"
    with path.open("ab") as stream:
        stream.write(torn)
    append(path, act(), noon)
    assert [entry.act.action for entry in read_entries(path)] == ["lock"] * n_before + [REPAIR, "lock"]
    assert isinstance(verify(path), Verified)


def test_a_kill_within_the_repair_leaves_a_torn_line_again(chain_of, act, noon, monkeypatch):
    """Whatever part of the repair is written, the incomplete line never vanishes without a record."""
    path = chain_of(1)
    torn = b"x" * 5000
    real = os.pwrite
    for part in (0, 1, 300, 700, 900):
        path.write_bytes(chain_of(1, f"fresh-{part}").read_bytes() + torn)
        monkeypatch.setattr(os, "pwrite", lambda fd, data, at, part=part: _partly(real, fd, data[:part], at))
        with pytest.raises(OutputError, match="nothing was recorded"):
            append(path, act(), noon)
        monkeypatch.setattr(os, "pwrite", real)
        is_recorded = any(entry.act.action == REPAIR for entry in read_entries(path))
        assert is_recorded or not path.read_bytes().endswith(b"\n")
        append(path, act(), noon)
        assert isinstance(verify(path), Verified)
        assert any(entry.act.action == REPAIR for entry in read_entries(path))


def _partly(write, descriptor, data, at):
    write(descriptor, data, at)
    raise OSError(28, "No space left on device")


def test_a_full_disk_leaves_the_chain_as_it_was(chain_of, act, noon, monkeypatch):
    path = chain_of(2)
    before = path.read_bytes()
    real = os.pwrite
    monkeypatch.setattr(os, "pwrite", lambda fd, data, at: _partly(real, fd, data[:100], at))
    with pytest.raises(OutputError, match="No space left"):
        append(path, act(), noon)
    assert path.read_bytes() == before


def test_nothing_is_appended_to_a_broken_last_entry(chain_of, act, noon):
    path = chain_of(2)
    data = path.read_bytes().replace("é1".encode(), "é9".encode())
    path.write_bytes(data)
    with pytest.raises(AuditError, match="last line"):
        append(path, act(), noon)
    assert path.read_bytes() == data


def test_a_lock_without_an_act_leaves_no_file(tmp_path):
    path = tmp_path / "audit.jsonl"
    with locked(path) as chain:
        assert chain.entries() == ()
    assert not path.exists()


def test_a_link_is_not_followed(tmp_path, act, noon):
    (tmp_path / "audit.jsonl").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(OutputError):
        append(tmp_path / "audit.jsonl", act(), noon)
    assert not (tmp_path / "elsewhere").exists()


def test_a_platform_without_file_locks_is_told(tmp_path, act, noon, monkeypatch):
    monkeypatch.setattr("cohortium.governance.audit.chain.fcntl", None)
    with pytest.raises(OutputError, match="no file locks"):
        append(tmp_path / "audit.jsonl", act(), noon)


@pytest.mark.parametrize("why", ["two\nlines", "a\x1b[31m", "\u202eright to left", "\ud800", "line\u2028separator"])
def test_text_that_would_not_read_as_written_is_refused(tmp_path, act, noon, why):
    with pytest.raises(UsageError, match="--why must be one line"):
        append(tmp_path / "audit.jsonl", act(why=why), noon)
    assert not (tmp_path / "audit.jsonl").exists()


def test_an_entry_has_a_longest_length(tmp_path, act, noon):
    with pytest.raises(UsageError, match="at most 65536 bytes"):
        append(tmp_path / "audit.jsonl", act(why="x" * 70_000), noon)
