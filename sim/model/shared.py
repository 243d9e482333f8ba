"""World and state as the kernels take them: one pointer each to the very arrays of the named tuples."""

from typing import cast

from sim.model import state as s
from sim.model import world as w
from sim.model.kernel import kernel, twin

_Segments, _Columns, _Places, _Firms = twin(w.Segments), twin(w.Columns), twin(w.Places), twin(w.Firms)
_Orders, _Slots, _Rules = twin(w.Orders), twin(w.Slots), twin(w.Rules)
_Agencies, _Offices, _Economy = twin(w.Agencies), twin(w.Offices), twin(w.Economy)
_Settings, _World = twin(w.Settings), twin(w.World)
_Market, _Venues, _Traits = twin(s.Market), twin(s.Venues), twin(s.Traits)
_Survey, _Force = twin(s.Survey), twin(s.Force)
_Belief, _Cases, _Watch, _Agenda = twin(s.Belief), twin(s.Cases), twin(s.Watch), twin(s.Agenda)
_Desk, _Log, _State = twin(s.Desk), twin(s.Log), twin(s.State)


@kernel
def _share_world(world: w.World) -> object:
    return _World(
        _Segments(*world.segments), _Columns(*world.columns), _Places(*world.places), _Firms(*world.firms),
        _Orders(*world.orders), _Slots(*world.slots), _Rules(*world.rules), _Agencies(*world.agencies),
        _Offices(*world.offices), _Economy(*world.economy), _Settings(*world.settings), world.legs,
        world.return_lag,
    )  # fmt: skip


@kernel
def _share_state(state: s.State) -> object:
    return _State(
        state.key, _Market(*state.market), _Venues(*state.venues), _Traits(*state.traits), _Survey(*state.survey),
        _Force(*state.force), _Belief(*state.belief), _Cases(*state.cases), _Watch(*state.watch), _Agenda(*state.agenda), _Desk(*state.desk),
        _Log(*state.log),
    )  # fmt: skip


def share_world(world: w.World) -> w.World:
    """The world for kernels; from Python, read the tuple itself."""
    return cast(w.World, _share_world(world))


def share_state(state: s.State) -> s.State:
    """The state for kernels; from Python, read the tuple itself, which sees every change."""
    return cast(s.State, _share_state(state))
