"""What is to happen later: appointments that the model asks for and an engine keeps.

Ties in time are ordered by kind, then by subject, so that the order never depends on who asked first: within one
instant levers move first, and the record is taken last.
"""

from sim.kernels.compile import inlined
from sim.model.state import State
from sim.world.arrays import World

# Kinds of appointment in the order in which they fall within an instant, and what they carry.
STEP = 0  # n: step n of an intervention
CAMPAIGN = 1  # intervention, n: its n-th site
CLOSE = 2  # venue: its wind-down ends
ENTRY = 3  # exchange
LAUNCH = 4  # venue: its lead time ends
LICENCE = 5  # venue, office: the decision is published
PATIENCE = 6  # venue, office: the applicant gives up
CASE = 7  # action, venue, agency: the work is done
DETECTION = 8  # action, venue, stamp
DOMAIN = 9  # venue: back under a new domain
RELEASE = 10  # venue: frozen accounts are released
DECISION = 11  # exchange, cause, index
REVIEW = 12  # exchange, n: its n-th review
TICK = 13  # day
RULE = 14  # rule
RECORD = 15  # n
# These two are not dates but requests to queue now.
APPLICATION = 16  # venue, office
CASE_OPENED = 17  # action, venue, agency

_SUBJECTS = 1 << 44


@inlined
def schedule_event(state: State, delay: float, kind: int, a: int, b: int, c: int) -> None:
    """Ask the engine for an appointment `delay` days from now."""
    requests = state.requests
    n = requests.used[0]
    row = requests.rows[n]
    row[0], row[1], row[2], row[3] = kind, a, b, c
    requests.delay[n] = delay
    requests.used[0] = n + 1


@inlined
def rank(world: World, kind: int, a: int, b: int, c: int) -> int:
    """Place of an appointment among those of the same instant."""
    subject = a
    if kind in (CASE, DETECTION):
        subject = 4 * b + a
    elif kind in (LICENCE, PATIENCE):
        subject = a * len(world.offices.approval) + b
    elif kind == DECISION:
        subject = (a * 16 + b) * (len(world.interventions.key) + 1) + c + 1
    return kind * _SUBJECTS + subject
