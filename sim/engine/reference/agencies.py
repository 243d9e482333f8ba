"""Agencies: they find violations, work off cases, and block sites."""

import math

import simpy

from sim.engine.reference import exchanges
from sim.engine.reference.calendar import CAMPAIGN, CASE, DETECTION, DOMAIN, RELEASE, Process
from sim.engine.reference.story import Story
from sim.model import enforcement as law
from sim.model.codes import ACCOUNT_FREEZE, C_ENFORCEMENT, ENFORCED, SITE_BLOCK


def look_again(story: Story, first: int, last: int) -> None:
    """The rates at which exchanges first up to last are found out may have changed: reset those clocks."""
    for action, v in story.changed_clocks(first, last):
        watcher = story.watchers.get((action, v))
        if watcher is not None and watcher.is_alive:
            watcher.interrupt()
        elif story.state.cases.rate[action, v] > 0.0:
            story.watchers[action, v] = story.start(watch(story, action, v))


def watch(story: Story, action: int, v: int) -> Process:
    """Wait until venue v is found out; an interrupt says that the rate has changed."""
    while True:
        left = law.time_left(story.s, action, v)
        if math.isinf(left):
            return
        try:
            yield story.wait(left, DETECTION, 4 * v + action)
            break
        except simpy.Interrupt:
            continue
    agency = law.detect(story.w, story.s, action, v, story.arrive())
    story.write()
    story.start(case(story, action, v, agency))


def case(story: Story, action: int, v: int, agency: int) -> Process:
    """A case waits for an inspector, is worked on, and ends in the measure."""
    if agency < 0:
        close_case(story, action, v)
        return
    with story.inspectors[agency].request() as inspector:
        yield inspector
        began = story.now
        days = law.case_work(story.w, story.s, agency, action, v, began)
        story.write()
        mine = len(story.work)
        story.work.append((agency, began, math.inf))
        yield story.wait(days, CASE, 4 * v + action)
        story.work[mine] = (agency, began, story.now)
        close_case(story, action, v)


def close_case(story: Story, action: int, v: int) -> None:
    """The measure falls; a blocked site comes back under a new domain, frozen accounts are released."""
    state = story.state
    frozen = state.venues.frozen[v] > 0.0
    blocks = state.cases.blocks[v]
    hit = law.punish(story.w, story.s, action, v, story.arrive())
    story.write()
    if hit:
        story.start(exchanges.recover(story, v // 3, story.world.settings.recovery, C_ENFORCEMENT))
    if action == SITE_BLOCK and state.cases.blocks[v] > blocks:
        story.start(come_back(story, v))
    if action == ACCOUNT_FREEZE and state.venues.frozen[v] > 0.0 and not frozen:
        story.start(thaw(story, v))
    look_again(story, v // 3, v // 3 + 1)


def come_back(story: Story, v: int) -> Process:
    """A blocked venue comes back under a new domain."""
    yield story.wait(law.return_lag(story.w, story.s, v), DOMAIN, v)
    law.new_domain(story.w, story.s, v, story.arrive())
    story.write()
    look_again(story, v // 3, v // 3 + 1)


def thaw(story: Story, v: int) -> Process:
    """Frozen accounts are released after a while."""
    yield story.wait(story.world.settings.freeze, RELEASE, v)
    law.release(story.w, story.s, v, story.arrive())
    story.write()
    look_again(story, v // 3, v // 3 + 1)


def campaign(story: Story, intervention: int) -> Process:
    """Sites are blocked: those on the list first, then new ones as they are found."""
    n = 0
    while True:
        days = law.next_site(story.w, story.s, intervention, n)
        if math.isinf(days):
            return
        yield story.wait(days, CAMPAIGN, intervention)
        if story.state.force.strength[intervention, ENFORCED] <= 0.0:
            return
        v = law.block_site(story.w, story.s, intervention, story.arrive())
        story.write()
        if v >= 0:
            story.start(come_back(story, v))
            look_again(story, v // 3, v // 3 + 1)
        n += 1
