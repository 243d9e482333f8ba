"""Processes that wait for a date, an inspector or an officer, and then let the model say what happens."""

import math

import simpy

from sim.engine.compiled.entrances import handle
from sim.engine.reference.reference_run import Process, ReferenceRun
from sim.model import events
from sim.model.regulators.detection import case_work, time_left
from sim.model.regulators.licensing import apply, examination, publication
from sim.world.codes import C_REVIEW


def start_requested(run: ReferenceRun) -> None:
    """Record what happened and start processes for the events that the model scheduled."""
    for delay, kind, a, b, c in run.take_requests():
        if kind == events.DETECTION:
            _reset_detection(run, a, b)
        elif kind == events.CASE_OPENED:
            run.start(case(run, a, b, c))
        elif kind == events.APPLICATION:
            run.files[a, b] = run.start(application(run, a, b))
        elif kind == events.WITHDRAWAL:
            if (a, b) in run.files:
                run.files.pop((a, b)).interrupt()
        else:
            run.start(event(run, delay, kind, a, b, c))


def handle_now(run: ReferenceRun, kind: int, a: int, b: int = 0, c: int = 0) -> None:
    """Let the model process what is due now."""
    if handle(run.world_ptr, run.state_ptr, kind, a, b, c, run.now):
        run.record_decision()
    start_requested(run)


def event(run: ReferenceRun, delay: float, kind: int, a: int, b: int, c: int) -> Process:
    """An intervention steps in, an exchange decides, launches or closes, an agency looks at its figures."""
    yield run.wait(delay, kind, a, b, c)
    if kind == events.DECISION:
        run.announce_decision(a, b, c)
    elif kind == events.REVIEW:
        run.announce_decision(a, C_REVIEW, b)
    handle_now(run, kind, a, b, c)


def detection(run: ReferenceRun, action: int, venue: int) -> Process:
    """An agency looks out for a venue until it is detected; an interrupt says that the rate has changed."""
    while True:
        left = time_left(run.state, action, venue)
        if math.isinf(left):
            return
        version = int(run.state.cases.version[action, venue])
        try:
            yield run.wait(left, events.DETECTION, action, venue, version)
            break
        except simpy.Interrupt:
            continue
    del run.watchers[action, venue]
    handle_now(run, events.DETECTION, action, venue, version)


def _reset_detection(run: ReferenceRun, action: int, venue: int) -> None:
    watcher = run.watchers.get((action, venue))
    if watcher is not None and watcher.is_alive:
        watcher.interrupt()
    else:
        run.watchers[action, venue] = run.start(detection(run, action, venue))


def case(run: ReferenceRun, action: int, venue: int, agency: int) -> Process:
    """A case waits for an inspector, is worked on, and ends in the action."""
    with run.inspectors[agency].request() as inspector:
        yield inspector
        began, row = run.now, len(run.work)
        days = case_work(run.world, run.state, agency, action, venue, began)
        start_requested(run)
        run.work.append((agency, began, math.inf))
        yield run.wait(days, events.CASE, action, venue, agency)
        run.work[row] = (agency, began, run.now)
        handle_now(run, events.CASE, action, venue, agency)


def application(run: ReferenceRun, venue: int, office: int) -> Process:
    """An applicant waits for an officer as long as its patience lasts, is examined, and waits for the decision.

    An interrupt says that the application is withdrawn.
    """
    patience = apply(run.world, run.state, venue, office, run.now)
    start_requested(run)
    outcome = events.LICENCE
    try:
        with run.officers[office].request() as officer:
            if math.isinf(patience):
                yield officer
            else:
                yield officer | run.wait(patience, events.PATIENCE, venue, office)
            if officer.triggered:
                days = examination(run.world, run.state, venue, office, run.now)
                yield run.wait(days, events.EXAMINED, venue, office)
            else:
                outcome = events.PATIENCE
        if outcome == events.LICENCE:
            yield run.wait(publication(run.world, office, run.now), events.LICENCE, venue, office)
    except simpy.Interrupt:
        return
    del run.files[venue, office]
    handle_now(run, outcome, venue, office)
