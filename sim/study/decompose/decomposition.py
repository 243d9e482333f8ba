"""The decomposition of an effect: each intervention by itself, their joint effect, and the effect of their sequence.

In every replication, and so in the means,

    total = v(all) - v(none) = Σ_i share_i,          share_i = single_i + interaction_i      (Shapley values)
    total = Σ_i single_i + together + order,         order = v(all) - mean over orders of v(all)

where `single_i` = v({i}) - v(none), `last_i` = v(all) - v(all but i), and `together` is the joint effect of the
interventions, averaged over orders. Without other orders to compare with, `order` is absent and
together = Σ_i interaction_i. All are paired differences within replications, with common random numbers.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sim.study.decompose import shapley as game
from sim.study.statistics.confidence_intervals import Array, Estimate, estimate

if TYPE_CHECKING:
    import pandas as pd

PER_INTERVENTION = ("share", "single", "interaction", "last")
"""The components of a `Decomposition` that each intervention has."""


@dataclass(frozen=True)
class Decomposition:
    """The components of a total effect, each a mean with its interval; per intervention in the order of `names`.

    `interactions` holds the Shapley interaction index of each pair of names. `single`, `interaction`, `last` and
    `interactions` are empty, and `together` and `order` None, if the runs for them were not made. `residual` is the
    largest distance between the total and the sum of shares in any replication: rounding.
    """

    names: tuple[str, ...]
    total: Estimate
    share: tuple[Estimate, ...]
    single: tuple[Estimate, ...]
    interaction: tuple[Estimate, ...]
    last: tuple[Estimate, ...]
    interactions: tuple[tuple[str, str, Estimate], ...]
    together: Estimate | None
    order: Estimate | None
    residual: float

    def table(self) -> pd.DataFrame:
        """One row per component and what it belongs to, with mean, low, high and n."""
        import pandas as pd

        rows: list[tuple[str, str, Estimate]] = [("total", "all", self.total)]
        for component in PER_INTERVENTION:
            rows += [(component, name, e) for name, e in zip(self.names, getattr(self, component), strict=False)]
        rows += [("pair", f"{a} and {b}", e) for a, b, e in self.interactions]
        rows += [(name, "all", e) for name, e in (("together", self.together), ("order", self.order)) if e is not None]
        index = pd.MultiIndex.from_tuples([(component, of) for component, of, _ in rows], names=["part", "of"])
        return pd.DataFrame([(e.mean, e.low, e.high, e.n) for _, _, e in rows], index, ["mean", "low", "high", "n"])


def decompose_sets(
    values: ArrayLike, names: Sequence[str], orders: ArrayLike | None = None, confidence: float = 0.95
) -> Decomposition:
    """The effect of m interventions from runs of all their sets.

    values (n, 2**m): the measure, where bit i of the column says whether intervention i is in force. orders (n, k):
    the measure with all in force, in every order, or in k random orders drawn anew in every replication. A
    replication with NaN anywhere is left out. Raises ValueError for shapes that do not fit.
    """
    v = np.asarray(values, dtype=np.float64)
    _check_names(names, game.players(v))
    o = v[:, -1:] if orders is None else np.asarray(orders, dtype=np.float64)
    if o.ndim != 2 or len(o) != len(v) or o.shape[1] == 0:
        raise ValueError(f"orders (n, k) need the n = {len(v)} replications of the values, got shape {o.shape}")
    defined = ~(np.isnan(v).any(axis=1) | np.isnan(o).any(axis=1))
    v, o = v[defined], o[defined]
    share, single = game.shapley(v), game.alone(v)
    total = v[:, -1] - v[:, 0]
    order = v[:, -1] - o.mean(axis=1)
    estimates, pair_index = _Estimates(confidence, int((~defined).sum())), game.interactions(v)
    return Decomposition(
        tuple(names),
        estimates.of(total),
        estimates.each(share),
        estimates.each(single),
        estimates.each(share - single),
        estimates.each(game.last(v)),
        tuple((names[j], names[i], estimates.of(pair_index[:, i, j])) for i in range(len(names)) for j in range(i)),
        estimates.of(total - single.sum(axis=1) - order),
        None if orders is None else estimates.of(order),
        _residual(total, share),
    )


def decompose_sampled(
    orders: NDArray[np.int64], values: ArrayLike, names: Sequence[str], confidence: float = 0.95
) -> Decomposition:
    """The shares of many interventions from random orders of adding them, as of `shapley.walks`.

    orders (n, p, m); values (n, p, m + 1): the measure along each order, from none to all (`shapley.steps`). Shares
    still sum to the total in each replication. A replication with NaN anywhere is left out.
    """
    v = np.asarray(values, dtype=np.float64)
    share = game.sampled(orders, v)
    _check_names(names, share.shape[1])
    defined = ~np.isnan(v).any(axis=(1, 2))
    v, share = v[defined], share[defined]
    total = v[:, 0, -1] - v[:, 0, 0]
    estimates = _Estimates(confidence, int((~defined).sum()))
    return Decomposition(
        tuple(names), estimates.of(total), estimates.each(share), (), (), (), (), None, None, _residual(total, share)
    )


@dataclass(frozen=True)
class _Estimates:
    """Makes the estimates of one decomposition, which have the same confidence and the same replications left out."""

    confidence: float
    undefined: int

    def of(self, x: Array) -> Estimate:
        """The mean of a component over replications, `x` (n,)."""
        return replace(estimate(x, self.confidence), undefined=self.undefined)

    def each(self, x: Array) -> tuple[Estimate, ...]:
        """The mean of a component of each intervention, `x` (n, m)."""
        return tuple(self.of(column) for column in x.T)


def _residual(total: Array, share: Array) -> float:
    return float(np.abs(total - share.sum(axis=1)).max(initial=0.0))


def _check_names(names: Sequence[str], m: int) -> None:
    if len(names) != m or len(set(names)) != m:
        raise ValueError(f"{m} different names of interventions are needed, got {list(names)}")
