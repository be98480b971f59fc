"""One entry of the audit chain and its line in the file."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields
from typing import Any

from cohortium.errors import UsageError

AUDIT_FILE = "audit.jsonl"
NO_HEAD = "none"
MAX_LINE_BYTES = 64 * 1024
FIRST_PREVIOUS = "0" * 64

_FORMAT = 1
_JOINERS = "\u200c\u200d"  # They belong to the spelling of names in several scripts.


@dataclass(frozen=True, slots=True)
class Act:
    """What somebody did to a thing.

    actor      id of the person as declared in signers.toml; `cohortium` for the program's own repairs
    name       name of the person as printed
    role       role in which the person acted
    action     what was done: `lock`, `release`, or the meaning of a signature
    kind, id   the thing: `site` and its id, `study`, `results` and its directory, `manuscript` and its file
    files      (path, SHA-256) of every file that the thing consists of, in the order of paths
    statement  what the person states by it
    why        the person's own reason
    grounds    why the rules allowed it
    """

    actor: str
    name: str
    role: str
    action: str
    kind: str
    id: str
    files: tuple[tuple[str, str], ...]
    statement: str
    why: str
    grounds: str

    @property
    def hash(self) -> str:
        """The hash of the thing."""
        return hash_of(self.files)


@dataclass(frozen=True, slots=True)
class Entry:
    """An act in the chain.

    number    1 for the first entry
    time      UTC, such as 2026-11-22T10:00:00Z
    previous  hash of the entry before it; 64 zeros for the first
    sha256    hash of this entry
    """

    number: int
    time: str
    act: Act
    previous: str
    sha256: str


def hash_of(files: Iterable[tuple[str, str]]) -> str:
    """SHA-256 of the list of files as `sha256sum` prints it, so that anybody can compute it again."""
    listing = "".join(f"{sha256}  {path}\n" for path, sha256 in sorted(files))
    return hashlib.sha256(listing.encode()).hexdigest()


def sealed(act: Act, time: dt.datetime, last: Entry | None) -> Entry:
    """The entry that follows `last`."""
    number, previous = (last.number + 1, last.sha256) if last else (1, FIRST_PREVIOUS)
    stamp = time.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    content = _content(Entry(number, stamp, act, previous, ""))
    return Entry(number, stamp, act, previous, hashlib.sha256(_canonical(content)).hexdigest())


def line_of(entry: Entry) -> bytes:
    """The entry's line, newline included."""
    return _canonical({**_content(entry), "sha256": entry.sha256}) + b"\n"


def parse_line(line: bytes) -> Entry | str:
    """The entry of a line without its newline, or what is wrong with it."""
    try:
        raw = json.loads(line)
        entry = _entry(raw)
        is_same = line_of(entry)[:-1] == line
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return "is not an entry of an audit file"
    if not is_same:
        return "is not written as the program writes it: it was edited"
    if hashlib.sha256(_canonical(_content(entry))).hexdigest() != entry.sha256:
        return "does not have the hash that it states: it was edited"
    return entry


def require_plain(act: Act) -> None:
    """Refuse text that would not read as it was written.

    Raises
        UsageError: a text holds line breaks, control characters or characters that turn the direction of writing.
    """
    texts = {"--why": act.why, "the name": act.name, "the thing": act.id, **{path: path for path, _ in act.files}}
    for what, text in texts.items():
        if not is_plain(text):
            raise UsageError(f"{ascii(what)[1:-1]} must be one line of text without control characters")


def is_plain(text: str) -> bool:
    """Whether a text is one line without control characters and without characters that turn its direction."""
    return not any((unicodedata.category(c)[0] == "C" and c not in _JOINERS) or c in "\u2028\u2029" for c in text)


def _content(entry: Entry) -> dict[str, Any]:
    act = entry.act
    return {
        "action": act.action,
        "actor": act.actor,
        "files": dict(act.files),
        "format": _FORMAT,
        "grounds": act.grounds,
        "hash": act.hash,
        "name": act.name,
        "number": entry.number,
        "previous": entry.previous,
        "role": act.role,
        "statement": act.statement,
        "thing": {"id": act.id, "kind": act.kind},
        "time": entry.time,
        "why": act.why,
    }


def _entry(raw: Mapping[str, Any]) -> Entry:
    """The entry that a line describes; a key too many shows when it is written again."""
    files = tuple(sorted(raw["files"].items()))
    texts = {name: raw[name] for name in _TEXTS}
    act = Act(kind=raw["thing"]["kind"], id=raw["thing"]["id"], files=files, **texts)
    entry = Entry(raw["number"], raw["time"], act, raw["previous"], raw["sha256"])
    if type(entry.number) is not int or not all(isinstance(text, str) for text in _texts_of(entry)):
        raise TypeError
    return entry


_TEXTS = tuple(field.name for field in fields(Act) if field.name not in {"kind", "id", "files"})


def _texts_of(entry: Entry) -> Iterator[object]:
    yield from (entry.time, entry.previous, entry.sha256, entry.act.kind, entry.act.id)
    yield from (getattr(entry.act, name) for name in _TEXTS)
    yield from (part for file in entry.act.files for part in file)


def _canonical(content: Mapping[str, Any]) -> bytes:
    return json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()
