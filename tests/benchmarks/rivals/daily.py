"""What an exchange has before it, for the rivals that go from day to day.

A thing is done on the day nearest to its time, so that on average nothing comes early or late. Times themselves are not
rounded.
"""

from __future__ import annotations

from tests.benchmarks.rivals.firm import Firm, Plan

HALF = 0.5


class Diary:
    """What one exchange has before it."""

    def __init__(self, firm: Firm) -> None:
        self.firm = firm
        self.launches: list[tuple[float, int]] = []
        self.thoughts: list[float] = []
        self.review = firm.rng.exponential(firm.p.review)

    def think_after(self, day: float, lag: float) -> None:
        """Think so many days from now."""
        self.thoughts.append(day + lag)

    def think(self, day: float, review: bool = False) -> None:
        """Think now."""
        self._begin(self.firm.think(day, review), day)

    def _begin(self, plan: Plan, day: float) -> None:
        self.launches += [(day + days, mode) for mode, days in plan.launches]

    def live(self, day: float) -> None:
        """Do what falls due today."""
        firm, due = self.firm, day + HALF
        if self.launches and min(self.launches)[0] < due:
            ready = [mode for when, mode in self.launches if when < due]
            self.launches = [entry for entry in self.launches if entry[0] >= due]
            put_off = [firm.open_venue(mode, day) for mode in ready]
            if any(put_off):
                self.think(day)
        for mode, when in enumerate(firm.closing):
            if when < due:
                firm.close_venue(mode, day)
        if self.thoughts and min(self.thoughts) < due:
            ripe = sum(when < due for when in self.thoughts)
            self.thoughts = [when for when in self.thoughts if when >= due]
            for _ in range(ripe):
                self.think(day)
        while self.review < due and not firm.exited:
            self.think(day, review=True)
            self.review += firm.rng.exponential(firm.p.review)
