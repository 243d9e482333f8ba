"""Parameters drawn from their ranges: uncertainty about the model, beside chance within it.

The value of a parameter in draw k is uniform between the ends of its range and has an address, (seed, k; path), as the
random draws of the model have. So it depends neither on how many draws are made nor on which other ranges there are.
A Latin hypercube or a Sobol sequence would spread the draws better, but draw k would then change with their number.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache

import numpy as np

from sim.scenario.ranges import between, size_of
from sim.scenario.scenario import Scenario
from sim.scenario.values.calendar import parse_day
from sim.study.point_worlds import with_policy_value
from sim.study.statistics.posterior import Posterior
from sim.world.arrays import Floats, World
from sim.world.build import varied_world, world_of
from sim.world.build.names import Names, address

_PURPOSE = 2**32  # beyond those of the model
_SCENARIOS_CACHED = 256  # with drawn values


def drawn_values(scenario: Scenario, seed: int, draw: int) -> dict[str, object]:
    """The values of all uncertain parameters in a draw, by path, as a file would write them.

    Raises ValueError for a range whose ends have no values between them.
    """
    ranges = scenario.uncertainties.items()
    return {path: between(path, *range_.between, _uniform(seed, draw, path)) for path, range_ in ranges}


@dataclass(frozen=True)
class Draws:
    """`count` draws of the uncertain parameters of a scenario; replication r has draw r modulo `count`.

    They are drawn from their ranges, or are the first rows of a posterior. All policies have the same draw in the same
    replication.
    """

    scenario: Scenario
    seed: int
    count: int
    posterior: Posterior | None = None

    def __post_init__(self) -> None:
        if self.posterior is not None and self.count > len(self.posterior.rows):
            raise ValueError(
                f"the posterior has {len(self.posterior.rows):,} rows, so there are no {self.count:,} draws"
            )
        if not self.scenario.uncertainties:
            raise ValueError(f"{self.scenario.name} has no `uncertainties` to draw from")
        if self.count < 2:
            raise ValueError(f"draws is a whole number from 2 on, got {self.count}")

    def values(self, draw: int) -> Mapping[str, object]:
        """The values of a draw by path, as a file would write them."""
        if self.posterior is not None:
            return self.posterior.rows[draw]
        return drawn_values(self.scenario, self.seed, draw)

    def scenario_of(self, draw: int) -> Scenario:
        """The scenario with the values of a draw."""
        return self._with_policies(draw, self.scenario.policies)

    def worlds(self, policy: str, first: int, count: int) -> tuple[World, ...]:
        """The world of each replication from `first` on; the same object where the draw is the same."""
        draws = [replication % self.count for replication in range(first, first + count)]
        built = self._built(policy)
        worlds = {
            draw: varied_world(self.scenario, built, self._with_policies(draw, [policy]), policy)
            for draw in dict.fromkeys(draws)
        }
        return tuple(worlds[draw] for draw in draws)

    @cached_property
    def _built(self) -> Callable[[str], tuple[World, Names]]:
        """What the world of each draw is made from: that of the file's own values."""
        return cache(lambda policy: world_of(self.scenario, policy))

    @cached_property
    def _varied(self) -> Callable[[int], tuple[Scenario, dict[str, object]]]:
        return lru_cache(maxsize=_SCENARIOS_CACHED)(self._drawn)

    def _drawn(self, draw: int) -> tuple[Scenario, dict[str, object]]:
        """The scenario of a draw, and the values that are still to be put into interventions of policies.

        To compose all policies of a file anew, and to check them, takes ten times as long as a run.
        """
        values = self.values(draw)
        own = {path: value for path, value in values.items() if path.startswith("policies.")}
        if not all(path in self._followers for path in own):
            return self.scenario.with_values(values), {}
        return self.scenario.with_values({path: value for path, value in values.items() if path not in own}), own

    def _with_policies(self, draw: int, names: Collection[str]) -> Scenario:
        """The scenario of a draw in which these policies have its values: what `Scenario.with_values` gives of them."""
        varied, own = self._varied(draw)
        policies = dict(varied.policies)
        for path, value in own.items():
            inside = path.split(".interventions.", 1)[1]
            for name in self._followers[path]:
                if name in names:
                    policies[name] = with_policy_value(policies[name], inside, value)
        return varied.model_copy(update={"policies": policies}) if own else varied

    @cached_property
    def _followers(self) -> dict[str, list[str]]:
        """By drawn path in an intervention of a policy, the policies that change with it: that one and all of it."""
        found = {}
        for path, value in self.values(0).items():
            if not re.match(r"policies\.[^.]+\.interventions\.", path):
                continue
            changed = self.scenario.with_values({path: value}).policies
            followers = [name for name, policy in self.scenario.policies.items() if changed[name] != policy]
            inside = path.split(".interventions.", 1)[1]
            policies = self.scenario.policies
            if all(with_policy_value(policies[name], inside, value) == changed[name] for name in followers):
                found[path] = followers
        return found


def interval_scope(
    uncertain: int, draws: int | None, from_record: bool = False, *, values: str = "the file's values",
    ranges: bool = True,
) -> str:  # fmt: skip
    """What intervals cover, luck alone or luck and parameters, in words for a table or a figure.

    `uncertain`: how many ranges are left to draw from; `from_record`: whether draws are those of a posterior; `values`:
    at which values runs are, without draws; `ranges`: whether it is told beside where the draws lie.
    """
    if draws is not None:
        drawn = "worlds that the record makes plausible" if from_record else "draws of what is uncertain in the file"
        beside = "; draws: where the middle 95 % of them lie" if ranges else ""
        return f"intervals: luck and parameters, of the mean over {draws:,} {drawn}{beside}"
    words = f"intervals: luck within the model, at {values}"
    if uncertain:
        are = "1 value is" if uncertain == 1 else f"{uncertain} values are"
        words += f"; {are} uncertain in the file, and draws of them (--draws N) show what that adds"
    return words


def means_by_draw(values: Floats, draws: int | None) -> Floats:
    """Means over the replications of each draw, (min(n, draws), ...); the values (n, ...) where each has its own.

    Replications of one draw have its parameters in common, so only the draws are independent of each other. NaN is left
    out; a draw without any value is NaN.
    """
    if draws is None or draws >= len(values):
        return values
    total = np.zeros((draws, *values.shape[1:]))
    count = np.zeros_like(total)
    draw_of = np.arange(len(values)) % draws
    np.add.at(total, draw_of, np.nan_to_num(values))
    np.add.at(count, draw_of, ~np.isnan(values))
    return np.divide(total, count, out=np.full_like(total, np.nan), where=count > 0)


def pairs_by_draw(a: Floats, b: Floats, draws: int | None) -> tuple[Floats, Floats]:
    """Means of both by draw, over the replications in which both are defined."""
    if draws is None or draws >= len(a):
        return a, b
    undefined = np.isnan(a) | np.isnan(b)
    return means_by_draw(np.where(undefined, np.nan, a), draws), means_by_draw(np.where(undefined, np.nan, b), draws)


def numbers_of(values: Sequence[object]) -> Floats | None:
    """Drawn values of a parameter as numbers, dates as seconds; None where they do not vary or are neither."""
    sizes = [size_of(value) for value in values]
    if any(size is None for size in sizes):
        try:
            sizes = [parse_day(value).timestamp() for value in values]
        except ValueError:
            return None
    numbers = np.array(sizes, dtype=float)
    return numbers if np.ptp(numbers) > 0.0 else None


def _uniform(seed: int, draw: int, path: str) -> float:
    """The uniform in (0, 1) at an address, by Philox4x64-10 (`sim.model.random`)."""
    key, counter = np.array([seed, draw], dtype=np.uint64), np.array([address(path), _PURPOSE, 0, 0], dtype=np.uint64)
    word = int(np.random.Philox(key=key, counter=counter).random_raw())
    return ((word >> 11) + 0.5) * 2.0**-53
