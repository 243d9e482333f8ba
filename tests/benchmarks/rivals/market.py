"""Demand of the small model in NumPy: for the rivals in Python that are helped by arrays.

Shares relax at the switching rate towards the logit split of the attractions. All arrays are over exchanges n,
segments K and modes; not trading is what remains.
"""

from __future__ import annotations

import numpy as np

from tests.benchmarks.rivals.parameters import DOMESTIC, Floats, Parameters, Step


class Market:
    """Traders, books, and the law that bears on both."""

    def __init__(self, p: Parameters, rng: np.random.Generator) -> None:
        n = p.exchanges
        self.p, self.now = p, 0.0
        brand = rng.normal(*p.brand, size=n)
        self.base = np.exp(brand[:, None, None] + p.taste)  # (n, K, 3)
        self.open = np.zeros((n, 3), dtype=bool)
        self.open[:, DOMESTIC] = True
        self.notice = np.ones((n, 3))
        self.liquidity = np.zeros((n, 3))
        self.hazard, self.risk = p.hazard.copy(), np.zeros(3)
        self.reach, self.felt = np.ones_like(p.taste), np.ones_like(p.taste)
        self.allowed = np.ones(3)  # 0 for a mode that is known to be forbidden
        self._feel()
        self.refresh()
        self.share = self.attraction / self.total[:, None]
        self.volume = self._volumes()
        self.mature = self.volume.copy()
        self.kept = self.volume.sum(axis=1)  # after the last decision

    def refresh(self) -> None:
        """Attractions of all venues."""
        quality = self.open * self.notice * np.exp(self.p.liquidity * self.liquidity)
        self.attraction = self.base * quality[:, None, :] * self.felt
        self.total = self.p.outside + self.attraction.sum(axis=(0, 2))

    def refresh_firm(self, f: int) -> None:
        """Attractions of one exchange's venues."""
        quality = self.open[f] * self.notice[f] * np.exp(self.p.liquidity * self.liquidity[f])
        attraction = self.base[f] * quality * self.felt
        self.total += (attraction - self.attraction[f]).sum(axis=1)
        self.attraction[f] = attraction

    def relax(self, now: float) -> None:
        """Let all shares relax until now; to be called before anything changes."""
        if now > self.now:
            self._turn_over(np.exp(-self.p.switching * (now - self.now)))
            self.now = now

    def _turn_over(self, stay: Floats) -> None:
        """All but a part (K,) of the traders choose anew."""
        self.share *= stay[:, None]
        self.share += self.attraction * ((1.0 - stay) / self.total)[:, None]

    def volume_of(self, f: int, now: float) -> float:
        """Volume of one exchange now; touches no other."""
        stay = np.exp(-self.p.switching * (now - self.now))
        share = self.share[f].sum(axis=1) * stay + self.attraction[f].sum(axis=1) * (1.0 - stay) / self.total
        return float(share @ self.p.volume)

    def depart(self, f: int, mode: int) -> None:
        """A departure wave: part of a venue's users choose anew at once."""
        leaving = self.p.wave * self.share[f, :, mode]
        self.share += self.attraction * (leaving / self.total)[:, None]
        self.share[f, :, mode] -= leaving

    def close(self, f: int, mode: int, now: float) -> None:
        """A venue closes; who is still there stops trading."""
        self.relax(now)
        self.open[f, mode] = False
        self.notice[f, mode] = 1.0
        self.volume[f, mode] = 0.0
        self.share[f, :, mode] = 0.0
        self.refresh_firm(f)

    def take(self, step: Step, now: float) -> None:
        """A step of an intervention: expectations and frictions move, then traders take note."""
        self.relax(now)
        self.hazard = self.hazard * step.hazard
        self.risk = self.risk + step.risk * step.modes
        self.reach = self.reach * step.reach
        if step.announces_end:
            self.allowed = self.allowed * ~step.modes
        self._feel()
        self.refresh()
        if step.attention > 0.0:
            self._turn_over(np.full(len(self.total), 1.0 - step.attention))

    def _feel(self) -> None:
        """What expectations and frictions amount to: factors on attraction (K, 3), chance of ruin and days to live."""
        self.felt = self.reach * np.exp(-np.outer(self.p.risk, self.risk))
        self.ruin = -np.expm1(-self.hazard * self.p.horizon)
        self.life = self.ruin / self.hazard

    def read(self, now: float) -> list[int]:
        """The weekly reading of the books; returns the exchanges that lost too much since they last decided."""
        self.relax(now)
        p = self.p
        self.volume = self._volumes()
        worth = (self.volume + p.floor * self.mature)[self.open] / ((1.0 + p.floor) * self.mature[self.open])
        self.liquidity[self.open] = np.log(worth)
        self.refresh()
        return np.flatnonzero(self.volume.sum(axis=1) < (1.0 - p.loss_trigger) * self.kept).tolist()

    def _volumes(self) -> Floats:
        return np.tensordot(self.share, self.p.volume, axes=(1, 0)) * self.open

    def by_mode(self, now: float) -> Floats:
        """(4,): shares of the traders at home by mode, and outside."""
        self.relax(now)
        shares = self.share[:, 0].sum(axis=0)
        return np.append(shares, 1.0 - shares.sum())
