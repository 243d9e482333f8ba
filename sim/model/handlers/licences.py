"""Licences: an applicant gives up, an office decides, a regime that licenses refuses or is lifted."""

from sim.kernels.compile import kernel, rare
from sim.model import events
from sim.model.events import schedule_event
from sim.model.exchanges.openings import launch_if_ready
from sim.model.exchanges.reactions import reaction_lag
from sim.model.handlers.exchanges import resume_decision
from sim.model.regulators.applicants import look_at_acts
from sim.model.regulators.foreign_service import licensed_to_serve, update_service
from sim.model.regulators.licensing import drop_licence, give_up, licence_lapses, refuse, rule_on, withdraw
from sim.model.regulators.permits import binds_permit, exchange_of, kind_of, venue_of
from sim.model.regulators.product_bars import update_products
from sim.model.regulators.site_blocks import unblock
from sim.model.state import State
from sim.model.traders.demand import advance
from sim.world.arrays import World
from sim.world.codes import C_INTERVENTION, C_LICENCE, DEEMED, LICENSED, PRODUCTS, SERVING, WAITING


@rare
def on_patience(world: World, state: State, permit: int, office: int, now: float) -> None:
    """An applicant gives up waiting."""
    withdraw(world, state, permit, office, now)
    on_licence_outcome(world, state, permit, now)


@rare
def on_pressure(world: World, state: State, permit: int, first: int, now: float) -> None:
    """The applicant for a permit looks at what is done for the first time, or gives up, unless it has thought again."""
    if first:
        look_at_acts(world, state, permit, now)
    elif state.permits.gives_up[permit] == now:
        give_up(world, state, permit, now)
        on_licence_outcome(world, state, permit, now)


@rare
def on_licence(world: World, state: State, permit: int, office: int, now: float) -> None:
    """An office publishes its decision."""
    if rule_on(world, state, permit, office, now):
        on_licence_outcome(world, state, permit, now)


@kernel
def on_licence_outcome(world: World, state: State, permit: int, now: float) -> None:
    """A licence was granted or refused: a venue that waited for it opens, and the exchange decides again.

    One to serve focal users from abroad ends the block of the venue's sites, one for products lets it trade these.
    """
    f, v = exchange_of(state, permit), venue_of(state, permit)
    state.exchanges.licence_decisions[f] += 1
    if kind_of(state, permit) == SERVING:
        update_service(world, state, f, now)
        if licensed_to_serve(state, f) and state.venues.blocked_by[v] >= 0:
            unblock(world, state, v, now, C_LICENCE, -1)
    elif kind_of(state, permit) >= PRODUCTS:
        update_products(world, state, v, now, C_LICENCE, -1)
    elif state.exchanges.launching[f] == 0:
        launch_if_ready(world, state, v, now)
    resume_decision(world, state, f, now)
    schedule_event(state, world.settings.recovery, events.DECISION, f, C_LICENCE, -1)


@kernel
def refuse_licences(world: World, state: State, i: int, now: float) -> None:
    """Intervention i refuses the applications of those whom it binds, and takes their licences back."""
    advance(world.segments, state.market, now)
    for permit in range(len(state.permits.licence)):
        if state.permits.licence[permit] in (WAITING, DEEMED, LICENSED) and binds_permit(world, state, i, permit):
            refuse(world, state, permit, now, i)
            on_licence_outcome(world, state, permit, now)


@kernel
def lift_licensing(world: World, state: State, i: int, now: float) -> None:
    """Regime i is lifted: licences that it asked for and applications lapse, and what waited for one will open."""
    launching = state.exchanges.launching
    for permit in range(len(state.permits.licence)):
        if licence_lapses(world, state, permit, i):
            drop_licence(world, state, permit, now, C_INTERVENTION, i)
            v, f = venue_of(state, permit), exchange_of(state, permit)
            waited = kind_of(state, permit) < SERVING and state.venues.building[v]
            if waited and launching[f] == 0:
                launching[f] += 1
                schedule_event(state, reaction_lag(world, state, i, f, C_LICENCE), events.LAUNCH, v, 0, 0)
