"""Words of another trade in figures and tables, and nowhere else."""

from __future__ import annotations

import pytest

import sim
from sim.plot.figures.exchange_timelines import gather_timeline
from sim.plot.figures.flows import gather_flows
from sim.plot.figures.mode_shares import gather_shares
from sim.plot.plotted_quantity import quantity_of, share_of
from sim.reports.decision_words import decision_blocks
from sim.reports.report_blocks import Table
from sim.scenario.scenario import Scenario, loads
from sim.scenario.shipped import starting_scenario
from sim.scenario.trade_labels import NEUTRAL, Labels

LENDERS = Labels.model_validate(
    {"exchange": "lender", "venue": "shop", "modes": {"domestic": "high street", "otc": "doorstep"}}
)


@pytest.fixture(scope="module")
def lending() -> Scenario:
    """The scenario that `regpressure new` writes, with the labels that it suggests."""
    return loads(starting_scenario("lending").replace("# labels:", "labels:"))


def test_without_labels_words_stay() -> None:
    text = "What OTC and offshore venues gained, per unit that domestic venues lost"
    assert NEUTRAL.text(text) == text
    assert [NEUTRAL.mode(mode) for mode in ("otc", "outside")] == ["OTC", "not trading"]


@pytest.mark.parametrize(
    ("text", "labelled"),
    [
        ("OTC and domestic venues", "doorstep and high street shops"),
        ("Open venues; an exchange, all exchanges", "Open shops; a lender, all lenders"),
        ("Domestic share", "High street share"),
        ("All 3 domestic order books", "All 3 high street shops"),
        ("otc opened, offshore closed", "doorstep opened, offshore closed"),
        ("Botchotc Ltd and exchangeable", "Botchotc Ltd and exchangeable"),
    ],
)
def test_labels_stand_for_the_words_of_the_program(text: str, labelled: str) -> None:
    assert LENDERS.text(text) == labelled


def test_a_plural_can_be_given() -> None:
    assert Labels(exchange="bank", exchanges="banking houses").text("2 exchanges") == "2 banking houses"
    assert Labels(exchange="agency").text("an exchange or a venue") == "an agency or a venue"


def test_figures_use_them(lending: Scenario) -> None:
    run = sim.run(lending)
    assert gather_shares(run).title.startswith("High street share fell")
    assert "high street shops had closed" in gather_timeline(run).title
    assert "their lenders at the end" in gather_timeline(run).title
    assert [node.name for node in gather_flows(run).nodes][:2] == ["high street", "doorstep"]
    assert quantity_of("leakage", lending.labels).meaning.startswith("What doorstep and online shops gained")
    assert share_of("otc", lending.labels).name == "doorstep share"


def test_labels_change_no_number(lending: Scenario) -> None:
    plain = sim.run(loads(starting_scenario("lending")))
    assert dict(sim.run(lending).measures) == pytest.approx(dict(plain.measures), rel=0, abs=0, nan_ok=True)


def test_a_mode_that_is_none_cannot_be_labelled() -> None:
    with pytest.raises(sim.ScenarioError, match="labels.modes"):
        loads(starting_scenario("lending").replace("# labels:", "labels:").replace("otc: doorstep", "otcc: doorstep"))


def test_a_report_uses_them(lending: Scenario) -> None:
    (table,) = decision_blocks(sim.run(lending))
    assert isinstance(table, Table)
    assert table.caption.startswith("Changes of strategy of the 3 largest lenders")
    assert any("Went from high street to" in cell for row in table.rows for cell in row)
