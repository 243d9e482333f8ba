"""What a world does if nobody does anything, and what of that its author hardly meant.

Where exchanges lose money from the first day, or trade moves by itself, a run gives clean-looking numbers that are the
effect of no policy. So a world is run once without policies before anybody trusts it.
"""

from __future__ import annotations

import logging
import os
import warnings
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from sim.clock import days_from
from sim.engine import simulator
from sim.engine.compiled.entrances import at_hand
from sim.engine.result import Result
from sim.results.first_day import FirstDay, figures, first_day_of
from sim.scenario.checks.lint import warning_at
from sim.scenario.errors import Path, Problem, ScenarioWarning
from sim.scenario.fields import as_tree
from sim.scenario.policy.policy import Policy
from sim.scenario.scenario import Scenario
from sim.world.arrays import Bools, World
from sim.world.build import world_of
from sim.world.build.names import Names
from sim.world.codes import MODES, OFFSHORE, S_EXIT

MOVED = 0.05
"""Part of what a segment trades that may change its mode by itself without a word."""
_SECONDS = 3e-5  # per exchange and day in Python; the shipped scenarios take 2e-5 to 3e-5
_LONG = 10.0  # seconds that are worth a word
_LOG = logging.getLogger("sim")

_Finding = tuple[Path, str, float]
"""Path, what happens there, and how much trade is concerned, as a part of what focal traders trade on the first day."""


@dataclass(frozen=True)
class _History:
    """A world without policies: its first day, and one run with records of the first and the last day."""

    scenario: Scenario
    world: World
    names: Names
    first_day: FirstDay
    result: Result

    def entries(self) -> Iterator[tuple[Path, Bools]]:
        """Entries of the scenario, each an exchange or a group: path, and (F,) which exchanges are meant."""
        for index, entry in enumerate(self.scenario.exchanges):
            yield ("exchanges", index), np.array([member.entry is entry for member in self.names.exchanges])

    def part(self, volume: float) -> float:
        """A volume as a part of what all focal segments trade on the first day."""
        focal = [segment.home == self.scenario.focal for segment in self.scenario.segments]
        total = float(self.first_day.volume[focal].sum())
        return volume / total if total > 0.0 else 0.0


def do_nothing(scenario: Scenario) -> list[Problem]:
    """Warnings about what happens without any policy, at the entries of the file that they are about.

    Told from one replication, by compiled code where that is at hand, else in Python; it says so if that takes long.
    """
    return [warning_at(scenario, path, message, "do-nothing") for path, message, _ in _findings(scenario)]


def warn_once(scenario: Scenario, stacklevel: int = 2) -> None:
    """Give one warning of `do_nothing` as `ScenarioWarning`, once for each world in a process.

    It is the first that concerns a twentieth of the trade, for causes come before effects, or else the largest, and it
    says how many others there are and where to see them.
    """
    world = scenario.model_dump_json(exclude={"policies", "uncertainties", "description"})
    if world in _checked:
        return
    _checked.add(world)
    if findings := _findings(scenario):
        largest = max(findings, key=lambda finding: finding[2])
        path, message, _ = next((finding for finding in findings if finding[2] >= MOVED), largest)
        message += _others(scenario, len(findings) - 1)
        warnings.warn(ScenarioWarning(warning_at(scenario, path, message, "do-nothing")), stacklevel=stacklevel + 1)


_checked: set[str] = set()


def _others(scenario: Scenario, count: int) -> str:
    """How many more doubts there are, and which command lists them if the scenario is in a file."""
    if count == 0:
        return ""
    file = as_tree(scenario).position.file
    command = f"; `regpressure validate {file}` lists all" if os.path.isfile(file) else ""
    return f" (and {count} more such {'doubts' if count > 1 else 'doubt'}{command})"


def announcement(scenario: Scenario) -> str:
    """What is done, for a person who waits, and how long it takes if that is long."""
    seconds = _long_wait(scenario)
    return f"running {scenario.name} without policies" + (f", in Python: about {seconds:.0f} s" if seconds else "")


def _long_wait(scenario: Scenario) -> float:
    """Seconds that it takes in Python; 0 if compiled code is at hand, or if they are few."""
    seconds = _SECONDS * days_from(scenario.start, scenario.end) * sum(each.count for each in scenario.exchanges)
    return 0.0 if seconds <= _LONG or at_hand(world_of(scenario, Policy())[0]) else seconds


def _findings(scenario: Scenario) -> list[_Finding]:
    history = _run(scenario)
    return [*_losses(history), *_exits(history), *_moves(history), *_books(history)]


def _run(scenario: Scenario) -> _History:
    if _long_wait(scenario):
        _LOG.warning(announcement(scenario))
    world, names = world_of(scenario, Policy())
    days = days_from(scenario.start, scenario.end)
    _, simulate = simulator("auto", world)
    return _History(scenario, world, names, first_day_of(world), simulate(world, 0, 0, days, days))


def _losses(history: _History) -> Iterator[_Finding]:
    """Exchanges that earn less on the first day than their venues cost."""
    earned, cost = history.first_day.earned, history.first_day.cost
    loss = np.where(history.world.exchanges.fixed, 0.0, cost - earned)
    for path, members in history.entries():
        if (losing := members & (loss > 0.0)).any():
            worst = int(np.argmax(np.where(losing, loss, 0.0)))
            money = f"earns {figures(earned[worst])} a day and costs {figures(cost[worst])}"
            money += "" if losing.sum() == 1 else " (the worst of them)"
            message = f"{_who(losing, members, 'lose')} money on the first day: {money}"
            yield path, message, history.part(history.first_day.volume[:, losing].sum())


def _exits(history: _History) -> Iterator[_Finding]:
    """Exchanges that leave although nobody drives them out."""
    frame = history.result.frame
    left = (frame.strategy[-1] == S_EXIT) & (frame.strategy[0] != S_EXIT)
    for path, members in history.entries():
        if (leaving := members & left).any():
            volume = history.first_day.volume[:, leaving].sum()
            traded = f", and with it {figures(volume)} a day of the first day's trade" if volume > 0.0 else ""
            yield path, f"{_who(leaving, members, 'leave')} without any policy{traded}", history.part(volume)


def _moves(history: _History) -> Iterator[_Finding]:
    """Focal segments whose trade moves between modes, or stops or starts, by itself."""
    frame = history.result.frame
    for k, segment in enumerate(history.scenario.segments):
        first, last = ([*frame.share[t, k].sum(axis=0), frame.outside[t, k]] for t in (0, -1))
        most = max(abs(after - before) for before, after in zip(first, last, strict=True))
        moved = [
            f"{mode} {_percent(before)} to {_percent(after)}"
            for mode, before, after in zip((*MODES, "not trading"), first, last, strict=True)
            if abs(after - before) > MOVED
        ]
        if moved and segment.home == history.scenario.focal:
            message = f"its trade moves without any policy, from the first day to the last: {', '.join(moved)}"
            whole = history.first_day.volume[k].sum() + history.first_day.untraded[k]
            yield ("segments", k), message, history.part(most * whole)


def _books(history: _History) -> Iterator[_Finding]:
    """Exchanges whose new book abroad becomes larger than every book that the file describes."""
    frame, names = history.result.frame, history.names.exchange_ids
    demand = history.world.segments.real_part * frame.segment_volume[-1]
    volume = np.einsum("k,kfm->fm", demand, frame.share[-1])  # of every venue (F, 3), on the last day
    described = history.world.strategy_postures[history.world.exchanges.strategy] >= 0
    largest = int(np.argmax(np.where(described, volume, -1.0).max(axis=1)))
    most = np.where(described, volume, -1.0).max()
    abroad = np.where(described[:, OFFSHORE], 0.0, volume[:, OFFSHORE])
    for path, members in history.entries():
        if (larger := members & (abroad > most)).any():
            opens = f"{_who(larger, members, 'open')} a book abroad of {figures(abroad[larger].max())} a day"
            message = f"{opens}, larger than the world's largest, {names[largest]} with {figures(most)}"
            yield path, message, history.part(float(abroad[larger].max()))


def _who(which: Bools, members: Bools, verb: str) -> str:
    """What some of an entry's exchanges do, and how many they are where it has several."""
    return f"{verb}s" if members.sum() == 1 else f"{which.sum()} of {members.sum()} {verb}"


def _percent(part: float) -> str:
    return f"{100.0 * part:.0f} %"
