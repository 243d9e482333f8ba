"""Posteriors: plausible worlds of a scenario, given its record, in a small file beside it.

`china.yaml` has its posterior in `china.posterior.csv`: lines of comment that say what it was made of, and a table with
one plausible world a row and one parameter a column. All rows are equally plausible and in no order, so the first
ones are a sample too. `sim.calibrate` makes such files.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from sim.atomic_write import atomic_file
from sim.results.hashing import json_hash
from sim.scenario.document.tree import to_plain
from sim.scenario.document.yaml_tree import read_value
from sim.scenario.errors import Problem, ScenarioError
from sim.scenario.fields import source_of, tree_of
from sim.scenario.scenario import Scenario
from sim.suggest import did_you_mean

_ENDING = ".posterior.csv"
_HEAD = "each row is one plausible world, all equally so; draw k is row k"
_UNTOUCHED = frozenset({"source", "description", "name", "volume_unit"})
"""Keys of a scenario that no run depends on."""


@dataclass(frozen=True)
class Posterior:
    """Plausible worlds of a scenario: in each row the values by path.

    `scenario` is a hash of the scenario that they belong to, `about` what they were made of.
    """

    scenario: str
    rows: tuple[Mapping[str, object], ...]
    about: Mapping[str, str]

    @property
    def paths(self) -> tuple[str, ...]:
        """The parameters."""
        return tuple(self.rows[0])

    def first(self, count: int) -> Posterior:
        """The first rows alone, at most all."""
        return Posterior(self.scenario, self.rows[:count], self.about)

    def without(self, path: str) -> Posterior:
        """The same worlds without the values of a parameter. Raises ValueError if it draws nothing else."""
        rows = tuple({name: value for name, value in row.items() if name != path} for row in self.rows)
        if not rows[0]:
            raise ValueError(f"the posterior draws {path} alone, so nothing is left to draw")
        return Posterior(self.scenario, rows, self.about)

    def write(self, file: Path) -> None:
        """Write the file, whole."""
        lines = {"scenario": self.scenario, **self.about}
        with atomic_file(file) as path, path.open("w", encoding="utf-8", newline="") as text:
            text.write(f"# Posterior: {_HEAD}.\n")
            text.writelines(f"# {key}: {value}\n" for key, value in lines.items())
            table = csv.writer(text, lineterminator="\n")
            table.writerow(self.paths)
            table.writerows(row.values() for row in self.rows)

    def to_plain(self) -> dict[str, Any]:
        """As JSON."""
        return {"scenario": self.scenario, "about": dict(self.about), "rows": [dict(row) for row in self.rows]}


def posterior_from_plain(plain: Mapping[str, Any]) -> Posterior:
    """The posterior that `Posterior.to_plain` gave."""
    return Posterior(plain["scenario"], tuple(plain["rows"]), plain["about"])


def read_posterior(file: Path) -> Posterior:
    """Read a posterior. Raises ScenarioError, with line, for a file that is none."""
    lines = file.read_text(encoding="utf-8").splitlines()
    head = [line[1:].partition(":") for line in lines if line.startswith("#")]
    about = {key.strip(): value.strip() for key, _, value in head[1:]}
    table = list(csv.reader(lines[len(head) :]))
    if "scenario" not in about or len(table) < 3 or not table[0]:
        wrong = "this is no posterior: lines `# scenario: ...`, then names of parameters, then at least two rows"
        raise ScenarioError([Problem(str(file), 1, 1, "", wrong)])
    for number, row in enumerate(table[1:], len(head) + 2):
        if len(row) != len(table[0]):
            wrong = f"{len(row)} values for {len(table[0])} parameters"
            raise ScenarioError([Problem(str(file), number, 1, "", wrong)])
    rows = tuple(
        {path: to_plain(read_value(text, str(file))) for path, text in zip(table[0], row, strict=True)}
        for row in table[1:]
    )
    return Posterior(about.pop("scenario"), rows, about)


def posterior_file(scenario: Scenario) -> Path | None:
    """Where the posterior of a scenario is, if there is one: beside its file. None for a scenario made in Python."""
    tree = tree_of(scenario)
    return None if tree is None else Path(tree.position.file).with_suffix(_ENDING)


def posterior_of(scenario: Scenario, found: Posterior | None = None) -> Posterior:
    """The posterior of a scenario, or the one that is given, if it belongs to the scenario as it is.

    Raises ValueError where there is none, where the scenario has changed since it was made, and where a parameter was
    set by hand that it draws.
    """
    file = posterior_file(scenario)
    if found is None:
        if file is None or not file.is_file():
            where = "it was made in Python" if file is None else f"there is no {file}"
            raise ValueError(f"{scenario.name} has no posterior: {where}; `regpressure calibrate` makes one")
        found = read_posterior(file)
    name = "the posterior" if file is None else str(file)
    source = source_of(scenario)
    if source is not None and (by_hand := [path for path in found.paths if path in source.overrides]):
        raise ValueError(f"{name} draws {by_hand[0]}, which was set to {source.overrides[by_hand[0]]!r}; leave one out")
    for path in found.paths:
        if path not in scenario.uncertainties:
            meant = did_you_mean(path, scenario.uncertainties)
            raise ValueError(f"{name} draws {path}, which is not under `uncertainties`{meant}")
    if found.scenario != scenario_hash(scenario):
        raise ValueError(
            f"{name} was made for {scenario.name} as it was before a change; make it anew with `regpressure calibrate`"
        )
    return found


def scenario_hash(scenario: Scenario) -> str:
    """What a posterior depends on: the world and the baseline, with the ranges of what is uncertain.

    Not the values within these ranges that the file gives, other policies, words about sources, or what is left to
    its default, so that a posterior outlives fields that are added.
    """
    lowest = scenario.with_values({path: range_.between[0] for path, range_ in scenario.uncertainties.items()})
    plain = _said(lowest.model_copy(update={"policies": {}})) | {"baseline": _said(scenario.policies["baseline"])}
    return json_hash(_without_words(plain))[:16]


def _said(model: BaseModel) -> dict[str, Any]:
    return model.model_dump(mode="json", exclude_defaults=True, exclude_unset=True)


def _without_words(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _without_words(inner) for key, inner in value.items() if key not in _UNTOUCHED}
    return [_without_words(inner) for inner in value] if isinstance(value, list) else value
