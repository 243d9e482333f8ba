"""What a world does without policies: warnings with names and amounts, in `validate`, `run` and `compare`."""

from __future__ import annotations

import json
import warnings
from pathlib import Path
from typing import Any

import pytest

import sim
from sim.study import do_nothing as module
from sim.study.do_nothing import do_nothing
from tests.kit import Data, scenario, traders

CONFIGS = Path(__file__).resolve().parents[2] / "configs"


def country(**blocks: Any) -> Data:
    """A home market of 600 coins a day that three exchanges share, where nothing costs anything."""
    return {
        "schema": 1, "name": "country", "start": "2020-01-01", "end": "2020-12-31", "focal": "home",
        "jurisdictions": [{"id": "home"}, {"id": "abroad"}],
        "segments": [traders(volume=960, taste={"domestic": 0, "offshore": -4})],
        "exchanges": [
            {"id": "a", "home": "home", "share": 0.5, "options": ["domestic"]},
            {"group": "b", "count": 2, "home": "home", "share": 0.25, "options": ["domestic"]},
        ],
        "policies": {"baseline": [{"id": "order", "kind": "closure-order", "announced": "2020-03-01"}]},
    } | blocks  # fmt: skip


def messages(source: Data) -> list[str]:
    return [f"{problem.path}: {problem.message}" for problem in do_nothing(scenario(source))]


def running(fixed: float) -> Data:
    return {"economics": {"take": {"domestic": 0.01}, "running": {"domestic": {"fixed": fixed}}}, "review": "20 d"}


def test_a_world_at_rest_gives_no_warning():
    assert messages(country()) == []


def test_exchanges_that_lose_money_are_named_with_amounts_and_so_are_those_that_leave():
    """600 coins a day at 1 %: a earns 3, each of b 1.5. At a cost of 2, b loses and leaves; its 300 coins stop."""
    lines = messages(country(decisions=running(2.0)))
    assert "exchanges.b: 2 of 2 lose money on the first day: earns 1.5 a day and costs 2 (the worst of them)" in lines
    assert "exchanges.b: 2 of 2 leave without any policy, and with it 300 a day of the first day's trade" in lines
    assert not [line for line in lines if line.startswith("exchanges.a")]


def test_a_file_of_lenders_that_all_quit_does_not_pass_for_suppression():
    """13 lenders whose costs exceed what they earn: all are warned of, and the trade that stops with them."""
    lenders = [{"group": "lender", "count": 13, "home": "home", "share": 1 / 13, "options": ["domestic"]}]
    lines = messages(country(exchanges=lenders, decisions=running(50.0)))
    assert "13 of 13 lose money" in lines[0]
    assert "13 of 13 leave without any policy" in lines[1]
    assert lines[2].startswith("segments.traders: its trade moves without any policy, from the first day to the last:")
    assert lines[2].endswith("not trading 38 % to 100 %")


def test_a_book_abroad_larger_than_the_largest_is_told():
    """Abroad the home brand of 1 counts as much as at home, beside e^-3 and 0.5: 5,000 / 1.55, and 11 from home."""
    foreigners = {"id": "foreign", "home": "abroad", "volume": 5000, "switching": "0.2 /d", "outside": 0.5,
                  "taste": {"offshore": 0}}  # fmt: skip
    source = country(
        segments=[traders(volume=960, taste={"domestic": 0, "offshore": -4}), foreigners],
        exchanges=[
            {"id": "a", "home": "home", "share": 1.0, "options": ["domestic", "domestic+offshore"]},
            {"id": "old", "home": "abroad", "strategy": "offshore", "brand": -3, "fixed": True},
        ],
        decisions={"review": "20 d"},
    )
    (line,) = [line for line in messages(source) if "book abroad" in line]
    assert line.startswith(
        "exchanges.a: opens a book abroad of 3,240 a day, larger than the world's largest, a with 593"
    )


def test_policies_do_not_matter():
    source = country(decisions=running(2.0))
    assert messages(source) == messages(source | {"policies": {"baseline": []}})


@pytest.mark.parametrize("ask", ["run", "compare"])
def test_run_and_compare_warn_once_for_each_world(ask, monkeypatch):
    monkeypatch.setattr(module, "_checked", set())
    checked = scenario(country(decisions=running(2.0)))

    def once() -> list[str]:
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            if ask == "run":
                sim.run(checked, until="2020-02-01")
            else:
                sim.compare(checked, replications=1, paths=False)
        return [str(each.message) for each in caught if each.category is sim.ScenarioWarning]

    (line,) = once()
    assert "exchanges.b: warning: 2 of 2 lose money" in line
    assert line.endswith("(and 2 more such doubts)")
    assert once() == []


def test_one_doubt_is_told_with_where_to_see_the_others(monkeypatch, tmp_path):
    monkeypatch.setattr(module, "_checked", set())
    file = tmp_path / "country.yaml"
    file.write_text(json.dumps(country(decisions=running(2.0))))
    with pytest.warns(sim.ScenarioWarning) as caught:
        sim.run(sim.load(file), until="2020-02-01")
    (said,) = caught
    assert str(said.message).endswith(f"(and 2 more such doubts; `regpressure validate {file}` lists all)")


def test_some_scenarios_rest_and_the_others_say_why_they_do_not():
    names = ("minimal", "hong_kong_2024", "china_2017", "china_2017_world", "china_2013", "india_2018")
    lines = {name: [str(each.path) for each in do_nothing(sim.load(name))] for name in names}
    assert [lines.pop(name) for name in ("minimal", "china_2013", "india_2018")] == [[], [], []]
    assert lines.pop("hong_kong_2024") == ["exchanges.ibtcex", "segments.mainland-linked"]
    assert set(map(tuple, lines.values())) == {("exchanges.small", "exchanges.small", "segments.movers")}


def test_a_long_wait_is_announced(monkeypatch):
    """1,000 exchanges for a year take 11 s in Python; compiled, or if they are few, nothing is said."""
    few = scenario(country())
    many = scenario(country(exchanges=[{"group": "b", "count": 1000, "home": "home", "share": 0.001}]))
    monkeypatch.setattr(module, "at_hand", lambda world: False)
    assert module.announcement(few) == "running country without policies"
    assert module.announcement(many) == "running country without policies, in Python: about 11 s"
    monkeypatch.setattr(module, "at_hand", lambda world: True)
    assert module.announcement(many) == "running country without policies"
