"""From text to a scenario: every mistake at once, each at its place."""

import copy
import json
import pickle
import re
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sim.scenario.document.tree import locate, to_plain
from sim.scenario.document.yaml_tree import read_text
from sim.scenario.errors import Problem, ScenarioError
from sim.scenario.fields import source_of, tree_of
from sim.scenario.scenario import Scenario, load, loads
from sim.scenario.world.exchanges import Cost, Economics
from sim.scenario.world.strategies import STRATEGY_VENUES
from tests.scenario.small import SMALL, changed, complaints

SHIPPED = sorted((Path(__file__).parents[2] / "configs").glob("*.yaml"))


def test_a_sound_file() -> None:
    scenario = loads(SMALL)
    assert scenario.end == datetime(2020, 12, 31)
    assert scenario.segments[0].switching == 0.2
    assert scenario.policies["baseline"].interventions[1].ramp == 14.0


def test_positions_are_kept_beside_the_scenario() -> None:
    scenario = loads(SMALL, "small.yaml")
    root = tree_of(scenario)
    assert root is not None
    assert str(locate(root, ("segments", 0, "switching"))) == "small.yaml:15:16"


def test_the_text_behind_a_scenario_is_no_part_of_what_it_says() -> None:
    scenario = loads(SMALL, "small.yaml")
    made = Scenario.model_validate_json(scenario.model_dump_json(by_alias=True))
    assert tree_of(made) is None
    assert made == scenario == loads(SMALL, "other.yaml")
    assert "origin" not in scenario.model_dump_json()


@pytest.mark.parametrize(
    "copied",
    [
        lambda scenario: scenario.model_copy(update={"name": "another"}),
        lambda scenario: scenario.model_copy(deep=True),
        lambda scenario: pickle.loads(pickle.dumps(scenario)),
    ],
    ids=["changed", "deep", "pickled"],
)
def test_copies_go_without_the_text(copied: Callable[[Scenario], Scenario]) -> None:
    scenario = loads(SMALL)
    assert tree_of(copied(scenario)) is source_of(copied(scenario)) is None
    assert tree_of(scenario) is not None


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_shipped_scenarios_load_and_survive_their_own_json(path: Path) -> None:
    scenario = load(path)
    assert loads(scenario.model_dump_json(by_alias=True)) == scenario
    assert loads(json.dumps(scenario.model_dump(mode="json", by_alias=True), indent=1)) == scenario


def test_all_mistakes_at_once() -> None:
    text = changed(
        ("name: small", "name: 5"),
        ("start: 2020-01-01", "start: 2020-13-01"),
        ("focal: homeland", "focal: homland"),
        ("{id: harbour}", "{id: harbour, entry_cost: -20, tax: 15, appeal: true}"),
        ("capacity: 2 cases", "capacty: 2 cases"),
        ("mean: 12 d", "mean: 12"),
        ("    volume: 1000\n", "    volume: {pints: {}}\n    circumvention: {payment: 2}\n    habit: 3\n"),
        ("otc: -3", "otcc: -3"),
        ("share: 0.7", "share: 0.7, strategy: hybird, hosts: harbour"),
        ("kind: payment-block", "kind: payment-blok"),
        ("      by: regulator\n      announced: 2020-03-01", "      by: regulatr\n      announced: 14 d"),
    )
    assert complaints(text) == [
        "small.yaml:2:7: name: 5 is not text; put it in quotes",
        "small.yaml:3:8: start: 2020-13-01 is not in the calendar",
        "small.yaml:5:8: focal: no jurisdiction called homland (did you mean homeland?)",
        "small.yaml:8:31: jurisdictions.harbour.entry_cost: -20 is negative: an amount must be 0 or more",
        "small.yaml:8:41: jurisdictions.harbour.tax: 15 is not between 0 and 1; write 15 % for a percentage",
        "small.yaml:8:53: jurisdictions.harbour.appeal: true is not a number",
        "small.yaml:10:21: agencies.regulator.capacty: unknown key (did you mean capacity?)",
        "small.yaml:10:67: agencies.regulator.service.lognormal.mean: give a unit, for instance 6 weeks",
        "small.yaml:14:14: segments.traders.volume.pints: unknown key (did you mean points?)",
        "small.yaml:15:30: segments.traders.circumvention.payment: 2 is not between 0 and 1; write 2 %"
        " for a percentage",
        "small.yaml:16:12: segments.traders.habit: 3 is not a mapping",
        "small.yaml:19:26: segments.traders.taste.otcc: otcc is not one of domestic, otc, offshore (did you mean otc?)",
        "small.yaml:22:55: exchanges.alpha.strategy: hybird is not one of "
        f"{', '.join(STRATEGY_VENUES)} (did you mean hybrid?)",
        "small.yaml:22:70: exchanges.alpha.hosts: harbour is not a list",
        "small.yaml:28:11: policies.baseline.interventions.closure.by: no agency called regulatr"
        " (did you mean regulator?)",
        "small.yaml:29:18: policies.baseline.interventions.closure.announced: 14 d is not a date;"
        " write +14 d for an offset",
        "small.yaml:33:13: policies.baseline.interventions.payments.kind: no kind called payment-blok"
        " (did you mean payment-block?)",
    ]


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("{id: harbour}", "{id: har bour}", "8:10: jurisdictions.har bour.id: har bour is not a name made of letters,"),
        (
            "{id: harbour}",
            f"{{id: {'h' * 65}}}",
            f"8:10: jurisdictions.{'h' * 65}.id: {'h' * 37}... is longer than 64 characters",
        ),
        ("taste: {", "liquidity: 1\n    taste: {", "17:16: segments.traders.liquidity: 1 should be less than 1"),
        ("share: 0.7", "share: much", "20:40: exchanges.alpha.share: much is not a number"),
        ("volume: 1000", "volume: much", "14:13: segments.traders.volume: much is not a number"),
        ("share: 0.7", 'share: "1e999"', "20:40: exchanges.alpha.share: 1e999 is not a number"),
        ("otc: -3", 'otc: "nan"', "17:31: segments.traders.taste.otc: nan is not a number"),
        ("otc: -3", "otc: true", "17:31: segments.traders.taste.otc: true is not a number"),
        ("name: small\n", "", "1:1: name: is missing"),
        ("2020-12-31", "2019-12-31", "1:1: end must be after start"),
        ("  - {id: harbour}", "  - harbour", "8:5: jurisdictions[1]: harbour is not a mapping"),
        ("{north: 0.4}", "{north: {}}", "7:37: jurisdictions.homeland.regions.north: a mapping is not a number"),
        ("exchanges:\n", "exchanges: []\nx:\n", "19:12: exchanges: must have at least 1 entry"),
    ],
)
def test_one_mistake(old: str, new: str, message: str) -> None:
    found = complaints(changed((old, new)))
    assert [line for line in found if line.startswith(f"small.yaml:{message}")], found


def test_an_unknown_key_without_a_likeness_lists_what_is_known() -> None:
    (line,) = complaints(
        changed(("ramp: 2 weeks", "target: {zzz: 1}"), ("      target: {modes: [otc], rails: [bank]}\n", ""))
    )
    assert line == (
        "small.yaml:34:16: policies.baseline.interventions.payments.target.zzz: unknown key; known here:"
        " modes, jurisdictions, exchanges, regions, rails, channels, products, segments"
    )


def test_partial_mappings_keep_the_rest_of_their_default() -> None:
    scenario = loads(SMALL + "decisions: {economics: {take: {otc: 0.5 %}, launch: {offshore: {fixed: 10}}}}\n")
    economics, usual = scenario.decisions.economics, Economics()
    assert economics.take == {**usual.take, "otc": 0.005}
    assert economics.launch == {"offshore": Cost(fixed=10.0)}


def test_a_message_stays_on_its_line_whatever_it_quotes() -> None:
    first, second = complaints(changed(("focal: homeland", 'focal: "home\\nland\\t"')))
    assert first.startswith("small.yaml:5:8: focal: home\\nland\\t is not a name")
    assert second.startswith("small.yaml:5:8: focal: no jurisdiction called home\\nland\\t")


@pytest.mark.parametrize(
    ("old", "new", "place"),
    [
        ("name: small", 'name: "two\\nlines"', "small.yaml:2:7: name"),
        ("id: alpha, home", 'id: alpha, name: "two\\tparts", home', "small.yaml:20:23: exchanges.alpha.name"),
    ],
)
def test_a_name_stands_on_one_line(old: str, new: str, place: str) -> None:
    assert complaints(changed((old, new))) == [f"{place}: must stand on one line"]


@pytest.mark.parametrize("name", ["red \x1b[31m", "turned \u202e", "half \ud800"])
def test_names_given_in_python_are_checked_as_those_of_a_file_are(name: str) -> None:
    small = loads(SMALL)
    number = f"U+{ord(name.split()[1][0]):04X}"
    with pytest.raises(ScenarioError, match=re.escape(f"the text holds the character {number}, which cannot be print")):
        small.with_values({"name": name})
    with pytest.raises(ScenarioError, match="which cannot be printed"):
        small.with_policies({"p": small.policies["baseline"].model_copy(update={"description": name})})


def test_problems_are_sorted_and_printed_one_per_line() -> None:
    problems = [
        Problem("b", 2, 1, "x", "m"),
        Problem("b", 10, 1, "", "m", level="warning"),
        Problem("a", 0, 0, "", "m"),
    ]
    assert str(ScenarioError([*problems, problems[0]])) == "a: m\nb:2:1: x: m\nb:10:1: warning: m"


ODD = (None, True, -1, 0, 1e308, 2**62, "", "x", "1 d", "+3 d", "1 /d", "2020-02-30", "homeland", "nan")
SCALARS: st.SearchStrategy[Any] = st.sampled_from([*ODD, [], {}, [[]]]) | st.text(max_size=5)


def places(data: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Paths of everything below the root."""
    steps = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    return [found for step, part in steps for found in ((*path, step), *places(part, (*path, step)))]


RICH = SMALL + (
    "  p: {extends: baseline, drop: [closure], delay: {payments: 3 d}, change: {payments: {coverage: 0.5}}}\n"
    "  q:\n"
    "    rules:\n"
    "      - {id: r, by: regulator, when: {indicator: exposure, above: 0.3},\n"
    "         steps: [[{id: s, kind: warning, announced: +1 d}]]}\n"
    "decisions: {reaction: {uniform: {low: 1 d, high: 3 d}}, economics: {take: {otc: 0.5 %}}}\n"
    "uncertainties: {segments.traders.switching: {between: [0.1 /d, 0.3 /d]}}\n"
)
DATA = to_plain(read_text(RICH, "small"))


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.tuples(st.sampled_from(places(DATA)), SCALARS), min_size=1, max_size=3))
def test_whatever_stands_anywhere_is_taken_or_refused_with_a_message(
    changes: list[tuple[tuple[Any, ...], Any]],
) -> None:
    data = copy.deepcopy(DATA)
    for (*path, last), value in changes:
        place = data
        try:
            for step in path:
                place = place[step]
            place[last] = value
        except (KeyError, IndexError, TypeError):
            continue
    for line in complaints(json.dumps(data)):
        assert re.match(r"small\.yaml(:\d+:\d+)?: .", line)
