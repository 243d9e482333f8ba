"""What the compiled engine keeps beside the state: calendar, desks, tape, and the records of a single run."""

from collections.abc import Sequence
from typing import Annotated, Any, NamedTuple, TypeVar, cast

import numpy as np
from numpy.typing import NDArray

from sim.engine.compiled.event_queue import Calendar, empty_calendar
from sim.engine.compiled.recorder import Tape, empty_tape
from sim.engine.compiled.servers import Desks, empty_desks
from sim.engine.result import empty_frame
from sim.kernels.compile import inlined
from sim.model.outcomes.snapshot import Frame
from sim.model.outcomes.tally import Spells, Tally
from sim.model.state import State
from sim.world.arrays import Ints, World

_DECISIONS = 256  # room for decisions at least
_ENTRY = ("rows", "spare", "time", "place")
_LINE = ("codes", "values")
_DECISION = ("who", "when", "feasible", "terms", "demand", "hazard", "hosts")
T = TypeVar("T")


class Ledger(NamedTuple):
    """All of it; `frame` and `queues` (T, 2 D) are filled only if the tape is whole."""

    calendar: Calendar
    desks: Desks
    tape: Tape
    frame: Frame
    queues: Ints
    most: Annotated[Ints, 5]  # entries, requests, lines, decisions, cases up to which there is room for an appointment


def empty_ledger(world: World, state: State, tally: Tally, spells: Spells, whole: bool) -> Ledger:
    """A ledger for runs from this state."""
    desks, records = empty_desks(world), len(tally.day) if whole else 0
    bare = Ledger(
        calendar=empty_calendar(),
        desks=desks,
        tape=empty_tape(world, tally, spells, whole),
        frame=empty_frame(world, records),
        queues=np.zeros((records, 2 * len(desks.free)), dtype=np.int64),
        most=np.zeros(5, dtype=np.int64),
    )
    return grown(bare, state)


@inlined
def has_room(ledger: Ledger) -> bool:
    """Whether all that a single appointment can bring may be kept."""
    calendar, desks, used, most = ledger.calendar, ledger.desks, ledger.tape.used, ledger.most
    return bool(
        calendar.size[0] <= most[0]
        and desks.used[0] <= most[1]
        and used[0] <= most[2]
        and used[1] <= most[3]
        and used[2] <= most[4]
    )


def grown(ledger: Ledger, state: State) -> Ledger:
    """The same ledger with room for all that an appointment can bring, and twice what is in use."""
    asked, noted = len(state.agenda.delay), len(state.log.values)
    entries = 2 * asked + 2  # for each request the end of patience and of service, a server called up, a record
    lines = noted + 3 * asked + 1  # those of the model, three for each request, one for a server called up
    cases, decisions = asked + 1, _DECISIONS if ledger.tape.whole[0] else 0
    size, requests = int(ledger.calendar.size[0]), int(ledger.desks.used[0])
    calendar = _with_room(ledger.calendar, _ENTRY, size, entries)
    calendar.spare[len(ledger.calendar.spare) :] = np.arange(len(ledger.calendar.spare), len(calendar.spare))
    desks = _with_room(ledger.desks, ("requests",), requests, asked)
    tape = ledger.tape
    for names, used, more in zip((_LINE, _DECISION, ("work",)), tape.used, (lines, decisions, cases), strict=True):
        tape = _with_room(tape, names, int(used), more)
    rooms = len(calendar.time), len(desks.requests), len(tape.values), len(tape.when), len(tape.work)
    most = np.array(rooms) - np.array((entries, asked, lines, min(1, decisions), cases))
    return ledger._replace(calendar=calendar, desks=desks, tape=tape, most=most)


def _with_room(record: T, names: Sequence[str], used: int, more: int) -> T:
    """The record with room for `more` rows in these fields."""
    longer = {name: _longer(getattr(record, name), used, more) for name in names}
    return cast(T, record._replace(**longer))  # type: ignore[attr-defined]


def _longer(array: NDArray[Any], used: int, more: int) -> NDArray[Any]:
    """The array itself if it takes `more` rows, else its rows in one of twice that length."""
    if used + more <= len(array):
        return array
    longer = np.empty((2 * (used + more), *array.shape[1:]), array.dtype)
    longer[: len(array)] = array
    return longer
