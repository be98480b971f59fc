"""Verification finds every change of the file."""

import tracemalloc

import pytest

from cohortium.errors import AuditError
from cohortium.governance.audit import Verified, head_of, read_entries, verify
from cohortium.governance.audit.entry import line_of, sealed
from cohortium.governance.audit.verify import MOST_PROBLEMS


def test_every_change_of_a_single_byte_is_found(chain_of):
    path = chain_of(3)
    whole = path.read_bytes()
    for position, byte in enumerate(whole):
        for other in {byte ^ 1, byte ^ 0x20, byte ^ 0x80, 0x0A, 0x20, 0x30, 0x00} - {byte}:
            path.write_bytes(whole[:position] + bytes([other]) + whole[position + 1 :])
            assert isinstance(verify(path), list), (position, other)


def test_every_missing_and_every_added_byte_is_found(chain_of):
    path = chain_of(2)
    whole = path.read_bytes()
    for position in range(len(whole)):
        path.write_bytes(whole[:position] + whole[position + 1 :])
        assert isinstance(verify(path), list), position
        path.write_bytes(whole[:position] + b" " + whole[position:])
        assert isinstance(verify(path), list), position


def lines_of(path):
    return path.read_bytes().splitlines(keepends=True)


@pytest.mark.parametrize("position", range(6))
def test_a_deleted_line_is_found_where_it_was(chain_of, position):
    path = chain_of(6)
    head, lines = head_of(path), lines_of(path)
    del lines[position]
    path.write_bytes(b"".join(lines))
    problems = verify(path, head)
    assert isinstance(problems, list)
    last = position == 5
    assert [problem.where for problem in problems] == ["audit.jsonl" if last else f"audit.jsonl:{position + 1}"]
    assert isinstance(verify(path), Verified if last else list)


@pytest.mark.parametrize("position", range(5))
def test_swapped_lines_are_found(chain_of, position):
    path = chain_of(6)
    lines = lines_of(path)
    lines[position], lines[position + 1] = lines[position + 1], lines[position]
    path.write_bytes(b"".join(lines))
    assert verify(path)[0].where == f"audit.jsonl:{position + 1}"


@pytest.mark.parametrize("position", range(7))
@pytest.mark.parametrize("what", ["copy", "own"])
def test_an_inserted_line_is_found(chain_of, act, noon, position, what):
    path = chain_of(6)
    head, lines, entries = head_of(path), lines_of(path), read_entries(path)
    before = entries[position - 1] if position else None
    lines.insert(position, lines[2] if what == "copy" else line_of(sealed(act("mallory"), noon, before)))
    path.write_bytes(b"".join(lines))
    found = verify(path, head)
    if position == 6 and what == "own":  # That is an append.
        assert found.n_since == 1
    else:
        assert isinstance(found, list)


@pytest.mark.parametrize("n_left", range(6))
def test_a_cut_tail_is_found_by_the_head(chain_of, n_left):
    path = chain_of(6)
    head, lines = head_of(path), lines_of(path)
    path.write_bytes(b"".join(lines[:n_left]))
    assert isinstance(verify(path), Verified)
    (problem,) = verify(path, head)
    assert "cut off at the end or written anew" in problem.what


def test_a_chain_written_anew_is_found_by_the_head(chain_of, act, noon):
    path = chain_of(4)
    head, entries = head_of(path), list(read_entries(path)[:2])
    for _ in range(4):
        entries.append(sealed(act("mallory"), noon, entries[-1]))
    path.write_bytes(b"".join(line_of(entry) for entry in entries))
    assert isinstance(verify(path), Verified)
    assert isinstance(verify(path, head), list)


def test_an_earlier_head_is_still_in_the_chain(chain_of):
    path = chain_of(5)
    heads = [entry.sha256 for entry in read_entries(path)]
    assert [verify(path, head).n_since for head in ("none", *heads)] == [5, 4, 3, 2, 1, 0]
    assert verify(path) == Verified(5, heads[-1], None)


def test_no_file_is_a_chain_without_entries(tmp_path):
    path = tmp_path / "audit.jsonl"
    assert verify(path) == Verified(0, "none", None)
    assert verify(path, "none") == Verified(0, "none", 0)
    assert isinstance(verify(path, "ab" * 32), list)
    assert head_of(path) == "none"
    path.touch()
    assert verify(path) == Verified(0, "none", None)


def test_a_torn_last_line_is_told_and_is_no_entry(chain_of):
    path = chain_of(3)
    heads = [entry.sha256 for entry in read_entries(path)]
    path.write_bytes(path.read_bytes()[:-1])
    (problem,) = verify(path)
    assert problem.where == "audit.jsonl:3"
    assert "is incomplete" in problem.what
    assert head_of(path) == heads[1]
    assert len(read_entries(path)) == 2


def test_one_fault_is_told_once(chain_of):
    path = chain_of(6)
    path.write_bytes(path.read_bytes().replace("é2".encode(), "é7".encode()))
    assert [problem.where for problem in verify(path)] == ["audit.jsonl:3"]
    with pytest.raises(AuditError) as error:
        read_entries(path)
    assert len(error.value.problems) == 1
    with pytest.raises(AuditError):
        head_of(path)


@pytest.mark.parametrize("junk", [b"[" * 60_000, b"[" * 3_000_000, b"1" * 10_000, b'{"a":NaN}', b"\xff\xfe", b"null"])
def test_anything_else_is_told_not_raised(tmp_path, junk):
    path = tmp_path / "audit.jsonl"
    path.write_bytes(junk + b"\n")
    assert len(verify(path)) == 1


def test_memory_does_not_grow_with_the_file(chain_of, tmp_path):
    """24 MB of faulty lines, one of them 20 MB long: under 2 MB of memory, and a bounded list of problems."""
    line = lines_of(chain_of(1))[0]
    path = tmp_path / "large.jsonl"
    with path.open("wb") as stream:
        stream.write(b"x" * 20_000_000 + b"\n")
        stream.writelines(line for _ in range(4_000_000 // len(line)))
    tracemalloc.start()
    problems = verify(path)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert len(problems) == MOST_PROBLEMS
    assert peak < 2_000_000
