"""Fixtures of the whole suite."""

from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def reference_data() -> Path:
    """The folder of published reference data beside the checkout; a test that needs it is skipped without it."""
    folder = Path(__file__).resolve().parents[2] / "shared" / "data"
    if not folder.is_dir():
        pytest.skip("needs the reference data in a folder `shared/data` beside the checkout")
    return folder
