"""The actors: regulators, exchanges, agencies, licensing offices and the market.

Each waits for its date, lets the model say what happens, and sets going what follows from it.
"""

import math
from collections.abc import Callable

import simpy

from sim.engine.reference.calendar import Process
from sim.engine.reference.story import Story
from sim.model import agenda as ag
from sim.model import handlers as on
from sim.model.codes import C_REVIEW
from sim.model.decide import can_decide
from sim.model.enforcement import case_work, time_left
from sim.model.licensing import apply, examination


def follow_up(story: Story) -> None:
    """Write down what has happened and set going what the model asks for."""
    for delay, kind, a, b, c in story.take_notes():
        if kind == ag.DETECTION:
            _reset_watch(story, a, b)
        else:
            story.start(ACTORS[kind](story, delay, a, b, c))


def intervention(story: Story, delay: float, step: int, _b: int, _c: int) -> Process:
    """A regulator takes a step of an intervention on its date."""
    yield story.wait(delay, ag.STEP, step)
    on.on_step(story.w, story.s, step, story.now)
    follow_up(story)


def campaign(story: Story, delay: float, order: int, site: int, _c: int) -> Process:
    """A regulator blocks the next site of a campaign."""
    yield story.wait(delay, ag.CAMPAIGN, order, site)
    on.on_campaign(story.w, story.s, order, site, story.now)
    follow_up(story)


def rule(story: Story, delay: float, number: int, _b: int, _c: int) -> Process:
    """An agency looks at its figures and acts if its rule says so."""
    yield story.wait(delay, ag.RULE, number)
    on.on_rule(story.w, story.s, number, story.now)
    follow_up(story)


def entry(story: Story, delay: float, exchange: int, _b: int, _c: int) -> Process:
    """An exchange opens for business."""
    yield story.wait(delay, ag.ENTRY, exchange)
    on.on_entry(story.w, story.s, exchange, story.now)
    follow_up(story)


def review(story: Story, delay: float, exchange: int, number: int, _c: int) -> Process:
    """An exchange reviews its strategy."""
    yield story.wait(delay, ag.REVIEW, exchange, number)
    _look_over_shoulder(story, exchange, C_REVIEW, number)
    if on.on_review(story.w, story.s, exchange, number, story.now):
        story.note_decision(exchange, C_REVIEW, number)
    follow_up(story)


def decision(story: Story, delay: float, exchange: int, cause: int, reason: int) -> Process:
    """An exchange has heard of something and decides."""
    yield story.wait(delay, ag.DECISION, exchange, cause, reason)
    _look_over_shoulder(story, exchange, cause, reason)
    if on.on_decision(story.w, story.s, exchange, cause, reason, story.now):
        story.note_decision(exchange, cause, reason)
    follow_up(story)


def _look_over_shoulder(story: Story, exchange: int, cause: int, reason: int) -> None:
    if story.before_decision is not None and can_decide(story.w, story.s, exchange):
        on.arrive(story.w, story.s, story.now)
        story.before_decision(story, exchange, cause, reason)


def wind_down(story: Story, delay: float, venue: int, _b: int, _c: int) -> Process:
    """A venue goes on until its last day."""
    yield story.wait(delay, ag.CLOSE, venue)
    on.on_close(story.w, story.s, venue, story.now)
    follow_up(story)


def launch(story: Story, delay: float, venue: int, _b: int, _c: int) -> Process:
    """A venue is built and opens."""
    yield story.wait(delay, ag.LAUNCH, venue)
    on.on_launch(story.w, story.s, venue, story.now)
    follow_up(story)


def watch(story: Story, action: int, venue: int) -> Process:
    """An agency looks out for a venue until it is found out; an interrupt says that the rate has changed."""
    while True:
        left = time_left(story.s, action, venue)
        if math.isinf(left):
            return
        stamp = int(story.state.cases.stamp[action, venue])
        try:
            yield story.wait(left, ag.DETECTION, action, venue, stamp)
            break
        except simpy.Interrupt:
            continue
    del story.watchers[action, venue]
    on.on_detection(story.w, story.s, action, venue, stamp, story.now)
    follow_up(story)


def _reset_watch(story: Story, action: int, venue: int) -> None:
    watcher = story.watchers.get((action, venue))
    if watcher is not None and watcher.is_alive:
        watcher.interrupt()
    else:
        story.watchers[action, venue] = story.start(watch(story, action, venue))


def case(story: Story, _delay: float, action: int, venue: int, agency: int) -> Process:
    """A case waits for an inspector, is worked on, and ends in the measure."""
    with story.inspectors[agency].request() as inspector:
        yield inspector
        began, mine = story.now, len(story.work)
        days = case_work(story.w, story.s, agency, action, venue, began)
        follow_up(story)
        story.work.append((agency, began, math.inf))
        yield story.wait(days, ag.CASE, action, venue, agency)
        story.work[mine] = (agency, began, story.now)
        on.on_case(story.w, story.s, action, venue, story.now)
        follow_up(story)


def domain(story: Story, delay: float, venue: int, _b: int, _c: int) -> Process:
    """A blocked venue comes back under a new domain."""
    yield story.wait(delay, ag.DOMAIN, venue)
    on.on_domain(story.w, story.s, venue, story.now)
    follow_up(story)


def thaw(story: Story, delay: float, venue: int, _b: int, _c: int) -> Process:
    """Frozen accounts are released."""
    yield story.wait(delay, ag.RELEASE, venue)
    on.on_release(story.w, story.s, venue, story.now)
    follow_up(story)


def application(story: Story, _delay: float, venue: int, office: int, _c: int) -> Process:
    """An applicant waits for an officer as long as it has patience, is examined, and is told."""
    patience = apply(story.w, story.s, venue, office, story.now)
    follow_up(story)
    with story.officers[office].request() as officer:
        if math.isinf(patience):
            yield officer
        else:
            yield officer | story.wait(patience, ag.PATIENCE, venue, office)
        if not officer.triggered:
            on.on_patience(story.w, story.s, venue, office, story.now)
            follow_up(story)
            return
        days = examination(story.w, story.s, venue, office, story.now)
        yield story.wait(days, ag.LICENCE, venue, office)
        on.on_licence(story.w, story.s, venue, office, story.now)
        follow_up(story)


def tick(story: Story, delay: float, day: int, _b: int, _c: int) -> Process:
    """The market's own clock."""
    yield story.wait(delay, ag.TICK, day)
    on.on_tick(story.w, story.s, day, story.now)
    follow_up(story)


ACTORS: dict[int, Callable[[Story, float, int, int, int], Process]] = {
    ag.STEP: intervention,
    ag.CAMPAIGN: campaign,
    ag.CLOSE: wind_down,
    ag.ENTRY: entry,
    ag.LAUNCH: launch,
    ag.DOMAIN: domain,
    ag.RELEASE: thaw,
    ag.DECISION: decision,
    ag.REVIEW: review,
    ag.TICK: tick,
    ag.RULE: rule,
    ag.APPLICATION: application,
    ag.CASE_OPENED: case,
}
"""Who acts on what the model asks for; detection is watched for, see `watch`."""
