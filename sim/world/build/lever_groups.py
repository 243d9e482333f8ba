"""Kinds of slot: which effects bear on which, worked out once for all runs."""

import math

import numpy as np

from sim.world.arrays import Bools, Exchanges, Floats, Interventions, Ints, Jurisdictions, LeverGroups, World
from sim.world.codes import DISGUISED, DOMESTIC, IS_FRICTION, OFFSHORE, OTC

_DEPENDS_ON = (
    ("offers",), ("unwelcome",), ("exchanges", "regions", "modes", "hosts", "effect_of", "lever"),
)  # fmt: skip
"""Arrays of exchanges, of jurisdictions and of interventions."""


def lever_groups_of(
    exchanges: Exchanges, jurisdictions: Jurisdictions, interventions: Interventions, like: World | None = None
) -> LeverGroups:
    """Kinds of slot of a scenario under a policy (order of rows: see `arrays.LeverGroups`).

    They are taken over from a world that is `like` it in all that they depend on.
    """
    if like is not None and _alike((exchanges, jurisdictions, interventions), like):
        return like.lever_groups
    first, kind = _kinds(exchanges, interventions)
    target = interventions.exchanges[:, first].T[:, None, None, :] & _postures(interventions)[None, None, :, :]
    regions = interventions.regions.T[None, :, None, :]
    shape = (len(first), interventions.regions.shape[1], target.shape[2], len(interventions.key))
    count = math.prod(shape[:3])
    bears = np.broadcast_to(target, shape).reshape(count, shape[3])
    binds = (target & regions).reshape(count, shape[3])
    friction = IS_FRICTION[interventions.lever]
    # A friction is scaled by the region's share of the traders; all else binds the exchanges in it.
    effects = np.where(friction, bears[:, interventions.effect_of], binds[:, interventions.effect_of])
    offered = np.broadcast_to(
        _offered(exchanges, jurisdictions, first)[:, None], (*shape[:3], exchanges.offers.shape[1])
    )
    offered = offered.reshape(count, offered.shape[3]).copy()
    return LeverGroups(kind, offered, *_lists(effects), *_lists(bears.T))


def _alike(parts: tuple[Exchanges, Jurisdictions, Interventions], world: World) -> bool:
    others = (world.exchanges, world.jurisdictions, world.interventions)
    return all(
        np.array_equal(getattr(part, name), getattr(other, name))
        for part, other, names in zip(parts, others, _DEPENDS_ON, strict=True)
        for name in names
    )


def _kinds(exchanges: Exchanges, interventions: Interventions) -> tuple[Ints, Ints]:
    """One exchange of each kind, and the kind of each exchange (F,)."""
    alike = np.concatenate((interventions.exchanges.T, exchanges.offers), axis=1)
    _, first, kind = np.unique(alike, axis=0, return_index=True, return_inverse=True)
    return first, kind.reshape(-1).astype(np.int64)


def _postures(interventions: Interventions) -> Bools:
    """(postures with hosts, I): whether an intervention includes such a slot; without a host it does."""
    everywhere = np.ones((1, len(interventions.key)), dtype=np.bool_)
    hosts = np.concatenate((everywhere, interventions.hosts.T))
    modes = interventions.modes.T
    return np.concatenate((
        modes[[DOMESTIC]], modes[[OTC]], modes[[OFFSHORE]] & hosts, modes[[DISGUISED]] & hosts,
    ))  # fmt: skip


def _offered(exchanges: Exchanges, jurisdictions: Jurisdictions, first: Ints) -> Floats:
    """(kinds, postures with hosts, Q): part of each product that a slot offers."""
    by_host = 1.0 - jurisdictions.unwelcome
    without = np.ones((1, by_host.shape[1]))
    welcome = np.concatenate((without, without, without, by_host, without, by_host))
    return np.asarray(exchanges.offers[first][:, None, :] * welcome[None])


def _lists(table: Bools) -> tuple[Ints, Ints]:
    """Where the entries of each row that are set begin, and which they are."""
    rows, columns = np.nonzero(table)
    counts = np.bincount(rows, minlength=len(table))
    return np.concatenate(([0], np.cumsum(counts))).astype(np.int64), columns.astype(np.int64)
