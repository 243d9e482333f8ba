"""Exchanges: they review, react, wind venues down, launch others, and enter."""

import math

from sim.engine.reference import agencies, offices
from sim.engine.reference.calendar import CLOSE, DECISION, ENTRY, LAUNCH, Process
from sim.engine.reference.story import Story
from sim.model import adopt as act
from sim.model.codes import C_REVIEW, D_REVIEW
from sim.model.consider import consider, reaction_lag
from sim.model.decide import can_decide
from sim.model.start import review_gap

_REVIEW, _REACTION = 0, 1


def review(story: Story, f: int) -> Process:
    """Exchange f thinks again on exogenous dates; a date on which it cannot act is skipped, not shifted."""
    n = 0
    while True:
        gap = review_gap(story.w, story.s, f, n, D_REVIEW)
        yield story.wait(gap, DECISION, _subject(story, f, _REVIEW))
        think(story, f, C_REVIEW, n)
        n += 1


def react(story: Story, f: int, intervention: int, cause: int) -> Process:
    """Exchange f hears of an intervention and decides some days later."""
    lag = reaction_lag(story.w, story.s, intervention, f, cause)
    subject = _subject(story, f, _REACTION + 2 * intervention + cause % 2)
    yield story.wait(lag, DECISION, subject)
    think(story, f, cause, intervention)


def recover(story: Story, f: int, days: float, cause: int) -> Process:
    """Exchange f decides some days after it was hit or had a licence decided."""
    yield story.wait(days, DECISION, _subject(story, f, _REVIEW))
    think(story, f, cause, -1)


def _subject(story: Story, f: int, reason: int) -> int:
    """Rank among the decisions of one instant: by exchange, then by reason."""
    return f * (2 * len(story.world.orders.key) + 4) + reason


def think(story: Story, f: int, cause: int, index: int) -> None:
    """Exchange f considers its strategy, and what it decides is set going."""
    now = story.arrive()
    if story.before_decision is not None and can_decide(story.w, story.s, f):
        story.before_decision(story, f, cause, index)
    if not consider(story.w, story.s, f, now, cause, index):
        return
    story.note_decision(f, cause, index)
    plan = story.state.plan
    for m in range(3):
        v = 3 * f + m
        if not math.isnan(plan.close[m]):
            story.start(wind_down(story, v, float(plan.close[m])))
        if not math.isnan(plan.launch[m]):
            story.start(launch(story, v, float(plan.launch[m])))
        for office in plan.apply[m].nonzero()[0]:
            story.start(offices.application(story, v, int(office)))
    story.write()
    agencies.look_again(story, f, f + 1)


def wind_down(story: Story, v: int, days: float) -> Process:
    """Venue v goes on until its last day."""
    yield story.wait(days, CLOSE, v)
    now = story.arrive()
    if act.close_if_due(story.w, story.s, v, now):
        story.write()
        agencies.look_again(story, v // 3, v // 3 + 1)


def launch(story: Story, v: int, days: float) -> Process:
    """Venue v is built and opens; a reason to think that came meanwhile is taken up."""
    yield story.wait(days, LAUNCH, v)
    now = story.arrive()
    act.finish_launch(story.w, story.s, v, now)
    after_launch(story, v)


def after_launch(story: Story, v: int) -> None:
    """Write what happened and take up what was put off."""
    f = v // 3
    story.write()
    agencies.look_again(story, f, f + 1)
    traits = story.state.traits
    cause, index = (int(n) for n in traits.pending[f])
    if traits.launching[f] == 0 and cause > 0:
        traits.pending[f, 0] = 0
        think(story, f, cause, index)


def enter(story: Story, f: int) -> Process:
    """Exchange f opens for business on its day."""
    yield story.wait(float(story.world.firms.enters[f]), ENTRY, f)
    act.enter(story.w, story.s, f, story.arrive())
    story.write()
    agencies.look_again(story, f, f + 1)
