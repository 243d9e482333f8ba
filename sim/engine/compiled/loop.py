"""The event loop: take the next event, let the model process it, queue what it schedules."""

import math
from typing import Annotated, NamedTuple

import numpy as np

from sim.engine.compiled.event_queue import add, clear, remove_first
from sim.engine.compiled.recorder import CASES, LINES, begin_work, write_decision, write_lines
from sim.engine.compiled.servers import (
    EXAMINED,
    NOBODY,
    SERVED,
    WAITING,
    Servers,
    clear_servers,
    end_service,
    join_queue,
    leave,
    start_service,
    withdraw,
)  # fmt: skip
from sim.engine.compiled.workspace import Workspace, has_capacity
from sim.engine.result import Batch, close
from sim.kernels.compile import inlined, kernel, rare
from sim.kernels.record_copies import Memory, restore
from sim.kernels.shapes import Shape
from sim.model import events
from sim.model.events import rank
from sim.model.handlers.dispatch import handle, initialise
from sim.model.outcomes.monitor import clear_monitor, monitor_record
from sim.model.outcomes.snapshot import snapshot
from sim.model.outcomes.tally import clear_tally, tally_record
from sim.model.regulators.detection import case_work
from sim.model.regulators.licensing import apply, examination, publication
from sim.model.state import State
from sim.world.arrays import Floats, Ints, World


class Job(NamedTuple):
    """Replications to simulate and the rows that they fill, see `batch.Batch`.

    `done` says where to go on: how many are done, and whether the next one has begun.
    """

    replications: Annotated[Ints, Shape("n")]
    done: Annotated[Ints, Shape(2)]
    measures: Annotated[Floats, Shape("n", "measures")]
    paths: Annotated[Floats, Shape("n", "records", "modes")]
    fired: Annotated[Floats, Shape("n", "rules", "rungs")]
    events: Annotated[Floats, Shape("n", "kinds")]
    monitored: Annotated[Floats, Shape("n", "numbers")]


def job_of(batch: Batch, replications: Ints) -> Job:
    """Replications of which nothing is done yet."""
    return Job(replications=replications, done=np.zeros(2, np.int64), **vars(batch))


@kernel
def run_replications(
    world: World, state: State, memory: Memory, blank: Memory, workspace: Workspace, job: Job, end: float
) -> bool:
    """Simulate replications one after another. False if the workspace is full, to be called again."""
    recorder, replications, done = workspace.recorder, job.replications, job.done
    for r in range(done[0], len(replications)):
        if not done[1]:
            restore(memory, blank)
            state.key[1] = np.uint64(replications[r])
            recorder.used[:] = 0
            clear_tally(recorder.tally, recorder.window_sums)
            clear_monitor(recorder.monitor)
            open_run(world, state, workspace, end)
        if not finish_run(world, state, workspace):
            done[0], done[1] = r, 1
            return False
        done[1] = 0
        lines, cases = recorder.used[LINES], recorder.used[CASES]
        if not recorder.full[0]:
            close(
                state, recorder.tally, recorder.window_sums, recorder.codes[:lines], recorder.values[:lines],
                recorder.work[:cases], recorder.monitor.row, job.measures[r], job.paths[r], job.fired[r], job.events[r],
                job.monitored[r],
            )  # fmt: skip
    return True


@kernel
def open_run(world: World, state: State, workspace: Workspace, end: float) -> None:
    """The first day of a run from an empty state."""
    clear(workspace.event_queue, end)
    clear_servers(world, workspace.servers)
    initialise(world, state)
    process_requests(world, state, workspace, 0.0)
    if len(workspace.recorder.tally.day):
        _schedule(world, workspace, workspace.recorder.tally.day[0], events.RECORD, 0, 0, 0)


@inlined
def _schedule(world: World, workspace: Workspace, time: float, kind: int, a: int, b: int, c: int) -> None:
    add(workspace.event_queue, time, rank(world, kind, a, b, c), kind, a, b, c)


@kernel
def finish_run(world: World, state: State, workspace: Workspace) -> bool:
    """Process all events of a run; records are taken at `workspace.recorder.tally.day`.

    False if the workspace is full: it goes on where it stopped when called again with a larger one.
    """
    event_queue = workspace.event_queue
    while event_queue.size[0] > 0:
        if not has_capacity(workspace):
            return False
        now, row = event_queue.time[0], event_queue.rows[event_queue.row[0]]
        kind, a, b, c = row[2], row[3], row[4], row[5]
        remove_first(event_queue)
        if kind == events.RECORD:
            _record(world, state, workspace, a, now)
        elif kind == events.EXAMINED:
            _end_examination(world, state, workspace, a, b, c, now)
        elif _stands(workspace.servers, kind, c):
            if handle(world, state, kind, a, b, c, now) and workspace.recorder.full[0]:
                write_decision(workspace.recorder, state.decision)
            process_requests(world, state, workspace, now)
            if kind == events.CASE:
                _free_inspector(world, state, workspace, c, now)
    return True


@rare
def _record(world: World, state: State, workspace: Workspace, t: int, now: float) -> None:
    times = workspace.recorder.tally.day
    if workspace.recorder.full[0]:
        snapshot(world, state, workspace.frame, t, now)
        _record_queues(workspace.servers, workspace.queues[t])
    else:
        tally_record(world, state, workspace.recorder.tally, workspace.recorder.window_sums, t)
        _record_queues(workspace.servers, workspace.recorder.monitor.queues)
        monitor_record(world, state, workspace.recorder.monitor, t)
    if t + 1 < len(times):
        _schedule(world, workspace, now + (times[t + 1] - now), events.RECORD, t + 1, 0, 0)


@kernel
def _record_queues(servers: Servers, row: Ints) -> None:
    count = len(servers.free)
    for d in range(count):
        row[d] = servers.waiting[d]
        row[count + d] = servers.served[d]


@kernel
def process_requests(world: World, state: State, workspace: Workspace, now: float) -> None:
    """Record what happened and put what the model scheduled into the event queue or a queue for service."""
    write_lines(workspace.recorder, state)
    requests = state.requests
    count = requests.used[0]
    requests.used[0] = 0
    for n in range(count):
        row = requests.rows[n]
        kind, a, b, c = row[0], row[1], row[2], row[3]
        if kind == events.APPLICATION:
            _apply(world, state, workspace, a, b, now)
        elif kind == events.WITHDRAWAL:
            withdraw(workspace.servers, len(world.agencies.capacity) + b, a, b)
            _serve(world, state, workspace, len(world.agencies.capacity) + b, now)
        elif kind == events.CASE_OPENED:
            join_queue(workspace.servers, c, a, b)
            _serve(world, state, workspace, c, now)
        elif not math.isinf(requests.delay[n]):
            _schedule(world, workspace, now + requests.delay[n], kind, a, b, c)


@rare
def _apply(world: World, state: State, workspace: Workspace, v: int, office: int, now: float) -> None:
    patience = apply(world, state, v, office, now)
    write_lines(workspace.recorder, state)
    station = len(world.agencies.capacity) + office
    request = join_queue(workspace.servers, station, v, office)
    if not math.isinf(patience):
        _schedule(world, workspace, now + patience, events.PATIENCE, v, office, request)
    _serve(world, state, workspace, station, now)


@rare
def _serve(world: World, state: State, workspace: Workspace, station: int, now: float) -> None:
    """Begin the next service if a server is free."""
    request = start_service(workspace.servers, station)
    if request == NOBODY:
        return
    a, b = workspace.servers.requests[request, 1], workspace.servers.requests[request, 2]
    if station < len(world.agencies.capacity):
        days = case_work(world, state, station, a, b, now)
        write_lines(workspace.recorder, state)
        case = begin_work(workspace.recorder, station, now)
        _schedule(world, workspace, now + days, events.CASE, a, b, case)
    else:
        _schedule(world, workspace, now + examination(world, state, a, b, now), events.EXAMINED, a, b, request)


@rare
def _end_examination(
    world: World, state: State, workspace: Workspace, v: int, office: int, request: int, now: float
) -> None:
    """The officer turns to the next application; the decision on this one will be published."""
    servers, station = workspace.servers, len(world.agencies.capacity) + office
    if leave(servers, request, SERVED):
        servers.requests[request, 3] = EXAMINED
        _schedule(world, workspace, now + publication(world, office, now), events.LICENCE, v, office, request)
        _serve(world, state, workspace, station, now)


@kernel
def _stands(servers: Servers, kind: int, request: int) -> bool:
    """Whether an event still happens: the end of patience only to one who waits, no decision on what is withdrawn."""
    if kind == events.PATIENCE:
        return leave(servers, request, WAITING)
    return kind != events.LICENCE or leave(servers, request, EXAMINED)


@rare
def _free_inspector(world: World, state: State, workspace: Workspace, case: int, now: float) -> None:
    """After a case its inspector turns to the next."""
    work = workspace.recorder.work[case]
    work[2], station = now, int(work[0])
    end_service(workspace.servers, station)
    _serve(world, state, workspace, station, now)
