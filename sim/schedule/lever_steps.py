"""The dates on which an intervention changes: announcement, effect, enforcement, ramp, deadline, end."""

from collections.abc import Iterator

from sim.schedule.schedule import ScheduledIntervention, Step

RAMP_STEPS = 8
"""Ramps and fades are piecewise constant: this many equal steps, the first at once."""

_ORDER = {"announced": 0, "effective": 1, "enforced": 2, "ramp-step": 3, "deadline": 4, "lifted": 5}


def steps(item: ScheduledIntervention) -> tuple[Step, ...]:
    """All steps of an intervention in order of time, then announced before effective before enforced.

    An intervention that is lifted before it begins has no effect; a ramp that is cut short falls from the strength that
    it had reached.
    """
    beforehand = item.announced < item.effective
    later = item.attention if beforehand else 0.0
    # Expectations rise at once unless the effect itself is the news.
    rises = {
        "announced": _ramp("announced", item.announced, 0.0 if beforehand else item.ramp, item.attention),
        "effective": _ramp("effective", item.effective, item.ramp, later, item.leave),
        "enforced": _ramp("enforced", item.enforced, item.ramp, 0.0),
    }
    all_steps = [step for phase, rise in rises.items() for step in _with_fall(item, phase, tuple(rise))]
    if item.deadline is not None:
        all_steps.append(Step(item.deadline, "deadline", "", 1.0))
    return tuple(sorted(all_steps, key=lambda step: (step.day, _ORDER[step.event])))


def _ramp(phase: str, day: float, ramp: float, attention: float, leave: float = 0.0) -> Iterator[Step]:
    count = RAMP_STEPS if ramp > 0 else 1
    yield Step(day, phase, phase, 1 / count, attention, leave)
    for n in range(1, count):
        yield Step(day + ramp * n / count, "ramp-step", phase, (n + 1) / count)


def _with_fall(item: ScheduledIntervention, phase: str, rise: tuple[Step, ...]) -> Iterator[Step]:
    """A phase's rise as far as it comes, and its fall: at `until`, or after full strength if only a fade is given."""
    if item.until is not None:
        rise = tuple(step for step in rise if step.day < item.until)
    yield from rise
    if not rise or (item.until is None and item.fade <= 0):
        return
    end = item.effective + item.ramp if item.until is None else item.until
    count = RAMP_STEPS if item.fade > 0 else 1
    for n in range(count):
        event = "lifted" if n == 0 and phase == "announced" else "ramp-step"
        yield Step(end + item.fade * n / count, event, phase, rise[-1].strength * (1.0 - (n + 1) / count))
