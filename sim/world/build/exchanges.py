"""Exchanges."""

import math

import numpy as np

from sim.clock import days_from
from sim.kernels.shapes import filled
from sim.scenario.scenario import Scenario
from sim.scenario.values.distributions import Dist
from sim.scenario.volumes import amount, log_brand
from sim.scenario.world.strategies import STRATEGY_VENUES
from sim.world.arrays import Bools, Exchanges
from sim.world.build.names import Member, Names, address
from sim.world.build.random_quantities import rows
from sim.world.codes import MODES, OPTIONS, POSTURES, STRATEGIES, STRATEGY_POSTURES


def exchanges_of(scenario: Scenario, names: Names) -> Exchanges:
    """Arrays of the exchanges, group members one by one."""
    members = names.exchanges
    entries = [member.entry for member in members]
    listed = scenario.exchanges
    entering = [np.nan if e.enters is None else days_from(scenario.start, e.enters) for e in entries]
    return filled(
        Exchanges,
        {**names.sizes, "X": len(listed)},
        entries,
        entry=[n for n, each in enumerate(listed) for _ in range(1 if each.group is None else each.count)],
        members=[1 if each.group is None else each.count for each in listed],
        key=[address(member.id) for member in members],
        focal=[e.home == scenario.focal for e in entries],
        enters=entering,
        strategy=[STRATEGIES.index(e.strategy) for e in entries],
        host=[_host(member, scenario, names) for member in members],
        taste=[_taste(member, scenario) for member in members],
        offers=_offers(names),
        options=[_options(member, scenario) for member in members],
        postures=_postures(members, scenario),
        hosts=[_hosts(member, scenario, names) for member in members],
        region=[_region(member, names) for member in members],
        brand=rows(_brand(member, scenario) for member in members),
        lead_time_factor=rows(e.lead_time_factor for e in entries),
        caution=rows(e.caution for e in entries),
        sanction_weight=rows(e.sanction_weight for e in entries),
        notice_used=rows(e.notice_used for e in entries),
        local_page=rows(e.local_page for e in entries),
        reaction=rows(e.reaction or scenario.decisions.reaction for e in entries),
        exposure=[float(e.home == scenario.focal) if e.exposure is None else e.exposure for e in entries],
        capital=[math.inf if e.capital is None else amount(scenario, e.capital) for e in entries],
    )


def _brand(member: Member, scenario: Scenario) -> Dist | float:
    """Log brand: as given, or as the given volumes of the first day have it."""
    entry = member.entry
    if entry.share is not None:
        return math.log(entry.share)
    return log_brand(scenario, entry) if entry.brand is None else entry.brand


def _taste(member: Member, scenario: Scenario) -> list[list[float]]:
    """Log attraction by segment and mode, without brand; -inf where the exchange does not serve."""
    taste = []
    for segment in scenario.segments:
        offset = member.entry.audience.get(segment.id, 0.0)
        taste.append([_log_attraction(segment.tastes.get(mode), offset) for mode in MODES])
    return taste


def _log_attraction(taste: float | None, offset: float | None) -> float:
    return -math.inf if taste is None or offset is None else taste + offset


def _offers(names: Names) -> list[list[bool]]:
    """Products that each exchange lists; a product that nobody lists is offered by all."""
    listed = {product for member in names.exchanges for product in member.entry.offers}
    return [[q in m.entry.offers or q not in listed for q in names.products] for m in names.exchanges]


def _options(member: Member, scenario: Scenario) -> list[bool]:
    chosen = member.entry.options or scenario.decisions.options
    return [STRATEGIES[option] in chosen for option in range(OPTIONS)]


def _postures(members: tuple[Member, ...], scenario: Scenario) -> Bools:
    """(F, 5): whether one of an exchange's options, or its strategy at the start, has a slot in this posture."""
    options = np.array([_options(member, scenario) for member in members])
    first = [STRATEGIES.index(member.entry.strategy) for member in members]
    postures = np.array(STRATEGY_POSTURES)
    return np.array([
        [bool((postures[:OPTIONS][chosen] == p).any() or (postures[start] == p).any()) for p in range(len(POSTURES))]
        for chosen, start in zip(options, first, strict=True)
    ])  # fmt: skip


def _hosts(member: Member, scenario: Scenario, names: Names) -> list[bool]:
    entry = member.entry
    if entry.hosts is not None:
        return [jurisdiction in entry.hosts for jurisdiction in names.jurisdictions]
    return [jurisdiction != scenario.focal for jurisdiction in names.jurisdictions]


def _host(member: Member, scenario: Scenario, names: Names) -> int:
    """Host of the offshore venue at the start; an exchange from abroad runs it at home unless another host is named."""
    entry = member.entry
    if "offshore" not in STRATEGY_VENUES[entry.strategy]:
        return -1
    host = entry.host or (entry.home if entry.home != scenario.focal else None)
    return -1 if host is None else names.jurisdictions.index(host)


def _region(member: Member, names: Names) -> list[float]:
    """Cumulative probabilities of the regions; all zero if the exchange has none."""
    choice = member.entry.region
    if choice is None:
        return [0.0] * len(names.regions)
    weights = dict(zip(choice.options, choice.weights, strict=True))
    total = np.cumsum([weights.get(region, 0.0) for region in names.regions])
    return list(total / total[-1] if len(total) and total[-1] > 0.0 else total)
