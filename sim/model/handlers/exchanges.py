"""Venues open and close, users choose anew, and exchanges enter, decide and review."""

from sim.kernels.compile import kernel, rare
from sim.model import events
from sim.model.events import schedule_event
from sim.model.exchanges.closings import close_if_due
from sim.model.exchanges.openings import enter, launch_if_ready
from sim.model.exchanges.reactions import decide_or_defer
from sim.model.handlers.enforcement import reset_detection_clocks
from sim.model.initial import review_gap
from sim.model.state import State
from sim.model.traders.demand import choose_anew
from sim.world.arrays import World
from sim.world.codes import C_REVIEW


@rare
def on_close(world: World, state: State, v: int, now: float) -> None:
    """The last day of a wind-down."""
    if close_if_due(world, state, v, now):
        reset_detection_clocks(world, state, v // 3, v // 3 + 1, now)


@rare
def on_choice(world: World, state: State) -> None:
    """Users who waited for the end of their venue choose anew, when all venues that end at this instant have ended."""
    market = state.market
    for k in range(len(market.choosing)):
        for m in range(3):
            choose_anew(world.segments, market, k, m, market.choosing[k, m])
            market.choosing[k, m] = 0.0


@rare
def on_entry(world: World, state: State, f: int, now: float) -> None:
    """An exchange enters."""
    enter(world, state, f, now)
    reset_detection_clocks(world, state, f, f + 1, now)


@rare
def on_launch(world: World, state: State, v: int, now: float) -> None:
    """The lead time of a venue is over: it opens, unless a licence is outstanding or the plan was dropped."""
    state.exchanges.launching[v // 3] -= 1
    launch_if_ready(world, state, v, now)
    resume_decision(world, state, v // 3, now)


@kernel
def resume_decision(world: World, state: State, f: int, now: float) -> None:
    """Exchange f may be free again: a decision that it put off is due now."""
    reset_detection_clocks(world, state, f, f + 1, now)
    exchanges = state.exchanges
    if exchanges.launching[f] == 0 and exchanges.pending[f, 0] > 0:
        schedule_event(state, 0.0, events.DECISION, f, exchanges.pending[f, 0], exchanges.pending[f, 1])
        exchanges.pending[f, 0] = 0


@kernel
def on_decision(world: World, state: State, f: int, cause: int, index: int, now: float) -> bool:
    """Exchange f has a reason to decide; True if it does, and then `state.decision` holds the record."""
    if not decide_or_defer(world, state, f, now, cause, index):
        return False
    reset_detection_clocks(world, state, f, f + 1, now)
    return True


@kernel
def on_review(world: World, state: State, f: int, n: int, now: float) -> bool:
    """Exchange f reviews its strategy on an exogenous date; one on which it cannot act is skipped, not shifted."""
    schedule_event(state, review_gap(world, state, f, n + 1), events.REVIEW, f, n + 1, 0)
    return on_decision(world, state, f, C_REVIEW, n, now)
