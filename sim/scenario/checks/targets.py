"""Whether the target of an intervention can meet anything in the scenario."""

from __future__ import annotations

from collections.abc import Iterator

from sim.scenario.errors import Path
from sim.scenario.fields import ScenarioFields
from sim.scenario.policy.written import Intervention, Target
from sim.scenario.world.exchanges import Exchange
from sim.scenario.world.strategies import STRATEGY_VENUES, Strategy, TargetMode

Finding = tuple[Path, str, str]
"""Path, what is doubtful, code."""


def check_target(intervention: Intervention, scenario: ScenarioFields) -> Iterator[Finding]:
    """Parts of the target that meet nothing; paths start from the intervention."""
    target = scenario.with_kind(intervention).target
    if target is not None:
        for path, message in (*_regions(target, scenario), *_uses(target, scenario), *_venues(target, scenario)):
            yield ("target", *path), message, "target"


def _regions(target: Target, scenario: ScenarioFields) -> Iterator[tuple[Path, str]]:
    peopled = {name for each in scenario.jurisdictions for name, share in each.regions.items() if share > 0}
    seats = {name for each in scenario.exchanges if each.region for name in each.region.options}
    for index, region in enumerate(target.regions or ()):
        if region not in peopled | seats:
            yield ("regions", index), f"no exchange is in {region}, and no share of the traders"


def _uses(target: Target, scenario: ScenarioFields) -> Iterator[tuple[Path, str]]:
    """Rails, channels and products that none of the segments meant uses."""
    meant = [each for each in scenario.segments if target.segments is None or each.id in target.segments]
    for name, uses in (("rails", "rails"), ("channels", "channels"), ("products", "needs")):
        used = {key for each in meant for key, share in getattr(each, uses).items() if share > 0}
        if name == "products":
            used |= {product for each in scenario.exchanges for product in each.offers}
        for index, key in enumerate(getattr(target, name) or ()):
            if key not in used:
                yield (name, index), f"no segment {'targeted ' * bool(target.segments)}uses {key}"


def _venues(target: Target, scenario: ScenarioFields) -> Iterator[tuple[Path, str]]:
    """Modes and hosts that none of the exchanges meant can take."""
    names = target.exchanges
    meant = [each for each in scenario.exchanges if names is None or each.id in names or each.group in names]
    possible = {mode for each in meant for mode in _modes(each, scenario)}
    for index, mode in enumerate(target.modes or ()):
        if names is not None and mode not in possible:
            yield ("modes", index), f"none of the exchanges targeted can be {mode}"
    hosts = {host for each in meant for host in _hosts(each, scenario)}
    for index, host in enumerate(target.jurisdictions or ()):
        if host not in hosts:
            yield ("jurisdictions", index), f"no exchange {'targeted ' * (names is not None)}can go to {host}"


def _modes(exchange: Exchange, scenario: ScenarioFields) -> set[TargetMode]:
    """Modes that an exchange has at the start or may choose, a shell abroad as `disguised`."""
    options: tuple[Strategy, ...] = () if exchange.fixed else exchange.options or scenario.decisions.options
    venues = [venue for option in (*options, exchange.strategy) for venue in STRATEGY_VENUES[option].items()]
    return {"disguised" if posture == "disguised" else mode for mode, posture in venues}


def _hosts(exchange: Exchange, scenario: ScenarioFields) -> set[str]:
    chosen = exchange.hosts
    if chosen is None:
        chosen = tuple(each.id for each in scenario.jurisdictions if each.id != exchange.home)
    return {*chosen, *([exchange.host] if exchange.host else [])}
