"""The actors: whoever waits for a date, an inspector or an officer, and then lets the model say what happens."""

import math

import simpy

from sim.engine.reference.reference_run import Story
from sim.engine.reference.simpy_events import Process
from sim.model import events as ag
from sim.model.handlers import happen
from sim.model.regulators.enforcement import case_work, time_left
from sim.model.regulators.licensing import apply, examination
from sim.world.codes import C_REVIEW


def follow_up(story: Story) -> None:
    """Write down what has happened and set going what the model asks for."""
    for delay, kind, a, b, c in story.take_notes():
        if kind == ag.DETECTION:
            _reset_watch(story, a, b)
        elif kind == ag.CASE_OPENED:
            story.start(case(story, a, b, c))
        elif kind == ag.APPLICATION:
            story.start(application(story, a, b))
        else:
            story.start(appointment(story, delay, kind, a, b, c))


def occur(story: Story, kind: int, a: int, b: int = 0, c: int = 0) -> None:
    """Let the model act on what falls due now."""
    if happen(story.w, story.s, kind, a, b, c, story.now):
        story.note_decision(a, *((C_REVIEW, b) if kind == ag.REVIEW else (b, c)))
    follow_up(story)


def appointment(story: Story, delay: float, kind: int, a: int, b: int, c: int) -> Process:
    """An intervention steps in, an exchange decides, launches or closes, an agency looks at its figures."""
    yield story.wait(delay, kind, a, b, c)
    if kind == ag.DECISION:
        story.announce_decision(a, b, c)
    elif kind == ag.REVIEW:
        story.announce_decision(a, C_REVIEW, b)
    occur(story, kind, a, b, c)


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
    occur(story, ag.DETECTION, action, venue, stamp)


def _reset_watch(story: Story, action: int, venue: int) -> None:
    watcher = story.watchers.get((action, venue))
    if watcher is not None and watcher.is_alive:
        watcher.interrupt()
    else:
        story.watchers[action, venue] = story.start(watch(story, action, venue))


def case(story: Story, action: int, venue: int, agency: int) -> Process:
    """A case waits for an inspector, is worked on, and ends in the measure."""
    with story.inspectors[agency].request() as inspector:
        yield inspector
        began, mine = story.now, len(story.work)
        days = case_work(story.w, story.s, agency, action, venue, began)
        follow_up(story)
        story.work.append((agency, began, math.inf))
        yield story.wait(days, ag.CASE, action, venue, agency)
        story.work[mine] = (agency, began, story.now)
        occur(story, ag.CASE, action, venue, agency)


def application(story: Story, venue: int, office: int) -> Process:
    """An applicant waits for an officer as long as it has patience, is examined, and is told."""
    patience = apply(story.w, story.s, venue, office, story.now)
    follow_up(story)
    with story.officers[office].request() as officer:
        if math.isinf(patience):
            yield officer
        else:
            yield officer | story.wait(patience, ag.PATIENCE, venue, office)
        if not officer.triggered:
            occur(story, ag.PATIENCE, venue, office)
            return
        days = examination(story.w, story.s, venue, office, story.now)
        yield story.wait(days, ag.LICENCE, venue, office)
        occur(story, ag.LICENCE, venue, office)
