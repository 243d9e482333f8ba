"""From an engine's arrays to labelled data."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

from sim.clock import dates_of
from sim.engine.result import Result
from sim.scenario.scenario import Scenario
from sim.schedule.levers import LEVERS
from sim.world import codes as c
from sim.world.arrays import Floats, World
from sim.world.build.names import Names

if TYPE_CHECKING:
    from xarray import Dataset

_BY_MODE = (c.L_PERMISSION, c.L_HAZARD)
_COMBINE: dict[str, Callable[[Floats | float, Floats], Floats]] = {
    "survival": lambda level, more: 1.0 - (1.0 - more) * (1.0 - level),
    "maximum": np.maximum,
    "sum": np.add,
    "product": np.multiply,
}


Variables: TypeAlias = dict[str, tuple[tuple[str, ...], Any, dict[str, Any]]]
"""By name: dimensions, values, attributes."""


def assemble(
    scenario: Scenario, world: World, names: Names, result: Result, policy: str, seed: int, replication: int
) -> Dataset:
    """Label what an engine handed over: the time series of a run."""
    from xarray import Dataset

    lever_names, level = lever_levels(world, names, result.frame.strength)
    series = {**_trade(scenario, world, result), **_exchanges(names, result), **_pressure(names, result, level)}
    attrs = {
        "Conventions": "CF-1.11", "title": f"{scenario.name}, policy {policy}, seed {seed}, replication {replication}",
        "scenario": scenario.name, "policy": policy, "seed": seed, "replication": replication,
        "focal": scenario.focal, "volume_unit": scenario.volume_unit,
    }  # fmt: skip
    return Dataset(series, coords=_coords(scenario, names, result, lever_names), attrs=attrs)


def _trade(scenario: Scenario, world: World, result: Result) -> Variables:
    """What is traded where."""
    frame, segments, venue = result.frame, world.segments, ("time", "exchange", "mode")
    volume = frame.segment_volume
    focal = volume * np.where(segments.measured, segments.real_part, 0.0)
    return {
        "share": (("time", "segment", "exchange", "mode"), frame.share, _unit("part of the segment", "1")),
        "outside": (("time", "segment"), frame.outside, _unit("part of the segment that does not trade", "1")),
        "volume": (venue, _venues(frame.share, volume), _unit("volume", scenario.volume_unit)),
        "focal_volume": (
            venue, _venues(frame.share, focal),
            _unit("real volume of focal segments, coin pairs left out", scenario.volume_unit),
        ),
        "segment_volume": (("time", "segment"), volume, _unit("volume if all traded", scenario.volume_unit)),
    }  # fmt: skip


def _exchanges(names: Names, result: Result) -> Variables:
    """What exchanges are and do, in codes."""
    frame, host_names = result.frame, ("none", *names.jurisdictions)
    coded = {
        "status": (frame.status, "state of the venue", flags(c.STATUSES)),
        "host": (frame.host, "jurisdiction of the venue abroad", flags(host_names, first=-1, dtype=np.int16)),
        "disguised": (frame.disguised, "offshore venue is a shell", flags(("no", "yes"))),
        "strategy": (frame.strategy, "strategy", flags(c.STRATEGIES)),
    }
    dims = ("time", "exchange", "mode")
    return {
        name: (dims[: codes.ndim], codes.astype(meanings["flag_values"].dtype), {"long_name": words} | meanings)
        for name, (codes, words, meanings) in coded.items()
    }


def _pressure(names: Names, result: Result, level: Floats) -> Variables:
    """What regulators do, and what exchanges and traders make of it."""
    frame, agencies = result.frame, len(names.agencies)
    waiting, served = np.split(result.queues, 2, axis=1)
    agency, office = ("time", "agency"), ("time", "office")
    return {
        "level": (("time", "lever"), level, _unit("level at its widest target", "1")),
        "strength": (("time", "intervention"), frame.strength.max(axis=2), _unit("part of full strength", "1")),
        "cases_waiting": (agency, waiting[:, :agencies], _unit("cases", "1")),
        "cases_open": (agency, served[:, :agencies], _unit("cases", "1")),
        "licences_waiting": (office, waiting[:, agencies:], _unit("applications", "1")),
        "licences_examined": (office, served[:, agencies:], _unit("applications under examination", "1")),
        "hazard": (("time", "posture"), frame.hazard, _unit("public belief of the hazard of being shut", "d-1")),
        "habit": (("time", "segment", "mode"), frame.habit, _unit("remembered share", "1")),
        "blocked_sites": (("time",), frame.sites, _unit("sites blocked so far", "1")),
        "agency_days": (agency, _agency_days(result, agencies), _unit("work done so far", "d")),
    }


def _coords(scenario: Scenario, names: Names, result: Result, levers: list[str]) -> dict[str, Any]:
    coords = {
        "time": ("time", dates_of(scenario.start, result.times), {"standard_name": "time", "long_name": "time"}),
        "day": ("time", result.times, _unit("time since the start", "d")), "segment": list(names.segments),
        "exchange": list(names.exchange_ids), "name": ("exchange", [member.name for member in names.exchanges]),
        "mode": list(c.MODES), "jurisdiction": list(names.jurisdictions), "lever": levers,
        "intervention": list(names.interventions), "agency": list(names.agencies), "office": list(names.offices),
        "posture": list(c.POSTURES),
    }  # fmt: skip
    return {name: _text(values) for name, values in coords.items()}


def _text(values: Any) -> Any:
    """Empty lists of names as text, which xarray would otherwise take for numbers."""
    return np.array([], dtype="<U1") if isinstance(values, list) and not values else values


def _unit(meaning: str, unit: str) -> dict[str, str]:
    return {"long_name": meaning, "units": unit}


def _venues(share: Floats, volume: Floats) -> Floats:
    """Volume by venue (T, F, 3) from shares (T, K, F, 3) and volumes (T, K)."""
    return np.asarray(np.einsum("tkfm,tk->tfm", share, volume))


def _agency_days(result: Result, agencies: int) -> Floats:
    """Inspector-days worked until each record, (T, G)."""
    days = np.zeros((len(result.times), agencies))
    for agency, began, ended in result.work:
        days[:, agency] += np.clip(result.times, began, ended) - began
    return days


def flags(names: tuple[str, ...], first: int = 0, dtype: type[np.integer[Any]] = np.int8) -> dict[str, Any]:
    """CF attributes that name the codes of a variable, from the first on."""
    codes = np.arange(first, first + len(names), dtype=dtype)
    return {"flag_values": codes, "flag_meanings": " ".join(names)}


def lever_levels(world: World, names: Names, strength: Floats) -> tuple[list[str], Floats]:
    """Names of the levers that the policy can move, and their levels (T, levers); `strength` is (T, I, 3).

    What only another jurisdiction does to its own venues is left out.
    """
    found: dict[str, Floats] = {}
    for e, lever in enumerate(world.interventions.lever):
        i, amount = world.interventions.effect_of[e], world.interventions.amount[e]
        if lever != c.L_ENTRY and not world.interventions.hosts[i].all():
            continue
        x = strength[:, i, c.PHASE[lever]]
        for name in _names(world, names, e):
            found[name] = _combined(lever, found.get(name), amount, x)
    return list(found), np.stack(list(found.values()), axis=1) if found else np.zeros((len(strength), 0))


def _names(world: World, names: Names, e: int) -> list[str]:
    """What an effect's lever is called: with its rail, channel or product, or by mode."""
    lever, i = int(world.interventions.lever[e]), world.interventions.effect_of[e]
    label = LEVERS[lever].name
    if lever in _BY_MODE:
        return [f"{label}:{mode}" for m, mode in enumerate(c.MODES) if world.interventions.modes[i, m]]
    if not c.IS_FRICTION[lever] or lever == c.L_ACCESS:
        return [label]
    columns = [*names.rails, "access", *names.channels, *names.products]
    return [f"{label}:{columns[world.interventions.column[e]]}"]


def _combined(lever: int, level: Floats | None, amount: float, strength: Floats) -> Floats:
    """Level of a lever (T,) with one effect more."""
    sort, rule = LEVERS[lever].sort, LEVERS[lever].rule
    if sort in ("permission", "flag"):
        strength = (strength > 0.0).astype(np.float64)
    more = np.asarray(1.0 + (amount - 1.0) * strength if sort == "factor" else amount * strength, dtype=np.float64)
    return _COMBINE[rule](c.NEUTRAL[lever] if level is None else level, more)
