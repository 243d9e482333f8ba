"""Queues in arrays: desks (first agencies, then offices) with a number of servers, first come first served."""

from typing import Annotated, NamedTuple

import numpy as np

from sim.kernels.compile import kernel
from sim.world.arrays import Ints, World

WAITING, SERVED, LEFT = 0, 1, 2
NOBODY = -1


class Desks(NamedTuple):
    """D desks and the requests made so far."""

    free: Ints  # (D,) servers
    waiting: Ints  # (D,)
    served: Ints  # (D,)
    head: Ints  # (D,) first request in the queue, -1 none
    tail: Ints  # (D,)
    requests: Annotated[Ints, 5]  # (R, 5) desk, a, b, status, next in the queue
    used: Annotated[Ints, 1]  # (1,) requests so far


def empty_desks(world: World) -> Desks:
    """The desks of all agencies and offices, without room for requests; `clear_desks` sets them up."""
    count, ints = len(world.agencies.capacity) + len(world.offices.officers), np.int64
    free, waiting, served, head, tail = (np.zeros(count, ints) for _ in range(5))
    return Desks(free, waiting, served, head, tail, np.zeros((0, 5), ints), np.zeros(1, ints))


@kernel
def clear_desks(world: World, desks: Desks) -> None:
    """Nobody waits and all servers are free."""
    agencies = len(world.agencies.capacity)
    for d in range(len(desks.free)):
        desks.free[d] = world.agencies.capacity[d] if d < agencies else world.offices.officers[d - agencies]
        desks.waiting[d], desks.served[d] = 0, 0
        desks.head[d], desks.tail[d] = NOBODY, NOBODY
    desks.used[0] = 0


@kernel
def queue_up(desks: Desks, desk: int, a: int, b: int) -> int:
    """Stand at the end of a desk's queue, for which there must be room; returns the number of the request."""
    request = desks.used[0]
    desks.used[0] = request + 1
    row = desks.requests[request]
    row[0], row[1], row[2], row[3], row[4] = desk, a, b, WAITING, NOBODY
    if desks.tail[desk] == NOBODY:
        desks.head[desk] = request
    else:
        desks.requests[desks.tail[desk], 4] = request
    desks.tail[desk] = request
    desks.waiting[desk] += 1
    return int(request)


@kernel
def call_next(desks: Desks, desk: int) -> int:
    """The request that a free server takes up, -1 if there is none or no server is free."""
    while desks.free[desk] > 0 and desks.head[desk] != NOBODY:
        request = desks.head[desk]
        desks.head[desk] = desks.requests[request, 4]
        if desks.head[desk] == NOBODY:
            desks.tail[desk] = NOBODY
        if desks.requests[request, 3] == WAITING:
            desks.requests[request, 3] = SERVED
            desks.free[desk] -= 1
            desks.waiting[desk] -= 1
            desks.served[desk] += 1
            return int(request)
    return NOBODY


@kernel
def leave(desks: Desks, request: int) -> bool:
    """Give up waiting; False if the request is being served or done."""
    row = desks.requests[request]
    if row[3] != WAITING:
        return False
    row[3] = LEFT
    desks.waiting[row[0]] -= 1
    return True


@kernel
def finish(desks: Desks, desk: int) -> None:
    """A server is free again."""
    desks.free[desk] += 1
    desks.served[desk] -= 1
