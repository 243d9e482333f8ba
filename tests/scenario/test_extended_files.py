"""Files that extend files."""

from pathlib import Path

import pytest

from sim.scenario.errors import ScenarioError
from sim.scenario.scenario import load
from tests.scenario.small import SMALL


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "base.yaml").write_text(SMALL)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def refusal(name: str) -> list[str]:
    with pytest.raises(ScenarioError) as error:
        load(name)
    return str(error.value).splitlines()


def test_mappings_and_items_merge_and_other_lists_are_replaced(folder: Path) -> None:
    (folder / "child.yaml").write_text(
        "extends: base.yaml\n"
        "name: child\n"
        "segments:\n"
        "  - {id: traders, rails: {bank: 0.5}, volume: 2000}\n"
        "  - {id: others, home: harbour, volume: 1, switching: 1 /d, outside: 1, taste: {offshore: 0}}\n"
        "exchanges: [{group: tail, brand: {uniform: {low: -2.8, high: -1.9}}}]\n"
        "policies:\n"
        "  baseline:\n"
        "    - {id: payments, target: {rails: [wallet]}}\n"
    )
    scenario = load("child.yaml")
    assert scenario.name == "child"
    assert [(each.id, each.volume) for each in scenario.segments] == [("traders", 2000.0), ("others", 1.0)]
    assert scenario.segments[0].rails == {"bank": 0.5, "wallet": 0.4}
    assert scenario.exchanges[1].count == 3
    assert scenario.exchanges[1].brand is not None
    assert scenario.exchanges[1].brand.kind == "uniform"
    closure, payments = scenario.policies["baseline"].interventions
    assert closure.id == "closure"
    assert payments.target is not None
    assert (payments.target.modes, payments.target.rails) == (("otc",), ("wallet",))


def test_a_chain_over_folders(folder: Path) -> None:
    (folder / "sub").mkdir()
    (folder / "sub" / "middle.yaml").write_text("extends: ../base.yaml\nname: middle\nend: 2021-06-30\n")
    (folder / "top.yaml").write_text("extends: sub/middle.yaml\nname: top\n")
    scenario = load(folder / "top.yaml")
    assert (scenario.name, scenario.end.year) == ("top", 2021)


def test_remove_takes_out_items_entries_and_whole_policies(folder: Path) -> None:
    (folder / "child.yaml").write_text(
        "extends: base.yaml\n"
        "exchanges: [{id: alpha, share: 1}]\n"
        "remove: [exchanges.tail, segments.traders.rails.wallet, policies.baseline.interventions.closure]\n"
    )
    scenario = load("child.yaml")
    assert [each.id for each in scenario.exchanges] == ["alpha"]
    assert scenario.segments[0].rails == {"bank": 0.6}
    assert [each.id for each in scenario.policies["baseline"].interventions] == ["payments"]


def test_a_problem_stands_where_the_value_was_written(folder: Path) -> None:
    (folder / "child.yaml").write_text("extends: base.yaml\nsegments:\n  - {id: traders, home: habrour}\n")
    (folder / "base.yaml").write_text(SMALL.replace("switching: 0.2 /d", "switching: 0.2"))
    assert refusal("child.yaml") == [
        "base.yaml:15:16: segments.traders.switching: give a unit, for instance 0.25 /d",
        "child.yaml:3:25: segments.traders.home: no jurisdiction called habrour (did you mean harbour?)",
    ]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("extends: bsae.yaml", "child.yaml:1:10: extends: bsae.yaml: no such file (did you mean base.yaml?)"),
        ("extends: [base.yaml]", "child.yaml:1:10: extends: must be the path of one file"),
        ("remove: [a]", "child.yaml:1:1: remove: works only together with `extends`"),
        ("extends: base.yaml\nremove: exchanges", "child.yaml:2:9: remove: must be a list such as [exchanges.huobi]"),
        (
            "extends: base.yaml\nremove: [exchanges.tial]",
            "child.yaml:2:10: remove[0]: no tial there to remove (did you mean tail?)",
        ),
        ("extends: child.yaml", "child.yaml:1:10: extends: goes in a circle: child.yaml -> child.yaml"),
    ],
)
def test_what_is_refused(folder: Path, text: str, message: str) -> None:
    (folder / "child.yaml").write_text(text)
    assert refusal("child.yaml") == [message]


def test_a_circle_is_printed_as_a_chain(folder: Path) -> None:
    for name, parent in (("a", "b"), ("b", "c"), ("c", "b")):
        (folder / f"{name}.yaml").write_text(f"extends: {parent}.yaml\n")
    assert refusal("a.yaml") == ["c.yaml:1:10: extends: goes in a circle: a.yaml -> b.yaml -> c.yaml -> b.yaml"]


def test_a_broken_parent_is_told_at_its_own_place(folder: Path) -> None:
    (folder / "base.yaml").write_text("a: 1\na: 2\n")
    (folder / "child.yaml").write_text("extends: base.yaml\n")
    assert refusal("child.yaml") == [
        "base.yaml:2:1: the key a stands here a second time; the first is at base.yaml:1:1"
    ]


def test_an_endless_row_of_files_is_cut(folder: Path) -> None:
    for n in range(60):
        (folder / f"f{n}.yaml").write_text(f"extends: f{n + 1}.yaml\n")
    assert refusal("f0.yaml") == ["f30.yaml:1:10: extends: extends through more than 30 files"]
