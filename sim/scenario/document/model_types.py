"""What the models expect at a place of a scenario, read from their annotations."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from types import UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel, TypeAdapter
from pydantic.fields import FieldInfo

from sim.scenario.errors import Path

Shape = Any
"""A type annotation, as a model or an alias states it."""


def _generic(shape: Shape) -> Any:
    """The generic type of an annotation (`dict` of `dict[str, int]`), None of a plain one."""
    return get_origin(shape)


@cache
def alternatives(shape: Shape) -> tuple[Shape, ...]:
    """The members of a union, without metadata; a plain annotation is its own only alternative."""
    if _generic(shape) is Annotated:
        return alternatives(get_args(shape)[0])
    if _generic(shape) in (Union, UnionType):
        return tuple(member for part in get_args(shape) for member in alternatives(part))
    return (shape,)


def model_in(shape: Shape) -> type[BaseModel] | None:
    """The model that may stand here, if one may."""
    models = (option for option in alternatives(shape) if isinstance(option, type) and issubclass(option, BaseModel))
    return next(models, None)


@cache
def fields(shape: Shape) -> Mapping[str, FieldInfo]:
    """The fields of the model that may stand here, by the names used in files; none if no model may."""
    model = model_in(shape)
    return {info.alias or name: info for name, info in model.model_fields.items()} if model else {}


def names(shape: Shape) -> tuple[str, ...] | None:
    """The keys that a mapping here may have, or None if they are free."""
    if known := fields(shape):
        return tuple(known)
    for option in alternatives(shape):
        if _generic(option) in (dict, Mapping):
            keys = [key for key in alternatives(get_args(option)[0]) if _generic(key) is Literal]
            return tuple(word for key in keys for word in get_args(key)) or None
    return None


@cache
def step_into(shape: Shape, step: str | int) -> Shape:
    """What is expected one step further; None where nothing is known."""
    if isinstance(step, str) and (info := fields(shape).get(step)):
        return info.annotation
    for option in alternatives(shape):
        inner = get_args(option)
        if isinstance(step, str) and _generic(option) in (dict, Mapping):
            return inner[1]
        if isinstance(step, int) and _generic(option) in (tuple, list):
            return inner[0] if inner[-1] is ... or step >= len(inner) else inner[step]
    return None


def shape_at(root: Shape, path: Path) -> Shape:
    """What is expected at the end of a path from `root`; None where nothing is known."""
    for step in path:
        root = step_into(root, step)
    return root


@cache
def defaults_of(shape: Shape) -> Mapping[str, dict[str, Any]]:
    """Those defaults of the model that may stand here that are mappings, as plain data in the form of files.

    What is itself a default, inside, is left out.
    """
    defaults: dict[str, dict[str, Any]] = {}
    for name, info in fields(shape).items():
        default = None if info.is_required() else info.get_default(call_default_factory=True, validated_data={})
        if default is not None and not info.validate_default:
            adapter: TypeAdapter[Any] = TypeAdapter(info.rebuild_annotation())
            default = adapter.dump_python(default, mode="json", by_alias=True, exclude_defaults=True)
        if isinstance(default, dict):
            defaults[name] = default
    return defaults
