"""`regpressure check`: a scenario beside the facts of its record."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

FACTS = """\
series:
  home: [{modes: [domestic]}]
facts:
  - {id: emptied, window: [2020-09-01, 2020-09-30], statistic: multiple,
     arguments: {of: home, before: [2020-02-01, 2020-02-29]}, value: 0, low: 0, high: 0.1, unit: multiple, grade: A,
     use: validate, about: home volume after the closure over before, source: invented}
  - {id: sites, window: 2020-09-30, statistic: open-venues, arguments: {mode: otc}, value: 30, unit: sites, grade: C,
     use: validate, about: sites open in September, source: invented}
"""


def test_facts_are_read_beside_the_scenario_or_where_told(command: Any, tmp_path: Path) -> None:
    scenario, facts = tmp_path / "mine.yaml", tmp_path / "evidence" / "mine.yaml"
    scenario.write_text(command("example", "minimal").out, encoding="utf-8")
    ended = command("check", scenario)
    assert (ended.code, ended.err.strip()) == (
        2,
        f"error: {facts}: no such file; the facts of {scenario} are to stand there, or name their file with --evidence",
    )

    facts.parent.mkdir()
    facts.write_text(FACTS, encoding="utf-8")
    ended = command("check", scenario, "--replications", "2")
    assert ended.code == 0
    assert "held out" in ended.out
    assert "The 90 % interval of the prediction holds 1 of 2 facts held out;" in ended.out

    found = json.loads(command("check", "minimal", "--evidence", facts, "--replications", "2", "--json").out)
    assert (found["policy"], found["replications"], found["parameters"]) == ("baseline", 2, "2 ranges of the file")
    by_id = {row["fact"]: row for row in found["facts"]}
    assert (by_id["emptied"]["median"], by_id["emptied"]["inside"], by_id["emptied"]["power all"]) == (0.0, True, 1.0)
    assert by_id["sites"]["median"] < 30
    assert by_id["sites"]["inside"] is False


def test_tables_and_figures_go_to_a_folder(command: Any, tmp_path: Path) -> None:
    facts = tmp_path / "facts.yaml"
    facts.write_text(FACTS, encoding="utf-8")
    target = tmp_path / "out"

    ended = command("check", "minimal", "--evidence", facts, "--replications", "2", "--out", target)

    assert ended.code == 0
    assert sorted(path.name for path in target.rglob("*")) == ["facts.csv", "figures", "forecasts.csv", "record.png"]
    again = command("check", "minimal", "--evidence", facts, "--out", target)
    assert (again.code, "exists already" in again.err) == (2, True)


def test_a_name_that_the_scenario_has_not_is_told_with_its_place(command: Any, tmp_path: Path) -> None:
    facts = tmp_path / "facts.yaml"
    facts.write_text(FACTS.replace("{mode: otc}", "{mode: otc, exchanges: [bazar]}"), encoding="utf-8")
    ended = command("check", "minimal", "--evidence", facts)
    assert ended.code == 2
    assert "facts.sites.arguments.exchanges[0]: no exchange called bazar (did you mean bazaar?)" in ended.err
