"""The calendar in arrays against the order that it promises: time, then rank, then order of asking."""

import heapq

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from sim.engine.compiled.event_queue import EventQueue, add, clear, first_time, remove_first
from sim.kernels.shapes import empty

# Some dates and some ranks: ties of every kind.
times = st.sampled_from([0.0, 0.1, 0.25, 1.0, 1.5, 4.0, 50.0])
# Take so many of the first appointments, then ask for some, each so long after the last one taken.
rounds = st.lists(st.tuples(st.integers(0, 6), st.lists(st.tuples(times, st.integers(0, 2)), max_size=8)), max_size=8)


def calendar_for(room: int) -> EventQueue:
    return empty(EventQueue, {"events": room})


def take(calendar: EventQueue) -> tuple[float, int]:
    """Time and name of the first appointment, which is crossed out; infinity if there is none."""
    time = first_time(calendar)
    if np.isinf(time):
        return time, -1
    name = calendar.rows[calendar.row[0], 3]
    remove_first(calendar)
    return time, name


@given(rounds)
def test_the_first_is_always_the_first(plan):
    calendar, expected, now, asked = calendar_for(64), [], 0.0, 0
    clear(calendar)
    for taken, wanted in plan:
        for _ in range(taken):
            time, name = take(calendar)
            if not expected:
                assert np.isinf(time)
                break
            assert (time, name) == (expected[0][0], expected[0][2])
            now = heapq.heappop(expected)[0]
        for delay, rank in wanted:
            add(calendar, now + delay, rank, 0, asked, 0, 0)
            heapq.heappush(expected, (now + delay, rank, asked))
            asked += 1
        assert calendar.size[0] == len(expected)


@given(rounds)
def test_a_calendar_that_was_cleared_is_as_new(plan):
    used, fresh = calendar_for(64), calendar_for(64)
    clear(used)
    for taken, wanted in plan:
        for time, rank in wanted:
            add(used, time, rank, 0, 0, 0, 0)
        for _ in range(taken):
            take(used)
    for calendar in (used, fresh):
        clear(calendar)
        for n, (time, rank) in enumerate(wanted for _, many in plan for wanted in many):
            add(calendar, time, rank, 0, n, 0, 0)
    for _ in range(64):
        assert take(used) == take(fresh)
