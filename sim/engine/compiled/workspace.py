"""What the compiled engine keeps beside the state: calendar, desks, tape, and the records of a single run."""

from collections.abc import Sequence
from typing import Annotated, Any, NamedTuple, TypeVar, cast

import numpy as np
from numpy.typing import NDArray

from sim.engine.compiled.event_queue import EventQueue, empty_event_queue
from sim.engine.compiled.recorder import Recorder, empty_recorder
from sim.engine.compiled.servers import Servers, empty_servers
from sim.engine.result import empty_frame
from sim.kernels.compile import inlined
from sim.model.outcomes.snapshot import Frame
from sim.model.outcomes.tally import Tally, WindowSums
from sim.model.state import State
from sim.world.arrays import Ints, World

_DECISIONS = 256  # room for decisions at least
_ENTRY = ("rows", "spare", "time", "place")
_LINE = ("codes", "values")
_DECISION = ("who", "when", "feasible", "terms", "demand", "hazard", "hosts")
T = TypeVar("T")


class Workspace(NamedTuple):
    """All of it; `frame` and `queues` (T, 2 D) are filled only if the tape is whole."""

    event_queue: EventQueue
    servers: Servers
    recorder: Recorder
    frame: Frame
    queues: Ints
    limits: Annotated[
        Ints, 5
    ]  # entries, requests, lines, decisions, cases up to which there is room for an appointment


def empty_workspace(world: World, state: State, tally: Tally, sums: WindowSums, whole: bool) -> Workspace:
    """A ledger for runs from this state."""
    servers, records = empty_servers(world), len(tally.day) if whole else 0
    bare = Workspace(
        event_queue=empty_event_queue(),
        servers=servers,
        recorder=empty_recorder(world, tally, sums, whole),
        frame=empty_frame(world, records),
        queues=np.zeros((records, 2 * len(servers.free)), dtype=np.int64),
        limits=np.zeros(5, dtype=np.int64),
    )
    return with_capacity(bare, state)


@inlined
def has_capacity(workspace: Workspace) -> bool:
    """Whether all that a single appointment can bring may be kept."""
    event_queue, servers, used, limits = (
        workspace.event_queue,
        workspace.servers,
        workspace.recorder.used,
        workspace.limits,
    )
    return bool(
        event_queue.size[0] <= limits[0]
        and servers.used[0] <= limits[1]
        and used[0] <= limits[2]
        and used[1] <= limits[3]
        and used[2] <= limits[4]
    )


def with_capacity(workspace: Workspace, state: State) -> Workspace:
    """The same ledger with room for all that an appointment can bring, and twice what is in use."""
    asked, noted = len(state.requests.delay), len(state.journal.values)
    entries = 2 * asked + 2  # for each request the end of patience and of service, a server called up, a record
    lines = noted + 3 * asked + 1  # those of the model, three for each request, one for a server called up
    cases, decisions = asked + 1, _DECISIONS if workspace.recorder.full[0] else 0
    size, requests = int(workspace.event_queue.size[0]), int(workspace.servers.used[0])
    event_queue = _with_rows(workspace.event_queue, _ENTRY, size, entries)
    event_queue.spare[len(workspace.event_queue.spare) :] = np.arange(
        len(workspace.event_queue.spare), len(event_queue.spare)
    )
    servers = _with_rows(workspace.servers, ("requests",), requests, asked)
    recorder = workspace.recorder
    for names, used, more in zip((_LINE, _DECISION, ("work",)), recorder.used, (lines, decisions, cases), strict=True):
        recorder = _with_rows(recorder, names, int(used), more)
    rooms = len(event_queue.time), len(servers.requests), len(recorder.values), len(recorder.when), len(recorder.work)
    limits = np.array(rooms) - np.array((entries, asked, lines, min(1, decisions), cases))
    return workspace._replace(event_queue=event_queue, servers=servers, recorder=recorder, limits=limits)


def _with_rows(record: T, names: Sequence[str], used: int, more: int) -> T:
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
