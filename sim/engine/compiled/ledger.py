"""What the compiled engine keeps beside the state: calendar, desks, tape, and the records of a single run."""

from collections.abc import Sequence
from typing import Any, NamedTuple, TypeVar, cast

import numpy as np
from numpy.typing import NDArray

from sim.engine.compiled.calendar import Calendar, empty_calendar
from sim.engine.compiled.desks import Desks, empty_desks
from sim.engine.compiled.tape import Tape, empty_tape
from sim.engine.result import empty_frame
from sim.model.kernel import inlined
from sim.model.snapshot import Frame
from sim.model.state import State
from sim.model.tally import Spells, Tally
from sim.model.world import Ints, World

_DECISIONS = 256  # room for decisions at least
_LINES = ("codes", "values")
_DECISION = ("who", "when", "feasible", "terms", "demand", "hazard", "hosts")
T = TypeVar("T")


class Ledger(NamedTuple):
    """All of it; `frame` and `queues` (T, 2 D) are filled only if the tape is whole."""

    calendar: Calendar
    desks: Desks
    tape: Tape
    frame: Frame
    queues: Ints


def empty_ledger(world: World, state: State, tally: Tally, spells: Spells, whole: bool) -> Ledger:
    """A ledger for runs from this state."""
    desks, records = empty_desks(world), len(tally.day) if whole else 0
    bare = Ledger(
        calendar=empty_calendar(),
        desks=desks,
        tape=empty_tape(world, tally, spells, whole),
        frame=empty_frame(world, records),
        queues=np.zeros((records, 2 * len(desks.free)), dtype=np.int64),
    )
    return grown(bare, state)


@inlined
def has_room(state: State, ledger: Ledger) -> bool:
    """Whether all that a single appointment can bring may be kept."""
    asked, noted = len(state.agenda.delay), len(state.log.values)
    calendar, desks, tape = ledger.calendar, ledger.desks, ledger.tape
    return (
        calendar.size[0] + _entries(asked) <= len(calendar.time)
        and desks.used[0] + asked <= len(desks.requests)
        and tape.used[0] + _notes(asked, noted) <= len(tape.values)
        and (tape.used[1] < len(tape.when) or not tape.whole[0])
        and tape.used[2] + asked + 1 <= len(tape.work)
    )


@inlined
def _entries(asked: int) -> int:
    """Most appointments: for each request the end of patience and of service, a server called up, a record."""
    return 2 * asked + 2


@inlined
def _notes(asked: int, noted: int) -> int:
    """Most lines: those of the model, three for each request, one for a server called up."""
    return noted + 3 * asked + 1


def grown(ledger: Ledger, state: State) -> Ledger:
    """The same ledger with room for what an appointment can bring, and twice what is in use."""
    asked, noted = len(state.agenda.delay), len(state.log.values)
    calendar, desks, tape = ledger.calendar, ledger.desks, ledger.tape
    entries = int(calendar.size[0]), _entries(asked)
    lines, cases = (int(tape.used[0]), _notes(asked, noted)), (int(tape.used[2]), asked + 1)
    decisions = (int(tape.used[1]), _DECISIONS if tape.whole[0] else 0)
    spare = _longer(calendar.spare, *entries)
    spare[len(calendar.spare) :] = np.arange(len(calendar.spare), len(spare))
    return ledger._replace(
        calendar=_with_room(calendar, ("time", "rank", "place", "rows"), *entries)._replace(spare=spare),
        desks=_with_room(desks, ("requests",), int(desks.used[0]), asked),
        tape=_with_room(_with_room(_with_room(tape, _LINES, *lines), _DECISION, *decisions), ("work",), *cases),
    )


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
