"""From an engine's arrays to a labelled run."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.clock import dates_of
from sim.engine.result import Result
from sim.results.columns import flags
from sim.results.journal_tables import decisions_table, journal_table, options_table
from sim.results.lever_levels import levels
from sim.scenario.scenario import Scenario
from sim.world import codes as c
from sim.world.arrays import Floats, World
from sim.world.build.names import Names

if TYPE_CHECKING:
    from xarray import Dataset

    from sim.results.run import Run


def assemble(
    scenario: Scenario, world: World, names: Names, result: Result, policy: str, seed: int, replication: int,
    until: datetime | None,
    engine: str,
) -> Run:  # fmt: skip
    """Label what an engine handed over."""
    from sim.results.run import Run

    return Run(
        scenario=scenario,
        policy=policy,
        seed=seed,
        replication=replication,
        until=None if until is None else until.date(),
        data=_dataset(scenario, world, names, result, policy, seed, replication),
        journal=journal_table(scenario.start, names, result),
        decisions=decisions_table(scenario.start, names, result),
        options=options_table(result),
        engine=engine,
    )


def _dataset(
    scenario: Scenario, world: World, names: Names, result: Result, policy: str, seed: int, replication: int
) -> Dataset:
    from xarray import Dataset

    frame, segments = result.frame, world.segments
    volume = frame.segment_volume
    focal = volume * np.where(segments.focal, segments.real_part, 0.0)
    lever_names, level = levels(world, names, frame.strength)
    agencies = len(names.agencies)
    waiting, served = np.split(result.queues, 2, axis=1)
    series: dict[str, tuple[tuple[str, ...], Any, dict[str, Any]]] = {
        "share": (("time", "segment", "exchange", "mode"), frame.share, _unit("part of the segment", "1")),
        "outside": (("time", "segment"), frame.outside, _unit("part of the segment that does not trade", "1")),
        "volume": (("time", "exchange", "mode"), _venues(frame.share, volume), _unit("volume", scenario.volume_unit)),
        "focal_volume": (
            ("time", "exchange", "mode"), _venues(frame.share, focal),
            _unit("real volume of focal segments", scenario.volume_unit),
        ),
        "segment_volume": (("time", "segment"), volume, _unit("volume if all traded", scenario.volume_unit)),
        "status": (("time", "exchange", "mode"), frame.status.astype(np.int8), flags(c.STATUSES)),
        "host": (("time", "exchange"), frame.host.astype(np.int16), _unit("index of jurisdiction, -1 none", "1")),
        "disguised": (("time", "exchange"), frame.disguised.astype(np.int8), _unit("offshore venue is a shell", "1")),
        "strategy": (("time", "exchange"), frame.strategy.astype(np.int8), flags(c.STRATEGIES)),
        "level": (("time", "lever"), level, _unit("level at its widest target", "1")),
        "strength": (("time", "intervention"), frame.strength.max(axis=2), _unit("part of full strength", "1")),
        "cases_waiting": (("time", "agency"), waiting[:, :agencies], _unit("cases", "1")),
        "cases_open": (("time", "agency"), served[:, :agencies], _unit("cases", "1")),
        "licences_waiting": (("time", "office"), waiting[:, agencies:], _unit("applications", "1")),
        "licences_examined": (
            ("time", "office"), served[:, agencies:], _unit("applications under examination", "1"),
        ),
        "hazard": (("time", "posture"), frame.hazard, _unit("public belief of the hazard of being shut", "d-1")),
        "habit": (("time", "segment", "mode"), frame.habit, _unit("remembered share", "1")),
        "blocked_sites": (("time",), frame.sites, _unit("sites blocked so far", "1")),
        "agency_days": (("time", "agency"), _agency_days(result, agencies), _unit("work done so far", "d")),
    }  # fmt: skip
    coords = {
        "time": dates_of(scenario.start, result.times), "day": ("time", result.times), "segment": list(names.segments),
        "exchange": list(names.exchange_ids), "name": ("exchange", [member.name for member in names.exchanges]),
        "mode": list(c.MODES), "jurisdiction": list(names.jurisdictions), "lever": lever_names,
        "intervention": list(names.interventions), "agency": list(names.agencies), "office": list(names.offices),
        "posture": list(c.POSTURES),
    }  # fmt: skip
    attrs = {
        "scenario": scenario.name, "policy": policy, "seed": seed, "replication": replication,
        "focal": scenario.focal, "volume_unit": scenario.volume_unit,
    }  # fmt: skip
    return Dataset(series, coords={name: _text(values) for name, values in coords.items()}, attrs=attrs)


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
