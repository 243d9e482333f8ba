"""What several tests of policies need."""

from pathlib import Path

import pytest

import sim


@pytest.fixture(scope="session")
def minimal() -> sim.Scenario:
    return sim.load(Path(__file__).parents[2] / "configs" / "minimal.yaml")
