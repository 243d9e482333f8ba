"""The file format as a JSON Schema, so that editors complete, explain and check scenario files.

Named in the first line of a file (`# yaml-language-server: $schema=schema.json`). A file that extends
another may leave out anything, so the schema holds each block twice: complete, and partial.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, get_args

from pydantic import BaseModel, TypeAdapter
from pydantic.fields import FieldInfo

from sim.scenario.document.model_types import Shape, fields, model_in
from sim.scenario.policy.interventions import builtin_kinds
from sim.scenario.scenario import Scenario
from sim.scenario.values.base import NAMES_MADE_OF
from sim.scenario.values.distributions import RANDOM_DAYS, RANDOM_NUMBER, RANDOM_SHARE
from sim.scenario.values.json_types import SIGNED_DAYS, Schema

_SHARED = {"random-duration": RANDOM_DAYS, "random-number": RANDOM_NUMBER, "random-share": RANDOM_SHARE}
"""Schemas that stand at many places and are written once."""
_IDS = {"type": "array", "items": {"type": "string"}}


def json_schema() -> Schema:
    """The schema of scenario files, JSON Schema draft 2020-12."""
    raw = Scenario.model_json_schema()
    blocks: dict[str, Schema] = {**raw.pop("$defs"), "Scenario": raw}
    for model in _models(Scenario):
        for name, info in fields(model).items():
            _improve(blocks[model.__name__]["properties"][name], info)
    blocks = {name: _rewritten(block, _tidy) for name, block in blocks.items()}
    blocks["Intervention"]["properties"]["kind"] |= _kinds()
    blocks |= {"PolicyInFile": _policy(blocks["Policy"])}
    blocks["Scenario"]["properties"]["policies"] = _policies(blocks["Scenario"]["properties"]["policies"])
    blocks |= {f"{name}-partial": _rewritten(block, _loose) for name, block in blocks.items()}
    whole, part = blocks.pop("Scenario"), blocks.pop("Scenario-partial")
    schema: Schema = _rewritten(_root(whole, part) | {"$defs": blocks | _SHARED}, _in_words)
    return schema


def _root(whole: Schema, part: Schema) -> Schema:
    """Complete blocks where nothing is extended, partial ones where something is."""
    own = {
        "extends": {"type": "string", "description": "Path of a scenario file that this one builds on."},
        "remove": _IDS | {"description": "Paths of what not to take over from it.", "examples": [["exchanges.huobi"]]},
    }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Scenario of regpressure",
        "description": "Quantities carry units (6 weeks, 0.25 /d, 35 %); items of lists go by their id.",
        "type": "object",
        "properties": {**dict.fromkeys(whole["properties"], True), **own},
        "additionalProperties": False,
        "if": {"required": ["extends"]},
        "then": {"properties": part["properties"]},
        "else": {"properties": whole["properties"], "required": whole["required"]},
    }


def _models(shape: Shape) -> Iterable[type[BaseModel]]:
    """All models that may stand somewhere inside `shape`, each once."""
    models: dict[type[BaseModel], None] = {}
    waiting = [shape]
    while waiting:
        option = waiting.pop()
        model = model_in(option)
        if model is None:
            waiting += [part for part in get_args(option) if part is not ...]
        elif model not in models:
            models[model] = None
            waiting += [info.annotation for info in fields(model).values()]
    return models


def _improve(schema: Schema, info: FieldInfo) -> None:
    """Show a default as a file would write it, and unit and examples on a line below the field's own description."""
    default = schema.pop("default", None)
    schema.pop("title", None)  # the name of the field once more
    if default not in (None, [], {}, "") and "$ref" not in schema:
        adapter: TypeAdapter[Any] = TypeAdapter(info.rebuild_annotation())
        value = adapter.validate_python(default) if info.validate_default else info.default
        schema["default"] = adapter.dump_python(value, mode="json", by_alias=True)
    examples = [example for part in (schema, *schema.get("anyOf", ())) for example in part.get("examples", ())]
    said = [unit] if (unit := _unit(schema)) else []
    said += [f"for instance {', '.join(map(str, examples))}"] if examples else []
    if info.description and said:
        schema["description"] = f"{info.description}\n{'; '.join(said)}"


def _unit(schema: Schema) -> str:
    """The unit of a value, also of one that may be left out or drawn."""
    return schema.get("unit") or next(filter(None, map(_unit, schema.get("anyOf", ()))), "")


def _rewritten(schema: Any, rewrite: Callable[[Schema], Schema]) -> Any:
    """The schema with everything inside it rewritten, inner parts first."""
    if isinstance(schema, list):
        return [_rewritten(item, rewrite) for item in schema]
    if not isinstance(schema, dict):
        return schema
    return rewrite({key: _rewritten(value, rewrite) for key, value in schema.items()})


def _tidy(schema: Schema) -> Schema:
    """Refer to shared schemas, and refuse keys that no pattern allows."""
    for name, shared in _SHARED.items():
        if schema.get("anyOf") == shared["anyOf"]:
            others = {key: value for key, value in schema.items() if key != "anyOf"}
            return {"$ref": f"#/$defs/{name}"} | others
    return schema | {"additionalProperties": False} if "patternProperties" in schema else schema


def _in_words(schema: Schema) -> Schema:
    """Say in words what was expected where text does not fit; editors would show the regular expression instead."""
    if said := _expected(schema):
        parts = [part | said if "pattern" in part else part for part in schema.get("anyOf", ())]
        schema = schema | (said if "pattern" in schema else {}) | ({"anyOf": parts} if parts else {})
    return {key: value for key, value in schema.items() if key != "unit" or not isinstance(value, str)}


def _expected(schema: Schema) -> Schema:
    """The message for a text that does not fit."""
    made_of, examples = NAMES_MADE_OF.get(str(schema.get("pattern"))), schema.get("examples")
    if made_of:
        return {"patternErrorMessage": f"use {made_of} alone"}
    said = f"write {schema['unit']}, for instance {examples[-1]}" if "unit" in schema and examples else ""
    return {"patternErrorMessage": said} if said else {}


def _loose(schema: Schema) -> Schema:
    """Nothing is required, here and in what is referred to."""
    loose = {key: value for key, value in schema.items() if key != "required" or not isinstance(value, list)}
    target = loose.get("$ref")
    if isinstance(target, str) and target.rpartition("/")[2] not in _SHARED and not target.endswith("-partial"):
        loose["$ref"] = f"{target}-partial"
    return loose


def _policy(policy: Schema) -> Schema:
    """A policy as a file may write it, building on another one."""
    partial = {"$ref": "#/$defs/Intervention-partial"}
    interventions = policy["properties"]["interventions"]
    own = {
        "extends": {"type": "string", "description": "Name of the policy that this one builds on."},
        "drop": _IDS | {"description": "Ids of inherited interventions and rules to leave out."},
        "change": {
            "type": "object",
            "additionalProperties": {"anyOf": [partial, {"$ref": "#/$defs/Rule-partial"}]},
            "description": "By id: values laid over those of an inherited intervention or rule.",
        },
        "interventions": True,
        "add": interventions | {"description": "Interventions beside the inherited ones."},
        "swap": _IDS
        | {"description": "Two interventions: each begins when the other did.", "minItems": 2, "maxItems": 2},
        "order": _IDS | {"description": "Interventions that begin in this order, on the dates on which they began."},
        "delay": {
            "type": "object",
            "additionalProperties": SIGNED_DAYS,
            "description": "By id: shift of all dates of an inherited intervention (-300 d is earlier).",
        },
    }
    over = {"items": partial, "description": "Laid over the inherited ones by id; those with a new id are added."}
    return policy | {
        "properties": policy["properties"] | own,
        "if": {"required": ["extends"]},
        "then": {"properties": {"interventions": interventions | over}},
        "else": {"properties": {"interventions": interventions}},
    }


def _kinds() -> Schema:
    """The built-in kinds with their meaning, which editors complete; a scenario may have others."""
    known = [{"const": name, "description": kind.description} for name, kind in builtin_kinds().items()]
    return {"anyOf": [*known, {"type": "string"}], "examples": ["closure-order", "payment-block"]}


def _policies(policies: Schema) -> Schema:
    """The block of policies, in which a bare list of interventions is a policy too."""
    bare = {"type": "array", "items": {"$ref": "#/$defs/Intervention"}}
    either = {"anyOf": [bare, {"$ref": "#/$defs/PolicyInFile"}]}
    patterns = dict.fromkeys(policies["patternProperties"], either)
    return policies | {"patternProperties": patterns, "required": ["baseline"]}
