"""The manifest of a run folder: which run it is, from what configuration, its content, made with what."""

from __future__ import annotations

import platform
import shlex
import sys
from collections.abc import Mapping
from datetime import UTC, date, datetime
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING, Any

from sim.results.hashing import dataset_hash, json_hash, table_hash
from sim.results.table_files import dataset_types, table_types

if TYPE_CHECKING:
    from sim.results.run import Run

SCHEMA = 2
"""Version of the layout of a run folder."""
TABLES = ("journal", "decisions", "options")
PACKAGES = ("regpressure", "numpy", "numba", "simpy", "xarray", "pandas", "netCDF4", "pydantic")

Manifest = dict[str, Any]


def manifest(run: Run, configuration: Any, measures: Any, files: Mapping[str, str]) -> Manifest:
    """The manifest of a run, given its scenario and its measures as JSON values, and the SHA-256 of its files by name.

    Everything but `environment` is the same whenever and wherever the run is made. Raises ValueError when the
    run holds something that its files cannot keep.
    """
    tables = {name: getattr(run, name) for name in TABLES}
    body: Manifest = {
        "schema": SCHEMA,
        "run": {
            "scenario": run.scenario.name,
            "policy": run.policy,
            "seed": run.seed,
            "replication": run.replication,
            "until": run.until and run.until.isoformat(),
            "engine": run.engine,
        },
        "configuration": json_hash(configuration),
        "content": {"results": dataset_hash(run.data), "measures": json_hash(measures)}
        | {name: table_hash(table) for name, table in tables.items()},
        "types": {"results": dataset_types(run.data)} | {name: table_types(table) for name, table in tables.items()},
        "files": dict(files),
        "environment": dict(run.environment) or environment(),
    }
    return body | {"checksum": json_hash(body)}


def environment() -> Mapping[str, Any]:
    """When, where, with which versions and by which command the program runs."""
    return {
        "created": datetime.now(UTC).isoformat(timespec="seconds"),
        "python": platform.python_version(),
        "platform": platform.platform(),
        "packages": {name: _version(name) for name in PACKAGES},
        "command": shlex.join(sys.argv),
    }


def intact(manifest: Manifest) -> bool:
    """Whether a manifest is as it was written."""
    body = {key: value for key, value in manifest.items() if key != "checksum"}
    return manifest.get("checksum") == json_hash(body)


def differences(first: Manifest, second: Manifest) -> tuple[str, ...]:
    """What differs between two runs, as dotted names such as `run.seed` or `content.journal`; empty: nothing.

    Compares identity, configuration and content. Neither the environment nor the engine counts: they must not
    matter.
    """
    flat = [_flat({key: item[key] for key in ("run", "configuration", "content")}) for item in (first, second)]
    names = sorted(flat[0].keys() | flat[1].keys())
    return tuple(name for name in names if name != "run.engine" and flat[0].get(name) != flat[1].get(name))


def read_until(manifest: Manifest) -> date | None:
    """The date up to which the run went, or None for the end of the scenario."""
    text = manifest["run"]["until"]
    if text is None:
        return None
    return datetime.fromisoformat(text) if "T" in text else date.fromisoformat(text)


def _flat(value: Any, name: str = "") -> dict[str, Any]:
    if not isinstance(value, dict):
        return {name: value}
    return {path: leaf for key in value for path, leaf in _flat(value[key], f"{name}.{key}".lstrip(".")).items()}


@cache
def _version(package: str) -> str | None:
    try:
        return version(package)
    except PackageNotFoundError:
        return None
