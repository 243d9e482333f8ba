"""Which study a folder holds: the manifest of a study, and what is different about another."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from sim.results.hashing import json_hash
from sim.results.manifest import Manifest, environment
from sim.study.precision import Precision
from sim.version import __version__

if TYPE_CHECKING:
    from sim.scenario.scenario import Scenario
    from sim.study.jobs.plan import Plan

SCHEMA = 1
"""Version of the layout of a study folder."""
_TOLD = 5  # most differences that are told


@dataclass(frozen=True)
class Request:
    """What was asked of `sim.compare`: the policies, how many replications or which precision, draws."""

    policies: tuple[str, ...]
    replications: int | None
    until: tuple[Precision, ...]
    draws: int | None = None

    def command(self, seed: int, engine: str, files: Mapping[str, str | None]) -> str:
        """How to ask for it again: a command if all policies stand in a file as they are, else in Python."""
        named = {files[policy] for policy in self.policies}
        if len(named) > 1 or None in named or any(p != Precision(p.measure, p.half_width) for p in self.until):
            number = f"until={list(self.until)}" if self.until else f"replications={self.replications}"
            drawn = "" if self.draws is None else f", draws={self.draws}"
            return f"sim.compare(scenario, {list(self.policies)}, {number}, seed={seed}, engine={engine!r}{drawn})"
        numbers = [f"--precision={p.measure}={p.half_width!r}" for p in self.until]
        numbers = numbers or [f"--replications={self.replications}"]
        words = ["regpressure", "compare", *map(str, named), f"--policies={','.join(self.policies)}", *numbers]
        words += [] if self.draws is None else [f"--draws={self.draws}"]
        return shlex.join([*words, f"--seed={seed}", f"--engine={engine}"])


@dataclass(frozen=True)
class Description:
    """All that the manifest of a study says before there are results."""

    scenario: Scenario
    plan: Plan
    measures: tuple[str, ...]
    rules: Mapping[str, tuple[str, ...]]
    request: Request


def manifest(about: Description, policies: Mapping[str, Any]) -> Manifest:
    """The manifest of a study that has begun; `policies` is what the folder says of those that it had before."""
    from sim.scenario.source_file import origin

    plan, request = about.plan, about.request
    files = {policy: origin(about.scenario, policy) for policy in plan.worlds}
    kept = {**policies}
    for policy in plan.worlds:
        kept.setdefault(policy, _policy(about, policy, len(kept)))
    told = {key: kept[key] | {"file": files.get(key, kept[key].get("file"))} for key in kept}
    return {
        "schema": SCHEMA,
        "study": {
            "scenario": about.scenario.name,
            "seed": plan.seed,
            "engine": plan.engine,
            "until": plan.until,
            "every": plan.every,
            "instants": len(plan.records),
            "draws": None if plan.draws is None else plan.draws.count,
            "measures": list(about.measures),
        },
        "world": json_hash(world_of(about.scenario)),
        "made with": made_with(),
        "policies": told,
        "request": json.loads(json.dumps(asdict(request))),
        "command": request.command(plan.seed, plan.engine, files),
        "environment": {key: value for key, value in environment().items() if key not in ("created", "command")},
        "content": {},
    }


def _policy(about: Description, policy: str, place: int) -> dict[str, Any]:
    return {
        "folder": f"parts/{place:03d}-{re.sub('[^A-Za-z0-9]+', '-', policy)[:40].strip('-')}",
        "configuration": json_hash(about.scenario.policies[policy].model_dump(mode="json")),
        "rules": list(about.rules[policy]),
        "piece": about.plan.size(policy),
    }


def made_with() -> dict[str, str]:
    """The versions that results depend on to the last bit, and a hash of the model's source."""
    from importlib.metadata import version

    from sim.kernels.compile import cache_folder

    packages = {name: version(name) for name in ("numpy", "numba")}
    return {"regpressure": __version__, "model source": cache_folder().name, **packages}


def world_of(scenario: Scenario) -> dict[str, Any]:
    """A scenario as JSON without its policies."""
    return scenario.model_dump(mode="json", exclude={"policies"})


def unlike(old: Manifest, stored: Mapping[str, Any], new: Manifest, about: Description) -> list[str]:
    """What is different about the study in a folder, `old` with its scenario `stored`, and the `new` one."""
    worlds = {key: value for key, value in stored.items() if key != "policies"}, world_of(about.scenario)
    found = [*_differences(old["study"], new["study"]), *_differences(old["made with"], new["made with"])]
    found += _differences(*worlds, "scenario")
    for policy in old["policies"].keys() & new["policies"].keys():
        if policy in about.plan.worlds:
            now = about.scenario.policies[policy].model_dump(mode="json")
            found += _differences(stored["policies"][policy], now, f"policy {policy}")
    return [*found[:_TOLD], *(["and more"] if len(found) > _TOLD else [])]


def _differences(first: Any, second: Any, name: str = "") -> Iterator[str]:
    if isinstance(first, Mapping) and isinstance(second, Mapping):
        for key in [*first, *(key for key in second if key not in first)]:
            yield from _differences(first.get(key), second.get(key), f"{name}.{key}".lstrip("."))
    elif _long(first) and _long(second) and len(first) == len(second):
        for place, pair in enumerate(zip(first, second, strict=True)):
            yield from _differences(*pair, f"{name}[{place}]")
    elif first != second:
        yield f"{name} is {_short(first)} there and {_short(second)} here"


def _long(value: Any) -> bool:
    return isinstance(value, Sequence) and not isinstance(value, str)


def _short(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:57]}..."
