"""What is to happen later: events that the model schedules and an engine keeps.

Ties in time are ordered by kind, then by subject, so that the order never depends on who scheduled first: within one
instant all levers of all interventions move first, and the record is taken last.
"""

from typing import NamedTuple

from sim.kernels.compile import inlined
from sim.model.state import State
from sim.world.arrays import World
from sim.world.codes import ACTIONS, CAUSES


class EventKind(NamedTuple):
    """A kind of event: what it carries, and by which of that events of the same instant are ordered."""

    carries: tuple[str, ...]
    subject: tuple[str, ...]


EVENT_KINDS: list[EventKind] = []
"""The kinds in the order in which they happen within an instant; the number of a kind is its place."""


def _kind(*carries: str, subject: tuple[str, ...] = ()) -> int:
    """Enter a kind into the table; its number. The subject is the first thing that it carries if nothing is said."""
    EVENT_KINDS.append(EventKind(carries, subject or carries[:1]))
    return len(EVENT_KINDS) - 1


STEP = _kind("step")  # levers of an intervention move
DEADLINE = _kind("intervention")  # what it forbids ends
NEWS = _kind("step")  # traders and exchanges reconsider
CAMPAIGN = _kind("intervention", "site")  # a campaign takes its next site
CLOSE = _kind("venue")  # its wind-down ends
NOTICE = _kind("venue")  # its end, decided before, is announced
ENTRY = _kind("exchange")
LAUNCH = _kind("venue")  # its lead time ends
CHOICE = _kind("venue")  # users who waited for its end choose anew
EXAMINED = _kind("venue", "office", subject=("venue", "office"))  # the examination ends
LICENCE = _kind("venue", "office", subject=("venue", "office"))  # the decision is published
PATIENCE = _kind("venue", "office", subject=("venue", "office"))  # the applicant gives up
PRESSURE = _kind("venue", "first", subject=("venue", "first"))  # an applicant looks for the first time, or gives up
CASE = _kind("action", "venue", "agency", subject=("venue", "action"))  # the work on it is done
DETECTION = _kind("action", "venue", "version", subject=("venue", "action"))
DOMAIN = _kind("venue", "block")  # a blocked site is back
RELEASE = _kind("venue", "detection")  # frozen accounts are released
DECISION = _kind("exchange", "cause", "index", subject=("exchange", "cause", "index"))
REVIEW = _kind("exchange", "review")
TICK = _kind("day")
RULE = _kind("rule")
RECORD = _kind("record")
# These are no dates but requests to join a queue, or to leave it, now.
APPLICATION = _kind("venue", "office")
WITHDRAWAL = _kind("venue", "office")
CASE_OPENED = _kind("action", "venue", "agency")

_SUBJECTS = 1 << 44


@inlined
def schedule_event(state: State, delay: float, kind: int, a: int, b: int, c: int) -> None:
    """Schedule an event `delay` days from now, which carries a, b and c."""
    requests = state.requests
    n = requests.used[0]
    row = requests.rows[n]
    row[0], row[1], row[2], row[3] = kind, a, b, c
    requests.delay[n] = delay
    requests.used[0] = n + 1


_ACTIONS = len(ACTIONS)
_CAUSES = 16
_INDICES = 1 << 20  # of interventions, or days
assert len(CAUSES) <= _CAUSES, f"ties of decisions are ordered by {_CAUSES} causes at most, there are {len(CAUSES)}"


@inlined
def rank(world: World, kind: int, a: int, b: int, c: int) -> int:
    """Place of an event among those of the same instant: by kind, then by subject."""
    subject = a
    if kind in (CASE, DETECTION):
        subject = b * _ACTIONS + a
    elif kind in (EXAMINED, LICENCE, PATIENCE):
        subject = a * len(world.offices.approval) + b
    elif kind == PRESSURE:
        subject = 2 * a + b
    elif kind == DECISION:
        subject = (a * _CAUSES + b) * _INDICES + c + 1
    return kind * _SUBJECTS + subject
