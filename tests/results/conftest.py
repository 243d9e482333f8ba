"""A run to save, open and measure."""

import pytest

from sim.results.run import Run
from tests.synthetic import synthetic_run


@pytest.fixture(scope="session")
def run() -> Run:
    """A run that tests read and never change."""
    return synthetic_run(days=60, exchanges=5)
