"""The market's own clock, and the recorder."""

import numpy as np

from sim.engine.reference import agencies, exchanges
from sim.engine.reference.calendar import RECORD, TICK, Process
from sim.engine.reference.story import Story
from sim.model import market
from sim.model.codes import C_LOSS
from sim.model.snapshot import Frame, snapshot
from sim.model.world import Ints

_WEEK = 7


def tick(story: Story) -> Process:
    """Habit forms daily; once a week books are read and exchanges look at their losses."""
    day = 0
    while True:
        yield story.wait(1.0, TICK, 0)
        day += 1
        now = story.arrive()
        market.form_habit(story.w, story.s, 1.0)
        if day % _WEEK:
            continue
        market.read_market(story.w, story.s, now)
        agencies.look_again(story, 0, len(story.world.firms.key))
        for f in np.flatnonzero(market.losers(story.w, story.s)):
            exchanges.think(story, int(f), C_LOSS, day)


def recorder(story: Story, frame: Frame, queues: Ints, every: float) -> Process:
    """Write down the state every so many days; `queues` (T, 2 G + 2 O) takes waiting and served, by office."""
    for t in range(len(frame.sites)):
        yield story.wait(every if t else 0.0, RECORD, 0)
        snapshot(story.w, story.s, frame, t, story.now)
        desks = [*story.inspectors, *story.officers]
        queues[t] = [len(desk.queue) for desk in desks] + [desk.count for desk in desks]
