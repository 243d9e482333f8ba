"""The manifest of a study, which says what it is and what it was made with; and how two studies differ."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from importlib.metadata import version
from typing import Any

from sim.evidence.evidence_json import as_json
from sim.evidence.facts import Evidence
from sim.kernels.cache import source_hash
from sim.results.hashing import json_hash
from sim.results.manifest import Manifest, environment
from sim.scenario.scenario import Scenario, file_of
from sim.study.jobs.plan import Plan
from sim.study.precision import Precision
from sim.version import __version__

SCHEMA = 2
"""Version of the layout of a study folder."""
_DIFFERENCES_LISTED = 5


@dataclass(frozen=True)
class Request:
    """The arguments of `sim.compare`: the policies, the number of replications or the precision, and the draws.

    `from_record`: whether draws come from a posterior.
    """

    policies: tuple[str, ...]
    replications: int | None
    until: tuple[Precision, ...]
    draws: int | None = None
    from_record: bool = False

    def command(self, seed: int, engine: str, files: Mapping[str, str | None], facts: bool = False) -> str:
        """How to request the study again: a command if all policies are in one file unchanged, else Python.

        `facts`: whether it reads facts too.
        """
        named = {files[policy] for policy in self.policies}
        if len(named) > 1 or None in named or any(p != Precision(p.measure, p.half_width) for p in self.until):
            number = f"until={list(self.until)}" if self.until else f"replications={self.replications}"
            drawn = "" if self.draws is None else f", draws={'posterior' if self.from_record else self.draws!r}"
            drawn += ", evidence=evidence" if facts else ""
            return f"sim.compare(scenario, {list(self.policies)}, {number}, seed={seed}, engine={engine!r}{drawn})"
        numbers = [f"--precision={p.measure}={p.half_width!r}" for p in self.until]
        numbers = numbers or [f"--replications={self.replications}"]
        words = ["regpressure", "compare", *map(str, named), f"--policies={','.join(self.policies)}", *numbers]
        words += [] if self.draws is None else [f"--draws={'posterior' if self.from_record else self.draws}"]
        words += ["--facts"] if facts else []
        return shlex.join([*words, f"--seed={seed}", f"--engine={engine}"])


@dataclass(frozen=True)
class StudyDescription:
    """All that the manifest of a study says before there are results."""

    scenario: Scenario
    plan: Plan
    measures: tuple[str, ...]
    rules: Mapping[str, tuple[str, ...]]
    request: Request
    evidence: Evidence | None = None


def new_manifest(about: StudyDescription, policies: Mapping[str, Any]) -> Manifest:
    """The manifest of a study without results; `policies` are the entries of policies that the folder already has."""
    plan, request = about.plan, about.request
    posterior = None if plan.draws is None else plan.draws.posterior
    files = {policy: file_of(about.scenario, policy) for policy in plan.worlds}
    entries = {**policies}
    for policy in plan.worlds:
        entries.setdefault(policy, policy_entry(about, policy, len(entries)))
    entries = {policy: entry | {"file": files.get(policy, entry.get("file"))} for policy, entry in entries.items()}
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
            **({} if posterior is None else {"posterior": posterior.to_plain()}),
            "measures": list(about.measures),
            **({} if about.evidence is None else {"facts": json_hash(as_json(about.evidence))}),
        },
        "world": json_hash(world_json(about.scenario)),
        "made with": made_with(),
        "policies": entries,
        "request": json.loads(json.dumps(asdict(request))),
        "command": request.command(plan.seed, plan.engine, files, about.evidence is not None),
        "environment": {key: value for key, value in environment().items() if key not in ("created", "command")},
        "content": {},
    }


def folder_name(policy: str, number: int) -> str:
    """The folder of a policy within that of the study; `number` is how many policies it had before."""
    return f"parts/{number:03d}-{re.sub('[^A-Za-z0-9]+', '-', policy)[:40].strip('-')}"


def identity_of(manifest: Manifest, policy: str) -> Mapping[str, str]:
    """What each file of a policy carries: hashes of the study and of the policy, and its name."""
    study = json_hash({key: manifest[key] for key in ("study", "world", "made with")})
    return {"study": study, "policy": policy, "configuration": manifest["policies"][policy]["configuration"]}


def policy_entry(about: StudyDescription, policy: str, number: int) -> dict[str, Any]:
    """What the manifest says about a policy."""
    return {
        "folder": folder_name(policy, number),
        "configuration": json_hash(about.scenario.policies[policy].model_dump(mode="json")),
        "rules": list(about.rules[policy]),
    }


def made_with() -> dict[str, str]:
    """The versions on which the last bits of results depend, and a hash of the model's source."""
    packages = {name: version(name) for name in ("numpy", "numba")}
    return {"regpressure": __version__, "model source": source_hash(), **packages}


def world_json(scenario: Scenario) -> dict[str, Any]:
    """A scenario as JSON without its policies."""
    return scenario.model_dump(mode="json", exclude={"policies"})


def differing(old: Manifest, stored: Mapping[str, Any], new: Manifest, about: StudyDescription) -> list[str]:
    """How the `new` study differs from the one in a folder, which has the manifest `old` and the scenario `stored`.

    Empty if the folder can take it.
    """
    stored_world = {key: value for key, value in stored.items() if key != "policies"}
    differences = [*_differences(old["study"], new["study"]), *_differences(old["made with"], new["made with"])]
    differences += _differences(stored_world, world_json(about.scenario), "scenario")
    for policy in old["policies"].keys() & new["policies"].keys():
        if policy in about.plan.worlds:
            now = about.scenario.policies[policy].model_dump(mode="json")
            differences += _differences(stored["policies"][policy], now, f"policy {policy}")
    more = ["and more"] if len(differences) > _DIFFERENCES_LISTED else []
    return differences[:_DIFFERENCES_LISTED] + more


def _differences(first: Any, second: Any, name: str = "") -> Iterator[str]:
    """One text per value that differs between two JSON documents."""
    if isinstance(first, Mapping) and isinstance(second, Mapping):
        for key in [*first, *(key for key in second if key not in first)]:
            yield from _differences(first.get(key), second.get(key), f"{name}.{key}".lstrip("."))
    elif _is_list(first) and _is_list(second) and len(first) == len(second):
        for index, pair in enumerate(zip(first, second, strict=True)):
            yield from _differences(*pair, f"{name}[{index}]")
    elif first != second:
        yield f"{name} is {_shortened(first)} there and {_shortened(second)} here"


def _is_list(value: Any) -> bool:
    return isinstance(value, Sequence) and not isinstance(value, str)


def _shortened(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:57]}..."
