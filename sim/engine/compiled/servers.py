"""Queues in arrays: stations (first agencies, then offices) with a number of servers, first come first served."""

from typing import Annotated, NamedTuple

from sim.kernels.compile import kernel, rare
from sim.kernels.shapes import Shape
from sim.world.arrays import Ints, World

WAITING, SERVED, EXAMINED, GONE = range(4)
NOBODY = -1


class Servers(NamedTuple):
    """Stations, with servers of their own, and the requests for service made so far."""

    free: Annotated[Ints, Shape("stations")]  # servers
    waiting: Annotated[Ints, Shape("stations")]
    served: Annotated[Ints, Shape("stations")]
    head: Annotated[Ints, Shape("stations", first=NOBODY)]  # first request in the queue
    tail: Annotated[Ints, Shape("stations", first=NOBODY)]
    requests: Annotated[Ints, Shape("requests", 5)]  # station, a, b, status, next in the queue
    used: Annotated[Ints, Shape(1)]  # requests so far


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
    """Stand at the end of a station's queue, for which there must be capacity; returns the number of the request."""
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
def leave(servers: Servers, request: int, status: int) -> bool:
    """Go, if the request has this status; False if it has another, or has gone before."""
    row = servers.requests[request]
    if row[3] != status:
        return False
    row[3] = GONE
    if status == WAITING:
        servers.waiting[row[0]] -= 1
    elif status == SERVED:
        end_service(servers, row[0])
    return True


@rare
def withdraw(servers: Servers, station: int, a: int, b: int) -> None:
    """The request of a and b at a station, if there is one, goes, whatever its status."""
    for request in range(servers.used[0] - 1, -1, -1):
        row = servers.requests[request]
        if row[0] == station and row[1] == a and row[2] == b and row[3] != GONE:
            leave(servers, request, row[3])


@kernel
def end_service(servers: Servers, station: int) -> None:
    """A server is free again."""
    servers.free[station] += 1
    servers.served[station] -= 1
