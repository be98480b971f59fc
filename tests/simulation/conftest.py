import time

import pytest

from cohortium.cli.simulate_command import DEFAULT_SEED
from cohortium.simulation import REFERENCE, simulate
from cohortium.simulation.defects.wanted import wanted_defects
from cohortium.simulation.design.scale import scaled
from cohortium.simulation.simulate import assembled


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
def faulty(reference):
    """The same patients with faults, more at each site than the smallest has patients."""
    made, _ = reference
    return assembled(made.design, made.seed, made.charts, wanted_defects("15"))
