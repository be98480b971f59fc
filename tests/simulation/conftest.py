import time

import pytest

from cohortium.cli.simulate_command import DEFAULT_SEED
from cohortium.simulation import REFERENCE, simulate
from cohortium.simulation.defects.wanted import wanted_defects
from cohortium.simulation.design.scale import scaled


@pytest.fixture(scope="session")
def reference():
    """The built-in consortium, simulated once, and the processor time it took."""
    start = time.process_time()
    made = simulate(REFERENCE, DEFAULT_SEED)
    return made, time.process_time() - start


@pytest.fixture(scope="session")
def small():
    return scaled(REFERENCE, 40, 13)


@pytest.fixture(scope="session")
def faulty():
    """The built-in habits, sites large enough for each kind of fault."""
    return simulate(scaled(REFERENCE, 260, 13), 11, wanted_defects("15"))
