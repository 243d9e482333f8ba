"""Queues in arrays: desks (first agencies, then offices) with a number of servers, first come first served."""

from typing import Annotated, NamedTuple

import numpy as np

from sim.kernels.compile import kernel
from sim.world.arrays import Ints, World

WAITING, SERVED, RENEGED = 0, 1, 2
NOBODY = -1


class Servers(NamedTuple):
    """D desks and the requests made so far."""

    free: Ints  # (D,) servers
    waiting: Ints  # (D,)
    served: Ints  # (D,)
    head: Ints  # (D,) first request in the queue, -1 none
    tail: Ints  # (D,)
    requests: Annotated[Ints, 5]  # (R, 5) desk, a, b, status, next in the queue
    used: Annotated[Ints, 1]  # (1,) requests so far


def empty_servers(world: World) -> Servers:
    """The desks of all agencies and offices, without room for requests; `clear_desks` sets them up."""
    count, ints = len(world.agencies.capacity) + len(world.offices.officers), np.int64
    free, waiting, served, head, tail = (np.zeros(count, ints) for _ in range(5))
    return Servers(free, waiting, served, head, tail, np.zeros((0, 5), ints), np.zeros(1, ints))


@kernel
def clear_servers(world: World, servers: Servers) -> None:
    """Nobody waits and all servers are free."""
    agencies = len(world.agencies.capacity)
    for d in range(len(servers.free)):
        servers.free[d] = world.agencies.capacity[d] if d < agencies else world.offices.officers[d - agencies]
        servers.waiting[d], servers.served[d] = 0, 0
        servers.head[d], servers.tail[d] = NOBODY, NOBODY
    servers.used[0] = 0


@kernel
def join_queue(servers: Servers, station: int, a: int, b: int) -> int:
    """Stand at the end of a desk's queue, for which there must be room; returns the number of the request."""
    request = servers.used[0]
    servers.used[0] = request + 1
    row = servers.requests[request]
    row[0], row[1], row[2], row[3], row[4] = station, a, b, WAITING, NOBODY
    if servers.tail[station] == NOBODY:
        servers.head[station] = request
    else:
        servers.requests[servers.tail[station], 4] = request
    servers.tail[station] = request
    servers.waiting[station] += 1
    return int(request)


@kernel
def start_service(servers: Servers, station: int) -> int:
    """The request that a free server takes up, -1 if there is none or no server is free."""
    while servers.free[station] > 0 and servers.head[station] != NOBODY:
        request = servers.head[station]
        servers.head[station] = servers.requests[request, 4]
        if servers.head[station] == NOBODY:
            servers.tail[station] = NOBODY
        if servers.requests[request, 3] == WAITING:
            servers.requests[request, 3] = SERVED
            servers.free[station] -= 1
            servers.waiting[station] -= 1
            servers.served[station] += 1
            return int(request)
    return NOBODY


@kernel
def renege(servers: Servers, request: int) -> bool:
    """Give up waiting; False if the request is being served or done."""
    row = servers.requests[request]
    if row[3] != WAITING:
        return False
    row[3] = RENEGED
    servers.waiting[row[0]] -= 1
    return True


@kernel
def end_service(servers: Servers, station: int) -> None:
    """A server is free again."""
    servers.free[station] += 1
    servers.served[station] -= 1
