"""Licensing offices: applicants queue, give up, are examined, and are told."""

from sim.engine.reference import exchanges
from sim.engine.reference.calendar import LICENCE, PATIENCE, Process
from sim.engine.reference.story import Story
from sim.model import licensing
from sim.model.adopt import launch, ready
from sim.model.codes import C_LICENCE


def application(story: Story, v: int, office: int) -> Process:
    """Venue v applies to an office and waits for an officer as long as it has patience."""
    subject = v * len(story.officers) + office
    patience = licensing.apply(story.w, story.s, v, office, story.arrive())
    story.write()
    officer = story.officers[office].request()
    gave_up = story.wait_if_ever(patience, PATIENCE, subject)
    yield officer | gave_up
    if not officer.triggered:
        officer.cancel()
        licensing.withdraw(story.s, v, office, story.arrive())
        hear(story, v)
        return
    days = licensing.examination(story.w, story.s, v, office, story.now)
    yield story.wait_if_ever(days, LICENCE, subject)
    think_again = licensing.rule_on(story.w, story.s, v, office, story.arrive())
    story.officers[office].release(officer)
    if think_again:
        hear(story, v)


def hear(story: Story, v: int) -> None:
    """The exchange learns the outcome: a venue that waited for the licence opens, and the strategy is reconsidered."""
    story.state.traits.licence_events[v // 3] += 1
    if ready(story.w, story.s, v) and story.state.traits.launching[v // 3] == 0:
        launch(story.w, story.s, v, story.now)
    exchanges.after_launch(story, v)
    story.start(exchanges.recover(story, v // 3, story.world.settings.recovery, C_LICENCE))
