"""What the indices of the arrays stand for."""

import hashlib
from collections.abc import Collection, Iterable
from dataclasses import dataclass, fields, replace
from functools import cached_property

from sim.scenario.scenario import Scenario
from sim.scenario.world.exchanges import Exchange
from sim.schedule.schedule import Schedule


@dataclass(frozen=True)
class Member:
    """One exchange: an entry of the scenario, or one member of a group."""

    id: str
    name: str
    group: str | None
    entry: Exchange

    def is_named(self, names: Collection[str]) -> bool:
        """Whether the exchange, or its group, is among these."""
        return self.id in names or self.group in names


@dataclass(frozen=True)
class Names:
    """Names in the order of the arrays."""

    exchanges: tuple[Member, ...]
    segments: tuple[str, ...]
    jurisdictions: tuple[str, ...]
    regions: tuple[str, ...]
    agencies: tuple[str, ...]
    offices: tuple[str, ...]
    product_offices: tuple[str, ...]
    rails: tuple[str, ...]
    channels: tuple[str, ...]
    products: tuple[str, ...]
    interventions: tuple[str, ...]
    rules: tuple[str, ...]

    @cached_property
    def exchange_ids(self) -> tuple[str, ...]:
        """Ids of the exchanges, group members included."""
        return tuple(member.id for member in self.exchanges)

    @property
    def sizes(self) -> dict[str, int]:
        """Lengths of the arrays by the symbols of `sim.world.arrays`, as far as names tell."""
        return {
            "K": len(self.segments), "F": len(self.exchanges), "J": len(self.jurisdictions), "R": len(self.regions),
            "L": len(self.rails) + 1 + len(self.channels) + len(self.products), "Q": len(self.products),
            "I": len(self.interventions), "G": len(self.agencies), "O": len(self.offices), "A": len(self.rules),
        }  # fmt: skip


def names_of(scenario: Scenario, schedule: Schedule) -> Names:
    """Collect the names of a scenario under one of its policies, each kind in order of first appearance."""
    segments = scenario.segments
    return Names(
        exchanges=tuple(member for entry in scenario.exchanges for member in _members(entry)),
        segments=tuple(segment.id for segment in segments),
        jurisdictions=tuple(jurisdiction.id for jurisdiction in scenario.jurisdictions),
        regions=_unique(region for jurisdiction in scenario.jurisdictions for region in jurisdiction.regions),
        agencies=tuple(agency.id for agency in scenario.agencies),
        offices=tuple(office.id for office in scenario.offices),
        product_offices=tuple(office.id for office in scenario.offices if office.products),
        rails=_unique(rail for segment in segments for rail in segment.rails),
        channels=_unique(channel for segment in segments for channel in segment.channels),
        products=_unique(need for segment in segments for need in segment.needs),
        interventions=tuple(item.id for item in schedule.interventions),
        rules=tuple(rule.id for rule in schedule.rules),
    )


def with_entries(names: Names, scenario: Scenario) -> Names | None:
    """The names with the exchanges as they are in this scenario, None if it has other names."""
    found = names_of(scenario, Schedule("", (), ()))
    found = replace(found, interventions=names.interventions, rules=names.rules)
    return found if _told(found) == _told(names) else None


def _told(names: Names) -> tuple[object, ...]:
    """All names, and the group of each exchange."""
    groups = tuple((member.id, member.group) for member in names.exchanges)
    return groups, *(getattr(names, each.name) for each in fields(names) if each.name != "exchanges")


def _members(entry: Exchange) -> list[Member]:
    own = entry.name if entry.group is None else None
    return [Member(name, own or name, entry.group, entry) for name in entry.ids]


def _unique(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(names))


def address(name: str) -> int:
    """A 63-bit address for the random draws of `name`: it does not depend on what else the scenario holds."""
    return int.from_bytes(hashlib.blake2b(name.encode(), digest_size=8).digest(), "little") >> 1
