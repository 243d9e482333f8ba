"""Whether a journal tells a possible story: a replay that knows only what each event needs and does."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import numpy as np

from sim.world import codes as c
from tests.kit import History, Line

CLOSES = {"closed", "closure", "host-closed"}
MEASURES = {"closure": "closure", "site-block": "site-blocked", "account-freeze": "account-frozen", "fine": "fined"}


@dataclass
class Venue:
    """What the journal has said about a venue so far."""

    open: bool = False
    building: bool = False
    winding: bool = False
    blocked: bool = False
    frozen: bool = False
    cases: set[int] = field(default_factory=set)
    started: set[int] = field(default_factory=set)
    applications: int = 0
    place: int = -1
    posture: int = -1


class Replay:
    """Reads a journal line by line; `wrong` lists what cannot be."""

    def __init__(self, run: History) -> None:
        self.run, self.wrong = run, list[str]()
        world, self.names = run.world, run.names.exchange_ids
        self.enters = {name for f, name in enumerate(self.names) if world.exchanges.enters[f] > 0.0}
        self.venues = {(name, m): Venue() for name in self.names for m in range(3)}
        for f, name in enumerate(self.names):
            for permit in np.flatnonzero(world.exchanges.licensed[f]):  # what it holds at the start can be taken back
                self.venues[name, min(int(permit), c.OFFSHORE)].applications += 1
            for m in range(3) if world.offices.holders[:, f].any() else ():
                self.venues[name, m].applications += 1
        self.strategy = {name: int(world.exchanges.strategy[f]) for f, name in enumerate(self.names)}
        self.left: set[str] = set()
        for name in set(self.names) - self.enters:
            self._open_legs(name)

    def _open_legs(self, name: str) -> None:
        for m in range(3):
            self.venues[name, m].open = c.STRATEGY_POSTURES[self.strategy[name]][m] >= 0

    def expect(self, line: Line, holds: bool, what: str) -> None:
        if not holds:
            self.wrong.append(f"day {line.day}: {line.event} of {line.subject} {line.mode}, but {what}")

    def read(self, line: Line) -> None:
        """One line."""
        if line.subject == "background" or line.event in c.EVENTS[:6] or line.event.startswith("rule-"):
            return
        if line.mode < 0:
            self.firm(line)
            return
        venue = self.venues[line.subject, line.mode]
        self.transition(line, venue)
        self.enforcement(line, venue)
        self.licence(line, venue)

    def firm(self, line: Line) -> None:
        who = line.subject
        returns = not math.isnan(self.run.world.settings.reopen)  # who has left goes on to decide
        self.expect(line, who not in self.left or returns, "it has exited")
        if line.event == "entered":
            self.expect(line, who in self.enters, "it was there already")
            self._open_legs(who)
        elif line.event == "decision":
            self.strategy[who] = int(line.value)
            if line.value != c.S_EXIT:
                self.left.discard(who)
            for m in range(3):
                if c.STRATEGY_POSTURES[int(line.value)][m] < 0:
                    self.venues[who, m].building = False
        elif line.event == "exited":
            self.left.add(who)

    def transition(self, line: Line, venue: Venue) -> None:
        event = line.event
        if event == "launch-started":
            posture = c.STRATEGY_POSTURES[self.strategy[line.subject]][line.mode]
            elsewhere = line.mode == c.OFFSHORE and (line.host, posture) != (venue.place, venue.posture)
            self.expect(line, not venue.building or elsewhere, "it is being built already")
            self.expect(line, not venue.open or line.mode == c.OFFSHORE, "it is open")
            self.expect(line, line.subject not in self.left, "the exchange has exited")
            venue.building, venue.place, venue.posture = True, line.host, posture
        elif event in ("launched", "relocation"):
            self.expect(line, venue.building, "nothing is being built")
            self.expect(line, venue.open is (event == "relocation"), "it is open, or not")
            venue.open, venue.building, venue.winding = True, False, False
        elif event == "wind-down":
            self.expect(line, venue.open and not venue.winding, "it is not open, or winding down already")
            venue.winding = True
        elif event == "departure-wave":
            told_to_leave = line.cause in self.run.names.interventions
            self.expect(line, venue.open and (venue.winding or told_to_leave), "it is not winding down")
        elif event in ("products-barred", "products-allowed"):
            self.expect(line, venue.open, "it is not open")
        elif event in CLOSES:
            self.expect(line, venue.open, "it is not open")
            venue.open = venue.winding = venue.blocked = venue.frozen = False

    def enforcement(self, line: Line, venue: Venue) -> None:
        event, action = line.event, int(line.value) % len(c.ACTIONS)  # a page that gave it away adds to the number
        if event == "detected":
            self.expect(line, venue.open, "it is not open")
            self.expect(line, action not in venue.cases, "it has an open case")
            venue.cases.add(action)
        elif event in ("case-opened", "case-started"):
            self.expect(line, action in venue.cases, "it was not detected")
            self.expect(line, action not in venue.started, "the case is being worked on")
            venue.started |= {action} if event == "case-started" else set()
        elif event == "case-dropped":
            self._close_case(line, venue, c.ACTIONS[action])
        elif event == "new-domain":
            self.expect(line, venue.open and venue.blocked, "it is not open, or not blocked")
            venue.blocked = False
        elif event == "site-unblocked":
            venue.blocked = False
        elif event == "site-blocked":
            self.expect(line, venue.open and not venue.blocked, "it is not open, or blocked already")
            venue.blocked = True
            venue.cases.discard(c.SITE_BLOCK)
            venue.started.discard(c.SITE_BLOCK)
        elif event in MEASURES.values():
            self._close_case(line, venue, next(name for name, told in MEASURES.items() if told == event))
        elif event == "account-released":
            self.expect(line, venue.frozen, "its accounts are not frozen")
            venue.frozen = False
        if event == "account-frozen":
            self.expect(line, venue.open and not venue.frozen, "it is not open, or frozen already")
            venue.frozen = True

    def _close_case(self, line: Line, venue: Venue, name: str) -> None:
        action = c.ACTIONS.index(name)
        self.expect(line, action in venue.cases, "it was not detected")
        venue.cases.discard(action)
        venue.started.discard(action)

    def licence(self, line: Line, venue: Venue) -> None:
        if line.event == "application":
            venue.applications += 1
        elif line.event in ("deemed", "licence-granted", "licence-refused", "application-withdrawn"):
            self.expect(line, venue.applications > 0, "it did not apply")


def impossible(run: History) -> list[str]:
    """What a run's journal tells that cannot be, alone or against the recorded states."""
    replay, wrong = Replay(run), []
    lines, place, now = run.lines, 0, 0.0
    for t, day in enumerate(run.result.times):
        while place < len(lines) and lines[place].day <= day:
            line = lines[place]
            if line.day < now:
                wrong.append(f"day {line.day}: {line.event} told after day {now}")
            now = max(now, line.day)
            replay.read(line)
            place += 1
        for (name, m), venue in replay.venues.items():
            status = c.STATUSES[run.result.frame.status[t, run.names.exchange_ids.index(name), m]]
            if venue.open is (status in ("closed", "building")):
                wrong.append(f"day {day}: {name} {m} is {status}, but the journal says open = {venue.open}")
            if venue.winding and status != "winding-down":
                venue.winding = False  # the closing was called off
    return [*replay.wrong, *wrong]
