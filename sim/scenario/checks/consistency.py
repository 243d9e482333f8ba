"""What cannot be meant although each value by itself could: parts that sum to more than all, nobody, far too many."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping

from sim.clock import days_from
from sim.scenario.brands_from_volumes import log_brand
from sim.scenario.errors import Finding
from sim.scenario.fields import ScenarioFields
from sim.scenario.values.distributions import Dist
from sim.scenario.world.exchanges import Exchange
from sim.scenario.world.strategies import STRATEGY_VENUES

MOST_EXCHANGES = 10_000
"""Most exchanges of a scenario, members of groups included."""
MOST_RECORDED = 100_000_000
"""Most shares that one run may record: at each date, of each segment at each venue. They take 800 MB."""
ROUNDING = 0.02
"""How far home shares may be from one together: they are rounded, and those of groups are drawn."""


def inconsistencies(scenario: ScenarioFields) -> Iterator[Finding]:
    """Everything that contradicts itself, whatever the rest of the file says."""
    exchanges = list(_exchanges(scenario))
    yield from exchanges or _home_shares(scenario)
    yield from _numbers(scenario)
    yield from _parts(scenario)
    yield from _product_offices(scenario)
    for name, policy in scenario.policies.items():
        for index, rule in enumerate(policy.rules):
            if (rule.when.above is None) == (rule.when.below is None):
                path = ("policies", name, "rules", index, "when")
                yield path, "needs a threshold, either `above` or `below`", "value"


def _product_offices(scenario: ScenarioFields) -> Iterator[Finding]:
    """Offices that license products where the licence of a venue is meant, and the other way round."""
    products = {office.id for office in scenario.offices if office.products}
    for index, office in enumerate(scenario.offices):
        if office.holders and office.id not in products:
            said = "is for an office that licenses products; who holds the licence of a venue says so under `licensed`"
            yield ("offices", index, "holders"), said, "value"
    for index, place in enumerate(scenario.jurisdictions):
        if place.office in products:
            said = f"{place.office} licenses products alone, and what venues must pass here licenses them"
            yield ("jurisdictions", index, "office"), said, "value"


def _home_shares(scenario: ScenarioFields) -> Iterator[Finding]:
    """Shares of the home market that do not sum to one, where shares are given at all."""
    listed = [(index, each) for index, each in enumerate(scenario.exchanges) if _opens_at_home(each, scenario)]
    given = [index for index, each in listed if each.count and each.share is not None]
    total = math.fsum(each.count * _share(each, scenario) for _, each in listed)
    if not given or abs(total - 1.0) <= ROUNDING:
        return
    drawn = "; a brand counts as the share that it means on average" if len(given) < len(listed) else ""
    cure = "write 0.4 for 40 %" if total > 2.0 else "change them together, or give all a `brand`, which needs no sum"
    said = f"the shares of the exchanges with an order book at home sum to {total:.4g} and not to 1{drawn}; {cure}"
    yield ("exchanges", given[0], "share"), said, "sum"


def _opens_at_home(exchange: Exchange, scenario: ScenarioFields) -> bool:
    enters = exchange.enters is not None and exchange.enters > scenario.start
    return exchange.home == scenario.focal and "domestic" in STRATEGY_VENUES[exchange.strategy] and not enters


def _share(exchange: Exchange, scenario: ScenarioFields) -> float:
    """Attraction relative to a brand of 0, of a drawn brand its mean."""
    if exchange.share is not None:
        return exchange.share
    brand = exchange.brand or Dist("fixed", log_brand(scenario, exchange))
    log_mean = brand.a + brand.b**2 / 2 if brand.kind == "normal" else brand.nominal()
    if brand.kind == "uniform" and brand.b > brand.a:
        log_mean = brand.b + math.log(-math.expm1(brand.a - brand.b) / (brand.b - brand.a))
    return math.exp(min(log_mean, 700.0))  # beyond, any sum is wrong


def _exchanges(scenario: ScenarioFields) -> Iterator[Finding]:
    for index, each in enumerate(scenario.exchanges):
        path = ("exchanges", index)
        if (each.id is None) == (each.group is None):
            yield path, "needs either an `id` or, for several like ones, a `group`", "value"
        if each.group is None and each.count != 1:
            yield (*path, "count"), "only a group has a count; write `group` instead of `id`", "value"
        if each.share is not None and each.brand is not None:
            yield (*path, "brand"), "is given beside `share`, of which it is the logarithm; leave one out", "value"
    total = sum(each.count for each in scenario.exchanges)
    if total == 0:
        yield ("exchanges",), "all groups have a count of 0, so there is no exchange", "size"
    if total > MOST_EXCHANGES:
        largest = max(range(len(scenario.exchanges)), key=lambda index: scenario.exchanges[index].count)
        yield ("exchanges", largest, "count"), f"{total:,} exchanges; {MOST_EXCHANGES:,} at most", "size"


def _numbers(scenario: ScenarioFields) -> Iterator[Finding]:
    venues = 3 * min(MOST_EXCHANGES, sum(each.count for each in scenario.exchanges))
    dates = days_from(scenario.start, scenario.end) / scenario.record.every
    numbers = dates * venues * len(scenario.segments)
    if numbers > MOST_RECORDED:
        needed = scenario.record.every * numbers / MOST_RECORDED
        said = f"a run would record {numbers:,.0f} shares; record every {math.ceil(needed)} d or less often"
        yield ("record", "every"), said, "size"


def _parts(scenario: ScenarioFields) -> Iterator[Finding]:
    """Parts of one whole that are more than it together."""
    for index, place in enumerate(scenario.jurisdictions):
        yield from _above_one(("jurisdictions", index, "regions"), place.regions)
    for index, segment in enumerate(scenario.segments):
        yield from _above_one(("segments", index, "rails"), segment.rails)
        yield from _above_one(("segments", index, "channels"), segment.channels)
    for path, item in scenario.all_interventions():
        yield from _above_one((*path, "exempt"), item.exempt)


def _above_one(path: tuple[str | int, ...], parts: Mapping[str, float]) -> Iterator[Finding]:
    total = math.fsum(parts.values())
    if total > 1.0 + 1e-9:  # decimal parts of one may sum to a little more
        yield path, f"the parts sum to {total:.6g}, which is more than all", "sum"
