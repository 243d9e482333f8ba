"""The built-in kinds of intervention, kept in the format that scenarios use for their own."""

from collections.abc import Mapping
from functools import cache
from importlib.resources import files

import yaml
from pydantic import TypeAdapter

from sim.scenario.policy.written import Kind


@cache
def builtin_kinds() -> Mapping[str, Kind]:
    """Kinds that every scenario may use, by name."""
    text = files(__package__).joinpath("kinds.yaml").read_text(encoding="utf-8")
    return TypeAdapter(dict[str, Kind]).validate_python(yaml.safe_load(text))
