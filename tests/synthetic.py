"""A small made-up run with the layout of a real one, for tests of what only reads runs.

The story: a closure order is announced after a third of the time, takes effect five days later and ends at a
deadline; a payment block and a site block follow. The first exchanges take the paths of `PATHS` in turn, the
last one is latent and enters with an OTC desk. Numbers are plausible, not the model's.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr

from sim.results.assemble import flags
from sim.results.journal_tables import DECISIONS, JOURNAL, OPTIONS, table
from sim.results.run import Run
from sim.scenario.scenario import Scenario
from sim.world.codes import MODES, POSTURES, STATUSES, STRATEGIES

START = np.datetime64("2017-06-01", "s")
PLACES = ("mainland-china", "singapore", "japan", "malta")
SEGMENTS = ("cn-active", "cn-retail", "cn-bots", "world")
DEMAND = (40e3, 30e3, 100e3, 200e3)
"""What each segment would trade per day."""
AGENCIES = ("rectification-office", "cyber-office")
LEVERS = (
    "permission:domestic", "permission:otc", "permission:offshore", "payment:alipay", "access", "claim",
    "fee", "media:wechat", "service:withdrawals", "hazard:domestic", "hazard:otc", "detection", "staffing",
)  # fmt: skip
PATHS = ("hybrid", "offshore", "disguised+otc", "exit", "otc", "disguised")
ORDERS = (("closure-order", 0.0, 5.0), ("payment-block", 15.0, 20.0), ("site-block", 25.0, 30.0))
"""Interventions: id, days from the first announcement to its announcement, and to its effect."""
TARGETS = {
    "exit": (0.0, 0.0, 0.0), "otc": (0.0, 0.2, 0.0), "offshore": (0.0, 0.0, 0.35), "hybrid": (0.0, 0.15, 0.3),
    "disguised": (0.0, 0.0, 0.25), "disguised+otc": (0.0, 0.15, 0.2),
}  # fmt: skip
"""Part of an exchange's first attraction that each mode keeps under a strategy."""


@dataclass(frozen=True)
class _Plan:
    """When things happen, in days, and what each exchange ends with."""

    days: int
    names: tuple[str, ...]
    final: tuple[str, ...]
    sizes: np.ndarray
    announced: float
    closes: np.ndarray
    launches: np.ndarray


def synthetic_run(days: int = 120, exchanges: int = 6, seed: int = 1) -> Run:
    """A run of `days` (at least 30) daily records and `exchanges` (at least 2); same arguments, same run."""
    plan, rng = _plan(days, exchanges, np.random.default_rng(seed)), np.random.default_rng(seed + 1)
    decisions, options = _decisions(plan, rng)
    data = _dataset(plan).assign_attrs(
        scenario="synthetic", policy="baseline", seed=seed, replication=0, focal=PLACES[0], volume_unit="BTC/d"
    )
    return Run(_scenario(plan), "baseline", seed, 0, None, data, _journal(plan), decisions, options)


def _plan(days: int, exchanges: int, rng: np.random.Generator) -> _Plan:
    announced = float(days // 3)
    final = (*(PATHS[i % len(PATHS)] for i in range(exchanges - 1)), "otc")
    sizes = rng.dirichlet(np.full(exchanges - 1, 0.8))
    closes = np.ceil(announced + 5 + rng.uniform(0.1, 0.3, exchanges) * days)
    launches = np.ceil(announced + rng.uniform(0.1, 0.35, exchanges) * days)
    names = tuple(f"exchange-{i + 1:02d}" for i in range(exchanges))
    return _Plan(days, names, final, np.append(np.sort(sizes)[::-1], sizes.mean()), announced, closes, launches)


def _scenario(plan: _Plan) -> Scenario:
    """A scenario of which this could be a run."""
    names = zip(PLACES, ("Mainland China", "Singapore", "Japan", "Malta"), strict=True)
    taste = {"domestic": 0.0, "otc": -1.0, "offshore": -1.0}
    homes = zip(SEGMENTS, DEMAND, (PLACES[0], PLACES[0], PLACES[0], "singapore"), (1.0, 1.0, 0.0, 1.0), strict=True)
    return Scenario.model_validate({
        "schema": 1, "name": "synthetic", "description": "A made-up run.", "focal": PLACES[0],
        "start": _date(0.0), "end": _date(plan.days - 1.0),
        "jurisdictions": [{"id": id_, "name": name} for id_, name in names],
        "agencies": [{"id": agency, "service": "10 d"} for agency in AGENCIES],
        "offices": [{"id": "licensing-office", "service": "10 d"}],
        "segments": [
            {"id": id_, "home": home, "volume": volume, "real_part": real, "switching": "0.2 /d",
             "outside": 0.4, "taste": taste}
            for id_, volume, home, real in homes
        ],
        "exchanges": [
            {"id": id_, "name": id_.title().replace("-", " "), "home": PLACES[0], "share": float(size),
             "strategy": "latent" if id_ == plan.names[-1] else "domestic"}
            for id_, size in zip(plan.names, plan.sizes, strict=True)
        ],
        "policies": {"baseline": {"interventions": [_order(plan, *order) for order in ORDERS]}},
    })  # fmt: skip


def _order(plan: _Plan, name: str, announced: float, effective: float) -> dict[str, Any]:
    dates = {"announced": _date(plan.announced + announced), "effective": _date(plan.announced + effective)}
    return {"id": name, "kind": name, "by": AGENCIES[0]} | dates


def _date(day: float) -> Any:
    return (START + np.timedelta64(int(day * 86400), "s")).item()


def _dataset(plan: _Plan) -> xr.Dataset:
    day = np.arange(plan.days, dtype=float)
    share, outside, status = _shares(plan, day)
    turnover = _turnover(plan, day)
    volume = share * turnover[:, :, None, None]
    every = ("time", "exchange", "mode")
    fields: dict[str, Any] = {
        "share": (("time", "segment", "exchange", "mode"), share),
        "outside": (("time", "segment"), outside),
        "volume": (every, volume.sum(axis=1)),
        "focal_volume": (every, volume[:, :2].sum(axis=1)),
        "segment_volume": (("time", "segment"), turnover),
        "status": (every, status, flags(STATUSES)),
        "seen": (every, np.ones(status.shape), {"units": "1"}),
    }
    fields |= _firms(plan, day) | _levers(plan, day) | _authorities(plan, day) | _minds(plan, day, share)
    return xr.Dataset(fields, _coordinates(plan, day))


def _coordinates(plan: _Plan, day: np.ndarray) -> dict[str, Any]:
    names = {
        "segment": SEGMENTS, "exchange": plan.names, "mode": MODES, "jurisdiction": PLACES, "lever": LEVERS,
        "intervention": tuple(order[0] for order in ORDERS), "office": ("licensing-office",),
        "agency": AGENCIES, "posture": POSTURES,
    }  # fmt: skip
    time = START + (day * 86400).astype("timedelta64[s]")
    called = ("exchange", [id_.title() for id_ in plan.names])
    labels = {key: list(ids) for key, ids in names.items()}
    return {"time": time, "day": ("time", day, {"units": "days"}), "name": called} | labels


def _turnover(plan: _Plan, day: np.ndarray) -> np.ndarray:
    """Volume that each segment would trade, with a pulse of activity at the announcement, (time, segment)."""
    pulse = np.where(day >= plan.announced, 2.0 * np.exp(-(day - plan.announced) / 5.0), 0.0)
    return np.array(DEMAND) * (1.0 + pulse[:, None] * [1.0, 1.0, 0.0, 0.1])


def _shares(plan: _Plan, day: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Shares and outside shares of the segments, which relax to what is on offer; states of the venues."""
    status = _status(plan, day)
    keep = np.array([TARGETS[name] for name in plan.final])
    pull = np.where((status >= 2) & (status != 3), keep[None], 0.0)
    pull[:, :, 0] = np.where(status[:, :, 0] == 2, 1.0, np.where(status[:, :, 0] == 3, 0.1, 0.0))
    pull = pull[:, None] * plan.sizes[:, None] * _taste()[None, :, None, :]
    target = pull / (0.4 + pull.sum(axis=(2, 3), keepdims=True))
    share = target.copy()
    rate = 1 - np.exp(-np.array([0.2, 0.05, 0.9, 0.05]))[:, None, None]
    is_open = (status >= 2)[:, None]
    for t in range(1, len(day)):
        share[t] = np.where(is_open[t], share[t - 1] + rate * (target[t] - share[t - 1]), 0.0)
    return share, 1.0 - share.sum(axis=(2, 3)), status


def _taste() -> np.ndarray:
    """Attraction of the modes to each segment, shape (segment, mode)."""
    return np.array([[1.0, 0.8, 1.0], [1.0, 1.0, 0.5], [1.0, 0.0, 0.1], [0.05, 0.0, 1.5]])


def _status(plan: _Plan, day: np.ndarray) -> np.ndarray:
    """Codes of `STATUSES`, shape (time, exchange, mode)."""
    status = np.zeros((len(day), len(plan.names), 3), dtype=np.int8)
    status[:, :-1, 0] = 2
    for f, final in enumerate(plan.final):
        if f < len(plan.names) - 1:
            status[(day >= plan.announced + 2) & (day < plan.closes[f]), f, 0] = 3
            status[day >= plan.closes[f], f, 0] = 0
        for mode in _new_modes(final):
            status[(day >= plan.announced + 2) & (day < plan.launches[f]), f, mode] = 1
            status[day >= plan.launches[f], f, mode] = 2
    if plan.final[0] == "hybrid":
        status[(day >= plan.launches[0]) & (day < plan.launches[0] + 10), 0, 1] = 5
        status[day >= plan.launches[0] + 10, 0, 1] = 6
    if len(plan.final) > 2:
        blocked = day >= np.maximum(plan.announced + 32, plan.launches[1] + 1)
        status[blocked, 1, 2] = 4
    return status


def _new_modes(strategy: str) -> list[int]:
    return [mode for mode, kept in enumerate(TARGETS[strategy]) if kept > 0]


def _firms(plan: _Plan, day: np.ndarray) -> dict[str, Any]:
    """Where each exchange is and what it aims for."""
    count, decided = len(plan.names), day >= plan.announced + 2
    host = np.full((len(day), count), -1, dtype=np.int16)
    strategy = np.zeros((len(day), count), dtype=np.int8)
    strategy[:, -1] = STRATEGIES.index("latent")
    for f, final in enumerate(plan.final):
        strategy[decided, f] = STRATEGIES.index(final)
        if 2 in _new_modes(final):
            host[decided, f] = 1 + f % 3
    shell = np.array(["disguised" in final for final in plan.final])
    pair = ("time", "exchange")
    return {
        "host": (pair, host),
        "disguised": (pair, (decided[:, None] & shell).astype(np.int8)),
        "strategy": (pair, strategy, flags(STRATEGIES)),
    }


def _levers(plan: _Plan, day: np.ndarray) -> dict[str, Any]:
    since = [day >= plan.announced + effective for _, _, effective in ORDERS]
    level = {
        "permission:domestic": 2.0 * since[0], "permission:otc": 1.0 * since[0], "claim": 1.0 * since[2],
        "payment:alipay": 0.5 * since[1], "access": 0.6 * since[2], "staffing": np.ones_like(day),
        "hazard:domestic": 1 + 0.5 * (day >= plan.announced), "hazard:otc": 1 + 0.1 * since[1],
        "detection": 1.0 + since[2],
    }  # fmt: skip
    values = np.stack([level.get(name, np.zeros_like(day)) * 1.0 for name in LEVERS], axis=1)
    strength = np.stack(since, axis=1).astype(float)
    return {"level": (("time", "lever"), values), "strength": (("time", "intervention"), strength)}


def _authorities(plan: _Plan, day: np.ndarray) -> dict[str, Any]:
    """Queues and what has come out of them."""
    late = np.maximum(day - plan.announced - 10, 0.0)
    waiting = np.stack([np.minimum(late // 4, 5), np.minimum(late // 9, 3)], axis=1).astype(np.int64)
    applied, granted = day >= plan.launches[0], day >= plan.launches[0] + 10
    return {
        "cases_waiting": (("time", "agency"), waiting),
        "cases_open": (("time", "agency"), np.minimum(waiting, 2)),
        "agency_days": (("time", "agency"), np.stack([2.0 * late, 0.5 * late], axis=1)),
        "licences_waiting": (("time", "office"), (applied & ~granted).astype(np.int64)[:, None]),
        "licences_held": (("time", "office"), granted.astype(np.int64)[:, None]),
        "blocked_sites": ("time", (late * 0.7).astype(np.int64)),
    }


def _minds(plan: _Plan, day: np.ndarray, share: np.ndarray) -> dict[str, Any]:
    """What is believed and what is remembered."""
    rise = np.where(day >= plan.announced, 1 - np.exp(-(day - plan.announced) / 10.0), 0.0)
    prior = np.array([5e-5, 3e-4, 1e-4, 4e-3, 0.2])
    return {
        "hazard": (("time", "posture"), prior * (1 + np.outer(rise, [9.0, 2.0, 1.0, 4.0, 0.5])), {"units": "1/day"}),
        "habit": (("time", "segment", "mode"), np.maximum.accumulate(share.sum(axis=2), axis=0)),
    }


def _journal(plan: _Plan) -> pd.DataFrame:
    """Events in order of time, each exchange's story and what the authorities did."""
    rows: list[tuple[float, str, str, str, str, str, float]] = []
    for name, announced, effective in ORDERS:
        rows.append((plan.announced + announced, "announced", name, "", "", "", np.nan))
        rows.append((plan.announced + effective, "effective", name, "", "", "", np.nan))
    for f, (name, final) in enumerate(zip(plan.names, plan.final, strict=True)):
        rows += _story(plan, f, name, final)
    first, desk = plan.names[0], plan.launches[0]
    if plan.final[0] == "hybrid":
        rows.append((desk, "application", first, "otc", "", "licensing-office", np.nan))
        rows.append((desk, "deemed", first, "otc", "", "licensing-office", np.nan))
        rows.append((desk + 10, "licence-granted", first, "otc", "", "licensing-office", 10.0))
    if len(plan.final) > 2:
        found = max(plan.announced + 32, plan.launches[1] + 1)
        for event, lag in (("detected", 3.0), ("case-opened", 3.0), ("case-started", 2.0), ("site-blocked", 0.0)):
            rows.append((found - lag, event, plan.names[1], "offshore", "", "site-block", np.nan))
    rows = sorted((row for row in rows if row[0] < plan.days), key=lambda row: row[0])
    day, event, subject, mode, host, cause, value = zip(*rows, strict=True)
    columns = {"day": day, "date": [_date(d) for d in day], "event": event, "subject": subject, "mode": mode}
    return table(JOURNAL, columns | {"host": host, "cause": cause, "detail": [""] * len(day), "value": value})


def _story(plan: _Plan, f: int, name: str, final: str) -> list[tuple[float, str, str, str, str, str, float]]:
    """One exchange: it decides, builds what it chose, winds down what is forbidden."""
    decided, latent = plan.announced + 2, f == len(plan.names) - 1
    rows = [(decided, "decision", name, "", "", "announced:closure-order", np.nan)]
    if not latent:
        rows.append((decided, "wind-down", name, "domestic", "", "closure-order", np.nan))
        rows.append((plan.closes[f], "closed", name, "domestic", "", "closure-order", np.nan))
    for mode in _new_modes(final):
        host = PLACES[1 + f % 3] if mode == 2 else ""
        rows.append((decided, "launch-started", name, MODES[mode], host, "", plan.launches[f] - decided))
        rows.append((plan.launches[f], "launched", name, MODES[mode], host, "", np.nan))
    if latent:
        rows.append((plan.launches[f], "entered", name, "otc", "", "", np.nan))
    if final == "exit":
        rows.append((plan.closes[f], "exited", name, "", "", "closure-order", np.nan))
    return rows


def _decisions(plan: _Plan, rng: np.random.Generator) -> tuple[pd.DataFrame, pd.DataFrame]:
    """One decision per exchange at the announcement, with options among which its strategy scores best."""
    count, choices = len(plan.names), STRATEGIES[:8]
    scale = 10.0 + 500.0 * plan.sizes
    terms = {name: rng.gamma(2.0, 1.0, (count, 8)) * scale[:, None] for name in ("revenue", "running", "penalty")}
    terms |= {name: rng.gamma(1.0, 0.3, (count, 8)) * scale[:, None] for name in ("launch", "exit")}
    chosen = np.array([choices.index(final) for final in plan.final])
    value = terms["revenue"] - sum(terms[name] for name in ("running", "penalty", "launch", "exit"))
    error = rng.gumbel(size=(count, 8))
    score, rows = value / scale[:, None] + error, np.arange(count)
    gap = np.maximum(score.max(axis=1) - score[rows, chosen], 0.0) + 0.5 + rng.random(count)
    terms["revenue"][rows, chosen] += gap * scale
    value[rows, chosen] += gap * scale
    score = value / scale[:, None] + error
    ranked = np.argsort(-score, axis=1)
    day = np.full(count, plan.announced + 2)
    decisions = table(DECISIONS, {
        "decision": rows, "day": day, "date": [_date(d) for d in day], "exchange": plan.names,
        "trigger": ["announced:closure-order"] * count, "cause": ["closure-order"] * count,
        "before": ["domestic"] * (count - 1) + ["latent"], "choice": plan.final,
        "runner_up": [choices[i] for i in ranked[:, 1]],
        "margin": score[rows, ranked[:, 0]] - score[rows, ranked[:, 1]],
        "host": [PLACES[1 + f % 3] if 2 in _new_modes(final) else "" for f, final in enumerate(plan.final)],
        "scale": scale,
    })  # fmt: skip
    options = table(OPTIONS, {
        "decision": np.repeat(rows, 8), "option": list(choices) * count, "feasible": [True] * (count * 8),
        "value": value.ravel(), "error": error.ravel(), "score": score.ravel(),
    } | {name: term.ravel() for name, term in terms.items()})  # fmt: skip
    return decisions, options
