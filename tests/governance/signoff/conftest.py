"""A small study of which things are locked and signed."""

import pytest

from cohortium.governance.signoff.perform import Request, perform
from cohortium.study.load import load_study
from governance.signoff.small_study import NOON, make_study


@pytest.fixture
def study(tmp_path):
    return make_study(tmp_path / "study")


@pytest.fixture
def do(study):
    """Record an act of a signer; the study is read again each time."""

    def act(actor, action, reference, why="because"):
        return perform(load_study(study.directory), Request(actor, action, reference, why), clock=lambda: NOON)

    return act


@pytest.fixture
def locked_and_signed(do):
    """Every site locked by one person and signed by another."""
    for number, manager, investigator in ((1, "rivera", "chen"), (2, "rivera", "haas"), (3, "rivera", "haas")):
        do(manager, "lock", f"site:site-0{number}")
        do(investigator, "responsibility", f"site:site-0{number}")
