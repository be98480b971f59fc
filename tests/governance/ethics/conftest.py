"""A study of three sites with ethics records; a test changes one of them."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from cohortium.study.model import StudyFile
from cohortium.study.study import Study

NORTH = {
    "board": "North Board",
    "decision": "approved",
    "approved": "2024-01-10",
    "expires": "2025-03-01",
    "consent": "obtained",
}
SITES = {
    "north": {"ethics": NORTH},
    "south": {"ethics": {**NORTH, "board": "South Board", "decision": "exempt", "expires": None}},
    "east": {"ethics": {**NORTH, "decision": "reliance", "relies_on": "north", "expires": None}},
}


@pytest.fixture(scope="session")
def build():
    """A study with sites as given, by id: keys of their sections; the kind of data of the study."""

    def make(changes=None, kind="de-identified"):
        sites = [{"id": key, "name": key.title(), **section} for key, section in {**SITES, **(changes or {})}.items()]
        sections = {
            "study": {"name": "small", "title": "Small", "data_kind": kind},
            "time": {"horizon_days": 100},
            "data": {"key": "id"},
            "site": sites,
        }
        return Study(StudyFile.model_validate(sections), Path(), "", (), {})

    return make


@pytest.fixture(scope="session")
def decide(build):
    """The decision for a site of such a study on a day."""
    from cohortium.governance.ethics import decide_use

    def made(site, day, changes=None, kind="de-identified"):
        study = build(changes, kind)
        return decide_use(study, next(s for s in study.file.site if s.id == site), dt.date.fromisoformat(day))

    return made
