"""The picture at the head of README.md is what its first command draws."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image

import sim
from sim.plot.figures.mode_shares import gather_shares
from sim.study.repeat_commands import run_command

ROOT = Path(__file__).parents[1]


@pytest.mark.filterwarnings("ignore::sim.ScenarioWarning")
def test_the_picture_shows_what_the_first_command_finds() -> None:
    """If not: run that command and copy `out/china/figures/shares.png` to `docs/where_trade_went.png`."""
    run = sim.run(sim.load("china_2017"), engine="compiled")
    with Image.open(ROOT / "docs" / "where_trade_went.png") as picture:
        assert picture.info["Title"] == gather_shares(run).title
        assert picture.info["Comment"].startswith(run_command(run))
    assert "](docs/where_trade_went.png)" in (ROOT / "README.md").read_text(encoding="utf-8")
