"""What the compiled engine keeps beside the state: event queue, servers, recorder, and the records of a single run."""

from typing import Annotated, Any, NamedTuple, TypeVar, cast

import numpy as np
from numpy.typing import NDArray

from sim.engine.compiled.event_queue import EventQueue
from sim.engine.compiled.recorder import CASES, DECISIONS, LINES, Recorder
from sim.engine.compiled.servers import Servers
from sim.kernels.compile import inlined
from sim.kernels.shapes import Shape, along, empty, sizes_of
from sim.model.outcomes.monitor import Monitor
from sim.model.outcomes.snapshot import Frame
from sim.model.outcomes.tally import Tally, WindowSums
from sim.model.state import State
from sim.world.arrays import Ints, World

_DECISIONS = 256  # for which there is capacity at first
R = TypeVar("R", bound=tuple[Any, ...])


class Counts(NamedTuple):
    """So many of all that piles up in a run; also the symbols that stand for lengths of arrays that hold them."""

    events: int
    requests: int
    lines: int
    decisions: int
    cases: int


class Workspace(NamedTuple):
    """All of it; `frame` and `queues` (those waiting, then those served, by station) are filled only by a full run."""

    event_queue: EventQueue
    servers: Servers
    recorder: Recorder
    frame: Frame
    queues: Annotated[Ints, Shape("T", "queues")]
    limits: Counts  # up to which there is capacity for all that a single event can bring


def empty_workspace(
    world: World, state: State, tally: Tally, sums: WindowSums, monitor: Monitor, whole: bool
) -> Workspace:
    """A workspace for runs from this state."""
    sizes = sizes_of(world)
    stations, nothing = sizes["G"] + sizes["O"], dict.fromkeys(Counts._fields, 0)
    sizes |= {"T": len(tally.day) if whole else 0, "stations": stations, "queues": 2 * stations, **nothing}
    recorder = empty(Recorder, sizes, full=np.array([whole]), tally=tally, window_sums=sums, monitor=monitor)
    return with_capacity(empty(Workspace, sizes, recorder=recorder, limits=Counts(**nothing)), state)


@inlined
def has_capacity(workspace: Workspace) -> bool:
    """Whether there is capacity for all that a single event can bring."""
    used, limits = workspace.recorder.used, workspace.limits
    return bool(
        workspace.event_queue.size[0] <= limits.events
        and workspace.servers.used[0] <= limits.requests
        and used[LINES] <= limits.lines
        and used[DECISIONS] <= limits.decisions
        and used[CASES] <= limits.cases
    )


def with_capacity(workspace: Workspace, state: State) -> Workspace:
    """The same workspace with capacity for all that an event can bring, and for twice what is in use."""
    queue, servers, recorder = workspace.event_queue, workspace.servers, workspace.recorder
    requests, lines = len(state.requests.delay), len(state.journal.values)
    more = Counts(
        events=2 * requests + 2,  # for each request the end of patience and of service, one who is served now, a record
        requests=requests,
        lines=lines + 3 * requests + 1,  # those of the model, three for each request, one for who is served now
        decisions=_DECISIONS if recorder.full[0] else 0,
        cases=requests + 1,
    )
    used = Counts(int(queue.size[0]), int(servers.used[0]), *(int(count) for count in recorder.used))
    spare = len(queue.spare)
    for symbol, count, extra in zip(Counts._fields, used, more, strict=True):
        queue = _with_rows(queue, symbol, count, extra)
        servers = _with_rows(servers, symbol, count, extra)
        recorder = _with_rows(recorder, symbol, count, extra)
    queue.spare[spare:] = np.arange(spare, len(queue.spare))
    longer = workspace._replace(event_queue=queue, servers=servers, recorder=recorder)
    sizes, least = sizes_of(longer), more._replace(decisions=min(1, more.decisions))
    limits = {symbol: sizes[symbol] - extra for symbol, extra in least._asdict().items()}
    return longer._replace(limits=Counts(**limits))


def _with_rows(record: R, symbol: str, used: int, more: int) -> R:
    """The record with capacity for `more` of what the symbol stands for."""
    longer = {name: _longer(getattr(record, name), used, more) for name in along(type(record), symbol)}
    return cast(R, record._replace(**longer))  # type: ignore[attr-defined]


def _longer(array: NDArray[Any], used: int, more: int) -> NDArray[Any]:
    """The array itself if it takes `more` rows, else its rows in one of twice that length."""
    if used + more <= len(array):
        return array
    longer = np.empty((2 * (used + more), *array.shape[1:]), array.dtype)
    longer[: len(array)] = array
    return longer
