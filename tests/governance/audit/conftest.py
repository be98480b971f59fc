"""Acts to record, and a time that stands still."""

import datetime as dt

import pytest

from cohortium.governance.audit import Act, append

NOON = dt.datetime(2025, 6, 30, 12, 0, tzinfo=dt.UTC)


def an_act(actor="rivera", why="because", **others):
    content = {
        "actor": actor,
        "name": "Ana Rivera",
        "role": "data-manager",
        "action": "lock",
        "kind": "site",
        "id": "site-01",
        "files": (("study.toml", "ab" * 32),),
        "statement": "Final.",
        "why": why,
        "grounds": "open",
    }
    return Act(**{**content, **others})


@pytest.fixture
def act():
    return an_act


@pytest.fixture
def noon():
    return NOON


@pytest.fixture
def chain_of(tmp_path):
    """A function that makes an audit file with so many entries."""

    def make(n, name="audit.jsonl"):
        path = tmp_path / name
        for number in range(n):
            append(path, an_act(why=f"é{number}"), NOON)
        return path

    return make
