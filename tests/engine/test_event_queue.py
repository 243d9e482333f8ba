"""The event queue against the order that it promises: time, then rank, then order of scheduling."""

import heapq

from hypothesis import given
from hypothesis import strategies as st

from sim.engine.compiled.event_queue import EventQueue, add, clear, remove_first
from sim.kernels.shapes import empty

# Some dates and some ranks: ties of every kind.
times = st.sampled_from([0.0, 0.1, 0.25, 1.0, 1.5, 4.0, 50.0])
# Take so many of the first events, then schedule some, each so long after the last one taken.
rounds = st.lists(st.tuples(st.integers(0, 6), st.lists(st.tuples(times, st.integers(0, 2)), max_size=8)), max_size=8)
ends = st.sampled_from([float("inf"), 0.25, 1.0, 4.0])


def queue_until(end: float) -> EventQueue:
    queue = empty(EventQueue, {"events": 64})
    clear(queue, end)
    return queue


def take(queue: EventQueue) -> tuple[float, int] | None:
    """Time and name of the first event, which is removed; None if there is none."""
    if not queue.size[0]:
        return None
    first = queue.time[0], queue.rows[queue.row[0], 3]
    remove_first(queue)
    return first


@given(rounds, ends)
def test_the_first_is_always_the_first_and_none_comes_at_the_end_or_later(plan, end):
    queue, expected, now, scheduled = queue_until(end), [], 0.0, 0
    for taken, wanted in plan:
        for _ in range(taken):
            first = take(queue)
            if not expected:
                assert first is None
                break
            now, _, name = heapq.heappop(expected)
            assert first == (now, name)
        for delay, rank in wanted:
            add(queue, now + delay, rank, 0, scheduled, 0, 0)
            if now + delay < end:
                heapq.heappush(expected, (now + delay, rank, scheduled))
            scheduled += 1
        assert queue.size[0] == len(expected)


@given(rounds)
def test_a_queue_that_was_cleared_is_as_new(plan):
    used, fresh = queue_until(1.0), queue_until(50.0)
    for taken, wanted in plan:
        for time, rank in wanted:
            add(used, time, rank, 0, 0, 0, 0)
        for _ in range(taken):
            take(used)
    clear(used, 50.0)
    for queue in (used, fresh):
        for n, (time, rank) in enumerate(wanted for _, many in plan for wanted in many):
            add(queue, time, rank, 0, n, 0, 0)
    for _ in range(64):
        assert take(used) == take(fresh)
