"""Exchanges."""

import math
from collections.abc import Sequence

import numpy as np

from sim.clock import days_from
from sim.kernels.shapes import filled
from sim.scenario.brands_from_volumes import log_brand
from sim.scenario.scenario import Scenario
from sim.scenario.values.distributions import Dist
from sim.scenario.volumes import cost
from sim.scenario.world.exchanges import Exchange
from sim.scenario.world.strategies import STRATEGY_VENUES
from sim.world.arrays import Bools, Exchanges, Ints
from sim.world.build.names import Names, address
from sim.world.build.random_quantities import rows
from sim.world.codes import MODES, OPTIONS, PERMITS, POSTURES, S_EXIT, STRATEGIES, STRATEGY_POSTURES


def exchanges_of(scenario: Scenario, names: Names) -> Exchanges:
    """Arrays of the exchanges: rows by entry of the file, of which each member of a group gets its own."""
    entries, members = scenario.exchanges, [1 if each.group is None else each.count for each in scenario.exchanges]
    entry = np.repeat(np.arange(len(entries)), members)
    of_entry = {
        "focal": [e.home == scenario.focal for e in entries],
        "enters": [np.nan if e.enters is None else days_from(scenario.start, e.enters) for e in entries],
        "strategy": [STRATEGIES.index(e.strategy) for e in entries],
        "host": [_host(e, scenario, names) for e in entries],
        "taste": [_taste(e, scenario) for e in entries],
        "offers": _offers(entries, entry, names),
        "options": [_options(e, scenario) for e in entries],
        "postures": _postures(entries, scenario),
        "hosts": [[host in scenario.hosts_of(e) for host in names.jurisdictions] for e in entries],
        "region": [_region(e, names) for e in entries],
        "brand": rows(_brand(e, scenario) for e in entries),
        "lead_time_factor": rows(e.lead_time_factor for e in entries),
        "caution": rows(e.caution for e in entries),
        "sanction_weight": rows(e.sanction_weight for e in entries),
        "notice_used": rows(e.notice_used for e in entries),
        "local_page": rows(e.local_page for e in entries),
        "reaction": rows(e.reaction or scenario.decisions.reaction for e in entries),
        "licensed": [[permit in e.licensed for permit in PERMITS] for e in entries],
        "compliance": rows(e.compliance for e in entries),
        "exposure": [float(e.home == scenario.focal) if e.exposure is None else e.exposure for e in entries],
        "capital": [math.inf if e.capital is None else cost(scenario, e.capital) for e in entries],
    }
    return filled(
        Exchanges,
        {**names.sizes, "X": len(entries)},
        [member.entry for member in names.exchanges],
        key=[address(member.id) for member in names.exchanges],
        entry=entry,
        members=members,
        **{name: np.array(values)[entry] for name, values in of_entry.items()},
    )


def _brand(entry: Exchange, scenario: Scenario) -> Dist | float:
    """Log brand: as given, or as the given volumes of the first day have it."""
    if entry.share is not None:
        return math.log(entry.share)
    return log_brand(scenario, entry) if entry.brand is None else entry.brand


def _taste(entry: Exchange, scenario: Scenario) -> list[list[float]]:
    """Log attraction by segment and mode, without brand; -inf where the exchange does not serve."""
    taste = []
    for segment in scenario.segments:
        offset = entry.audience.get(segment.id, 0.0)
        served = {} if offset is None else {mode: own + offset for mode, own in segment.tastes.items()}
        taste.append([served.get(mode, -math.inf) for mode in MODES])
    return taste


def _offers(entries: Sequence[Exchange], there: Ints, names: Names) -> list[list[bool]]:
    """Products that each entry lists; a product that none lists which is `there` is offered by all."""
    listed = {product for n in set(there.tolist()) for product in entries[n].offers}
    return [[q in entry.offers or q not in listed for q in names.products] for entry in entries]


def _options(entry: Exchange, scenario: Scenario) -> list[int]:
    """Options that an entry considers, in their order, filled up with -1; leaving is always possible."""
    chosen = {*(entry.options or scenario.decisions.options), STRATEGIES[S_EXIT]}
    options = [option for option in range(OPTIONS) if STRATEGIES[option] in chosen]
    return options + [-1] * (OPTIONS - len(options))


def _postures(entries: Sequence[Exchange], scenario: Scenario) -> Bools:
    """(X, 5): whether one of an entry's options, or its strategy at the start, has a slot in this posture."""
    used = np.zeros((len(entries), len(POSTURES)), dtype=bool)
    for n, entry in enumerate(entries):
        options = [option for option in _options(entry, scenario) if option >= 0]
        postures = np.array(STRATEGY_POSTURES)[[*options, STRATEGIES.index(entry.strategy)]]
        used[n, postures[postures >= 0]] = True
    return used


def _host(entry: Exchange, scenario: Scenario, names: Names) -> int:
    """Host of the offshore venue at the start; an exchange from abroad runs it at home unless another host is named."""
    if "offshore" not in STRATEGY_VENUES[entry.strategy]:
        return -1
    host = entry.host or (entry.home if entry.home != scenario.focal else None)
    return -1 if host is None else names.jurisdictions.index(host)


def _region(entry: Exchange, names: Names) -> list[float]:
    """Odds of the regions; all zero if the exchange has none."""
    weights = dict(zip(entry.region.options, entry.region.weights, strict=True)) if entry.region else {}
    return [weights.get(region, 0.0) for region in names.regions]
