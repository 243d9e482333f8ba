"""Regulators: interventions come into force step by step, adaptive rules watch and act."""

from sim.engine.reference import agencies, exchanges
from sim.engine.reference.calendar import LEVER, RULE, Process
from sim.engine.reference.story import Story
from sim.model import interventions as law
from sim.model.codes import C_ANNOUNCED, C_EFFECTIVE, E_ANNOUNCED, E_ENFORCED
from sim.model.observe import watch_rule


def intervene(story: Story, i: int) -> Process:
    """Intervention i: each of its dates in turn."""
    orders = story.world.orders
    for n in range(int(orders.first[i]), int(orders.first[i + 1])):
        due = float(story.state.force.origin[i] + orders.step_time[n])
        if due < 0.0:
            continue
        yield story.wait(max(0.0, due - story.now), LEVER, n)
        take_step(story, n)


def take_step(story: Story, n: int) -> None:
    """Levers move, traders take note, deadlines fall, exchanges start to think."""
    w, s, world, orders = story.w, story.s, story.world, story.world.orders
    i, event = int(orders.step_of[n]), int(orders.step_event[n])
    now = story.arrive()
    law.apply_step(w, s, n, now)
    story.write()
    firms = len(world.firms.key)
    if law.is_deadline(w, n):
        hit = law.enforce_deadline(w, s, i, now)
        story.write()
        for loser in hit.nonzero()[0]:
            story.start(exchanges.recover(story, int(loser), world.settings.recovery, C_EFFECTIVE))
    agencies.look_again(story, 0, firms)
    if event == E_ENFORCED and orders.campaign[i, 0] > 0:
        story.start(agencies.campaign(story, i))
    if law.draws_reactions(w, n):
        cause = C_ANNOUNCED if event == E_ANNOUNCED else C_EFFECTIVE
        for f in range(firms):
            if law.concerned(w, s, i, f):
                story.start(exchanges.react(story, f, i, cause))


def rule(story: Story, a: int) -> Process:
    """An agency measures, and takes the next step of its ladder when the condition has held."""
    world, rules = story.world, story.world.rules
    yield story.wait(float(rules.starts[a]), RULE, a)
    while True:
        rung = int(story.state.watch.rung[a])
        fired = watch_rule(story.w, story.s, a, story.now)
        story.write()
        if fired:
            for i in range(len(world.orders.key)):
                if world.orders.rule[i] == a and world.orders.rung[i] == rung:
                    story.start(intervene(story, i))
        yield story.wait(float(rules.every[a]), RULE, a)
