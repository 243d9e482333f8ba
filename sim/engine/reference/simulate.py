"""One run from the first day to the last."""

from collections.abc import Callable

import numpy as np

from sim.engine.reference import exchanges, market, regulators
from sim.engine.reference.calendar import Process
from sim.engine.reference.story import Story
from sim.engine.result import Result, empty_frame
from sim.model.start import start
from sim.model.state import empty_state
from sim.model.world import World

_AFTER_ALL = 1e-9  # the recorder's last appointment falls on the last day itself


def simulate(
    world: World,
    seed: int,
    replication: int,
    until: float,
    every: float,
    before_decision: Callable[[Story, int, int, int], None] | None = None,
) -> Result:
    """Simulate `until` so many days from the start, recording `every` so many days.

    `before_decision` is called with the story, the exchange, the cause and its index just before each decision.
    """
    story = Story(world, empty_state(world, seed, replication), before_decision)
    start(story.w, story.s)
    count = int(np.floor(until / every + _AFTER_ALL)) + 1
    frame = empty_frame(world, count)
    queues = np.zeros((count, 2 * (len(story.inspectors) + len(story.officers))), dtype=np.int64)
    for process in _cast(story):
        story.start(process)
    story.start(market.recorder(story, frame, queues, every))
    story.env.run(until=until + _AFTER_ALL)
    return Result(
        times=np.arange(count, dtype=np.float64) * every,
        frame=frame,
        queues=queues,
        codes=_stack([codes for codes, _ in story.lines], 6, np.int64),
        values=_stack([values for _, values in story.lines], 2, np.float64),
        decisions=tuple(story.decisions),
        work=tuple((agency, began, min(ended, until)) for agency, began, ended in story.work),
    )


def _cast(story: Story) -> list[Process]:
    """Everybody who acts from the first day."""
    world = story.world
    dated = [i for i in range(len(world.orders.key)) if world.orders.rule[i] < 0]
    thinking = [f for f in range(len(world.firms.key)) if not world.firms.fixed[f]]
    entering = [f for f in range(len(world.firms.key)) if not np.isnan(world.firms.enters[f])]
    return [
        *(regulators.intervene(story, i) for i in dated),
        *(regulators.rule(story, a) for a in range(len(world.rules.hold))),
        *(exchanges.review(story, f) for f in thinking),
        *(exchanges.enter(story, f) for f in entering),
        market.tick(story),
    ]


def _stack(parts: list[np.ndarray], width: int, kind: type) -> np.ndarray:
    return np.concatenate(parts) if parts else np.zeros((0, width), dtype=kind)
