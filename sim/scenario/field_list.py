"""Every field of a scenario file: what it means, how it is written, and what it is when it is left out.

    python -m sim.scenario.field_list > configs/FIELDS.md

prints the page of all of them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from sim.scenario.json_schema import json_schema
from sim.scenario.policy.interventions import Kind, builtin_kinds
from sim.scenario.values.json_types import Schema

_INTERVENTIONS = ("interventions", "steps", "change", "add")
"""Fields whose items are interventions, whose fields are told under `policies.NAME.ID`."""
REQUIRED = "required"
"""What stands for the default of a field that a complete file must have."""
_HOW = {
    "number": "a number",
    "integer": "a whole number",
    "string": "text",
    "boolean": "true or false",
    "array": "a list",
    "object": "a block",
}
_LIMITS = {
    "minimum": "at least", "maximum": "at most", "exclusiveMinimum": "above", "exclusiveMaximum": "below",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class ScenarioField:
    """A field by its path, with `ID` or `NAME` for what a file names itself, such as `segments.ID.outside`."""

    path: str
    meaning: str
    written: str
    default: str
    unit: str = ""


@cache
def scenario_fields() -> tuple[ScenarioField, ...]:
    """All fields of scenario files, in the order of the format."""
    schema = json_schema()
    whole = {"properties": schema["else"]["properties"], "required": schema["else"]["required"]}
    return tuple(_fields(whole, schema["$defs"], ()))


def fields_under(path: str) -> list[ScenarioField]:
    """The fields at a path and below it; ids in the path may be those of a file (`segments.cn-active.outside`).

    Raises KeyError for a path that no file can have.
    """
    asked = path.split(".")
    found = [field for field in scenario_fields() if _leads_to(asked, field.path.split("."))]
    if not found:
        raise KeyError(path)
    return found


def field_page() -> str:
    """All fields and built-in kinds as a page of Markdown."""
    blocks: dict[str, list[ScenarioField]] = {}
    for field in scenario_fields():
        blocks.setdefault(field.path.partition(".")[0] if "." in field.path else "", []).append(field)
    lines = [
        "# The fields of a scenario file",
        "",
        "Made by `python -m sim.scenario.field_list > configs/FIELDS.md`. `ID` and `NAME` stand for what a file names",
        "itself. `regpressure list fields PATH` prints a part of it.",
    ]
    for block, fields in blocks.items():
        lines += ["", f"## {block or 'At the head of the file'}", ""]
        rows = [(f"`{each.path}`", each.meaning, each.written, each.default) for each in fields]
        lines += _markdown(("field", "meaning", "written", "default"), rows)
    lines += ["", "## The built-in kinds of intervention", "", "What a kind sets, an intervention may set itself.", ""]
    kinds = [(f"`{name}`", kind.description, settings(kind)) for name, kind in builtin_kinds().items()]
    lines += _markdown(("kind", "meaning", "sets"), kinds)
    return "\n".join(lines) + "\n"


def settings(kind: Kind) -> str:
    """What a kind of intervention sets, as a file would write it: `moves.payment: 1.0, attention: 0.2`."""
    said = kind.model_dump(mode="json", exclude_defaults=True, exclude={"description"}, by_alias=True)
    return ", ".join(f"{path}: {value}" for path, value in _flat(said))


def _fields(block: Schema, shared: dict[str, Schema], inside: tuple[str, ...]) -> Iterator[ScenarioField]:
    """The fields of a block and of the blocks in it; `inside` holds the path so far."""
    for name, schema in block.get("properties", {}).items():
        if schema is True:  # of a policy in a file: as in any policy
            schema = shared["Policy"]["properties"][name]
        path = (*inside, name)
        default = REQUIRED if name in block.get("required", ()) else _default(schema)
        yield ScenarioField(".".join(path), _meaning(schema, shared), _written(schema, shared), default, _unit(schema))
        if name not in _INTERVENTIONS:
            for key, inner in _blocks(schema, shared):
                yield from _fields(inner, shared, (*path, *key))


def _blocks(schema: Schema, shared: dict[str, Schema]) -> Iterator[tuple[tuple[str, ...], Schema]]:
    """The blocks that may stand at a field, each with what follows in the path before its own fields."""
    if name := _reference(schema):
        if "properties" in shared[name]:
            yield (), shared[name]
        return
    for option in schema.get("anyOf", ()):
        yield from _blocks(option, shared)
    if "items" in schema:
        yield from ((("ID", *key), inner) for key, inner in _blocks(schema["items"], shared))
    named = [*schema.get("patternProperties", {}).values(), schema.get("additionalProperties")]
    for option in named:
        if isinstance(option, dict):
            yield from ((("NAME", *key), inner) for key, inner in _blocks(option, shared))


def _reference(schema: Schema) -> str:
    return str(schema.get("$ref", "")).rpartition("/")[2]


def _meaning(schema: Schema, shared: dict[str, Schema]) -> str:
    """What a field is, in its own words or else in those of the block that stands there."""
    if own := schema.get("description"):
        return str(own).partition("\n")[0]
    inner = next((str(block.get("description", "")) for _, block in _blocks(schema, shared)), "")
    return inner.partition("\n")[0].rstrip(".")


def _unit(schema: Schema) -> str:
    """In what unit a value is, in words, where there is one."""
    said = str(schema.get("description", "")).partition("\n")[2].partition("for instance ")[0]
    return said.rstrip("; ")


def _default(schema: Schema) -> str:
    value = schema.get("default")
    return "" if value is None else str(value).lower() if isinstance(value, bool) else str(value)


def _written(schema: Schema, shared: dict[str, Schema]) -> str:
    """How a value is written: examples, the words to choose from, or what sort of value it is."""
    if "examples" in schema:
        return " or ".join(str(example) for example in schema["examples"])
    if "enum" in schema or "const" in schema:
        return ", ".join(str(word) for word in schema.get("enum", [schema.get("const")]))
    if name := _reference(schema):
        return "a block" if "properties" in shared[name] else _written(shared[name], shared)
    if "anyOf" in schema:
        options = [_written(option, shared) for option in schema["anyOf"] if option.get("type") != "null"]
        return " or ".join(dict.fromkeys(filter(None, options)))
    if schema.get("type") == "array" and "$ref" not in schema.get("items", {}):
        return f"a list of: {_written(schema['items'], shared)}" if "items" in schema else "a list"
    return _HOW.get(str(schema.get("type")), "") + _limits(schema)


def _limits(schema: Schema) -> str:
    return "".join(f", {words} {schema[key]}" for key, words in _LIMITS.items() if key in schema)


def _leads_to(asked: list[str], path: list[str]) -> bool:
    """Whether a path that was asked for leads to a field or to a block that holds it."""
    return len(asked) <= len(path) and all(
        part in ("ID", "NAME") or word == part for word, part in zip(asked, path, strict=False)
    )


def _flat(document: Any, path: str = "") -> Iterator[tuple[str, object]]:
    if not isinstance(document, dict):
        yield path, document
        return
    for key, value in document.items():
        yield from _flat(value, f"{path}.{key}" if path else str(key))


def _markdown(headings: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> list[str]:
    lines = [headings, tuple("---" for _ in headings), *rows]
    return ["| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines]


if __name__ == "__main__":
    print(field_page(), end="")
