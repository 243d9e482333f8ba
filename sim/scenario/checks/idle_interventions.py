"""Interventions that no run can meet or that can touch nobody, and parts of their targets that meet nothing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from functools import cache

from sim.scenario.errors import Finding, Path
from sim.scenario.fields import ScenarioFields
from sim.scenario.policy.interventions import Intervention, Moves, Target
from sim.scenario.values.calendar import write_day
from sim.scenario.world.exchanges import Exchange
from sim.scenario.world.strategies import STRATEGY_VENUES, Mode, Strategy, TargetMode
from sim.scenario.world.traders import Segment, Skill

Venue = tuple[Exchange, TargetMode]

FRICTIONS = ("payment", "access", "media", "service")
_USES = {
    "payment": ("rails", "rails", "pays by a rail"),
    "media": ("channels", "channels", "finds venues by a channel"),
    "service": ("products", "needs", "needs a product"),
}
"""Frictions on what traders use: its name in a target and in a segment, and what nobody does where it is in vain."""


def idle_parts(
    written: Intervention, item: Intervention, policy: Sequence[Intervention], scenario: ScenarioFields
) -> Iterator[Finding]:
    """What of an intervention can meet nothing; paths start from the intervention.

    `item` is the intervention with what its kind says, `policy` all of the same policy in that form.
    """
    target, venues = item.target or Target(), list(venues_meant(item, scenario))
    found = [*_regions(target, scenario), *_uses(target, scenario), *_places(target, scenario)]
    for path, message in found:
        yield ("target", *path), message, "target"
    if not venues and not any(path[0] in ("modes", "jurisdictions") for path, _ in found):
        yield _at(written, "target"), "no exchange can ever be what this targets, so it touches nobody", "target"
    if not venues or found:
        return
    for index, office in enumerate(item.offices):
        if why := _vain_licence(office, item, scenario):
            yield ("offices", index), why, "powerless"
    frictions = {name: why for name in FRICTIONS if (why := _vain(name, item, scenario))}
    for name, why in frictions.items():
        yield _at(written, "moves", name), f"{name} touches nobody: {why}", "powerless"
    idle = {**frictions, **_idle(item, venues, policy, scenario)}
    acts = [name for name, value in item.moves if value is not None and not _is_neutral(name, value)]
    acts += ["enforcement"] * (item.enforcement is not None)
    if item.attention or item.leave or item.panic or any(name not in idle for name in acts):
        return
    if not acts:
        yield _at(written, "moves"), "moves no lever and no trader, so it does nothing", "powerless"
    elif any(name not in frictions for name in acts):
        reasons = "; ".join(f"{name}: {idle[name]}" for name in acts)
        yield _at(written, "moves"), f"touches nobody ({reasons})", "powerless"


def never_in_force(item: Intervention, start: datetime, end: datetime) -> Iterator[Finding]:
    """Interventions that no run of the scenario can meet."""
    begins = {name: day for name in ("announced", "effective") if isinstance(day := getattr(item, name), datetime)}
    if begins and min(begins.values()) > end:
        name = min(begins, key=lambda each: begins[each])
        yield (name,), f"starts after the scenario ends ({write_day(end)}), so it does nothing", "horizon"
    if isinstance(item.until, datetime) and item.until <= start:
        yield (("until",), f"it is over before the scenario starts ({write_day(start)}), so it does nothing", "horizon")


def _at(item: Intervention, block: str, name: str = "") -> Path:
    """Where something is written: in the intervention, or else in its kind."""
    own = getattr(item, block)
    if own is None or own == Moves() or (name and getattr(own, name) is None):
        return ("kind",)
    return (block, name) if name else (block,)


def _is_neutral(name: str, value: object) -> bool:
    factors = ("hazard", "detection", "staffing", "entry_cost")
    return value == 1.0 if name in factors else value in (0.0, False, "free")


def _vain(name: str, item: Intervention, scenario: ScenarioFields) -> str:
    """Why a friction reaches no trader; "" where it reaches some, or moves nothing."""
    target = item.target or Target()
    if not getattr(item.moves, name) or item.coverage * item.efficacy == 0:  # the latter is said of its own
        return ""
    if sum(item.exempt.values()) >= 1.0:
        return "everything is exempt"
    meant = _segments_meant(target, scenario)
    if name != "service":
        meant = [each for each in meant if each.home == scenario.focal]
        if not meant:
            return f"none of the traders targeted are in {scenario.focal}"
    peopled = {name for place in scenario.jurisdictions for name, share in place.regions.items() if share > 0}
    if target.regions is not None and peopled.isdisjoint(target.regions):
        return f"no traders live in {' or '.join(target.regions)}"
    modes: tuple[TargetMode, ...] = target.modes or ("domestic", "otc", "offshore")
    if name != "service" and all(_skill(each, name, mode, scenario) == 1.0 for each in meant for mode in modes):
        return "the traders targeted get round it entirely"
    if not any(_mode(mode) in each.tastes for mode in modes for each in meant):
        return f"no trader targeted trades {' or '.join(modes)}"
    if name == "payment" and not any(scenario.demand.payment_reach.get(_mode(mode), 1.0) for mode in modes):
        return f"payments count for nothing there (demand.payment_reach of {' and '.join(modes)})"
    if name in _USES:
        block, uses, what = _USES[name]
        chosen, used = getattr(target, block), _used(meant, uses)
        if not used or (chosen is not None and used.isdisjoint(chosen)):
            return f"no trader targeted {what}{' of those named' if chosen else ''}"
    return ""


def _vain_licence(office: str, item: Intervention, scenario: ScenarioFields) -> str:
    """Why to ask for the licence of an office touches nobody; "" where it touches somebody, or licenses venues."""
    products = next(({*each.products} for each in scenario.offices if each.id == office and each.products), None)
    if products is None:
        return ""
    if item.moves.permission != "licence":
        return f"{office} licenses products, and nothing here asks for a licence (moves.permission)"
    if products.isdisjoint(_used(_segments_meant(item.target or Target(), scenario), "needs")):
        return f"no trader targeted needs a product that {office} licenses, so nobody is touched"
    return ""


def _mode(mode: TargetMode) -> Mode:
    return "offshore" if mode == "disguised" else mode


def _skill(segment: Segment, name: str, mode: TargetMode, scenario: ScenarioFields) -> float:
    skill = segment.circumvention
    of_use = scenario.demand.payment_skill.get(_mode(mode), 1.0) if name == "payment" else 1.0
    return of_use * (float(getattr(skill, name)) if isinstance(skill, Skill) else skill)


def _segments_meant(target: Target, scenario: ScenarioFields) -> list[Segment]:
    return [each for each in scenario.segments if target.segments is None or each.id in target.segments]


def _used(segments: list[Segment], uses: str) -> set[str]:
    """The rails, channels or needs that some of the segments have."""
    return {key for each in segments for key, share in getattr(each, uses).items() if share > 0}


def _idle(
    item: Intervention, venues: list[Venue], policy: Sequence[Intervention], scenario: ScenarioFields
) -> dict[str, str]:
    """Levers other than frictions, and the enforcement, that can have no effect, with the reason."""
    mandates = [each.enforcement for each in policy if each.enforcement is not None]
    idle = {}
    if not any(each.fee > 0 for each in scenario.segments):
        idle["fee"] = "no segment minds a fee"
    if not any(each.fee > 0 and each.gain > 0 for each in scenario.segments):
        idle["gains_tax"] = "no segment has gains and minds what they cost"
    if not any(each.risk > 0 for each in scenario.segments):
        idle["risk"] = "no segment minds a risk"
    if all(exchange.fixed for exchange, _ in venues):
        idle["hazard"] = idle["liability"] = "all exchanges targeted are fixed, and so never decide"
    if item.by is None:
        idle["staffing"] = "no agency issues it"
    if not any(mandate.rate > 0 for mandate in mandates):
        idle["detection"] = "nothing is ever detected under this policy"
    if item.offices and all(_vain_licence(office, item, scenario) for office in item.offices):
        idle["permission"] = "no trader targeted needs a product that its offices license"
    held = any(exchange.licensed for exchange, _ in venues) or any(office.holders for office in scenario.offices)
    if item.moves.refusal and not held and not any(each.offices for each in policy):
        idle["refusal"] = "nobody applies for a licence under this policy, and nobody holds one"
    if not any(mandate.action == "site-block" for mandate in mandates):
        idle["claim"] = "no site is ever blocked under this policy"
    modes = {mode for _, mode in venues}
    if modes.isdisjoint({"offshore", "disguised"}):
        idle["claim"] = idle["entry_cost"] = idle["liability"] = "it targets no venues abroad"
    if item.enforcement is not None and (why := _unenforced(item, modes, policy, scenario)):
        idle["enforcement"] = why
    return idle


def _unenforced(
    item: Intervention, modes: set[TargetMode], policy: Sequence[Intervention], scenario: ScenarioFields
) -> str:
    """Why enforcement can hit nobody; "" where it can hit somebody."""
    mandate = item.enforcement
    assert mandate is not None
    if mandate.rate == 0 and mandate.campaign is None:
        return "its rate is 0 and it has no campaign, so it detects nobody"
    if mandate.action == "account-freeze" and "otc" not in modes:
        return "accounts are frozen at OTC venues alone"
    if mandate.action == "site-block":
        if modes.isdisjoint({"offshore", "disguised"}):
            return "sites are blocked of venues abroad alone"
        claimed = any(each.moves.claim or _bars_service(each, scenario) for each in policy)
        return "" if claimed else "without a claim abroad, a licence or a ban there, no site can be blocked"
    if modes == {"offshore"} and scenario.is_focal_law(item.law, item.by):
        return "nobody at home can close or fine a venue abroad; its sites can be blocked"
    bound = "disguised" in modes or any(_limits(each, scenario) for each in policy)
    if mandate.action in ("closure", "fine") and not bound:
        return "nothing that it targets is forbidden or needs a licence"
    return ""


def _limits(item: Intervention, scenario: ScenarioFields) -> bool:
    """Whether it forbids, or asks for a licence of the venue."""
    for_products = {each.id for each in scenario.offices if each.products}
    asks = item.moves.permission == "licence" and not (item.offices and {*item.offices} <= for_products)
    return asks or item.moves.permission == "forbidden"


def _bars_service(item: Intervention, scenario: ScenarioFields) -> bool:
    """Whether it is focal law on whom venues abroad serve."""
    modes = (item.target or Target()).modes
    abroad = modes is None or "offshore" in modes
    return abroad and _limits(item, scenario) and scenario.is_focal_law(item.law, item.by)


def venues_meant(item: Intervention, scenario: ScenarioFields) -> Iterator[Venue]:
    """Exchanges that the target means, with each mode meant that they have at the start or may take."""
    target = item.target or Target()
    hosts = scenario.hosts_meant(target, item.by)
    by_traders = any(getattr(item.moves, name) for name in FRICTIONS)  # who live in a region, wherever they trade
    for exchange in _exchanges_meant(target, scenario):
        seats = exchange.region.options if exchange.region else ()
        if not (by_traders or target.regions is None or set(target.regions).intersection(seats)):
            continue
        for mode in _modes(exchange, scenario):
            if target.modes is not None and mode not in target.modes:
                continue
            if _mode(mode) != "offshore" or hosts is None or _hosts(exchange, scenario) & {*hosts}:
                yield exchange, mode


def _exchanges_meant(target: Target, scenario: ScenarioFields) -> list[Exchange]:
    names = target.exchanges
    return [each for each in scenario.exchanges if names is None or each.id in names or each.group in names]


def _regions(target: Target, scenario: ScenarioFields) -> Iterator[tuple[Path, str]]:
    peopled = {name for each in scenario.jurisdictions for name, share in each.regions.items() if share > 0}
    seats = {name for each in scenario.exchanges if each.region for name in each.region.options}
    for index, region in enumerate(target.regions or ()):
        if region not in peopled | seats:
            yield ("regions", index), f"no exchange is in {region}, and no share of the traders"


def _uses(target: Target, scenario: ScenarioFields) -> Iterator[tuple[Path, str]]:
    """Rails, channels and products that none of the segments meant uses."""
    meant = _segments_meant(target, scenario)
    for name, uses, _ in _USES.values():
        used = _used(meant, uses)
        if name == "products":
            used |= {product for each in scenario.exchanges for product in each.offers}
        for index, key in enumerate(getattr(target, name) or ()):
            if key not in used:
                yield (name, index), f"no segment {'targeted ' * bool(target.segments)}uses {key}"


def _places(target: Target, scenario: ScenarioFields) -> Iterator[tuple[Path, str]]:
    """Modes and hosts that none of the exchanges meant can take."""
    names = target.exchanges
    meant = _exchanges_meant(target, scenario)
    possible = {mode for each in meant for mode in _modes(each, scenario)}
    for index, mode in enumerate(target.modes or ()):
        if names is not None and mode not in possible:
            yield ("modes", index), f"none of the exchanges targeted can be {mode}"
    hosts = {host for each in meant for host in _hosts(each, scenario)}
    for index, host in enumerate(target.jurisdictions or ()):
        if host not in hosts:
            yield ("jurisdictions", index), f"no exchange {'targeted ' * (names is not None)}can go to {host}"


def _modes(exchange: Exchange, scenario: ScenarioFields) -> frozenset[TargetMode]:
    """Modes that an exchange has at the start or may choose, a shell abroad as `disguised`."""
    options: tuple[Strategy, ...] = () if exchange.fixed else exchange.options or scenario.decisions.options
    return _modes_of((*options, exchange.strategy))


@cache
def _modes_of(strategies: tuple[Strategy, ...]) -> frozenset[TargetMode]:
    venues = [venue for strategy in strategies for venue in STRATEGY_VENUES[strategy].items()]
    return frozenset("disguised" if posture == "disguised" else mode for mode, posture in venues)


def _hosts(exchange: Exchange, scenario: ScenarioFields) -> set[str]:
    return scenario.hosts_of(exchange) | ({exchange.host} if exchange.host else set())
