"""What exchanges apply for at licensing offices, and when they drop it."""

from sim.kernels.compile import inlined, rare
from sim.model.events import APPLICATION, PRESSURE, schedule_event
from sim.model.regulators.licensing import drop_licence, may_apply, needs_office
from sim.model.regulators.permits import for_products, licenses_products, permit_of
from sim.model.regulators.product_bars import update_products
from sim.model.state import State
from sim.world import codes as c
from sim.world.arrays import World


@inlined
def apply_where_needed(world: World, state: State, f: int, mode: int, option: int, host: int) -> None:
    """Apply for the licences that a slot needs and has not applied for; whoever defies or hides applies for none."""
    if world.strategy_postures[option, mode] != mode:
        return
    apply_for(world, state, f, mode, host)
    for o in range(len(world.offices.approval)):
        if world.offices.licenses_products[o]:
            apply_for(world, state, f, for_products(o, mode), host)


@inlined
def apply_for(world: World, state: State, f: int, kind: int, host: int) -> None:
    """Apply for a permit at all offices that it needs, unless that is done or one of them is not open to exchange f."""
    if len(world.offices.approval) > 0:
        _apply_for(world, state, f, kind, host)


@rare
def _apply_for(world: World, state: State, f: int, kind: int, host: int) -> None:
    permit = permit_of(state, f, kind)
    if state.permits.licence[permit] != c.NONE or not may_apply(world, state, f, kind, host):
        return
    state.permits.host[permit] = host
    for o in range(len(world.offices.approval)):
        if needs_office(world, state, f, kind, host, o):
            schedule_event(state, 0.0, APPLICATION, permit, o, 0)
    if world.settings.giving_up > 0.0:
        schedule_event(state, 0.0, PRESSURE, permit, 1, 0)


@inlined
def give_up_service(world: World, state: State, f: int, now: float, cause: int, index: int) -> None:
    """Exchange f will run no honest venue abroad: it drops its application to serve focal users there."""
    permit = permit_of(state, f, c.SERVING)
    if state.permits.licence[permit] in (c.WAITING, c.DEEMED):
        drop_licence(world, state, permit, now, cause, index)


@inlined
def drop_product_licences(
    world: World, state: State, f: int, mode: int, host: int, ends: bool, now: float, cause: int, index: int
) -> None:
    """Exchange f drops its applications for the products of a slot that ends, else the licences of another host."""
    if licenses_products(world, state):
        _drop_product_licences(world, state, f, mode, host, ends, now, cause, index)


@rare
def _drop_product_licences(
    world: World, state: State, f: int, mode: int, host: int, ends: bool, now: float, cause: int, index: int
) -> None:
    permits = state.permits
    for o in range(len(world.offices.approval)):
        if world.offices.licenses_products[o]:
            permit = permit_of(state, f, for_products(o, mode))
            applied = permits.licence[permit] in (c.WAITING, c.DEEMED)
            elsewhere = permits.licence[permit] != c.NONE and permits.host[permit] != host
            if applied if ends else elsewhere:
                drop_licence(world, state, permit, now, cause, index)
                update_products(world, state, 3 * f + mode, now, cause, index)
