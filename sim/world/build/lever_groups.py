"""Kinds of slot: which effects bear on which, worked out once for all runs."""

import math

import numpy as np

from sim.world.arrays import Bools, Firms, Floats, Ints, Orders, Places, Slots
from sim.world.codes import DISGUISED, DOMESTIC, L_SERVICE, OFFSHORE, OTC


def slots_of(firms: Firms, places: Places, orders: Orders) -> Slots:
    """Kinds of slot of a scenario under a policy (order of rows: see `world.Slots`)."""
    first, kind = _kinds(firms, orders)
    target = orders.firms[:, first].T[:, None, None, :] & _postures(orders)[None, None, :, :]
    there = orders.regions.T[None, :, None, :]
    shape = (len(first), orders.regions.shape[1], target.shape[2], len(orders.key))
    count = math.prod(shape[:3])
    bears = np.broadcast_to(target, shape).reshape(count, shape[3])
    binds = (target & there).reshape(count, shape[3])
    friction = orders.lever <= L_SERVICE
    # A friction is scaled by the region's share of the traders; all else binds the exchanges there.
    effects = np.where(friction, bears[:, orders.of], binds[:, orders.of])
    offered = np.broadcast_to(_offered(firms, places, first)[:, None], (*shape[:3], firms.offers.shape[1]))
    return Slots(kind, offered.reshape(count, offered.shape[3]).copy(), *_lists(effects), *_lists(bears.T))


def _kinds(firms: Firms, orders: Orders) -> tuple[Ints, Ints]:
    """One exchange of each kind, and the kind of each exchange (F,)."""
    alike = np.concatenate((orders.firms.T, firms.offers), axis=1)
    _, first, kind = np.unique(alike, axis=0, return_index=True, return_inverse=True)
    return first, kind.reshape(-1).astype(np.int64)


def _postures(orders: Orders) -> Bools:
    """(postures with hosts, I): whether an intervention means a slot there; without a host it does."""
    everywhere = np.ones((1, len(orders.key)), dtype=np.bool_)
    hosts = np.concatenate((everywhere, orders.hosts.T))
    modes = orders.modes.T
    return np.concatenate((
        modes[[DOMESTIC]], modes[[OTC]], modes[[OFFSHORE]] & hosts, modes[[DISGUISED]] & hosts,
    ))  # fmt: skip


def _offered(firms: Firms, places: Places, first: Ints) -> Floats:
    """(kinds, postures with hosts, Q): part of each product that a slot offers."""
    welcome = 1.0 - places.unwelcome
    anywhere = np.ones((1, welcome.shape[1]))
    there = np.concatenate((anywhere, anywhere, anywhere, welcome, anywhere, welcome))
    return np.asarray(firms.offers[first][:, None, :] * there[None])


def _lists(table: Bools) -> tuple[Ints, Ints]:
    """Where the entries of each row that are set begin, and which they are."""
    rows, columns = np.nonzero(table)
    counts = np.bincount(rows, minlength=len(table))
    return np.concatenate(([0], np.cumsum(counts))).astype(np.int64), columns.astype(np.int64)
